import { fileURLToPath } from 'node:url';
import pg from 'pg';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { cloudMigrations, migrate, readMigrations } from '../../src/infra/database/migrate.ts';
import { testDatabase } from '../support/database.ts';

/** A column as PostgreSQL describes it. */
interface RealColumn {
  readonly table_name: string;
  readonly column_name: string;
  /** `int4`, `text`; `_text` is an array of text. */
  readonly udt_name: string;
  readonly nullable: boolean;
  readonly has_default: boolean;
  /** `generated always`, as identity or from other columns: nobody may insert it. */
  readonly always: boolean;
}

/** A column as its interface says: what is read, what may be inserted and updated. */
interface WrittenColumn {
  readonly select: ts.Type;
  readonly insert: ts.Type;
  readonly update: ts.Type;
}

const schemas = [
  { database: 'a cluster', file: 'schema.ts', name: 'Database', migrations: undefined },
  { database: 'the cloud', file: 'cloud-schema.ts', name: 'CloudDatabase', migrations: cloudMigrations },
] as const;
/** Only statements written out whole speak to these: kysely never needs their types. */
const withoutTypes = [
  'activation_decoy',
  'activation_decoy_evaluation',
  'config_change',
  'database_life',
  'kept_request',
  'schema_migration',
];
/** What pg makes of a column's value. json and jsonb are whatever their codec takes them for. */
const driverTypes: Readonly<Record<string, string>> = {
  bool: 'boolean',
  bytea: 'Buffer',
  date: 'Date',
  float4: 'number',
  inet: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'string',
  numeric: 'string',
  text: 'string',
  timestamptz: 'Date',
  uuid: 'string',
  xid8: 'string',
};
const folder = fileURLToPath(new URL('../../src/infra/database/', import.meta.url));
const typesFile = `${folder}types-of-the-driver.ts`;

let program: ts.Program;
let checker: ts.TypeChecker;
let driver: ReadonlyMap<string, ts.Type>;

beforeAll(() => {
  const { config } = ts.readConfigFile(
    fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    ts.sys.readFile,
  ) as { config: { compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(
    config.compilerOptions,
    fileURLToPath(new URL('../../', import.meta.url)),
  );
  program = ts.createProgram(
    [...schemas.map(({ file }) => folder + file), typesFile],
    options,
    withFile(typesFile, driverSource(), ts.createCompilerHost(options)),
  );
  checker = program.getTypeChecker();
  driver = new Map(
    membersOf(program.getSourceFile(typesFile)!, 'Driver').map((each) => [each.name, checker.getTypeOfSymbol(each)]),
  );
});

describe.each(schemas)('the table types of $database', ({ file, name, migrations }) => {
  it('name every table and column that the migrations make, with their nullability and type', async () => {
    const real = await realColumns(migrations);
    const written = writtenColumns(file, name);
    expect(real.size).toBeGreaterThan(50);
    const invented = [...written.keys()].filter((key) => !real.has(key)).map((key) => `${key}: no such column`);
    const others = [...real].flatMap(([key, column]) => disagreements(key, column, written.get(key)));
    expect([...invented, ...others]).toEqual([]);
  });
});

/** Where the interface promises what the database does not hold, or forbids what it needs. */
function disagreements(key: string, real: RealColumn, written: WrittenColumn | undefined): readonly string[] {
  if (written === undefined) return [`${key}: is not written`];
  const { select, insert, update } = written;
  const found: string[] = [];
  const json = real.udt_name === 'json' || real.udt_name === 'jsonb';
  const wanted = driver.get(real.udt_name);
  if (wanted === undefined && !json) return [`${key}: no rule for ${real.udt_name}`];
  const value = checker.getNonNullableType(select);
  if (wanted !== undefined && !checker.isTypeAssignableTo(value, wanted))
    found.push(`${key}: ${checker.typeToString(value)} is written, ${real.udt_name} is read`);
  // `unknown` has room for null; the codec that reads it says what it takes.
  if (!(select.flags & ts.TypeFlags.Unknown) && allows(select, ts.TypeFlags.Null) !== real.nullable)
    found.push(`${key}: ${real.nullable ? 'may be null' : 'is never null'}`);
  for (const [verb, type] of [
    ['inserted', insert],
    ['updated', update],
  ] as const)
    if (allows(type, ts.TypeFlags.Null) && !real.nullable) found.push(`${key}: null cannot be ${verb}`);
  if (allows(insert, ts.TypeFlags.Undefined) && !real.nullable && !real.has_default)
    found.push(`${key}: has no default and must be inserted`);
  if (real.always && !(insert.flags & ts.TypeFlags.Never)) found.push(`${key}: is generated and cannot be inserted`);
  return found;
}

function allows(type: ts.Type, flag: ts.TypeFlags): boolean {
  return (type.isUnion() ? type.types : [type]).some((each) => (each.flags & flag) !== 0);
}

/** `table.column` → what its interface says. */
function writtenColumns(file: string, name: string): ReadonlyMap<string, WrittenColumn> {
  const columns = new Map<string, WrittenColumn>();
  for (const table of membersOf(program.getSourceFile(folder + file)!, name))
    for (const column of checker.getTypeOfSymbol(table).getProperties())
      columns.set(`${table.name}.${column.name}`, writtenColumn(column));
  return columns;
}

/** kysely's ColumnType<S, I, U> carries its three types as members; any other type is all three. */
function writtenColumn(column: ts.Symbol): WrittenColumn {
  const type = checker.getTypeOfSymbol(column);
  const part = (name: string) => {
    const member = type.getProperty(name);
    return member === undefined ? type : checker.getTypeOfSymbol(member);
  };
  return {
    select: part('__select__'),
    insert: part('__insert__'),
    update: part('__update__'),
  };
}

function membersOf(source: ts.SourceFile, name: string): readonly ts.Symbol[] {
  const found = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!).find((each) => each.name === name)!;
  return checker.getDeclaredTypeOfSymbol(found).getProperties();
}

/** A file that declares what the driver gives for each type of column, so that the compiler itself compares. */
function driverSource(): string {
  const lines = Object.entries(driverTypes).map(([udt, type]) => `${udt}: ${type}; _${udt}: ${type}[];`);
  return `import { Buffer } from 'node:buffer';\nexport interface Driver { ${lines.join(' ')} }`;
}

function withFile(path: string, text: string, host: ts.CompilerHost): ts.CompilerHost {
  return {
    ...host,
    fileExists: (file) => file === path || host.fileExists(file),
    readFile: (file) => (file === path ? text : host.readFile(file)),
    getSourceFile: (file, ...rest) =>
      file === path ? ts.createSourceFile(path, text, ts.ScriptTarget.Latest) : host.getSourceFile(file, ...rest),
  };
}

async function realColumns(migrations: string | undefined): Promise<ReadonlyMap<string, RealColumn>> {
  await using database = await testDatabase({ empty: true });
  await migrate(database.ownerUrl, await readMigrations(migrations), { jobs: false });
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<RealColumn>(`
      select c.table_name, c.column_name, c.udt_name, c.is_nullable = 'YES' as nullable,
        c.column_default is not null or c.is_identity = 'YES' or c.is_generated = 'ALWAYS' as has_default,
        c.is_generated = 'ALWAYS' or c.identity_generation is not distinct from 'ALWAYS' as always
      from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE'`);
    return new Map(
      rows
        .filter(({ table_name }) => !withoutTypes.includes(table_name))
        .map((row) => [`${row.table_name}.${row.column_name}`, row]),
    );
  } finally {
    await client.end();
  }
}
