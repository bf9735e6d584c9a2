import { docs, type JsonSchema, typeName, typeOf } from './schema-to-type.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
  >;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/**
 * The types of one REST API: each component of its document, and an interface that holds each route under its method and path below /api/v1.
 * Same document, same text.
 */
export function clientSource(api: string, document: OpenApi): string {
  const schemas = Object.entries(document.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  const types = schemas.map(([name, schema]) => {
    const comment = schema.description === undefined ? '' : `${docs(schema.description)}\n`;
    return `${comment}export type ${typeName(name)} = ${typeOf(schema)};`;
  });
  const routes = Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        key: `${method.toUpperCase()} ${path.replace(/^\/api\/v1/, '')}`,
        operation,
      })),
    )
    .map(({ key, operation }) => `  ${docs(operation.summary)}\n  ${JSON.stringify(key)}: ${shapeOf(operation)};`);
  return [
    '/** Generated from the OpenAPI document by scripts/build-client.mjs. Not to be edited. */',
    ...types,
    `/** Every route: what it takes and what it answers. */\nexport interface ${api} {\n${routes.join('\n')}\n}`,
    '',
  ].join('\n\n');
}

function shapeOf(operation: Operation): string {
  const of = (place: Parameter['in']) => (operation.parameters ?? []).filter((each) => each.in === place);
  const hasHeader = (wanted: string) => of('header').some(({ name }) => name === wanted);
  const path = of('path').map(({ name }) => `${JSON.stringify(name)}: string | number`);
  const query = of('query');
  const members = query.map(
    ({ name, required, schema }) =>
      `${JSON.stringify(name)}${required ? '' : '?'}: ${asText(typeOf(schema, '  '))}${required ? '' : ' | undefined'}`,
  );
  const body = operation.requestBody?.content;
  const json = body?.['application/json'];
  const types = Object.keys(body ?? {}).map((type) => JSON.stringify(type));
  const parts = [
    ...(path.length > 0 ? [`path: { ${path.join('; ')} }`] : []),
    ...(query.length > 0 ? [`query${query.some((each) => each.required) ? '' : '?'}: { ${members.join('; ')} }`] : []),
    ...(hasHeader('If-Match') ? ['version?: number | undefined'] : []),
    ...(hasHeader('Idempotency-Key') ? ['idempotencyKey?: string | undefined'] : []),
    ...(json !== undefined
      ? [`body: ${typeOf(json.schema, '  ')}`]
      : body !== undefined
        ? [`octets: { type: ${types.join(' | ')}; bytes: Uint8Array<ArrayBuffer> | Blob }`]
        : []),
  ];
  return `{ input: { ${parts.join('; ')} }; answer: ${answerOf(operation)} }`;
}

/** In an address everything is text: whoever has it as text already need not read it first. */
function asText(type: string): string {
  return type === 'number' ? 'number | string' : type === 'boolean' ? 'boolean | "true" | "false"' : type;
}

function answerOf(operation: Operation): string {
  const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  const types = good.map(([, { content }]) => {
    if (content === undefined) return 'undefined';
    const json = content['application/json'];
    return json === undefined ? 'Uint8Array<ArrayBuffer>' : typeOf(json.schema, '  ');
  });
  return [...new Set(types)].join(' | ') || 'undefined';
}
