import { describe, expect, it } from 'vitest';
import { PasswordPool } from './password-pool.ts';
import { hashPassword, verifyPassword } from './phc.ts';

const cost = { ln: 8, r: 8, p: 1 };

describe('passwords', () => {
  it('fit their own hash and no other', async () => {
    await using pool = new PasswordPool({ cost });
    const hash = await pool.hash('über-geheim');
    expect(hash).toMatch(/^\$scrypt\$ln=8,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await pool.verify('über-geheim', hash)).toBe(true);
    expect(await pool.verify('uber-geheim', hash)).toBe(false);
    expect(await pool.hash('über-geheim')).not.toBe(hash);
  });

  it('are the same however the keyboard composes an umlaut', () => {
    const hash = hashPassword('\u00fc', new Uint8Array(16), cost);
    expect(verifyPassword('u\u0308', hash)).toBe(true);
  });

  it('of nobody are never right, after the same work', async () => {
    await using pool = new PasswordPool({ cost });
    expect(await pool.verify('', undefined)).toBe(false);
    expect(await pool.verify('x', undefined)).toBe(false);
  });

  it.each(['', 'x', '$argon2id$v=19$m=1$AA$AA', '$scrypt$ln=8,r=8,p=1$AA', '$scrypt$ln=8,r=8,p=1$$'])(
    'do not fit %j',
    async (hash) => {
      await using pool = new PasswordPool({ cost });
      expect(await pool.verify('x', hash)).toBe(false);
    },
  );

  it('fit hashes of another cost, so that the cost can be raised', async () => {
    await using pool = new PasswordPool({ cost });
    expect(await pool.verify('x', hashPassword('x', new Uint8Array(16), { ln: 4, r: 8, p: 1 }))).toBe(true);
  });

  it('are refused as busy when too many wait, and the pool goes on', async () => {
    await using pool = new PasswordPool({ cost, queue: 2 });
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => pool.verify('x', undefined, 'stranger')));
    const refused = results.filter((each) => each.status === 'rejected');
    expect(refused.length).toBe(3);
    for (const each of refused) expect((each as PromiseRejectedResult).reason).toMatchObject({ code: 'busy' });
    expect(await pool.hash('x')).toMatch(/^\$scrypt/);
  });

  it('of people who are signed in wait for no flood of strangers, and strangers not for a flood of theirs', async () => {
    await using pool = new PasswordPool({ cost, queue: 8 });
    const order: string[] = [];
    const noted = (who: string, work: Promise<unknown>) =>
      work.then(
        () => order.push(who),
        () => order.push(`${who} refused`),
      );
    const strangers = Array.from({ length: 12 }, () => noted('stranger', pool.verify('x', undefined, 'stranger')));
    const signedIn = Array.from({ length: 8 }, () => noted('signed in', pool.hash('x')));
    await Promise.all([...strangers, ...signedIn]);
    const done = order.filter((each) => !each.endsWith('refused'));
    expect(done.filter((each) => each === 'signed in')).toHaveLength(8);
    // The one under way is finished; from then on three of four are theirs.
    expect(done.slice(0, 5)).toEqual(['stranger', 'signed in', 'signed in', 'signed in', 'stranger']);
  });

  it('are hashed no more once the pool is closed', async () => {
    const pool = new PasswordPool({ cost });
    await pool[Symbol.asyncDispose]();
    await expect(pool.hash('x')).rejects.toMatchObject({ code: 'busy' });
  });
});
