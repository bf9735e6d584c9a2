import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Log } from '../../kernel/log.ts';
import type { ConnectionLimits } from '../listen/connection-limits.ts';
import { tls12 } from '../listen/tls.ts';
import type { RestModule } from '../rest/route.ts';
import { buildRestServer } from '../rest/server.ts';
import { type ConsoleDoor, consoleCookies, consoleModule } from './console-module.ts';

export interface EdgeConsoleOptions {
  readonly role: keyof typeof consoleCookies;
  readonly name: string;
  readonly version: string;
  readonly door: ConsoleDoor;
  readonly module: RestModule;
  /** An inside address. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM. */
  readonly tls: { readonly key: string; readonly cert: string };
  /** The built web part (dist/web); without it only REST is served. */
  readonly webDirectory: string | undefined;
  readonly connections: ConnectionLimits;
  readonly log: Log;
}

const page = '/edge/index.html';

/** Page and REST for the administrator of one Expressway, on an address of their own: nothing of them is reachable by any other listener. */
export async function openEdgeConsole(
  options: EdgeConsoleOptions,
): Promise<AsyncDisposable & { readonly port: number }> {
  const { connections, door, log, module, name, role, version } = options;
  const app = buildRestServer({
    modules: [consoleModule(role, name, door), module],
    access: door.access,
    log,
    version,
    connections,
    sessionCookie: consoleCookies[role],
    https: { ...options.tls, ...tls12, handshakeTimeout: 10_000 },
  });
  const directory = options.webDirectory;
  if (directory !== undefined && existsSync(join(directory, page))) {
    const { serveWeb } = await import('../web/static.ts');
    serveWeb(app, { directory, page });
  }
  await app.listen({ host: options.host, port: options.port });
  return {
    port: (app.server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await app.close();
    },
  };
}
