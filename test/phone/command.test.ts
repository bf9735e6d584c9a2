import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { writeLabManufacturer } from './support/lab.ts';
import { runPhone } from './support/phone-program.ts';
import { addPhone, aimedAt, eventually } from './support/real-system.ts';

describe('firstring phone', () => {
  let system: RunningProgram;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firstring-command-'));
    system = await startAllInOne();
  });
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const lab = () => ['--lab-ca-cert', system.lab!.manufacturerCaCert, '--lab-ca-key', system.lab!.manufacturerCaKey];

  it('boots a phone over TFTP and exits with 0', async () => {
    const { code } = await addPhone(system);
    const tftp = new URL(system.endpoints['tftp']!).host;
    const run = await runPhone(['--tftp', tftp, '--model', '8845', '--mac', '02BB00000001', ...lab(), '--code', code]);
    expect(run.code, run.output).toBe(0);
    expect(run.result).toMatchObject({ registered: true, phone: 'SEP02BB00000001' });
    for (const step of [
      'discover',
      'trust-list',
      'defaults',
      'code',
      'trust',
      'start',
      'prove',
      'store',
      'configuration',
      'register',
    ]) {
      expect(run.steps).toContain(`${step} done`);
    }
    expect(run.output).not.toContain(code.slice(7, 15));
  });

  it('takes the code from its input, as a QR payload too', async () => {
    const { code } = await addPhone(system);
    const run = await runPhone(['--model', '8845', ...aimedAt(system)], { input: `OAC1:${code}\n` });
    expect(run.code, run.output).toBe(0);
  });

  it('keeps its state, stays, unregisters on SIGTERM, and comes back without a code', async () => {
    const { code } = await addPhone(system);
    const state = join(folder, 'state');
    const line = ['--model', '8845', '--mac', '02BB00000002', '--state-dir', state, ...aimedAt(system)];
    const first = await runPhone([...line, '--code', code, '--stay'], {
      onLine: (told, kill) => {
        if (told.event === 'result' && told.registered === true) kill('SIGTERM');
      },
    });
    expect(first.code, first.output).toBe(0);
    expect(first.steps).toContain('unregister done');
    await eventually(
      async () => (await system.rest('GET', '/registrations?deviceName=SEP02BB00000002')).body.items as unknown[],
      (items) => items.length === 0,
    );
    // What it learned, and the certificate it was made with: a phone comes back as the same one.
    const kept = ['json', 'mic.key', 'mic.pem'].map((end) => `SEP02BB00000002.${end}`);
    expect((await readdir(state)).sort()).toEqual(kept);
    const second = await runPhone(line);
    expect(second.code, second.output).toBe(0);
    expect(second.steps).not.toContain('code begun');
  });

  it('exits with 14 when its manufacturer is not trusted', async () => {
    const { code } = await addPhone(system);
    const workshop = await writeLabManufacturer(folder);
    const tftp = new URL(system.endpoints['tftp']!).host;
    const run = await runPhone(['--tftp', tftp, '--model', '8845', ...workshop, '--code', code]);
    expect(run.result).toMatchObject({ fault: 'mic_untrusted', remedy: expect.stringContaining('CallManager-trust') });
    expect(run.code).toBe(14);
  });

  it('exits with 15 when the code is for another model', async () => {
    const { code } = await addPhone(system);
    const run = await runPhone(['--model', '8851', ...aimedAt(system), '--code', code]);
    expect(run.result).toMatchObject({ fault: 'model_mismatch' });
    expect(run.code).toBe(15);
  });

  it.each([
    ['12', 'a wrong check digit', ['--code', '4273819502648318', '--model', '8845'], 'code_check_digit'],
    ['12', 'no code', ['--model', '8845'], 'code_missing'],
    ['2', 'an unknown model', ['--model', '9999'], 'usage'],
    ['2', 'no model', [], 'usage'],
    ['2', 'a MAC that is none', ['--model', '8845', '--mac', '01'], 'usage'],
    [
      '14',
      'a certificate that is not there',
      ['--mic-cert', '/nonexistent', '--mic-key', '/nonexistent'],
      'mic_unusable',
    ],
  ])('exits with %s for %s', async (code, _, args, fault) => {
    const run = await runPhone([...args, ...aimedAt(system)]);
    expect(run.result).toMatchObject({ fault, remedy: expect.any(String) });
    expect(run.code).toBe(Number(code));
  });

  it('exits with 10 when nobody is there', async () => {
    const run = await runPhone(['--tftp', '127.0.0.1:9', '--model', '8845', ...lab()]);
    expect(run.result).toMatchObject({ fault: 'tftp_unreachable' });
    expect(run.code).toBe(10);
  });
});
