import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { Cloud, InputOf } from '../contract/client/client.ts';
import type { RemoteOptions } from '../infra/remote/remote-system.ts';
import { command } from './phones.ts';
import { columns } from './phones-output.ts';
import { openRest, type Rest } from './rest.ts';

type Json = Record<string, unknown>;
type Call = Rest<Cloud>['call'];
type Options = RemoteOptions & { readonly json?: boolean } & Readonly<Record<string, string | boolean | undefined>>;

/** `work` gives what REST answered and how a person reads it. */
function act(
  on: Command,
  work: (call: Call, given: readonly string[], options: Options) => Promise<readonly [unknown, string]>,
): void {
  on.action(async (...all: unknown[]) => {
    const options = all.at(-2) as Options;
    const { findCloud } = await import('../infra/remote/cloud-console.ts');
    using rest = await openRest<Cloud>(await findCloud(options));
    const [answer, text] = await work(rest.call, all.slice(0, -2) as string[], options);
    process.stdout.write(options.json === true ? `${JSON.stringify(answer)}\n` : text);
  });
}

/** Adds `firstring cloud …`: what the operator of an activation cloud does, over its REST API. */
export function addCloudCommand(program: Command): void {
  const cloud = program
    .command('cloud')
    .description('operate an activation cloud: clusters, vouchers, manufacturers, limits');

  act(command(cloud, 'status', 'show the cloud: clusters, locators, what phones were answered'), async (call) => {
    const status = await call('GET /cloud');
    return [status, describe(flat(status, ['authority']))];
  });
  addClusters(cloud);
  addVouchers(cloud);
  addManufacturers(cloud);

  act(command(cloud, 'limits [limit=value...]', 'show the limits, or change some of them'), async (call, [given]) => {
    const wanted = given as unknown as readonly string[];
    const limits =
      wanted.length === 0 ? await call('GET /limits') : await call('PATCH /limits', { body: limitsOf(wanted) });
    return [limits, describe(limits)];
  });
  act(
    command(cloud, 'audit', 'show who did what, the newest first').option('--limit <n>', 'how many', '50'),
    async (call, _, { limit }) => {
      const page = await call('GET /audit-events', { query: { limit: String(limit) } });
      return [page, columns(page.items, ['at', 'actor', 'sourceAddress', 'action', 'objectName'])];
    },
  );
}

function addClusters(cloud: Command): void {
  const shown = ['id', 'name', 'state', 'activationDomain', 'enabled', 'allocated', 'quota', 'lastSeenAt'];
  const change = async (call: Call, id: string, body: InputOf<Cloud['PATCH /clusters/{id}']>['body']) => {
    const cluster = await call('PATCH /clusters/{id}', { path: { id }, body });
    return [cluster, describe(flat(cluster, []))] as const;
  };
  act(
    command(cloud, 'clusters', 'list the clusters').option('--search <text>', 'part of name, domain or id'),
    async (call, _, { search }) => {
      const asked = typeof search === 'string' ? search : undefined;
      const page = await call('GET /clusters', { query: { search: asked, limit: 500 } });
      const more = page.total > page.items.length ? `… ${page.total} in all\n` : '';
      return [page, columns(page.items, shown) + more];
    },
  );
  act(command(cloud, 'cluster <id>', 'show a cluster'), async (call, [id]) => {
    const cluster = await call('GET /clusters/{id}', { path: { id: id! } });
    return [cluster, describe(flat(cluster, []))];
  });
  act(
    command(cloud, 'change <id>', 'change a cluster')
      .option('--name <text>', 'what the operator calls it')
      .option('--quota <n>', 'live locators it may have'),
    (call, [id], { name, quota }) =>
      change(call, id!, {
        ...(name === undefined ? {} : { name: String(name) }),
        ...(quota === undefined ? {} : { quota: wholeNumber(String(quota)) }),
      }),
  );
  act(command(cloud, 'suspend <id>', 'answer its phones as unknown and let it change nothing'), (call, [id]) =>
    change(call, id!, { state: 'suspended' }),
  );
  act(command(cloud, 'resume <id>', 'let a suspended cluster go on'), (call, [id]) =>
    change(call, id!, { state: 'active' }),
  );
  act(
    command(cloud, 'remove <id>', 'remove a cluster for good: its locators go into quarantine').requiredOption(
      '--yes',
      'codes of its phones that wait stop working',
    ),
    async (call, [id]) => {
      await call('DELETE /clusters/{id}', { path: { id: id! } });
      return [{ removed: id }, ''];
    },
  );
}

function addVouchers(cloud: Command): void {
  act(
    command(cloud, 'voucher', 'make a voucher for a new cluster and print it, this once')
      .option('--note <text>', 'for whom; names the cluster when it gives no name')
      .option('--cluster <id>', 'for an enrolled cluster that has lost its certificate'),
    async (call, _, { note, cluster }) => {
      const body = {
        ...(note === undefined ? {} : { note: String(note) }),
        ...(cluster === undefined ? {} : { clusterId: String(cluster) }),
      };
      const made = await call('POST /vouchers', { body });
      return [made, `${made.voucher}\n`];
    },
  );
  act(command(cloud, 'vouchers', 'list the newest vouchers'), async (call) => {
    const list = await call('GET /vouchers');
    const rows = list.items.map((row) => ({ ...row, cluster: row.cluster?.name }));
    return [list, columns(rows, ['id', 'note', 'state', 'cluster', 'createdBy', 'expiresAt'])];
  });
  act(command(cloud, 'revoke-voucher <id>', 'make an open voucher good for nothing'), async (call, [id]) => {
    await call('DELETE /vouchers/{id}', { path: { id: id! } });
    return [{ revoked: id }, ''];
  });
}

function addManufacturers(cloud: Command): void {
  act(command(cloud, 'manufacturers', 'list whose phones are answered'), async (call) => {
    const list = await call('GET /manufacturer-roots');
    return [list, columns(list.items, ['sha256', 'subject', 'description', 'notAfter', 'expired', 'selfSigned'])];
  });
  act(
    command(cloud, 'add-manufacturer <file>', 'answer phones under this certificate (PEM or DER)')
      .option('--description <text>', 'for people')
      .option('--legacy-sha1', 'chains under it may carry SHA-1 signatures'),
    async (call, [file], { description, legacySha1 }) => {
      const content = await readFile(file!);
      const text = content.toString('latin1');
      const body = {
        certificate: text.includes('-----BEGIN') ? text : content.toString('base64'),
        ...(description === undefined ? {} : { description: String(description) }),
        ...(legacySha1 === true ? { legacySha1 } : {}),
      };
      const root = await call('POST /manufacturer-roots', { body });
      return [root, `${root.sha256}\n`];
    },
  );
  act(command(cloud, 'remove-manufacturer <sha256>', 'answer phones under it no longer'), async (call, [sha256]) => {
    await call('DELETE /manufacturer-roots/{sha256}', { path: { sha256: sha256! } });
    return [{ removed: sha256 }, ''];
  });
}

function limitsOf(given: readonly string[]): Json {
  return Object.fromEntries(
    given.map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      // Locators keep their leading zeros.
      return [name, name.endsWith('Locator') ? value : wholeNumber(value)];
    }),
  );
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError(`${text} is not a whole number`);
  return Number(text);
}

/** `a.b` for a member b of a member a; lists and the members left out are not shown. */
function flat(value: Json, without: readonly string[], prefix = ''): Json {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      if (without.includes(name) || Array.isArray(each)) return [];
      if (typeof each === 'object' && each !== null)
        return Object.entries(flat(each as Json, without, `${prefix}${name}.`));
      return [[`${prefix}${name}`, each]];
    }),
  );
}

function describe(value: Json): string {
  const width = Math.max(...Object.keys(value).map((name) => name.length));
  return Object.entries(value)
    .map(([name, each]) => `${name.padEnd(width)}  ${each === null ? '' : String(each)}\n`)
    .join('');
}
