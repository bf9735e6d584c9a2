import type { DeviceName } from '../../identifiers/device-name.ts';

/** A phone as administrators see it: what it refers to is named, not numbered. */
export interface Phone {
  readonly id: string;
  readonly name: DeviceName;
  /** `Cisco 8845`. */
  readonly model: string;
  readonly description: string;
  readonly devicePool: string;
  readonly phoneButtonTemplate: string;
  readonly phoneSecurityProfile: string;
  readonly sipProfile: string;
  readonly commonPhoneProfile: string;
  readonly ownerUserId: string | undefined;
  /** Its codes are not shown to the owner: owner or the owner's way in were set by somebody who may not see codes, and nobody who may has confirmed. */
  readonly codeWithheld: boolean;
  /** In lineIndex order. */
  readonly lines: readonly PhoneLine[];
  /** "Requires Activation Code for Onboarding". While it is ticked the phone is locked; the activation unticks it. */
  readonly requiresActivationCode: boolean;
  readonly allowActivationCodeViaMra: boolean;
  /** Name of the phone's own MRA service domain; undefined: that of its device pool. */
  readonly mraServiceDomain: string | undefined;
  readonly mra: MraSummary;
  readonly enabled: boolean;
  /** Undefined until the phone first got in. */
  readonly firstActivatedAt: Date | undefined;
  readonly autoRegistered: boolean;
  /** Firmware the phone reported when it last registered; empty when it never did. */
  readonly activeLoad: string;
  readonly inactiveLoad: string;
  /** The code now live, else the last one there was. */
  readonly activationCode: CodeSummary | undefined;
  readonly registration: RegistrationSummary | undefined;
  /** The newest line of its story; undefined before anything happened. */
  readonly lastStep: LastStep | undefined;
  /** Goes up with every change that reaches the phone's file. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface PhoneLine {
  readonly lineId: string;
  /** 1-based. */
  readonly index: number;
  readonly directoryNumber: string;
  /** Empty: `<None>`. */
  readonly partition: string;
  readonly label: string;
  readonly display: string;
  readonly maxCalls: number;
  readonly busyTrigger: number;
}

/** How the phone stands outside. */
export interface MraSummary {
  /** Where it was activated last; undefined: never. */
  readonly activatedVia: 'onprem' | 'mra' | undefined;
  /** Where it registers over MRA, and what says so: phone before device pool before default. Undefined: there are no service domains. */
  readonly serviceDomain: { readonly domain: string; readonly from: 'phone' | 'device-pool' | 'default' } | undefined;
}

/** What may be told about a code without telling it. An overdue one reads `expired` even before anything has swept it up. */
export interface CodeSummary {
  readonly state:
    | 'draft'
    | 'active'
    | 'consumed'
    | 'confirmed'
    | 'expired'
    | 'locked'
    | 'revoked'
    | 'released'
    | 'free';
  readonly expiresAt: Date;
  /** The one MAC it fits; undefined: any phone of the model. */
  readonly boundMac: string | undefined;
  /** It works from outside too. A draft does once the cloud has answered. */
  readonly viaMra: boolean;
  /**
   * What the cloud knows of it. none: it is for inside only; waiting: nothing yet; known: its first seven digits; releasing: it is told to forget
   * them; released: it has.
   */
  readonly cloud: 'none' | 'waiting' | 'known' | 'releasing' | 'released';
}

export interface LastStep {
  /** Stable name of the step. */
  readonly step: string;
  readonly result: 'ok' | 'failed' | 'info';
  readonly at: Date;
}

export interface RegistrationSummary {
  /** Name of the node the phone is registered with. */
  readonly node: string;
  readonly transport: string;
  readonly sourceAddress: string;
  readonly registeredAt: Date;
  readonly expiresAt: Date;
}

export function hasLiveCode(phone: Phone): boolean {
  return phone.activationCode?.state === 'active' || phone.activationCode?.state === 'draft';
}

/** A live code, and one that ran out or was locked, can be released; then the phone has none. */
export function canReleaseCode(phone: Phone): boolean {
  return hasLiveCode(phone) || phone.activationCode?.state === 'expired' || phone.activationCode?.state === 'locked';
}
