import type { XmlTree } from '../../protocol/phone-config/xml-reader.ts';
import { isNil } from '../../protocol/soap/elements.ts';
import { localName } from '../../protocol/soap/envelope.ts';
import { badValue } from './axl-fault.ts';

/**
 * What an operation does with one element of its request. Whatever has no rule, or has a value that its rule does not allow, is refused
 * by name before anything is done: a tool never hears OK for something that was dropped.
 */
export type ElementRule =
  /** The operation reads it, with all that is inside. */
  | 'read'
  /** Passed over whatever it says; docs/integrations.md lists these. */
  | 'ignored'
  /** This system has no such thing: only values that say so are taken (none, the default, off). */
  | 'absent'
  /** It always is this here: only these values are taken. */
  | { readonly always: readonly string[] }
  | { readonly inside: Elements }
  /** Search criteria: each child a LIKE pattern over one of these fields. */
  | { readonly criteria: readonly string[] }
  /** returnedTags: what may be asked for, told or not; a name of none of them is a slip. */
  | { readonly tags: readonly string[] };

export type Elements = Readonly<Record<string, ElementRule>>;

/** @throws AxlFault 5003 naming the element */
export function refuseUnknown(tree: XmlTree, elements: Elements, path = ''): void {
  for (const each of tree.children) {
    const name = localName(each.name);
    const rule = Object.hasOwn(elements, name) ? elements[name]! : undefined;
    const place = `${path}${name}`;
    if (rule === 'read' || rule === 'ignored') continue;
    if (rule === undefined) {
      if (!saysNothing(each))
        throw badValue(name, `${place} is no element that is understood here; nothing was done. Leave it out.`);
    } else if (rule === 'absent') {
      if (!saysNothing(each) && !isNeutral(each))
        throw badValue(name, `${place} is not kept here; nothing was done. Leave it out.`);
    } else if ('inside' in rule) refuseUnknown(each, rule.inside, `${place}/`);
    else if ('criteria' in rule) refuseCriteria(each, rule.criteria);
    else if ('tags' in rule) refuseTags(each, rule.tags);
    else if (!saysNothing(each) && !rule.always.some((value) => sameText(value, each.text)))
      throw badValue(
        name,
        `${place} is always ${rule.always[0]} here, not "${each.text.trim().slice(0, 64)}"; nothing was done. Leave it out.`,
      );
  }
}

/** A criterion that fits everything asks for nothing; any other must be one that the rows can be told apart by. */
function refuseCriteria(tree: XmlTree, fields: readonly string[]): void {
  for (const each of tree.children) {
    const name = localName(each.name);
    if (fields.includes(name) || /^%*$/.test(each.text.trim())) continue;
    throw badValue(name, `The list cannot be searched by ${name} here; it can by ${fields.join(', ') || 'nothing'}.`);
  }
}

function refuseTags(tree: XmlTree, tags: readonly string[]): void {
  for (const each of tree.children) {
    const name = localName(each.name);
    if (!tags.includes(name)) throw badValue(name, `There is no element ${name} to be returned.`);
  }
}

/** No text anywhere in it. */
function saysNothing(tree: XmlTree): boolean {
  return isNil(tree) || (tree.text.trim() === '' && tree.children.every(saysNothing));
}

/** How the field writes "there is none" and "as everything else". */
const neutral = new Set([
  'none',
  '<none>',
  'default',
  'use system default',
  'off',
  'disable',
  'disabled',
  'false',
  'f',
  '0',
  '-1',
]);

/** Says nothing but that: a switch that is off, a list whose entries are all empty. */
function isNeutral(tree: XmlTree): boolean {
  if (tree.children.length > 0) return tree.children.every((each) => saysNothing(each) || isNeutral(each));
  return neutral.has(tree.text.trim().toLowerCase());
}

function sameText(a: string, b: string): boolean {
  const plain = (text: string) => {
    const said = text.trim().toLowerCase();
    return /^(t|true|1)$/.test(said) ? 'true' : /^(f|false|0)$/.test(said) ? 'false' : said;
  };
  return plain(a) === plain(b);
}

/** The same rule for many. */
export function each(rule: ElementRule, names: readonly string[]): Elements {
  return Object.fromEntries(names.map((name) => [name, rule]));
}

/** The key of get, update and remove. */
export const key: Elements = { name: 'read', uuid: 'read' };

/** What every list takes. `tags`: what may be asked for; absent where the field's names are not known as a whole. */
export function listing(criteria: readonly string[], tags?: readonly string[]): Elements {
  const returnedTags: ElementRule = tags === undefined ? 'read' : { tags };
  return { searchCriteria: { criteria }, returnedTags, skip: 'read', first: 'read' };
}
