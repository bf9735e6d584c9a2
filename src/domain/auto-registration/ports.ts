import type { Transaction } from '../../kernel/transaction.ts';
import type { NumberRange } from './number-range.ts';

/** What an administrator sets for one node. */
export interface AutoRegistrationFields {
  readonly startingDirectoryNumber: string;
  readonly endingDirectoryNumber: string;
  /** "Auto-registration Disabled on this Cisco Unified Communications Manager". */
  readonly disabled: boolean;
  /** null: the default one. */
  readonly universalDeviceTemplate: string | null;
  readonly universalLineTemplate: string | null;
}

/** The same with what it leads to. */
export interface NodeAutoRegistration extends AutoRegistrationFields {
  readonly nodeId: string;
  readonly node: string;
  /** Phones of the range that have one of its numbers now. */
  readonly numbersUsed: number;
  readonly lastDirectoryNumber: string | undefined;
  readonly version: number;
}

/** A node's settings, and the number it gave last. */
export type NodeRange = AutoRegistrationFields & Pick<NodeAutoRegistration, 'nodeId' | 'lastDirectoryNumber'>;

/** The Call Manager group that takes in phones without a record, as it stands now. */
export interface AutoRegistrationGroup {
  readonly name: string;
  /** By priority. */
  readonly members: readonly {
    readonly nodeId: string;
    readonly node: string;
    /** Seen within the last ten seconds, and its CallManager service is on. */
    readonly active: boolean;
  }[];
}

export interface AutoRegistrationStore {
  /** Every node of the cluster, by name; a node that was never set up has the defaults (off). */
  nodes(): Promise<readonly NodeAutoRegistration[]>;
  /** Undefined: there is no such node. With `tx` the row is made if need be, and locked. */
  node(name: string, tx?: Transaction): Promise<NodeAutoRegistration | undefined>;
  /** Ids are those of templates found by name. */
  /** What giving a number needs, without counting: quick. Undefined: never set up. With `tx` the row is locked. */
  range(nodeId: string, tx?: Transaction): Promise<NodeRange | undefined>;
  update(
    tx: Transaction,
    nodeId: string,
    fields: AutoRegistrationFields,
  ): Promise<'updated' | 'no-device-template' | 'no-line-template'>;
  /** Undefined: no group is ticked. */
  group(tx?: Transaction): Promise<AutoRegistrationGroup | undefined>;
  /** One phone of the cluster at a time gets a number: the group's row stays locked until the transaction ends. False: no group is ticked. */
  lockGroup(tx: Transaction): Promise<boolean>;
  /** First number of the range that no phone has as a line of this partition, and that is not in `taken`. */
  firstFree(
    tx: Transaction,
    range: NumberRange,
    partition: string,
    taken: readonly string[],
  ): Promise<string | undefined>;
  setLast(tx: Transaction, nodeId: string, directoryNumber: string): Promise<void>;
  /** How many phones have the number in this partition. */
  holders(tx: Transaction, directoryNumber: string, partition: string): Promise<number>;
  /** "On-Premise Onboarding Method" of the model; undefined: no such model. */
  methodOf(model: string, tx?: Transaction): Promise<'ActivationCode' | 'AutoRegistration' | undefined>;
  /** Models whose method is Auto Registration. */
  models(): Promise<readonly string[]>;
  /** The profile that phones of this device template get. */
  profileOf(
    tx: Transaction,
    deviceTemplate: string | undefined,
  ): Promise<{ readonly secure: boolean; readonly digest: boolean } | undefined>;
  /** Partition of the lines of this line template; undefined: of the default one. */
  partitionOf(tx: Transaction, lineTemplate: string | undefined): Promise<string>;
  /** Numbers that a service of the system answers itself. */
  reservedNumbers(tx: Transaction): Promise<readonly string[]>;
  /** Service parameter "Auto-registration Without Manufacturing Certificate". */
  withoutCertificate(tx?: Transaction): Promise<boolean>;
}
