import { describe, expect, it } from 'vitest';
import type { DeviceName } from '../../identifiers/device-name.ts';
import type { CodeSummary, Phone } from './phone.ts';
import { type ChangePlan, type IdentityChange, planChange, requireMraRule } from './phone-change.ts';

const bat = 'BAT0A1B2C3D4E5F' as DeviceName;
const sep = 'SEP001122334455' as DeviceName;
const code = (state: CodeSummary['state']): CodeSummary => ({
  state,
  expiresAt: new Date(0),
  boundMac: undefined,
  viaMra: false,
  cloud: 'none',
});

const phone = (some: Partial<Phone>): Phone => ({
  id: 'x',
  name: bat,
  model: 'Cisco 8845',
  description: '',
  devicePool: 'Default',
  phoneButtonTemplate: 'T',
  phoneSecurityProfile: 'S',
  sipProfile: 'P',
  commonPhoneProfile: 'C',
  ownerUserId: undefined,
  codeWithheld: false,
  lines: [],
  requiresActivationCode: false,
  mraServiceDomain: undefined,
  mra: { activatedVia: undefined, serviceDomain: undefined },
  allowActivationCodeViaMra: false,
  enabled: true,
  firstActivatedAt: undefined,
  autoRegistered: false,
  activeLoad: '',
  inactiveLoad: '',
  activationCode: undefined,
  registration: undefined,
  lastStep: undefined,
  version: 1,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  ...some,
});

const none = { releasesCode: false, issuesCode: false, locks: false, unlocks: false, endsAccess: false };
const mac = '665544332211'.replace('6', '0');

const table: readonly [string, Partial<Phone>, IdentityChange, Partial<ChangePlan>][] = [
  ['nothing', {}, {}, { ...none, name: { kind: 'keep' } }],
  ['a blank MAC on a BAT phone', {}, { mac: '' }, { ...none, name: { kind: 'keep' } }],
  ['the same MAC in another form', { name: sep }, { mac: '00:11:22:33:44:55' }, { ...none, name: { kind: 'keep' } }],
  [
    'a MAC on a BAT phone',
    {},
    { mac },
    { ...none, name: { kind: 'sep', name: `SEP${mac}` as DeviceName, mac: mac as never }, endsAccess: true },
  ],
  ['no MAC on a SEP phone', { name: sep }, { mac: null }, { ...none, name: { kind: 'bat' }, endsAccess: true }],
  [
    'ticking the box',
    { name: sep },
    { requiresActivationCode: true },
    { ...none, issuesCode: true, locks: true, endsAccess: true },
  ],
  [
    'ticking a ticked box with a live code',
    { requiresActivationCode: true, activationCode: code('active') },
    { requiresActivationCode: true },
    none,
  ],
  [
    'ticking a ticked box with a dead code',
    { requiresActivationCode: true, activationCode: code('expired') },
    { requiresActivationCode: true },
    none,
  ],
  [
    'unticking with a live code',
    { requiresActivationCode: true, activationCode: code('active') },
    { requiresActivationCode: false },
    { ...none, releasesCode: true, unlocks: true },
  ],
  [
    'unticking after the code died',
    { requiresActivationCode: true, activationCode: code('revoked') },
    { requiresActivationCode: false },
    { ...none, unlocks: true },
  ],
  [
    'renaming while a code is live',
    { requiresActivationCode: true, activationCode: code('active') },
    { mac },
    { releasesCode: true, issuesCode: true, locks: false, unlocks: false, endsAccess: true },
  ],
  [
    'renaming while a code is required and none is live',
    { name: sep, requiresActivationCode: true, activationCode: code('expired') },
    { mac: '' },
    { releasesCode: true, issuesCode: true, locks: false, unlocks: false, endsAccess: true },
  ],
  [
    'replacing a broken phone that got in by code',
    { name: sep, activationCode: code('confirmed') },
    { mac: null, requiresActivationCode: true },
    { name: { kind: 'bat' }, releasesCode: false, issuesCode: true, locks: true, unlocks: false, endsAccess: true },
  ],
  [
    'clearing the MAC and unticking at once',
    { name: sep, requiresActivationCode: true, activationCode: code('active') },
    { mac: null, requiresActivationCode: false },
    { releasesCode: true, issuesCode: false, locks: false, unlocks: true, endsAccess: true },
  ],
  ['disabling', { name: sep }, { enabled: false }, { ...none, enabled: false, endsAccess: true }],
  ['disabling what is disabled', { enabled: false }, { enabled: false }, { ...none, enabled: false }],
];

describe('what a saved phone page does to name, code and lock', () => {
  it.each(table)('%s', (_what, some, change, plan) => {
    expect(planChange(phone(some), change)).toMatchObject(plan);
  });

  it('never changes the model', () => {
    expect(() => planChange(phone({}), { model: '8851' })).toThrow(
      expect.objectContaining({ code: 'model_fixed', field: 'model' }),
    );
    expect(() => planChange(phone({}), { model: 'Cisco 7970' })).toThrow(
      expect.objectContaining({ code: 'model_not_supported' }),
    );
    expect(planChange(phone({}), { model: 'CP-8845' })).toMatchObject(none);
  });

  it('lets the MRA box be ticked only where a code is required', () => {
    expect(() => planChange(phone({}), { allowActivationCodeViaMra: true })).toThrow(
      expect.objectContaining({ code: 'mra_needs_activation_code' }),
    );
    expect(
      planChange(phone({}), { allowActivationCodeViaMra: true, requiresActivationCode: true })
        .allowActivationCodeViaMra,
    ).toBe(true);
  });

  it('keeps the MRA box of a phone that is in, and lets it be unticked', () => {
    expect(planChange(phone({ allowActivationCodeViaMra: true }), {}).allowActivationCodeViaMra).toBe(true);
    expect(
      planChange(phone({ allowActivationCodeViaMra: true }), { allowActivationCodeViaMra: false })
        .allowActivationCodeViaMra,
    ).toBe(false);
    expect(() => requireMraRule(false, false)).not.toThrow();
  });
});
