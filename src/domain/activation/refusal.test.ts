import { expect, it } from 'vitest';
import type { CodeFacts } from './ports.ts';
import { refusalOf } from './refusal.ts';

const good: CodeFacts = {
  state: 'active',
  consumed: false,
  expiredAtStart: false,
  viaMra: true,
  model: 'Cisco 8845',
  boundMac: undefined,
  deviceExists: true,
  deviceEnabled: true,
  deviceModel: 'Cisco 8845',
};
const asking = { mac: '001122334455', model: 'Cisco 8845', mode: 'onprem' as const };

it.each([
  ['nothing wrong', {}, {}, undefined],
  ['bound to this MAC', { boundMac: '001122334455' }, {}, undefined],
  ['an MRA code used inside', {}, { mode: 'onprem' as const }, undefined],
  ['bound to another MAC', { boundMac: '00AABBCCDDEE' }, {}, 'mac_mismatch'],
  ['another model', {}, { model: 'Cisco 7841' }, 'model_mismatch'],
  ['a record whose model was changed', { deviceModel: 'Cisco 7841' }, {}, 'model_mismatch'],
  ['a product that is no supported model', {}, { model: 'CP-9999' }, 'model_mismatch'],
  ['MRA where it is not allowed', { viaMra: false }, { mode: 'mra' as const }, 'mode_not_allowed'],
  ['a disabled record', { deviceEnabled: false }, {}, 'device_disabled'],
  ['a deleted record', { deviceExists: false, state: 'revoked' as const }, {}, 'code_released'],
  [
    'a deleted record after use',
    { deviceExists: false, consumed: true, state: 'consumed' as const },
    {},
    'code_already_used',
  ],
  ['overdue', { expiredAtStart: true }, {}, 'code_expired'],
  ['expired', { state: 'expired' as const }, {}, 'code_expired'],
  ['revoked', { state: 'revoked' as const }, {}, 'code_released'],
  ['used', { state: 'consumed' as const, consumed: true }, {}, 'code_already_used'],
  ['used and confirmed', { state: 'confirmed' as const, consumed: true }, {}, 'code_already_used'],
  ['used, then replaced by a new code', { state: 'revoked' as const, consumed: true }, {}, 'code_released'],
  ['expired and of another model', { state: 'expired' as const, model: 'Cisco 7841' }, {}, 'code_expired'],
])('%s', (_, facts, phone, refusal) => {
  expect(refusalOf({ ...good, ...facts }, { ...asking, ...phone })).toBe(refusal);
});

it('a code that is gone was released', () => expect(refusalOf(undefined, asking)).toBe('code_released'));
