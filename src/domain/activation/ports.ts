import type { ActivationCode, Locator } from '../../identifiers/activation-code.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { NewFamily } from '../oauth/phone-tokens.ts';
import type { Actor } from '../ports.ts';

/** What the activation part asks of the outside. Times in the database are the database's own. */

export type CodeState =
  | 'draft'
  | 'active'
  | 'consumed'
  | 'confirmed'
  | 'expired'
  | 'locked'
  | 'revoked'
  | 'released'
  | 'free';

/** scrypt and g^x (spec §2): some 12 ms, in threads of its own. */
export interface CodeKdf {
  /** v = g^x mod N, 384 octets. `salt`: 16 octets. */
  verifier(code: ActivationCode, salt: Uint8Array): Promise<Uint8Array>;
}

/** A keyed fingerprint of a whole code: tells whether it was issued before without storing it. 32 octets. */
export interface CodeFingerprints {
  of(code: ActivationCode): Uint8Array;
}

export interface NewCodeRow {
  readonly deviceId: string;
  readonly deviceName: DeviceName;
  readonly model: string;
  readonly boundMac: MacAddress | undefined;
  readonly viaMra: boolean;
  readonly locator: Locator;
  /** Of a locator that the cloud gave. */
  readonly allocationId?: string | undefined;
  readonly codeSealed: Uint8Array;
  readonly saltSealed: Uint8Array;
  readonly verifierSealed: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly timeToLiveHours: number;
  readonly createdBy: string;
}

/** A code without digits: the cloud has not given its locator yet. */
export type DraftCodeRow = Pick<
  NewCodeRow,
  'deviceId' | 'deviceName' | 'model' | 'boundMac' | 'timeToLiveHours' | 'createdBy'
>;

export interface WaitingDraft {
  readonly id: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly model: string;
}

export interface LiveCode {
  readonly id: string;
  readonly locator: Locator;
  readonly deviceName: string;
  /** `expired` also for a code that is overdue but not yet swept. */
  readonly state: 'active' | 'expired';
  readonly expiresAt: Date;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly codeSealed: Uint8Array;
}

export interface EndedCode {
  readonly id: string;
  /** Undefined: it was a draft. */
  readonly locator: Locator | undefined;
  readonly viaMra: boolean;
  readonly deviceName: string;
  readonly was: CodeState;
}

export interface OutstandingCode {
  readonly id: string;
  readonly deviceName: DeviceName;
  readonly description: string;
  readonly model: string;
  readonly ownerUserId: string | undefined;
  readonly locator: Locator;
  readonly expiresAt: Date;
  readonly codeSealed: Uint8Array;
}

export type InsertOutcome =
  | { readonly kind: 'inserted'; readonly id: string; readonly expiresAt: Date }
  | { readonly kind: 'already-active' }
  | { readonly kind: 'collision' };

export interface ActivationCodeStore {
  /** True while some code holds the locator, live or in quarantine. */
  locatorTaken(locator: Locator): Promise<boolean>;
  /** Ends what must not live beside a new code of the device: overdue, locked, or consumed and never confirmed. */
  endLeftovers(tx: Transaction, deviceId: string): Promise<readonly EndedCode[]>;
  insert(tx: Transaction, row: NewCodeRow): Promise<InsertOutcome>;
  /** `already-active`: the device has a live code or draft. */
  insertDraft(tx: Transaction, row: DraftCodeRow): Promise<InsertOutcome>;
  /** Drafts, oldest first. */
  drafts(limit: number): Promise<readonly WaitingDraft[]>;
  /** Makes a draft the code it stands for; its time to live begins now. `gone`: it is no draft any more. */
  activateDraft(
    tx: Transaction,
    id: string,
    code: Pick<NewCodeRow, 'locator' | 'allocationId' | 'codeSealed' | 'saltSealed' | 'verifierSealed' | 'fingerprint'>,
  ): Promise<{ readonly kind: 'activated'; readonly expiresAt: Date } | { readonly kind: 'gone' | 'collision' }>;
  /** The code of the device that waits to be typed; undefined when there is none. */
  live(deviceId: string, tx?: Transaction): Promise<LiveCode | undefined>;
  /** Revokes the device's code if it is active, expired, locked or consumed-unconfirmed; wipes its digits. */
  revoke(tx: Transaction, deviceId: string): Promise<EndedCode | undefined>;
  /** Codes not yet used and not overdue, by device name; at most `limit` after `after`. */
  /** `devices`: only codes of these. */
  outstanding(
    page: { limit: number; after?: string; devices?: readonly string[] },
    tx?: Transaction,
  ): Promise<readonly OutstandingCode[]>;
}

/** A locator's record as the handshake meets it. */
export interface CodeRecord {
  readonly id: string;
  readonly state: CodeState;
  readonly saltSealed: Uint8Array;
  readonly verifierSealed: Uint8Array;
  readonly evaluations: number;
  readonly evaluationsOfMic: number;
  /** For the timeline. */
  readonly deviceId: string | undefined;
  readonly deviceName: string;
  /** "Allow Activation Code via MRA" is ticked: the activation gives tokens, wherever it happens. */
  readonly mraAllowed: boolean;
}

/** What an evaluation is charged to: a code, or, on the fake path, a slot that costs the same. */
export type DebitTarget =
  | { readonly kind: 'code'; readonly codeId: string }
  | { readonly kind: 'decoy'; readonly slot: number };

export type Debit = 'charged' | 'closed' | 'day_used';

/** Who proves. */
export interface ProvingMic {
  readonly sha256: Uint8Array;
  /** For people. */
  readonly mac: MacAddress;
}

export interface RedeemInput {
  readonly codeId: string;
  /** The database's time when the handshake started, in the database's own text form. */
  readonly startedAt: string;
  readonly mac: MacAddress;
  /** `Cisco 8845`. */
  readonly model: string;
  readonly mode: 'onprem' | 'mra';
  readonly micSha256: Uint8Array;
  readonly micDer: Uint8Array;
  readonly micRootSha256: Uint8Array;
  readonly transcriptHash: Uint8Array;
  readonly m1: Uint8Array;
  readonly micAlg: string;
  readonly micSig: Uint8Array;
  readonly confirmKeySealed: Uint8Array;
  /** Taken by devices whose security profile has digest authentication. */
  readonly digestPasswordSealed: Uint8Array;
  readonly attempt: string;
  readonly firmware: string;
  readonly node: string;
  readonly sourceAddress: string;
  /** What debit charged for this proof: given back with it. */
  readonly charge: Uint8Array;
  /** Tokens to store with it, where the phone may be outside. */
  readonly family?: NewFamily | undefined;
}

export interface RedeemedDevice {
  readonly activationId: string;
  readonly deviceId: string;
  readonly deviceName: DeviceName;
  readonly previousName: string;
  readonly devicePoolId: string;
  readonly transport: 'udp' | 'tcp' | 'tcp+udp' | 'tls';
  readonly digest: boolean;
  /** The phone's own; undefined: that of its pool. */
  readonly mraServiceDomainId: string | undefined;
  readonly serverTime: Date;
  readonly confirmBy: Date;
  /** The family of the input was stored. */
  readonly hasTokens: boolean;
}

export type RedeemOutcome =
  | { readonly kind: 'redeemed'; readonly device: RedeemedDevice }
  /** Another device is called SEP<MAC> already: nothing was changed. */
  | { readonly kind: 'name-conflict' }
  /** The compare-and-set found no such active code: ask why. */
  | { readonly kind: 'not-active' };

/** What decides why a proven code is refused. */
export interface CodeFacts {
  readonly state: CodeState;
  readonly consumed: boolean;
  readonly expiredAtStart: boolean;
  readonly viaMra: boolean;
  readonly model: string;
  readonly boundMac: string | undefined;
  readonly deviceExists: boolean;
  readonly deviceEnabled: boolean;
  readonly deviceModel: string | undefined;
}

/** Each is one statement, hence one transaction. */
export interface HandshakeStore {
  /** `dayUsed`: this MIC has failed as many proofs within 24 hours as it may. */
  lookup(
    locator: Locator,
    micSha256: Uint8Array,
    perMicAndDay: number,
  ): Promise<{ record: CodeRecord | undefined; startedAt: string; dayUsed: boolean }>;
  /**
   * Charges one evaluation before M1 is looked at, to the code and to the MIC's day, both or neither. `closed`: a limit of the code is reached (then
   * nothing was charged), or the target is a decoy (then the day was). `charge`: its name, 16 octets.
   */
  debit(target: DebitTarget, mic: ProvingMic, charge: Uint8Array, perMicAndDay: number): Promise<Debit>;
  /** Seconds until this MIC may prove again. The audit log hears of it once. */
  dayUsed(micSha256: Uint8Array, perMicAndDay: number, node: string): Promise<number>;
  /** Counts a wrong proof. True when this was the one that locked the code. */
  settleMismatch(target: DebitTarget, node: string): Promise<boolean>;
  /** Gives a charge back, once: nothing happens when it was given back before, or never made. */
  refund(codeId: string, micSha256: Uint8Array, charge: Uint8Array): Promise<void>;
  /** Gives the charge back where it redeems. */
  redeem(input: RedeemInput): Promise<RedeemOutcome>;
  /** The same MIC again, unconfirmed: the same activation with the new transcript, its charge given back. Undefined when that is not so. */
  repeat(input: RedeemInput): Promise<RedeemedDevice | undefined>;
  /** Undefined: the code is gone. */
  explain(codeId: string, startedAt: string): Promise<CodeFacts | undefined>;
  /** What confirmation needs; undefined when this MIC has no such activation. */
  confirmable(
    activationId: string,
    micSha256: Uint8Array,
  ): Promise<{ transcriptHash: Uint8Array; confirmKeySealed: Uint8Array | undefined; confirmed: boolean } | undefined>;
  /** Marks it confirmed; idempotent. Undefined when there was nothing to confirm. */
  confirm(
    activationId: string,
    micSha256: Uint8Array,
    by: ConfirmedBy,
    node: string,
  ): Promise<ConfirmedDevice | undefined>;
  /** The same without an id: whatever this MIC has not confirmed. */
  confirmByMic(micSha256: Uint8Array, by: ConfirmedBy, node: string): Promise<ConfirmedDevice | undefined>;
}

export type ConfirmedBy = 'message' | 'config' | 'register';

export interface ConfirmedDevice {
  readonly deviceId: string | undefined;
  readonly deviceName: string;
  readonly mac: string;
  readonly model: string;
}

/** The fake record of RFC 5054 §2.5.1.3: a function of the locator and a key all nodes share. */
export interface Decoys {
  of(locator: Locator): {
    /** 16 octets. */
    readonly salt: Uint8Array;
    /** 384 octets, in range. */
    readonly verifier: Uint8Array;
    /** What its evaluations are charged to. */
    readonly slot: number;
  };
}

/** Slots for decoys' evaluations: many enough not to queue, few enough not to fill a disk. */
export const decoySlots = 1024;

export interface SweptCode extends EndedCode {
  readonly deviceId: string | undefined;
  readonly became: 'expired' | 'locked';
}

export interface SweepStore {
  /** Active codes whose time has come, and those whose evaluations are used up. Audit rows included. */
  endOverdue(tx: Transaction, graceSeconds: number, limit: number): Promise<readonly SweptCode[]>;
  /** Drops what MICs failed more than a day ago; returns of how many. */
  forgetFailedProofs(tx: Transaction, limit: number): Promise<number>;
  /** Frees locators whose quarantine is over; returns how many. */
  free(tx: Transaction, quarantineDays: number, limit: number): Promise<number>;
}

export interface CallManagerAddress {
  readonly host: string;
  readonly sipPort: number;
  readonly sipTlsPort: number;
}

/** What the sealed reply tells and activation does not own. Current values, kept in memory by whoever provides them. */
export interface ActivationSurroundings {
  dasId(): string;
  /** Lower-case hex of the SHA-256 over the ITL file's octets. */
  itlSha256(): string;
  /** Of lists from before that are still good then, newest first: phones that fetched one of them are let in too. */
  itlPreviousSha256(at: Date): readonly string[];
  tvs(): readonly { readonly host: string; readonly port: number; readonly spkiSha256: string }[];
  /** Lower-case hex of SHA-256 over each certificate in PhoneEdge-trust. */
  phoneEdgeTrustSha256(): readonly string[];
  /**
   * Where a phone that may be outside was activated and registers: its own service domain, else that of its pool, else the default. Undefined:
   * MRA is not set up.
   */
  mra(
    devicePoolId: string,
    ownServiceDomainId: string | undefined,
  ): { readonly activationDomain: string; readonly serviceDomain: string } | undefined;
  /** host:port. */
  tftp(): readonly string[];
  configUrl(deviceName: DeviceName): string;
  /** Nodes of the device pool's Call Manager group, in order. */
  callManagers(devicePoolId: string): readonly CallManagerAddress[];
}

export type { Actor };
