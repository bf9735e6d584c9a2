/** What a system can be told of. Codes themselves are never in it. */
export const webhookEvents = [
  'code.made',
  'code.revealed',
  'code.used',
  'code.expired',
  'code.refused',
  'phone.registered',
  'phone.lost',
  'audit.sealed',
  'audit.alarm',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

export interface Webhook {
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** PEM of authorities to trust besides public ones; empty: public ones only. */
  readonly certificateAuthority: string;
  readonly enabled: boolean;
}

export interface StoredWebhook extends Webhook {
  readonly id: string;
  readonly version: number;
  readonly waiting: number;
  readonly lastDeliveredAt: Date | null;
  /** Of the newest attempt that failed since the last success; empty: none did. */
  readonly lastError: string;
}

export interface Delivery {
  readonly id: string;
  readonly event: WebhookEvent | 'test';
  readonly payload: object;
  readonly state: 'waiting' | 'delivered' | 'given-up';
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string;
  readonly createdAt: Date;
  readonly lastAttemptAt: Date | null;
  readonly nextAttemptAt: Date;
}

/** A delivery with all it takes to make it. */
export interface DueDelivery {
  readonly id: string;
  readonly attempts: number;
  readonly url: string;
  readonly certificateAuthority: string;
  readonly secretSealed: Uint8Array;
  readonly payload: object;
}

export interface Attempt {
  /** Undefined: no answer came. */
  readonly status: number | undefined;
  /** In plain words; empty when it went well. */
  readonly error: string;
}

/** Waits after the 1st, 2nd, … attempt that failed, in seconds; after the last it is given up. A day and a half in all. */
export const retryDelays = [10, 60, 300, 900, 3600, 3600, 7200, 14_400, 28_800, 43_200] as const;

/** 2xx means taken. */
export function taken(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

/** What happens after a failed attempt; `attempts` counts it. Undefined: give up. */
export function retryAfter(attempts: number): number | undefined {
  return retryDelays[attempts - 1];
}

/** The text that is signed: `<seconds since 1970>.<body>`. Receivers refuse old timestamps, so that nothing is replayed. */
export function signedText(timestamp: number, body: string): string {
  return `${timestamp}.${body}`;
}
