import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CloudBench, cloudBench } from './cloud-bench.ts';

let bench: CloudBench;
beforeAll(async () => {
  bench = await cloudBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

describe('nonsense to the operator’s REST', () => {
  it('is answered with a problem document on every route, never with a failure of ours', async () => {
    const document = (await bench.rest('GET', '/openapi.json')).body as {
      paths: Record<string, Record<string, object>>;
    };
    const values = [
      null,
      1,
      -1,
      1e9,
      'x',
      '',
      'a'.repeat(5000),
      [],
      {},
      { id: null },
      '\u0000',
      { name: '\ud800' },
      { quota: -1, limit: 'x' },
    ];
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (!('requestBody' in operation)) continue;
        for (const body of values) {
          const filled = path.replace('/api/v1', '').replace(/\{[^}]+\}/g, '5b7b0b38-6f0c-4b4e-9a6a-3d1a5d6b1c55');
          const answer = await bench.rest(method.toUpperCase(), filled, body);
          const { status, body: problem } = answer as { status: number; body: { code?: string } | undefined };
          // An empty body makes a voucher without a note.
          if (path.endsWith('/vouchers') && status === 201) continue;
          expect([method, path, status >= 400 && status < 500, typeof problem?.code]).toEqual([
            method,
            path,
            true,
            'string',
          ]);
        }
      }
    }
    for (const query of ['?limit=0', '?limit=x', '?cursor=%00', '?cursor=eyJ9', '?state=removed', '?unknown=1'])
      expect((await bench.rest('GET', `/clusters${query}`)).status).toBe(400);
  });
});

describe('health and figures', () => {
  it('tell that it serves, and what phones were answered', async () => {
    await using node = await bench.another({ ports: { cloud: 0, cloudConsole: 0, metrics: 0 } });
    const get = async (path: string) => (await fetch(`${node.endpoints.cloudMetrics}${path}`)).text();
    expect(await get('/readyz')).toBe('ready\n');
    expect(node.notReady()).toEqual([]);
    const metrics = await get('/metrics');
    for (const name of ['cloud_resolves_total', 'cloud_request_seconds', 'cloud_locators', 'cloud_database_up 1'])
      expect(metrics).toContain(`firstring_${name}`);
  });
});
