import { type ChildProcess, execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launchProgram } from '../../support/all-in-one.ts';

const call = promisify(execFile);

/** A host of a deployment: how programs are run on it, and where the others reach it. */
export interface Host {
  readonly address: string;
  /** Wraps a command line, for a network namespace. */
  readonly wrap?: (program: string, args: readonly string[]) => [string, string[]];
}

export interface RoleOptions {
  readonly host: Host;
  readonly dataDirectory: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly curl: string;
}

/** One role in its own process, that can be killed and started again. */
export interface RunningRole extends AsyncDisposable {
  readonly endpoints: Readonly<Record<string, string>>;
  readonly runtime: RoleRuntime;
  /** REST of this role's console or node as its first administrator; the body of the answer. Rejects unless the status is 2xx. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  ask(method: string, path: string, body?: unknown): Promise<any>;
  /** SIGKILL; resolves once it is gone. */
  kill(): Promise<void>;
  /** After `kill`. */
  again(): Promise<void>;
  output(): string;
}

interface RoleRuntime {
  readonly pid: number;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly clusterCa?: string;
  readonly admin: { readonly user: string; readonly passwordFile: string };
  readonly lab?: { readonly manufacturerCaCert: string; readonly manufacturerCaKey: string };
  readonly cloud?: { readonly cloudKey: unknown; readonly cloudCa: string };
}

export async function startRole(options: RoleOptions): Promise<RunningRole> {
  let running = await launch(options);
  const { curl, host } = options;
  return {
    get endpoints() {
      return running.runtime.endpoints;
    },
    get runtime() {
      return running.runtime;
    },
    output: () => running.output(),
    async ask(method, path, body) {
      const { admin, endpoints } = running.runtime;
      const password = (await readFile(admin.passwordFile, 'utf8')).trim();
      const { cloudConsole, expresswayCConsole, expresswayEConsole, https } = endpoints;
      const base = https ?? cloudConsole ?? expresswayEConsole ?? expresswayCConsole;
      const words = [
        ...['-sSk', '-w', '\n%{http_code}', '-u', `${admin.user}:${password}`, '-X', method],
        ...(body === undefined ? [] : ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)]),
        `${base}/api/v1${path}`,
      ];
      const [program, args] = host.wrap?.(curl, words) ?? [curl, words];
      const { stdout } = await call(program, args);
      const end = stdout.lastIndexOf('\n');
      const [text, status] = [stdout.slice(0, end), Number(stdout.slice(end + 1))];
      if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    async kill() {
      running.child.kill('SIGKILL');
      await running.ended;
    },
    async again() {
      running = await launch(options);
    },
    async [Symbol.asyncDispose]() {
      running.child.kill('SIGTERM');
      await running.ended;
    },
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly runtime: RoleRuntime;
  readonly ended: Promise<unknown>;
  output(): string;
}

async function launch({ dataDirectory, environment, host, ...options }: RoleOptions): Promise<Launched> {
  const args = ['run', '--data-dir', dataDirectory, ...options.arguments];
  const { child, ended, output } = launchProgram(args, {
    environment: { ...environment },
    ...(host.wrap === undefined ? {} : { wrap: host.wrap }),
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const patience = AbortSignal.timeout(60_000);
  for (;;) {
    const text = await readFile(join(dataDirectory, 'runtime.json'), 'utf8').catch(() => '');
    // One of an earlier run, killed, may still lie there; `ip netns exec` leaves the process id as it is.
    const runtime = text === '' ? undefined : (JSON.parse(text) as RoleRuntime);
    if (runtime !== undefined && runtime.pid === child.pid) return { child, runtime, ended, output };
    if (over || patience.aborted) {
      child.kill('SIGKILL');
      throw new Error(`${options.arguments.join(' ')} did not start:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export interface Deployment {
  readonly cluster: RunningRole;
  readonly cloud: RunningRole;
  /** Inside half of the edge. */
  readonly c: RunningRole;
  readonly edges: readonly RunningRole[];
  readonly domain: string;
  /** Where the cluster reaches the cloud, when that is not what the cloud says of itself. */
  readonly cloudUrl?: string;
}

/** What an administrator does with consoles and REST, in the order of the documents. Nothing else joins the parts. */
export async function setUp({ c, cloud, cloudUrl, cluster, domain, edges }: Deployment): Promise<void> {
  // OAuth on, at the cluster.
  await cluster.ask('PUT', '/enterprise-parameters/OAuth%20with%20Refresh%20Login%20Flow', { value: 'Enabled' });
  // The cloud: its operator trusts the manufacturer, and gives the cluster a voucher.
  const manufacturer = await readFile(cluster.runtime.lab!.manufacturerCaCert, 'utf8');
  for (const certificate of manufacturer.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g)!) {
    await cloud.ask('POST', '/manufacturer-roots', { certificate });
  }
  const { voucher } = await cloud.ask('POST', '/vouchers', { note: 'first cluster' });
  await cluster.ask('PATCH', '/cloud-onboarding', { address: cloudUrl ?? cloud.endpoints['cloud'] });
  await cluster.ask('POST', '/cloud-onboarding/enrolment', { voucher });
  await cluster.ask('PATCH', '/cloud-onboarding', {
    mraActivationDomain: domain,
    enableActivationCodeOnboarding: true,
    allowMraOnboarding: true,
  });
  const clusterCa = await readFile(cluster.runtime.clusterCa!, 'utf8');
  const { admin, endpoints } = cluster.runtime;
  const password = (await readFile(admin.passwordFile, 'utf8')).trim();
  await c.ask('POST', '/clusters', { url: endpoints['https'], user: admin.user, password, clusterCa });
  await c.ask('PUT', '/access-control', {
    authorizeByOauthTokenWithRefresh: true,
    allowActivationCodeOnboarding: true,
    domains: [domain],
  });
  for (const e of edges) {
    const { text } = await e.ask('POST', '/pairing-texts');
    await c.ask('POST', '/edges', { pairingText: text });
    const { authority } = await e.ask('GET', '/server-certificate');
    await cluster.ask('POST', '/phone-edge-trust', { certificate: authority.pem, description: 'edge' });
  }
  await cluster.ask('POST', '/cloud-onboarding/check');
  const patience = AbortSignal.timeout(20_000);
  for (const e of edges) {
    // Expressway-E follows within seconds what was set on C.
    for (;;) {
      const { asksForCertificate, problems } = await e.ask('GET', '/status');
      if (asksForCertificate && problems.length === 0) break;
      if (patience.aborted) throw new Error(`an Expressway-E does not follow: ${JSON.stringify(problems)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
