import { describe, expect, it } from 'vitest';
import type { Locator } from '../../identifiers/activation-code.ts';
import { LocatorStock } from './locator-stock.ts';
import type { LocatorStore } from './ports.ts';

/** A stock of so many, and a cloud that gives what it is asked for, or fails. */
function bench(options: { stock?: number; ready?: boolean; fails?: boolean } = {}) {
  const state = { stock: options.stock ?? 0, fails: options.fails ?? false, now: 0, orders: [] as number[], woken: 0 };
  let next = 0;
  const store = {
    async readyCluster() {
      return options.ready === false ? undefined : 'cluster';
    },
    async reserve() {
      if (state.stock === 0) return undefined;
      state.stock--;
      return {
        locator: String(next++).padStart(7, '0') as Locator,
        allocationId: `allocation-${next}`,
        left: state.stock,
      };
    },
  } as unknown as LocatorStore;
  const stock = new LocatorStock({
    store,
    clock: { now: () => state.now },
    wake: () => {
      state.woken++;
    },
    async order(_, count) {
      state.orders.push(count);
      await Promise.resolve();
      if (state.fails) throw new Error('away');
      state.stock += count;
      return count;
    },
  });
  return { stock, state };
}

describe('the stock of locators', () => {
  it('gives nothing for outside while MRA is not ready, and asks nobody', async () => {
    const { stock, state } = bench({ stock: 5, ready: false });
    expect(await stock.take()).toEqual({ kind: 'inside-only' });
    expect([state.stock, state.orders]).toEqual([5, []]);
  });

  it('gives what lies ready, and is filled up in the background when little is left', async () => {
    const { stock, state } = bench({ stock: 12 });
    for (let n = 0; n < 2; n++) expect(await stock.take()).toMatchObject({ kind: 'locator' });
    expect(state.woken).toBe(0);
    await stock.take();
    expect([state.woken, state.orders]).toEqual([1, []]);
  });

  it('asks once for everybody who waits, and for twice as many the next time', async () => {
    const { stock, state } = bench();
    const all = await Promise.all(Array.from({ length: 50 }, () => stock.take()));
    expect(all.every(({ kind }) => kind === 'locator')).toBe(true);
    expect(state.orders).toEqual([50]);
    await stock.take();
    expect(state.orders).toEqual([50, 100]);
  });

  it('lets nobody wait again for ten seconds after the cloud gave none, unless it is heard of', async () => {
    const { stock, state } = bench({ fails: true });
    expect(await stock.take()).toEqual({ kind: 'wait' });
    expect(await stock.take()).toEqual({ kind: 'wait' });
    expect(state.orders).toEqual([50]);
    state.fails = false;
    state.now = 9_999;
    expect(await stock.take()).toEqual({ kind: 'wait' });
    stock.cloudAnswers();
    expect(await stock.take()).toMatchObject({ kind: 'locator' });
    expect(state.orders).toEqual([50, 50]);
  });

  it('does not ask for ever when a cloud says yes and gives nothing', async () => {
    const empty = new LocatorStock({
      store: { readyCluster: async () => 'cluster', reserve: async () => undefined } as unknown as LocatorStore,
      clock: { now: () => 0 },
      wake() {},
      order: async () => 0,
    });
    expect(await empty.take()).toEqual({ kind: 'wait' });
  });
});
