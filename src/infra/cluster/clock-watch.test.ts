import { beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../../test/support/certificates.ts';
import type { Log } from '../../kernel/log.ts';
import { type ClockWatchOptions, watchClock } from './clock-watch.ts';

const day = 86_400_000;
let pem: string;
let issuedAt: number;
beforeAll(async () => {
  ({ pem } = await makeAuthority({ name: 'TVS' }));
  issuedAt = Date.now();
});

/** A host whose clock can be set, beside a database whose clock cannot. */
function host(compared = true) {
  let passed = 0;
  let set = 0;
  const lines: string[] = [];
  const offsets: number[] = [];
  const line = (level: string) => (_: object, text: string) => void lines.push(`${level} ${text}`);
  const log = { info: line('info'), warn: line('warn'), error: line('error'), debug: () => {} } as unknown as Log;
  const options: ClockWatchOptions = {
    ...(compared ? { reference: async () => issuedAt + passed } : {}),
    certificates: () => [{ name: 'TVS', certificate: pem }],
    onOffset: (seconds) => void offsets.push(seconds),
    log,
    now: () => issuedAt + passed + set,
    monotonic: () => passed,
  };
  return {
    watch: watchClock(options),
    lines,
    offsets,
    pass(ms: number) {
      passed += ms;
    },
    set(ms: number) {
      set += ms;
    },
  };
}

describe('the clock of a host', () => {
  it('that is right says nothing', async () => {
    const it = host();
    using watch = it.watch;
    it.pass(3600_000);
    await watch.look();
    expect(it.lines).toEqual([]);
    expect([watch.hindrances(), watch.warnings()]).toEqual([[], []]);
    expect(it.offsets).toEqual([0]);
  });

  it('set back by eight days: its certificates are not valid yet, it is not ready, and says so at once and once', async () => {
    const it = host();
    using watch = it.watch;
    it.set(-8 * 365 * day);
    await watch.look();
    await watch.look();
    expect(watch.hindrances()[0]).toMatch(/TVS certificate is not valid before .*check the clock/);
    expect(watch.warnings()[0]).toContain('behind the clock of the database');
    expect(it.lines.filter((line) => line.startsWith('warn'))).toEqual(['warn the clock of this host was set']);
    expect(it.lines.filter((line) => line.startsWith('error'))).toHaveLength(2);
    expect(it.offsets.at(-1)).toBeCloseTo(-8 * 365 * 86_400, 0);
    it.set(8 * 365 * day);
    await watch.look();
    expect([watch.hindrances(), watch.warnings()]).toEqual([[], []]);
    expect(it.lines.at(-1)).toContain('is right again');
  });

  it.each([
    [61_000, 'ahead of'],
    [-61_000, 'behind'],
  ])('%i ms off is a warning, and works', async (ms, way) => {
    const it = host();
    using watch = it.watch;
    it.set(ms);
    await watch.look();
    expect(watch.warnings()[0]).toContain(`61 s ${way}`);
    expect(watch.hindrances()).toEqual([]);
  });

  it('less than a minute off is for the metric only', async () => {
    const it = host();
    using watch = it.watch;
    it.set(59_000);
    await watch.look();
    expect(watch.warnings()).toEqual([]);
    expect(it.offsets.at(-1)).toBe(59);
  });

  it('without anything to compare with, a jump since the start is seen', async () => {
    const it = host(false);
    using watch = it.watch;
    it.pass(10_000);
    it.set(-3600_000);
    await watch.look();
    expect(watch.warnings()[0]).toContain('3600 s behind what it was at the start');
  });
});
