import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileFetch, FileSource, ServedFile } from '../../src/domain/provisioning/ports.ts';
import { startFileHttp } from '../../src/endpoints/tftp/file-http.ts';
import { startTftpServer } from '../../src/endpoints/tftp/server.ts';
import { startTvs } from '../../src/endpoints/tvs/server.ts';
import { tlsMaterial } from '../../src/infra/pki/identity.ts';
import { inMemory } from '../../src/infra/provisioning/file-source.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { encodeTvsRequest } from '../../src/protocol/tvs/messages.ts';
import { fileLab } from './support/lab.ts';
import { readOverTftp } from './support/tftp-client.ts';

/** What the doors say while the store behind them cannot be asked, and that they recover by themselves. */
let down = true;
const fetches: FileFetch[] = [];
const breaking: ServedFile = {
  size: 500_000,
  contentType: 'application/octet-stream',
  etag: 'x',
  bytes: undefined,
  open: async () => ({
    read: async (offset, length) => {
      if (offset > 0) throw new Error('disk lost');
      return new Uint8Array(length);
    },
    close: async () => {},
  }),
};
const files: FileSource = {
  ready: () => undefined,
  find: async (name) => {
    if (down) throw new Error('database lost');
    return name === 'breaking.sbn' ? breaking : inMemory(name, new Uint8Array(700));
  },
};
const common = {
  host: '127.0.0.1',
  port: 0,
  files,
  log: silentLog,
  observer: { asked: (fetch: FileFetch) => void fetches.push(fetch) },
};
const stack = new AsyncDisposableStack();
let tftp: Awaited<ReturnType<typeof startTftpServer>>;
let http: Awaited<ReturnType<typeof startFileHttp>>;
let tvs: Awaited<ReturnType<typeof startTvs>>;

beforeAll(async () => {
  const lab = stack.use(await fileLab());
  const identity = await lab.addNode('node-a');
  tftp = await startTftpServer(common);
  http = await startFileHttp(common);
  const voucher = {
    verdict: async () => {
      if (down) throw new Error('database lost');
      return undefined;
    },
  };
  tvs = await startTvs({ host: '127.0.0.1', port: 0, tls: tlsMaterial(identity.tvs), voucher, log: silentLog });
  for (const server of [tftp, http, tvs]) stack.defer(() => server.close());
});
afterAll(() => stack.disposeAsync());

const askTvs = () =>
  new Promise<number>((resolve) => {
    let heard = 0;
    const socket = connectTls({ port: tvs.port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      socket.end(
        encodeTvsRequest({
          type: 'verify',
          sessionId: 1,
          deviceName: 'CP-8845-SEP001122334455',
          certificate: Uint8Array.of(1),
        }),
      );
    });
    socket.on('data', (bytes) => {
      heard += bytes.length;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });

describe('while the store is lost', () => {
  it('TFTP says that it is no matter of the name', async () => {
    expect(await readOverTftp(tftp.port, { fileName: 'XMLDefault.cnf.xml' })).toEqual({
      type: 'refused',
      code: 0,
      message: 'Try again later',
    });
    expect(fetches.at(-1)?.outcome).toBe('unavailable');
  });

  it('HTTP answers 503 and when to come again, never 404', async () => {
    const response = await fetch(`http://127.0.0.1:${http.port}/XMLDefault.cnf.xml`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('TVS says nothing, which is not the same as "not trusted"', async () => {
    expect(await askTvs()).toBe(0);
  });

  it('and all of them serve once it is back', async () => {
    down = false;
    expect((await readOverTftp(tftp.port, { fileName: 'XMLDefault.cnf.xml' })).type).toBe('completed');
    expect((await fetch(`http://127.0.0.1:${http.port}/XMLDefault.cnf.xml`)).status).toBe(200);
    expect(await askTvs()).toBeGreaterThan(0);
  });

  it('a disk that breaks in the middle of a file ends that transfer only', async () => {
    down = false;
    expect(await readOverTftp(tftp.port, { fileName: 'breaking.sbn', blockSize: 1428, windowSize: 4 })).toMatchObject({
      type: 'refused',
      code: 0,
    });
    await expect(
      fetch(`http://127.0.0.1:${http.port}/breaking.sbn`).then((response) => response.arrayBuffer()),
    ).rejects.toThrow();
    expect((await readOverTftp(tftp.port, { fileName: 'XMLDefault.cnf.xml' })).type).toBe('completed');
  });
});
