import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor, Sealer } from '../ports.ts';
import { type CloudLink, cloudKeyPurpose } from './cloud-link.ts';
import { parseMraDomain } from './domain-name.ts';
import { cloudRemedies, isCloudFault, onboardingFault } from './faults.ts';
import { copyActivationDomain } from './mra-parameters.ts';
import {
  alreadyEnrolled,
  type ConnectionState,
  domainInvalid,
  notEnrolled,
  readAddress,
  refuseForced,
  stateOf,
} from './onboarding-rules.ts';
import type { CloudConnection, CloudConnectionStore, IdentityMaker, LocatorCounts, MraFacts } from './ports.ts';
import { type MraReadiness, mraAllowed, readiness } from './rules.ts';

const about = { objectKind: 'cloud-onboarding', objectName: 'Cloud Onboarding' } as const;

export interface CloudOnboarding {
  readonly connection: CloudConnection;
  readonly facts: MraFacts;
  readonly allowMraOnboarding: boolean;
  readonly readiness: MraReadiness;
  readonly state: ConnectionState;
  /** What to do about the last error; undefined: nothing is wrong. */
  readonly remedy: string | undefined;
  readonly settingsSent: boolean;
  readonly trustSent: boolean;
  readonly locators: LocatorCounts;
}

/** Absent members stay as they are. */
export interface CloudOnboardingChange {
  readonly address?: string;
  readonly certificateAuthority?: string;
  readonly enableActivationCodeOnboarding?: boolean;
  readonly allowMraOnboarding?: boolean;
  readonly mraActivationDomain?: string | null;
}

export interface CloudOnboardingParts {
  readonly store: CloudConnectionStore;
  readonly link: CloudLink;
  readonly identities: IdentityMaker;
  readonly sealer: Sealer;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  /** Reads PEM text of one or more certificates; undefined: it holds none, or something else. */
  readonly readAuthorities: (pem: string) => readonly object[] | undefined;
  /** Brings the cloud up to date; resolves when that was tried. */
  readonly sync: () => Promise<unknown>;
}

/** The page Cloud Onboarding. */
export class CloudOnboardingService {
  readonly #parts: CloudOnboardingParts;

  constructor(parts: CloudOnboardingParts) {
    this.#parts = parts;
  }

  async show(): Promise<CloudOnboarding> {
    const { store } = this.#parts;
    const [connection, facts, locators] = await Promise.all([store.read(), store.facts(), store.counts()]);
    const code = connection.lastErrorCode;
    return {
      connection,
      facts,
      locators,
      allowMraOnboarding: mraAllowed(facts),
      readiness: readiness(connection, facts),
      state: stateOf(connection),
      remedy:
        connection.failingSince === undefined || !Object.hasOwn(cloudRemedies, code)
          ? undefined
          : cloudRemedies[code as keyof typeof cloudRemedies],
      settingsSent: connection.settingsSent?.activationDomain === facts.activationDomain,
      trustSent: connection.trustSentVersion >= connection.trustVersion,
    };
  }

  /** @throws MraFault naming the field at fault; `version_conflict` */
  async change(actor: Actor, change: CloudOnboardingChange, ifVersion?: number): Promise<CloudOnboarding> {
    const { store, transactions, audit } = this.#parts;
    await transactions.run(async (tx) => {
      const before = await store.lock(tx);
      if (ifVersion !== undefined && ifVersion !== before.version) throw onboardingFault(say('version_conflict.cloud'));
      const facts = await store.facts(tx);
      const changed: Record<string, unknown> = {};
      await this.#changeAddress(tx, before, change, changed);
      const domain = await this.#changeDomain(tx, actor, facts, change.mraActivationDomain, changed);
      const allow = change.allowMraOnboarding ?? facts.allowMraOnboarding;
      refuseForced(facts, change.allowMraOnboarding ?? true);
      // A page that shows the box ticked because it must be sends it as it is: that is no wish.
      if (allow !== facts.allowMraOnboarding && facts.autoRegistrationModels.length === 0) {
        await store.setParameter(tx, 'Enable MRA Activation', String(allow));
        changed['allowMraOnboarding'] = [facts.allowMraOnboarding, allow];
      }
      const enabled = change.enableActivationCodeOnboarding ?? before.enabled;
      if (enabled && domain === undefined && (enabled !== before.enabled || facts.activationDomain !== undefined))
        throw onboardingFault(say('activation_domain_missing'), 'mraActivationDomain');
      if (enabled !== before.enabled) {
        await store.setEnabled(tx, enabled);
        changed['enableActivationCodeOnboarding'] = [before.enabled, enabled];
      }
      if (Object.keys(changed).length > 0)
        await audit.append(tx, { ...about, actor, action: 'cloud-onboarding.changed', detail: { changed } });
    });
    return this.show();
  }

  /**
   * Generate Voucher: with the operator's voucher, or with one that a self-service cloud gives at once.
   * @throws MraFault of what the cloud said
   */
  async enrol(actor: Actor, voucher: string | undefined, name: string): Promise<CloudOnboarding> {
    const { store, link, identities, sealer, transactions, audit } = this.#parts;
    const { address, authorityPem, enrolled } = await store.read();
    if (enrolled !== undefined) throw alreadyEnrolled();
    if (address === '') throw onboardingFault(say('cloud_address_missing'), 'address');
    const made = await identities.make();
    const to = { address, authorityPem };
    const enrolment = await link.cloud.enrol(to, { voucher, csr: made.csr, name }).catch(async (error: unknown) => {
      await link.noteFailure(error);
      throw error;
    });
    const stored = await transactions.run(async (tx) => {
      const keySealed = sealer.seal(cloudKeyPurpose, made.key);
      if (!(await store.setEnrolled(tx, { ...enrolment, keySealed }))) return false;
      await audit.append(tx, {
        ...about,
        actor,
        action: 'cloud-onboarding.enrolled',
        detail: { address, clusterId: enrolment.clusterId },
      });
      return true;
    });
    if (!stored) {
      // Somebody else was first: what the cloud just made for us is not needed.
      const { clusterId, certificateChain, authorityPem: authority } = enrolment;
      const as = { clusterId, certificateChain, key: made.key };
      await link.cloud.leave({ address, authorityPem: authority }, as).catch(() => {});
      throw alreadyEnrolled();
    }
    await this.#parts.sync();
    return this.show();
  }

  /** Leaves the cloud; where it does not answer only this side forgets, and its operator has to delete the cluster there. */
  async leave(actor: Actor): Promise<{ readonly toldCloud: boolean; readonly onboarding: CloudOnboarding }> {
    const { store, link, transactions, audit } = this.#parts;
    const linked = await link.open();
    if (linked === undefined) throw notEnrolled();
    const toldCloud = await link.cloud.leave(linked.to, linked.as).then(
      () => true,
      (error: unknown) => {
        if (!isCloudFault(error)) throw error;
        return false;
      },
    );
    await transactions.run(async (tx) => {
      await store.lock(tx);
      await store.forget(tx);
      await audit.append(tx, {
        ...about,
        actor,
        action: 'cloud-onboarding.left',
        detail: { clusterId: linked.as.clusterId, toldCloud },
      });
    });
    return { toldCloud, onboarding: await this.show() };
  }

  /** Asks the cloud now. */
  async check(): Promise<CloudOnboarding> {
    const { link, sync } = this.#parts;
    if ((await link.open()) === undefined) throw notEnrolled();
    await sync();
    return this.show();
  }

  async #changeAddress(
    tx: Transaction,
    before: CloudConnection,
    change: CloudOnboardingChange,
    changed: Record<string, unknown>,
  ): Promise<void> {
    const address = change.address === undefined ? before.address : readAddress(change.address);
    const authorityPem = change.certificateAuthority?.trim() ?? before.authorityPem;
    if (address === before.address && authorityPem === before.authorityPem) return;
    if (authorityPem !== '' && this.#parts.readAuthorities(authorityPem) === undefined)
      throw onboardingFault(say('cloud_authority_unreadable'), 'certificateAuthority');
    if (address === '' && before.enrolled !== undefined)
      throw onboardingFault(say('already_enrolled.address'), 'address');
    await this.#parts.store.setAddress(tx, { address, authorityPem });
    if (address !== before.address) changed['address'] = [before.address, address];
    if (authorityPem !== before.authorityPem) changed['certificateAuthority'] = 'replaced';
  }

  async #changeDomain(
    tx: Transaction,
    actor: Actor,
    facts: MraFacts,
    wanted: string | null | undefined,
    changed: Record<string, unknown>,
  ): Promise<string | undefined> {
    if (wanted === undefined) return facts.activationDomain;
    const text = wanted?.trim() ?? '';
    const domain = text === '' ? undefined : parseMraDomain(text);
    if (text !== '' && domain === undefined) throw domainInvalid(text, 'mraActivationDomain');
    if (domain === facts.activationDomain) return domain;
    await this.#parts.store.setParameter(tx, 'MRA Activation Domain', domain ?? '');
    if (domain !== undefined) await copyActivationDomain(this.#parts.store, this.#parts.audit, tx, actor, domain);
    changed['mraActivationDomain'] = [facts.activationDomain ?? null, domain ?? null];
    return domain;
  }
}
