import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../sip/support/baresip.ts';
import { freeUdpPort } from '../sip/support/ports.ts';
import { runSipp } from '../sip/support/sipp.ts';
import { realClient } from '../support/real-clients.ts';
import { type TapsBench, tapsBench, tapsNumber } from './support/taps-bench.ts';

const baresip = realClient('baresip');
const sipp = realClient('sipp');
let bench: TapsBench;

beforeAll(async () => {
  bench = await tapsBench({ short: false });
});
afterAll(() => bench?.[Symbol.asyncDispose]());

const phone = async (name: string) => (await bench.phones.call('GET', `/phones/${name}`)).body;

describe.skipIf(baresip === undefined)('baresip', () => {
  it.concurrent.each([
    ['plain RTP', '02AC00000001', '7101', '1301', []],
    ['SRTP', '02AC00000003', '7103', '1303', ['mediaenc=srtp-mand']],
  ])(
    'hears the prompts over %s, presses the number, and its phone has the prepared record',
    async (_, mac, own, wanted, parameters) => {
      const name = await bench.addAutoRegistered(mac, own);
      await bench.addPrepared(wanted, { description: `Lobby ${wanted}` });
      const folder = await mkdtemp(join(tmpdir(), 'firstring-taps-'));
      try {
        const client = await Baresip.start({
          baresip: baresip!,
          number: own,
          username: name,
          password: 'none',
          port: bench.server.ports.udp!,
          transport: 'udp',
          modules: ['sndfile', 'srtp'],
          configuration: [`snd_path ${folder}`],
          parameters,
        });
        {
          await using user = client;
          await user.hears(/registered successfully|200 OK/);
          user.tell(`/dial ${tapsNumber}`);
          await user.hears(/Call established/);
          await user.press(`${wanted}##`);
          await user.hears(/terminated|session closed/i, 30_000);
        }
        expect((await phone(name)).description).toBe(`Lobby ${wanted}`);
        const heard = (await readdir(folder)).find((file) => /dec/.test(file));
        const loud = loudness(await readFile(join(folder, heard!)));
        // Whole prompts, not clicks: seconds of speech, far above silence and far below noise.
        expect(loud.seconds).toBeGreaterThan(4);
        expect(loud.loudSeconds).toBeGreaterThan(2);
        expect(loud.peak).toBeGreaterThan(8000);
        expect(loud.peak).toBeLessThan(24_000);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );
});

/** Of a 16-bit wave file with 8,000 samples a second. */
function loudness(wave: Buffer): { seconds: number; loudSeconds: number; peak: number } {
  const start = wave.indexOf('data') + 8;
  let [peak, loud] = [0, 0];
  const frame = 160;
  const samples = (wave.length - start) >> 1;
  for (let at = 0; at + frame <= samples; at += frame) {
    let highest = 0;
    for (let i = at; i < at + frame; i++) highest = Math.max(highest, Math.abs(wave.readInt16LE(start + 2 * i)));
    if (highest > 1500) loud += frame;
    peak = Math.max(peak, highest);
  }
  return { seconds: samples / 8000, loudSeconds: loud / 8000, peak };
}

// It plays recorded packets over a raw socket.
const root = process.getuid?.() === 0;

describe.skipIf(sipp === undefined || !root)('SIPp', () => {
  it.concurrent('presses the number with recorded RFC 4733 packets, and confirms it', async () => {
    const name = await bench.addAutoRegistered('02AC00000002', '7102');
    await bench.addPrepared('1234', { description: 'Stock room' });
    const result = await runSipp({
      sipp: sipp!,
      scenario: '../../taps/scenarios/taps',
      target: bench.server.ports.udp!,
      localPort: await freeUdpPort(),
      rows: [['7102', tapsNumber]],
      more: ['-mi', '127.0.0.1', '-mp', String(await freeUdpPort())],
    });
    expect([result.code, result.code === 0 ? '' : result.errors]).toEqual([0, '']);
    expect((await phone(name)).description).toBe('Stock room');
  }, 60_000);
});
