import { describe, expect, it } from 'vitest';
import type { ServedFile } from '../../domain/provisioning/ports.ts';
import { fileCache } from './file-cache.ts';
import { inMemory } from './file-source.ts';

const file = (text: string) => inMemory('x.xml', new TextEncoder().encode(text));
const textOf = (served: ServedFile | undefined) => served?.bytes && new TextDecoder().decode(served.bytes);

/** A store whose answers the test gives when it likes. */
function slowStore() {
  const asked: { key: string; answer: (served: ServedFile | undefined) => void; fail: (error: Error) => void }[] = [];
  const load = (key: string) =>
    new Promise<ServedFile | undefined>((answer, fail) => {
      asked.push({ key, answer, fail });
    });
  return { asked, load };
}

describe('the file cache', () => {
  it('asks the store once for what many want at once, and keeps the answer', async () => {
    const { asked, load } = slowStore();
    const cache = fileCache({ load });
    cache.listening();
    const wants = [cache.find('a'), cache.find('a'), cache.find('a')];
    asked[0]!.answer(file('one'));
    expect((await Promise.all(wants)).map(textOf)).toEqual(['one', 'one', 'one']);
    expect(asked).toHaveLength(1);
    expect(textOf(cache.ready('a'))).toBe('one');
  });

  it('does not keep an answer that a notice overtook', async () => {
    const { asked, load } = slowStore();
    const cache = fileCache({ load });
    cache.listening();
    const early = cache.find('SEP1.cnf.xml');
    cache.notice('SEP1');
    const late = cache.find('SEP1.cnf.xml');
    expect(asked).toHaveLength(2);
    asked[1]!.answer(file('new'));
    asked[0]!.answer(file('old'));
    expect(textOf(await early)).toBe('old');
    expect(textOf(await late)).toBe('new');
    expect(textOf(cache.ready('SEP1.cnf.xml'))).toBe('new');
  });

  it('forgets the plain and the signed file of a device, and nothing else', async () => {
    const cache = fileCache({ load: async (key) => file(key) });
    cache.listening();
    const keys = ['SEP1.cnf.xml', 'SEP1.cnf.xml.sgn', 'SEP2.cnf.xml', 'XMLDefault.cnf.xml'];
    await Promise.all(keys.map(cache.find));
    cache.notice('SEP1');
    expect(keys.map((key) => cache.ready(key) !== undefined)).toEqual([false, false, true, true]);
    cache.notice('*');
    expect(keys.every((key) => cache.ready(key) === undefined)).toBe(true);
  });

  it('keeps nothing while notices may be missed', async () => {
    let version = 0;
    const cache = fileCache({ load: async () => file(String(++version)) });
    expect(textOf(await cache.find('a'))).toBe('1');
    expect(textOf(await cache.find('a'))).toBe('2');
    cache.listening();
    expect([textOf(await cache.find('a')), textOf(await cache.find('a'))]).toEqual(['3', '3']);
    cache.lost();
    expect(cache.ready('a')).toBeUndefined();
    expect(textOf(await cache.find('a'))).toBe('4');
  });

  it('does not keep what was asked for before the notices were lost', async () => {
    const { asked, load } = slowStore();
    const cache = fileCache({ load });
    cache.listening();
    const early = cache.find('a');
    cache.lost();
    cache.listening();
    asked[0]!.answer(file('old'));
    await early;
    expect(cache.ready('a')).toBeUndefined();
  });

  it('remembers that there is no such file until a notice', async () => {
    let loads = 0;
    const cache = fileCache({ load: async () => void loads++ as undefined });
    cache.listening();
    await cache.find('SEP1.cnf.xml');
    await cache.find('SEP1.cnf.xml');
    expect(loads).toBe(1);
    cache.notice('SEP1');
    await cache.find('SEP1.cnf.xml');
    expect(loads).toBe(2);
  });

  it('asks again after a failure', async () => {
    const { asked, load } = slowStore();
    const cache = fileCache({ load });
    cache.listening();
    const first = cache.find('a');
    asked[0]!.fail(new Error('database lost'));
    await expect(first).rejects.toThrow('database lost');
    const second = cache.find('a');
    asked[1]!.answer(file('one'));
    expect(textOf(await second)).toBe('one');
  });

  it('stays within its bounds', async () => {
    const cache = fileCache({ load: async () => file('x'.repeat(100)), maxEntries: 10, maxBytes: 500 });
    cache.listening();
    for (let i = 0; i < 100; i++) await cache.find(`k${i}`);
    const kept = Array.from({ length: 100 }, (_, i) => cache.ready(`k${i}`)).filter((each) => each !== undefined);
    expect(kept).toHaveLength(5);
    expect(cache.ready('k99')).toBeDefined();
  });
});
