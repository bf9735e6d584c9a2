import { Agent, request } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openStage, type Stage } from './support/visitor.ts';

describe.skipIf(browserPath === undefined)('the pages as files', () => {
  let stage: Stage;
  let agent: Agent;
  beforeAll(async () => {
    stage = await openStage();
    agent = new Agent({ ca: stage.program.clusterCa });
  });
  afterAll(async () => {
    agent?.destroy();
    await stage?.[Symbol.asyncDispose]();
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const asked = request(`${stage.address}${path}`, { agent, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) }),
        );
      });
      asked.on('error', reject);
      asked.end();
    });

  it('allow no inline script, nothing from elsewhere, no frame, and one nonce per answer', async () => {
    const [first, second] = [await get('/'), await get('/selfcare')];
    for (const { status, headers, body } of [first, second]) {
      expect(status).toBe(200);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
      expect(body.toString()).toContain(nonce);
      expect(body.toString()).not.toMatch(/<script(?![^>]*src=)/);
      expect(headers['cache-control']).toBe('no-store');
    }
    expect(first.headers['content-security-policy']).not.toBe(second.headers['content-security-policy']);
  });

  it('are cached for good under names that carry their content, and come packed', async () => {
    const page = (await get('/')).body.toString();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)![1]!;
    const plain = await get(script);
    const packed = await get(script, { 'accept-encoding': 'gzip' });
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
    expect(packed.body.length).toBeLessThan(plain.body.length / 2);
  });

  it('are found by their own addresses, and nothing else is', async () => {
    for (const path of ['/device/phones', '/device/phones/SEP001122334455', '/users/ann', '/audit', '/lab'])
      expect((await get(path, { accept: 'text/html' })).headers['content-type']).toContain('text/html');
    for (const path of [
      '/assets/../package.json',
      '/assets/%2e%2e/index.html',
      '/assets/x.js',
      '/nothing',
      '/index.html',
    ])
      expect((await get(path)).status).toBe(404);
    expect((await get('/phones', { accept: 'text/html' })).status).toBe(200);
    for (const path of ['/api/v1/nothing', '/assets/nothing.js'])
      expect((await get(path, { accept: 'text/html' })).headers['content-type']).toContain('application/problem+json');
  });
});
