import { describe, expect, it } from 'vitest';
import type { Transaction } from '../../kernel/transaction.ts';
import type { AuditEntry } from '../ports.ts';
import { RefusalTrail, refusalLimits } from './refusal-trail.ts';

function bench() {
  let now = Date.UTC(2026, 0, 1);
  let broken = false;
  const rows: AuditEntry[] = [];
  const trail = new RefusalTrail({
    clock: { now: () => now },
    transactions: {
      async run(work) {
        const before = rows.length;
        try {
          return await work({} as Transaction);
        } catch (error) {
          rows.splice(before);
          throw error;
        }
      },
    },
    audit: {
      async append(_tx, entry) {
        if (broken) throw new Error('no database');
        rows.push(entry);
      },
    },
  });
  return {
    trail,
    rows,
    pass: (ms: number) => {
      now += ms;
    },
    breakDown: (so: boolean) => {
      broken = so;
    },
    many: async (count: number, name: (n: number) => string, address: (n: number) => string) => {
      for (let n = 0; n < count; n++) await trail.refused(name(n), address(n));
    },
    /** Refusals that the rows tell of. */
    told: () => rows.reduce((sum, { detail }) => sum + Number(detail?.['count'] ?? 1), 0),
  };
}

describe('what the audit log says of refused sign-ins', () => {
  it('is a row each for the first ones, at once', async () => {
    const { trail, rows } = bench();
    await trail.refused('anna', '192.0.2.1');
    expect(rows).toEqual([
      {
        actor: { name: 'anna', sourceAddress: '192.0.2.1' },
        action: 'sign-in.refused',
        objectKind: 'user',
        objectName: 'anna',
      },
    ]);
  });

  it('is one row with count and time for the rest of a quarter of an hour', async () => {
    const { trail, rows, pass, many, told } = bench();
    await many(
      40,
      () => 'anna',
      () => '192.0.2.1',
    );
    expect(rows).toHaveLength(refusalLimits.perNameAndSource);
    pass(refusalLimits.windowMs);
    await trail.tell();
    expect(rows).toHaveLength(refusalLimits.perNameAndSource + 1);
    expect(rows.at(-1)).toMatchObject({ objectName: 'anna', detail: { count: 37, from: '2026-01-01T00:00:00.000Z' } });
    expect(told()).toBe(40);
    await trail.tell();
    expect(told()).toBe(40);
  });

  it('is told alike for every name, whatever its case', async () => {
    const { trail, rows, many } = bench();
    await many(
      6,
      (n) => (n % 2 === 0 ? 'Anna' : 'anna'),
      () => '192.0.2.1',
    );
    await trail.tell(true);
    expect(rows).toHaveLength(4);
  });

  it.each([
    ['many names from one source', (n: number) => `user${n}`, () => '192.0.2.1', 100],
    ['one name from many sources', () => 'admin', (n: number) => `10.${n >> 8}.${n & 255}.1`, 320],
    ['many names from many sources', (n: number) => `user${n}`, (n: number) => `2001:db8:0:${n.toString(16)}::1`, 320],
  ])('stays small and complete under %s', async (_, name, address, most) => {
    const { trail, rows, many, told } = bench();
    await many(5_000, name, address);
    await trail.tell(true);
    expect(rows.length).toBeLessThan(most);
    expect(told()).toBe(5_000);
  });

  it('waits for a database that is away, and is written once when it is back', async () => {
    const { trail, rows, many, breakDown, told } = bench();
    await many(
      10,
      () => 'anna',
      () => '192.0.2.1',
    );
    breakDown(true);
    await expect(trail.tell(true)).rejects.toThrow('no database');
    breakDown(false);
    await Promise.all([trail.tell(), trail.tell()]);
    expect(told()).toBe(10);
    expect(rows).toHaveLength(4);
  });
});
