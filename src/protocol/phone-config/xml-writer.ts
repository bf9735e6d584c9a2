/** A piece of XML: text is escaped, undefined children are left out. */
export type XmlNode = XmlElement | undefined;

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: string | readonly XmlNode[];
}

/** An element with text. Numbers and booleans as their words. */
export function leaf(
  name: string,
  value: string | number | boolean,
  attributes: Readonly<Record<string, string | number>> = {},
): XmlElement {
  return { name, attributes, content: String(value) };
}

export function branch(
  name: string,
  children: readonly XmlNode[],
  attributes: Readonly<Record<string, string | number>> = {},
): XmlElement {
  return { name, attributes, content: children };
}

/** A whole document, one element a line. The same tree always gives the same octets. Throws RangeError for a name that is no XML name. */
export function writeXml(root: XmlElement): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  write(root, '', lines);
  return `${lines.join('\n')}\n`;
}

function write(element: XmlElement, indent: string, lines: string[]): void {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(element.name)) throw new RangeError(`${element.name} is no element name`);
  let open = `${indent}<${element.name}`;
  for (const [name, value] of Object.entries(element.attributes)) open += ` ${name}="${escapeXml(String(value))}"`;
  if (typeof element.content === 'string') {
    lines.push(element.content === '' ? `${open}/>` : `${open}>${escapeXml(element.content)}</${element.name}>`);
    return;
  }
  const children = element.content.filter((child) => child !== undefined);
  if (children.length === 0) {
    lines.push(`${open}/>`);
    return;
  }
  lines.push(`${open}>`);
  for (const child of children) write(child, `${indent}  `, lines);
  lines.push(`${indent}</${element.name}>`);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters XML 1.0 cannot hold become U+FFFD: a description must not be able to break a file. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character]!)
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
