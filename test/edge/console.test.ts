import { readdir, readFile, stat } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSource, type OpenApi } from '../../scripts/client/client-source.ts';
import { openApiDocuments } from '../../scripts/client/documents.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { type Asked, callConsole } from './support/console-call.ts';
import { domain, type EdgeBench, edgeBench, startBody, TestPhone, until } from './support/edge-bench.ts';

let bench: EdgeBench;
const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

beforeAll(async () => {
  bench = await edgeBench();
});
afterAll(async () => {
  agent.destroy();
  await bench?.[Symbol.asyncDispose]();
});

const call = (side: 'c' | 'e', method: string, path: string, asked?: Asked) =>
  callConsole(bench, side, method, path, asked);

describe('the consoles', () => {
  it('serve what their typed client is made from', async () => {
    const documents = openApiDocuments();
    for (const [side, api] of [
      ['c', 'ExpresswayC'],
      ['e', 'ExpresswayE'],
    ] as const) {
      const { body } = await call(side, 'GET', '/openapi.json', { as: 'nobody' });
      expect(clientSource(api, body as OpenApi)).toBe(clientSource(api, documents[api]));
    }
  });

  it('let nobody in without the password, and say so to a stranger for every route', async () => {
    for (const side of ['c', 'e'] as const) {
      const { body } = await call(side, 'GET', '/openapi.json', { as: 'nobody' });
      const { paths } = body as { paths: Record<string, Record<string, unknown>> };
      for (const [path, methods] of Object.entries(paths)) {
        for (const method of Object.keys(methods)) {
          const plain = path.replace('/api/v1', '').replace(/\{[^}]+\}/g, 'x');
          if (['/role', '/session', '/problems', '/problems/x'].includes(plain)) continue;
          const answer = await call(side, method.toUpperCase(), plain, { as: 'nobody' });
          expect(answer, `${method} ${path}`).toMatchObject({ status: 401 });
        }
      }
      expect(await call(side, 'GET', '/status', { as: 'admin:wrong' })).toMatchObject({
        status: 401,
        body: { code: 'sign_in_refused' },
      });
    }
  });

  it('take a change with a cookie only from their own page', async () => {
    const password = (await readFile(bench.c.consolePasswordFile, 'utf8')).trim();
    const origin = bench.c.endpoints.expresswayCConsole;
    const opened = await call('c', 'POST', '/session', {
      as: 'nobody',
      body: { userId: 'admin', password },
      headers: { origin },
    });
    expect(opened.status).toBe(201);
    const cookie = String((opened.headers['set-cookie'] as string[])[0]);
    expect(cookie).toMatch(/^__Host-firstring-c=[^;]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    const { csrfToken } = opened.body as { csrfToken: string };
    const id = bench.cluster.id;
    const refresh = (headers: Record<string, string>) =>
      call('c', 'POST', `/clusters/${id}/refresh`, {
        as: 'nobody',
        headers: { cookie: cookie.split(';')[0]!, ...headers },
      });
    expect(await refresh({})).toMatchObject({ status: 403, body: { code: 'cross_site_refused' } });
    expect(await refresh({ origin: 'https://evil.test', 'x-csrf-token': csrfToken })).toMatchObject({ status: 403 });
    expect(await refresh({ origin })).toMatchObject({ status: 403 });
    expect(await refresh({ origin, 'x-csrf-token': csrfToken })).toMatchObject({
      status: 200,
      body: { answered: true },
    });
  });

  it('keep all that is secret in files nobody else may read', async () => {
    for (const name of ['e1', 'c1']) {
      const directory = join(bench.directory, name);
      for (const file of await readdir(directory)) {
        const { mode } = await stat(join(directory, file));
        expect(mode & 0o077, `${name}/${file}`).toBe(0);
      }
    }
  });

  it('change their password and end the sessions', async () => {
    await using other = await bench.startE('e9');
    const at = (method: string, path: string, body: unknown, as: string) =>
      callAt(other.endpoints.expresswayEConsole, method, path, body, as);
    const first = (await readFile(other.consolePasswordFile, 'utf8')).trim();
    const next = 'quite another one';
    expect(await at('PUT', '/password', { current: 'wrong', password: next }, `admin:${first}`)).toBe(401);
    for (const weak of ['Summer2026!!', 'admin-admin-admin', 'aaaaaaaaaaaaaaaa'])
      expect(await at('PUT', '/password', { current: first, password: weak }, `admin:${first}`)).toBe(422);
    expect(await at('PUT', '/password', { current: first, password: next }, `admin:${first}`)).toBe(204);
    expect(await at('GET', '/status', undefined, `admin:${first}`)).toBe(401);
    expect(await at('GET', '/status', undefined, `admin:${next}`)).toBe(200);
    // Who is signed in has no more guesses at the password than a stranger, and is not thrown out for them.
    const statuses: number[] = [];
    for (let guess = 0; guess < 11; guess++)
      statuses.push(await at('PUT', '/password', { current: `no ${guess}`, password: next }, `admin:${next}`));
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 401), 429, 429]);
    expect(await at('GET', '/status', undefined, `admin:${next}`)).toBe(200);
  });
});

function callAt(url: string, method: string, path: string, body: unknown, as: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/v1${path}`, {
      method,
      agent,
      auth: as,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe('MRA access control', () => {
  const put = (body: object) => call('c', 'PUT', '/access-control', { body });
  const on = { authorizeByOauthTokenWithRefresh: true, allowActivationCodeOnboarding: true, domains: [] };

  it('does not let activations in without tokens', async () => {
    expect(await put({ ...on, authorizeByOauthTokenWithRefresh: false })).toMatchObject({
      status: 422,
      body: { code: 'activation_needs_oauth', field: 'allowActivationCodeOnboarding' },
    });
  });

  it('is not changed by somebody who has read something else than what holds', async () => {
    const read = await call('c', 'GET', '/access-control');
    const ifMatch = { 'if-match': String(read.headers['etag']) };
    expect((await put({ ...on, domains: ['theirs.example.org'] })).status).toBe(200);
    const stale = await call('c', 'PUT', '/access-control', {
      body: { ...on, domains: ['mine.example.org'] },
      headers: ifMatch,
    });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_conflict' } });
    expect((await call('c', 'GET', '/access-control')).body).toMatchObject({ domains: ['theirs.example.org'] });
    expect((await put(on)).status).toBe(200);
  });

  it('switched off, makes E neither ask for certificates nor let activations in; switched on again, it does', async () => {
    const mic = await bench.mic('001122334455');
    expect((await put({ ...on, allowActivationCodeOnboarding: false })).status).toBe(200);
    const asks = async () => (await call('e', 'GET', '/status')).body as { asksForCertificate: boolean };
    await until(async () => !(await asks()).asksForCertificate);
    using without = new TestPhone(bench.e, bench.ca, mic);
    expect(await without.ask('POST', '/das/v1/activation/start', { body: startBody('001122334455') })).toMatchObject({
      status: 503,
      json: { error: 'busy' },
    });
    expect((await put(on)).status).toBe(200);
    await until(async () => (await asks()).asksForCertificate);
    using again = new TestPhone(bench.e, bench.ca, mic);
    expect((await again.ask('POST', '/das/v1/activation/start', { body: startBody('001122334455') })).status).toBe(200);
  });

  it('names the domains this edge answers for; others are not found', async () => {
    const path = `/${Buffer.from(domain).toString('base64url')}/get_edge_config`;
    using phone = new TestPhone(bench.e, bench.ca, await bench.mic('001122334455'));
    expect((await put({ ...on, domains: ['other.example.org'] })).status).toBe(200);
    await until(async () => (await phone.ask('GET', path)).status === 404);
    expect((await put({ ...on, domains: ['MRA.firstring.test.'] })).body).toMatchObject({ domains: [domain] });
    await until(async () => (await phone.ask('GET', path)).status === 200);
    expect(await put({ ...on, domains: ['not a domain'] })).toMatchObject({
      status: 422,
      body: { field: 'domains[0]' },
    });
    await put(on);
  });
});

describe('Unified CM servers', () => {
  type Status = { clusters: { nodes: { name: string }[]; problem: string | null; serviceDomains: string[] }[] };
  const status = async () => (await call('c', 'GET', '/status')).body as Status;

  it('are discovered by one address, and a change inside is seen without anybody refreshing', async () => {
    expect((await status()).clusters[0]!.nodes.map(({ name }) => name)).toEqual(['ucm-a']);
    const since = performance.now();
    const node = await bench.cluster.addNode('ucm-b');
    await until(async () => (await status()).clusters[0]!.nodes.length === 2);
    bench.cluster.change({ serviceDomains: [domain, 'new.firstring.test'] });
    await until(async () => {
      const { body } = await call('e', 'GET', '/status');
      return (body as { domains: string[] }).domains.includes('new.firstring.test');
    });
    expect(performance.now() - since).toBeLessThan(5_000);
    await node.stop();
  });

  it('show why they cannot be reached, and come back by themselves', async () => {
    const [a] = bench.cluster.nodes;
    await a!.stop();
    await until(async () => (await status()).clusters[0]!.problem !== null);
    await a!.start();
    await until(async () => (await status()).clusters[0]!.problem === null);
  });

  it('lose this Expressway-C when the cluster forgets it, in words', async () => {
    bench.cluster.forget();
    await call('c', 'POST', `/clusters/${bench.cluster.id}/refresh`);
    expect((await status()).clusters[0]!.problem).toBe('it does not know this Expressway-C any more');
    await bench.c.addCluster({ register: bench.cluster.register });
    expect((await status()).clusters[0]!.problem).toBeNull();
  });

  it('are not added by an address that is none', async () => {
    const body = { url: 'https://127.0.0.1:1', user: 'admin', password: 'x', clusterCa: derToPem(bench.e.serverRoot) };
    expect(await call('c', 'POST', '/clusters', { body })).toMatchObject({
      status: 502,
      body: { code: 'cluster_unreachable', field: 'url' },
    });
    // There is something, but not of that authority.
    const other = { ...body, url: bench.e.endpoints.expresswayEConsole };
    expect(await call('c', 'POST', '/clusters', { body: other })).toMatchObject({
      status: 422,
      body: { code: 'cluster_not_trusted' },
    });
  });
});
