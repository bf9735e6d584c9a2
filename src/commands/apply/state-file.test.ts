import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readYaml } from './state-file.ts';

const hex = fc.constantFrom(...'0123456789ABCDEF');

describe('a state file', () => {
  it.each(['001122334455', '1122334455E6', '112233445566', '0012', '1e3', '00:11:22:33:44:55', '+4930123'])(
    'has %s as it is written',
    (written) => expect(String((readYaml(`mac: ${written}`) as { mac: unknown }).mac)).toBe(written),
  );

  it('has every MAC address as it is written', () => {
    const macs = fc.array(hex, { minLength: 12, maxLength: 12 }).map((digits) => digits.join(''));
    fc.assert(
      fc.property(macs, (mac) => {
        expect(String((readYaml(`- ${mac}`) as unknown[])[0])).toBe(mac);
      }),
    );
  });

  it('has numbers, switches and nothing as such', () => {
    expect(readYaml('{ a: 72, b: true, c: null, d: -5, e: "1001" }')).toEqual({
      a: 72,
      b: true,
      c: null,
      d: -5,
      e: '1001',
    });
  });

  it('does not grow from aliases of aliases', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 10; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(() => readYaml(bomb.join('\n'))).toThrow();
  });
});
