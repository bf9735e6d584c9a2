import type { PhoneView } from '../../../contract/phones.ts';

/** A line as the form holds it. */
export interface LineDraft {
  readonly directoryNumber: string;
  readonly partition: string;
  readonly label: string;
  readonly display: string;
  readonly maxCalls: number;
  readonly busyTrigger: number;
}

export interface PhoneDraft {
  readonly mac: string;
  readonly description: string;
  readonly ownerUserId: string | null;
  readonly devicePool: string;
  readonly phoneButtonTemplate: string;
  readonly phoneSecurityProfile: string;
  readonly sipProfile: string;
  readonly commonPhoneProfile: string;
  readonly lines: readonly LineDraft[];
  readonly requiresActivationCode: boolean;
  readonly allowActivationCodeViaMra: boolean;
  /** null: that of the device pool. */
  readonly mraServiceDomain: string | null;
  readonly enabled: boolean;
}

export const newLine: LineDraft = {
  directoryNumber: '',
  partition: '',
  label: '',
  display: '',
  maxCalls: 4,
  busyTrigger: 2,
};

export function draftOf(phone: PhoneView): PhoneDraft {
  return {
    mac: phone.mac ?? '',
    description: phone.description,
    ownerUserId: phone.ownerUserId,
    devicePool: phone.devicePool,
    phoneButtonTemplate: phone.phoneButtonTemplate,
    phoneSecurityProfile: phone.phoneSecurityProfile,
    sipProfile: phone.sipProfile,
    commonPhoneProfile: phone.commonPhoneProfile,
    lines: phone.lines.map(({ index: _index, ...line }) => line),
    requiresActivationCode: phone.requiresActivationCode,
    allowActivationCodeViaMra: phone.allowActivationCodeViaMra,
    mraServiceDomain: phone.mraServiceDomain,
    enabled: phone.enabled,
  };
}

export const emptyDraft: PhoneDraft = {
  mac: '',
  description: '',
  ownerUserId: null,
  devicePool: '',
  phoneButtonTemplate: '',
  phoneSecurityProfile: '',
  sipProfile: '',
  commonPhoneProfile: '',
  lines: [],
  requiresActivationCode: true,
  allowActivationCodeViaMra: false,
  mraServiceDomain: null,
  enabled: true,
};

/** The body of a request: empty references are left to the defaults, a blank MAC says "any phone of the model". */
export function bodyOf(draft: Partial<PhoneDraft>): Record<string, unknown> {
  const body: Record<string, unknown> = { ...draft };
  if (draft.mac !== undefined) body['mac'] = draft.mac.trim() === '' ? null : draft.mac.trim();
  for (const field of [
    'devicePool',
    'phoneButtonTemplate',
    'phoneSecurityProfile',
    'sipProfile',
    'commonPhoneProfile',
  ] as const)
    if (body[field] === '' || body[field] === null) delete body[field];
  return body;
}
