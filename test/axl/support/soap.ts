import { readXml, type XmlTree } from '../../../src/protocol/phone-config/xml-reader.ts';
import { localName } from '../../../src/protocol/soap/envelope.ts';
import { type Answer, send, type TestRest } from '../../rest/support/rest.ts';

export interface SoapOptions {
  readonly version?: string;
  readonly as?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts an operation as a script would. `inner`: XML inside the operation's element. */
export function axl(rest: TestRest, operation: string, inner: string, options: SoapOptions = {}): Promise<Answer> {
  const { version = '14.0', as, headers } = options;
  return send(rest.port, 'POST', '/axl/', {
    ...(as !== undefined && { as }),
    ...(headers && { headers }),
    raw: {
      type: 'text/xml; charset=utf-8',
      text:
        `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="http://www.cisco.com/AXL/API/${version}">` +
        `<soapenv:Body><ns:${operation}>${inner}</ns:${operation}></soapenv:Body></soapenv:Envelope>`,
    },
  });
}

/** The content of `<return>`; fails loudly on a fault. */
export async function axlReturn(
  rest: TestRest,
  operation: string,
  inner: string,
  options?: SoapOptions,
): Promise<XmlTree> {
  const answer = await axl(rest, operation, inner, options);
  if (answer.status !== 200) throw new Error(`${operation}: ${answer.status} ${answer.text}`);
  const response = bodyOf(answer.text);
  if (localName(response.name) !== `${operation}Response`) throw new Error(answer.text);
  return response.children[0]!;
}

export interface SoapFault {
  readonly status: number;
  readonly faultcode: string;
  readonly axlcode: number;
  readonly message: string;
}

export async function axlFault(
  rest: TestRest,
  operation: string,
  inner: string,
  options?: SoapOptions,
): Promise<SoapFault> {
  const { status, text } = await axl(rest, operation, inner, options);
  const fault = bodyOf(text);
  if (localName(fault.name) !== 'Fault') throw new Error(`${status} ${text}`);
  const find = (name: string) => fault.children.find((each) => each.name === name);
  const error = find('detail')!.children[0]!;
  return {
    status,
    faultcode: find('faultcode')!.text,
    axlcode: Number(error.children.find((each) => each.name === 'axlcode')!.text),
    message: find('faultstring')!.text,
  };
}

function bodyOf(text: string): XmlTree {
  return readXml(new TextEncoder().encode(text)).children[0]!.children[0]!;
}

/** Names of the children, for orders. */
export const tags = (tree: XmlTree) => tree.children.map((each) => each.name);

export const textIn = (tree: XmlTree, name: string) => tree.children.find((each) => each.name === name)?.text;
