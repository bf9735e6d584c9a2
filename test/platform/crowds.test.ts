import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tunnelProtocol } from '../../src/protocol/tunnel/pairing.ts';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';

/** Connections that say nothing, before one listener after the other. Small limits stand for large crowds; test/soak/crowd.ts has 12,000. */

const crowd = 400;
/** Of whoever waits for an answer; far above what it takes. */
const patience = 60_000;
let program: RunningProgram;
let doors: readonly Door[];

interface Door {
  readonly name: string;
  readonly kind: 'https' | 'http' | 'tls' | 'tcp';
  readonly host: string;
  readonly port: number;
}

beforeAll(async () => {
  program = await startAllInOne({ mra: true, environment: { FIRSTRING_LIMITS_CONNECTIONS: '1000' } });
  doors = Object.entries(program.endpoints).flatMap(([name, url]) => {
    const [, kind, host, port] = /^(\w+):\/\/(.+):(\d+)$/.exec(url)!;
    return kind === 'udp' ? [] : [{ name, kind: kind as Door['kind'], host: host!, port: Number(port) }];
  });
});
afterAll(async () => program?.[Symbol.asyncDispose]());

async function answers({ host, kind, port }: Door): Promise<boolean> {
  const over = AbortSignal.timeout(patience);
  if (kind === 'http') {
    return new Promise((done) => {
      get({ host, port, path: '/', signal: over }, (response) => done(response.resume().statusCode !== undefined)).once(
        'error',
        () => done(false),
      );
    });
  }
  const socket =
    kind === 'tcp'
      ? connect({ host, port })
      : tlsConnect({ host, port, rejectUnauthorized: false, ALPNProtocols: [tunnelProtocol, 'http/1.1', 'h2'] });
  socket.on('error', () => {});
  try {
    if (kind === 'tcp') {
      // RFC 5626 §3.5.1
      socket.write('\r\n\r\n');
      await once(socket, 'data', { signal: over });
    } else await once(socket, 'secureConnect', { signal: over });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function silent({ host, port }: Door, count: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, (_, at) => {
    const socket = connect({ host, port, localAddress: `127.0.0.${2 + (at % 20)}` });
    socket.on('error', () => {});
    return socket;
  });
  await Promise.all(sockets.map((each) => once(each, 'connect').catch(() => undefined)));
  return sockets;
}

/** Sockets that a process holds. */
async function socketsOf(pid: number): Promise<number> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(descriptors.map((each) => readlink(`/proc/${pid}/fd/${each}`).catch(() => '')));
  return targets.filter((each) => each.startsWith('socket:')).length;
}

describe.skipIf(process.platform !== 'linux')('a crowd that says nothing', () => {
  it('before any one listener leaves every listener answering, and is gone after a few seconds', async () => {
    expect(doors.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'https',
        'das',
        'tftpHttp',
        'tftpHttps',
        'tvs',
        'sipTcp',
        'sipTls',
        'sipOauth',
        'sipOauthMra',
      ]),
    );
    expect(doors.length).toBeGreaterThanOrEqual(22);
    const before = await socketsOf(program.pid);
    const crowds: Socket[] = [];
    for (const door of doors) {
      const sockets = await silent(door, crowd);
      const heldUp: string[] = [];
      for (const other of doors) if (!(await answers(other))) heldUp.push(other.name);
      expect(heldUp, `with a crowd before ${door.name}`).toEqual([]);
      // Not only after a while: there were never places for all of them.
      expect(sockets.filter((each) => !each.closed).length, door.name).toBeLessThan(crowd / 2);
      crowds.push(...sockets);
    }
    // Looked at from the program's side: a client may hold a connection whose last packet an overfull accept queue dropped.
    await vi.waitFor(async () => expect(await socketsOf(program.pid)).toBeLessThan(before + crowd / 4), {
      timeout: patience,
      interval: 500,
    });
    for (const each of crowds) each.destroy();
  }, 600_000);
});
