import { createHmac, hash, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { AccessService } from '../../domain/access/access-service.ts';
import { GuessLimiter } from '../../domain/access/guess-limiter.ts';
import { VerifiedCredentials } from '../../domain/access/verified-credentials.ts';
import { type ActivationCodes, activationCodes } from '../../domain/activation/codes.ts';
import type { AuditLog } from '../../domain/audit-log.ts';
import { UserService } from '../../domain/users/user-service.ts';
import { urlHost } from '../../identifiers/host.ts';
import { keepRefusalsTold } from '../../infra/audit/refusal-upkeep.ts';
import { type CodeKdfPool, codeKdfPool } from '../../infra/crypto/code-kdf.ts';
import { codeFingerprints } from '../../infra/crypto/code-secrets.ts';
import { derivedKey } from '../../infra/crypto/key-encryption-key.ts';
import { systemClock, systemRandom } from '../../infra/crypto/random.ts';
import { activationCodeStore } from '../../infra/database/activation-code-store.ts';
import { auditLog } from '../../infra/database/audit-log.ts';
import { SessionsStore } from '../../infra/database/session-store.ts';
import { type TimelineRecorder, timelineRecorder } from '../../infra/database/timeline-recorder.ts';
import { UsersStore } from '../../infra/database/users-store.ts';
import { smtpTransport } from '../../infra/mail/smtp-transport.ts';
import { PasswordPool } from '../../infra/passwords/password-pool.ts';
import { type BulkAdministration, bulkAdministration } from './bulk-administration.ts';
import type { NodeContext } from './context.ts';
import { type MailAdministration, mailAdministration } from './mail-administration.ts';
import { type MraAdministration, mraAdministration } from './mra-administration.ts';
import { type PhoneAdministration, phoneAdministration } from './phone-administration.ts';

/** The domain's services over this node's stores. Every door of the node uses these. */
export interface NodeDomain extends AsyncDisposable {
  readonly audit: AuditLog;
  readonly timeline: TimelineRecorder;
  readonly codes: ActivationCodes;
  readonly kdf: CodeKdfPool;
  readonly mra: MraAdministration;
  readonly phones: PhoneAdministration;
  readonly mail: MailAdministration;
  readonly bulk: BulkAdministration;
  readonly users: UserService;
  readonly usersStore: UsersStore;
  readonly sessions: SessionsStore;
  readonly passwords: PasswordPool;
  readonly access: AccessService;
}

export function buildDomain(context: NodeContext): NodeDomain {
  const { db, transactions, sealer, log, node, metrics } = context;
  const audit = auditLog(db, node.name);
  const timeline = timelineRecorder({ db, node: node.name, log });
  const kdf = codeKdfPool();
  let codesBy: (workers: CodeKdfPool, auditing: AuditLog) => ActivationCodes;
  const mra = mraAdministration(
    {
      db,
      transactions,
      sealer,
      audit,
      timeline,
      log,
      node: node.name,
      clusterName: context.dasId,
      dnsServers: context.configuration.mra.dnsServers,
      onAlarm: () => metrics.jobFailed('cloud-sync'),
    },
    (cloudLocators) => {
      codesBy = (workers, auditing) =>
        activationCodes({
          store: activationCodeStore(db),
          sealer,
          kdf: workers,
          fingerprints: codeFingerprints(context.keyEncryptionKey, context.keptKeys.issuedCodes),
          random: systemRandom,
          audit: auditing,
          counters: metrics,
          cloudLocators,
        });
      return codesBy(kdf, audit);
    },
  );
  const { codes } = mra;
  const phones = phoneAdministration({ db, transactions, sealer, random: systemRandom, codes, audit, timeline });
  const usersStore = new UsersStore(db);
  const sessions = new SessionsStore(db);
  const passwords = new PasswordPool();
  const processKey = randomBytes(32);
  const deviceKey = derivedKey(context.keyEncryptionKey, 'known devices');
  const digests = {
    sha256: (bytes: Uint8Array) => hash('sha256', bytes, 'buffer'),
    processMac: (bytes: Uint8Array) => createHmac('sha256', processKey).update(bytes).digest(),
    deviceMac: (bytes: Uint8Array) => createHmac('sha256', deviceKey).update(bytes).digest(),
  };
  const access = new AccessService({
    users: usersStore,
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
  const refusals = keepRefusalsTold(access.refusals, context.log);
  const users = new UserService({ users: usersStore, sessions, hasher: passwords, access, transactions, audit });
  const { address } = context.configuration.node;
  const mail = mailAdministration({
    db,
    transactions,
    sealer,
    random: systemRandom,
    audit,
    timeline,
    phones: phones.phones,
    users,
    transport: smtpTransport({ hello: address }),
    log,
    node: node.name,
    ownSelfCareUrl: `https://${urlHost(address)}:${context.configuration.ports.https}/selfcare`,
    password: context.configuration.mail.password,
    onGivenUp: () => metrics.jobFailed('send-mail'),
  });
  const bulk = bulkAdministration({
    db,
    databaseUrl: context.databaseUrl,
    transactions,
    audit,
    phones: phones.parts,
    mail: mail.service,
    node: node.name,
    openCodes(auditing) {
      const workers = codeKdfPool(availableParallelism(), { patient: true });
      return { codes: codesBy(workers, auditing), [Symbol.asyncDispose]: () => workers[Symbol.asyncDispose]() };
    },
  });
  return {
    audit,
    timeline,
    codes,
    kdf,
    mra,
    phones,
    mail,
    bulk,
    users,
    usersStore,
    sessions,
    passwords,
    access,
    async [Symbol.asyncDispose]() {
      await timeline[Symbol.asyncDispose]();
      await refusals[Symbol.asyncDispose]();
      await Promise.all([mra[Symbol.asyncDispose](), kdf[Symbol.asyncDispose](), passwords[Symbol.asyncDispose]()]);
    },
  };
}
