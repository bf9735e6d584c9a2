import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ActivationCode } from '../../identifiers/activation-code.ts';
import { fromHex, toHex } from '../../kernel/bytes.ts';
import { codeKdfPool } from './code-kdf.ts';

const { vectors } = JSON.parse(readFileSync(new URL('../../../vectors/ac-srp-1.json', import.meta.url), 'utf8')) as {
  vectors: { code: string; salt: string; v: string }[];
};

describe('the code workers', () => {
  it('make the verifiers of the vectors, many at once', async () => {
    await using pool = codeKdfPool(2);
    const jobs = [...vectors, ...vectors, ...vectors];
    const made = await Promise.all(jobs.map(({ code, salt }) => pool.verifier(code as ActivationCode, fromHex(salt))));
    expect(made.map(toHex)).toEqual(jobs.map(({ v }) => v));
  });

  it('refuse work once closed', async () => {
    const pool = codeKdfPool(1);
    await pool[Symbol.asyncDispose]();
    await expect(pool.verifier(vectors[0]!.code as ActivationCode, new Uint8Array(16))).rejects.toThrow(/closed/);
  });
});
