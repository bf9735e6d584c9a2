import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('work of one key runs one after the other, of two keys at once, and nothing is kept', async () => {
  const turns = new Turns();
  const log: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = turns.in('a', async () => {
    log.push('one begins');
    await first.promise;
    log.push('one ends');
    throw new Error('it failed');
  });
  const two = turns.in('a', async () => void log.push('two'));
  await turns.in('b', async () => void log.push('other'));
  expect(log).toEqual(['one begins', 'other']);
  first.resolve();
  await expect(one).rejects.toThrow('it failed');
  await two;
  expect(log).toEqual(['one begins', 'other', 'one ends', 'two']);
  expect(turns.size).toBe(0);
});
