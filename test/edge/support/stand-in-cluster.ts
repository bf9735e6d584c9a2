import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { derToPem } from '../../../src/infra/pki/identity.ts';
import { generateKey, issueCertificate } from '../../../src/infra/pki/issue.ts';
import { type EdgeChange, writeChange } from '../../../src/protocol/edge-access/changes.ts';
import { type ClusterView, writeClusterView } from '../../../src/protocol/edge-access/cluster-view.ts';
import type { EnrolledExpressway } from '../../../src/protocol/edge-access/enrolment.ts';
import type { PhoneVouch } from '../../../src/protocol/edge-access/phone-vouch.ts';
import {
  edgePaths,
  readConfigRequest,
  readEdgeConfigRequest,
  readSipNodesRequest,
  readVouchedRequest,
  writeSipNodes,
} from '../../../src/protocol/edge-access/requests.ts';
import { ListeningNode, type StandInNode } from './stand-in-node.ts';

/** What reached a node through the edge. */
export interface Arrived {
  readonly node: string;
  readonly path: string;
  readonly vouch: PhoneVouch;
  readonly message: Readonly<Record<string, unknown>>;
}

/**
 * A cluster as Expressway-C sees it: the listeners `edgeAccess` and `sipOauthMra` of each node, speaking what src/protocol/edge-access writes down, with
 * nothing behind them. Not the real one: that is tested with the roles of all-in-one.
 */
export class StandInCluster implements AsyncDisposable {
  readonly id = randomUUID();
  readonly issuer = `https://cluster-${this.id}.test`;
  readonly arrived: Arrived[] = [];
  readonly nodes: StandInNode[] = [];
  /** Answers by path; default: 200 with what arrived. */
  readonly answers = new Map<string, (each: Arrived) => Promise<StandInAnswer> | StandInAnswer>();
  revoked: { readonly family: string; readonly until: number }[] = [];
  /** Undefined: the phone is none of this cluster's. */
  sipOrder: string[] | undefined = [];
  view: ClusterView;
  readonly #material: { key: string; cert: string };
  readonly #clusterCa: string;
  readonly #known = new Set<string>();
  readonly #changes = new Set<ServerHttp2Stream>();
  readonly #tokenKey: KeyObject;
  readonly kid = 'key-1';

  private constructor(
    material: { key: string; cert: string; clusterCa: string },
    trust: readonly Uint8Array[],
    domains: readonly string[],
  ) {
    this.#material = material;
    this.#clusterCa = material.clusterCa;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#tokenKey = privateKey;
    const { x, y } = createPublicKey(privateKey).export({ format: 'jwk' }) as { x: string; y: string };
    this.view = {
      clusterId: this.id,
      version: '1.0.0',
      nodes: [],
      activationDomain: domains[0],
      serviceDomains: domains,
      mraActivationEnabled: true,
      micTrust: trust.map((der) => ({ der, micRoot: true, legacySha1: false })),
      micDenied: { serials: [], keys: [], macs: [], revoked: [] },
      jwks: { keys: [{ kid: this.kid, kty: 'EC', crv: 'P-256', x, y, alg: 'ES256', use: 'sig' }] },
      issuer: this.issuer,
      etag: randomUUID(),
    };
  }

  static async open(options: {
    readonly trust: readonly Uint8Array[];
    readonly domains: readonly string[];
    readonly nodes?: number;
  }): Promise<StandInCluster> {
    const authority = await generateKey('p-256');
    const leaf = await generateKey('p-256');
    const life = { notBefore: new Date(Date.now() - 86_400_000), notAfter: new Date(Date.now() + 86_400_000_0) };
    const root = await issueCertificate(
      { subject: [['CN', 'Cluster CA']], publicKey: authority.publicKey, ...life, authority: { pathLength: 0 } },
      { self: authority },
    );
    const certificate = await issueCertificate(
      {
        subject: [['CN', 'node']],
        publicKey: leaf.publicKey,
        ...life,
        alternativeNames: ['127.0.0.1'],
        usages: ['server'],
      },
      { certificate: root, privateKey: authority.privateKey },
    );
    const cluster = new StandInCluster(
      {
        key: leaf.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
        cert: derToPem(certificate),
        clusterCa: derToPem(root),
      },
      options.trust,
      options.domains,
    );
    for (let i = 0; i < (options.nodes ?? 1); i++) await cluster.addNode(`ucm-${String.fromCharCode(97 + i)}`);
    return cluster;
  }

  async addNode(name: string): Promise<StandInNode> {
    const node = new ListeningNode(name, this.#material, {
      known: (sha256) => this.#known.has(sha256),
      handle: (stream, path, text) => this.#handle(name, stream, path, text),
      sip: (vouch, socket) => this.onSip(vouch, socket, name),
    });
    await node.start();
    this.nodes.push(node);
    this.change({
      nodes: this.nodes.map((each) => ({
        name: each.name,
        host: '127.0.0.1',
        edgeAccess: each.edgeAccess,
        sipOauthMra: each.sip,
        https: 8443,
        services: ['CallManager', 'TFTP', 'Device Activation Service', 'UDS'],
      })),
    });
    return node;
  }

  /** What a node does with a SIP connection: by default it sends everything back. */
  onSip: (vouch: PhoneVouch, socket: TLSSocket, node: string) => void = (_vouch, socket) => {
    socket.on('data', (chunk: Buffer) => {
      if (!socket.write(chunk)) {
        socket.pause();
        socket.once('drain', () => socket.resume());
      }
    });
    socket.once('end', () => socket.end());
  };

  readonly register = async (name: string, certificatePem: string): Promise<EnrolledExpressway> => {
    const der = Buffer.from(certificatePem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const sha256 = createHash('sha256').update(der).digest('hex');
    this.#known.add(sha256);
    return {
      id: randomUUID(),
      name,
      sha256,
      clusterCa: this.#clusterCa,
      edgeAccess: this.nodes.map((node) => ({ node: node.name, host: '127.0.0.1', port: node.edgeAccess })),
    };
  };

  forget(): void {
    this.#known.clear();
  }

  /** A change of the view, announced. */
  change(part: Partial<ClusterView>): void {
    this.view = { ...this.view, ...part, etag: randomUUID() };
    this.tell({ type: 'cluster' });
  }

  tell(change: EdgeChange): void {
    for (const stream of this.#changes) stream.write(writeChange(change));
  }

  revoke(family: string): void {
    const until = Math.floor(Date.now() / 1000) + 3600;
    this.revoked.push({ family, until });
    this.tell({ type: 'revoked', family, until });
  }

  /** An access token of this cluster for a phone. */
  token(mac: string, micDer: Uint8Array, changes: TokenChanges = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const header = { alg: 'ES256', typ: 'at+jwt', kid: this.kid, ...changes.header };
    const claims = {
      iss: this.issuer,
      sub: `SEP${mac}`,
      aud: ['uds', 'tftp', 'sip'],
      iat: now - 1,
      exp: now + 3600,
      jti: randomUUID(),
      fam: randomUUID(),
      did: randomUUID(),
      client_id: 'firstring-phone',
      cnf: { 'x5t#S256': createHash('sha256').update(micDer).digest('base64url') },
      ...changes.claims,
    };
    const input = `${part(header)}.${part(claims)}`;
    const key = changes.key ?? this.#tokenKey;
    const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
    return `${input}.${changes.signature ?? signature.toString('base64url')}`;
  }

  async #handle(node: string, stream: ServerHttp2Stream, path: string, text: string): Promise<void> {
    if (path === edgePaths.cluster) {
      stream.respond({ ':status': 200, 'content-type': 'application/json', etag: `"${this.view.etag}"` });
      stream.end(writeClusterView(this.view));
      return;
    }
    if (path === edgePaths.changes) {
      stream.respond({ ':status': 200, 'content-type': 'application/x-ndjson' });
      stream.write(writeChange({ type: 'snapshot', revoked: this.revoked }));
      this.#changes.add(stream);
      const beat = setInterval(() => stream.write(writeChange({ type: 'beat' })), 3_000);
      stream.once('close', () => {
        clearInterval(beat);
        this.#changes.delete(stream);
      });
      return;
    }
    if (path === edgePaths.sipNodes) {
      readSipNodesRequest(text);
      if (this.sipOrder === undefined) {
        stream.respond({ ':status': 404 }, { endStream: true });
        return;
      }
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end(writeSipNodes(this.sipOrder));
      return;
    }
    const read =
      path === edgePaths.config
        ? readConfigRequest
        : path === edgePaths.edgeConfig
          ? readEdgeConfigRequest
          : readVouchedRequest;
    const { vouch, ...message } = read(text) as { vouch: PhoneVouch };
    const arrived = { node, path, vouch, message };
    this.arrived.push(arrived);
    const answer = (await this.answers.get(path)?.(arrived)) ?? {
      status: 200,
      body: JSON.stringify({ node, ...message }),
    };
    if (stream.destroyed) return;
    stream.respond({
      ':status': answer.status,
      'content-type': answer.contentType ?? 'application/json',
      ...answer.headers,
    });
    stream.end(answer.body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

export interface TokenChanges {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: KeyObject;
  readonly signature?: string;
}

export interface StandInAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
