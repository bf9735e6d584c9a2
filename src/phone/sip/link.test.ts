import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../../test/support/certificates.ts';
import type { Mic } from '../identity/mic.ts';
import { connectTls } from '../trust/tls.ts';
import { openLink } from './link.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

async function tlsServer(onSocket: (socket: TLSSocket, raw: Socket) => void): Promise<number> {
  const { pem, keyPem } = await makeAuthority({ name: 'Node' });
  let raw: Socket;
  const server = createTlsServer({ cert: pem, key: keyPem }, (socket) => onSocket(socket, raw));
  server.on('connection', (socket: Socket) => {
    raw = socket;
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  return portOf(server);
}

const { signal } = new AbortController();
const mic = { tls: createSecureContext({}) } as unknown as Mic;

/** How a link to that port ends: refused at once, or told of later. */
function ended(port: number, transport: 'tcp' | 'tls'): Promise<string> {
  return new Promise((resolve) => {
    openLink({
      node: { host: '127.0.0.1', port },
      transport,
      mic,
      way: { judge: async () => ({ trusted: true, by: 'ITL' }) },
      onMessage: () => {},
      onClose: resolve,
      timeoutMs: 10_000,
      signal,
    }).catch((error: Error) => resolve(error.message));
  });
}

describe('a connection that breaks in the moment it stands', () => {
  it('has an error listener from the first moment: an error is never nobody’s', async () => {
    const port = await tlsServer((socket) => socket.on('error', () => {}));
    const socket = await connectTls({ host: '127.0.0.1', port, timeoutMs: 10_000, signal });
    expect(() => socket.emit('error', new Error('read ECONNRESET'))).not.toThrow();
    socket.destroy();
  });

  it.each(['tcp', 'tls'] as const)(
    'ends the link over %s, not the process, and no link waits for ever',
    async (transport) => {
      const port =
        transport === 'tcp'
          ? await portOf(createServer((socket) => socket.on('error', () => {}).resetAndDestroy()))
          : await tlsServer((socket, raw) => {
              socket.on('error', () => {});
              raw.resetAndDestroy();
            });
      for (let i = 0; i < 20; i++) expect(await ended(port, transport)).not.toBe('');
    },
  );
});
