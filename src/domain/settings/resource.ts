import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { type Dependency, inUse, nameTaken, notFound, versionConflict } from './setting-fault.ts';

/** A row with its identity. `name` is how a URL and a person call it. */
export interface Stored<T> {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly value: T;
}

export interface ListRequest {
  /** Anywhere in the searched columns, in any case. */
  readonly search?: string | undefined;
  /** Exact, by field name. */
  readonly filters?: Readonly<Record<string, string | boolean | undefined>>;
  /** Field name, `-` in front for descending. */
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly nextCursor?: string;
}

export interface ResourceStore<T> {
  list(request: ListRequest): Promise<Page<Stored<T>>>;
  /** With `tx` the row is locked until its end. */
  find(name: string, tx?: Transaction): Promise<Stored<T> | undefined>;
  /** Throws SettingFault `unknown_reference`, `invalid_value`. Undefined: the name is taken. */
  insert(tx: Transaction, value: T): Promise<Stored<T> | undefined>;
  /** As `insert`. The row is locked by `find`. */
  update(tx: Transaction, current: Stored<T>, value: T): Promise<Stored<T> | undefined>;
  /** Rejects with `StillReferenced` when something depends on it. */
  remove(tx: Transaction, id: string): Promise<void>;
  dependencies(id: string): Promise<readonly Dependency[]>;
}

/** The database refused to delete a row that others refer to. */
export class StillReferenced extends Error {}

/** What a kind of object is called, and what must hold for it beyond its schema. */
export interface ResourceRules<T> {
  /** `device-pool`: in audit rows and dependency records. */
  readonly kind: string;
  /** `device pool`: in sentences. */
  readonly title: string;
  /** What a new one would be called, and the field that says so. `name` unless told. */
  nameOf?(value: T): { name: string; field: string };
  /** What people write in more than one way, in the one way it is kept. */
  normalise?(value: T): T;
  /** Throws SettingFault when the value as a whole cannot be. `before` is undefined for a new one. */
  check(value: T, before: T | undefined): void;
  /** Throws SettingFault when this one must stay. */
  checkRemoval?(current: Stored<T>): void;
}

/** List, add, change and delete one kind of settings object: in one transaction with the audit row, or not at all. */
export class ResourceService<T extends object> {
  readonly rules: ResourceRules<T>;
  readonly #store: ResourceStore<T>;
  readonly #transactions: Transactions;
  readonly #audit: AuditLog;

  constructor(rules: ResourceRules<T>, store: ResourceStore<T>, transactions: Transactions, audit: AuditLog) {
    this.rules = rules;
    this.#store = store;
    this.#transactions = transactions;
    this.#audit = audit;
  }

  list(request: ListRequest): Promise<Page<Stored<T>>> {
    return this.#store.list(request);
  }

  async get(name: string): Promise<Stored<T>> {
    return (await this.#store.find(name)) ?? this.#missing(name);
  }

  async add(actor: Actor, given: T): Promise<Stored<T>> {
    const value = this.rules.normalise?.(given) ?? given;
    this.rules.check(value, undefined);
    return this.#transactions.run(async (tx) => {
      const stored = await this.#store.insert(tx, value);
      if (stored === undefined) throw this.#taken(value);
      await this.#note(tx, actor, 'created', stored, { values: value });
      return stored;
    });
  }

  /** Members left out of `change` stay. `version`: what the caller read; undefined takes the change in any case. */
  async change(actor: Actor, name: string, change: Partial<T>, version: number | undefined): Promise<Stored<T>> {
    return this.#transactions.run(async (tx) => {
      const current = await this.#locked(tx, name, version);
      const given = { ...current.value, ...change };
      const value = this.rules.normalise?.(given) ?? given;
      const changed = differences(current.value, value);
      if (Object.keys(changed).length === 0) return current;
      this.rules.check(value, current.value);
      const stored = await this.#store.update(tx, current, value);
      if (stored === undefined) throw this.#taken(value);
      await this.#note(tx, actor, 'changed', stored, { changed });
      return stored;
    });
  }

  async remove(actor: Actor, name: string, version: number | undefined): Promise<void> {
    let removing: Stored<T> | undefined;
    try {
      await this.#transactions.run(async (tx) => {
        removing = await this.#locked(tx, name, version);
        this.rules.checkRemoval?.(removing);
        await this.#store.remove(tx, removing.id);
        await this.#note(tx, actor, 'deleted', removing, {});
      });
    } catch (error) {
      if (!(error instanceof StillReferenced) || removing === undefined) throw error;
      throw inUse(this.rules.title, removing.name, await this.#store.dependencies(removing.id));
    }
  }

  async dependencies(name: string): Promise<readonly Dependency[]> {
    return this.#store.dependencies((await this.get(name)).id);
  }

  async #locked(tx: Transaction, name: string, version: number | undefined): Promise<Stored<T>> {
    const current = (await this.#store.find(name, tx)) ?? this.#missing(name);
    if (version !== undefined && current.version !== version)
      throw versionConflict(this.rules.title, name, current.version);
    return current;
  }

  #taken(value: T): Error {
    const { name, field } = this.rules.nameOf?.(value) ?? {
      name: (value as { name?: string }).name ?? '',
      field: 'name',
    };
    return nameTaken(this.rules.title, name, field);
  }

  #missing(name: string): never {
    throw notFound(this.rules.title, name);
  }

  #note(
    tx: Transaction,
    actor: Actor,
    done: string,
    stored: Stored<T>,
    detail: Record<string, unknown>,
  ): Promise<void> {
    return this.#audit.append(tx, {
      actor,
      action: `${this.rules.kind}.${done}`,
      objectKind: this.rules.kind,
      objectId: stored.id,
      objectName: stored.name,
      detail,
    });
  }
}

/** Field → [before, after], only where they differ. */
export function differences(before: object, after: object): Record<string, [unknown, unknown]> {
  const changed: Record<string, [unknown, unknown]> = {};
  for (const [field, value] of Object.entries(after)) {
    const old = (before as Record<string, unknown>)[field];
    if (JSON.stringify(old) !== JSON.stringify(value)) changed[field] = [old, value];
  }
  return changed;
}
