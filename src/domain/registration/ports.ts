import type { Binding, SipTransport } from './binding.ts';

export interface RegisteringLine {
  readonly number: string;
  /** Empty: `<None>`. */
  readonly partition: string;
  /** User part of the Contact that the phone uses for this line, when its configuration gave it one. */
  readonly contactUser: string;
  /** Name that others see when this line calls or is called. */
  readonly display?: string;
}

/** What registration needs to know of a phone. */
export interface RegisteringDevice {
  readonly id: string;
  readonly name: string;
  /** In lineIndex order. */
  readonly lines: readonly RegisteringLine[];
  /**
   * certificate: known by its MIC over TLS. digest: user name = device name; no password yet means nobody can register.
   * none: the profile asks for nothing.
   */
  readonly authentication:
    | { readonly kind: 'certificate' }
    | { readonly kind: 'digest'; readonly password: string | undefined }
    | { readonly kind: 'none' };
  readonly transports: readonly SipTransport[];
  /** Its activation code must be entered first. */
  readonly locked: boolean;
  readonly enabled: boolean;
  /** "Allow Activation Code via MRA": it may be used from outside. */
  readonly mraAllowed?: boolean;
  /** Its SIP profile lets it ask other phones to pick up by themselves. Left out: no. */
  readonly intercom?: boolean;
  /** Station keep-alive interval: the longest registration granted, seconds. */
  readonly keepAliveSeconds: number;
  /** The method of its model is Auto Registration: a record that keeps it out must be deleted first. */
  readonly modelAutoRegisters?: boolean;
  /** `<epoch>-<uuid>`. */
  readonly versionStamp: string;
}

/** Read side of the device records. Implementations may cache, and must forget when told of a change. */
export interface RegistrationDirectory {
  byName(name: string): Promise<RegisteringDevice | undefined>;
  /** Every device that has the number, for shared lines. */
  byNumber(number: string): Promise<readonly RegisteringDevice[]>;
}

/** Write-behind: calls return at once; what is not written yet is written again after a failure. */
export interface BindingStore {
  put(binding: Binding, fresh: boolean): void;
  remove(binding: Binding): void;
  /** This node's bindings that have not expired, as they were last written. */
  load(): Promise<readonly Binding[]>;
  /** Resolves when everything put or removed before is stored; rejects when that did not work. */
  flush(): Promise<void>;
}

export type RegistrationEvent =
  | {
      /** lost: its connection is gone, the registration is not. moved: another node has it. ended: by the system. */
      readonly kind: 'registered' | 'refreshed' | 'unregistered' | 'expired' | 'lost' | 'moved' | 'ended';
      readonly binding: Binding;
    }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly deviceName: string | undefined;
      readonly aor: string;
      readonly address: string;
    };

/** Stable reasons of a refused registration. */
export type RefusalCode =
  | 'unknown_device'
  | 'record_exists'
  | 'auto_registration_off'
  | 'auto_registration_elsewhere'
  | 'auto_registration_numbers_used_up'
  | 'auto_registration_profile'
  | 'phone_locked'
  | 'device_disabled'
  | 'certificate_required'
  | 'certificate_refused'
  | 'certificate_mismatch'
  | 'aor_not_of_device'
  | 'transport_not_allowed'
  | 'digest_failed'
  | 'registered_elsewhere'
  | 'interval_too_brief'
  | 'out_of_order'
  | 'too_many_contacts'
  | 'token_required'
  | 'token_invalid'
  | 'token_expired'
  | 'token_revoked'
  | 'token_wrong_certificate'
  | 'token_wrong_audience'
  | 'mra_not_allowed'
  | 'too_many_wrong_passwords'
  | 'star_without_zero'
  | 'busy';

/** A phone that registers and that nobody prepared. */
export interface UnknownPhone {
  readonly name: string;
  /** `CP-8845` as its certificate says, else the type id its Contact says. */
  readonly model: string | undefined;
  /** Its manufacturer-installed certificate stands behind the connection. */
  readonly proved: boolean;
  readonly sourceAddress: string;
}

/** Makes records for phones that have none, where an administrator allows it. */
export interface AutoRegistration {
  /** `added`: it has a record now. `look-again`: somebody else made one. `unknown`: phones like it do not come in this way. */
  admit(phone: UnknownPhone): Promise<'added' | 'look-again' | 'unknown' | { readonly refused: RefusalCode }>;
}

export interface RegistrationEvents {
  publish(event: RegistrationEvent): void;
}
