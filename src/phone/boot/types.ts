import type { MacAddress } from '../../identifiers/mac-address.ts';
import type { PhoneModel } from '../../identifiers/phone-model.ts';
import type { TrustRecord } from '../../protocol/trust-list/trust-list.ts';
import type { CloudAnswer, EdgeConfiguration, EdgeTarget, EdgeTrust, RemoteAccess, Tokens } from '../mra/model.ts';
import type { PhoneFaultCode } from './faults.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** A trust list as the phone uses it, whatever its bytes look like. */
export interface HeldTrustList {
  readonly bytes: Uint8Array;
  /** Lower-case hex of the file's SHA-256. */
  readonly sha256: string;
  readonly records: readonly TrustRecord[];
}

export type SipTransport = 'udp' | 'tcp' | 'tls';

export interface SipNode {
  readonly host: string;
  readonly sipPort: number;
  readonly sipTlsPort: number;
}

export interface PhoneLine {
  readonly directoryNumber: string;
  /** User part of the Contact: the line's UUID. */
  readonly contact: string | undefined;
}

/** What a SEP file tells the phone. */
export interface DeviceConfiguration {
  /** `activation-only`: the phone is locked until its code is entered; it has no lines and no nodes. */
  readonly kind: 'full' | 'activation-only';
  readonly load: string | undefined;
  /** Best first. */
  readonly nodes: readonly SipNode[];
  readonly transport: SipTransport;
  readonly lines: readonly PhoneLine[];
  readonly tvs: readonly HostPort[];
  readonly versionStamp: string;
  readonly onboarding: Onboarding | undefined;
  /** Not from a file: only good for registering once, so that the server makes a record and a file for this phone. */
  readonly provisional?: boolean | undefined;
  /** Where an MRA phone registers; the redirect of spec/mra.md. */
  readonly serviceDomain?: string | undefined;
}

/** The block `urn:firstring:onboarding:1`, as it concerns one model. */
export interface Onboarding {
  /** Undefined when the model is not listed. */
  readonly method: 'ActivationCode' | 'AutoRegistration' | undefined;
  /** Base URLs of the Device Activation Services, best first. */
  readonly activation: readonly string[];
}

/** What XMLDefault tells the phone. */
export interface DefaultConfiguration {
  readonly onboarding: Onboarding;
  readonly nodes: readonly SipNode[];
  readonly tvs: readonly HostPort[];
  readonly load: string | undefined;
  readonly autoRegistration: boolean;
}

/** What the sealed reply of an accepted activation gives the phone. */
export interface ActivationReply {
  readonly activationId: string;
  readonly already: boolean;
  readonly deviceName: string;
  /** The trust list the server proves. */
  readonly itlSha256: string;
  /** Lists from before that it proves as well. */
  readonly itlPreviousSha256?: readonly string[];
  readonly tftp: readonly string[];
  readonly digest: DigestCredentials | undefined;
  /** Lower-case hex of SHA-256 of das_id. */
  readonly clusterHint?: string;
  /** The phone may live outside: the box Allow Activation Code via MRA is ticked on its record. */
  readonly remote?: {
    readonly activationDomain: string;
    readonly serviceDomain: string;
    /** Lower-case hex of SHA-256. */
    readonly edgeTrustSha256: readonly string[];
    /** Undefined: the cluster gives none. */
    readonly tokens: Tokens | undefined;
  };
}

export interface DigestCredentials {
  readonly username: string;
  readonly password: string;
}

/** What a phone keeps over a restart. Everything in it was proved by the handshake, or signed by a key that was. */
export interface StoredPhone {
  readonly deviceName: string;
  readonly activationId: string | undefined;
  readonly trust: HeldTrustList | undefined;
  readonly tftp: readonly string[];
  readonly digest: DigestCredentials | undefined;
  readonly load: string;
  readonly configuration: DeviceConfiguration | undefined;
  /** There: the phone is in MRA mode. */
  readonly remote?: RemoteAccess | undefined;
}

/** Fixed for the life of one boot. */
export interface BootSetup {
  readonly model: PhoneModel;
  readonly mac: MacAddress;
  /** `SEP<MAC>`. */
  readonly deviceName: string;
  /** Load the phone left the factory with, without `.loads`. */
  readonly factoryLoad: string;
  /** A phone that stays does not give up when the network or a server is away. */
  readonly patient: boolean;
  /** `only`: the phone is outside and looks for nothing else. `fallback`: it may go there when it finds no system around it. */
  readonly remote?: 'only' | 'fallback';
}

export type StepName =
  | 'welcome'
  | 'cloud'
  | 'locate'
  | 'edge'
  | 'token'
  | 'mode'
  | 'discover'
  | 'trust-list'
  | 'configuration'
  | 'defaults'
  | 'code'
  | 'trust'
  | 'start'
  | 'prove'
  | 'store'
  | 'confirm'
  | 'firmware'
  | 'register'
  | 'keep-alive'
  | 'service-control'
  | 'call'
  | 'unregister'
  | 'boot';

/** One line of what the phone shows while it boots. */
export interface StepReport {
  readonly step: StepName;
  readonly outcome: 'begun' | 'done' | 'skipped' | 'failed';
  /** Plain words, no secret. */
  readonly text: string;
  readonly fault?: PhoneFaultCode;
  readonly remedy?: string;
}

export interface BootFailure {
  readonly code: PhoneFaultCode;
  readonly message: string;
  /** The server's reference for the administrator. */
  readonly ref?: string;
}

export type BootEvent =
  | { readonly type: 'power_on'; readonly stored: StoredPhone | undefined }
  | { readonly type: 'power_off' }
  | { readonly type: 'discovered'; readonly servers: readonly string[]; readonly by: string }
  | { readonly type: 'discovery_failed'; readonly failure: BootFailure }
  | { readonly type: 'trust_list'; readonly list: HeldTrustList }
  | { readonly type: 'configuration'; readonly configuration: DeviceConfiguration }
  | { readonly type: 'defaults'; readonly defaults: DefaultConfiguration }
  /** The file is not on any server. */
  | { readonly type: 'file_absent' }
  /** No server answered at all. */
  | { readonly type: 'file_unreachable'; readonly detail: string }
  /** A server gave it, but it cannot be read or its signature is not ours. */
  | {
      readonly type: 'file_unusable';
      readonly detail: string;
      readonly untrusted: boolean;
      /** Rightly signed, but older than the one the phone has. */
      readonly older?: boolean;
    }
  | { readonly type: 'code_typed'; readonly text: string }
  /** Nobody is there to type another code. */
  | { readonly type: 'no_code' }
  | { readonly type: 'das_trusted'; readonly by: 'ITL' | 'TVS' }
  /** `answered` false: TVS could not be asked, which may pass. */
  | { readonly type: 'das_untrusted'; readonly detail: string; readonly answered: boolean }
  | { readonly type: 'das_unreachable'; readonly detail: string; readonly started: boolean }
  | {
      readonly type: 'das_refused';
      readonly failure: BootFailure;
      /** Whether this was a run of the handshake: start was answered with a challenge. */
      readonly started: boolean;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly type: 'activated'; readonly reply: ActivationReply }
  | { readonly type: 'stored' }
  | { readonly type: 'store_failed'; readonly detail: string }
  | { readonly type: 'confirmed' }
  | { readonly type: 'confirm_failed'; readonly detail: string }
  | { readonly type: 'firmware_ready'; readonly load: string; readonly detail: string }
  | { readonly type: 'firmware_kept'; readonly detail: string }
  | { readonly type: 'registered'; readonly expiresSeconds: number; readonly lineName: string }
  | {
      readonly type: 'register_refused';
      readonly status: number;
      readonly reason: string;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly type: 'node_unreachable'; readonly detail: string }
  | { readonly type: 'connection_lost'; readonly detail: string }
  | { readonly type: 'service_control'; readonly action: 'restart' | 'reset' | 'apply-config' }
  | { readonly type: 'unregistered' }
  | RemoteEvent
  | { readonly type: 'timer'; readonly name: TimerName };

/** What happens to a phone outside. */
export type RemoteEvent =
  | { readonly type: 'resolved'; readonly answer: CloudAnswer }
  | {
      readonly type: 'resolve_failed';
      readonly failure: BootFailure;
      readonly retryAfterMs: number | undefined;
    }
  /** Best first. */
  | { readonly type: 'edges'; readonly targets: readonly EdgeTarget[] }
  | { readonly type: 'edges_unknown'; readonly failure: BootFailure }
  | { readonly type: 'edge_ready'; readonly edge: EdgeConfiguration }
  | { readonly type: 'edge_failed'; readonly failure: BootFailure; readonly retryAfterMs: number | undefined }
  | { readonly type: 'tokens'; readonly tokens: Tokens }
  /** The server takes back what it gave: the phone must be activated again. */
  | { readonly type: 'tokens_refused'; readonly detail: string }
  | { readonly type: 'tokens_unreachable'; readonly detail: string }
  /** The access token is not taken (any more). */
  | { readonly type: 'token_refused'; readonly detail: string }
  | { readonly type: 'token_checked'; readonly detail: string }
  | { readonly type: 'token_unusable'; readonly detail: string };

/** `wait`: a pause between two tries. `code`: the code's ten minutes. `keep-alive`: the next REGISTER. `tokens`: the next refresh of the tokens. */
export type TimerName = 'wait' | 'code' | 'keep-alive' | 'tokens';

export type BootEffect =
  | { readonly type: 'discover' }
  | {
      readonly type: 'load_trust_list';
      readonly file: string;
      readonly known: HeldTrustList | undefined;
      /** Hash of the one list that is wanted: the server has proved it, whoever hands it over. */
      readonly proved?: string;
    }
  | { readonly type: 'load_configuration'; readonly trust: HeldTrustList | undefined }
  | { readonly type: 'load_defaults'; readonly trust: HeldTrustList | undefined }
  | { readonly type: 'use_servers'; readonly servers: readonly string[] }
  /** `where` welcome: a service domain may be typed as well. */
  | { readonly type: 'ask_code'; readonly problem: BootFailure | undefined; readonly where?: 'welcome' }
  | {
      readonly type: 'connect_das';
      readonly url: string;
      readonly trust: HeldTrustList | undefined;
      readonly tvs: readonly HostPort[];
    }
  | { readonly type: 'activate'; readonly code: string; readonly load: string }
  | { readonly type: 'confirm' }
  | { readonly type: 'store'; readonly phone: StoredPhone }
  /** Forget everything that is stored: only after a signed activation-only file (keeping.ts). */
  | { readonly type: 'wipe' }
  | { readonly type: 'load_firmware'; readonly load: string; readonly current: string }
  | {
      readonly type: 'register';
      readonly node: SipNode;
      readonly configuration: DeviceConfiguration;
      readonly digest: DigestCredentials | undefined;
      readonly trust: HeldTrustList | undefined;
      readonly load: string;
      /** Through an edge: the connection goes there, the names in the messages stay those of the node. */
      readonly edge?: { readonly target: EdgeTarget; readonly trust: EdgeTrust; readonly accessToken: string };
    }
  | { readonly type: 'unregister' }
  /** Without a word to the server. */
  | { readonly type: 'drop_registration' }
  | RemoteEffect
  | { readonly type: 'timer'; readonly name: TimerName; readonly ms: number }
  /** `at`: milliseconds since the epoch. */
  | { readonly type: 'timer_at'; readonly name: TimerName; readonly at: number }
  | { readonly type: 'stop_timer'; readonly name: TimerName }
  /** Abandon whatever is under way, without an event. */
  | { readonly type: 'cancel' }
  | { readonly type: 'report'; readonly report: StepReport }
  | { readonly type: 'ready' }
  | { readonly type: 'finish'; readonly failure: BootFailure | undefined };

/** What a phone outside wants done. */
export type RemoteEffect =
  | { readonly type: 'resolve_code'; readonly locator: string }
  | { readonly type: 'find_edges'; readonly domain: string }
  | {
      readonly type: 'connect_edge';
      readonly target: EdgeTarget;
      readonly domain: string;
      readonly trust: EdgeTrust;
    }
  | { readonly type: 'activate_edge'; readonly code: string; readonly load: string }
  | {
      readonly type: 'load_edge_configuration';
      readonly accessToken: string;
      readonly trust: HeldTrustList | undefined;
    }
  | { readonly type: 'refresh_tokens'; readonly tokens: Tokens }
  | { readonly type: 'check_token'; readonly tokens: Tokens };
