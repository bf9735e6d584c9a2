import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimiter } from './rate-limit.ts';

describe('rate limiter', () => {
  it('lets a burst through, then one each time a token has grown back', () => {
    const limiter = new RateLimiter({ burst: 3, perSecond: 2 });
    expect([0, 0, 0, 0].map(() => limiter.take('a', 0))).toEqual([0, 0, 0, 1]);
    expect(limiter.take('a', 499)).toBe(1);
    expect(limiter.take('a', 501)).toBe(0);
    expect(limiter.take('a', 502)).toBe(1);
  });

  it('counts every key by itself', () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 1 });
    expect(limiter.take('a', 0)).toBe(0);
    expect(limiter.take('b', 0)).toBe(0);
    expect(limiter.take('a', 0)).toBe(1);
  });

  it('says how long to wait in whole seconds, and keeps its word', () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 0.2 });
    limiter.take('a', 0);
    const wait = limiter.take('a', 0);
    expect(wait).toBe(5);
    expect(limiter.take('a', wait * 1000)).toBe(0);
  });

  it('never lets more through than burst and rate allow, whenever the requests come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.nat({ max: 400 })),
        (burst, perSecond, gaps) => {
          const limiter = new RateLimiter({ burst, perSecond });
          let now = 0;
          let passed = 0;
          for (const gap of gaps) {
            now += gap;
            if (limiter.take('a', now) === 0) passed++;
          }
          expect(passed).toBeLessThanOrEqual(burst + (now / 1000) * perSecond + 1e-6);
        },
      ),
    );
  });

  it('forgets the keys unused for longest rather than grow', () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 0.001 });
    limiter.take('first', 0);
    for (let i = 0; i < 20_000; i++) limiter.take(`key ${i}`, 1);
    expect(limiter.take('first', 2)).toBe(0);
    expect(limiter.take('key 19999', 2)).toBeGreaterThan(0);
  });
});
