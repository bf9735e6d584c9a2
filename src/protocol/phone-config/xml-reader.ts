import { SaxesParser } from 'saxes';
import { fromUtf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';

/** An element as read. `namespace` is its own xmlns attribute or the one it stands under. */
export interface XmlTree {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlTree[];
  text: string;
}

/** Source: spec/security.md "Administration", XML. */
export const xmlLimits = {
  octets: 1024 * 1024,
  depth: 32,
  elements: 10_000,
  attributes: 32,
  references: 20_000,
} as const;

/**
 * Reads a whole UTF-8 document. Throws MalformedError for anything not well-formed, any DOCTYPE, and anything above xmlLimits.
 * Namespaces: only default declarations (xmlns="…") are followed; prefixes stay part of the name.
 */
export function readXml(bytes: Uint8Array): XmlTree {
  if (bytes.length > xmlLimits.octets) throw new MalformedError('XML above 1 MiB', xmlLimits.octets);
  let text: string;
  try {
    // Ends of lines as XML 1.0 §2.11 has them; the parser would do it one by one.
    text = fromUtf8(bytes).replace(/\r\n?/g, '\n');
  } catch {
    throw new MalformedError('XML is not UTF-8');
  }
  refuseManyTags(text);
  refuseManyReferences(text);
  // saxes without its own namespace support: that is quadratic in depth.
  const parser = new SaxesParser({ xmlns: false });
  const open: XmlTree[] = [];
  let root: XmlTree | undefined;
  let elements = 0;
  const refuse = (reason: string): never => {
    throw new MalformedError(reason, parser.position);
  };
  parser.on('error', (error) => refuse(error.message));
  parser.on('doctype', () => refuse('DOCTYPE is not allowed'));
  // Before the tag is complete: a million attributes are not even collected.
  let attributesSoFar = 0;
  parser.on('attribute', () => {
    if (++attributesSoFar > xmlLimits.attributes) refuse('too many attributes');
  });
  parser.on('opentag', (tag) => {
    attributesSoFar = 0;
    if (++elements > xmlLimits.elements) refuse('too many elements');
    if (open.length >= xmlLimits.depth) refuse('nested too deeply');
    const attributes = tag.attributes as Record<string, string>;
    const parent = open.at(-1);
    const element: XmlTree = {
      name: tag.name,
      namespace: attributes['xmlns'] ?? parent?.namespace ?? '',
      attributes,
      children: [],
      text: '',
    };
    if (parent === undefined) root = element;
    else parent.children.push(element);
    open.push(element);
  });
  parser.on('text', (piece) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  });
  parser.on('cdata', (piece) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return root ?? refuse('no root element');
}

/** Stops before parsing what holds more tags than any document within the limits: two an element, and some for comments and CDATA. */
function refuseManyTags(text: string): void {
  let left = 3 * xmlLimits.elements;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1))
    if (left-- === 0) throw new MalformedError('too many elements', at);
}

/** Each `&…;` costs some microseconds: a document full of them would stop everything else for most of a second. */
function refuseManyReferences(text: string): void {
  let left: number = xmlLimits.references;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1))
    if (left-- === 0) throw new MalformedError('too many character and entity references', at);
}

export function childOf(tree: XmlTree | undefined, name: string): XmlTree | undefined {
  return tree?.children.find((child) => child.name === name);
}

export function childrenOf(tree: XmlTree | undefined, name: string): XmlTree[] {
  return tree?.children.filter((child) => child.name === name) ?? [];
}

/** Trimmed text of a child; empty when there is none. */
export function textOf(tree: XmlTree | undefined, name: string): string {
  return childOf(tree, name)?.text.trim() ?? '';
}

/** A decimal number in the child's text within [min, max]; `fallback` when the child is absent or empty. Throws MalformedError otherwise. */
export function numberOf(tree: XmlTree | undefined, name: string, min: number, max: number, fallback: number): number {
  const text = textOf(tree, name);
  if (text === '') return fallback;
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new MalformedError(`${name} is not a number from ${min} to ${max}`);
  return value;
}
