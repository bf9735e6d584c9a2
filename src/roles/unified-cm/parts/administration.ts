import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Server } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { Once } from '../../../domain/idempotency/once.ts';
import { connectionLimits } from '../../../endpoints/listen/connection-limits.ts';
import { tls12 } from '../../../endpoints/listen/tls.ts';
import { serveJwks } from '../../../endpoints/oauth/jwks-route.ts';
import { labModule } from '../../../endpoints/rest/lab.ts';
import { buildRestServer } from '../../../endpoints/rest/server.ts';
import { webhookModule } from '../../../endpoints/rest/webhooks.ts';
import { serveWeb } from '../../../endpoints/web/static.ts';
import { auditSigningKey } from '../../../infra/audit/signing-key.ts';
import { derivedKey, keyedHash } from '../../../infra/crypto/key-encryption-key.ts';
import { changeWatch } from '../../../infra/database/change-watch.ts';
import { idempotencyStore } from '../../../infra/database/idempotency-store.ts';
import { withinScope } from '../../../infra/database/work-scope.ts';
import { derToPem, type NodeIdentity, tlsMaterial } from '../../../infra/pki/identity.ts';
import { accessAdministration } from '../access-administration.ts';
import { type NodeContext, type Part, reachAt } from '../context.ts';
import type { NodeDomain } from '../domain.ts';
import { serveIntegrations } from '../integrations.ts';
import { settingsAdministration } from '../settings-administration.ts';
import { webhookService } from '../webhook-administration.ts';

/** How often requests that are being carried out are claimed anew, in ms. A quarter of what a claim lasts. */
const keepInterval = 5_000;

const builtWeb = fileURLToPath(new URL('../../../../dist/web', import.meta.url));

const secureContext = ({ tomcat }: NodeIdentity) => ({ ...tlsMaterial(tomcat), ...tls12 });

/** REST, the console and Self Care on 8443. */
export async function startAdministration(context: NodeContext, domain: NodeDomain): Promise<Part> {
  const { configuration, db, sealer, transactions, log, version, node } = context;
  // What runs before the door is open ends with a start that fails at another one.
  await using stack = new AsyncDisposableStack();
  const auditKey = await auditSigningKey(db, sealer);
  const kept = idempotencyStore(db, randomUUID());
  const once = new Once({
    store: kept,
    sealer,
    mac: keyedHash(derivedKey(context.keyEncryptionKey, 'kept requests')),
    changes: changeWatch,
    transactions,
    audit: domain.audit,
  });
  stack.defer(() => once.upkeep());
  const keeping = setInterval(() => void once.upkeep(), keepInterval);
  stack.defer(() => clearInterval(keeping));
  const lab = configuration.lab ? await (await import('../lab.ts')).openLab(context) : undefined;
  const app = buildRestServer({
    modules: [
      ...domain.phones.modules,
      ...domain.mail.modules,
      webhookModule(webhookService({ ...context, audit: domain.audit, outboundAllow: configuration.outbound.allow })),
      ...domain.bulk.modules,
      ...domain.mra.modules,
      ...accessAdministration({ ...context, ...domain, clusterCa: derToPem(context.identity.clusterCa) }),
      ...settingsAdministration({
        db,
        transactions,
        ...domain,
        auditKey,
        version,
        node: node.name,
        nodeId: node.id,
        lab: lab !== undefined,
        dataDirectory: configuration.dataDirectory,
        sealing: context.sealing,
      }),
      ...(lab === undefined ? [] : [labModule(lab)]),
    ],
    access: domain.access,
    connections: connectionLimits('console', context.connections),
    within: withinScope,
    log,
    changes: changeWatch,
    once,
    version,
    https: { ...secureContext(context.identity), handshakeTimeout: 10_000 },
  });
  stack.defer(async () => {
    // Whoever waits for news of the lab is answered now.
    await lab?.[Symbol.asyncDispose]();
    await app.close();
  });
  serveJwks(app, () => context.tokens.keys().jwks);
  const fileUrl = (name: string) => `${reachAt('https', configuration, configuration.ports.tftpHttps)}/${name}.cnf.xml`;
  serveIntegrations(app, { ...context, fileUrl }, domain);
  if (existsSync(join(builtWeb, 'index.html'))) serveWeb(app, { directory: builtWeb });
  else log.warn({ directory: builtWeb }, 'the console is not built: only REST is served');
  await context.beforeListening();
  await app.listen({ host: configuration.listen.address, port: configuration.ports.https });
  const { port } = app.server.address() as AddressInfo;
  const server = app.server as unknown as Server;
  context.certificates.onRenewed((identity) => server.setSecureContext(secureContext(identity)));
  const owned = stack.move();
  return {
    endpoints: { https: reachAt('https', configuration, port) },
    jobs: {
      'end-idle-sessions': async () => {
        await domain.sessions.removeExpired();
      },
      'forget-kept-requests': async () => {
        await kept.sweep();
      },
    },
    crons: [
      { job: 'end-idle-sessions', pattern: '*/10 * * * *' },
      { job: 'forget-kept-requests', pattern: '23 * * * *' },
    ],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
