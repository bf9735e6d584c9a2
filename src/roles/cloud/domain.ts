import { createHmac, hash, randomBytes } from 'node:crypto';
import { AccessService } from '../../domain/access/access-service.ts';
import { GuessLimiter } from '../../domain/access/guess-limiter.ts';
import { VerifiedCredentials } from '../../domain/access/verified-credentials.ts';
import { Enrolment } from '../../domain/cloud/enrolment.ts';
import type { CloudLimits, LimitsStore } from '../../domain/cloud/limits.ts';
import { Locators } from '../../domain/cloud/locators.ts';
import { Operation } from '../../domain/cloud/operation.ts';
import type { CloudOverview } from '../../domain/cloud/overview.ts';
import { type ResolveEvent, Resolver } from '../../domain/cloud/resolver.ts';
import { Tenants } from '../../domain/cloud/tenants.ts';
import { keepRefusalsTold } from '../../infra/audit/refusal-upkeep.ts';
import { tenantAuthority } from '../../infra/cloud/authority.ts';
import { systemClock, systemRandom } from '../../infra/crypto/random.ts';
import { locatorStore } from '../../infra/database/cloud-locators.ts';
import { cloudAuditLog, limitsStore, operatorSessions, operatorStore } from '../../infra/database/cloud-operation.ts';
import { type ResolveRecorder, resolveRecorder } from '../../infra/database/cloud-recorder.ts';
import { resolveDatabase } from '../../infra/database/cloud-resolves.ts';
import { rootStore } from '../../infra/database/cloud-roots.ts';
import { cloudOverview } from '../../infra/database/cloud-status.ts';
import { tenantStore } from '../../infra/database/cloud-tenants.ts';
import { voucherStore } from '../../infra/database/cloud-vouchers.ts';
import { PasswordPool } from '../../infra/passwords/password-pool.ts';
import { readCertificateText } from '../../infra/trust/read-certificate.ts';
import type { Foundation } from './foundation.ts';
import type { CloudOptions } from './options.ts';

export interface CloudDomain {
  readonly access: AccessService;
  readonly enrolment: Enrolment;
  readonly tenants: Tenants;
  readonly locators: Locators;
  readonly operation: Operation;
  readonly overview: CloudOverview;
  readonly resolver: Resolver;
  readonly recorder: ResolveRecorder;
  readonly limits: LimitsStore;
  readonly operators: ReturnType<typeof operatorStore>;
  readonly sessions: ReturnType<typeof operatorSessions>;
  readonly passwords: PasswordPool;
  record(event: ResolveEvent): void;
  /** Goes by these from now on. */
  replaceLimits(limits: CloudLimits): void;
}

/** The cloud's rules over its own stores. */
export async function buildCloudDomain(
  options: CloudOptions,
  { url, open, keys, silence }: Foundation,
  stack: AsyncDisposableStack,
  counted: (outcome: string) => void,
): Promise<CloudDomain> {
  const { db, transactions } = open;
  const { log } = options;
  const audit = cloudAuditLog(db);
  const limits = limitsStore(db);
  const operators = operatorStore(db);
  const sessions = operatorSessions(db);
  const tenants = tenantStore(db);
  const passwords = stack.use(
    new PasswordPool(options.passwordCost === undefined ? {} : { cost: options.passwordCost }),
  );
  const recorder = stack.use(resolveRecorder({ db, log }));
  const resolves = stack.use(
    resolveDatabase({
      url,
      connections: options.database?.connections ?? 10,
      db,
      silence,
      onIdleError: (error) => log.debug({ err: error }, 'an idle database connection broke'),
    }),
  );
  let current: CloudLimits = await limits.read();
  const record = (event: ResolveEvent) => {
    recorder.record(event);
    counted(event.outcome);
  };
  const processKey = randomBytes(32);
  const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');
  const digests = {
    sha256,
    processMac: (bytes: Uint8Array) => createHmac('sha256', processKey).update(bytes).digest(),
    deviceMac: (bytes: Uint8Array) => createHmac('sha256', keys.deviceKey).update(bytes).digest(),
  };
  const access = new AccessService({
    users: operators,
    sessions,
    hasher: passwords,
    limiter: new GuessLimiter(systemClock),
    verified: new VerifiedCredentials(digests.processMac, systemClock),
    digests,
    random: systemRandom,
    clock: systemClock,
    transactions,
    audit,
  });
  stack.use(keepRefusalsTold(access.refusals, log));
  return {
    access,
    enrolment: new Enrolment({
      vouchers: voucherStore(db),
      tenants,
      authority: tenantAuthority(keys.authority),
      limits,
      random: systemRandom,
      sha256,
      transactions,
      audit,
    }),
    tenants: new Tenants({ tenants, transactions, audit, clock: systemClock }),
    locators: new Locators({ store: locatorStore(db), limits, random: systemRandom, clock: systemClock, transactions }),
    operation: new Operation({
      roots: rootStore(db),
      limits,
      operators,
      hasher: passwords,
      access,
      read: readCertificateText,
      transactions,
      audit,
    }),
    overview: cloudOverview(db),
    resolver: new Resolver({ store: resolves, limits: () => current, record, clock: systemClock }),
    recorder,
    limits,
    operators,
    sessions,
    passwords,
    record,
    replaceLimits: (next) => {
      current = next;
    },
  };
}
