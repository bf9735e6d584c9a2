import { parseMacAddress } from '../../identifiers/mac-address.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import type { ListRequest, Page } from './resource.ts';
import { invalidValue, nameTaken, notFound } from './setting-fault.ts';

export type MicDenyKind = 'serial' | 'key' | 'mac';

export interface MicDenial {
  readonly kind: MicDenyKind;
  /** serial: hex serial number; key: hex SHA-256 of the public key (SPKI); mac: 12 hex digits. */
  readonly value: string;
  readonly reason: string;
  readonly createdAt: Date;
}

export interface MicDenyStore {
  list(request: ListRequest): Promise<Page<MicDenial>>;
  find(kind: MicDenyKind, value: string, tx?: Transaction): Promise<MicDenial | undefined>;
  /** False: it is there already. */
  insert(tx: Transaction, kind: MicDenyKind, value: string, reason: string): Promise<boolean>;
  remove(tx: Transaction, kind: MicDenyKind, value: string): Promise<boolean>;
}

/** Manufacturing certificates that are never accepted, however well they chain. */
export class MicDenyService {
  readonly #store: MicDenyStore;
  readonly #transactions: Transactions;
  readonly #audit: AuditLog;

  constructor(store: MicDenyStore, transactions: Transactions, audit: AuditLog) {
    this.#store = store;
    this.#transactions = transactions;
    this.#audit = audit;
  }

  list(request: ListRequest): Promise<Page<MicDenial>> {
    return this.#store.list(request);
  }

  async add(actor: Actor, kind: MicDenyKind, value: string, reason: string): Promise<MicDenial> {
    const canonical = canonicalValue(kind, value);
    return this.#transactions.run(async (tx) => {
      if (!(await this.#store.insert(tx, kind, canonical, reason)))
        throw nameTaken('denied certificate', `${kind} ${canonical}`, 'value');
      await this.#note(tx, actor, 'denied', kind, canonical, { reason });
      return (await this.#store.find(kind, canonical, tx))!;
    });
  }

  async remove(actor: Actor, kind: MicDenyKind, value: string): Promise<void> {
    const canonical = canonicalValue(kind, value);
    await this.#transactions.run(async (tx) => {
      if (!(await this.#store.remove(tx, kind, canonical)))
        throw notFound('denied certificate', `${kind} ${canonical}`, 'value');
      await this.#note(tx, actor, 'allowed', kind, canonical, {});
    });
  }

  #note(tx: Transaction, actor: Actor, done: string, kind: string, value: string, detail: Record<string, unknown>) {
    return this.#audit.append(tx, {
      actor,
      action: `mic.${done}`,
      objectKind: 'mic-denial',
      objectId: `${kind}:${value}`,
      objectName: value,
      detail,
    });
  }
}

/** As the handshake compares it. Throws SettingFault `invalid_value`. */
function canonicalValue(kind: MicDenyKind, value: string): string {
  if (kind === 'mac') {
    const mac = parseMacAddress(value);
    if (mac === undefined) throw invalidValue('value', say('invalid_value.mac'));
    return mac;
  }
  const hex = value.replace(/[:\s]/g, '').toLowerCase();
  if (!/^[0-9a-f]+$/.test(hex)) throw invalidValue('value', say('invalid_value.hex'));
  if (kind === 'key') {
    if (hex.length !== 64) throw invalidValue('value', say('invalid_value.key_hash'));
    return hex;
  }
  // Serial numbers are compared as the certificate writes them: whole octets, no needless leading zero.
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return even.replace(/^(?:00)+(?=..)/, '');
}
