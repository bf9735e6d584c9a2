import type { ResourceContract } from '../../../contract/resource.ts';
import { type LookupKind, lookupCriteria, type ObjectLookup } from '../../../domain/integrations/object-lookup.ts';
import type { ResourceService, Stored } from '../../../domain/settings/resource.ts';
import type { XmlTree } from '../../../protocol/phone-config/xml-reader.ts';
import { child } from '../../../protocol/soap/elements.ts';
import { AxlFault, badValue } from '../axl-fault.ts';
import { type Elements, each, key, listing } from '../elements.ts';
import { idsOf, listed, meant } from '../lists.ts';
import type { AxlOperation } from '../operation.ts';
import { type Fields, readWanted, row, uuidAttribute } from '../reply.ts';
import { writeUuid } from '../values.ts';

/** How one kind of settings object reads and writes in AXL. */
export interface SettingsObject<T extends object> {
  /** `DevicePool`: addDevicePool, getDevicePool, … */
  readonly name: string;
  /** `devicePool`: the element around its fields. */
  readonly element: string;
  /** In faults: `Device Pool`. */
  readonly what: string;
  readonly kind: LookupKind;
  readonly service: ResourceService<T>;
  readonly order: readonly string[];
  /** What add and update take of it, without what leads to it. */
  readonly elements: Elements;
  /** What may be asked for in returnedTags, where the field's names are known as a whole. */
  readonly tags?: readonly string[];
  /** Of its resource: what a new one has where nothing is said, as over REST. */
  readonly contract: Pick<ResourceContract, 'defaults'>;
  /** What it refers to, by kind: their uuids are looked up. */
  readonly references?: (value: T) => ReadonlyMap<LookupKind, readonly string[]>;
  readonly fields: (stored: Stored<T>, ids: ReadonlyMap<string, string>) => Fields;
  /** What a request says; absent members are not said. `newName` is read here already. */
  readonly read: (tree: XmlTree) => Partial<T>;
  /** What depends on what else was said; before the defaults. */
  readonly derive?: (read: Partial<T>) => Partial<T>;
  /** Field → element of those that a new one cannot be without. Default: its name. */
  readonly required?: Readonly<Partial<Record<keyof T, string>>>;
  /** Default: all five. */
  readonly operations?: readonly ('add' | 'update' | 'get' | 'list' | 'remove')[];
  /** Of the key. Default `name`. */
  readonly keyElement?: string;
  /** Elements of a key that is more than one. */
  readonly keyElements?: readonly string[];
  /** The key a request means where it is more than one element: the service's name of it, undefined when it says none. */
  readonly keyOf?: (tree: XmlTree) => string | undefined;
}

/** The five operations of an ordinary object. */
export function settingsObject<T extends object>(
  object: SettingsObject<T>,
  lookup: ObjectLookup,
): readonly AxlOperation[] {
  const { name, element: wrapper, what, kind, service, elements } = object;
  const keys = { ...key, ...elements };
  const named = async (request: XmlTree) => {
    const key = object.keyOf?.(request);
    if (key === undefined) return meant(lookup, kind, request, what, object.keyElement);
    const stored = await service.get(key);
    return { id: stored.id, name: stored.name };
  };
  const shown = async (rows: readonly Stored<T>[], request: XmlTree) => {
    const wantedKinds = new Map<LookupKind, readonly string[]>();
    for (const { value } of rows)
      for (const [each, names] of object.references?.(value) ?? [])
        wantedKinds.set(each, [...new Set([...(wantedKinds.get(each) ?? []), ...names])]);
    const ids = await idsOf(lookup, wantedKinds);
    const wanted = readWanted(request);
    return rows.map((stored) =>
      row(wrapper, object.order, object.fields(stored, ids), wanted, uuidAttribute(stored.id)),
    );
  };
  const all: Readonly<Record<'add' | 'update' | 'get' | 'list' | 'remove', AxlOperation>> = {
    add: {
      name: `add${name}`,
      what,
      takes: { [wrapper]: { inside: elements } },
      needs: ['settings.write'],
      async handle({ element, caller }) {
        const tree = child(element, wrapper);
        if (tree === undefined) throw badValue(wrapper, `The request needs the element ${wrapper}.`);
        const stored = await service.add(caller.actor, whole(object, object.read(tree)));
        return writeUuid(stored.id);
      },
    },
    update: {
      name: `update${name}`,
      what,
      takes: { ...keys, [wrapper]: { inside: keys } },
      needs: ['settings.write'],
      async handle({ element, caller }) {
        const found = await named(element);
        const stored = await service.change(
          caller.actor,
          found.name,
          object.read(child(element, wrapper) ?? element),
          undefined,
        );
        return writeUuid(stored.id);
      },
    },
    get: {
      name: `get${name}`,
      what,
      takes: {
        ...key,
        ...keyElements(object),
        returnedTags: object.tags === undefined ? 'read' : { tags: object.tags },
      },
      needs: ['settings.read'],
      handle: async ({ element }) => shown([await service.get((await named(element)).name)], element),
    },
    list: {
      name: `list${name}`,
      what,
      takes: listing(lookupCriteria[kind], object.tags),
      needs: ['settings.read'],
      async handle({ element }) {
        const found = await listed(lookup, kind, element);
        const rows = await Promise.all(found.map((each) => service.get(each.name).catch(() => undefined)));
        return shown(
          // Without a name: <None>, which no tool expects in a list.
          rows.filter((each): each is Stored<T> => each !== undefined && each.name !== ''),
          element,
        );
      },
    },
    remove: {
      name: `remove${name}`,
      what,
      takes: { ...key, ...keyElements(object) },
      needs: ['settings.write'],
      async handle({ element, caller }) {
        const found = await named(element);
        await service.remove(caller.actor, found.name, undefined);
        return writeUuid(found.id);
      },
    },
  };
  return (object.operations ?? (['add', 'update', 'get', 'list', 'remove'] as const)).map((each) => all[each]);
}

/** A whole one: what was said, and the defaults that REST has too. @throws AxlFault for what is missing */
function whole<T extends object>(object: SettingsObject<T>, read: Partial<T>): T {
  const said = { ...object.derive?.(read), ...read };
  for (const [field, element] of Object.entries(object.required ?? { name: 'name' }))
    needed(said[field as keyof T], element as string);
  return { ...object.contract.defaults, ...said } as unknown as T;
}

function keyElements<T extends object>({ keyElement, keyElements: more }: SettingsObject<T>): Elements {
  return each('read', [...(keyElement === undefined ? [] : [keyElement]), ...(more ?? [])]);
}

/** A member that a new one cannot be without. */
export function needed<V>(value: V | undefined, field: string): V {
  if (value === undefined || (value as unknown) === '')
    throw new AxlFault(5003, `${field} is required.`, 'soapenv:Client');
  return value;
}
