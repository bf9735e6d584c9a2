/** An Expressway-E in a process of its own, so that its memory can be told from everybody else's. Answers `start`, `memory` and `pause` (the longest since it was asked last, in ms) of its parent. */
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openLabEdgeAuthority } from '../../src/infra/edge/lab-authority.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { startExpresswayE } from '../../src/roles/expressway-e/start.ts';
import { domain, host } from '../../test/edge/support/edge-bench.ts';

const directory = process.env['EDGE_DIRECTORY']!;
const collect = (globalThis as { gc?: () => void }).gc;

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

process.on('message', (question) => {
  if (question === 'pause') pause();
  else void (question === 'start' ? start() : memory());
});

async function start(): Promise<void> {
  const e = await startExpresswayE({
    name: 'bench-e',
    dataDirectory: join(directory, 'bench-e'),
    hostName: host,
    domains: [domain],
    listen: { address: '127.0.0.1' },
    ports: { https: 0, sip: 0, tunnel: 0, console: 0 },
    labAuthority: await openLabEdgeAuthority(join(directory, 'lab')),
    version: 'bench',
    log: silentLog,
    limits: JSON.parse(process.env['EDGE_LIMITS']!) as object,
  });
  process.send!({ endpoints: e.endpoints, text: await e.pairingText() });
}

async function memory(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    collect?.();
    await new Promise((done) => setTimeout(done, 100));
  }
  process.send!(process.memoryUsage.rss());
}

function pause(): void {
  process.send!(delay.max / 1e6);
  delay.reset();
}
