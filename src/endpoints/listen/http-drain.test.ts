import { once } from 'node:events';
import { Agent, createServer, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ConnectionGate } from './connection-gate.ts';
import { connectionLimits } from './connection-limits.ts';
import { HttpDrain } from './http-drain.ts';

/** Longer than any test: what ends sooner was not ended by it. */
const patience = 600_000;

async function door() {
  const held: ServerResponse[] = [];
  const server = createServer({ keepAliveTimeout: patience }, (req, response) => {
    if (req.url === '/held') held.push(response);
    else response.end('at once');
  });
  const gate = new ConnectionGate('test', connectionLimits('console', undefined, { silentMs: patience }));
  const drain = new HttpDrain(gate.guard(server), gate);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  const ask = (path: string) =>
    new Promise<{ text: string; connection: string | undefined }>((done, failed) => {
      const asked = request({ port, host: '127.0.0.1', path, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => done({ text, connection: response.headers.connection }));
      });
      asked.on('error', failed);
      asked.end();
    });
  const waiting = async () => {
    while (held.length === 0) await new Promise((done) => setImmediate(done));
    return held[0]!;
  };
  return { port, drain, ask, waiting, agent };
}

describe('a listener that closes', () => {
  it('answers what is asked, says that the connection ends, and ends it', async () => {
    const { agent, ask, drain, waiting } = await door();
    const answer = ask('/held');
    const response = await waiting();
    const closed = drain.close(patience);
    response.end('late');
    expect(await answer).toEqual({ text: 'late', connection: 'close' });
    await closed;
    agent.destroy();
  });

  it('ends a connection whose answer was already under way when its last octet is out', async () => {
    const { agent, ask, drain, waiting } = await door();
    const answer = ask('/held');
    const response = await waiting();
    response.writeHead(200, { 'content-length': 8 });
    response.write('half');
    const closed = drain.close(patience);
    response.end('half');
    expect((await answer).text).toBe('halfhalf');
    await closed;
    agent.destroy();
  });

  it('does not wait for connections that are idle, or on which nothing was ever said', async () => {
    const { agent, ask, drain, port } = await door();
    await ask('/');
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    await drain.close(patience);
    await once(silent, 'close');
    agent.destroy();
  });
});
