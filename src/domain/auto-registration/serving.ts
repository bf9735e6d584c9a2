import { isEmpty } from './number-range.ts';
import type { AutoRegistrationFields, AutoRegistrationGroup } from './ports.ts';

/** The node has numbers to give and the box is clear. */
export function isOn(
  fields: Pick<AutoRegistrationFields, 'startingDirectoryNumber' | 'endingDirectoryNumber' | 'disabled'>,
): boolean {
  return !fields.disabled && !isEmpty({ start: fields.startingDirectoryNumber, end: fields.endingDirectoryNumber });
}

/** The first active node of the group serves; undefined: none does. */
export function servingNode(group: AutoRegistrationGroup | undefined): string | undefined {
  return group?.members.find((member) => member.active)?.nodeId;
}
