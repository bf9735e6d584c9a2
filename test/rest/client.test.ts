import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSource } from '../../scripts/client/client-source.ts';
import { type Client, firstringClient, RefusedError } from '../../src/contract/client/client.ts';
import { password, send, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
let client: Client;
beforeAll(async () => {
  rest = await startRest();
  client = firstringClient({ url: rest.origin, user: 'super', password, fetch: overTestTls });
});
afterAll(() => rest[Symbol.asyncDispose]());

/** The runtime's fetch would not trust the certificate of the test. */
const overTestTls: typeof fetch = async (input, init = {}) => {
  const { pathname, search } = new URL(String(input));
  const headers = init.headers as Record<string, string>;
  const answer = await send(rest.port, init.method ?? 'GET', pathname + search, {
    as: null,
    headers,
    ...(init.body != null && {
      raw: { type: headers['content-type']!, text: init.body as string | Uint8Array },
    }),
  });
  return new Response(answer.status === 204 ? null : answer.text, {
    status: answer.status,
    headers: { 'content-type': answer.headers['content-type'] ?? '' },
  });
};

describe('the client in TypeScript', () => {
  it('is what the OpenAPI document says (node scripts/generate-client.ts writes it anew)', async () => {
    const { body } = await rest.call('GET', '/openapi.json');
    const written = await readFile(new URL('../../src/contract/client/operations.ts', import.meta.url), 'utf8');
    expect(clientSource(body) === written, 'src/contract/client/operations.ts is out of step').toBe(true);
  });

  it('adds, reads, changes and deletes', async () => {
    const added = await client.call('postPhones', { body: { model: 'Cisco 8845', description: 'Käse' } });
    const read = await client.call('getPhonesByName', { path: { name: added.name } });
    expect(read.description).toBe('Käse');
    await client.call('patchPhonesByName', {
      path: { name: added.name },
      ifMatch: `"${read.version}"`,
      body: { description: 'Brot' },
    });
    const { items } = await client.call('getPhones', { query: { search: 'Brot', limit: 5 } });
    expect(items.map(({ name }) => name)).toEqual([added.name]);
    expect(await client.call('deletePhonesByName', { path: { name: added.name } })).toBeUndefined();
  });

  it('sends a POST again when its answer gets lost, and it is carried out once', async () => {
    const sent: (string | undefined)[] = [];
    const losing = firstringClient({
      url: rest.origin,
      user: 'super',
      password,
      fetch: async (input, init) => {
        sent.push((init!.headers as Record<string, string>)['idempotency-key']);
        const answer = await overTestTls(input, init);
        if (sent.length < 3) throw new TypeError('fetch failed');
        return answer;
      },
    });
    const added = await losing.call('postPhones', { body: { model: 'Cisco 8845', description: 'only once' } });
    expect(sent).toHaveLength(3);
    expect(sent[0]).toBeTruthy();
    expect(new Set(sent).size).toBe(1);
    const { items } = await client.call('getPhones', { query: { search: 'only once' } });
    expect(items.map(({ name }) => name)).toEqual([added.name]);
  });

  it('gives refusals with their code and remedy', async () => {
    const refusal = await client.call('getPhonesByName', { path: { name: 'SEP00C0DE00FFFF' } }).catch((error) => error);
    expect(refusal).toBeInstanceOf(RefusedError);
    expect(refusal.status).toBe(404);
    expect(refusal.problem).toMatchObject({ code: 'phone_not_found', remedy: expect.any(String) });
  });
});
