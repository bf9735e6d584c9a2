import { administratorPassword } from '../../identifiers/password-strength.ts';
import type { Sentence } from '../../kernel/errors.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { PasswordHasher, SignInStore } from '../access/access-ports.ts';
import type { AccessService } from '../access/access-service.ts';
import { weakPassword } from '../access/password-policy.ts';
import type { Caller } from '../access/permissions.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import type { CertificateFacts, CertificateReader } from '../settings/trust-store.ts';
import { CloudFault, versionConflict } from './cloud-fault.ts';
import type { CloudLimits, LimitsStore, StoredLimits } from './limits.ts';

export interface RootChoices {
  readonly description: string;
  /** Chains under it may carry SHA-1 signatures. */
  readonly legacySha1: boolean;
  /** Expired MICs under it are accepted until then. */
  readonly expiredMicsUntil: Date | undefined;
}

/** A certificate under which phones are known here: a manufacturer's root, or an authority between that completes chains. */
export interface ManufacturerRoot extends RootChoices, Omit<CertificateFacts, 'isCa'> {
  readonly selfSigned: boolean;
  readonly createdAt: Date;
}

export interface RootStore {
  list(tx?: Transaction): Promise<readonly ManufacturerRoot[]>;
  /** False: it is there already. */
  insert(tx: Transaction, facts: CertificateFacts, choices: RootChoices): Promise<boolean>;
  update(tx: Transaction, sha256: string, choices: RootChoices): Promise<boolean>;
  /** What it was; undefined: it is not there. */
  remove(tx: Transaction, sha256: string): Promise<{ readonly subject: string } | undefined>;
}

export interface OperatorStore extends SignInStore {
  setPassword(tx: Transaction, id: string, hash: string, keepSession: Uint8Array | undefined): Promise<void>;
}

export interface OperationPorts {
  readonly roots: RootStore;
  readonly limits: LimitsStore;
  readonly operators: OperatorStore;
  readonly hasher: PasswordHasher;
  readonly access: Pick<AccessService, 'prove'>;
  readonly read: CertificateReader;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}

/** What the operator decides for the whole cloud: whose phones are known, the limits, the own password. */
export class Operation {
  readonly #ports: OperationPorts;

  constructor(ports: OperationPorts) {
    this.#ports = ports;
  }

  roots(): Promise<readonly ManufacturerRoot[]> {
    return this.#ports.roots.list();
  }

  async addRoot(actor: Actor, text: string, choices: RootChoices): Promise<ManufacturerRoot> {
    const { read, roots, transactions, audit } = this.#ports;
    const facts = read(text);
    if (facts === undefined) {
      throw new CloudFault('caller', say('certificate_unreadable.one'), { field: 'certificate' });
    }
    if (!facts.isCa) {
      throw new CloudFault('caller', say('certificate_not_a_ca.root'), { field: 'certificate' });
    }
    return transactions.run(async (tx) => {
      if (!(await roots.insert(tx, facts, choices))) {
        throw new CloudFault('policy', say('manufacturer_root_already_there'), { field: 'certificate' });
      }
      await audit.append(tx, {
        actor,
        action: 'manufacturer-root.added',
        objectKind: 'manufacturer-root',
        objectId: facts.sha256,
        objectName: facts.subject.slice(0, 200),
        detail: rootDetail(choices),
      });
      return this.#known(await roots.list(tx), facts.sha256);
    });
  }

  async changeRoot(actor: Actor, sha256: string, change: Partial<RootChoices>): Promise<ManufacturerRoot> {
    const { roots, transactions, audit } = this.#ports;
    return transactions.run(async (tx) => {
      const before = this.#known(await roots.list(tx), sha256);
      const choices = {
        description: before.description,
        legacySha1: before.legacySha1,
        expiredMicsUntil: before.expiredMicsUntil,
        ...change,
      };
      await roots.update(tx, sha256, choices);
      await audit.append(tx, {
        actor,
        action: 'manufacturer-root.changed',
        objectKind: 'manufacturer-root',
        objectId: sha256,
        objectName: before.subject.slice(0, 200),
        detail: rootDetail(choices),
      });
      return { ...before, ...choices };
    });
  }

  async removeRoot(actor: Actor, sha256: string): Promise<void> {
    const { roots, transactions, audit } = this.#ports;
    await transactions.run(async (tx) => {
      const gone = await roots.remove(tx, sha256);
      if (gone === undefined) throw unknownRoot();
      await audit.append(tx, {
        actor,
        action: 'manufacturer-root.removed',
        objectKind: 'manufacturer-root',
        objectId: sha256,
        objectName: gone.subject.slice(0, 200),
      });
    });
  }

  #known(all: readonly ManufacturerRoot[], sha256: string): ManufacturerRoot {
    const found = all.find((each) => each.sha256 === sha256);
    if (found === undefined) throw unknownRoot();
    return found;
  }

  limits(): Promise<StoredLimits> {
    return this.#ports.limits.read();
  }

  async changeLimits(actor: Actor, change: Partial<CloudLimits>, ifVersion: number | undefined): Promise<StoredLimits> {
    const { limits, transactions, audit } = this.#ports;
    return transactions.run(async (tx) => {
      const before = await limits.read(tx);
      if (ifVersion !== undefined && ifVersion !== before.version) throw versionConflict(before.version);
      const next = { ...before, ...change };
      refuseOdd(next);
      const after = await limits.update(tx, next, before.version);
      if (after === undefined) throw versionConflict(before.version);
      await audit.append(tx, { actor, action: 'limits.changed', objectKind: 'limits', detail: { ...change } });
      return after;
    });
  }

  /** Throws CloudFault `wrong_password`, `weak_password`. Other sessions of the operator end. */
  async changePassword(
    who: Caller,
    change: { readonly current: string; readonly next: string },
    keepSession: Uint8Array | undefined,
  ): Promise<void> {
    const { operators, hasher, access, transactions, audit } = this.#ports;
    const user = await operators.findForSignIn(who.userId);
    if (!(await access.prove(who, change.current)) || user === undefined) {
      throw new CloudFault('policy', say('wrong_password.bare'), { field: 'currentPassword' });
    }
    const weak =
      change.next === change.current
        ? say('weak_password.same')
        : await weakPassword(hasher, administratorPassword, change.next, [user.userId]);
    if (weak !== undefined) throw new CloudFault('caller', weak, { field: 'newPassword' });
    const hash = await hasher.hash(change.next);
    await transactions.run(async (tx) => {
      await operators.setPassword(tx, user.id, hash, keepSession);
      await audit.append(tx, {
        actor: who.actor,
        action: 'operator.password-changed',
        objectKind: 'operator',
        objectId: user.id,
        objectName: user.userId,
      });
    });
  }
}

const unknownRoot = () => new CloudFault('caller', say('unknown_manufacturer_root'));

const rootDetail = ({ description, legacySha1, expiredMicsUntil }: RootChoices) => ({
  description,
  legacySha1,
  expiredMicsUntil: expiredMicsUntil?.toISOString() ?? null,
});

function refuseOdd(limits: CloudLimits): void {
  const odd = (field: keyof CloudLimits, sentence: Sentence<'limits_not_accepted'>) =>
    new CloudFault('caller', sentence, { field });
  if (limits.resolvesPerHour > limits.resolvesPerDay) {
    throw odd(
      'resolvesPerHour',
      say('limits_not_accepted.hour_above_day', { hour: limits.resolvesPerHour, day: limits.resolvesPerDay }),
    );
  }
  if (limits.firstLocator > limits.lastLocator)
    throw odd('firstLocator', say('limits_not_accepted', { first: limits.firstLocator, last: limits.lastLocator }));
}
