import { contentVersion } from '../../kernel/content-version.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { enterpriseParameterKind, enterpriseParameters } from './enterprise-parameters.ts';
import { complaintAbout, type ParameterComplaint, type ParameterKind, type ServiceParameterKind } from './parameter.ts';
import { serviceParameterKind, serviceParameters } from './service-parameters.ts';
import { invalidValue, notFound, unknownReference, versionConflict } from './setting-fault.ts';

export interface ParameterStore {
  /** Holds back everybody else who would change a parameter until this transaction ends. */
  lock(tx: Transaction): Promise<void>;
  /** All that is stored: few rows. */
  serviceValues(
    tx?: Transaction,
  ): Promise<readonly { service: string; name: string; node: string | undefined; value: string }[]>;
  /** `value` undefined: back to the default. False: there is no such node. */
  setServiceValue(
    tx: Transaction,
    service: string,
    name: string,
    node: string | undefined,
    value: string | undefined,
  ): Promise<boolean>;
  enterpriseValues(tx?: Transaction): Promise<ReadonlyMap<string, string>>;
  setEnterpriseValue(tx: Transaction, name: string, value: string | undefined): Promise<void>;
}

/** Called within the transaction that set a clusterwide service parameter; what it throws undoes it. `value` undefined: the default again. */
export type FollowParameter = (
  tx: Transaction,
  actor: Actor,
  service: string,
  name: string,
  value: string | undefined,
) => Promise<void>;

export interface ParameterValue<K extends ParameterKind = ParameterKind> {
  readonly kind: K;
  /** What holds clusterwide. */
  readonly value: string;
  readonly isDefault: boolean;
  /** Node name → what holds there instead. */
  readonly nodeValues: Readonly<Record<string, string>>;
  /** Of what holds, clusterwide and on each node. */
  readonly version: number;
}

/** Parameters by catalogue: what is stored overrides the default, and only what the catalogue allows is stored. */
export class ParameterService {
  readonly #store: ParameterStore;
  readonly #transactions: Transactions;
  readonly #audit: AuditLog;
  readonly #follow: FollowParameter | undefined;

  constructor(store: ParameterStore, transactions: Transactions, audit: AuditLog, follow?: FollowParameter) {
    this.#store = store;
    this.#transactions = transactions;
    this.#audit = audit;
    this.#follow = follow;
  }

  async serviceList(): Promise<readonly ParameterValue<ServiceParameterKind>[]> {
    const stored = await this.#store.serviceValues();
    return serviceParameters.map((kind) => withValues(kind, stored));
  }

  async service(service: string, name: string): Promise<ParameterValue<ServiceParameterKind>> {
    return withValues(serviceKindOf(service, name), await this.#store.serviceValues());
  }

  /** `value` undefined: back to the default (or, for a node, to the clusterwide value). @throws SettingFault `version_conflict` when it is not what `ifVersion` was made from */
  async setService(
    actor: Actor,
    service: string,
    name: string,
    node: string | undefined,
    value: string | undefined,
    ifVersion?: number,
  ): Promise<ParameterValue<ServiceParameterKind>> {
    const kind = serviceKindOf(service, name);
    refuseUnfit(kind, value);
    if (node !== undefined && !kind.perNode) throw invalidValue('node', say('invalid_value.not_per_node', { name }));
    return this.#transactions.run(async (tx) => {
      await this.#store.lock(tx);
      const before = withValues(kind, await this.#store.serviceValues(tx));
      if (ifVersion !== undefined && ifVersion !== before.version)
        throw versionConflict('service parameter', name, before.version);
      if (!(await this.#store.setServiceValue(tx, service, name, node, value)))
        throw unknownReference('node', 'node', node ?? '');
      await this.#audit.append(tx, {
        actor,
        action: 'service-parameter.changed',
        objectKind: 'service-parameter',
        objectName: `${service}: ${name}`,
        detail: {
          node: node ?? null,
          before: node === undefined ? before.value : (before.nodeValues[node] ?? null),
          after: value ?? null,
        },
      });
      if (node === undefined) await this.#follow?.(tx, actor, service, name, value);
      return withValues(kind, await this.#store.serviceValues(tx));
    });
  }

  async enterpriseList(): Promise<readonly ParameterValue[]> {
    const stored = await this.#store.enterpriseValues();
    return enterpriseParameters.map((kind) => enterpriseValue(kind, stored));
  }

  async enterprise(name: string): Promise<ParameterValue> {
    return enterpriseValue(enterpriseKindOf(name), await this.#store.enterpriseValues());
  }

  async setEnterprise(
    actor: Actor,
    name: string,
    value: string | undefined,
    ifVersion?: number,
  ): Promise<ParameterValue> {
    const kind = enterpriseKindOf(name);
    refuseUnfit(kind, value);
    return this.#transactions.run(async (tx) => {
      await this.#store.lock(tx);
      const before = enterpriseValue(kind, await this.#store.enterpriseValues(tx));
      if (ifVersion !== undefined && ifVersion !== before.version)
        throw versionConflict('enterprise parameter', name, before.version);
      await this.#store.setEnterpriseValue(tx, name, value);
      await this.#audit.append(tx, {
        actor,
        action: 'enterprise-parameter.changed',
        objectKind: 'enterprise-parameter',
        objectName: name,
        detail: { before: before.value, after: value ?? null },
      });
      return enterpriseValue(kind, await this.#store.enterpriseValues(tx));
    });
  }
}

function serviceKindOf(service: string, name: string): ServiceParameterKind {
  const kind = serviceParameterKind(service, name);
  if (kind === undefined) throw notFound('service parameter', `${service}: ${name}`);
  return kind;
}

function enterpriseKindOf(name: string): ParameterKind {
  const kind = enterpriseParameterKind(name);
  if (kind === undefined) throw notFound('enterprise parameter', name);
  return kind;
}

function refuseUnfit(kind: ParameterKind, value: string | undefined): void {
  const complaint = value === undefined ? undefined : complaintAbout(kind.type, value);
  if (complaint !== undefined) throw invalidValue('value', sentenceOf(complaint, kind));
}

function sentenceOf(complaint: ParameterComplaint, kind: ParameterKind) {
  const values = { ...complaint.values, parameter: kind.name, default: kind.defaultValue };
  return kind.defaultValue === '' ? say(`${complaint.text}.empty`, values) : say(complaint.text, values);
}

function withValues(
  kind: ServiceParameterKind,
  stored: readonly { service: string; name: string; node: string | undefined; value: string }[],
): ParameterValue<ServiceParameterKind> {
  const mine = stored.filter((each) => each.service === kind.service && each.name === kind.name);
  const clusterwide = mine.find((each) => each.node === undefined)?.value;
  const value = clusterwide ?? kind.defaultValue;
  const nodeValues = Object.fromEntries(
    mine.flatMap((each) => (each.node === undefined ? [] : [[each.node, each.value]])),
  );
  const isDefault = clusterwide === undefined;
  return { kind, value, isDefault, nodeValues, version: contentVersion({ value, isDefault, nodeValues }) };
}

function enterpriseValue(kind: ParameterKind, stored: ReadonlyMap<string, string>): ParameterValue {
  const value = stored.get(kind.name) ?? kind.defaultValue;
  const isDefault = !stored.has(kind.name);
  return { kind, value, isDefault, nodeValues: {}, version: contentVersion({ value, isDefault }) };
}
