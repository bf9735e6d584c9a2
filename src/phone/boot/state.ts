import type { ActivationCode } from '../../identifiers/activation-code.ts';
import type {
  ActivationReply,
  BootEffect,
  BootFailure,
  DeviceConfiguration,
  HeldTrustList,
  HostPort,
  StoredPhone,
} from './types.ts';

/** What a booting phone knows, in every phase. */
export interface Held {
  readonly servers: readonly string[];
  /** From the store: proved. From the network without a store: provisional until the server's proof. */
  readonly trust: HeldTrustList | undefined;
  readonly stored: StoredPhone | undefined;
  readonly load: string;
  /** Where certificates that the trust list lacks can be asked about. */
  readonly tvs: readonly HostPort[];
  /** Boots that failed for a passing reason since the last success. */
  readonly pauses: number;
}

export type BootState =
  | { readonly phase: 'off' }
  | { readonly phase: 'discovering'; readonly held: Held }
  | { readonly phase: 'trust-list'; readonly held: Held; readonly left: readonly string[] }
  | {
      readonly phase: 'configuration';
      readonly held: Held;
      /** After an activation the file may need a moment to appear. */
      readonly after: 'power' | 'activation' | 'restart';
      readonly tries: number;
      readonly waiting: boolean;
    }
  | { readonly phase: 'defaults'; readonly held: Held }
  | {
      readonly phase: 'code';
      readonly held: Held;
      readonly nodes: readonly string[];
      readonly problem: BootFailure | undefined;
    }
  | Activating
  | { readonly phase: 'storing'; readonly held: Held; readonly reply: ActivationReply }
  | { readonly phase: 'firmware'; readonly held: Held; readonly configuration: DeviceConfiguration }
  | Registering
  | {
      readonly phase: 'registered';
      readonly held: Held;
      readonly configuration: DeviceConfiguration;
      readonly at: number;
    }
  /** Unregistering before a new boot or a restart. */
  | { readonly phase: 'leaving'; readonly held: Held; readonly onward: 'boot' | 'restart' | 'off' }
  /** A patient phone between two boots. */
  | { readonly phase: 'pausing'; readonly held: Held }
  | { readonly phase: 'ended'; readonly failure: BootFailure | undefined };

export interface Activating {
  readonly phase: 'activating';
  readonly held: Held;
  readonly nodes: readonly string[];
  readonly code: ActivationCode;
  /** Index into nodes. */
  readonly at: number;
  /** Handshakes that were started with this entry of the code; at most 3. */
  readonly runs: number;
  /** Whole passes over the nodes that brought nothing. */
  readonly passes: number;
  readonly stage: 'connect' | 'prove' | 'wait';
  /** The best reason so far, should nothing help. */
  readonly last: BootFailure | undefined;
  readonly retryAfterMs: number | undefined;
}

export interface Registering {
  readonly phase: 'registering';
  readonly held: Held;
  readonly configuration: DeviceConfiguration;
  readonly at: number;
  /** Nodes tried since the last success. */
  readonly tried: number;
  readonly passes: number;
  readonly waiting: boolean;
  /** It has been registered in this boot, so a refusal means that something was changed on the server. */
  readonly before: boolean;
  readonly last: BootFailure | undefined;
  readonly retryAfterMs: number | undefined;
}

export interface BootStep {
  readonly state: BootState;
  readonly effects: readonly BootEffect[];
}

export const switchedOff: BootState = { phase: 'off' };
