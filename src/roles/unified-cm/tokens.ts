import type { Kysely } from 'kysely';
import type { PhoneTokens } from '../../domain/oauth/phone-tokens.ts';
import type { Sealer } from '../../domain/ports.ts';
import { systemClock } from '../../infra/crypto/random.ts';
import {
  oauthKeysChangedChannel,
  oauthRevokedChannel,
  readRevocations,
} from '../../infra/database/oauth-grant-store.ts';
import { keepTokenKeys, type OauthSnapshot, readOauth } from '../../infra/database/oauth-key-store.ts';
import type { Database } from '../../infra/database/schema.ts';
import { type AccessTokenVerifier, accessTokenVerifier } from '../../infra/oauth/access-token-verifier.ts';
import { currentTokens } from '../../infra/oauth/current-tokens.ts';
import type { TokenKeys } from '../../infra/oauth/token-keys.ts';
import type { Log } from '../../kernel/log.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import { RevocationList } from '../../protocol/oauth/revocations.ts';
import type { Notices } from './notices.ts';

export interface RevokedFamily {
  readonly family: string;
  /** Seconds since the epoch. */
  readonly until: number;
}

/** Tokens as this node knows them: keys, settings and revocations of the cluster, kept current. */
export interface NodeTokens extends Disposable {
  readonly tokens: PhoneTokens;
  readonly verifier: AccessTokenVerifier;
  readonly revocations: RevocationList;
  keys(): TokenKeys;
  snapshot(): OauthSnapshot;
  /** Keys or settings changed. */
  onSnapshot(tell: (snapshot: OauthSnapshot) => void): void;
  /** Each revocation, once. */
  onRevoked(tell: (revoked: RevokedFamily) => void): void;
  /** Makes the next key when it is time. */
  keepKeys(): Promise<void>;
}

export interface NodeTokenParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly sealer: Sealer;
  readonly notices: Notices;
  readonly log: Log;
}

/** Changes come in flocks. Milliseconds. */
const settle = 20;
/** Should a notice ever be lost. Milliseconds. */
const refreshEvery = 10_000;

export async function openNodeTokens(parts: NodeTokenParts): Promise<NodeTokens> {
  const { db, sealer, notices, log } = parts;
  await keepTokenKeys(parts);
  let newest = await readOauth(db);
  const current = currentTokens(newest, sealer);
  const revocations = new RevocationList();
  revocations.replace(await readRevocations(db));
  const told: ((snapshot: OauthSnapshot) => void)[] = [];
  const warned: ((revoked: RevokedFamily) => void)[] = [];

  const revoke = (entry: RevokedFamily) => {
    const known = revocations.has({ fam: entry.family });
    revocations.add(entry);
    if (!known) for (const tell of warned) tell(entry);
  };
  const refreshSettings = async () => {
    const next = await readOauth(db);
    if (same(newest, next)) return;
    newest = next;
    current.replace(next);
    for (const tell of told) tell(next);
  };
  const refreshRevocations = async () => {
    for (const entry of await readRevocations(db)) revoke(entry);
    // An hour longer than need be: the clocks of the edges may differ.
    revocations.forget(systemClock.now() / 1000 - 3600);
  };
  const attempt = (what: string, work: () => Promise<void>) =>
    work().catch((error: unknown) => log.warn({ err: error }, `${what} could not be read; what was known is used`));
  let due: NodeJS.Timeout | undefined;
  const soon = () => {
    due ??= setTimeout(() => {
      due = undefined;
      void attempt('token keys and settings', refreshSettings);
    }, settle).unref();
  };
  const all = () => {
    soon();
    void attempt('revoked tokens', refreshRevocations);
  };
  notices.on('config_changed', (payload) => {
    if (payload === '*') soon();
  });
  notices.on(oauthKeysChangedChannel, soon);
  notices.on(oauthRevokedChannel, (payload) => {
    const { family, until } = JSON.parse(payload) as RevokedFamily;
    revoke({ family, until });
  });
  notices.feed({ lost() {}, listening: all });
  const timer = setInterval(all, refreshEvery).unref();

  return {
    tokens: current.tokens,
    verifier: accessTokenVerifier({
      trust: () => ({ issuer: newest.issuer, jwks: current.keys().jwks }),
      revoked: (claims) => revocations.has(claims),
      clock: systemClock,
    }),
    revocations,
    keys: current.keys,
    snapshot: () => newest,
    onSnapshot: (tell) => void told.push(tell),
    onRevoked: (tell) => void warned.push(tell),
    keepKeys: () => keepTokenKeys(parts),
    [Symbol.dispose]() {
      clearInterval(timer);
      clearTimeout(due);
    },
  };
}

function same(a: OauthSnapshot, b: OauthSnapshot): boolean {
  const text = ({ issuer, settings, keys }: OauthSnapshot) =>
    JSON.stringify([issuer, settings, keys.map(({ kid, acceptedUntil }) => [kid, acceptedUntil]).toSorted()]);
  return text(a) === text(b);
}
