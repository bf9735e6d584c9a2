import Type, { type Static, type TObject, type TProperties } from 'typebox';
import { strict, Version } from './common.ts';

/** The three shapes of one kind of object: as shown, as added, as changed. */
export interface ResourceContract<P extends TProperties = TProperties> {
  /** `DevicePool`; the shapes are `DevicePool`, `NewDevicePool`, `DevicePoolChange`. */
  readonly title: string;
  /** What one of them is, as a sentence. */
  readonly description: string;
  /** Path segment: `device-pools`. */
  readonly path: string;
  readonly fields: P;
  readonly shown: TObject;
  readonly added: TObject;
  readonly changed: TObject;
  /** What a new one has where nothing is said: together with the required fields this is a whole one. */
  readonly defaults: Partial<Static<TObject<P>>>;
  /** Fields lists can be sorted by; the first is the default. */
  readonly sorts: readonly [string, ...string[]];
  /** Query parameters of the list that filter it. */
  readonly filters: TProperties;
}

export function resource<P extends TProperties>(definition: {
  title: string;
  description: string;
  path: string;
  fields: P;
  /** A whole one. */
  example: Static<TObject<P>>;
  defaults: Partial<Static<TObject<P>>>;
  sorts?: readonly [string, ...string[]];
  filters?: TProperties;
  /** Shown beside the fields. */
  readOnly?: TProperties;
  readOnlyExample?: Record<string, unknown>;
}): ResourceContract<P> {
  const { title, description, fields, example, defaults } = definition;
  const required = Object.keys(fields).filter((field) => !(field in defaults));
  const added = Object.fromEntries(
    Object.entries(fields).map(([field, schema]) => [
      field,
      field in defaults ? Type.Optional({ ...schema, default: (defaults as Record<string, unknown>)[field] }) : schema,
    ]),
  );
  const changed = Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, Type.Optional(schema)]));
  return {
    title,
    description,
    path: definition.path,
    fields,
    shown: strict(
      { ...fields, ...definition.readOnly, version: Version },
      { title, description, examples: [{ ...example, ...definition.readOnlyExample, version: 1 }] },
    ),
    added: strict(added, {
      title: `New${title}`,
      description: `${description}. What is left out gets its default`,
      examples: [
        Object.fromEntries(Object.entries(example as object).filter(([field]) => required.includes(field))),
        example,
      ],
    }),
    changed: strict(changed, {
      title: `${title}Change`,
      description: 'What to change; what is left out stays',
      minProperties: 1,
      examples: [Object.fromEntries(Object.entries(example as object).slice(1, 2))],
    }),
    defaults,
    sorts: definition.sorts ?? ['name'],
    filters: definition.filters ?? {},
  };
}
