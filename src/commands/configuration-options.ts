import type { Command } from 'commander';
import { type Configuration, readConfiguration } from '../infra/config/configuration.ts';

/** Options that say where the configuration comes from; the same for every command that needs it. */
export function addConfigurationOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration file (YAML)')
    .option('-d, --data-dir <directory>', 'everything this process keeps (default: data)')
    .option(
      '--account <name>',
      'whom the process belongs to once it listens, when root starts it (default: the owner of the data directory, else firstring); root: stay root',
    )
    .option('--role <role>', 'all-in-one, unified-cm, cloud, expressway-c or expressway-e (default: all-in-one)')
    .option('--node-name <name>', 'name of this node in the cluster')
    .option('--node-address <address>', 'host name or address phones reach this node at')
    .option('--listen <address>', 'address to listen on (default: loopback for all-in-one)')
    .option(
      '--port-base <n>',
      'listeners on n, n+1, …: https, das, tftp, tftpHttp, tftpHttps, tvs, sip, sipTls, sipOauth, metrics, sipOauthMra, edgeAccess, then those of cloud and edges',
    )
    .option(
      '--lab',
      'make a laboratory: a manufacturer that is trusted, a cloud, two edges and the DNS that leads to them',
    )
    .option('--log-level <level>', 'trace, debug, info, warn, error or silent')
    .option('--json', 'print JSON lines');
}

export interface ConfigurationOptions {
  readonly config?: string;
  readonly dataDir?: string;
  readonly account?: string;
  readonly role?: string;
  readonly nodeName?: string;
  readonly nodeAddress?: string;
  readonly listen?: string;
  readonly portBase?: string;
  readonly lab?: boolean;
  readonly logLevel?: string;
  readonly json?: boolean;
}

export function configurationFrom(options: ConfigurationOptions): Promise<Configuration> {
  return readConfiguration({
    file: options.config,
    environment: process.env,
    options: {
      dataDirectory: options.dataDir,
      account: options.account,
      role: options.role,
      'node.name': options.nodeName,
      'node.address': options.nodeAddress,
      'listen.address': options.listen,
      'listen.portBase': options.portBase,
      lab: options.lab,
      'log.level': options.logLevel,
      'log.json': options.json,
    },
  });
}
