import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { NodeChoice } from '../../domain/edge/node-choice.ts';
import type { Log } from '../../kernel/log.ts';
import type { ClusterView, ClusterViewNode } from '../../protocol/edge-access/cluster-view.ts';
import type { PhoneVouch } from '../../protocol/edge-access/phone-vouch.ts';
import { edgePaths, readSipNodes, writeSipNodesRequest } from '../../protocol/edge-access/requests.ts';
import { writeSipPreface } from '../../protocol/edge-access/sip-preface.ts';
import type { PhoneRoute } from '../../protocol/tunnel/requests.ts';
import { type ClusterEvents, ClusterLink, type StoredCluster } from './cluster-link.ts';
import { dialNode, type NodeAnswer, NodeLost } from './node-session.ts';
import type { PinnedIdentity } from './own-keys.ts';

const pathOf: Readonly<Record<PhoneRoute, string>> = {
  start: edgePaths.start,
  prove: edgePaths.prove,
  confirm: edgePaths.confirm,
  config: edgePaths.config,
  edgeConfig: edgePaths.edgeConfig,
  token: edgePaths.token,
};

/** The service a node must have activated to be asked; undefined: any node. */
const serviceOf: Readonly<Record<PhoneRoute, string | undefined>> = {
  start: 'Device Activation Service',
  prove: 'Device Activation Service',
  confirm: 'Device Activation Service',
  config: 'TFTP',
  edgeConfig: undefined,
  token: undefined,
};
const registrar = 'CallManager';
const anyNode = 'any';

/** What a request says of the cluster it is for. */
export interface Whereabouts {
  readonly domain?: string | undefined;
  /** Of its access token. */
  readonly issuer?: string | undefined;
}

interface Candidate extends ClusterViewNode {
  readonly cluster: string;
  readonly link: ClusterLink;
}

/** All clusters behind one Expressway-C, and which node takes what. */
export class Clusters implements Disposable {
  readonly #identity: PinnedIdentity;
  readonly #events: ClusterEvents;
  readonly #log: Log;
  readonly #links = new Map<string, ClusterLink>();
  readonly #choice = new NodeChoice();

  constructor(identity: PinnedIdentity, events: ClusterEvents, log: Log) {
    this.#identity = identity;
    this.#events = events;
    this.#log = log;
  }

  follow(stored: StoredCluster): ClusterLink {
    this.#links.get(stored.id)?.[Symbol.dispose]();
    const link = new ClusterLink(stored, this.#identity, this.#events, this.#log);
    this.#links.set(stored.id, link);
    return link;
  }

  leave(cluster: string): void {
    this.#links.get(cluster)?.[Symbol.dispose]();
    this.#links.delete(cluster);
  }

  get links(): readonly ClusterLink[] {
    return [...this.#links.values()];
  }

  /** The clusters that may be meant: by what the request names, else the one this connection has been with, else all. */
  #clustersFor(connection: string, { domain, issuer }: Whereabouts): readonly ClusterLink[] {
    const all = this.links;
    if (all.length < 2) return all;
    if (domain !== undefined) return all.filter(({ view }) => view && domainsOf(view).includes(domain));
    if (issuer !== undefined) return all.filter(({ view }) => view?.issuer === issuer);
    const kept = this.#choice.placeOf(connection);
    const known = all.filter(({ id }) => kept?.startsWith(`${id}/`));
    return known.length > 0 ? known : all;
  }

  /** Nodes of one cluster that have the service, best first. */
  #nodesOf(link: ClusterLink, connection: string, service: string | undefined): readonly Candidate[] {
    const nodes = (link.view?.nodes ?? []).map((node) => ({
      ...node,
      cluster: link.id,
      link,
      services: service === undefined ? [anyNode] : node.services,
    }));
    return this.#choice.candidates(nodes, connection, service ?? anyNode, performance.now());
  }

  /** Undefined: no node could be asked. `body`: as src/protocol/edge-access writes it. */
  async ask(
    route: PhoneRoute,
    connection: string,
    body: string,
    { mayRepeat, ...where }: { readonly mayRepeat: boolean } & Whereabouts,
  ): Promise<InsideAnswer | undefined> {
    const clusters = this.#clustersFor(connection, where);
    let stranger: InsideAnswer | undefined;
    for (const link of clusters) {
      const { answer, lost } = await this.#askCluster(
        link,
        pathOf[route],
        connection,
        body,
        serviceOf[route],
        mayRepeat,
      );
      if (lost) return undefined;
      if (answer === undefined) continue;
      const given = insideAnswer(answer);
      // A refresh token says nothing of where it comes from: each cluster knows its own.
      if (route !== 'token' || !isForeign(given)) return given;
      stranger ??= given;
    }
    return stranger;
  }

  /** `lost`: it is not known what became of the request, and it must not be sent twice. */
  async #askCluster(
    link: ClusterLink,
    path: string,
    connection: string,
    body: string,
    service: string | undefined,
    mayRepeat: boolean,
  ): Promise<{ readonly answer?: NodeAnswer; readonly lost?: boolean }> {
    for (const node of this.#nodesOf(link, connection, service)) {
      try {
        const session = link.session({ name: node.name, host: node.host, port: node.edgeAccess });
        const answer = await session.request('POST', path, body);
        this.#choice.answered(node);
        this.#choice.keep(connection, node, performance.now());
        return { answer };
      } catch (error) {
        if (!(error instanceof NodeLost)) throw error;
        this.#choice.failed(node, performance.now());
        this.#log.warn({ node: node.name, reason: reasonOf(error) }, 'a node does not answer');
        if (error.passedOn && !mayRepeat) return { lost: true };
      }
    }
    return {};
  }

  /** Undefined: no registrar took the connection. */
  async openSip(vouch: PhoneVouch): Promise<Duplex | undefined> {
    for (const node of await this.#registrars(vouch)) {
      const place = { name: node.name, host: node.host, port: node.sipOauthMra };
      const socket = dialNode(place, this.#identity, node.link.clusterCa, []);
      try {
        await secured(socket);
        socket.write(writeSipPreface(vouch));
        this.#choice.answered(node);
        return socket;
      } catch (error) {
        this.#choice.failed(node, performance.now());
        this.#log.warn({ node: node.name, reason: (error as Error).message }, 'a registrar does not answer');
      }
    }
    return undefined;
  }

  /** Registrars of the cluster that knows the phone, those of its Call Manager group first and in its order; a single one needs no asking. */
  async #registrars(vouch: PhoneVouch): Promise<readonly Candidate[]> {
    const { connection } = vouch;
    const all = this.links.flatMap((link) => this.#nodesOf(link, connection, registrar));
    if (all.length < 2) return all;
    const question = writeSipNodesRequest(vouch);
    for (const link of this.links) {
      const { answer } = await this.#askCluster(link, edgePaths.sipNodes, connection, question, undefined, true);
      if (answer?.headers[':status'] !== 200) continue;
      const order = readSipNodes(answer.body.toString('utf8'));
      const rank = ({ name }: Candidate) => (order.includes(name) ? order.indexOf(name) : order.length);
      return this.#nodesOf(link, connection, registrar).toSorted((a, b) => rank(a) - rank(b));
    }
    return all;
  }

  [Symbol.dispose](): void {
    for (const link of this.#links.values()) link[Symbol.dispose]();
    this.#links.clear();
  }
}

/** What a node answered, for a phone. */
export interface InsideAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  /** Whole seconds. */
  readonly retryAfter: number | undefined;
  readonly wwwAuthenticate: string | undefined;
  readonly body: Uint8Array;
}

function insideAnswer({ headers, body }: NodeAnswer): InsideAnswer {
  const after = /^\d{1,5}$/.exec(String(headers['retry-after'] ?? ''))?.[0];
  return {
    status: headers[':status'] ?? 502,
    contentType: headers['content-type'],
    retryAfter: after === undefined ? undefined : Number(after),
    wwwAuthenticate: headers['www-authenticate'],
    body,
  };
}

function domainsOf({ activationDomain, serviceDomains }: ClusterView): readonly string[] {
  return [...(activationDomain === undefined ? [] : [activationDomain]), ...serviceDomains].map((each) =>
    each.toLowerCase(),
  );
}

/** RFC 6749 §5.2: the token is none of this cluster's. */
function isForeign({ status, body }: InsideAnswer): boolean {
  return status === 400 && Buffer.from(body).includes('"invalid_grant"');
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      socket.on('error', () => socket.destroy());
      resolve();
    });
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('it closed the connection')));
  });
}

const reasonOf = (error: Error) => (error.cause instanceof Error ? error.cause.message : error.message);
