import { hash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Server } from 'node:tls';
import { Once } from '../../domain/idempotency/once.ts';
import { manufacturerModule } from '../../endpoints/cloud/manufacturer-module.ts';
import { cloudModule, operatorCookie } from '../../endpoints/cloud/operator-modules.ts';
import { tenantModule } from '../../endpoints/cloud/tenant-module.ts';
import { connectionLimits } from '../../endpoints/listen/connection-limits.ts';
import { tls12 } from '../../endpoints/listen/tls.ts';
import { buildRestServer } from '../../endpoints/rest/server.ts';
import { keyedHash } from '../../infra/crypto/key-encryption-key.ts';
import { changeWatch } from '../../infra/database/change-watch.ts';
import { cloudAuditLog } from '../../infra/database/cloud-operation.ts';
import { idempotencyStore } from '../../infra/database/idempotency-store.ts';
import { withinScope } from '../../infra/database/work-scope.ts';
import { derToPem } from '../../infra/pki/identity.ts';
import type { CloudDomain } from './domain.ts';
import type { Foundation } from './foundation.ts';
import type { CloudOptions } from './options.ts';

const page = '/cloud/index.html';

/** How often requests that are being carried out are claimed anew, and kept answers forgotten, in ms. */
const keepInterval = 5_000;
const forgetInterval = 3_600_000;

export interface OperatorConsole extends AsyncDisposable {
  readonly port: number;
  replaceCertificate(tls: { readonly cert: string; readonly key: string }): void;
}

/** The operator's REST and pages, on an address of their own: nothing of them is reachable by the door for phones and clusters. */
export async function openConsole(
  options: CloudOptions,
  { keys, open }: Foundation,
  domain: CloudDomain,
  tls: { readonly cert: string; readonly key: string },
  facts: { readonly issuer: string; readonly pin: Uint8Array | undefined },
): Promise<OperatorConsole> {
  const { access, operation, overview } = domain;
  await using stack = new AsyncDisposableStack();
  const context = (pair: typeof tls) => ({ ...pair, ...tls12 });
  const authority = keys.authority.certificate;
  const kept = idempotencyStore(open.db, randomUUID(), { unsealed: false });
  const once = new Once({
    store: kept,
    sealer: keys.sealer,
    mac: keyedHash(keys.hashKey),
    changes: changeWatch,
    transactions: open.transactions,
    audit: cloudAuditLog(open.db),
  });
  stack.defer(() => once.upkeep());
  const keeping = setInterval(() => void once.upkeep(), keepInterval);
  stack.defer(() => clearInterval(keeping));
  const forgetting = setInterval(() => void kept.sweep().catch(() => {}), forgetInterval);
  stack.defer(() => clearInterval(forgetting));
  const app = buildRestServer({
    modules: [
      cloudModule({
        access,
        operation,
        overview,
        facts: {
          issuer: facts.issuer,
          version: options.version,
          selfService: options.selfService === true,
          authorityPem: derToPem(authority),
          authoritySha256: hash('sha256', authority),
          cloudKey: keys.cloudKey,
        },
      }),
      tenantModule({ ...domain, pin: facts.pin }),
      manufacturerModule(domain),
    ],
    access,
    within: withinScope,
    log: options.log,
    changes: changeWatch,
    once,
    version: options.version,
    connections: connectionLimits('cloudConsole', options.connections),
    sessionCookie: operatorCookie,
    https: { ...context(tls), handshakeTimeout: 10_000 },
  });
  stack.defer(() => app.close());
  const directory = options.webDirectory;
  if (directory !== undefined && existsSync(join(directory, page))) {
    const { serveWeb } = await import('../../endpoints/web/static.ts');
    serveWeb(app, { directory, page });
  }
  await app.listen({ host: options.listen.consoleAddress ?? options.listen.address, port: options.ports.cloudConsole });
  const server = app.server as unknown as Server;
  const owned = stack.move();
  return {
    port: (app.server.address() as AddressInfo).port,
    replaceCertificate: (pair) => server.setSecureContext(context(pair)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
