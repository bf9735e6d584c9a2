/** What every part of the domain may ask of the outside: implemented in infra, wired in roles. */

/** Encrypts small secrets at rest under the key-encryption key (AES-256-GCM; `purpose` is authenticated, so a value cannot be moved). */
export interface Sealer {
  seal(purpose: string, plain: Uint8Array): Uint8Array;
  /** Throws Fault `sealed_value_unreadable` when the key or the purpose is not the one it was sealed with. */
  open(purpose: string, sealed: Uint8Array): Uint8Array;
}

/** Who did it, for the audit log. */
export interface Actor {
  /** User id, `phone:<MAC>`, or `system`. */
  readonly name: string;
  readonly sourceAddress: string;
  /** False: may not see activation codes, and must not be able to show one to somebody they choose either. Absent: may, or the system itself. */
  readonly seesCodes?: false;
}

export interface AuditEntry {
  readonly actor: Actor;
  /** `<object>.<past participle>`, e.g. `phone.created`, `activation-code.revealed`. */
  readonly action: string;
  readonly objectKind: string;
  readonly objectId?: string;
  readonly objectName?: string;
  /** What changed. Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** One line of a phone's story. Recorded off the hot path: never awaited, batched, flushed on drain. */
export interface OnboardingEvent {
  /** Events of one attempt share it. */
  readonly attempt?: string;
  readonly deviceId?: string;
  readonly deviceName?: string;
  readonly mac?: string;
  readonly model?: string;
  readonly step: string;
  readonly result: 'ok' | 'failed' | 'info';
  /** Stable reason code, e.g. `model_mismatch`. */
  readonly reason?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly sourceAddress?: string;
}

export interface Timeline {
  record(event: OnboardingEvent): void;
}

/** The field's counters; names as the perfmon object has them. */
export type ActivationCounter =
  | 'ActivationCodeAttempts'
  | 'ActivationCodeFails'
  | 'InvokeAttempts'
  | 'InvokeFails'
  | 'RegisterAttempts'
  | 'RegisterFails'
  | 'ReleaseAttempts'
  | 'ReleaseFails'
  | 'ThrottleCount'
  /** The product's own. */
  | 'ProofsUsedUp';

export interface Counters {
  count(counter: ActivationCounter, by?: number): void;
}
