import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeMic } from '../support/certificates.ts';
import { type EdgeBench, edgeBench, TestPhone, until } from './support/edge-bench.ts';

const mac = '001122334455';
let bench: EdgeBench;
let phone: TestPhone;

beforeAll(async () => {
  bench = await edgeBench({ nodes: 2 });
  phone = new TestPhone(bench.e, bench.ca, await bench.mic(mac));
});
afterAll(async () => {
  phone?.[Symbol.dispose]();
  await bench?.[Symbol.asyncDispose]();
});

const flows = () => bench.cluster.nodes.flatMap((node) => [...node.sipConnections]);

async function echo(socket: TLSSocket, text: string): Promise<void> {
  let got = '';
  const heard = (chunk: Buffer) => {
    got += chunk.toString('latin1');
  };
  socket.on('data', heard);
  socket.write(text);
  await until(() => got === text);
  socket.off('data', heard);
}

describe('SIP through the edge', () => {
  it('carries octets both ways, and vouches for the phone first', async () => {
    const vouched: string[] = [];
    const usual = bench.cluster.onSip;
    bench.cluster.onSip = (vouch, socket, node) => {
      vouched.push(`${vouch.edge} ${vouch.sourceAddress} ${vouch.chain.length > 0}`);
      usual(vouch, socket, node);
    };
    const socket = await phone.sip();
    await echo(socket, 'REGISTER sip:ucm SIP/2.0\r\n\r\n');
    expect(vouched).toEqual(['e1 127.0.0.1 true']);
    socket.destroy();
    await until(() => flows().length === 0);
    bench.cluster.onSip = usual;
  });

  it('carries megabytes unchanged while the reader is slow, without holding them in memory', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const total = 256;
    const usual = bench.cluster.onSip;
    let sent = 0;
    bench.cluster.onSip = (_vouch, socket) => {
      const push = () => {
        while (sent < total) {
          sent++;
          if (!socket.write(chunk)) {
            socket.once('drain', push);
            return;
          }
        }
        socket.end();
      };
      push();
    };
    const socket = await phone.sip();
    socket.write('go');
    // Nobody reads: the sender has to stop long before all of it is under way.
    await until(() => sent > 2);
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((done) => setTimeout(done, 150));
    }
    expect(sent).toBeLessThan(total);
    let got = 0;
    socket.on('data', (each: Buffer) => {
      got += each.length;
    });
    await once(socket, 'end');
    expect(got).toBe(total * chunk.length);
    socket.destroy();
    bench.cluster.onSip = usual;
  });

  it('passes on that a phone has nothing more to say, and still lets it hear', async () => {
    const usual = bench.cluster.onSip;
    bench.cluster.onSip = (_vouch, socket) => {
      let heard = '';
      socket.on('data', (each: Buffer) => {
        heard += each.toString();
      });
      socket.once('end', () => socket.end(`heard ${heard}`));
    };
    const socket = await phone.sip();
    socket.end('last words');
    let got = '';
    socket.on('data', (each: Buffer) => {
      got += each.toString();
    });
    await once(socket, 'end');
    expect(got).toBe('heard last words');
    bench.cluster.onSip = usual;
  });

  it('ends cleanly at the phone when the node ends it', async () => {
    const socket = await phone.sip();
    await echo(socket, 'x');
    const ended = once(socket, 'end');
    for (const each of flows()) each.destroy();
    socket.resume();
    await ended;
    socket.destroy();
  });

  it('takes the node the phone’s group names first, and another when that one is gone', async () => {
    bench.cluster.sipOrder = ['ucm-b', 'ucm-a'];
    const [a, b] = bench.cluster.nodes;
    await until(() => flows().length === 0);
    const first = await phone.sip();
    await echo(first, 'x');
    expect([a!.sipConnections.size, b!.sipConnections.size]).toEqual([0, 1]);
    await b!.stop();
    const second = await phone.sip();
    await echo(second, 'y');
    expect(a!.sipConnections.size).toBe(1);
    first.destroy();
    second.destroy();
    await b!.start();
    await until(() => flows().length === 0);
  });

  it('is ended for a phone whose registration was ended inside', async () => {
    const socket = await phone.sip();
    await echo(socket, 'x');
    const ended = once(socket, 'end');
    socket.resume();
    bench.cluster.tell({ type: 'registration-ended', device: `SEP${mac}` });
    await ended;
    socket.destroy();
    await until(() => flows().length === 0);
  });

  it('is not opened for a phone without a certificate that a cluster trusts', async () => {
    const rogue = await makeMic({ issuer: await makeAuthority(), mac });
    for (const shown of [undefined, rogue]) {
      using other = new TestPhone(bench.e, bench.ca, shown);
      const socket = await other.sip();
      socket.resume();
      await once(socket, 'end');
      socket.destroy();
    }
    expect(flows()).toEqual([]);
  });
});
