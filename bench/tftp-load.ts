/**
 * A lean TFTP load: `node bench/tftp-load.ts PORT NAME BLOCKSIZE CLIENTS SECONDS SIZE`. Each client owns one socket and reads the file over and over.
 * Prints one line of JSON: {reads, all (with those of the warm-up), seconds, bad, silent}.
 */
import { createSocket } from 'node:dgram';

const [port, name, blockSize, clients, seconds, size] = process.argv
  .slice(2)
  .map((text, index) => (index === 1 ? text : Number(text))) as [number, string, number, number, number, number];

const lookup = (host: string, _: unknown, done: (error: null, address: string, family: number) => void) =>
  done(null, host, 4);
const options = blockSize === 512 ? '' : `blksize\0${blockSize}\0`;
const request = Buffer.from(`\0\x01${name}\0octet\0${options}`, 'latin1');
const acks = Array.from({ length: 70_000 }, (_, block) => Buffer.from([0, 4, (block >> 8) & 0xff, block & 0xff]));

let reads = 0;
let bad = 0;
let silent = 0;
let running = true;

function client(): { tick(now: number): void; stop(): void } {
  const socket = createSocket({ type: 'udp4', lookup: lookup as never, recvBufferSize: 1 << 20 });
  let peer = 0;
  let expected = 1;
  let received = 0;
  let heardAt = Date.now();
  const begin = () => {
    peer = 0;
    expected = 1;
    received = 0;
    if (running) socket.send(request, port, '127.0.0.1');
  };
  socket.on('message', (message, from) => {
    if (peer === 0 && from.port !== port) peer = from.port;
    if (from.port !== peer && from.port !== port) return;
    const kind = message[1];
    const block = (message[2]! << 8) | message[3]!;
    if (kind === 6) {
      socket.send(acks[0]!, from.port, '127.0.0.1');
    } else if (kind === 3 && block === expected) {
      heardAt = Date.now();
      received += message.length - 4;
      socket.send(acks[block]!, from.port, '127.0.0.1');
      expected++;
      if (message.length - 4 < blockSize) {
        if (received === size) reads++;
        else bad++;
        begin();
      }
    } else if (kind === 5) {
      // Errors of an earlier read's end may still arrive; one for this read costs a silent second.
      if (peer === 0) bad++;
    }
  });
  socket.bind(0, '127.0.0.1', begin);
  return {
    tick(now) {
      if (!running || now - heardAt < 1000) return;
      silent++;
      heardAt = now;
      begin();
    },
    stop: () => socket.close(),
  };
}

const all = Array.from({ length: clients }, client);
const watch = setInterval(() => {
  const now = Date.now();
  for (const each of all) each.tick(now);
}, 200);

// The first half second warms both sides and is not counted.
setTimeout(() => {
  const before = reads;
  const startedAt = process.hrtime.bigint();
  setTimeout(() => {
    running = false;
    const elapsed = Number(process.hrtime.bigint() - startedAt) / 1e9;
    process.stdout.write(`${JSON.stringify({ reads: reads - before, all: reads, seconds: elapsed, bad, silent })}\n`);
    clearInterval(watch);
    for (const each of all) each.stop();
  }, seconds * 1000);
}, 500);
