/**
 * Twelve thousand connections that say nothing, before one listener of a running laboratory after the other; meanwhile every other listener must
 * answer within a second. `node test/soak/crowd.ts [--size 12000] [--door NAME]`; ends with 1 when one does not. Give it descriptors (`ulimit -n 40000`).
 */
import { once } from 'node:events';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { parseArgs } from 'node:util';
import { tunnelProtocol } from '../../src/protocol/tunnel/pairing.ts';
import { startAllInOne } from '../support/all-in-one.ts';

const { values } = parseArgs({ options: { size: { type: 'string', default: '12000' }, door: { type: 'string' } } });
const size = Number(values.size);
const longest = 1_000;

await using program = await startAllInOne({ mra: true });
const doors = Object.entries(program.endpoints).flatMap(([name, url]) => {
  const [, kind, host, port] = /^(\w+):\/\/(.+):(\d+)$/.exec(url)!;
  return kind === 'udp' ? [] : [{ name, kind: kind!, host: host!, port: Number(port) }];
});

async function answerTime({ host, kind, port }: (typeof doors)[number]): Promise<number> {
  const began = performance.now();
  const over = AbortSignal.timeout(10 * longest);
  try {
    if (kind === 'http') {
      await once(get({ host, port, path: '/', agent: false, signal: over }), 'response', { signal: over });
    } else {
      const socket =
        kind === 'tcp'
          ? connect({ host, port })
          : tlsConnect({ host, port, rejectUnauthorized: false, ALPNProtocols: [tunnelProtocol, 'http/1.1', 'h2'] });
      // RFC 5626 §3.5.1
      if (kind === 'tcp') socket.write('\r\n\r\n');
      await once(socket, kind === 'tcp' ? 'data' : 'secureConnect', { signal: over });
      socket.destroy();
    }
    return performance.now() - began;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

let held = true;
for (const door of doors) {
  if (values.door !== undefined && values.door !== door.name) continue;
  const crowd: Socket[] = [];
  for (let at = 0; at < size; at++) {
    const socket = connect({
      host: door.host,
      port: door.port,
      localAddress: `127.0.${1 + (at >> 12)}.${1 + (at % 250)}`,
    });
    socket.on('error', () => {});
    crowd.push(socket);
    if (at % 200 === 199) await new Promise((done) => setImmediate(done));
  }
  const slow: string[] = [];
  let worst = 0;
  for (const other of doors) {
    if (other === door) continue;
    const took = await answerTime(other);
    worst = Math.max(worst, took);
    if (took > longest) slow.push(`${other.name} ${Math.round(took)} ms`);
  }
  const open = crowd.filter((each) => each.readyState === 'open').length;
  process.stdout.write(
    `${door.name}: ${open} of ${size} open, slowest other ${Math.round(worst)} ms ${slow.join(', ')}\n`,
  );
  held &&= slow.length === 0;
  for (const each of crowd) each.destroy();
}
process.exitCode = held ? 0 : 1;
