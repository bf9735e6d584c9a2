import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { ListRequest, Page } from '../settings/resource.ts';
import type { DialogueOutcome, TapsReason } from './dialogue.ts';
import type { PromptLanguage } from './prompt-texts.ts';

/** The phone somebody calls from. */
export interface TapsCaller {
  readonly deviceId: string;
  readonly deviceName: DeviceName;
  readonly model: string;
  readonly autoRegistered: boolean;
  /** Of its first line; empty: it has none. */
  readonly directoryNumber: string;
}

/** A record without a MAC address that has the number on one of its lines. */
export interface PreparedPhone {
  readonly id: string;
  readonly name: DeviceName;
  readonly model: string;
  readonly enabled: boolean;
  readonly requiresActivationCode: boolean;
  /** Its security profile uses digest authentication. */
  readonly digest: boolean;
  /** PHC string; undefined: no owner, or no PIN. */
  readonly ownerPinHash: string | undefined;
}

/** What administrators set, as it holds on one node. */
export interface TapsSettings {
  /** The service is activated on this node. */
  readonly activated: boolean;
  /** Empty: cannot be reached. */
  readonly directoryNumber: string;
  readonly ports: number;
  readonly secured: boolean;
  readonly languages: readonly PromptLanguage[];
  readonly attemptsPerPhone: number;
  readonly attemptsPerNumber: number;
  readonly firstMediaPort: number;
  readonly lastMediaPort: number;
}

export interface TapsSessionStart {
  readonly id: string;
  readonly deviceName: string;
  readonly mac: string;
  readonly model: string;
  readonly autoDirectoryNumber: string;
  readonly sourceAddress: string;
}

/** One call, as the log shows it. */
export interface TapsSession extends TapsSessionStart {
  readonly node: string;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  readonly language: string;
  readonly directoryNumber: string;
  readonly preparedName: string;
  readonly outcome: 'open' | DialogueOutcome['kind'];
  readonly reason: TapsReason | '';
}

export type GuessKind = 'phone' | 'number';

export interface TapsStore {
  caller(deviceName: string): Promise<TapsCaller | undefined>;
  prepared(directoryNumber: string): Promise<readonly PreparedPhone[]>;
  /** Charges one entry unless the limit of the running hour is reached: one statement. False: reached, nothing was charged. */
  charge(kind: GuessKind, subject: string, limit: number): Promise<boolean>;
  /** Takes one back: it was right. */
  credit(kind: GuessKind, subject: string): Promise<void>;
  settings(): Promise<TapsSettings>;
  open(session: TapsSessionStart): Promise<void>;
  /** What was entered and found so far. */
  note(id: string, entered: { readonly language: string; readonly directoryNumber: string }): Promise<void>;
  close(id: string, outcome: DialogueOutcome, preparedName: string): Promise<void>;
  /** Sessions of this node that a stop of the process left open. */
  closeLeftOpen(): Promise<number>;
  sessions(request: ListRequest): Promise<Page<TapsSession>>;
  /** Latest last. */
  log(limit: number): Promise<readonly TapsSession[]>;
  removeOlderThan(days: number): Promise<void>;
  overview(): Promise<TapsCounts>;
  /** No phone but this one is called so any more, in the caller's transaction. */
  stillAutoRegistered(tx: Transaction, caller: TapsCaller): Promise<boolean>;
}

export interface TapsCounts {
  readonly preparedPhones: number;
  readonly autoRegisteredPhones: number;
  readonly nodes: readonly {
    readonly node: string;
    readonly activated: boolean;
    readonly up: boolean;
    readonly openSessions: number;
  }[];
}
