import type { Transactions } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { differences } from '../settings/resource.ts';
import { invalidValue, notFound, unknownReference, versionConflict } from '../settings/setting-fault.ts';
import { isEmpty, rangeComplaint, searchOrder, sizeOf } from './number-range.ts';
import type {
  AutoRegistrationFields,
  AutoRegistrationGroup,
  AutoRegistrationStore,
  NodeAutoRegistration,
} from './ports.ts';
import { isOn, servingNode } from './serving.ts';

/** A node's settings with what they lead to. */
export interface AutoRegistrationView extends NodeAutoRegistration {
  readonly on: boolean;
  /** Phones without a record are taken in by this node now. */
  readonly serving: boolean;
  readonly numbersTotal: number;
  /** Undefined: off, or all are used. */
  readonly nextDirectoryNumber: string | undefined;
}

/** Why phones of a model set to Auto Registration do not come in. */
export interface AutoRegistrationProblem {
  readonly code: 'no_group' | 'no_active_node' | 'node_off' | 'numbers_used_up' | 'profile' | 'no_model';
  readonly message: string;
  readonly remedy: string;
}

export interface AutoRegistrationOverview {
  readonly group: AutoRegistrationGroup | undefined;
  readonly certificateRequired: boolean;
  readonly models: readonly string[];
  readonly nodes: readonly AutoRegistrationView[];
  readonly problems: readonly AutoRegistrationProblem[];
}

/** What an administrator sets on the page of a node, and how it all fits together. */
export class AutoRegistrationService {
  readonly #store: AutoRegistrationStore;
  readonly #transactions: Transactions;
  readonly #audit: AuditLog;

  constructor(store: AutoRegistrationStore, transactions: Transactions, audit: AuditLog) {
    this.#store = store;
    this.#transactions = transactions;
    this.#audit = audit;
  }

  /** @throws SettingFault `not_found` */
  async node(name: string): Promise<AutoRegistrationView> {
    const found = (await this.#store.nodes()).find((each) => each.node === name);
    if (found === undefined) throw notFound('node', name);
    return this.#view(found, servingNode(await this.#store.group()));
  }

  /** @throws SettingFault naming the field */
  async change(
    actor: Actor,
    name: string,
    change: { readonly [K in keyof AutoRegistrationFields]?: AutoRegistrationFields[K] | undefined },
    ifVersion: number | undefined,
  ): Promise<AutoRegistrationView> {
    await this.#transactions.run(async (tx) => {
      const before = await this.#store.node(name, tx);
      if (before === undefined) throw notFound('node', name);
      if (ifVersion !== undefined && ifVersion !== before.version) {
        throw versionConflict('auto-registration of node', name, before.version);
      }
      const old = fieldsOf(before);
      const wanted: AutoRegistrationFields = {
        startingDirectoryNumber: change.startingDirectoryNumber ?? old.startingDirectoryNumber,
        endingDirectoryNumber: change.endingDirectoryNumber ?? old.endingDirectoryNumber,
        disabled: change.disabled ?? old.disabled,
        universalDeviceTemplate:
          change.universalDeviceTemplate === undefined ? old.universalDeviceTemplate : change.universalDeviceTemplate,
        universalLineTemplate:
          change.universalLineTemplate === undefined ? old.universalLineTemplate : change.universalLineTemplate,
      };
      const complaint = rangeComplaint({ start: wanted.startingDirectoryNumber, end: wanted.endingDirectoryNumber });
      if (complaint !== undefined) {
        throw invalidValue('endingDirectoryNumber', complaint);
      }
      const changed = differences(old, wanted);
      if (Object.keys(changed).length === 0) return;
      const outcome = await this.#store.update(tx, before.nodeId, wanted);
      if (outcome === 'no-device-template') {
        throw unknownReference(
          'universalDeviceTemplate',
          'universal device template',
          wanted.universalDeviceTemplate ?? '',
        );
      }
      if (outcome === 'no-line-template') {
        throw unknownReference('universalLineTemplate', 'universal line template', wanted.universalLineTemplate ?? '');
      }
      await this.#audit.append(tx, {
        actor,
        action: 'auto-registration.changed',
        objectKind: 'auto-registration',
        objectId: before.nodeId,
        objectName: name,
        detail: { changed },
      });
    });
    return this.node(name);
  }

  async overview(): Promise<AutoRegistrationOverview> {
    const [found, group, models, withoutCertificate] = await Promise.all([
      this.#store.nodes(),
      this.#store.group(),
      this.#store.models(),
      this.#store.withoutCertificate(),
    ]);
    const serving = servingNode(group);
    const nodes = await Promise.all(found.map((each) => this.#view(each, serving)));
    const server = nodes.find((each) => each.nodeId === serving);
    const problems = await this.#problems(models, group, server, withoutCertificate);
    return { group, certificateRequired: !withoutCertificate, models, nodes, problems };
  }

  async #view(node: NodeAutoRegistration, serving: string | undefined): Promise<AutoRegistrationView> {
    const range = { start: node.startingDirectoryNumber, end: node.endingDirectoryNumber };
    const on = isOn(node);
    const nextDirectoryNumber = on ? await this.#transactions.run((tx) => this.#next(tx, node)) : undefined;
    return { ...node, on, serving: on && serving === node.nodeId, numbersTotal: sizeOf(range), nextDirectoryNumber };
  }

  async #next(tx: Parameters<AutoRegistrationStore['firstFree']>[0], node: NodeAutoRegistration) {
    const range = { start: node.startingDirectoryNumber, end: node.endingDirectoryNumber };
    const taken = await this.#store.reservedNumbers(tx);
    const partition = await this.#store.partitionOf(tx, node.universalLineTemplate ?? undefined);
    for (const part of searchOrder(range, node.lastDirectoryNumber)) {
      const free = await this.#store.firstFree(tx, part, partition, taken);
      if (free !== undefined) return free;
    }
    return undefined;
  }

  async #problems(
    models: readonly string[],
    group: AutoRegistrationGroup | undefined,
    server: AutoRegistrationView | undefined,
    withoutCertificate: boolean,
  ): Promise<readonly AutoRegistrationProblem[]> {
    const problems: AutoRegistrationProblem[] = [];
    if (models.length === 0)
      problems.push({
        code: 'no_model',
        message: 'No model is set to Auto Registration.',
        remedy: 'Set the On-Premise Onboarding Method of a model to Auto Registration in Device Defaults.',
      });
    if (group === undefined)
      problems.push({
        code: 'no_group',
        message: 'No Call Manager group takes in phones without a record.',
        remedy: 'Tick Auto-registration Cisco Unified Communications Manager Group in one Call Manager group.',
      });
    else if (server === undefined)
      problems.push({
        code: 'no_active_node',
        message: `No node of the Call Manager group ${group.name} runs with its CallManager service on.`,
        remedy: 'Start a node of the group, or activate its CallManager service.',
      });
    else if (!server.on)
      problems.push({
        code: 'node_off',
        message: `Auto-registration is off on ${server.node}, the first active node of the Call Manager group ${group.name}.`,
        remedy: isEmpty({ start: server.startingDirectoryNumber, end: server.endingDirectoryNumber })
          ? 'Give the node a starting and an ending directory number that differ.'
          : 'Clear the box Auto-registration Disabled on this Cisco Unified Communications Manager.',
      });
    else {
      if (server.nextDirectoryNumber === undefined)
        problems.push({
          code: 'numbers_used_up',
          message: `All ${server.numbersTotal} directory numbers of ${server.node} are used.`,
          remedy: 'Widen the range, or delete phones that are not needed any more.',
        });
      const profile = await this.#transactions.run((tx) =>
        this.#store.profileOf(tx, server.universalDeviceTemplate ?? undefined),
      );
      if (profile === undefined || profile.digest || (profile.secure && withoutCertificate))
        problems.push({
          code: 'profile',
          message:
            profile?.digest === true
              ? 'The device template gives phones a security profile with digest authentication, and a phone that nobody prepared cannot be given a password.'
              : 'The device template gives phones a secure profile: only phones that show their certificate come in.',
          remedy:
            'Choose a Universal Device Template with a secure profile, or with a non-secure one without digest authentication.',
        });
    }
    return problems;
  }
}

function fieldsOf(node: NodeAutoRegistration): AutoRegistrationFields {
  const { startingDirectoryNumber, endingDirectoryNumber, disabled, universalDeviceTemplate, universalLineTemplate } =
    node;
  return { startingDirectoryNumber, endingDirectoryNumber, disabled, universalDeviceTemplate, universalLineTemplate };
}
