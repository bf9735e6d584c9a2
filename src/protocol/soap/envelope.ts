import { MalformedError } from '../../kernel/errors.ts';
import { readXml, type XmlTree } from '../phone-config/xml-reader.ts';

/** A SOAP 1.1 request, document/literal: what its Body holds decides, not its SOAPAction. */
export interface SoapRequest {
  /** Local name of the first element in the Body: `addPhone`. */
  readonly operation: string;
  /** Its namespace; empty when it has none. */
  readonly namespace: string;
  /** The element itself. */
  readonly element: XmlTree;
}

/**
 * Reads an envelope (SOAP 1.1 §4, Header ignored). Any prefixes are taken; a namespace is looked up where the prefix was declared, on the
 * element, the Body or the Envelope. Throws MalformedError for what is no envelope, and above the limits of XML.
 */
export function readSoapRequest(octets: Uint8Array): SoapRequest {
  const envelope = readXml(octets);
  if (localName(envelope.name) !== 'Envelope') throw new MalformedError('not a SOAP envelope');
  const body = envelope.children.find((child) => localName(child.name) === 'Body');
  const element = body?.children[0];
  if (body === undefined || element === undefined) throw new MalformedError('the SOAP body is empty');
  const prefix = element.name.includes(':') ? element.name.slice(0, element.name.indexOf(':')) : undefined;
  return {
    operation: localName(element.name),
    namespace: prefix === undefined ? element.namespace : declared(prefix, [element, body, envelope]),
    element,
  };
}

function declared(prefix: string, scopes: readonly XmlTree[]): string {
  for (const scope of scopes) {
    const found = scope.attributes[`xmlns:${prefix}`];
    if (found !== undefined) return found;
  }
  throw new MalformedError(`the prefix ${prefix.slice(0, 40)} is not declared`);
}

/** `ns1:addPhone` → `addPhone`. */
export function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** A piece of XML to write. A string is text; undefined is left out. */
export interface SoapElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: string | readonly (SoapElement | undefined)[];
}

/** An element of a reply. */
export function el(
  name: string,
  content: SoapElement['content'] = '',
  attributes?: Readonly<Record<string, string>>,
): SoapElement {
  return { name, content, ...(attributes && { attributes }) };
}

/** Without white space between elements. Throws RangeError for a name that is no XML name. */
export function writeElement({ name, attributes, content }: SoapElement): string {
  if (!/^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?$/.test(name)) throw new RangeError(`${name} is no element name`);
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes ?? {})) open += ` ${key}="${escapeXml(value)}"`;
  const inner =
    typeof content === 'string'
      ? escapeXml(content)
      : content.map((child) => (child === undefined ? '' : writeElement(child))).join('');
  return inner === '' ? `${open}/>` : `${open}>${inner}</${name}>`;
}

/** The envelope around one body element, with the prefix `soapenv` that scripts look for by name. */
export function writeEnvelope(body: SoapElement): string {
  return (
    `<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` +
    `${writeElement(body)}</soapenv:Body></soapenv:Envelope>`
  );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 cannot hold becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character]!)
    .replace(/\r/g, '&#13;');
}
