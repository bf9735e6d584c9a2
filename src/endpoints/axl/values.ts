import type { XmlTree } from '../../protocol/phone-config/xml-reader.ts';
import { child, isNil, text } from '../../protocol/soap/elements.ts';
import { localName, type SoapElement } from '../../protocol/soap/envelope.ts';
import { badValue } from './axl-fault.ts';

/** Values as AXL writes them. */

/** t, f, true, false, 0, 1 in any case. Undefined: absent or empty. */
export function boolean(tree: XmlTree | undefined, name: string): boolean | undefined {
  const given = text(tree, name);
  if (given === undefined || given === '') return undefined;
  if (/^(t|true|1)$/i.test(given)) return true;
  if (/^(f|false|0)$/i.test(given)) return false;
  throw badValue(name, `${name} is true or false, not "${given.slice(0, 40)}".`);
}

/** Undefined: absent or empty. */
export function integer(tree: XmlTree | undefined, name: string): number | undefined {
  const given = text(tree, name);
  if (given === undefined || given === '') return undefined;
  if (!/^[+-]?\d{1,15}$/.test(given)) throw badValue(name, `${name} is a whole number, not "${given.slice(0, 40)}".`);
  return Number(given);
}

/** `{589567D4-…}` or bare, in any case → as the database writes it. Undefined: it is none. */
export function readUuid(given: string | undefined): string | undefined {
  const match = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i.exec(given?.trim() ?? '');
  return match?.[1]?.toLowerCase();
}

/** `{589567D4-3477-1EA5-AD1E-C9C717BF6626}` */
export function writeUuid(id: string): string {
  return `{${id.toUpperCase()}}`;
}

/** A reference to another object: by its name, which wins, or by a uuid attribute. Undefined: absent. Both empty: cleared. */
export interface Reference {
  readonly name: string;
  readonly uuid: string | undefined;
}

export function reference(tree: XmlTree | undefined, name: string): Reference | undefined {
  const found = child(tree, name);
  if (found === undefined) return undefined;
  return { name: isNil(found) ? '' : found.text.trim(), uuid: readUuid(found.attributes['uuid']) };
}

/** A tree as it was sent, for what is kept without being understood (`vendorConfig`). Prefixes and declarations of namespaces are dropped. */
export function copied(tree: XmlTree): SoapElement {
  const attributes = Object.fromEntries(
    Object.entries(tree.attributes).filter(([name]) => name !== 'xmlns' && !name.includes(':')),
  );
  return {
    name: localName(tree.name),
    attributes,
    content: tree.children.length === 0 ? tree.text.trim() : tree.children.map(copied),
  };
}
