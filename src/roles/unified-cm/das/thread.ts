import { parentPort } from 'node:worker_threads';
import { handshakeService } from '../../../domain/activation/handshake.ts';
import { RefreshService } from '../../../domain/oauth/refresh-service.ts';
import type { ActivationCounter, OnboardingEvent, Timeline } from '../../../domain/ports.ts';
import { DasDesk } from '../../../endpoints/das/das-desk.ts';
import { type DasListener, startDasListener } from '../../../endpoints/das/das-listener.ts';
import type { DasParts } from '../../../endpoints/das/das-options.ts';
import { VouchSessions } from '../../../endpoints/edge-access/vouch-sessions.ts';
import { TokenEndpoint } from '../../../endpoints/oauth/token-endpoint.ts';
import { decoys } from '../../../infra/crypto/code-secrets.ts';
import { derivedKey } from '../../../infra/crypto/key-encryption-key.ts';
import { type MicInspector, micInspector } from '../../../infra/crypto/mic-inspector.ts';
import { systemClock, systemRandom } from '../../../infra/crypto/random.ts';
import { sealer } from '../../../infra/crypto/sealer.ts';
import { openSslSuiteCrypto } from '../../../infra/crypto/suite-crypto.ts';
import { handshakePool, handshakeStore } from '../../../infra/database/activation-handshake-store.ts';
import { surroundingsOf } from '../../../infra/database/activation-surroundings-store.ts';
import { micTrustOf } from '../../../infra/database/activation-trust-store.ts';
import { refreshStore } from '../../../infra/database/oauth-refresh-store.ts';
import { SilenceSignal } from '../../../infra/database/silence.ts';
import { type CurrentTokens, currentTokens, sha256 } from '../../../infra/oauth/current-tokens.ts';
import type { Log } from '../../../kernel/log.ts';
import type { DasThreadStart, FromDasThread, ToDasThread } from './messages.ts';

/** One activation thread: its own TLS listener, modexp object and database connections. */

const port = parentPort;
if (port === null) throw new Error('this file runs as a thread only');
const tell = (message: FromDasThread) => port.postMessage(message);

const logAt = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) =>
  tell({ type: 'log', level, fields: plain(fields), message });
const log: Log = { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };

/** Errors lose their members on the way to another thread. */
function plain(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error
        ? {
            type: value.name,
            message: value.message,
            stack: value.stack,
            code: (value as { code?: unknown }).code,
            cause: String(value.cause ?? ''),
          }
        : value,
    ]),
  );
}

/** Events and counts go over together, a few times a second. */
const newsInterval = 50;
let events: OnboardingEvent[] = [];
const counts = new Map<ActivationCounter, number>();
let newsDue: NodeJS.Timeout | undefined;
function sendNews(): void {
  newsDue = undefined;
  if (events.length === 0 && counts.size === 0) return;
  tell({ type: 'news', events, counts: [...counts] });
  events = [];
  counts.clear();
}
const soon = () => {
  newsDue ??= setTimeout(sendNews, newsInterval);
};

/** How often charges that the database did not take back are offered to it again, in ms. Nothing is asked while there are none. */
const settleInterval = 1_000;

const crypto = openSslSuiteCrypto();

const silence = new SilenceSignal();
let listener: DasListener | undefined;
let pool: ReturnType<typeof handshakePool> | undefined;
let inspector: MicInspector | undefined;
let surroundings: DasThreadStart['surroundings'];
let serviceActivated = true;
let oauth: CurrentTokens | undefined;
let settling: NodeJS.Timeout | undefined;
let settleCharges: () => Promise<void> = async () => {};
let outside: { readonly desk: DasDesk; readonly sessions: VouchSessions } | undefined;

async function start(options: DasThreadStart): Promise<void> {
  surroundings = options.surroundings;
  serviceActivated = options.serviceActivated;
  silence.set(options.silent);
  pool = handshakePool(options.databaseUrl, options.databaseConnections, silence);
  inspector = micInspector(micTrustOf(options.trust), systemClock);
  const box = sealer(options.keyEncryptionKey);
  oauth = currentTokens(options.oauth, box);
  const timeline: Timeline = {
    record(event) {
      events.push(event);
      soon();
    },
  };
  const handshakes = handshakeService({
    store: handshakeStore(pool),
    sealer: box,
    decoys: decoys(options.keyEncryptionKey, options.decoyKey),
    random: systemRandom,
    tokens: oauth.tokens,
    node: options.node,
  });
  settleCharges = () => handshakes.settleCharges();
  settling = setInterval(settleCharges, settleInterval);
  const parts: DasParts = {
    crypto,
    mic: inspector,
    handshakes,
    surroundings: surroundingsOf(() => surroundings),
    timeline,
    counters: {
      count(counter, by = 1) {
        counts.set(counter, (counts.get(counter) ?? 0) + by);
        soon();
      },
    },
    clock: systemClock,
    log,
    serviceActivated: () => serviceActivated,
  };
  const settings = {
    sidKey: derivedKey(options.keyEncryptionKey, 'das session ids'),
    limits: options.limits,
    ttl: options.ttl,
  };
  outside = {
    desk: new DasDesk(parts, { ...settings, mode: 'mra' }),
    // A phone may still confirm a while after it proved.
    sessions: new VouchSessions({ idleMs: (options.ttl + 30) * 1000, most: options.connections.total }),
  };
  const endpoint = new TokenEndpoint({
    refresh: new RefreshService({
      store: refreshStore(pool),
      tokens: oauth.tokens,
      timeline,
      sha256,
      node: options.node,
    }),
    mic: inspector,
    log,
  });
  listener = await startDasListener(
    { ...parts, tokens: (path) => tokenRoutes[path]?.(endpoint) },
    {
      ...settings,
      host: options.host,
      port: options.port,
      connections: options.connections,
      reusePort: options.reusePort,
      key: options.key,
      cert: options.cert,
      mode: 'onprem',
    },
  );
  tell({ type: 'listening', port: listener.port });
}

/** Start, prove and confirm of one phone connection come here one after the other. */
function vouched({ id, expressway, step, request }: Extract<ToDasThread, { type: 'vouched' }>): void {
  const { desk, sessions } = outside!;
  const connection = sessions.of(expressway, request.vouch, performance.now());
  connection.tail = connection.tail.then(async () => {
    tell({ type: 'answer', id, answer: await desk.answer(connection, () => ({ step, body: request.request })) });
  });
}

const tokenRoutes: Readonly<Record<string, (endpoint: TokenEndpoint) => TokenEndpoint['token']>> = {
  '/oauth/v1/token': (endpoint) => (form, caller) => endpoint.token(form, caller),
  '/oauth/v1/revoke': (endpoint) => (form, caller) => endpoint.revoke(form, caller),
};

async function close(patience: number): Promise<void> {
  if (outside) outside.desk.draining = true;
  await listener?.close(patience);
  clearInterval(settling);
  await settleCharges();
  await pool?.end();
  clearTimeout(newsDue);
  sendNews();
  tell({ type: 'closed' });
  port!.close();
}

port.on('message', (message: ToDasThread) => {
  switch (message.type) {
    case 'start':
      start(message.start).catch((error: Error & { code?: string }) =>
        tell({ type: 'failed', message: error.message, code: error.code }),
      );
      break;
    case 'trust':
      inspector?.replaceTrust(micTrustOf(message.trust));
      break;
    case 'surroundings':
      surroundings = message.surroundings;
      break;
    case 'service':
      serviceActivated = message.activated;
      break;
    case 'oauth':
      oauth?.replace(message.oauth);
      break;
    case 'silence':
      silence.set(message.silent);
      break;
    case 'vouched':
      vouched(message);
      break;
    case 'certificate':
      listener?.replaceCertificate(message.key, message.cert);
      break;
    case 'close':
      close(message.patience).catch((error: Error) =>
        tell({ type: 'failed', message: error.message, code: undefined }),
      );
      break;
  }
});
