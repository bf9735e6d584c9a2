import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quickHmac } from './authenticator.ts';

describe('quickHmac', () => {
  it('is HMAC-SHA-256', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 100 }),
        fc.string({ unit: 'binary-ascii', maxLength: 128 }),
        (key, text) => {
          expect(quickHmac(key)(text)).toBe(createHmac('sha256', key).update(text, 'latin1').digest('hex'));
        },
      ),
    );
  });
});
