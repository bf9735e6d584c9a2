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

const heading =
  '/** Generated from the OpenAPI document by scripts/generate-client.ts: every operation with its types. Not to be edited. */';

/** The source of the typed half of the client: same document, same text. */
export function clientSource(document: OpenApi): string {
  const schemas = Object.entries(document.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  const types = schemas.map(([name, schema]) => {
    const comment = schema.description === undefined ? '' : `${docs(schema.description)}\n`;
    return `${comment}export type ${typeName(name)} = ${typeOf(schema)};`;
  });
  const operations = Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })))
    .sort((a, b) => (a.operation.operationId < b.operation.operationId ? -1 : 1));
  const shapes = operations.map(
    ({ operation }) => `  ${docs(operation.summary)}\n  readonly ${operation.operationId}: ${shapeOf(operation)};`,
  );
  const routes = operations.map(
    ({ path, method, operation }) => `  ${operation.operationId}: ['${method.toUpperCase()}', '${path}'],`,
  );
  return [
    heading,
    ...types,
    `export interface Operations {\n${shapes.join('\n')}\n}`,
    `export const routes: { readonly [K in keyof Operations]: readonly [method: string, path: string] } = {\n${routes.join('\n')}\n};`,
    '',
  ].join('\n\n');
}

function shapeOf(operation: Operation): string {
  const of = (place: Parameter['in']) => (operation.parameters ?? []).filter((each) => each.in === place);
  const members = (parameters: readonly Parameter[]) =>
    parameters
      .map(
        ({ name, required, schema }) =>
          `readonly ${JSON.stringify(name)}${required ? '' : '?'}: ${typeOf(schema, '  ')}`,
      )
      .join('; ');
  const hasHeader = (wanted: string) => of('header').some(({ name }) => name === wanted);
  const path = of('path');
  const query = of('query');
  const body = operation.requestBody?.content;
  const json = body?.['application/json'];
  const parts = [
    ...(path.length > 0 ? [`readonly path: { ${members(path)} }`] : []),
    ...(query.length > 0
      ? [`readonly query${query.some((each) => each.required) ? '' : '?'}: { ${members(query)} }`]
      : []),
    ...(hasHeader('If-Match') ? ['readonly ifMatch?: string'] : []),
    ...(hasHeader('Idempotency-Key') ? ['readonly idempotencyKey?: string'] : []),
    ...(json !== undefined
      ? [`readonly body: ${typeOf(json.schema, '  ')}`]
      : body !== undefined
        ? [
            `readonly octets: { readonly type: ${Object.keys(body)
              .map((type) => JSON.stringify(type))
              .join(' | ')}; readonly bytes: Uint8Array<ArrayBuffer> }`,
          ]
        : []),
  ];
  return `{ readonly input: { ${parts.join('; ')} }; readonly answer: ${answerOf(operation)} }`;
}

function answerOf(operation: Operation): string {
  const good = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  const types = good.map(([, { content }]) => {
    if (content === undefined) return 'undefined';
    const json = content['application/json'];
    return json === undefined ? 'Uint8Array' : typeOf(json.schema, '  ');
  });
  return [...new Set(types)].join(' | ') || 'undefined';
}
