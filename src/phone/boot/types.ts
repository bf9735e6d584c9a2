import type { MacAddress } from '../../identifiers/mac-address.ts';
import type { PhoneModel } from '../../identifiers/phone-model.ts';
import type { TrustRecord } from '../../protocol/trust-list/trust-list.ts';
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
  readonly itlSha256: string;
  readonly tftp: readonly string[];
  readonly digest: DigestCredentials | undefined;
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
}

export type StepName =
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
  | { readonly type: 'file_unusable'; readonly detail: string; readonly untrusted: boolean }
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
  | { readonly type: 'timer'; readonly name: TimerName };

/** `wait`: a pause between two tries. `code`: the code's ten minutes. `keep-alive`: the next REGISTER. */
export type TimerName = 'wait' | 'code' | 'keep-alive';

export type BootEffect =
  | { readonly type: 'discover' }
  | { readonly type: 'load_trust_list'; readonly file: string; readonly known: HeldTrustList | undefined }
  | { readonly type: 'load_configuration'; readonly trust: HeldTrustList | undefined }
  | { readonly type: 'load_defaults'; readonly trust: HeldTrustList | undefined }
  | { readonly type: 'use_servers'; readonly servers: readonly string[] }
  | { readonly type: 'ask_code'; readonly problem: BootFailure | undefined }
  | {
      readonly type: 'connect_das';
      readonly url: string;
      readonly trust: HeldTrustList | undefined;
      readonly tvs: readonly HostPort[];
    }
  | { readonly type: 'activate'; readonly code: string; readonly load: string }
  | { readonly type: 'confirm' }
  | { readonly type: 'store'; readonly phone: StoredPhone }
  /** Forget everything learned: files on disk and in memory. */
  | { readonly type: 'wipe' }
  | { readonly type: 'load_firmware'; readonly load: string; readonly current: string }
  | {
      readonly type: 'register';
      readonly node: SipNode;
      readonly configuration: DeviceConfiguration;
      readonly digest: DigestCredentials | undefined;
      readonly trust: HeldTrustList | undefined;
      readonly load: string;
    }
  | { readonly type: 'unregister' }
  | { readonly type: 'timer'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'stop_timer'; readonly name: TimerName }
  /** Abandon whatever is under way, without an event. */
  | { readonly type: 'cancel' }
  | { readonly type: 'report'; readonly report: StepReport }
  | { readonly type: 'ready' }
  | { readonly type: 'finish'; readonly failure: BootFailure | undefined };
