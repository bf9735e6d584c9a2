import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { differences, StillReferenced } from './resource.ts';
import { type ServiceKind, serviceKind, services } from './services.ts';
import { type Dependency, inUse, notFound, protectedObject, SettingFault } from './setting-fault.ts';

export interface NodeRecord {
  readonly id: string;
  readonly name: string;
  /** Where phones reach it. */
  readonly address: string;
  readonly description: string;
  readonly publisher: boolean;
  readonly ports: Readonly<Record<string, number>>;
  readonly version: string;
  readonly lastSeenAt: Date | undefined;
  /** Seen within the last ten seconds, by the database's clock. */
  readonly up: boolean;
}

export interface ServiceStatus {
  readonly kind: ServiceKind;
  readonly activated: boolean;
  readonly changedAt: Date | undefined;
}

export interface NodeStore {
  list(): Promise<readonly NodeRecord[]>;
  find(name: string, tx?: Transaction): Promise<NodeRecord | undefined>;
  update(tx: Transaction, id: string, fields: { address: string; description: string }): Promise<void>;
  /** Rejects with StillReferenced. */
  remove(tx: Transaction, id: string): Promise<void>;
  /** Makes another node the publisher, one that runs if there is one, and says which; undefined: there is none. */
  promote(tx: Transaction): Promise<string | undefined>;
  dependencies(id: string): Promise<readonly Dependency[]>;
  /** Only what was ever switched. With `tx` the node's rows are locked until its end. */
  switches(id: string, tx?: Transaction): Promise<ReadonlyMap<string, { activated: boolean; changedAt: Date }>>;
  setSwitch(tx: Transaction, id: string, service: string, activated: boolean): Promise<void>;
}

/** Nodes add themselves when they first start; here they are looked at, described, and removed when gone for good. */
export class NodeService {
  readonly #store: NodeStore;
  readonly #transactions: Transactions;
  readonly #audit: AuditLog;

  constructor(store: NodeStore, transactions: Transactions, audit: AuditLog) {
    this.#store = store;
    this.#transactions = transactions;
    this.#audit = audit;
  }

  list(): Promise<readonly NodeRecord[]> {
    return this.#store.list();
  }

  get(name: string): Promise<NodeRecord> {
    return this.#known(name);
  }

  async change(actor: Actor, name: string, change: { address?: string; description?: string }): Promise<NodeRecord> {
    return this.#transactions.run(async (tx) => {
      const node = await this.#known(name, tx);
      const before = { address: node.address, description: node.description };
      const after = { address: change.address ?? node.address, description: change.description ?? node.description };
      const changed = differences(before, after);
      if (Object.keys(changed).length === 0) return node;
      await this.#store.update(tx, node.id, after);
      await this.#audit.append(tx, {
        actor,
        action: 'node.changed',
        objectKind: 'node',
        objectId: node.id,
        objectName: name,
        detail: { changed },
      });
      return { ...node, ...after };
    });
  }

  async remove(actor: Actor, name: string): Promise<void> {
    let removing: NodeRecord | undefined;
    try {
      await this.#transactions.run(async (tx) => {
        removing = await this.#known(name, tx);
        if (removing.up) throw protectedObject(say('protected.node_running'));
        await this.#store.remove(tx, removing.id);
        const publisher = removing.publisher ? await this.#store.promote(tx) : undefined;
        if (removing.publisher && publisher === undefined) throw protectedObject(say('protected.only_node'));
        await this.#audit.append(tx, {
          actor,
          action: 'node.deleted',
          objectKind: 'node',
          objectId: removing.id,
          objectName: name,
          ...(publisher !== undefined && { detail: { publisher } }),
        });
      });
    } catch (error) {
      if (!(error instanceof StillReferenced) || removing === undefined) throw error;
      throw inUse('node', name, await this.#store.dependencies(removing.id));
    }
  }

  async dependencies(name: string): Promise<readonly Dependency[]> {
    return this.#store.dependencies((await this.#known(name)).id);
  }

  async services(name: string): Promise<readonly ServiceStatus[]> {
    return statuses(await this.#store.switches((await this.#known(name)).id));
  }

  /** Takes effect at once: every node is told. */
  async switchService(actor: Actor, name: string, service: string, activated: boolean): Promise<ServiceStatus> {
    const kind = serviceKind(service);
    if (kind === undefined) throw notFound('service', service, 'service');
    return this.#transactions.run(async (tx) => {
      const node = await this.#known(name, tx);
      const before = statuses(await this.#store.switches(node.id, tx));
      const active = (of: string) => before.find((each) => each.kind.name === of)?.activated === true;
      if (activated) {
        const missing = kind.needs.filter((each) => !active(each));
        if (missing.length > 0)
          throw new SettingFault('policy', say('service_wanted', { service, missing: missing.join(', ') }), {
            field: 'activated',
          });
      } else {
        const needing = services.filter((each) => each.needs.includes(kind.name) && active(each.name));
        if (needing.length > 0)
          throw new SettingFault(
            'policy',
            say('service_needed', { needing: needing.map((each) => each.name).join(', '), service }),
            { field: 'activated' },
          );
      }
      if (active(service) !== activated) {
        await this.#store.setSwitch(tx, node.id, service, activated);
        await this.#audit.append(tx, {
          actor,
          action: activated ? 'service.activated' : 'service.deactivated',
          objectKind: 'node-service',
          objectId: node.id,
          objectName: `${name}: ${service}`,
        });
      }
      return statuses(await this.#store.switches(node.id, tx)).find((each) => each.kind.name === service)!;
    });
  }

  async #known(name: string, tx?: Transaction): Promise<NodeRecord> {
    const node = await this.#store.find(name, tx);
    if (node === undefined) throw notFound('node', name);
    return node;
  }
}

function statuses(switches: ReadonlyMap<string, { activated: boolean; changedAt: Date }>): readonly ServiceStatus[] {
  return services.map((kind) => {
    const switched = switches.get(kind.name);
    return { kind, activated: switched?.activated ?? kind.activatedByDefault, changedAt: switched?.changedAt };
  });
}

/** What a service misses on its node for onboarding over MRA: a hint, not a refusal. */
export function missingForMra(status: ServiceStatus, all: readonly ServiceStatus[]): readonly string[] {
  if (!status.activated) return [];
  return status.kind.wantsForMra.filter((each) => all.find((other) => other.kind.name === each)?.activated !== true);
}
