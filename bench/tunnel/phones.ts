import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { edgeBench, TestPhone, until } from '../../test/edge/support/edge-bench.ts';

/** What a registered remote phone costs E while it is idle: one TLS connection and one stream of the tunnel, in a process of E's own. A sentence. */
export async function measurePhones(count: number): Promise<string> {
  const limits = {
    handshakesPerSource: { burst: 1e9, perSecond: 1e9 },
    sipFlowsPerSource: 1e9,
    requestsPerSource: { burst: 1e9, perSecond: 1e9 },
  };
  await using bench = await edgeBench();
  const child = fork(fileURLToPath(new URL('edge-process.ts', import.meta.url)), {
    execArgv: ['--expose-gc'],
    env: { ...process.env, EDGE_DIRECTORY: bench.directory, EDGE_LIMITS: JSON.stringify(limits) },
  });
  try {
    const { endpoints, text } = (await answerOf(child, 'start')) as { endpoints: never; text: string };
    await bench.c.pair(text);
    await bench.c.ready();
    const mic = await bench.mic('001122334455');
    const e = { endpoints } as unknown as ConstructorParameters<typeof TestPhone>[0];
    const phone = new TestPhone(e, bench.ca, mic);
    const sockets: TLSSocket[] = [];
    const open = async () => {
      const socket = await phone.sip();
      socket.write('REGISTER sip:ucm SIP/2.0\r\n\r\n');
      await once(socket, 'data');
      socket.resume();
      sockets.push(socket);
    };
    // What is made once, for the first phones.
    for (let i = 0; i < 50; i++) await open();
    const before = (await answerOf(child, 'memory')) as number;
    while (sockets.length < count + 50) await Promise.all(Array.from({ length: 10 }, open));
    const after = (await answerOf(child, 'memory')) as number;
    for (const socket of sockets) socket.destroy();
    await until(() => bench.cluster.nodes.every((node) => node.sipConnections.size === 0), 60_000);
    const rest = (await answerOf(child, 'memory')) as number;
    const kib = (octets: number) => Math.round(octets / 1024);
    return `idle memory for each registered remote phone at E: ${kib((after - before) / count)} KiB resident (${count} phones: ${kib(before)} → ${kib(after)} KiB; ${kib(rest)} KiB after they left)`;
  } finally {
    child.kill('SIGKILL');
  }
}

async function answerOf(child: ChildProcess, question: string): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(question);
  return (await answer)[0] as unknown;
}
