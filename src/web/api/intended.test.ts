import { expect, it } from 'vitest';
import { intend, leavesOpen } from './intended.ts';

const address = '/api/v1/phones';

it('keeps the key of an action whose outcome is not known, for the same action only', () => {
  const first = intend('POST', address, '{"model":"a"}');
  first.unknown();
  expect(intend('POST', address, '{"model":"b"}').key).not.toBe(first.key);
  const again = intend('POST', address, '{"model":"a"}');
  expect(again.key).toBe(first.key);
  expect(intend('POST', address, '{"model":"a"}').key).not.toBe(first.key);
  again.unknown();
  expect(intend('POST', address, '{"model":"a"}').key).toBe(first.key);
});

it('gives an action that was answered a new key the next time', () => {
  const { key } = intend('POST', address, '{"model":"c"}');
  expect(intend('POST', address, '{"model":"c"}').key).not.toBe(key);
});

it('gives no key to reading, changing and signing in', () => {
  expect(intend('GET', address, '').key).toBeUndefined();
  expect(intend('PATCH', address, '{}').key).toBeUndefined();
  expect(intend('POST', '/api/v1/session', '{}').key).toBeUndefined();
});

it('takes an answer of the server for the outcome, except where it says that it is not known', () => {
  expect(leavesOpen(409, 'name_in_use')).toBe(false);
  expect(leavesOpen(409, 'request_in_progress')).toBe(true);
  expect(leavesOpen(503, 'outcome_unknown')).toBe(true);
  expect(leavesOpen(502, 'unreadable_answer')).toBe(true);
});
