import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../kernel/log.ts';
import { dnsQuery, readDns } from '../../protocol/dns/message.ts';
import { type DnsResponder, startDnsResponder } from './responder.ts';
import { edgeZone } from './zones.ts';

let responder: DnsResponder;
const resolver = new Resolver({ timeout: 2000, tries: 1 });

beforeAll(async () => {
  const targets = ['e1', 'e2'].map((name, at) => ({
    host: `${name}.mra.firstring.test`,
    port: 8443 + at,
    address: '192.0.2.7',
  }));
  const zones = [edgeZone({ domain: 'mra.firstring.test', targets })];
  responder = await startDnsResponder({ address: '127.0.0.1', port: 0, zones, log: silentLog });
  resolver.setServers([`127.0.0.1:${responder.port}`]);
});
afterAll(() => responder[Symbol.asyncDispose]());

async function ask(bytes: Uint8Array) {
  const socket = createSocket('udp4');
  try {
    socket.connect(responder.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.send(bytes);
    const [answer] = (await once(socket, 'message')) as [Uint8Array];
    return readDns(answer);
  } finally {
    socket.close();
  }
}

describe('the DNS of a laboratory, asked by another implementation', () => {
  it('names the edges of a domain, best first', async () => {
    const found = await resolver.resolveSrv('_collab-edge._tls.MRA.firstring.test');
    expect(found.sort((a, b) => a.priority - b.priority)).toMatchObject([
      { name: 'e1.mra.firstring.test', port: 8443 },
      { name: 'e2.mra.firstring.test', port: 8444 },
    ]);
  });

  it('gives their addresses', async () => {
    expect(await resolver.resolve4('e1.mra.firstring.test')).toEqual(['192.0.2.7']);
  });

  it.each([
    ['e3.mra.firstring.test', 'ENOTFOUND'],
    ['_tls.mra.firstring.test', 'ENODATA'],
    ['example.org', 'EREFUSED'],
  ])('says what is not there: %s', async (name, code) => {
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code });
  });
});

describe('the DNS of a laboratory under odd questions', () => {
  it('says that it knows no other operation', async () => {
    const query = dnsQuery(1, 'mra.firstring.test', 'A');
    expect(await ask(query.with(2, 0x28))).toMatchObject({ code: 4, response: true });
  });

  it('stays silent to junk and to answers, and lives', async () => {
    const socket = createSocket('udp4');
    socket.connect(responder.port, '127.0.0.1');
    await once(socket, 'connect');
    let heard = 0;
    socket.on('message', () => {
      heard += 1;
    });
    socket.send(Uint8Array.of(1, 2, 3));
    socket.send(dnsQuery(1, 'mra.firstring.test', 'A').with(2, 0x80));
    socket.send(Uint8Array.of(...dnsQuery(1, 'a', 'A').subarray(0, 12), 0xc0, 12, 0, 1, 0, 1));
    // What comes back after them shows that they were read.
    expect(await ask(dnsQuery(7, 'e1.mra.firstring.test', 'A'))).toMatchObject({ id: 7, code: 0, authoritative: true });
    expect(heard).toBe(0);
    socket.close();
  });
});
