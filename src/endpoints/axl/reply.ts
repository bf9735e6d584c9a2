import type { XmlTree } from '../../protocol/phone-config/xml-reader.ts';
import { children } from '../../protocol/soap/elements.ts';
import { el, localName, type SoapElement } from '../../protocol/soap/envelope.ts';
import { writeUuid } from './values.ts';

/** What a field of a row is, before it is written. Undefined: the field is not there. Null: there, and empty. */
export type Field = string | number | boolean | null | undefined | readonly SoapElement[] | FieldReference;

/** Another object: its name as text, its uuid as attribute. */
export interface FieldReference {
  readonly name: string;
  readonly uuid: string | undefined;
}

/** Fields by name, in any order; `row` writes them in the schema's. */
export type Fields = Readonly<Record<string, Field>>;

/**
 * What `returnedTags` asks for. Undefined: everything. Nested tags are asked for by nested elements.
 * An empty or absent `returnedTags` asks for everything.
 */
export type Wanted = ReadonlyMap<string, Wanted> | undefined;

export function readWanted(request: XmlTree): Wanted {
  const tags = children(request, 'returnedTags')[0];
  return tags === undefined ? undefined : wantedOf(tags);
}

function wantedOf(tree: XmlTree): Wanted {
  if (tree.children.length === 0) return undefined;
  return new Map(tree.children.map((each) => [localName(each.name), wantedOf(each)]));
}

/** One object: only what is wanted, in the order of the schema (strict clients fail at the first element out of order). */
export function row(
  name: string,
  order: readonly string[],
  fields: Fields,
  wanted: Wanted,
  attributes: Readonly<Record<string, string>> = {},
): SoapElement {
  const content: (SoapElement | undefined)[] = [];
  for (const tag of order) {
    if (wanted !== undefined && !wanted.has(tag)) continue;
    content.push(write(tag, fields[tag], wanted?.get(tag)));
  }
  return el(name, content, attributes);
}

function write(tag: string, field: Field, wanted: Wanted): SoapElement | undefined {
  if (field === undefined) return undefined;
  if (field === null) return el(tag);
  if (typeof field === 'object' && 'name' in field) {
    const reference = field as FieldReference;
    return el(tag, reference.name, reference.uuid === undefined ? undefined : { uuid: writeUuid(reference.uuid) });
  }
  if (Array.isArray(field))
    return el(
      tag,
      (field as readonly SoapElement[]).map((each) => pick(each, wanted)),
    );
  return el(tag, String(field));
}

/** Keeps of a nested row what is wanted of it. */
function pick(element: SoapElement, wanted: Wanted): SoapElement {
  const inside = wanted?.get(element.name);
  if (inside === undefined || typeof element.content === 'string') return element;
  return {
    ...element,
    content: element.content.flatMap((each) =>
      each === undefined || !inside.has(each.name) ? [] : [pick(each, new Map([[each.name, inside.get(each.name)]]))],
    ),
  };
}

/** Of an attribute list: `uuid="{…}"`. */
export function uuidAttribute(id: string): Readonly<Record<string, string>> {
  return { uuid: writeUuid(id) };
}
