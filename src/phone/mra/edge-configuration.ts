import { MalformedError } from '../../kernel/errors.ts';
import { readEdgeConfig } from '../../protocol/edge-access/edge-config.ts';
import type { EdgeConfiguration, EdgeTarget } from './model.ts';

/** The path of the field: the service domain in base64 without padding (reference/field-facts.md §10.1). */
export function edgeConfigurationPath(domain: string): string {
  const encoded = Buffer.from(domain, 'utf8').toString('base64url');
  return `/${encoded}/get_edge_config?service_name=_cisco-uds`;
}

/**
 * What get_edge_config says to a phone at this edge: the SIP edge server of the edge's own name, else the first one. Throws MalformedError
 * when it names none.
 */
export function readEdgeConfiguration(bytes: Uint8Array, at: EdgeTarget): EdgeConfiguration {
  const servers = readEdgeConfig(bytes).sipEdgeServers.map(({ address, tlsPort }) => ({
    host: address.toLowerCase(),
    port: tlsPort,
  }));
  const sip = servers.find(({ host }) => host === at.host.toLowerCase()) ?? servers[0];
  if (sip === undefined) throw new MalformedError('no SIP edge server is named');
  return { sip };
}
