import type { ActivationCode, Locator } from '../../identifiers/activation-code.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import type { Actor } from '../ports.ts';

/** What is asked of the life of codes, and what comes back. */

/** Everything costly or random about a code, made outside of the transaction. Use it once. */
export interface PreparedCode {
  readonly code: ActivationCode;
  readonly locator: Locator;
  readonly codeSealed: Uint8Array;
  readonly saltSealed: Uint8Array;
  readonly verifierSealed: Uint8Array;
  readonly fingerprint: Uint8Array;
  /** Of a locator that the cloud gave: the code works from outside too. */
  readonly allocationId?: string;
}

/** A code that is wanted from outside while the cloud gives no locator: it becomes a draft. */
export interface PreparedDraft {
  readonly waitsForCloud: true;
}

export interface PrepareOptions {
  /** It shall work from outside too, where that is set up. */
  readonly viaMra: boolean;
}

export interface IssueRequest {
  readonly deviceId: string;
  readonly deviceName: DeviceName;
  /** `Cisco 8845`. */
  readonly model: string;
  /** Set when the device has its real MAC: the code then fits that MAC only. */
  readonly boundMac?: MacAddress;
  /** Undefined: as it was prepared. */
  readonly viaMra?: boolean;
  readonly timeToLiveHours: number;
  /** The device was made in this transaction: it has no code that would stand in the way. */
  readonly fresh?: boolean;
  readonly actor: Actor;
}

export interface IssuedCode {
  readonly id: string;
  readonly code: ActivationCode;
  readonly expiresAt: Date;
}

export interface ShownCode {
  readonly id: string;
  readonly code: ActivationCode;
  readonly state: 'active' | 'expired';
  readonly expiresAt: Date;
}
