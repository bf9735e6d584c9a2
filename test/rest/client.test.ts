import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSource, type OpenApi } from '../../scripts/client/client-source.ts';
import { openApiDocuments } from '../../scripts/client/documents.ts';
import {
  type Client,
  firstringClient,
  RefusedError,
  type Sent,
  type UnifiedCm,
} from '../../src/contract/client/client.ts';
import { password, send, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
let client: Client<UnifiedCm>;
beforeAll(async () => {
  rest = await startRest();
  client = firstringClient({ url: rest.origin, user: 'super', password, fetch: overTestTls });
});
afterAll(() => rest[Symbol.asyncDispose]());

/** The runtime's fetch would not trust the certificate of the test. */
async function overTestTls(url: string, { method, headers, body }: Sent): Promise<Response> {
  const { pathname, search } = new URL(url);
  const answer = await send(rest.port, method, pathname + search, {
    as: null,
    headers,
    ...(body !== undefined && { raw: { type: headers['content-type']!, text: body as string | Uint8Array } }),
  });
  return new Response(answer.status === 204 ? null : answer.text, {
    status: answer.status,
    headers: {
      'content-type': answer.headers['content-type'] ?? '',
      ...(answer.headers.etag !== undefined && { etag: answer.headers.etag }),
    },
  });
}

describe('the client in TypeScript', () => {
  it('is made from what a system serves', async () => {
    const { body: served } = await rest.call('GET', '/openapi.json');
    const { paths, components } = openApiDocuments().UnifiedCm;
    // The test runs without a lab.
    const plain = Object.fromEntries(Object.entries(paths).filter(([path]) => !path.startsWith('/api/v1/lab/')));
    const routes = (of: OpenApi['paths']) => clientSource('UnifiedCm', { paths: of, components: { schemas: {} } });
    const sorted = (of: OpenApi['paths']) => routes(of).split('\n').toSorted();
    expect(sorted(plain)).toEqual(sorted(served.paths));
    expect(components.schemas).toMatchObject(served.components.schemas);
  });

  it('adds, reads, changes and deletes', async () => {
    const { body: added } = await client.call('POST /phones', { body: { model: 'Cisco 8845', description: 'Käse' } });
    const path = { name: added.name };
    const read = await client.call('GET /phones/{name}', { path });
    expect(read.body.description).toBe('Käse');
    expect(read.version).toBe(read.body.version);
    await client.call('PATCH /phones/{name}', { path, version: read.version, body: { description: 'Brot' } });
    const { body: list } = await client.call('GET /phones', { query: { search: 'Brot', limit: 5 } });
    expect(list.items.map(({ name }) => name)).toEqual([added.name]);
    const late = client.call('PATCH /phones/{name}', { path, version: read.version, body: { description: 'x' } });
    await expect(late).rejects.toMatchObject({ status: 412 });
    expect((await client.call('DELETE /phones/{name}', { path })).body).toBeUndefined();
  });

  it('sends a POST again when its answer gets lost, and it is carried out once', async () => {
    const sent: (string | undefined)[] = [];
    const losing = firstringClient({
      url: rest.origin,
      user: 'super',
      password,
      fetch: async (url, init) => {
        sent.push(init.headers['idempotency-key']);
        const answer = await overTestTls(url, init);
        if (sent.length < 3) throw new TypeError('fetch failed');
        return answer;
      },
    });
    const { body: added } = await losing.call('POST /phones', {
      body: { model: 'Cisco 8845', description: 'only once' },
    });
    expect(sent).toHaveLength(3);
    expect(sent[0]).toBeTruthy();
    expect(new Set(sent).size).toBe(1);
    const { body: list } = await client.call('GET /phones', { query: { search: 'only once' } });
    expect(list.items.map(({ name }) => name)).toEqual([added.name]);
  });

  it('does not send a POST again that reached nobody', async () => {
    let sent = 0;
    const away = firstringClient({
      url: rest.origin,
      fetch: async () => {
        sent += 1;
        throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });
      },
    });
    await expect(away.call('POST /phones', { body: { model: 'Cisco 8845' } })).rejects.toThrow('fetch failed');
    expect(sent).toBe(1);
  });

  it('gives refusals with their code and remedy', async () => {
    const refusal = await client
      .call('GET /phones/{name}', { path: { name: 'SEP00C0DE00FFFF' } })
      .catch((error) => error);
    expect(refusal).toBeInstanceOf(RefusedError);
    expect(refusal.status).toBe(404);
    expect(refusal.problem).toMatchObject({ code: 'phone_not_found', remedy: expect.any(String) });
  });
});
