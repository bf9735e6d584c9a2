import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import { checkEdgeCertificate } from '../mra/edge-certificate.ts';
import type { Actor } from '../ports.ts';
import { differences } from './resource.ts';
import { type Dependency, inUse, invalidValue, nameTaken, notFound, SettingFault } from './setting-fault.ts';

export type TrustPurpose = 'CallManager-trust' | 'PhoneEdge-trust';

/** What an uploaded certificate says of itself. */
export interface CertificateFacts {
  readonly der: Uint8Array;
  /** Lower-case hex of SHA-256 over the DER. */
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly isCa: boolean;
}

/** Reads PEM text or base64 of DER; undefined when it is not exactly one certificate. */
export type CertificateReader = (text: string) => CertificateFacts | undefined;

/** What an administrator decides about a trusted certificate. */
export interface TrustChoices {
  readonly description: string;
  /** May vouch for manufacturing certificates. */
  readonly micRoot: boolean;
  /** Chains under it may carry SHA-1 signatures. */
  readonly legacySha1: boolean;
  /** Expired manufacturing certificates under it are accepted until then; null: they are not. ISO 8601. */
  readonly expiredMicsUntil: string | null;
}

export interface TrustedCertificate extends TrustChoices, Omit<CertificateFacts, 'isCa'> {
  readonly purpose: TrustPurpose;
  /** Put there by a start with --lab: counts only while a laboratory runs. */
  readonly laboratory: boolean;
  readonly createdAt: Date;
}

export interface TrustStore {
  list(purpose?: TrustPurpose): Promise<readonly TrustedCertificate[]>;
  find(purpose: TrustPurpose, sha256: string, tx?: Transaction): Promise<TrustedCertificate | undefined>;
  /** False: it is there already. */
  insert(tx: Transaction, purpose: TrustPurpose, facts: CertificateFacts, choices: TrustChoices): Promise<boolean>;
  update(tx: Transaction, purpose: TrustPurpose, sha256: string, choices: TrustChoices): Promise<void>;
  remove(tx: Transaction, purpose: TrustPurpose, sha256: string): Promise<void>;
  /** Phones that were let in by a manufacturing certificate under this root. */
  phonesUnder(certificate: TrustedCertificate): Promise<Dependency | undefined>;
}

/** CallManager-trust and PhoneEdge-trust: whose certificates count. */
export class TrustStoreService {
  readonly #store: TrustStore;
  readonly #read: CertificateReader;
  readonly #transactions: Transactions;
  readonly #audit: AuditLog;
  readonly #now: () => number;

  constructor(
    store: TrustStore,
    read: CertificateReader,
    transactions: Transactions,
    audit: AuditLog,
    now: () => number = Date.now,
  ) {
    this.#store = store;
    this.#read = read;
    this.#transactions = transactions;
    this.#audit = audit;
    this.#now = now;
  }

  async list(purpose?: TrustPurpose): Promise<readonly (TrustedCertificate & { phones: number })[]> {
    const all = await this.#store.list(purpose);
    return Promise.all(
      all.map(async (each) => ({ ...each, phones: (await this.#store.phonesUnder(each))?.count ?? 0 })),
    );
  }

  async get(purpose: TrustPurpose, sha256: string): Promise<TrustedCertificate & { phones: number }> {
    const found = await this.#known(purpose, sha256);
    const phones = await this.#store.phonesUnder(found);
    return { ...found, phones: phones?.count ?? 0 };
  }

  async add(actor: Actor, purpose: TrustPurpose, text: string, choices: TrustChoices): Promise<TrustedCertificate> {
    const facts = this.#read(text);
    if (facts === undefined)
      throw new SettingFault('caller', say('certificate_unreadable.one'), { field: 'certificate' });
    if (!facts.isCa && choices.micRoot)
      throw new SettingFault('caller', say('certificate_not_a_ca'), { field: 'certificate' });
    refuseException(choices);
    if (purpose === 'PhoneEdge-trust' && (await this.#store.find(purpose, facts.sha256)) === undefined)
      checkEdgeCertificate(facts.der, await this.#store.list(purpose), this.#now());
    return this.#transactions.run(async (tx) => {
      if (!(await this.#store.insert(tx, purpose, facts, choices)))
        throw nameTaken('trusted certificate', facts.sha256, 'certificate');
      await this.#note(tx, actor, 'trusted', purpose, facts, { ...choices });
      return (await this.#store.find(purpose, facts.sha256, tx))!;
    });
  }

  async change(
    actor: Actor,
    purpose: TrustPurpose,
    sha256: string,
    change: Partial<TrustChoices>,
  ): Promise<TrustedCertificate> {
    return this.#transactions.run(async (tx) => {
      const current = await this.#known(purpose, sha256, tx);
      const before: TrustChoices = {
        description: current.description,
        micRoot: current.micRoot,
        legacySha1: current.legacySha1,
        expiredMicsUntil: current.expiredMicsUntil,
      };
      const after = { ...before, ...change };
      refuseException(after);
      const changed = differences(before, after);
      if (Object.keys(changed).length > 0) {
        await this.#store.update(tx, purpose, sha256, after);
        await this.#note(tx, actor, 'trust-changed', purpose, current, { changed });
      }
      return (await this.#store.find(purpose, sha256, tx))!;
    });
  }

  /** Refused while phones hang on it, unless `evenIfUsed`: then they cannot activate again. */
  async remove(actor: Actor, purpose: TrustPurpose, sha256: string, evenIfUsed: boolean): Promise<void> {
    await this.#transactions.run(async (tx) => {
      const current = await this.#known(purpose, sha256, tx);
      const phones = await this.#store.phonesUnder(current);
      if (phones !== undefined && !evenIfUsed) throw inUse('trusted certificate', current.subject, [phones]);
      await this.#store.remove(tx, purpose, sha256);
      await this.#note(tx, actor, 'distrusted', purpose, current, { phones: phones?.count ?? 0 });
    });
  }

  async dependencies(purpose: TrustPurpose, sha256: string): Promise<readonly Dependency[]> {
    const found = await this.#known(purpose, sha256);
    const phones = await this.#store.phonesUnder(found);
    return phones === undefined ? [] : [phones];
  }

  async #known(purpose: TrustPurpose, sha256: string, tx?: Transaction): Promise<TrustedCertificate> {
    const found = await this.#store.find(purpose, sha256.toLowerCase(), tx);
    if (found === undefined) throw notFound('trusted certificate', sha256, 'sha256');
    return found;
  }

  #note(
    tx: Transaction,
    actor: Actor,
    done: string,
    purpose: TrustPurpose,
    of: { sha256: string; subject: string },
    detail: Record<string, unknown>,
  ) {
    return this.#audit.append(tx, {
      actor,
      action: `certificate.${done}`,
      objectKind: 'trust-certificate',
      objectId: of.sha256,
      objectName: of.subject,
      detail: { purpose, ...detail },
    });
  }
}

function refuseException({ expiredMicsUntil }: TrustChoices): void {
  if (expiredMicsUntil !== null && Number.isNaN(Date.parse(expiredMicsUntil)))
    throw invalidValue('expiredMicsUntil', say('invalid_value.instant'));
}
