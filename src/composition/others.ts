import { readTlsPair } from '../infra/config/tls-pair.ts';
import { patiently } from '../infra/database/connect.ts';
import { connectionBudget } from './connections.ts';
import { firstAdministrator, type ProcessParts, type RunningRole } from './process.ts';
import { keyEncryptionKey } from './store.ts';
import { builtWeb } from './web.ts';

/** The cloud alone. Its own PostgreSQL when no URL is given. */
export async function runCloud({ configuration, log, signal, stack, version }: ProcessParts): Promise<RunningRole> {
  const { startCloud } = await import('../roles/cloud/start.ts');
  const { cloud, database, dataDirectory, listen, node, ports } = configuration;
  const { tls, publicUrl, selfService } = cloud;
  const start = async () =>
    startCloud({
      connections: connectionBudget(configuration),
      name: node.name,
      dataDirectory,
      ...(database.url === undefined
        ? {}
        : { database: { url: database.url, ownerUrl: database.migrationUrl, connections: database.connections } }),
      keyEncryptionKey: keyEncryptionKey(configuration),
      keyFile: configuration.kek.file,
      hostNames: cloud.hostNames.length > 0 ? cloud.hostNames : [node.address],
      publicUrl,
      listen: {
        address: listen.address,
        consoleAddress: listen.consoleAddress,
        metricsAddress: listen.metricsAddress,
      },
      ports: { cloud: ports.cloud, cloudConsole: ports.cloudConsole, metrics: ports.metrics },
      ...(tls === undefined ? {} : { tls: await readTlsPair(tls) }),
      selfService: selfService || configuration.lab,
      version,
      log,
      webDirectory: builtWeb(),
    });
  const running = stack.use(await patiently(start, { log, signal }));
  const { authorityFile, cloudKey, endpoints, passwordFile } = running;
  return {
    endpoints: { ...endpoints },
    admin: firstAdministrator('operator', passwordFile),
    cloud: { cloudKey, cloudCa: authorityFile },
  };
}

/** The DMZ half of an edge. */
export async function runExpresswayE({ configuration, log, stack, version }: ProcessParts): Promise<RunningRole> {
  const { startExpresswayE } = await import('../roles/expressway-e/start.ts');
  const { dataDirectory, edge, lab, listen, node, ports } = configuration;
  const { consoleAddress, tunnelAddress } = listen;
  const webDirectory = builtWeb();
  const running = stack.use(
    await startExpresswayE({
      connections: connectionBudget(configuration),
      name: node.name,
      dataDirectory,
      hostName: edge.hostName!,
      domains: edge.domains,
      turnServers: edge.turnServers,
      listen: {
        address: listen.address,
        ...(consoleAddress === undefined ? {} : { consoleAddress }),
        ...(tunnelAddress === undefined ? {} : { tunnelAddress }),
      },
      ports: {
        https: ports.expresswayE,
        sip: ports.expresswayESip,
        tunnel: ports.expresswayETunnel,
        console: ports.expresswayEConsole,
      },
      ...(edge.tunnelPublicAddress === undefined ? {} : { tunnelPublicAddress: edge.tunnelPublicAddress }),
      publicPorts: definedOf(edge.publicPorts),
      ...(lab
        ? {
            labAuthority: await (await import('../infra/edge/lab-authority.ts')).openLabEdgeAuthority(
              `${dataDirectory}/lab`,
            ),
          }
        : {}),
      version,
      log,
      ...(webDirectory === undefined ? {} : { webDirectory }),
    }),
  );
  return {
    endpoints: { ...running.endpoints },
    admin: firstAdministrator('admin', running.consolePasswordFile),
  };
}

/** The inside half of an edge. */
export async function runExpresswayC({ configuration, log, stack, version }: ProcessParts): Promise<RunningRole> {
  const { startExpresswayC } = await import('../roles/expressway-c/start.ts');
  const { dataDirectory, edge, listen, node, ports } = configuration;
  const webDirectory = builtWeb();
  const running = stack.use(
    await startExpresswayC({
      connections: connectionBudget(configuration),
      name: node.name,
      dataDirectory,
      listen: { address: listen.consoleAddress ?? listen.address },
      ports: { console: ports.expresswayCConsole },
      tunnels: edge.tunnels,
      version,
      log,
      ...(webDirectory === undefined ? {} : { webDirectory }),
    }),
  );
  return {
    endpoints: { ...running.endpoints },
    admin: firstAdministrator('admin', running.consolePasswordFile),
  };
}

/** Without the members that are undefined. */
function definedOf<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
