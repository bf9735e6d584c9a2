import type { PhoneModel } from '../../identifiers/phone-model.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import { disallow, refuse } from './faults.ts';
import type { ButtonTemplate } from './lines.ts';
import { readLoadName } from './load-names.ts';
import { requireModel } from './naming.ts';

export type OnboardingMethod = 'ActivationCode' | 'AutoRegistration';

/** Device Defaults of one model. */
export interface DeviceDefault {
  readonly model: string;
  /** "On-Premise Onboarding Method". */
  readonly onPremiseOnboardingMethod: OnboardingMethod;
  /** Dual Bank Information: load names without `.loads`; empty: the phone keeps what it runs. */
  readonly loadInformation: string;
  readonly inactiveLoadInformation: string;
  readonly devicePool: string;
  readonly phoneButtonTemplate: string;
  readonly version: number;
  /** Phones of the model there are. */
  readonly phones: number;
}

/** Absent members stay as they are. */
export interface DeviceDefaultChange {
  readonly onPremiseOnboardingMethod?: OnboardingMethod | undefined;
  readonly loadInformation?: string | undefined;
  readonly inactiveLoadInformation?: string | undefined;
  readonly devicePool?: string | undefined;
  readonly phoneButtonTemplate?: string | undefined;
}

export interface DeviceDefaultRow {
  readonly onPremiseOnboardingMethod: OnboardingMethod;
  readonly loadInformation: string;
  readonly inactiveLoadInformation: string;
  readonly devicePoolId?: string;
  readonly phoneButtonTemplateId?: string;
}

export interface DeviceDefaultStore {
  list(tx?: Transaction): Promise<readonly DeviceDefault[]>;
  /** The row stays locked until the transaction ends. */
  lock(tx: Transaction, model: string): Promise<DeviceDefault | undefined>;
  devicePoolId(tx: Transaction, name: string): Promise<string | undefined>;
  buttonTemplate(tx: Transaction, name: string): Promise<(ButtonTemplate & { readonly id: string }) | undefined>;
  update(tx: Transaction, model: string, row: DeviceDefaultRow): Promise<void>;
}

/** Something the administrator should know about a change that was made. */
export interface Notice {
  readonly code: 'existing_records_must_be_deleted';
  readonly message: string;
}

export interface ChangedDefault {
  readonly deviceDefault: DeviceDefault;
  readonly notices: readonly Notice[];
}

export interface DeviceDefaultParts {
  readonly transactions: Transactions;
  readonly defaults: DeviceDefaultStore;
  readonly audit: AuditLog;
}

/** The Device Defaults page. */
export class DeviceDefaultService {
  private readonly parts: DeviceDefaultParts;

  constructor(parts: DeviceDefaultParts) {
    this.parts = parts;
  }

  list(): Promise<readonly DeviceDefault[]> {
    return this.parts.defaults.list();
  }

  /** @throws DeviceFault `model_not_supported` */
  async find(model: string): Promise<DeviceDefault> {
    const { name } = requireModel(model);
    return (await this.list()).find((each) => each.model === name)!;
  }

  /** Several models at once: all are changed, or none. @throws DeviceFault naming the field, `items[i].…` when there are several */
  async change(
    changes: readonly {
      readonly model: string;
      readonly change: DeviceDefaultChange;
      readonly ifVersion?: number | undefined;
    }[],
    actor: Actor,
  ): Promise<readonly ChangedDefault[]> {
    return this.parts.transactions.run(async (tx) => {
      const results: ChangedDefault[] = [];
      // One order for everybody: two savers of many models never wait for each other in a circle.
      const ordered = changes
        .map((each, i) => ({ ...each, field: changes.length === 1 ? '' : `items[${i}].`, i }))
        .sort((a, b) => (a.model < b.model ? -1 : a.model > b.model ? 1 : 0));
      for (const { model, change, ifVersion, field, i } of ordered) {
        results[i] = await this.changeOne(tx, requireModel(model, `${field}model`), change, ifVersion, field, actor);
      }
      return results;
    });
  }

  private async changeOne(
    tx: Transaction,
    model: PhoneModel,
    change: DeviceDefaultChange,
    ifVersion: number | undefined,
    field: string,
    actor: Actor,
  ): Promise<ChangedDefault> {
    const { defaults, audit } = this.parts;
    const before = (await defaults.lock(tx, model.name))!;
    if (ifVersion !== undefined && ifVersion !== before.version) {
      throw disallow(say('version_conflict.device_defaults', { model: model.name }), {
        field: `${field}version`,
        detail: { version: before.version },
      });
    }
    const row: DeviceDefaultRow = {
      onPremiseOnboardingMethod: change.onPremiseOnboardingMethod ?? before.onPremiseOnboardingMethod,
      loadInformation: readLoadName(change.loadInformation ?? before.loadInformation, model, `${field}loadInformation`),
      inactiveLoadInformation: readLoadName(
        change.inactiveLoadInformation ?? before.inactiveLoadInformation,
        model,
        `${field}inactiveLoadInformation`,
      ),
      ...(change.devicePool === undefined ? {} : { devicePoolId: await this.poolId(tx, change.devicePool, field) }),
      ...(change.phoneButtonTemplate === undefined
        ? {}
        : { phoneButtonTemplateId: await this.templateId(tx, change.phoneButtonTemplate, model, field) }),
    };
    await defaults.update(tx, model.name, row);
    const after = (await defaults.lock(tx, model.name))!;
    const changed: Record<string, { from: unknown; to: unknown }> = {};
    for (const key of [
      'onPremiseOnboardingMethod',
      'loadInformation',
      'inactiveLoadInformation',
      'devicePool',
      'phoneButtonTemplate',
    ] as const) {
      if (before[key] !== after[key]) changed[key] = { from: before[key], to: after[key] };
    }
    if (Object.keys(changed).length > 0) {
      await audit.append(tx, {
        actor,
        action: 'device-default.changed',
        objectKind: 'device-default',
        objectName: model.name,
        detail: { changed },
      });
    }
    return { deviceDefault: after, notices: noticesOf(before, after) };
  }

  private async poolId(tx: Transaction, name: string, field: string): Promise<string> {
    const id = await this.parts.defaults.devicePoolId(tx, name);
    if (id !== undefined) return id;
    throw refuse(`${field}devicePool`, say('device_pool_not_found', { name: name.slice(0, 64) }));
  }

  private async templateId(tx: Transaction, name: string, model: PhoneModel, field: string): Promise<string> {
    const template = await this.parts.defaults.buttonTemplate(tx, name);
    if (template === undefined) {
      throw refuse(`${field}phoneButtonTemplate`, say('phone_button_template_not_found', { name: name.slice(0, 64) }));
    }
    if (template.model !== undefined && template.model !== model.name) {
      throw refuse(
        `${field}phoneButtonTemplate`,
        say('button_template_mismatch.default', {
          template: template.name,
          templateModel: template.model,
          model: model.name,
        }),
      );
    }
    return template.id;
  }
}

/** A11: a phone that has a record does not auto-register; the record comes first. */
function noticesOf(before: DeviceDefault, after: DeviceDefault): readonly Notice[] {
  const switched = before.onPremiseOnboardingMethod !== after.onPremiseOnboardingMethod;
  if (!switched || after.onPremiseOnboardingMethod !== 'AutoRegistration' || after.phones === 0) return [];
  return [
    {
      code: 'existing_records_must_be_deleted',
      message:
        `${after.phones} phone${after.phones === 1 ? '' : 's'} of ${after.model} ${after.phones === 1 ? 'has a record' : 'have records'} already. ` +
        'A phone that shall onboard again by auto-registration needs its existing record deleted first; until then it keeps the record it has.',
    },
  ];
}
