import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limits } from '../../domain/activation/handshake.ts';
import { digestPasswordPurpose } from '../../domain/devices/digest-password.ts';
import { mostCalls } from '../../identifiers/line-limits.ts';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$/.test(path))
  .map((path) => [path, readFileSync(join('src', path), 'utf8')] as const);
const holding = (pattern: RegExp) => sources.filter(([, text]) => pattern.test(text)).map(([path]) => path);

describe('what is said once', () => {
  it('limits evaluations in the tables as the handshake does', () => {
    const tables = readFileSync('migrations/0003_activation.sql', 'utf8');
    const column = (table: string, name: string) => {
      const body = new RegExp(`CREATE TABLE ${table} \\(([\\s\\S]*?)\\n\\);`).exec(tables)![1]!;
      return Number(new RegExp(`${name} smallint[^\\n]*BETWEEN 0 AND (\\d+)`).exec(body)![1]);
    };
    expect(column('activation_code', 'evaluations')).toBe(limits.perCode);
    expect(column('activation_code', 'mismatches')).toBe(limits.perCode);
    expect(column('activation_evaluation', 'evaluations')).toBe(limits.perMic);
  });

  it('compares evaluations and mismatches with no number of its own in any statement', () => {
    expect(holding(/\b(?:evaluations|mismatches)(?: \+ 1)? (?:<|<=|>|>=|=) [1-9]/)).toEqual([]);
  });

  it('names the purpose of a digest password in one place', () => {
    expect(holding(new RegExp(`'${digestPasswordPurpose}'`))).toEqual(['domain/devices/digest-password.ts']);
  });

  it('bounds the calls of a line by one number', () => {
    expect(mostCalls).toBe(200);
    const fields = holding(/(?:maxCalls|busyTrigger): Type\.[\s\S]{0,80}?maximum: \d/);
    expect(fields).toEqual([]);
  });
});
