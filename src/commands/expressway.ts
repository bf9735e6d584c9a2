import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ExpresswayC, ExpresswayE } from '../contract/client/client.ts';
import type { EdgeConsoleOptions } from '../infra/remote/edge-console.ts';
import { command } from './phones.ts';
import { openRest, type Rest } from './rest.ts';

interface Apis {
  readonly c: ExpresswayC;
  readonly e: ExpresswayE;
}
type Options = EdgeConsoleOptions & { readonly json?: boolean } & Readonly<
    Record<string, string | boolean | undefined>
  >;

/** Adds `firstring expressway-e …` and `firstring expressway-c …`: what their consoles do, over REST. */
export function addExpresswayCommands(program: Command): void {
  addE(program.command('expressway-e').description('administer an Expressway-E: pairing, server certificate, status'));
  addC(
    program.command('expressway-c').description('administer an Expressway-C: edges, clusters, access control, status'),
  );
}

/** `work` gives what REST answered and how a person reads it. */
function act<Half extends 'c' | 'e'>(
  half: Half,
  on: Command,
  work: (
    call: Rest<Apis[Half]>['call'],
    given: readonly string[],
    options: Options,
  ) => Promise<readonly [unknown, string]>,
): void {
  on.option('--edge <number>', 'which edge of an all-in-one, 1 or 2', '1').action(async (...all: unknown[]) => {
    const options = all.at(-2) as Options;
    const { findEdgeConsole } = await import('../infra/remote/edge-console.ts');
    using rest = await openRest<Apis[Half]>(await findEdgeConsole(half, options), { keys: false });
    const [answer, text] = await work(rest.call, all.slice(0, -2) as string[], options);
    process.stdout.write(options.json === true ? `${JSON.stringify(answer)}\n` : text);
  });
}

function addE(parent: Command): void {
  act('e', command(parent, 'status', 'show listeners, tunnels, counters and what is wrong'), async (call) => {
    const status = await call('GET /status');
    const lines = [
      ...Object.entries(status.endpoints).map(([name, url]) => `${name}: ${url}`),
      `phones: ${Object.entries(status.phones)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
      ...status.controllers.map((each) => `${each.name}: ${each.tunnels} tunnels${each.ready ? '' : ', not ready'}`),
      ...status.problems.map(({ message }) => `! ${message}`),
    ];
    return [status, `${lines.join('\n')}\n`];
  });
  act(
    'e',
    command(parent, 'pairing-text', 'make a text that lets one Expressway-C in: good once, for 15 minutes'),
    async (call) => {
      const made = await call('POST /pairing-texts');
      return [made, `${made.text}\n`];
    },
  );
  act('e', command(parent, 'forget <name>', 'forget an Expressway-C and cut its tunnels'), async (call, [name]) => {
    await call('DELETE /controllers/{name}', { path: { name: name! } });
    return [null, ''];
  });
  act(
    'e',
    command(parent, 'signing-request', 'print a signing request for the server certificate (PEM)'),
    async (call) => {
      const made = await call('POST /server-certificate/signing-request');
      return [made, made.pem.endsWith('\n') ? made.pem : `${made.pem}\n`];
    },
  );
  act(
    'e',
    command(
      parent,
      'certificate [file]',
      'show the server certificate, or upload what an authority signed (PEM, with its chain)',
    ),
    async (call, [file]) => {
      const shown =
        file === undefined
          ? await call('GET /server-certificate')
          : await call('PUT /server-certificate', { body: { certificates: await readFile(file, 'utf8') } });
      const lines = [
        `subject: ${shown.subject}`,
        `issuer: ${shown.issuer}`,
        `names: ${shown.names.join(', ')}`,
        `valid until: ${shown.notAfter}`,
        ...shown.findings.map(({ level, message, remedy }) => `${level}: ${message} ${remedy}`),
      ];
      return [shown, `${lines.join('\n')}\n`];
    },
  );
}

function addC(parent: Command): void {
  act('c', command(parent, 'status', 'show edges, clusters, counters and what is wrong'), async (call) => {
    const status = await call('GET /status');
    const lines = [
      `requests ${status.requests}, SIP connections ${status.sipFlows}, refused assertions ${status.refusedAssertions}`,
      ...status.edges.map((edge) => `${edge.name} at ${edge.address}: ${edge.problem ?? `${edge.tunnels} tunnels`}`),
      ...status.clusters.map(
        ({ id, nodes, problem }) => `cluster ${id}: ${problem ?? nodes.map(({ name }) => name).join(', ')}`,
      ),
      ...status.problems.map(({ message }) => `! ${message}`),
    ];
    return [status, `${lines.join('\n')}\n`];
  });
  act(
    'c',
    command(
      parent,
      'pair <text>',
      'pair with an Expressway-E by the text it made; - reads the text from standard input',
    ),
    async (call, [text]) => {
      const pairingText = text === '-' ? await standardInput() : text!;
      const edge = await call('POST /edges', { body: { pairingText } });
      return [edge, `${edge.name}\n`];
    },
  );
  act('c', command(parent, 'forget-edge <name>', 'forget an Expressway-E'), async (call, [name]) => {
    await call('DELETE /edges/{name}', { path: { name: name! } });
    return [null, ''];
  });
  act(
    'c',
    command(parent, 'add-cluster <url>', 'add the Unified CM cluster of this node, e.g. https://ucm-a.example.org:8443')
      .requiredOption('--cluster-user <user>', 'an administrator of the cluster')
      .requiredOption('--cluster-password-file <file>', 'file with the password; used once and not kept')
      .requiredOption('--cluster-ca <file>', 'authority of the cluster (PEM): cluster-ca.pem of a node'),
    async (call, [url], { clusterUser, clusterPasswordFile, clusterCa }) => {
      const body = {
        url: url!,
        user: String(clusterUser),
        password: (await readFile(String(clusterPasswordFile), 'utf8')).trim(),
        clusterCa: await readFile(String(clusterCa), 'utf8'),
      };
      const cluster = await call('POST /clusters', { body });
      return [cluster, `${cluster.id}\n`];
    },
  );
  act('c', command(parent, 'refresh <cluster>', 'ask a cluster for its servers now'), async (call, [id]) => {
    const result = await call('POST /clusters/{id}/refresh', { path: { id: id! } });
    return [result, result.answered ? '' : 'no node answered\n'];
  });
  act('c', command(parent, 'forget-cluster <cluster>', 'forget a cluster'), async (call, [id]) => {
    await call('DELETE /clusters/{id}', { path: { id: id! } });
    return [null, ''];
  });
  act(
    'c',
    command(parent, 'access-control', 'show MRA access control, or change what is named')
      .option('--oauth <on|off>', 'Authorize by OAuth token with refresh')
      .option('--activation <on|off>', 'Allow activation code onboarding')
      .option('--domains <list>', 'domains of this edge, with commas; "all": every service domain of the clusters'),
    async (call, _, { oauth, activation, domains }) => {
      const now = await call('GET /access-control');
      const change = {
        ...now,
        ...(oauth !== undefined && { authorizeByOauthTokenWithRefresh: oauth === 'on' }),
        ...(activation !== undefined && { allowActivationCodeOnboarding: activation === 'on' }),
        ...(typeof domains === 'string' && { domains: domains === 'all' ? [] : domains.split(',') }),
      };
      const changes = oauth !== undefined || activation !== undefined || domains !== undefined;
      const shown = changes ? await call('PUT /access-control', { body: change }) : now;
      return [
        shown,
        `${Object.entries(shown)
          .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') || 'all' : value}`)
          .join('\n')}\n`,
      ];
    },
  );
}

async function standardInput(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const part of process.stdin) text += part;
  return text;
}
