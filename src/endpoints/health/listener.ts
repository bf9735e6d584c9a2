import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../kernel/log.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import type { ConnectionLimits } from '../listen/connection-limits.ts';
import { HttpDrain } from '../listen/http-drain.ts';

export interface HealthOptions {
  readonly address: string;
  readonly port: number;
  readonly metrics: { render(): Promise<string>; readonly contentType: string };
  /** Empty: ready. Otherwise what is missing, in plain words. */
  readonly notReady: () => readonly string[];
  /** What somebody should look at although it is ready: told below `ready`. */
  readonly warnings?: () => readonly string[];
  readonly connections: ConnectionLimits;
  readonly log: Log;
}

export interface HealthListener extends AsyncDisposable {
  readonly port: number;
}

/** `/metrics` (Prometheus), `/healthz` (the process answers), `/readyz` (it can serve phones now). Plain HTTP for anybody who reaches it: keep it inside. */
export async function listenForHealth(options: HealthOptions): Promise<HealthListener> {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 8_192, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      const answer = (status: number, body: string, type = 'text/plain; charset=utf-8') => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
        response.end(request.method === 'HEAD' ? undefined : body);
      };
      if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'only GET\n');
      switch (request.url?.split('?')[0]) {
        case '/healthz':
          return answer(200, 'ok\n');
        case '/readyz': {
          const missing = options.notReady();
          const warnings = (options.warnings?.() ?? []).map((each) => `warning: ${each}`);
          return missing.length === 0
            ? answer(200, ['ready', ...warnings, ''].join('\n'))
            : answer(503, [...missing, ...warnings, ''].join('\n'));
        }
        case '/metrics':
          options.metrics.render().then(
            (text) => answer(200, text, options.metrics.contentType),
            () => answer(500, 'metrics failed\n'),
          );
          return;
        default:
          return answer(404, 'only /metrics, /healthz and /readyz\n');
      }
    },
  );
  const gate = new ConnectionGate('metrics', options.connections, options.log);
  const drain = new HttpDrain(gate.guard(server), gate);
  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen(options.port, options.address, ready);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await drain.close(1_000);
    },
  };
}
