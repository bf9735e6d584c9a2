import type { Caller, Permission } from '../../domain/access/permissions.ts';
import type { XmlTree } from '../../protocol/phone-config/xml-reader.ts';
import type { SoapElement } from '../../protocol/soap/envelope.ts';
import type { Elements } from './elements.ts';

export interface AxlRequest {
  /** The operation's own element. */
  readonly element: XmlTree;
  readonly caller: Caller;
}

/** What stands inside `<return>`. A string is text (a uuid, true). */
export type AxlReturn = string | readonly SoapElement[];

/** One operation of AXL: reads the element, asks a service of the domain, gives the reply. No rule lives here. */
export interface AxlOperation {
  /** `getPhone` */
  readonly name: string;
  /** What its object is called in faults: `Phone`. */
  readonly what: string;
  /** What its request may hold; anything else is refused before it is handled. */
  readonly takes: Elements;
  /** Any one of these opens it. */
  readonly needs: readonly [Permission, ...Permission[]];
  /** The reply's elements stand by themselves, without `<return>` around them. */
  readonly bare?: true;
  handle(request: AxlRequest): Promise<AxlReturn>;
}

/** get, list, do-queries: what reads. Everything else changes something. */
export function changes(operation: string): boolean {
  return !/^(get|list|doAuthenticate|executeSQLQuery)/.test(operation);
}
