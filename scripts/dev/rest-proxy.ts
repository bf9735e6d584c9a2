import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { Plugin } from 'vite';
import type { Runtime } from './node-process.ts';

/** How long a request waits for a node that is starting. In ms. */
const patience = 60_000;

/** The listener that serves the API of a page. The pages of an edge are one: `/edge/?c` shows that of Expressway-C. */
function listenerFor(page: URL): string {
  if (page.pathname.startsWith('/cloud/')) return 'cloudConsole';
  if (page.pathname.startsWith('/edge/'))
    return page.searchParams.has('c') ? 'expresswayCConsole' : 'expresswayEConsole';
  return 'https';
}

/** Hands what pages ask of `/api/v1/` to the node that runs, as if its own pages had asked. Requests wait while it starts. */
export function restProxy(ready: () => Promise<Runtime>): Plugin {
  // Only here: certificates of a laboratory on this machine are signed by authorities that were made with it.
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  return {
    name: 'firstring-rest',
    buildEnd: () => agent.destroy(),
    configureServer(server) {
      server.middlewares.use((incoming, outgoing, next) => {
        // src/web/api is served as /api by Vite.
        if (!incoming.url?.startsWith('/api/v')) return next();
        forward(incoming, outgoing, { ready, agent }).catch((error: Error) => refuse(outgoing, error.message));
      });
    },
  };
}

async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { ready, agent }: { readonly ready: () => Promise<Runtime>; readonly agent: Agent },
): Promise<void> {
  const own = `http://${incoming.headers.host}`;
  const name = listenerFor(new URL(incoming.headers.referer ?? own));
  const { endpoints } = await soon(ready());
  const target = endpoints[name];
  if (target === undefined) throw new Error(`the node has no ${name}: this page needs one that runs it (--lab)`);
  const { host, origin } = new URL(target);
  const headers = { ...incoming.headers, host };
  // What other sites send keeps its own origin, and is refused as ever.
  if (headers.origin === own) headers.origin = origin;
  const asked = request(new URL(incoming.url!, target), { method: incoming.method, headers, agent }, (answer) => {
    outgoing.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(outgoing);
  });
  asked.once('error', (error) => refuse(outgoing, error.message));
  outgoing.once('close', () => asked.destroy());
  incoming.pipe(asked);
}

async function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error('the node is not ready: see what it prints')), patience);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** RFC 9457, so that pages show it as they show every problem. */
function refuse(outgoing: ServerResponse, detail: string): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.writeHead(502, { 'content-type': 'application/problem+json' });
  outgoing.end(JSON.stringify({ status: 502, title: 'No node answers', detail, code: 'not_ready' }));
}
