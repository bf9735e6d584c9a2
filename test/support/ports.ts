import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { runShare, sharesRun } from './run-share.ts';

/** The kernel hands out numbers from 32768 on by itself; these stay below. */
export const portRanges = 600;
const perRange = 32;

/** Consecutive port numbers on loopback, TCP and UDP alike, that no other file of the run is given and that nothing else holds now. */
export async function freePortBase(count = perRange): Promise<number> {
  for (let attempt = 0; attempt < portRanges; attempt++) {
    const number = sharesRun() ? await runShare.portRange() : Math.floor(Math.random() * portRanges);
    const base = 10_000 + (number % portRanges) * perRange;
    const ports = Array.from({ length: count }, (_, index) => base + index);
    const free = await Promise.all(ports.flatMap((port) => [freeForTcp(port), freeForUdp(port)]));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free ports');
}

function freeForTcp(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}

function freeForUdp(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      done(false);
    });
    socket.bind(port, '127.0.0.1', () => socket.close(() => done(true)));
  });
}
