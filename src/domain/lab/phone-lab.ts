/** What may be wrong with a phone of the lab, on purpose. */
export const labMishaps = [
  /** The first code somebody enters goes out with one digit changed and the check digit made right. */
  'code-mistyped',
  /** Another model lies in the box than the label says. */
  'wrong-model',
  /** Its certificate comes from a manufacturer nobody trusts. */
  'unknown-manufacturer',
  /** The trust list is changed on its way to the phone. */
  'tampered-trust-list',
  /** The activation service cannot be reached from where the phone is. */
  'service-unreachable',
] as const;
export type LabMishap = (typeof labMishaps)[number];

export const labScreens = [
  'off',
  'starting',
  'code',
  'activating',
  'setting-up',
  'registering',
  'registered',
  'ringing',
  'calling',
  'in-call',
  'failed',
] as const;

/** What the phone shows. */
export interface LabScreen {
  readonly kind: (typeof labScreens)[number];
  /** Why the last thing did not work; the phone may go on trying. */
  readonly problem: { readonly fault: string; readonly message: string; readonly remedy: string } | null;
  /** The other end of a call. */
  readonly with: string | null;
}

/** One step the phone reported, in its own words. Holds no secret. */
export interface LabStep {
  readonly phone: string;
  /** Rises over all phones. */
  readonly seq: number;
  /** Milliseconds since the phone was plugged in. */
  readonly atMs: number;
  readonly step: string;
  readonly outcome: 'begun' | 'done' | 'skipped' | 'failed';
  readonly text: string;
  readonly fault: string | null;
  readonly remedy: string | null;
}

export interface LabPhone {
  readonly id: string;
  /** `SEP<MAC>`. */
  readonly deviceName: string;
  readonly mac: string;
  /** What the phone really is: with `wrong-model` another than was asked for. */
  readonly model: string;
  /** What the label on its box says. */
  readonly label: string;
  readonly camera: boolean;
  readonly lineKeys: number;
  readonly mishap: LabMishap | null;
  readonly plugged: boolean;
  /** Outside, with nothing but the Internet. */
  readonly atHome: boolean;
  readonly directoryNumbers: readonly string[];
  readonly screen: LabScreen;
}

/** What happened since a cursor. */
export interface LabNews {
  /** Ask for what comes after this. */
  readonly cursor: string;
  /** The cursor was not known: this is everything there is. */
  readonly whole: boolean;
  /** All phones there are, oldest first. */
  readonly ids: readonly string[];
  /** Those that changed. */
  readonly phones: readonly LabPhone[];
  readonly steps: readonly LabStep[];
  readonly most: number;
}

export interface NewLabPhones {
  readonly model: string;
  /** Of the first phone, the others count up; left out: made up. */
  readonly mac?: string;
  readonly count: number;
  readonly mishap?: LabMishap | null;
  readonly plugIn: boolean;
  readonly atHome?: boolean;
}

export type LabFaultCode =
  | 'lab_phone_not_found'
  | 'lab_full'
  | 'lab_model_unknown'
  | 'lab_mac_invalid'
  | 'lab_mac_taken'
  | 'lab_no_code_asked'
  | 'lab_not_registered'
  | 'lab_no_outside';

/** Reference phones on a bench, driven by whoever looks at them. Methods throw Faults of LabFaultCode. */
export interface PhoneLab {
  /** Resolves when there is news, or after `waitMs` without. */
  news(since: string | undefined, waitMs: number): Promise<LabNews>;
  add(request: NewLabPhones): Promise<readonly LabPhone[]>;
  plugIn(id: string): Promise<LabPhone>;
  /** Pulls the cable: the phone says goodbye to nobody. */
  unplug(id: string): Promise<LabPhone>;
  restart(id: string): Promise<LabPhone>;
  /** Forgets everything it learned, and starts again if it is plugged in. */
  factoryReset(id: string): Promise<LabPhone>;
  /** Carries it outside or back in; plugged in again there when it was. */
  place(id: string, atHome: boolean): Promise<LabPhone>;
  /** Digits as typed, or what a QR code holds. */
  enterCode(id: string, text: string): Promise<LabPhone>;
  call(id: string, number: string): Promise<LabPhone>;
  hangUp(id: string): Promise<LabPhone>;
  remove(id: string): Promise<void>;
}
