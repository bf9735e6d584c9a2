/** What the configuration files of phones say, as data. Builders write it, readers read it back. Source: reference/field-facts.md §1. */

/** A node as phones see it. Lower priority is tried first; at most five. */
export interface CallManagerMember {
  readonly priority: number;
  readonly name: string;
  readonly description: string;
  /** Host name or IP address the phone registers with. */
  readonly processNodeName: string;
  readonly sipPort: number;
  readonly securedSipPort: number;
}

export interface TvsMember {
  readonly priority: number;
  readonly address: string;
  readonly port: number;
}

export interface CallManagerGroup {
  readonly name: string;
  readonly tftpDefault: boolean;
  readonly members: readonly CallManagerMember[];
}

export type OnboardingMethod = 'ActivationCode' | 'AutoRegistration';

/** Our own block, namespace urn:firstring:onboarding:1. Source: spec/activation.md §4 step 0. */
export interface Onboarding {
  /** One per supported model; `model` as administrators write it: `Cisco 8845`. */
  readonly methods: readonly { readonly model: string; readonly method: OnboardingMethod }[];
  /** Device Activation Services, in the order to try. */
  readonly deviceActivation: readonly { readonly priority: number; readonly url: string }[];
}

export const onboardingNamespace = 'urn:firstring:onboarding:1';

export interface LoadInformation {
  /** Unified CM type id. */
  readonly typeId: number;
  readonly model: string;
  /** Without `.loads`. */
  readonly load: string;
}

/** XMLDefault.cnf.xml. */
export interface DefaultFile {
  readonly autoRegistrationName: string;
  readonly autoRegistration: boolean;
  readonly callManagerGroup: CallManagerGroup;
  readonly tvs: readonly TvsMember[];
  readonly loads: readonly LoadInformation[];
  readonly onboarding: Onboarding;
}

export interface PhoneLine {
  /** 1-based position among the buttons. */
  readonly button: number;
  readonly lineIndex: number;
  readonly label: string;
  /** Directory number. */
  readonly name: string;
  readonly displayName: string;
  /** UUID: user part of the line's Contact. */
  readonly contact: string;
  readonly maxCalls: number;
  readonly busyTrigger: number;
}

export interface SipTimers {
  readonly registerExpires: number;
  readonly registerDelta: number;
  readonly keepAliveExpires: number;
  readonly inviteExpires: number;
  readonly t1: number;
  readonly t2: number;
  readonly retryInvite: number;
  readonly retryNonInvite: number;
}

/** 1 non-secure, 2 authenticated, 3 encrypted. */
export type DeviceSecurityMode = 1 | 2 | 3;
/** 1 TCP, 2 UDP, 3 TLS, 4 TCP and UDP. */
export type TransportLayerProtocol = 1 | 2 | 3 | 4;

/** SEP<MAC>.cnf.xml of a phone that may register. */
export interface PhoneFile {
  readonly kind: 'full';
  readonly deviceName: string;
  readonly uuid: string;
  readonly description: string;
  readonly devicePool: {
    readonly uuid: string;
    readonly name: string;
    readonly dateTemplate: string;
    readonly olsonTimeZone: string;
    readonly ntpServers: readonly string[];
    readonly callManagerGroup: CallManagerGroup;
    readonly connectionMonitorDuration: number;
  };
  readonly tvs: readonly TvsMember[];
  readonly timers: SipTimers;
  readonly dtmfPayload: number;
  readonly startMediaPort: number;
  readonly stopMediaPort: number;
  readonly lines: readonly PhoneLine[];
  readonly load: string;
  readonly inactiveLoad: string;
  readonly commonProfile: { readonly backgroundImageAccess: boolean; readonly callLogBlfEnabled: boolean };
  /** Product specific settings: element name → value. */
  readonly vendorConfig: Readonly<Record<string, string>>;
  /** `<epoch seconds>-<uuid>`. */
  readonly versionStamp: string;
  readonly userLocale: { readonly name: string; readonly langCode: string };
  readonly deviceSecurityMode: DeviceSecurityMode;
  readonly transportLayerProtocol: TransportLayerProtocol;
  /** The phone answers digest challenges; the password never stands here. */
  readonly digestAuthentication: boolean;
  readonly capfPort: number;
  /** Base of the phone services, e.g. `https://node-a.example.org:8443`. Empty: no services. */
  readonly servicesUrl: string;
  readonly ownerUserId: string | undefined;
  /** An MRA phone: the service domain it registers through (spec/mra.md). Undefined: a phone on premises. */
  readonly mra?: { readonly serviceDomain: string } | undefined;
}

/** SEP<MAC>.cnf.xml of a phone that must enter an activation code first: no lines, no place to register. */
export interface PhoneStub {
  readonly kind: 'stub';
  readonly deviceName: string;
  readonly tvs: readonly TvsMember[];
  readonly load: string;
  readonly versionStamp: string;
  readonly onboarding: Onboarding;
}
