import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConnectionGate } from './connection-gate.ts';
import { type ConnectionLimits, connectionLimits, type Door } from './connection-limits.ts';

const running: (() => void)[] = [];
afterEach(() => {
  for (const end of running.splice(0)) end();
});

/** A listener that takes the first octet of a connection for something whole, and `!` for a proof. */
async function door(limits: Partial<ConnectionLimits>) {
  const gate = new ConnectionGate(
    'test',
    connectionLimits('edgePhones', undefined, {
      total: 100,
      reserve: 0,
      silentMs: 600_000,
      openingMs: 600_000,
      ...limits,
    }),
  );
  const server = gate.guard(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (octets) => {
        if (octets.toString() === '?') return;
        gate.opened(socket);
        if (octets.toString() === '!') gate.proved(socket);
        socket.write(octets);
      });
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const from = async (source: string): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: source });
    socket.on('error', () => {});
    running.push(() => socket.destroy());
    await once(socket, 'connect').catch(() => undefined);
    return socket;
  };
  running.push(() => {
    gate.destroy();
    server.close();
  });
  return { gate, from };
}

const isClosed = (socket: Socket) => socket.destroyed || socket.closed;
const answers = async (socket: Socket, octets = '.') => {
  const answered = once(socket, 'data').then(() => true);
  const closed = once(socket, 'close').then(() => false);
  if (isClosed(socket)) return false;
  socket.write(octets);
  return Promise.race([answered, closed]);
};

describe('a listener', () => {
  it('cuts who says nothing, and keeps who said something', async () => {
    const { from, gate } = await door({ silentMs: 100 });
    const talks = await from('127.0.0.2');
    expect(await answers(talks)).toBe(true);
    const silent = await from('127.0.0.2');
    await vi.waitFor(() => expect(isClosed(silent)).toBe(true), { timeout: 20_000 });
    expect(await answers(talks)).toBe(true);
    expect(gate.count).toBe(1);
  });

  it('cuts who never comes to a point', async () => {
    const { from } = await door({ silentMs: 50, openingMs: 200 });
    const drips = await from('127.0.0.2');
    drips.write('?');
    await vi.waitFor(() => expect(isClosed(drips)).toBe(true), { timeout: 20_000 });
  });

  it('holds no more silent ones than it has places, and lets the one that speaks in all the same', async () => {
    const { from, gate } = await door({ strangers: 5, strangersPerSource: 3 });
    const silent: Socket[] = [];
    for (let i = 0; i < 30; i++) silent.push(await from(`127.0.0.${2 + (i % 10)}`));
    expect(await answers(await from('127.0.0.100'))).toBe(true);
    await vi.waitFor(() => expect(silent.filter((each) => !isClosed(each)).length).toBeLessThanOrEqual(5));
    expect(gate.strangers).toBeLessThanOrEqual(5);
  });

  it('holds no more of one source than that may have, and another source does not feel it', async () => {
    const { from, gate } = await door({ perSource: 4 });
    const first = [];
    for (let i = 0; i < 4; i++) {
      const socket = await from('127.0.0.2');
      expect(await answers(socket)).toBe(true);
      first.push(socket);
    }
    expect(await answers(await from('127.0.0.2'))).toBe(false);
    expect(await answers(await from('127.0.0.3'))).toBe(true);
    expect(first.some(isClosed)).toBe(false);
    expect(gate.count).toBe(5);
  });

  it('keeps places for sources that have proved who they are', async () => {
    const { from } = await door({ total: 10, reserve: 4, perSource: 6, strangers: 8 });
    const phone = await from('127.0.0.2');
    expect(await answers(phone, '!')).toBe(true);
    phone.destroy();
    for (let i = 0; i < 12; i++) await answers(await from(`127.0.0.${10 + i}`));
    expect(await answers(await from('127.0.0.50'))).toBe(false);
    expect(await answers(await from('127.0.0.2'))).toBe(true);
  });

  it('remembers nothing of a source once its last connection is closed', async () => {
    const { from, gate } = await door({ perSource: 2 });
    for (let round = 0; round < 3; round++) {
      const two = [await from('127.0.0.2'), await from('127.0.0.2')];
      for (const each of two) expect(await answers(each)).toBe(true);
      for (const each of two) each.destroy();
      await vi.waitFor(() => expect(gate.count).toBe(0));
    }
  });
});

describe('the limits of all listeners', () => {
  const roles: Readonly<Record<string, readonly Door[]>> = {
    'unified-cm': [
      'console',
      'das',
      'files',
      'filesTls',
      'tvs',
      'sipTcp',
      'sipTls',
      'sipOauth',
      'sipFromEdge',
      'edgeAccess',
      'health',
    ],
    cloud: ['cloud', 'cloudConsole', 'cloudHealth'],
    'expressway-e': ['edgePhones', 'edgeSip', 'edgeTunnel', 'edgeConsole'],
    'expressway-c': ['controllerConsole'],
  };

  it.each(Object.entries(roles))('of role %s together are not more than the process may hold', (_role, doors) => {
    for (const connections of [2_000, 15_000, 500_000]) {
      const sum = doors.reduce((all, each) => all + connectionLimits(each, { connections }).total, 0);
      expect(sum).toBeLessThanOrEqual(connections);
    }
  });

  it('give strangers at the edge a tenth at most, and 32 to one source', () => {
    for (const each of ['edgePhones', 'edgeSip'] as const) {
      const { strangers, strangersPerSource, total } = connectionLimits(each);
      expect(strangers).toBeLessThanOrEqual(total / 10);
      expect(strangersPerSource).toBe(32);
    }
  });
});
