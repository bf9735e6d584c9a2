import Type, { type Static, type TObject, type TProperties, type TSchema, type TSchemaOptions } from 'typebox';

/** Objects that cross HTTP refuse members they do not know: a misspelt field is an error, not silence. */
export function strict<P extends TProperties>(properties: P, options: TSchemaOptions = {}): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** All members optional: the body of a change. Members left out stay as they are. */
export function changeOf<P extends TProperties>(schema: TObject<P>, options: TSchemaOptions = {}) {
  return Type.Partial(schema, { additionalProperties: false, minProperties: 1, ...options });
}

const printable = '[!-~\\u00A0-\\uFFFF]';

/** Names are what people call things: printable, no space at either end. In a URL they are percent-encoded. */
export function name(maxLength: number, description: string) {
  return Type.String({
    minLength: 1,
    maxLength,
    pattern: `^${printable}(?:[ -~\\u00A0-\\uFFFF]*${printable})?$`,
    description,
  });
}

/** One line of free text. */
export function text(maxLength: number, description: string, options: { default?: string } = {}) {
  return Type.String({ maxLength, pattern: '^[ -~\\u00A0-\\uFFFF]*$', description, ...options });
}

export const Version = Type.Integer({
  minimum: 1,
  description:
    'Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read',
});

export const ContentVersion = Type.Integer({
  minimum: 0,
  description:
    'Made from what holds, the same for the same content; send it back as `If-Match: "<version>"` to change only what was read',
});

/** `2026-11-21T18:00:00.000Z` */
export const Instant = (description: string) => Type.String({ format: 'date-time', description });

/** The query of every list. `sorts`: the fields it can be sorted by, the first is the default. */
export function listQuery<const S extends readonly [string, ...string[]], F extends TProperties>(sorts: S, filters: F) {
  const both = sorts.flatMap((each) => [each, `-${each}`]);
  return strict({
    search: Type.Optional(
      Type.String({ maxLength: 128, description: 'Shows what has this text in its name or description, in any case' }),
    ),
    sort: Type.Optional(
      Type.Enum(both, { description: `Field to sort by, \`-\` in front for descending. Default \`${sorts[0]}\`` }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 500, description: 'How many to show at most. Default 50' }),
    ),
    cursor: Type.Optional(
      Type.String({
        maxLength: 1024,
        description: '`nextCursor` of the page before, with the same search, filter and sort',
      }),
    ),
    ...filters,
  });
}

/** One page of a list. `nextCursor` is absent on the last page. */
export function pageOf<T extends TSchema>(item: T, title: string) {
  return strict(
    {
      items: Type.Array(item),
      total: Type.Integer({ minimum: 0, description: 'How many match, over all pages' }),
      nextCursor: Type.Optional(Type.String({ description: 'Send it as `cursor` for the next page' })),
    },
    { title, description: 'One page of a list' },
  );
}

export const Dependency = strict(
  {
    kind: Type.String({ description: 'What depends on it: `phone`, `device-pool`, …' }),
    count: Type.Integer({ minimum: 1, description: 'How many of that kind' }),
    names: Type.Array(Type.String(), { description: 'Some of them, at most ten' }),
  },
  {
    title: 'DependencyRecord',
    description: 'What of one kind depends on an object',
    examples: [{ kind: 'phone', count: 2, names: ['SEP001122334455', 'BAT0A1B2C3D4E5F'] }],
  },
);

export const Dependencies = strict(
  { items: Type.Array(Dependency) },
  {
    title: 'DependencyRecords',
    description: 'Everything that depends on an object; while there is something, it cannot be deleted',
    examples: [{ items: [{ kind: 'phone', count: 1, names: ['SEP001122334455'] }] }],
  },
);
export type Dependencies = Static<typeof Dependencies>;

/** RFC 9457. Further members carry what the code needs, e.g. `dependencies`. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Where this problem is explained' }),
    title: Type.String({ description: 'The kind of problem, always the same for one code' }),
    status: Type.Integer({ description: 'The HTTP status' }),
    code: Type.String({ description: 'Stable name of the problem: programs decide by it' }),
    detail: Type.String({ description: 'What went wrong this time, in plain words' }),
    field: Type.Optional(Type.String({ description: 'The field at fault, as the request wrote it' })),
    remedy: Type.Optional(Type.String({ description: 'What to do now' })),
    text: Type.Optional(
      Type.String({
        description: 'Which sentence `detail` and `remedy` are: the code, or the code and a word where it has several',
      }),
    ),
    values: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
        description: 'The names and numbers in that sentence, for whoever says it in another language',
      }),
    ),
  },
  {
    title: 'Problem',
    description: 'Why a request failed (RFC 9457)',
    examples: [
      {
        type: '/api/v1/problems/missing_field',
        title: 'A field is missing',
        status: 400,
        code: 'missing_field',
        detail: 'The field "model" is missing.',
        field: 'model',
        remedy: 'Add the field.',
        text: 'missing_field',
        values: { field: 'model' },
      },
    ],
  },
);
export type Problem = Static<typeof Problem>;

/** The schema, or null. */
export const nullable = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
