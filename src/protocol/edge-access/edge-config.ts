import { utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { childOf, childrenOf, numberOf, readXml, textOf, type XmlTree } from '../phone-config/xml-reader.ts';
import { branch, leaf, writeXml } from '../phone-config/xml-writer.ts';

/** A host and port of the edge. */
export interface EdgeServer {
  readonly address: string;
  readonly tlsPort: number;
}

/** A service that was asked for by name, and who gives it inside; none: the domain does not offer it. */
export interface EdgeService {
  /** `_cisco-uds`, `_cuplogin`, … */
  readonly name: string;
  readonly servers: readonly { readonly address: string; readonly port: number }[];
}

/** The answer of `get_edge_config`, in the field's elements (reference/field-facts.md §10.1). */
export interface EdgeConfig {
  readonly services: readonly EdgeService[];
  /** Addresses of the nodes that have the configuration files. */
  readonly tftpServers: readonly string[];
  readonly sipEdgeServers: readonly EdgeServer[];
  readonly httpEdgeServers: readonly EdgeServer[];
  readonly turnEdgeServers: readonly { readonly address: string; readonly udpPort: number }[];
  readonly userUdsServers: readonly EdgeServer[];
}

const edgeServer = ({ address, tlsPort }: EdgeServer) =>
  branch('server', [leaf('address', address), leaf('tlsPort', tlsPort)]);

export function writeEdgeConfig(config: EdgeConfig): Uint8Array {
  return utf8(
    writeXml(
      branch(
        'getEdgeConfigResponse',
        [
          branch('serviceConfig', [
            ...config.services.map(({ name, servers }) =>
              branch('service', [
                leaf('name', name),
                ...(servers.length === 0 ? [leaf('error', 'NameError')] : []),
                ...servers.map(({ address, port }, at) =>
                  branch('server', [
                    leaf('priority', at + 1),
                    leaf('weight', 1),
                    leaf('port', port),
                    leaf('address', address),
                  ]),
                ),
              ]),
            ),
            branch('service', [
              leaf('name', 'tftpServer'),
              ...config.tftpServers.map((address) => leaf('address', address)),
            ]),
          ]),
          branch('edgeConfig', [
            branch('sipEdgeServer', config.sipEdgeServers.map(edgeServer)),
            branch('httpEdgeServer', config.httpEdgeServers.map(edgeServer)),
            branch(
              'turnEdgeServer',
              config.turnEdgeServers.map(({ address, udpPort }) =>
                branch('server', [leaf('address', address), leaf('udpPort', udpPort)]),
              ),
            ),
            branch('userUdsServer', config.userUdsServers.map(edgeServer)),
          ]),
        ],
        { version: '1.0' },
      ),
    ),
  );
}

const addressOf = (tree: XmlTree) => {
  const address = textOf(tree, 'address');
  if (!/^[A-Za-z0-9._:[\]-]{1,253}$/.test(address)) throw new MalformedError('address has not the required form');
  return address;
};

/** Throws MalformedError. Elements it does not know (messaging servers, SIP routes) are passed over. */
export function readEdgeConfig(bytes: Uint8Array): EdgeConfig {
  const root = readXml(bytes);
  if (root.name !== 'getEdgeConfigResponse') throw new MalformedError('root element is not getEdgeConfigResponse');
  const services = childrenOf(childOf(root, 'serviceConfig'), 'service');
  const edge = childOf(root, 'edgeConfig');
  const edgeServers = (name: string) =>
    childrenOf(childOf(edge, name), 'server').map((each) => ({
      address: addressOf(each),
      tlsPort: numberOf(each, 'tlsPort', 1, 65535, 0),
    }));
  const tftp = services.find((each) => textOf(each, 'name') === 'tftpServer');
  return {
    services: services
      .filter((each) => each !== tftp)
      .map((each) => ({
        name: textOf(each, 'name'),
        servers: childrenOf(each, 'server').map((server) => ({
          address: addressOf(server),
          port: numberOf(server, 'port', 1, 65535, 0),
        })),
      })),
    tftpServers: childrenOf(tftp, 'address').map(({ text }) => text.trim()),
    sipEdgeServers: edgeServers('sipEdgeServer'),
    httpEdgeServers: edgeServers('httpEdgeServer'),
    turnEdgeServers: childrenOf(childOf(edge, 'turnEdgeServer'), 'server').map((each) => ({
      address: addressOf(each),
      udpPort: numberOf(each, 'udpPort', 1, 65535, 0),
    })),
    userUdsServers: edgeServers('userUdsServer'),
  };
}
