import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GuessLimiter } from './guess-limiter.ts';

const limits = { windowMs: 60_000, perUserAndSource: 3, perSource: 5, perUser: 8 };

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
    for (const id of ['anna', 'ANNA', 'Anna']) expect(made.debit(id, '192.0.2.1')).toBeUndefined();
    expect(made.debit('anna', '192.0.2.1')).toBe(60);
    expect(made.debit('anna', '192.0.2.2')).toBeUndefined();
  });

  it('count a source over all users, and a user over all sources', () => {
    const { made } = limiter();
    for (let guess = 0; guess < 5; guess++) expect(made.debit(`user${guess}`, 'one')).toBeUndefined();
    expect(made.debit('another', 'one')).toBe(60);
    for (let guess = 0; guess < 8; guess++) expect(made.debit('victim', `source${guess}`)).toBeUndefined();
    expect(made.debit('victim', 'fresh')).toBe(60);
  });

  it('give back a guess that was right', () => {
    const { made } = limiter();
    for (let sign = 0; sign < 20; sign++) {
      expect(made.debit('anna', 'one')).toBeUndefined();
      made.credit('anna', 'one');
    }
  });

  it('say how long it takes, and end then', () => {
    const { made, pass } = limiter();
    for (let guess = 0; guess < 3; guess++) made.debit('anna', 'one');
    pass(45_000);
    expect(made.debit('anna', 'one')).toBe(15);
    pass(15_000);
    expect(made.debit('anna', 'one')).toBeUndefined();
  });

  it('never allow more than the limit within a window, in any order of guesses', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y', 'z')), { maxLength: 60 }),
        (guesses) => {
          const { made } = limiter();
          const allowed = guesses.filter(([user, source]) => made.debit(user, source) === undefined);
          for (const user of ['a', 'b'])
            for (const source of ['x', 'y', 'z']) {
              expect(allowed.filter(([u, s]) => u === user && s === source).length).toBeLessThanOrEqual(3);
              expect(allowed.filter(([, s]) => s === source).length).toBeLessThanOrEqual(5);
            }
        },
      ),
    );
  });
});
