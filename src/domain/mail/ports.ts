import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Mailbox } from './mailbox.ts';
import type { MailProblem } from './problems.ts';

/** Where messages are handed in. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'STARTTLS' | 'TLS' | 'None';
  /** Undefined: nobody signs in. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

export interface OutgoingMessage {
  /** UUID; becomes the Message-ID, so that a repetition can be told from a second message. */
  readonly id: string;
  readonly from: Mailbox;
  readonly to: Mailbox;
  /** BCP 47. */
  readonly language: string;
  /** Ours alone: never anything a person entered. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** PNG pictures that the HTML shows as `cid:<name>`. */
  readonly pictures: readonly { readonly name: string; readonly png: Uint8Array }[];
}

export type Delivery =
  | { readonly outcome: 'accepted'; readonly serverSaid: string }
  | { readonly outcome: 'not-accepted'; readonly problem: MailProblem; readonly serverSaid: string }
  /** The signal spoke before the server did. */
  | { readonly outcome: 'interrupted' };

/** Never rejects for what a mail server or a network does. */
export interface MailTransport {
  deliver(server: MailServer, message: OutgoingMessage, signal: AbortSignal): Promise<Delivery>;
}

export interface QrPictures {
  /** PNG of a QR code. */
  png(content: string): Promise<Uint8Array>;
}

export type MailState = 'queued' | 'sending' | 'sent' | 'failed' | 'cancelled';

/** A message as people may see it. */
export interface MailRecord {
  readonly id: string;
  readonly deviceName: string;
  readonly state: MailState;
  /** Empty before the first try. */
  readonly recipient: string;
  readonly containsCode: boolean | undefined;
  readonly attempts: number;
  readonly reason: string;
  readonly serverSaid: string;
  readonly requestedBy: string;
  readonly queuedAt: Date;
  readonly dueAt: Date;
  readonly endedAt: Date | undefined;
}

/** What is known of a phone when its code is to be mailed. */
export interface MailCandidate {
  readonly deviceId: string;
  readonly deviceName: DeviceName;
  /** The code that waits to be entered. */
  readonly codeId: string | undefined;
  readonly owner:
    | {
        readonly id: string;
        readonly userId: string;
        readonly mail: string /** Codes are withheld. */;
        readonly withheld: boolean;
      }
    | undefined;
  /** Messages about this phone that were sent within the last hour. */
  readonly sentLately: number;
}

/** A message taken to be sent, with everything as it is now. */
export interface ClaimedMessage {
  readonly id: string;
  readonly attempts: number;
  readonly requestedBy: string;
  /** The time limit has passed: this try is the last. */
  readonly overdue: boolean;
  readonly deviceId: string | undefined;
  readonly deviceName: string;
  readonly code:
    | {
        readonly state: 'live' | 'used' | 'ended' | 'expired';
        readonly locator: string;
        readonly sealed: Uint8Array | undefined;
        readonly expiresAt: Date;
        /** It works outside too. */
        readonly viaMra: boolean;
      }
    | undefined;
  readonly phone: { readonly model: string; readonly description: string; readonly timeZone: string } | undefined;
  /** The owner of today, if still the one it was asked for. */
  readonly owner: { readonly mail: string; readonly locale: string; readonly withheld: boolean } | undefined;
}

/** How a try ended. */
export type Settlement =
  | { readonly state: 'sent'; readonly recipient: string; readonly containsCode: boolean; readonly serverSaid: string }
  | { readonly state: 'failed' | 'cancelled'; readonly reason: string; readonly serverSaid: string }
  | {
      readonly state: 'queued';
      readonly reason: string;
      readonly serverSaid: string;
      /** Milliseconds. */
      readonly again: number;
    };

export interface MailOverview {
  readonly queued: number;
  readonly sentLastDay: number;
  readonly failedLastDay: number;
  readonly oldestQueuedAt: Date | undefined;
  /** Newest first, at most 20. */
  readonly failures: readonly MailRecord[];
}

export interface MailStore {
  /** Those of the names that are phones. */
  candidates(tx: Transaction, names: readonly DeviceName[]): Promise<readonly MailCandidate[]>;
  /** With its job, in the same transaction. A message that waits already is tried at once. False: it waited already. */
  queue(tx: Transaction, candidate: MailCandidate, requestedBy: string): Promise<boolean>;
  /** The newest message about a phone. */
  newest(deviceId: string): Promise<MailRecord | undefined>;
  /** Takes the next message that is due, so that nobody else takes it before `leaseMs` have passed. */
  claim(tx: Transaction, leaseMs: number, timeLimitHours: number): Promise<ClaimedMessage | undefined>;
  /** False: somebody else has taken it meanwhile. A message that waits gets its job. */
  settle(tx: Transaction, message: ClaimedMessage, settlement: Settlement): Promise<boolean>;
  overview(): Promise<MailOverview>;
  /** Messages that ended longer ago than this are forgotten. */
  forget(days: number): Promise<number>;
}

export interface MailSetupStore {
  /** What is stored; defaults are the catalogue's. */
  parameters(): Promise<ReadonlyMap<string, string>>;
  sealedPassword(): Promise<Uint8Array | undefined>;
  /** Undefined: takes it away. */
  setSealedPassword(tx: Transaction, sealed: Uint8Array | undefined): Promise<void>;
}
