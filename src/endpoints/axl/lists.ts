import type { FoundObject, LookupKind, ObjectLookup, Patterns } from '../../domain/integrations/object-lookup.ts';
import type { XmlTree } from '../../protocol/phone-config/xml-reader.ts';
import { child, text } from '../../protocol/soap/elements.ts';
import { localName } from '../../protocol/soap/envelope.ts';
import { AxlFault, itemNotValid } from './axl-fault.ts';
import { integer, readUuid } from './values.ts';

/** Rows asked for at once when nothing limits them; a reply above 8 MB is refused anyway. */
const mostRows = 20_000;

/** searchCriteria: every child is a LIKE pattern, all must fit. An absent one fits everything, as an empty pattern does. */
export function readPatterns(request: XmlTree): Patterns {
  const patterns: Record<string, string> = {};
  for (const each of child(request, 'searchCriteria')?.children ?? []) {
    const pattern = each.text.trim();
    if (pattern !== '') patterns[localName(each.name)] = pattern;
  }
  return patterns;
}

/** skip counts only with first; both stand as elements, or, in some scripts, as attributes. */
export function readPage(request: XmlTree): { skip: number; first: number } {
  const number = (name: string) => {
    const attribute = request.attributes[name];
    const given = integer(request, name) ?? (/^\d{1,9}$/.test(attribute ?? '') ? Number(attribute) : undefined);
    if (given !== undefined && given < 0) throw new AxlFault(5003, `${name} is not negative.`, 'soapenv:Client');
    return given;
  };
  const first = number('first');
  return first === undefined
    ? { skip: 0, first: mostRows }
    : { skip: number('skip') ?? 0, first: Math.min(first, mostRows) };
}

/** What listX asks for. Throws AxlFault when more rows fit than one reply may hold. */
export async function listed(
  lookup: ObjectLookup,
  kind: LookupKind,
  request: XmlTree,
): Promise<readonly FoundObject[]> {
  const page = readPage(request);
  const { found, total } = await lookup.like(kind, readPatterns(request), page);
  if (page.first === mostRows && total - page.skip > mostRows)
    throw new AxlFault(
      -1,
      `Query request too large. Total rows matched: ${total} rows. Suggestive Row Fetch: less than ${mostRows} rows`,
    );
  return found;
}

/**
 * The object a get, update or remove means: by its name, which wins, or by uuid. `what` is its name in faults.
 * @throws AxlFault 5007
 */
export async function meant(
  lookup: ObjectLookup,
  kind: LookupKind,
  request: XmlTree,
  what: string,
  nameElement = 'name',
): Promise<FoundObject> {
  const name = text(request, nameElement);
  const uuid = text(request, 'uuid');
  const id = readUuid(uuid ?? request.attributes['uuid']);
  const found =
    name !== undefined && name !== ''
      ? await lookup.byName(kind, name)
      : id === undefined
        ? undefined
        : await lookup.byId(kind, id);
  if (found === undefined) throw itemNotValid(what);
  return found;
}

/** `kind name` → uuid of everything that the rows refer to: one query a kind. */
export async function idsOf(
  lookup: ObjectLookup,
  references: ReadonlyMap<LookupKind, readonly string[]>,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  await Promise.all(
    [...references].map(async ([kind, names]) => {
      for (const [name, id] of await lookup.idsOf(kind, names)) ids.set(`${kind} ${name}`, id);
    }),
  );
  return ids;
}
