import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { TProperties } from 'typebox';
import { callManagerGroups } from '../contract/call-manager-groups.ts';
import { commonPhoneProfiles } from '../contract/common-phone-profiles.ts';
import { devicePools } from '../contract/device-pools.ts';
import { lines } from '../contract/lines.ts';
import { mraServiceDomains } from '../contract/mra-service-domains.ts';
import { phoneButtonTemplates } from '../contract/phone-button-templates.ts';
import { phoneSecurityProfiles } from '../contract/phone-security-profiles.ts';
import { routePartitions } from '../contract/route-partitions.ts';
import { sipProfiles } from '../contract/sip-profiles.ts';
import { universalDeviceTemplates } from '../contract/universal-device-templates.ts';
import { universalLineTemplates } from '../contract/universal-line-templates.ts';
import { NewUser } from '../contract/users.ts';
import { act, command } from './phones.ts';
import { columns } from './phones-output.ts';

/** What REST answers: of the kind that was named. */
type Json = Record<string, unknown>;

interface Kind {
  readonly fields: TProperties;
  /** Columns of a list. */
  readonly shown: readonly string[];
}

const resources = [
  devicePools,
  mraServiceDomains,
  callManagerGroups,
  phoneButtonTemplates,
  phoneSecurityProfiles,
  sipProfiles,
  commonPhoneProfiles,
  universalDeviceTemplates,
  universalLineTemplates,
  routePartitions,
  lines,
];

const kinds: Readonly<Record<string, Kind>> = {
  ...Object.fromEntries(
    resources.map(({ path, fields }) => [
      path,
      { fields: fields as TProperties, shown: Object.keys(fields).slice(0, 4) },
    ]),
  ),
  users: { fields: NewUser.properties, shown: ['userId', 'firstName', 'lastName', 'mail', 'roles', 'enabled'] },
};

/** Adds `firstring settings …`: what phones are made of and who people are, over the REST API of a running system. */
export function addSettingsCommand(program: Command): void {
  const settings = program
    .command('settings')
    .description(`list, show, add, change and delete: ${Object.keys(kinds).join(', ')}`);

  act(
    command(settings, 'list <kind>', 'list one kind')
      .option('--search <text>', 'part of a name or description')
      .option('--sort <field>', 'field to sort by, - in front for descending')
      .option('--limit <n>', 'how many', '50'),
    async (_, [name], options: Record<string, string | undefined>, request) => {
      const kind = kindOf(name);
      const { search, sort, limit } = options;
      const page = (await request('GET', `/${name}`, { query: { search, sort, limit } })) as {
        items: Json[];
        total: number;
      };
      const more = page.total > page.items.length ? `… ${page.total} in all\n` : '';
      return [page, columns(page.items, kind.shown) + more];
    },
  );

  act(command(settings, 'show <kind> <name>', 'show one'), async (_call, [kind, name], _, request) => {
    const one = (await request('GET', pathOf(kind, name))) as Json;
    return [one, describe(one)];
  });

  act(
    command(settings, 'add <kind> <field=value...>', 'add one; a value from a file: field=@file'),
    async (_call, [kind, values], _, request) => {
      const one = (await request('POST', `/${known(kind)}`, { body: await bodyOf(kind, values) })) as Json;
      return [one, describe(one)];
    },
  );

  act(
    command(settings, 'change <kind> <name> <field=value...>', 'change one; a value from a file: field=@file'),
    async (_call, [kind, name, values], _, request) => {
      const one = (await request('PATCH', pathOf(kind, name), { body: await bodyOf(kind, values) })) as Json;
      return [one, describe(one)];
    },
  );

  act(
    command(settings, 'delete <kind> <name>', 'delete one that nothing depends on'),
    async (_call, [kind, name], _, request) => {
      await request('DELETE', pathOf(kind, name));
      return [{ deleted: name }, ''];
    },
  );

  act(
    command(settings, 'dependencies <kind> <name>', 'show what depends on one'),
    async (_call, [kind, name], _, request) => {
      const records = (await request('GET', `${pathOf(kind, name)}/dependencies`)) as { items: Json[] };
      return [records, records.items.length === 0 ? 'nothing\n' : columns(records.items, ['kind', 'count', 'names'])];
    },
  );
}

function kindOf(name: string | undefined): Kind {
  const kind = kinds[name ?? ''];
  if (kind === undefined)
    throw new InvalidArgumentError(`"${name}" is no kind; there are: ${Object.keys(kinds).join(', ')}`);
  return kind;
}

function known(name: string | undefined): string {
  kindOf(name);
  return name!;
}

const pathOf = (kind: string | undefined, name: string | undefined) => `/${known(kind)}/${encodeURIComponent(name!)}`;

/** `maxCalls=6 ntpServers=a,b mraServiceDomain=null password=@file` → JSON, by the field's schema. Unknown fields pass: the system names them. */
async function bodyOf(kindName: string | undefined, given: unknown): Promise<Json> {
  const { fields } = kindOf(kindName);
  const body: Json = {};
  for (const each of given as readonly string[]) {
    const equals = each.indexOf('=');
    if (equals < 1) throw new InvalidArgumentError(`"${each}" is not of the form field=value`);
    const field = each.slice(0, equals);
    const text = each.slice(equals + 1);
    const value = text.startsWith('@') ? (await readFile(text.slice(1), 'utf8')).trimEnd() : text;
    body[field] = typed(fields[field], value);
  }
  return body;
}

function typed(schema: unknown, text: string): unknown {
  const types = new Set(typesOf(schema));
  if (types.has('null') && text === 'null') return null;
  if (types.has('string')) return text;
  if (types.has('array') && !text.trimStart().startsWith('[')) return text === '' ? [] : text.split(',');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function typesOf(schema: unknown): string[] {
  const { type, anyOf, enum: choices } = (schema ?? {}) as { type?: string; anyOf?: unknown[]; enum?: unknown[] };
  if (type !== undefined) return [type];
  return [...(anyOf ?? []).flatMap(typesOf), ...(choices ?? []).map((each) => typeof each)];
}

function describe(one: Json): string {
  const width = Math.max(...Object.keys(one).map((key) => key.length)) + 2;
  return Object.entries(one)
    .map(([key, value]) => `${key.padEnd(width)}${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
    .join('');
}
