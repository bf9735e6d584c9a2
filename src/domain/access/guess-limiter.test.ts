import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Guesser, GuessLimiter } from './guess-limiter.ts';

const limits = { windowMs: 60_000, perUserAndSource: 3, perSource: 5, perUserAndNetwork: 8, perNetwork: 12 };
const from = (address: string): Guesser => ({ kind: 'anywhere', address });

function limiter() {
  let now = 0;
  const made = new GuessLimiter({ now: () => now }, limits);
  const pass = (ms: number) => {
    now += ms;
  };
  return { made, pass };
}

describe('limits on guesses', () => {
  it('count a user and a source together, whatever the case of the user id', () => {
    const { made } = limiter();
    for (const id of ['anna', 'ANNA', 'Anna']) expect(made.debit(id, from('192.0.2.1'))).toBeUndefined();
    expect(made.debit('anna', from('192.0.2.1'))).toBe(60);
    expect(made.debit('anna', from('::ffff:192.0.2.1'))).toBe(60);
    expect(made.debit('anna', from('192.0.2.2'))).toBeUndefined();
  });

  it('count a source over all users', () => {
    const { made } = limiter();
    for (let guess = 0; guess < 5; guess++) expect(made.debit(`user${guess}`, from('192.0.2.1'))).toBeUndefined();
    expect(made.debit('another', from('192.0.2.1'))).toBe(60);
  });

  it('lock nobody out from afar: no number of guesses elsewhere counts against a clean network', () => {
    const { made } = limiter();
    for (let network = 0; network < 50; network++)
      for (let host = 1; host < 20; host++) made.debit('victim', from(`203.0.${network}.${host}`));
    expect(made.debit('victim', from('198.51.100.7'))).toBeUndefined();
  });

  it('count the addresses of one network together: IPv4 /24, IPv6 /48', () => {
    for (const address of [(n: number) => `192.0.2.${n + 1}`, (n: number) => `2001:db8:1:${n.toString(16)}::7`]) {
      const { made } = limiter();
      for (let guess = 0; guess < 8; guess++) expect(made.debit('anna', from(address(guess)))).toBeUndefined();
      expect(made.debit('anna', from(address(9)))).toBe(60);
      for (let guess = 0; guess < 4; guess++)
        expect(made.debit(`user${guess}`, from(address(20 + guess)))).toBeUndefined();
      expect(made.debit('another', from(address(30)))).toBe(60);
    }
  });

  it('take an IPv6 /64 for one source', () => {
    const { made } = limiter();
    for (const address of ['2001:db8:0:5::1', '2001:DB8:0:5:ffff:1:2:3', '2001:db8::5:0:0:a:b'])
      expect(made.debit('anna', from(address)), address).toBeUndefined();
    expect(made.debit('anna', from('2001:0db8:0000:0005::9%eth0'))).toBe(60);
    expect(made.debit('anna', from('2001:db8:0:6::9'))).toBeUndefined();
  });

  it('spare a known device, which has a limit of its own', () => {
    const { made } = limiter();
    const device: Guesser = { kind: 'device', name: 'one' };
    for (let guess = 0; guess < 9; guess++) made.debit('anna', from('192.0.2.1'));
    for (let guess = 0; guess < 3; guess++) expect(made.debit('anna', device)).toBeUndefined();
    expect(made.debit('anna', device)).toBe(60);
    expect(made.debit('anna', { kind: 'device', name: 'two' })).toBeUndefined();
  });

  it('give back a guess that was right', () => {
    const { made } = limiter();
    for (let sign = 0; sign < 20; sign++) {
      expect(made.debit('anna', from('192.0.2.1'))).toBeUndefined();
      made.credit('anna', from('192.0.2.1'));
    }
  });

  it('say how long it takes, and end then', () => {
    const { made, pass } = limiter();
    for (let guess = 0; guess < 3; guess++) made.debit('anna', from('192.0.2.1'));
    pass(45_000);
    expect(made.debit('anna', from('192.0.2.1'))).toBe(15);
    pass(15_000);
    expect(made.debit('anna', from('192.0.2.1'))).toBeUndefined();
  });

  it('never allow more than the limit within a window, in any order of guesses', () => {
    const address = fc.constantFrom('192.0.2.1', '192.0.2.2', '198.51.100.1', '2001:db8::1', '2001:db8::2');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), address), { maxLength: 60 }), (guesses) => {
        const { made } = limiter();
        const allowed = guesses.filter(([user, source]) => made.debit(user, from(source)) === undefined);
        const sources = [['192.0.2.1'], ['192.0.2.2'], ['198.51.100.1'], ['2001:db8::1', '2001:db8::2']];
        for (const source of sources) {
          const here = allowed.filter(([, s]) => source.includes(s));
          expect(here.length).toBeLessThanOrEqual(5);
          for (const user of ['a', 'b']) expect(here.filter(([u]) => u === user).length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});
