import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { utf8 } from '../../kernel/bytes.ts';
import { decodePacket, encodePacket } from '../../protocol/tftp/packet.ts';
import { FileFetcher } from './fetch.ts';
import type { FileServer } from './servers.ts';

const host = '127.0.0.1';
const never = new AbortController().signal;
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Serves `here.xml`; anything else is absent. `asked` collects the names. */
async function http(asked: string[], status?: number): Promise<number> {
  const server: Server = createServer((request, response) => {
    asked.push(`http ${request.url}`);
    if (status !== undefined) response.writeHead(status).end();
    else if (request.url === '/here.xml') response.end('by http');
    else response.writeHead(404).end();
  });
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function tftp(asked: string[]): Promise<number> {
  const socket: Socket = createSocket('udp4');
  open.push(() => socket.close());
  socket.on('message', (bytes, peer) => {
    const packet = decodePacket(bytes);
    if (packet.type !== 'rrq') return;
    asked.push(`tftp ${packet.fileName}`);
    const answer =
      packet.fileName === 'here.xml'
        ? encodePacket({ type: 'data', block: 1, data: utf8('by tftp') })
        : encodePacket({ type: 'error', code: 1, message: 'File not found' });
    socket.send(answer, peer.port, peer.address);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  return socket.address().port;
}

async function deadPort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function fetcher(...servers: readonly { tftp: number; http?: number }[]): FileFetcher {
  const made = new FileFetcher({ tftpTimeoutMs: 20 });
  open.push(() => made.close());
  made.use(
    servers.map(
      (ports): FileServer => ({
        tftp: { host, port: ports.tftp },
        http: ports.http === undefined ? undefined : { host, port: ports.http },
      }),
    ),
  );
  return made;
}

const text = (outcome: Awaited<ReturnType<FileFetcher['fetch']>>) =>
  outcome.type === 'found' ? Buffer.from(outcome.bytes).toString() : outcome.type;

describe('fetching a file', () => {
  it('asks by HTTP, and TFTP is left alone when HTTP answers', async () => {
    const asked: string[] = [];
    const files = fetcher({ http: await http(asked), tftp: await tftp(asked) });
    expect(text(await files.fetch('here.xml', never))).toBe('by http');
    expect(text(await files.fetch('gone.xml', never))).toBe('absent');
    expect(asked).toEqual(['http /here.xml', 'http /gone.xml']);
  });

  it.each([
    ['is closed', undefined],
    ['fails', 500],
  ])('asks by TFTP when HTTP %s, and does not try HTTP again', async (_, status) => {
    const asked: string[] = [];
    const files = fetcher({
      http: status === undefined ? await deadPort() : await http(asked, status),
      tftp: await tftp(asked),
    });
    expect(text(await files.fetch('here.xml', never))).toBe('by tftp');
    expect(text(await files.fetch('gone.xml', never))).toBe('absent');
    expect(asked.filter((each) => each.startsWith('http')).length).toBe(status === undefined ? 0 : 1);
  });

  it('asks the next server by HTTP before it waits for the TFTP of a dead one', async () => {
    const asked: string[] = [];
    const files = fetcher(
      { http: await deadPort(), tftp: await deadPort() },
      { http: await http(asked), tftp: await tftp(asked) },
    );
    expect(text(await files.fetch('here.xml', never))).toBe('by http');
  });

  it('names everything it tried when nobody answers', async () => {
    const ports = { http: await deadPort(), tftp: await deadPort() };
    const outcome = await fetcher(ports).fetch('here.xml', never);
    expect(outcome).toMatchObject({
      type: 'unreachable',
      detail: expect.stringContaining(`tftp://${host}:${ports.tftp}`),
    });
    expect(outcome).toMatchObject({ detail: expect.stringContaining(`http://${host}:${ports.http}`) });
  });

  it('takes no file larger than it may be', async () => {
    const files = fetcher({ tftp: await tftp([]) });
    expect(text(await files.fetch('here.xml', never, 3))).toBe('unreachable');
  });

  it('stops at once when it is abandoned', async () => {
    const socket = createSocket('udp4');
    open.push(() => socket.close());
    socket.bind(0, host);
    await once(socket, 'listening');
    const off = new AbortController();
    const outcome = fetcher({ tftp: socket.address().port }).fetch('here.xml', off.signal);
    off.abort(new Error('abandoned'));
    await expect(outcome).rejects.toThrow('abandoned');
  });
});
