import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** A run of free port numbers on loopback, TCP and UDP alike, below the range the kernel hands out by itself. */
export async function freePortBase(count = 32): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const base = 10_000 + Math.floor(Math.random() * 600) * 32;
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
