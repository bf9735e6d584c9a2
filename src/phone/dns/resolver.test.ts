import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type DnsMessage, dnsResponse, fitDns, readDns, writeDns } from '../../protocol/dns/message.ts';
import type { DnsRecord } from '../../protocol/dns/record.ts';
import { Resolver } from './resolver.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

type Answer = (query: DnsMessage, socket: Socket, port: number) => readonly Uint8Array[];

/** A server that answers each question with whatever these octets are. */
async function serve(answer: Answer): Promise<{ host: string; port: number }> {
  const socket = createSocket('udp4');
  open.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (bytes, from) => {
    for (const reply of answer(readDns(bytes), socket, from.port)) socket.send(reply, from.port, from.address);
  });
  return { host: '127.0.0.1', port: socket.address().port };
}

const srv = (target: string, priority = 10, port = 8443): DnsRecord => ({
  type: 'SRV',
  name: '_collab-edge._tls.example.org',
  ttl: 60,
  priority,
  weight: 10,
  port,
  target,
});
const reply = (query: DnsMessage, answers: readonly DnsRecord[], code = 0) => ({
  ...dnsResponse(query, code),
  answers,
});
const { signal } = new AbortController();
const service = '_collab-edge._tls.example.org';

describe('the resolver of a phone', () => {
  it('takes the answer to its own question out of forged ones and junk', async () => {
    const server = await serve((query) => [
      Uint8Array.of(1, 2, 3),
      writeDns(reply({ ...query, id: query.id ^ 1 }, [srv('evil.example.org')])),
      writeDns(reply({ ...query, questions: [{ name: 'other.org', type: 33 }] }, [srv('evil.example.org')])),
      writeDns({ ...reply(query, [srv('evil.example.org')]), response: false }),
      writeDns(reply(query, [srv('e1.example.org')])),
    ]);
    expect(await new Resolver([server]).services(service, signal)).toEqual([{ host: 'e1.example.org', port: 8443 }]);
  });

  it('ignores records about another name', async () => {
    const stray: DnsRecord = { ...srv('evil.example.org'), name: '_collab-edge._tls.evil.org' };
    const server = await serve((query) => [writeDns(reply(query, [stray, srv('e1.example.org')]))]);
    expect(await new Resolver([server]).services(service, signal)).toHaveLength(1);
  });

  it('asks the next server when one is silent or refuses', async () => {
    const silent = await serve(() => []);
    const refusing = await serve((query) => [writeDns(reply(query, [], 5))]);
    const good = await serve((query) => [writeDns(reply(query, [srv('e1.example.org')]))]);
    expect(await new Resolver([silent, refusing, good]).services(service, signal)).toHaveLength(1);
  });

  it('believes a server that says the name does not exist', async () => {
    const good = await serve((query) => [writeDns(reply(query, [srv('e1.example.org')]))]);
    const absent = await serve((query) => [writeDns(reply(query, [], 3))]);
    await expect(new Resolver([absent, good]).services(service, signal)).rejects.toMatchObject({ kind: 'absent' });
  });

  it('says that nobody answers, and that it knows nobody to ask', async () => {
    const refusing = await serve((query) => [writeDns(reply(query, [], 2))]);
    await expect(new Resolver([refusing]).services(service, signal)).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(new Resolver([]).services(service, signal)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('follows aliases to an address, but not in circles', async () => {
    const alias = (name: string, target: string): DnsRecord => ({ type: 'CNAME', name, ttl: 1, target });
    const server = await serve((query) => {
      const [{ name, type }] = query.questions as [{ name: string; type: number }];
      if (name === 'round.example.org') return [writeDns(reply(query, [alias(name, 'about.example.org')]))];
      if (name === 'about.example.org') return [writeDns(reply(query, [alias(name, 'round.example.org')]))];
      if (name === 'e1.example.org') return [writeDns(reply(query, [alias(name, 'real.example.org')]))];
      const address: DnsRecord = { type: 'A', name, ttl: 1, address: '192.0.2.5' };
      return [writeDns(reply(query, type === 1 ? [address] : []))];
    });
    const resolver = new Resolver([server]);
    expect(await resolver.addresses('e1.example.org', signal)).toEqual(['192.0.2.5']);
    await expect(resolver.addresses('round.example.org', signal)).rejects.toMatchObject({ kind: 'absent' });
    expect(await resolver.addresses('192.0.2.9', signal)).toEqual(['192.0.2.9']);
  });

  it('fetches over TCP what does not fit into a datagram', async () => {
    const many = Array.from({ length: 40 }, (_, at) => srv(`edge-number-${at}.example.org`));
    const server = await serve((query) => [fitDns(reply(query, many), 512)]);
    const tcp = createServer((socket) => {
      socket.on('data', (bytes: Buffer) => {
        const whole = writeDns(reply(readDns(bytes.subarray(2)), many));
        socket.end(Buffer.concat([Uint8Array.of(whole.length >> 8, whole.length & 0xff), whole]));
      });
    });
    open.push(tcp);
    tcp.listen(server.port, '127.0.0.1');
    await once(tcp, 'listening');
    expect(await new Resolver([server]).services(service, signal)).toHaveLength(40);
  });
});
