import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../kernel/errors.ts';
import { type DhcpMessage, decodeDhcp, dhcpOption, encodeDhcp, optionText, tftpServersOf } from './packet.ts';

const address = fc.ipV4();
const value = (maxLength: number) => fc.uint8Array({ maxLength });
const message: fc.Arbitrary<DhcpMessage> = fc.record({
  op: fc.constantFrom('request' as const, 'reply' as const),
  xid: fc.nat({ max: 0xffffffff }),
  secs: fc.nat({ max: 0xffff }),
  broadcast: fc.boolean(),
  clientAddress: address,
  yourAddress: address,
  serverAddress: address,
  relayAddress: address,
  hardware: fc.uint8Array({ minLength: 6, maxLength: 6 }),
  // Option 52 changes where options stand, so it is not a free value.
  options: fc
    .uniqueArray(
      fc.tuple(
        fc.integer({ min: 1, max: 254 }).filter((code) => code !== 52),
        value(600),
      ),
      {
        selector: ([code]) => code,
        maxLength: 8,
      },
    )
    .map((entries) => new Map(entries)),
});

const reply = (options: readonly (readonly [number, Uint8Array])[]): DhcpMessage => ({
  op: 'reply',
  xid: 1,
  secs: 0,
  broadcast: true,
  clientAddress: '0.0.0.0',
  yourAddress: '192.0.2.10',
  serverAddress: '192.0.2.1',
  relayAddress: '0.0.0.0',
  hardware: Uint8Array.of(2, 0, 0, 0, 0, 1),
  options: new Map(options),
});

describe('DHCP messages', () => {
  it('reads back what it wrote, long options included', () => {
    fc.assert(
      fc.property(message, (each) => {
        expect(decodeDhcp(encodeDhcp(each))).toEqual(each);
      }),
    );
  });

  it('refuses or reads any bytes, and never fails otherwise', () => {
    const head = encodeDhcp(reply([])).slice(0, 240);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, real) => {
        const input = real ? Uint8Array.from([...head, ...bytes]) : bytes;
        try {
          decodeDhcp(input);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
    );
  });

  it('is at least 300 octets long, as relays demand', () => {
    expect(encodeDhcp(reply([])).length).toBe(300);
  });

  it('reads the options that overload put into the file and sname fields', () => {
    const bytes = encodeDhcp(reply([[dhcpOption.overload, Uint8Array.of(3)]]));
    bytes.set([dhcpOption.tftpServerName, 3, 0x75, 0x63, 0x6d, 255], 108);
    bytes.set([dhcpOption.tftpServerAddresses, 4, 192, 0, 2, 7, 255], 44);
    expect(tftpServersOf(decodeDhcp(bytes))).toEqual(['192.0.2.7', 'ucm']);
  });
});

describe('TFTP servers of a lease', () => {
  const cases: readonly [string, readonly (readonly [number, Uint8Array])[], readonly string[]][] = [
    ['option 150 with two servers', [[150, Uint8Array.of(192, 0, 2, 1, 192, 0, 2, 2)]], ['192.0.2.1', '192.0.2.2']],
    ['option 66 with a name', [[66, optionText('tftp.example.org')]], ['tftp.example.org']],
    ['option 66 that ends with NUL', [[66, optionText('tftp.example.org\0')]], ['tftp.example.org']],
    [
      '150 before 66',
      [
        [66, optionText('192.0.2.9')],
        [150, Uint8Array.of(192, 0, 2, 1)],
      ],
      ['192.0.2.1', '192.0.2.9'],
    ],
    [
      'the same server in both',
      [
        [66, optionText('192.0.2.1')],
        [150, Uint8Array.of(192, 0, 2, 1)],
      ],
      ['192.0.2.1'],
    ],
    ['150 with a broken length', [[150, Uint8Array.of(192, 0, 2)]], []],
    ['66 that is no host', [[66, optionText('a b')]], []],
    ['66 that is not UTF-8', [[66, Uint8Array.of(0xff, 0xfe)]], []],
    ['neither', [], []],
  ];
  it.each(cases)('%s', (_, options, servers) => {
    expect(tftpServersOf(reply(options))).toEqual(servers);
  });
});
