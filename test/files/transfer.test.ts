import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePacket, encodePacket } from '../../src/protocol/tftp/packet.ts';
import { realClient } from '../support/real-clients.ts';
import { fileLab, until } from './support/lab.ts';
import { exchange, readOverTftp } from './support/tftp-client.ts';

const run = promisify(execFile);
const curl = realClient('curl');
const tftpHpa = realClient('tftp');
const atftp = realClient('atftp');

let lab: Awaited<ReturnType<typeof fileLab>>;
let node: Awaited<ReturnType<typeof lab.startNode>>;
let folder: string;
let config: Uint8Array;
const name = 'SEP001122334455.cnf.xml';
/** Larger than what is kept in memory, and of no round size. */
const image = Buffer.from(Array.from({ length: 700_001 }, (_, i) => (i * 7 + (i >> 9)) & 0xff));

beforeAll(async () => {
  lab = await fileLab();
  node = await lab.startNode('node-a');
  await lab.addPhone({ name: 'SEP001122334455', directoryNumber: '1001' });
  async function* pieces() {
    for (let at = 0; at < image.length; at += 60_000) yield image.subarray(at, at + 60_000);
  }
  await node.firmware.put('sip8845_65.14-2-1.sbn', pieces());
  folder = await mkdtemp(join(tmpdir(), 'firstring-transfer-'));
  config = (await node.get(name)) as Uint8Array;
});

afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('real clients fetch the same octets that HTTP serves', () => {
  it.skipIf(curl === undefined).each([
    ['without options', ['--tftp-no-options']],
    ['with its own options', []],
    ['with 1428-octet blocks', ['--tftp-blksize', '1428']],
    ['with blocks larger than we serve', ['--tftp-blksize', '65464']],
    ['with blocks of 8 octets', ['--tftp-blksize', '8']],
  ])('curl %s', async (_, options) => {
    const target = join(folder, 'curl');
    await run(curl!, ['-s', '-S', '-f', ...options, '-o', target, `tftp://127.0.0.1:${node.tftpPort}/${name}`]);
    expect(Buffer.compare(await readFile(target), config)).toBe(0);
  });

  it.skipIf(tftpHpa === undefined).each([
    ['in octet mode', 'binary'],
    ['in netascii mode', 'ascii'],
  ])('tftp-hpa %s', async (_, mode) => {
    const target = join(folder, `hpa-${mode}`);
    await run(tftpHpa!, ['-m', mode, '127.0.0.1', String(node.tftpPort), '-c', 'get', name, target]);
    expect(Buffer.compare(await readFile(target), config)).toBe(0);
  });

  it.skipIf(atftp === undefined).each([
    ['without options', []],
    [
      'with blksize, tsize, timeout and windowsize',
      ['--option', 'blksize 1428', '--option', 'tsize', '--option', 'timeout 2', '--option', 'windowsize 4'],
    ],
  ])('atftp %s', async (_, options) => {
    const target = join(folder, 'atftp');
    await rm(target, { force: true });
    await run(atftp!, [
      ...options,
      '--get',
      '--local-file',
      target,
      '--remote-file',
      name,
      '127.0.0.1',
      String(node.tftpPort),
    ]);
    expect(Buffer.compare(await readFile(target), config)).toBe(0);
  });

  it.skipIf(curl === undefined)('curl fetches a firmware image that is read from disk', async () => {
    const target = join(folder, 'image');
    await run(curl!, [
      '-s',
      '-S',
      '-f',
      '--tftp-blksize',
      '1428',
      '-o',
      target,
      `tftp://127.0.0.1:${node.tftpPort}/sip8845_65.14-2-1.sbn`,
    ]);
    expect(Buffer.compare(await readFile(target), image)).toBe(0);
  });
});

describe('our own client', () => {
  it.each([
    ['plain', {}],
    ['blksize', { blockSize: 1428 }],
    ['windowsize', { blockSize: 512, windowSize: 4 }],
    ['everything', { blockSize: 1428, windowSize: 64, askSize: true, timeoutSeconds: 2 }],
  ])('reads a configuration and an image: %s', async (_, options) => {
    expect(await readOverTftp(node.tftpPort, { fileName: name, ...options })).toEqual({
      type: 'completed',
      bytes: Uint8Array.from(config),
    });
    const outcome = await readOverTftp(node.tftpPort, { fileName: 'sip8845_65.14-2-1.sbn', ...options });
    expect(outcome.type === 'completed' && Buffer.compare(outcome.bytes, image)).toBe(0);
  });

  it('is served beside many others at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        readOverTftp(node.tftpPort, { fileName: name, blockSize: 100 + i, windowSize: (i % 4) + 1 }),
      ),
    );
    for (const outcome of outcomes)
      expect(outcome.type === 'completed' && Buffer.compare(outcome.bytes, config)).toBe(0);
    // The last ACKs may still be on their way.
    await until(
      async () => node.tftp.transfers,
      (open) => open === 0,
    );
  });
});

describe('options are answered within the limits', () => {
  it('of blksize 1428 and windowsize 4, with tsize', async () => {
    const options = [
      { name: 'blksize', value: '8192' },
      { name: 'windowsize', value: '16' },
      { name: 'tsize', value: '0' },
      { name: 'timeout', value: '3' },
      { name: 'multicast', value: '1' },
    ];
    const [first] = await exchange(node.tftpPort, [
      encodePacket({ type: 'rrq', fileName: name, mode: 'octet', options }),
    ]);
    expect(decodePacket(first!.bytes)).toEqual({
      type: 'oack',
      options: [
        { name: 'blksize', value: '1428' },
        { name: 'windowsize', value: '4' },
        { name: 'tsize', value: String(config.length) },
        { name: 'timeout', value: '3' },
      ],
    });
  });
});
