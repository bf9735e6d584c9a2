import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { sessionIds } from './session-id.ts';

const key = randomBytes(32);

it('a sid tells its age to every node with the key, and to no other', () => {
  const sid = sessionIds(key).make(1_700_000_000);
  expect(sid).toHaveLength(16);
  expect(sessionIds(key).age(sid, 1_700_000_042)).toBe(42);
  expect(sessionIds(randomBytes(32)).age(sid, 1_700_000_042)).toBeUndefined();
});

it('a sid that was changed in any octet, or invented, is nobody’s', () => {
  const ids = sessionIds(key);
  const sid = ids.make(1_700_000_000);
  for (let i = 0; i < 16; i++) {
    const changed = Uint8Array.from(sid);
    changed[i]! ^= 1;
    expect(ids.age(changed, 1_700_000_000)).toBeUndefined();
  }
  expect(ids.age(randomBytes(16), 1_700_000_000)).toBeUndefined();
  expect(ids.age(sid.subarray(0, 15), 1_700_000_000)).toBeUndefined();
});

it('no two sids are equal', () => {
  const ids = sessionIds(key);
  expect(new Set(Array.from({ length: 1000 }, () => Buffer.from(ids.make(1)).toString('hex'))).size).toBe(1000);
});
