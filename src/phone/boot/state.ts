import type { ActivationCode } from '../../identifiers/activation-code.ts';
import type { CloudAnswer, EdgeConfiguration, EdgeTarget, RemoteAccess } from '../mra/model.ts';
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
  | {
      readonly phase: 'defaults';
      readonly held: Held;
      /** Why a phone that is activated asks here all the same; told to whoever is to enter a code. */
      readonly problem: BootFailure | undefined;
    }
  | {
      readonly phase: 'code';
      readonly held: Held;
      readonly nodes: readonly string[];
      readonly problem: BootFailure | undefined;
    }
  | Activating
  | Relisting
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
  | RemoteState
  | { readonly phase: 'ended'; readonly failure: BootFailure | undefined };

/** The phases of a phone outside, or on its way there. */
export type RemoteState =
  | {
      readonly phase: 'welcome';
      readonly held: Held;
      /** A service domain that was typed in place of asking the cloud. */
      readonly domain: string | undefined;
      readonly problem: BootFailure | undefined;
    }
  | Resolving
  | Edging
  | {
      readonly phase: 'remote-storing';
      readonly held: Held;
      readonly edging: Edging;
    }
  | {
      readonly phase: 'remote-registered';
      readonly held: Held;
      readonly remote: RemoteAccess;
      readonly configuration: DeviceConfiguration;
      /** How it got here: where it goes on when the edge dies. */
      readonly edging: Edging;
    }
  | { readonly phase: 'remote-leaving'; readonly held: Held; readonly onward: 'again' | 'off' }
  /** Activated inside, with a token that is being looked at before the phone switches to MRA mode. */
  | {
      readonly phase: 'token-check';
      readonly held: Held;
      readonly remote: RemoteAccess;
      readonly configuration: DeviceConfiguration;
    }
  /** A phone in MRA mode that stays, between two tries. */
  | { readonly phase: 'remote-pausing'; readonly held: Held };

export interface Resolving {
  readonly phase: 'resolving';
  readonly held: Held;
  readonly code: ActivationCode;
  readonly tries: number;
  readonly waiting: boolean;
}

/** Why a phone goes to an edge. */
export type EdgeGoal =
  | {
      readonly kind: 'activate';
      readonly code: ActivationCode;
      /** Undefined: a person typed the domain, the cloud was not asked. */
      readonly answer: CloudAnswer | undefined;
      /** Handshakes begun with this entry of the code; at most 3. */
      readonly runs: number;
    }
  | {
      readonly kind: 'register';
      readonly remote: RemoteAccess;
      /** Undefined: still to be fetched, or to be fetched anew. */
      readonly configuration: DeviceConfiguration | undefined;
      /** `activation`: the file may need a moment. `inside`: it was activated inside and moves out now. */
      readonly after: 'activation' | 'inside' | 'power';
    };

export interface Edging {
  readonly phase: 'edging';
  readonly held: Held;
  readonly goal: EdgeGoal;
  readonly domain: string;
  readonly stage: 'locate' | 'connect' | 'prove' | 'configure' | 'appear' | 'refresh' | 'register' | 'wait';
  /** Best first. */
  readonly targets: readonly EdgeTarget[];
  /** Index into targets. */
  readonly at: number;
  /** Of the edge at hand. */
  readonly edge: EdgeConfiguration | undefined;
  /** Whole passes over the edges that brought nothing. */
  readonly passes: number;
  /** Looks for a file that is not there yet. */
  readonly looks: number;
  /** The tokens were renewed since something last worked. */
  readonly renewed: boolean;
  /** It has been registered in this boot. */
  readonly before: boolean;
  readonly last: BootFailure | undefined;
  readonly retryAfterMs: number | undefined;
}

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

/** The server has proved itself and another trust list than the phone was given: that one is fetched. */
export interface Relisting {
  readonly phase: 'relisting';
  readonly held: Held;
  readonly reply: ActivationReply;
  /** The handshake it came from: without the list there may be another. */
  readonly run: Activating;
  /** File names still to be asked for in this look. */
  readonly left: readonly string[];
  /** Looks that brought nothing. */
  readonly looks: number;
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
  /** The server has no file for it: what it registers with is what it has. */
  readonly unlisted: boolean;
  readonly last: BootFailure | undefined;
  readonly retryAfterMs: number | undefined;
}

export interface BootStep {
  readonly state: BootState;
  readonly effects: readonly BootEffect[];
}

export const switchedOff: BootState = { phase: 'off' };
