import type { XmlTree } from '../phone-config/xml-reader.ts';
import { localName } from './envelope.ts';

/** Reading an element of a request: names are compared without prefixes, order never matters, what is unknown is passed over. */

export function child(tree: XmlTree | undefined, name: string): XmlTree | undefined {
  return tree?.children.find((each) => localName(each.name) === name);
}

export function children(tree: XmlTree | undefined, name: string): readonly XmlTree[] {
  return tree?.children.filter((each) => localName(each.name) === name) ?? [];
}

/** `xsi:nil="true"`, whatever the prefix. */
export function isNil(tree: XmlTree): boolean {
  return Object.entries(tree.attributes).some(([name, value]) => localName(name) === 'nil' && /^(true|1)$/.test(value));
}

/** Trimmed. Undefined: there is no such element. Empty: it is empty or nil, which clears. */
export function text(tree: XmlTree | undefined, name: string): string | undefined {
  const found = child(tree, name);
  return found === undefined ? undefined : isNil(found) ? '' : found.text.trim();
}
