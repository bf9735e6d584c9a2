import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { browserPath } from './support/visitor.ts';

const agent = new Agent({ rejectUnauthorized: false });
let program: RunningProgram;
/** Each console with somebody who may do everything there. */
let consoles: readonly { readonly name: string; readonly url: string; readonly authorization: string }[];
let nodeAuthorization: string;

beforeAll(async () => {
  program = await startAllInOne({ mra: true });
  nodeAuthorization = `Basic ${btoa(`${program.admin.user}:${program.admin.password}`)}`;
  consoles = [
    { name: 'https', url: program.endpoints['https']!, authorization: nodeAuthorization },
    consoleOf('cloudConsole', 'operator', 'cloud'),
    consoleOf('expresswayCConsole', 'admin', 'expressway-c'),
    consoleOf('expresswayEConsole', 'admin', 'expressway-e'),
  ];
});
afterAll(async () => {
  agent.destroy();
  await program?.[Symbol.asyncDispose]();
});

/** The first password of a console of the laboratory, from the file it was written to. */
function consoleOf(name: string, user: string, folder: string) {
  const file = readdirSync(program.dataDirectory, { recursive: true, encoding: 'utf8' }).find(
    (each) => each.includes(folder) && /password$/.test(each),
  );
  if (file === undefined) throw new Error(`no password file of ${folder}`);
  const password = readFileSync(join(program.dataDirectory, file), 'utf8').trim();
  return { name, url: program.endpoints[name]!, authorization: `Basic ${btoa(`${user}:${password}`)}` };
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

function send(method: string, url: string, headers: Record<string, string>, body?: string): Promise<Reply> {
  return new Promise((done, failed) => {
    const call = request(url, { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => done({ status: response.statusCode!, text }));
    });
    call.once('error', failed);
    call.end(body);
  });
}

const foreign = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
];

async function changingRoutes(url: string): Promise<readonly { method: string; path: string }[]> {
  const { paths } = JSON.parse((await send('GET', `${url}/api/v1/openapi.json`, {})).text) as {
    paths: Record<string, Record<string, unknown>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .map((method) => method.toUpperCase())
      .filter((method) => method !== 'GET')
      .map((method) => ({ method, path: path.replace(/\{[^}]+\}/g, 'x') })),
  );
}

const soapPaths = [
  '/axl/',
  '/axl',
  '/realtimeservice2/services/RISService70',
  '/perfmonservice2/services/PerfmonService',
];

describe('what a browser sends by itself', () => {
  it('opens no changing route of any console to a page of another site', async () => {
    for (const { name, url, authorization } of consoles) {
      const routes = await changingRoutes(url);
      expect(routes.length, name).toBeGreaterThan(4);
      for (const { method, path } of routes)
        for (const headers of foreign) {
          const answer = await send(method, url + path, { authorization, ...headers });
          expect(answer.status, `${name} ${method} ${path} ${JSON.stringify(headers)}`).toBe(403);
          expect(answer.text).toContain('cross_site_refused');
        }
    }
  });

  it('opens no SOAP door and no UDS to a page of another site', async () => {
    const { url } = consoles[0]!;
    for (const path of soapPaths)
      for (const headers of foreign)
        for (const type of ['text/xml', 'text/plain']) {
          const answer = await send(
            'POST',
            url + path,
            { authorization: nodeAuthorization, 'content-type': type, ...headers },
            envelope('addRoutePartition', '<routePartition><name>cross-site</name></routePartition>'),
          );
          expect(answer.status, `${path} ${type} ${JSON.stringify(headers)}`).toBe(403);
        }
    expect((await program.rest('GET', '/route-partitions/cross-site')).status).toBe(404);
    const read = await send('GET', `${url}/cucm-uds/users`, {
      authorization: nodeAuthorization,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
    });
    expect(read.status).toBe(403);
  });

  it('lets programs, the own pages and links through', async () => {
    const { url, authorization } = consoles[0]!;
    const read = (headers: Record<string, string>) => send('GET', `${url}/api/v1/me`, { authorization, ...headers });
    expect((await read({})).status).toBe(200);
    expect((await read({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })).status).toBe(200);
    expect((await read({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).status).toBe(200);
    const link = await send('GET', `${url}/selfcare`, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' });
    // Without a built console there is no page: what counts is that the link is not refused.
    expect(link.status).not.toBe(403);
  });
});

function envelope(operation: string, inner: string): string {
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><n:${operation} xmlns:n="http://www.cisco.com/AXL/API/14.0">${inner}</n:${operation}></s:Body></s:Envelope>`;
}

describe.skipIf(browserPath === undefined)('a real browser on a hostile page', () => {
  let browser: Browser;
  let page: ReturnType<typeof createServer>;
  let evil: string;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: browserPath!,
      args: ['--headless', '--no-sandbox', '--disable-gpu'],
    });
    // Another site on the same machine: sends whatever form its address names.
    page = createServer((asked, answer) => {
      const { searchParams } = new URL(asked.url!, 'http://x');
      const text = (searchParams.get('text') ?? '').replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      // A text/plain form sends name=value: the envelope is cut at an equals sign.
      const cut = text.indexOf('=');
      answer
        .setHeader('content-type', 'text/html')
        .end(
          `<form method=post enctype="${searchParams.get('type')}" action="${searchParams.get('to')}"><input name="${text.slice(0, cut)}" value="${text.slice(cut + 1)}"></form><script>document.forms[0].submit()</script>`,
        );
    });
    await new Promise<void>((done) => page.listen(0, '127.0.0.1', done));
    evil = `http://localhost:${(page.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await browser?.close();
    page?.close();
  });

  /** Lets the hostile page send its form; resolves to the status of what the server answered. */
  async function lure(context: BrowserContext, to: string, type: string, text: string): Promise<number> {
    const tab = await context.newPage();
    const answered = tab.waitForResponse((each) => each.url() === to && each.request().method() === 'POST');
    await tab.goto(`${evil}/?${new URLSearchParams({ to, type, text })}`);
    const status = (await answered).status();
    await tab.close();
    return status;
  }
  const add = (name: string) => envelope('addRoutePartition', `<routePartition><name>${name}</name></routePartition>`);

  it('is never asked for a password to remember, so the hostile form arrives without one', async () => {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      // Types the password into every question for one, and remembers it.
      httpCredentials: { username: program.admin.user, password: program.admin.password },
    });
    const url = program.endpoints['https']!;
    const tab = await context.newPage();
    for (const path of ['/axl/', '/realtimeservice2/services/RISService70', '/cucm-uds/users', '/api/v1/me'])
      expect((await tab.goto(url + path))!.status(), path).toBe(401);
    expect(await lure(context, `${url}/axl/`, 'text/plain', add('lured'))).toBe(403);
    expect((await program.rest('GET', '/route-partitions/lured')).status).toBe(404);
    await context.close();
  });

  it('gets nothing done even where the browser has remembered a password and holds a session', async () => {
    for (const { name, url, authorization } of consoles) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, extraHTTPHeaders: { authorization } });
      const routes = (await changingRoutes(url)).filter(({ method }) => method === 'POST').slice(0, 5);
      const targets =
        name === 'https' ? [...soapPaths, ...routes.map(({ path }) => path)] : routes.map(({ path }) => path);
      for (const path of targets)
        for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
          expect(await lure(context, url + path, type, add('remembered')), `${name} ${path} ${type}`).toBe(403);
      await context.close();
    }
    expect((await program.rest('GET', '/route-partitions/remembered')).status).toBe(404);
  });
});
