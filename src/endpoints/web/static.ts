import { randomBytes } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export interface WebOptions {
  /** Where the built console lies (dist/web). */
  readonly directory: string;
  /** The page of this role below it. Default `/index.html`: the console. */
  readonly page?: string;
}

interface StaticFile {
  readonly type: string;
  readonly plain: Buffer;
  /** Absent where packing gains nothing. */
  readonly packed: Buffer | undefined;
  readonly cache: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Only our own files, no inline script; the one <style> the component library makes carries the answer's nonce. */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * Serves the console at `/` and Self Care at `/selfcare`. Everything built is read once, at start: no path of a request ever reaches
 * the file system. Names under /assets carry a hash of their content and are cached for good; the page itself never is.
 */
export function serveWeb(app: FastifyInstance, options: WebOptions): void {
  const files = readFiles(options.directory);
  const name = options.page ?? '/index.html';
  const page = files.get(name)?.plain.toString('utf8');
  if (page === undefined) throw new Error(`there is no ${name} in ${options.directory}: build the web part first`);
  for (const [path, file] of files) {
    // Pages go out only with a nonce, and those of other roles not at all.
    if (path.endsWith('.html')) continue;
    app.get(path, { exposeHeadRoute: true }, (request, reply) => sendFile(request, reply, file));
  }
  const sendPage = (_request: FastifyRequest, reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .headers({
        'content-security-policy': policy(nonce),
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
        'cache-control': 'no-store',
        'content-type': types['.html']!,
      })
      .send(page.replaceAll('__NONCE__', nonce));
  };
  for (const path of ['/', '/selfcare']) app.get(path, { exposeHeadRoute: true }, sendPage);
  // Pages have addresses of their own: a reload or a sent link must work, and one that leads nowhere is told so by the console. Whoever
  // does not ask for a page, and every address of the API, gets the API's own answer.
  app.get('/*', { exposeHeadRoute: true }, (request, reply) => {
    const wantsPage = /\btext\/html\b/.test(String(request.headers.accept ?? ''));
    if (!wantsPage || request.url.startsWith('/api/') || request.url.startsWith('/assets/'))
      return reply.callNotFound();
    return sendPage(request, reply);
  });
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: StaticFile): FastifyReply {
  reply.headers({ 'content-type': file.type, 'cache-control': file.cache, vary: 'accept-encoding' });
  const packs = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (packs && file.packed !== undefined) return reply.header('content-encoding', 'gzip').send(file.packed);
  return reply.send(file.plain);
}

function readFiles(directory: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }) as Dirent[]) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const plain = readFileSync(join(entry.parentPath, entry.name));
    const path = join(entry.parentPath, entry.name).slice(directory.length).replaceAll('\\', '/');
    const packed = gzipSync(plain, { level: 9 });
    files.set(path.startsWith('/') ? path : `/${path}`, {
      type,
      plain,
      packed: packed.length < plain.length * 0.9 ? packed : undefined,
      cache: path.includes('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  }
  return files;
}
