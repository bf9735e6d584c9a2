/**
 * `npm run dev`: a node that runs from its sources and starts again when one of them changes, and its pages with hot reload. Options are
 * those of `firstring run`; besides, `--console-port N` (5173).
 */
import { realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer as createVite } from 'vite';
import { NodeProcess } from './dev/node-process.ts';
import { restProxy } from './dev/rest-proxy.ts';
import { watchSources } from './dev/watch-sources.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
const consolePort = Number(take('--console-port') ?? 5173);
const dataDirectory = resolve(root, take('--data-dir') ?? take('-d') ?? join('.firstring', 'dev'));
const say = (line: string) => void process.stdout.write(`dev: ${line}\n`);

const pages = createServer();
const vite = await createVite({
  configFile: join(root, 'vite.config.ts'),
  root: join(root, 'src/web'),
  cacheDir: join(root, 'dist/vite'),
  // Its clearing of the screen would take the node's lines away.
  clearScreen: false,
  optimizeDeps: { entries: ['main.tsx', 'cloud/main.tsx', 'edge/main.tsx'] },
  plugins: [restProxy(() => node.ready)],
  // With a server of its own it would end this process at SIGTERM, before the node has stopped.
  server: {
    middlewareMode: { server: pages },
    ws: { server: pages },
    // Dependencies may lie elsewhere: several checkouts share them by a link.
    fs: { allow: [root, realpathSync(join(root, 'node_modules'))] },
  },
});
pages.on('request', vite.middlewares);
const listening = await new Promise<Error | true>((done) => {
  pages.once('error', done);
  pages.listen(consolePort, 'localhost', () => done(true));
});
if (listening !== true) {
  await vite.close();
  say(`the pages cannot be served: ${listening.message}; choose another port with --console-port N`);
  process.exit(1);
}
const { port } = pages.address() as AddressInfo;
say(`pages with hot reload at http://localhost:${port}/ (/selfcare, /lab, /cloud/, /edge/, /edge/?c)`);
say('Ctrl-C ends everything');
const node = new NodeProcess({ root, dataDirectory, arguments: ['--lab', ...words], say });
const sources = watchSources(root, (path) => {
  say(`${path} changed: the node starts again`);
  node.restart();
});

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());

async function end(): Promise<void> {
  // Who asks twice does not want to wait.
  if (ending) return node.kill();
  ending = true;
  sources.close();
  pages.close();
  pages.closeAllConnections();
  await Promise.all([vite.close(), node.stop()]);
  process.exit(0);
}

/** Takes an option with its value out of the words. */
function take(name: string): string | undefined {
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at < 0) return undefined;
  const [word] = words.splice(at, 1);
  return word!.includes('=') ? word!.slice(word!.indexOf('=') + 1) : words.splice(at, 1)[0];
}
