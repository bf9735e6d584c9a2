import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { runPhone } from './support/phone-program.ts';
import { addPhone, aimedAt, eventually } from './support/real-system.ts';

describe('a fleet', () => {
  let system: RunningProgram;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firstring-fleet-'));
    system = await startAllInOne();
  });
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('of 200 phones gets in, each with a certificate of its own', async () => {
    const codes: string[] = [];
    for (let i = 0; i < 200; i += 20) {
      const batch = Array.from({ length: 20 }, (_, n) =>
        addPhone(system, { lines: [{ directoryNumber: String(3000 + i + n) }] }),
      );
      for (const { code } of await Promise.all(batch)) codes.push(code);
    }
    const file = join(folder, 'codes.csv');
    await writeFile(file, `code\n${codes.join('\n')}\n`);
    let seen: Promise<number> | undefined;
    const run = await runPhone(['--codes', file, '--model', '8845', '--spread', '0', '--stay', ...aimedAt(system)], {
      onLine: (line, kill) => {
        if (line.event !== 'summary') return;
        seen = eventually(countRegistrations, (count) => count === 200).finally(() => kill('SIGTERM'));
      },
    });
    const summary = run.lines.find((line) => line.event === 'summary');
    expect(summary, run.output.slice(-2000)).toMatchObject({ phones: 200, registered: 200, failed: 0, reasons: [] });
    expect(await seen).toBe(200);
    expect(run.code).toBe(0);
    expect(await eventually(countRegistrations, (count) => count === 0)).toBe(0);
  });

  async function countRegistrations(): Promise<number> {
    let count = 0;
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await system.rest('GET', `/registrations?limit=100${more}`);
      count += (body.items as unknown[]).length;
      cursor = (body.nextCursor as string | null | undefined) ?? null;
    }
    return count;
  }

  it('names the reasons of those that do not get in', async () => {
    const { code } = await addPhone(system);
    const { code: other } = await addPhone(system, { model: 'Cisco 7811' });
    const file = join(folder, 'mixed.csv');
    await writeFile(file, `${code}\n${other}\n`);
    const run = await runPhone(['--codes', file, '--model', '8845', '--spread', '0', ...aimedAt(system)]);
    expect(run.lines.find((line) => line.event === 'summary')).toMatchObject({
      registered: 1,
      failed: 1,
      reasons: [{ fault: 'model_mismatch', phones: 1, remedy: expect.any(String) }],
    });
    expect(run.code).toBe(20);
  });

  it('is refused before anything is sent when a line of its codes is wrong', async () => {
    const file = join(folder, 'wrong.csv');
    await writeFile(file, '1234\n');
    const run = await runPhone(['--codes', file, '--model', '8845', ...aimedAt(system)]);
    expect(run.result).toMatchObject({ fault: 'code_length' });
    expect(run.code).toBe(12);
  });
});
