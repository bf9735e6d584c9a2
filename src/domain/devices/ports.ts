import type { ActivationCode } from '../../identifiers/activation-code.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Actor } from '../ports.ts';
import type { ButtonTemplate, WantedLine } from './lines.ts';
import type { Phone } from './phone.ts';

/** What a phone refers to, by name. Absent: the default (of the model, or the cluster's standard one). */
export interface PhoneReferences {
  readonly devicePool?: string | undefined;
  readonly phoneButtonTemplate?: string | undefined;
  readonly phoneSecurityProfile?: string | undefined;
  readonly sipProfile?: string | undefined;
  readonly commonPhoneProfile?: string | undefined;
}

/** The same, found. A member is undefined when there is none of that name. */
export interface FoundReferences {
  readonly devicePoolId: string | undefined;
  readonly phoneButtonTemplate: (ButtonTemplate & { readonly id: string }) | undefined;
  readonly phoneSecurityProfileId: string | undefined;
  readonly sipProfileId: string | undefined;
  readonly commonPhoneProfileId: string | undefined;
}

export interface PhoneRow {
  readonly description: string;
  readonly devicePoolId: string;
  readonly phoneButtonTemplateId: string;
  readonly phoneSecurityProfileId: string;
  readonly sipProfileId: string;
  readonly commonPhoneProfileId: string;
  readonly ownerId: string | null;
  /** The owner was set by somebody who may not see codes, and not confirmed. */
  readonly ownerUnconfirmed: boolean;
  readonly requiresActivationCode: boolean;
  readonly allowActivationCodeViaMra: boolean;
  /** null: that of its device pool. */
  readonly mraServiceDomainId: string | null;
  readonly enabled: boolean;
}

export interface NewPhoneRow extends PhoneRow {
  readonly name: DeviceName;
  readonly model: string;
  readonly digestPasswordSealed: Uint8Array;
  /** The phone made itself known; nobody prepared it. */
  readonly autoRegistered?: boolean | undefined;
}

export interface PhoneRowChange extends Partial<PhoneRow> {
  readonly name?: DeviceName;
  readonly digestPasswordSealed?: Uint8Array;
  /** The device is another phone from now on: it never got in. */
  readonly forgetsActivation?: boolean;
}

export interface Owner {
  readonly id: string;
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly mail: string;
}

export interface LineName {
  readonly id: string;
  readonly directoryNumber: string;
  readonly partition: string;
}

export type SetLines =
  | { readonly kind: 'set' /** Lines that did not exist before. */; readonly made: readonly LineName[] }
  /** Nothing was written: this wanted line (0-based) names a partition that does not exist. */
  | { readonly kind: 'missing-partition'; readonly index: number };

export interface PhoneStore {
  /** Undefined when the name is taken; else the new id. */
  add(tx: Transaction, row: NewPhoneRow): Promise<string | undefined>;
  find(name: DeviceName, tx?: Transaction): Promise<Phone | undefined>;
  byId(id: string, tx?: Transaction): Promise<Phone | undefined>;
  /** The phone with its live code and its row locked until the transaction ends, code first: the order the redeem statement uses. */
  lock(tx: Transaction, name: DeviceName): Promise<Phone | undefined>;
  /** @throws DeviceFault `device_exists` when the new name is taken; the transaction is lost then. */
  update(tx: Transaction, id: string, change: PhoneRowChange): Promise<void>;
  /** Makes the phone's lines these, in this order; makes directory numbers that do not exist. */
  setLines(
    tx: Transaction,
    id: string,
    lines: readonly WantedLine[],
    /** The device was made in this transaction: it has none. */
    options?: { readonly fresh?: boolean },
  ): Promise<SetLines>;
  /** The owner of today, and that user's way in, count as confirmed. */
  confirmOwner(tx: Transaction, id: string): Promise<void>;
  remove(tx: Transaction, id: string): Promise<void>;
  /** Removes those of these lines that no phone has; returns them. */
  removeUnusedLines(tx: Transaction, lineIds: readonly string[]): Promise<readonly LineName[]>;
  /** What the phone of this name is called today, when an activation or an administrator renamed it. */
  nameToday(formerName: DeviceName): Promise<DeviceName | undefined>;
}

export interface PhoneReferenceStore {
  /** One query for all of them. */
  references(tx: Transaction, model: string, wanted: PhoneReferences): Promise<FoundReferences>;
  owner(tx: Transaction, userId: string): Promise<Owner | undefined>;
  /** Id of an MRA service domain. */
  mraServiceDomain(tx: Transaction, name: string): Promise<string | undefined>;
  /** Service parameter "Activation Time to Live (Hours)". */
  activationTimeToLiveHours(tx: Transaction): Promise<number>;
  /** Enterprise parameter "Show Phones Ready to Activate". */
  showPhonesReadyToActivate(tx: Transaction): Promise<boolean>;
  /** Codes the device was given in the last 24 hours. */
  codesOfLastDay(tx: Transaction, deviceId: string): Promise<number>;
  deviceTemplate(tx: Transaction, name: string | undefined): Promise<DeviceTemplate | undefined>;
  lineTemplate(tx: Transaction, name: string | undefined): Promise<LineTemplate | undefined>;
}

/** Universal Device Template, by the names it refers to. */
export interface DeviceTemplate {
  readonly name: string;
  readonly deviceDescription: string;
  readonly devicePool: string;
  /** Undefined: the model's default. */
  readonly phoneButtonTemplate: string | undefined;
  readonly phoneSecurityProfile: string;
  readonly sipProfile: string;
  readonly commonPhoneProfile: string;
}

/** Universal Line Template. */
export interface LineTemplate {
  readonly name: string;
  readonly partition: string;
  readonly lineDescription: string;
  readonly alertingName: string;
  readonly maxCalls: number;
  readonly busyTrigger: number;
}

/** The costly half of a code, made by the activation part and only handed on here. */
export type PreparedDeviceCode = object;

/** What this part needs of activation codes; the activation part provides it. */
export interface DeviceCodes {
  /** Everything costly or random about a code, outside of the transaction. */
  prepare(options: { readonly viaMra: boolean }): Promise<PreparedDeviceCode>;
  issue(
    tx: Transaction,
    prepared: PreparedDeviceCode,
    code: {
      readonly deviceId: string;
      readonly deviceName: DeviceName;
      readonly model: string;
      readonly boundMac?: MacAddress;
      readonly timeToLiveHours: number;
      /** The device was made in this transaction: it has no code that would stand in the way. */
      readonly fresh?: boolean;
      readonly actor: Actor;
    },
  ): Promise<{ readonly id: string; readonly expiresAt: Date }>;
  /** Ends whatever code the device has; undefined when there was none to end. */
  releaseIfLive(tx: Transaction, deviceId: string, actor: Actor): Promise<object | undefined>;
  /** Shows the live code; the audit log keeps who saw it. */
  reveal(
    tx: Transaction,
    deviceId: string,
    actor: Actor,
  ): Promise<{ readonly code: ActivationCode; readonly expiresAt: Date }>;
  /** By device name, at most `limit` after `after`; the audit log keeps who took which. */
  exportOutstanding(
    tx: Transaction,
    page: { readonly limit: number; readonly after?: string; readonly devices?: readonly DeviceName[] },
    actor: Actor,
  ): Promise<readonly ExportedCode[]>;
}

/** A code that waits to be entered, with its digits. */
export interface ExportedCode {
  readonly deviceName: DeviceName;
  readonly description: string;
  readonly model: string;
  readonly ownerUserId: string | undefined;
  readonly code: ActivationCode;
  readonly expiresAt: Date;
}

/** Takes away what a phone holds, in the same transaction: registrations now, tokens where there are any. Every node hears of it at commit. */
export interface DeviceAccess {
  end(tx: Transaction, deviceId: string, deviceName: DeviceName): Promise<void>;
}

export type ServiceControlAction = 'reset' | 'restart';

/** Asks the node that holds the phone's registration to send it a service-control request. */
export interface ServiceControl {
  request(tx: Transaction, deviceName: DeviceName, action: ServiceControlAction): Promise<void>;
}
