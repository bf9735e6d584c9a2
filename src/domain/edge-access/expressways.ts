import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { ExpresswayFault } from './expressway-fault.ts';

/** An Expressway-C that may speak for phones outside. */
export interface Expressway {
  readonly id: string;
  readonly name: string;
  /** Lower-case hex of SHA-256 over the certificate's DER: all that counts. */
  readonly sha256: string;
  readonly subject: string;
  readonly notAfter: Date;
  readonly createdBy: string;
  readonly createdAt: Date;
}

export interface ExpresswayCertificate {
  readonly der: Uint8Array;
  readonly sha256: string;
  readonly notAfter: Date;
}

export interface ExpresswayStore {
  list(): Promise<readonly Expressway[]>;
  find(id: string, tx?: Transaction): Promise<Expressway | undefined>;
  bySha256(sha256: string, tx: Transaction): Promise<Expressway | undefined>;
  /** 'name-taken': another certificate has the name. */
  insert(
    tx: Transaction,
    name: string,
    certificate: ExpresswayCertificate,
    createdBy: string,
  ): Promise<string | 'name-taken'>;
  remove(tx: Transaction, id: string): Promise<boolean>;
}

export interface ExpresswayParts {
  readonly store: ExpresswayStore;
  /** Undefined: not one readable certificate. */
  readonly readCertificate: (text: string) => ExpresswayCertificate | undefined;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}

/** Which Expressway-Cs the nodes take vouches from: added by an administrator, known by their certificate, removed at any time. */
export class ExpresswayService {
  readonly #parts: ExpresswayParts;

  constructor(parts: ExpresswayParts) {
    this.#parts = parts;
  }

  list(): Promise<readonly Expressway[]> {
    return this.#parts.store.list();
  }

  /** @throws ExpresswayFault `expressway_not_found` */
  async get(id: string): Promise<Expressway> {
    const found = await this.#parts.store.find(id);
    if (found === undefined) throw notFound();
    return found;
  }

  /**
   * The same certificate again is the same Expressway-C: an answer that got lost can be asked for once more.
   * @throws ExpresswayFault `certificate_unreadable`, `name_taken`
   */
  async add(name: string, certificateText: string, actor: Actor): Promise<Expressway> {
    const { store, readCertificate, transactions, audit } = this.#parts;
    const certificate = readCertificate(certificateText);
    if (certificate === undefined) {
      throw new ExpresswayFault('caller', say('certificate_unreadable.expressway'), { field: 'certificate' });
    }
    return transactions.run(async (tx) => {
      const known = await store.bySha256(certificate.sha256, tx);
      if (known !== undefined) return known;
      const id = await store.insert(tx, name, certificate, actor.name);
      if (id === 'name-taken') {
        throw new ExpresswayFault('policy', say('name_taken.expressway', { name }), { field: 'name' });
      }
      await audit.append(tx, {
        actor,
        action: 'expressway.added',
        objectKind: 'expressway',
        objectId: id,
        objectName: name,
        detail: { sha256: certificate.sha256 },
      });
      return (await store.find(id, tx))!;
    });
  }

  /** Its connections are closed and phones behind it are cut off. @throws ExpresswayFault `expressway_not_found` */
  async remove(id: string, actor: Actor): Promise<void> {
    const { store, transactions, audit } = this.#parts;
    await transactions.run(async (tx) => {
      const before = await store.find(id, tx);
      if (before === undefined || !(await store.remove(tx, id))) throw notFound();
      await audit.append(tx, {
        actor,
        action: 'expressway.removed',
        objectKind: 'expressway',
        objectId: id,
        objectName: before.name,
        detail: { sha256: before.sha256 },
      });
    });
  }
}

const notFound = () => new ExpresswayFault('caller', say('expressway_not_found'));
