import type { PhoneModel } from '../../identifiers/phone-model.ts';
import { refuse } from './faults.ts';

/**
 * A firmware load as Device Defaults hold it: its name without `.loads`, empty for "keep what the phone runs".
 * @throws DeviceFault `load_name_invalid`, `load_family_mismatch`
 */
export function readLoadName(text: string, model: PhoneModel, field: string): string {
  const name = text.trim().replace(/\.loads$/i, '');
  if (name === '') return '';
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/.test(name)) {
    throw refuse(
      'load_name_invalid',
      field,
      `${JSON.stringify(text.slice(0, 64))} is not the name of a firmware load.`,
      `Write the load as the release notes do, for instance ${model.loadFamily}14-2-1-0101-7.`,
    );
  }
  if (!name.startsWith(model.loadFamily)) {
    throw refuse(
      'load_family_mismatch',
      field,
      `${name} is not firmware of the ${model.name}, whose loads begin with ${model.loadFamily}`,
      `Choose a load that begins with ${model.loadFamily}`,
    );
  }
  return name;
}
