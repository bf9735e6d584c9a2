import { getServers } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { MalformedError } from '../kernel/errors.ts';
import { PhoneFault } from './boot/faults.ts';
import type { HostPort } from './boot/types.ts';
import { hostPort } from './files/servers.ts';
import { type CloudAddress, verifierOf } from './mra/cloud-client.ts';
import type { RemoteOptions } from './mra/drivers.ts';

/** The options of `firstring phone` that lead outside. */
export interface RemoteArguments {
  readonly mra?: boolean;
  readonly cloud?: string;
  readonly cloudKey?: string;
  readonly cloudCa?: string;
  readonly dns?: readonly string[];
}

/** What runtime.json tells of the way in from outside. Paths are absolute. */
export interface RemoteRuntime {
  readonly endpoints?: { readonly cloud?: string; readonly dns?: string };
  readonly lab?: { readonly cloudKey?: unknown; readonly cloudCa?: string };
}

/** Undefined: nothing was said of a way outside. Throws PhoneFault `usage`. */
export async function remoteOf(
  args: RemoteArguments,
  runtime: RemoteRuntime | undefined,
): Promise<RemoteOptions | undefined> {
  const url = args.cloud ?? runtime?.endpoints?.cloud;
  const named = args.dns ?? (runtime?.endpoints?.dns === undefined ? [] : [runtime.endpoints.dns]);
  if (args.mra !== true && url === undefined && named.length === 0) return undefined;
  const dns = named.length > 0 ? named.map(dnsServer) : systemServers();
  return { cloud: url === undefined ? undefined : await cloudOf(url, args, runtime), dns };
}

async function cloudOf(url: string, args: RemoteArguments, runtime: RemoteRuntime | undefined): Promise<CloudAddress> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
    throw usage(`--cloud is an https:// address, not ${url}.`);
  const caFile = args.cloudCa ?? runtime?.lab?.cloudCa;
  const keyText =
    args.cloudKey === undefined ? keyOf(runtime?.lab?.cloudKey) : await textOf(args.cloudKey, '--cloud-key');
  if (keyText === undefined) throw usage("A phone pins its cloud's key: give it with --cloud-key FILE (a public JWK).");
  try {
    const authority = caFile === undefined ? undefined : await textOf(caFile, '--cloud-ca');
    return { url, keys: [verifierOf(keyText)], authority };
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw usage(`The cloud's key cannot be used: ${error.message}.`);
  }
}

const keyOf = (key: unknown) => (key === undefined ? undefined : JSON.stringify(key));

async function textOf(file: string, option: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw usage(`${option}: ${file} cannot be read: ${(error as Error).message}.`);
  }
}

function dnsServer(text: string): HostPort {
  const at = hostPort(text, 53);
  if (isIP(at.host) === 0) throw usage(`--dns is the IP address of a DNS server, with an optional port, not ${text}.`);
  return at;
}

/** As the machine itself is set up. */
function systemServers(): readonly HostPort[] {
  return getServers().map((text) => hostPort(isIP(text) === 6 ? `[${text}]` : text, 53));
}

function usage(message: string): PhoneFault {
  return new PhoneFault('usage', message);
}
