import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { urlHost } from '../identifiers/host.ts';
import { loopbackFor } from '../infra/config/configuration.ts';
import { clearLeftovers, openDataDirectory } from '../infra/data-directory/files.ts';

import { databaseNamed, ensureDatabase } from '../infra/database/cloud-connect.ts';

import { patiently as whenAnswering } from '../infra/database/connect.ts';
import { startDnsResponder } from '../infra/dns-responder/responder.ts';
import { edgeZone } from '../infra/dns-responder/zones.ts';
import { openLabEdgeAuthority } from '../infra/edge/lab-authority.ts';
import { derToPem } from '../infra/pki/identity.ts';
import type { LabManufacturer } from '../infra/pki/lab-manufacturer.ts';
import { Fault } from '../kernel/errors.ts';
import type { RunningCloud } from '../roles/cloud/options.ts';
import { startCloud } from '../roles/cloud/start.ts';
import type { RunningExpresswayC } from '../roles/expressway-c/options.ts';
import { startExpresswayC } from '../roles/expressway-c/start.ts';
import type { RunningExpresswayE } from '../roles/expressway-e/options.ts';
import { startExpresswayE } from '../roles/expressway-e/start.ts';
import { edgeAccessOf, enrolExpressway } from '../roles/unified-cm/access-administration.ts';
import { enrolLaboratory } from '../roles/unified-cm/lab-enrolment.ts';
import type { RemotePhones } from '../roles/unified-cm/remote-phones.ts';
import type { RunningNode } from '../roles/unified-cm/start.ts';
import { connectionBudget } from './connections.ts';
import type { LaboratoryRuntime, ProcessParts } from './process.ts';
import type { StoreUrls } from './store.ts';
import { builtWeb } from './web.ts';

export const activationDomain = 'mra.firstring.test';
const secondDomain = 'emea.firstring.test';

/** An edge cluster of one E and one C. */
interface Edge {
  readonly domain: string;
  readonly hostName: string;
  readonly e: RunningExpresswayE;
  readonly c: RunningExpresswayC;
}

/** Everything around a cluster that phones outside need, on this machine: a cloud, two edges, and the DNS that leads to them. */
export interface Outside {
  /** Starts them beside the cluster, in the database server it uses. */
  start(store: StoreUrls): Promise<void>;
  /** Makes them and the cluster know each other; what an administrator does by hand in a real deployment. */
  connect(node: RunningNode): Promise<void>;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly runtime: Partial<LaboratoryRuntime>;
  /** How a reference phone of this machine comes in from outside; undefined until `start` is done. */
  readonly phones: RemotePhones | undefined;
}

export function outside(parts: ProcessParts, manufacturer: LabManufacturer | undefined): Outside {
  const { configuration, log, signal, stack, version } = parts;
  const { ports } = configuration;
  const { address } = configuration.listen;
  const here = loopbackFor(address);
  let cloud: RunningCloud | undefined;
  let edges: readonly Edge[] = [];
  let dns: string | undefined;
  let phones: RemotePhones | undefined;
  const running: AsyncDisposable[] = [];
  // All at once: each has the same few seconds.
  stack.defer(async () => {
    await Promise.allSettled(running.map((each) => each[Symbol.asyncDispose]()));
  });
  const keep = <T extends AsyncDisposable>(each: T): T => {
    running.push(each);
    return each;
  };
  const directory = async (name: string) => {
    const path = join(configuration.dataDirectory, name);
    await openDataDirectory(path);
    await clearLeftovers(path);
    return path;
  };

  const startTheCloud = async ({ url, ownerUrl }: StoreUrls) => {
    const owned = await ensureDatabase(ownerUrl, 'firstring_cloud');
    return keep(
      await startCloud({
        name: 'cloud',
        dataDirectory: await directory('cloud'),
        database: { url: databaseNamed(url, 'firstring_cloud'), ownerUrl: owned, connections: 8 },
        hostNames: [...new Set([here, 'localhost'])],
        listen: { address },
        ports: { cloud: ports.cloud, cloudConsole: ports.cloudConsole },
        selfService: manufacturer !== undefined || configuration.cloud.selfService,
        trustedManufacturers:
          manufacturer === undefined ? [] : [{ der: manufacturer.root, description: 'Laboratory manufacturer' }],
        connections: connectionBudget(configuration, 'cloud'),
        version,
        log,
        webDirectory: builtWeb(),
      }),
    );
  };

  const startEdge = async (number: 1 | 2, domain: string): Promise<Edge> => {
    const first = number === 1;
    const hostName = `e1.${domain}`;
    const labAuthority = await openLabEdgeAuthority(await directory('edge-authority'));
    const webDirectory = builtWeb();
    const common = { version, log, ...(webDirectory === undefined ? {} : { webDirectory }) };
    const [e, c] = await Promise.all([
      startExpresswayE({
        ...common,
        connections: connectionBudget(configuration, 'expresswayE'),
        name: `expressway-e${number}`,
        dataDirectory: await directory(`expressway-e${number}`),
        hostName,
        domains: [domain],
        listen: { address },
        ports: {
          https: first ? ports.expresswayE : ports.expresswayE2,
          sip: first ? ports.expresswayESip : ports.expresswayE2Sip,
          tunnel: first ? ports.expresswayETunnel : ports.expresswayE2Tunnel,
          console: first ? ports.expresswayEConsole : ports.expresswayE2Console,
        },
        labAuthority,
      }).then(keep),
      startExpresswayC({
        ...common,
        connections: connectionBudget(configuration, 'expresswayC'),
        name: `expressway-c${number}`,
        dataDirectory: await directory(`expressway-c${number}`),
        listen: { address },
        ports: { console: first ? ports.expresswayCConsole : ports.expresswayC2Console },
      }).then(keep),
    ]);
    return { domain, hostName, e, c };
  };

  return {
    async start(store) {
      // Made once, before both edges want it.
      await openLabEdgeAuthority(await directory('edge-authority'));
      await settled<unknown>([
        whenAnswering(() => startTheCloud(store), { log, signal }).then((started) => {
          cloud = started;
        }),
        settled([startEdge(1, activationDomain), startEdge(2, secondDomain)]).then((started) => {
          edges = started;
        }),
      ]);
      const { authorityFile, cloudKey, endpoints } = cloud!;
      const zones = edges.map(({ domain, e, hostName }) =>
        edgeZone({ domain, targets: [{ host: hostName, port: portOf(e.endpoints.expresswayE), address: here }] }),
      );
      const responder = keep(await startDnsResponder({ address: here, port: ports.dns, zones, log }));
      dns = `udp://${urlHost(here)}:${responder.port}`;
      phones = {
        cloudUrl: endpoints.cloud,
        cloudKey: JSON.stringify(cloudKey),
        cloudAuthority: await readFile(authorityFile, 'utf8'),
        dns: { host: here, port: responder.port },
      };
    },
    async connect(node) {
      const known = cloud!;
      const clusterCa = derToPem(node.context.identity.clusterCa);
      const places = await edgeAccessOf(node.context);
      await settled<unknown>([
        ...edges.map(async ({ c, domain, e }) => {
          if (!c.isPairedWith(e.name, e.tunnelAddress)) await c.pair(await e.pairingText());
          const register = (name: string, pem: string) => enrolExpressway(node.context, node.domain, name, pem);
          // The ports of a laboratory may move between two starts, and then nobody is where the other knew it.
          if (c.hasCluster()) await c.clusterIsAt(clusterCa, places);
          else await patiently(() => c.addCluster({ register }));
          await c.changeSettings({
            authorizeByOauthTokenWithRefresh: true,
            allowActivationCodeOnboarding: true,
            domains: [domain],
          });
        }),
        enrolLaboratory(node.context, node.domain, {
          url: known.endpoints.cloud,
          authorityPem: derToPem(Buffer.from(known.authority)),
          makeVoucher: () => known.makeVoucher('laboratory'),
          activationDomain,
          laboratory: manufacturer !== undefined,
          serviceDomains: [{ name: secondDomain, domain: secondDomain }],
          edgeRoots: edges.map(({ e }) => e.serverRoot),
        }),
      ]);
      await settled(edges.map(({ c }) => c.ready()));
    },
    get endpoints() {
      const [first, second] = edges;
      if (cloud === undefined || first === undefined || second === undefined || dns === undefined) return {};
      const { expresswayE, expresswayESip, expresswayETunnel, expresswayEConsole } = second.e.endpoints;
      return {
        cloud: cloud.endpoints.cloud,
        cloudConsole: cloud.endpoints.cloudConsole,
        ...first.e.endpoints,
        ...first.c.endpoints,
        expresswayE2: expresswayE,
        expresswayE2Sip: expresswayESip,
        expresswayE2Tunnel: expresswayETunnel,
        expresswayE2Console: expresswayEConsole,
        expresswayC2Console: second.c.endpoints.expresswayCConsole,
        dns,
      };
    },
    get runtime() {
      if (cloud === undefined) return {};
      const { authorityFile, cloudKey } = cloud;
      return { cloudKey, cloudCa: authorityFile, activationDomain, serviceDomains: [activationDomain, secondDomain] };
    },
    get phones() {
      return phones;
    },
  };
}

/** All of them, or the first failure once every one has come to its end: nothing is left half started. */
async function settled<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(work);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** A node lets a new Expressway-C in a moment after it was added: the notice has to arrive. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (let left = 40; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Fault) || error.of !== 'peer' || left === 0) throw error;
      await sleep(150);
    }
  }
}

function portOf(url: string): number {
  return Number(new URL(url.replace(/^tls:/, 'https:')).port);
}
