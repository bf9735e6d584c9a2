import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { EdgeBench } from './edge-bench.ts';

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: string;
}

const agent = new Agent({ rejectUnauthorized: false });

/** REST of a console; by default as its administrator. */
export async function callConsole(
  bench: EdgeBench,
  side: 'c' | 'e',
  method: string,
  path: string,
  { body, headers, as }: Asked = {},
) {
  const running = bench[side];
  const url = side === 'e' ? bench.e.endpoints.expresswayEConsole : bench.c.endpoints.expresswayCConsole;
  const password = (await readFile(running.consolePasswordFile, 'utf8')).trim();
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise<{ status: number; headers: Record<string, unknown>; body: never }>((resolve, reject) => {
    const sent = request(`${url}/api/v1${path}`, {
      method,
      agent,
      headers: {
        ...(as === 'nobody'
          ? {}
          : { authorization: `Basic ${Buffer.from(as ?? `admin:${password}`).toString('base64')}` }),
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        answer += part;
      });
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: (answer === '' ? undefined : JSON.parse(answer)) as never,
        }),
      );
    });
    sent.end(text);
  });
}
