import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';

/** A small disk of its own, where this account may mount one. */
function mountSmallDisk(at: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=180m,mode=0700', 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    process.stdout.write('no small disk can be mounted here: the test of a full disk is skipped\n');
    return false;
  }
}

describe('a full disk', () => {
  let disk: string;
  let mounted = false;
  let program: RunningProgram | undefined;
  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'firstring-disk-'));
    mounted = mountSmallDisk(disk);
    if (mounted) program = await startAllInOne({ dataDirectory: join(disk, 'data') });
  });
  afterAll(async () => {
    await program?.stop();
    if (mounted) execFileSync('umount', [disk]);
    await rm(disk, { recursive: true, force: true });
  });

  const filler = () => join(disk, 'filler');
  /** Takes every octet that is left. */
  function fill(): void {
    const file = openSync(filler(), 'a');
    try {
      for (let piece = 1 << 20; piece >= 512; ) {
        try {
          writeSync(file, Buffer.alloc(piece, 1));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          piece >>= 1;
        }
      }
    } finally {
      closeSync(file);
    }
  }
  function makeRoom(): void {
    const file = openSync(filler(), 'r+');
    ftruncateSync(file, 0);
    closeSync(file);
  }

  it('refuses clearly, recovers without a restart and has stored what it acknowledged', async (context) => {
    if (program === undefined) return context.skip();
    const { rest, pid } = program;
    const acknowledged: string[] = [];
    const long = 'x'.repeat(100);
    const add = async () => {
      const answer = await rest('POST', '/phones', {
        model: 'Cisco 8845',
        description: long,
        requiresActivationCode: true,
      });
      if (answer.status === 201) acknowledged.push(answer.body.name as string);
      return answer;
    };
    expect((await add()).status).toBe(201);
    const readiness = (status: number) =>
      expect
        .poll(async () => (await fetch(`${program!.endpoints['metrics']}/readyz`)).status, { timeout: 30_000 })
        .toBe(status);
    await readiness(200);
    fill();
    expect(statSync(filler()).size).toBeGreaterThan(1 << 20);
    let refused: Awaited<ReturnType<typeof add>> | undefined;
    // Pages that are there already take some more rows.
    for (let i = 0; i < 4_000 && refused === undefined; i += 8) {
      const answers = await Promise.all(Array.from({ length: 8 }, add));
      refused = answers.find(({ status }) => status !== 201);
    }
    expect(refused, `${acknowledged.length} phones fitted on a full disk`).toBeDefined();
    expect([503, 507]).toContain(refused!.status);
    expect(refused!.body.code).toMatch(/^[a-z_]+$/);
    await readiness(503);
    makeRoom();
    const deadline = Date.now() + 30_000;
    while ((await add()).status !== 201) {
      if (Date.now() > deadline) throw new Error('still refuses with room on the disk');
      await new Promise((done) => setTimeout(done, 100));
    }
    await readiness(200);
    expect(program.pid).toBe(pid);
    expect(program.child.exitCode).toBeNull();
    for (const name of acknowledged) expect((await rest('GET', `/phones/${name}`)).status).toBe(200);
  });
});
