import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostPort } from '../boot/types.ts';
import { httpAgent, httpRead } from '../files/http-read.ts';

export interface Meddler extends AsyncDisposable {
  readonly at: HostPort;
}

const trustList = /^(?:ITL|CTL)/;

/**
 * Somebody between the phone and its file server: passes everything on but changes one octet of each trust list, in the last record's
 * certificate, so that the file can still be read and its signature cannot be right.
 */
export async function startMeddler(server: HostPort): Promise<Meddler> {
  const agent = httpAgent();
  const gone = new AbortController();
  const meddler = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '/').slice(1));
    const asked = { agent, maxSize: 16 << 20, timeoutMs: 5000, signal: gone.signal };
    httpRead(server, name, asked).then(
      (outcome) => {
        if (outcome.type !== 'found') {
          response.writeHead(outcome.type === 'absent' ? 404 : 502).end();
          return;
        }
        const bytes = Buffer.from(outcome.bytes);
        if (trustList.test(name) && bytes.length > 0) bytes[bytes.length - 1]! ^= 1;
        response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      },
      () => response.destroy(),
    );
  });
  meddler.listen(0, '127.0.0.1');
  await once(meddler, 'listening');
  return {
    at: { host: '127.0.0.1', port: (meddler.address() as AddressInfo).port },
    async [Symbol.asyncDispose]() {
      gone.abort();
      agent.destroy();
      meddler.closeAllConnections();
      meddler.close();
      await once(meddler, 'close');
    },
  };
}
