import { Agent, request } from 'node:http';
import type { HostPort } from '../boot/types.ts';

/** `absent`: 404. `failed`: no answer that can be used; `detail` says why. */
export type HttpOutcome =
  | { readonly type: 'found'; readonly bytes: Uint8Array }
  | { readonly type: 'absent' }
  | { readonly type: 'failed'; readonly detail: string };

export interface HttpReadOptions {
  readonly agent: Agent;
  /** Octets. */
  readonly maxSize: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One connection a phone keeps open while it boots. */
export function httpAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 2 });
}

/** Reads one file over the TFTP service's HTTP port. Rejects only when aborted. */
export function httpRead(server: HostPort, fileName: string, options: HttpReadOptions): Promise<HttpOutcome> {
  const { agent, maxSize, timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    const fail = (detail: string) => resolve({ type: 'failed', detail });
    const asked = request(
      {
        host: server.host,
        port: server.port,
        path: `/${encodeURIComponent(fileName)}`,
        agent,
        signal,
        timeout: timeoutMs,
      },
      (response) => {
        if (response.statusCode === 404) {
          response.resume();
          return response.on('end', () => resolve({ type: 'absent' }));
        }
        if (response.statusCode !== 200) {
          response.resume();
          return fail(`HTTP ${response.statusCode}`);
        }
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > maxSize) {
            fail('the file is too large');
            return asked.destroy();
          }
          parts.push(part);
        });
        response.on('end', () => {
          if (response.complete) resolve({ type: 'found', bytes: Buffer.concat(parts) });
          else fail('the answer broke off');
        });
        response.on('error', (error) => fail(error.message));
        return undefined;
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.on('error', (error) => {
      if (signal.aborted) reject(signal.reason);
      else fail(error.message);
    });
    asked.end();
  });
}
