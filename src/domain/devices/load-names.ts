import type { PhoneModel } from '../../identifiers/phone-model.ts';
import { say } from '../../texts/say.ts';
import { refuse } from './faults.ts';

/**
 * A firmware load as Device Defaults hold it: its name without `.loads`, empty for "keep what the phone runs".
 * @throws DeviceFault `load_name_invalid`, `load_family_mismatch`
 */
export function readLoadName(text: string, model: PhoneModel, field: string): string {
  const name = text.trim().replace(/\.loads$/i, '');
  if (name === '') return '';
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/.test(name)) {
    throw refuse(field, say('load_name_invalid', { text: text.slice(0, 64), family: model.loadFamily }));
  }
  if (!name.startsWith(model.loadFamily)) {
    throw refuse(field, say('load_family_mismatch', { name, model: model.name, family: model.loadFamily }));
  }
  return name;
}
