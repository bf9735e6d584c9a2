/**
 * A flood against an Expressway-E in a process of its own, in waves: connections that never speak, junk, requests without a certificate, SIP connections of
 * one phone. After each wave a phone must be served; the event loop must not have stood still for 200 ms, and memory must come back.
 * `node test/soak/edge-flood.ts [--waves N] [--size N]`; ends with 1 when it does not hold.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { edgeBench, startBody, TestPhone, until } from '../edge/support/edge-bench.ts';

const { values } = parseArgs({
  options: { waves: { type: 'string', default: '4' }, size: { type: 'string', default: '2000' } },
});
const waves = Number(values.waves);
const size = Number(values.size);
const largestPause = 200;
const largestGrowth = 1.25;
const mac = '001122334455';
const start = '/das/v1/activation/start';

await using bench = await edgeBench();
const child = fork(fileURLToPath(new URL('../../bench/tunnel/edge-process.ts', import.meta.url)), {
  execArgv: ['--expose-gc'],
  env: {
    ...process.env,
    EDGE_DIRECTORY: bench.directory,
    EDGE_LIMITS: JSON.stringify({ handshakeTime: 3_000, headerTime: 3_000 }),
  },
});
const ask = async (question: string) => {
  const answer = once(child, 'message');
  child.send(question);
  return (await answer)[0] as never;
};
const { endpoints, text } = (await ask('start')) as { endpoints: Record<string, string>; text: string };
await bench.c.pair(text);
await bench.c.ready();
const e = { endpoints } as unknown as ConstructorParameters<typeof TestPhone>[0];
const mic = await bench.mic(mac);
const portOf = (name: string) => Number(endpoints[name]!.split(':').at(-1));

/** Raw connections that send this and wait until they are closed. */
async function raw(port: number, count: number, octets: Buffer | undefined): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      await new Promise((done) => setTimeout(done, at));
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      if (octets) socket.write(octets);
      socket.resume();
      if (!socket.destroyed) await new Promise((done) => socket.once('close', done));
    }),
  );
}

const sizes: number[] = [];
let worst = 0;
for (let wave = 0; wave < waves; wave++) {
  using stranger = new TestPhone(e, bench.ca, undefined);
  using phone = new TestPhone(e, bench.ca, mic);
  const strangers = async () => {
    for (let i = 0; i < size; i++) await stranger.ask('POST', start, { body: startBody(mac) }).catch(() => undefined);
  };
  const flows = async () => {
    for (let i = 0; i < size / 10; i++) {
      const socket = await phone.sip().catch(() => undefined);
      socket?.write('x'.repeat(10_000));
      socket?.resume();
      setTimeout(() => socket?.destroy(), 500);
    }
  };
  await Promise.all([
    raw(portOf('expresswayE'), size, undefined),
    raw(portOf('expresswayE'), size, Buffer.alloc(4096, 'A')),
    raw(portOf('expresswayESip'), size / 2, Buffer.alloc(1024, 0x16)),
    raw(portOf('expresswayETunnel'), size / 4, undefined),
    strangers(),
    flows(),
  ]);
  let served = 0;
  await until(async () => {
    const { status } = await phone.ask('POST', start, { body: startBody(mac) }).catch(() => ({ status: 0 }));
    served = status;
    return status === 200;
  }, 60_000);
  const pause = (await ask('pause')) as number;
  const rss = (await ask('memory')) as number;
  // What collecting garbage on demand took is not the flood's.
  await ask('pause');
  worst = Math.max(worst, pause);
  sizes.push(rss);
  process.stdout.write(
    `wave ${wave + 1}: a phone is served (${served}), ${Math.round(rss / 2 ** 20)} MB, longest pause ${Math.round(pause)} ms\n`,
  );
}
child.kill('SIGKILL');
const growth = sizes.at(-1)! / sizes[0]!;
process.stdout.write(
  `memory after the last wave ${growth.toFixed(2)} × that after the first (at most ${largestGrowth}); longest pause ${Math.round(worst)} ms (at most ${largestPause})\n`,
);
if (growth > largestGrowth || worst > largestPause) process.exitCode = 1;
