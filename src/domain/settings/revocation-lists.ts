import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { revocationLimits } from '../trust/revocation-list.ts';
import { notFound, SettingFault } from './setting-fault.ts';

/** What a revocation list says of itself. */
export interface RevocationListFacts {
  /** Lower-case hex of SHA-256 over the issuer's name, its key and the list's scope: a newer list of the same kind has the same. */
  readonly id: string;
  readonly issuer: string;
  /** Of the certificate in CallManager-trust whose key signed it, in hex. */
  readonly issuerSha256: string;
  /** The CRL number, decimal; null: it has none. */
  readonly number: string | null;
  readonly thisUpdate: Date;
  /** When its issuer will have made the next one; null: it does not say. */
  readonly nextUpdate: Date | null;
  /** Speaks for a part of the issuer's certificates only. */
  readonly partial: boolean;
  /** Revoked certificates in it. */
  readonly entries: number;
  /** Lower-case hex of SHA-256 over the list. */
  readonly sha256: string;
}

/** A list that was read and whose signature is good. */
export interface ReadRevocationList extends RevocationListFacts {
  readonly der: Uint8Array;
  /** As packFingerprints makes them. */
  readonly revoked: Uint8Array;
}

export interface StoredRevocationList extends RevocationListFacts {
  /** Its next one is overdue, by the database's clock. It still refuses what it lists. */
  readonly overdue: boolean;
  readonly createdAt: Date;
}

/**
 * Reads DER or PEM, and checks the signature against CallManager-trust as it is now; away from the event loop. Rejects with SettingFault when the list
 * is not to be used.
 */
export type RevocationListReader = (octets: Uint8Array) => Promise<ReadRevocationList>;

export interface RevocationListStore {
  list(): Promise<readonly StoredRevocationList[]>;
  /** With `tx` the row is locked until its end. */
  find(id: string, tx?: Transaction): Promise<StoredRevocationList | undefined>;
  content(id: string): Promise<Uint8Array | undefined>;
  /** In place of the one before with the same id. False: that one is as new or newer, and nothing was changed. One after the other. */
  put(tx: Transaction, list: ReadRevocationList): Promise<boolean>;
  /** What is there with this transaction. */
  totals(tx: Transaction): Promise<{ readonly lists: number; readonly entries: number }>;
  remove(tx: Transaction, id: string): Promise<void>;
}

/** What manufacturers revoked: MICs that are refused from then on, and authorities with everything below them. */
export class RevocationListService {
  readonly #store: RevocationListStore;
  readonly #read: RevocationListReader;
  readonly #transactions: Transactions;
  readonly #audit: AuditLog;

  constructor(store: RevocationListStore, read: RevocationListReader, transactions: Transactions, audit: AuditLog) {
    this.#store = store;
    this.#read = read;
    this.#transactions = transactions;
    this.#audit = audit;
  }

  list(): Promise<readonly StoredRevocationList[]> {
    return this.#store.list();
  }

  async get(id: string): Promise<StoredRevocationList> {
    return known(id, await this.#store.find(id.toLowerCase()));
  }

  async content(id: string): Promise<Uint8Array> {
    return known(id, await this.#store.content(id.toLowerCase()));
  }

  /** Takes the place of the issuer's list before, which must be older. */
  async put(actor: Actor, octets: Uint8Array): Promise<StoredRevocationList> {
    const read = await this.#read(octets);
    return this.#transactions.run(async (tx) => {
      if (!(await this.#store.put(tx, read))) throw notNewer(await this.#store.find(read.id, tx));
      const { lists, entries } = await this.#store.totals(tx);
      if (lists > revocationLimits.lists || entries > revocationLimits.entries) throw tooMany();
      const { number, nextUpdate, partial } = read;
      const detail = { number, thisUpdate: read.thisUpdate, nextUpdate, partial, entries: read.entries };
      await this.#note(tx, actor, 'uploaded', read, { ...detail, sha256: read.sha256 });
      return known(read.id, await this.#store.find(read.id, tx));
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.#transactions.run(async (tx) => {
      const current = known(id, await this.#store.find(id.toLowerCase(), tx));
      await this.#store.remove(tx, current.id);
      const { number, thisUpdate, entries, sha256 } = current;
      await this.#note(tx, actor, 'deleted', current, { number, thisUpdate, entries, sha256 });
    });
  }

  #note(tx: Transaction, actor: Actor, done: string, of: RevocationListFacts, detail: Record<string, unknown>) {
    return this.#audit.append(tx, {
      actor,
      action: `certificate-revocation-list.${done}`,
      objectKind: 'certificate-revocation-list',
      objectId: of.id,
      objectName: of.issuer,
      detail,
    });
  }
}

function known<T>(id: string, found: T | undefined): T {
  if (found === undefined) throw notFound('certificate revocation list', id, 'id');
  return found;
}

function notNewer(stored: RevocationListFacts | undefined): SettingFault {
  return new SettingFault(
    'policy',
    stored === undefined
      ? say('crl_not_newer')
      : say('crl_not_newer.number', { number: stored.number ?? '–', since: stored.thisUpdate.toISOString() }),
  );
}

const tooMany = () =>
  new SettingFault(
    'policy',
    say('crl_too_large.together', { entries: revocationLimits.entries, lists: revocationLimits.lists }),
  );
