import { parseServedName } from '../../domain/provisioning/served-name.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import { phoneModelOfProduct } from '../../identifiers/phone-model.ts';
import { toHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { outageOf } from '../../kernel/outage.ts';
import { type ClusterView, writeClusterView } from '../../protocol/edge-access/cluster-view.ts';
import { writeEdgeConfig } from '../../protocol/edge-access/edge-config.ts';
import type { PhoneVouch } from '../../protocol/edge-access/phone-vouch.ts';
import {
  edgePaths,
  readConfigRequest,
  readEdgeConfigRequest,
  readSipNodesRequest,
  readVouchedRequest,
  writeSipNodes,
} from '../../protocol/edge-access/requests.ts';
import { bearerToken } from '../../protocol/oauth/access-token.ts';
import type { DasStep } from '../das/das-service.ts';
import { RateLimiter } from '../listen/rate-limit.ts';
import { answerEdgeRefusal, type EdgeAnswer, EdgeRefusal } from './edge-refusal.ts';
import type { EdgeAccessParts } from './options.ts';

export interface EdgeAccessRequest {
  /** Which Expressway-C asks. */
  readonly expressway: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly ifNoneMatch: string | undefined;
}

/** Milliseconds. */
const recentMs = 1000;

type AcceptedMic = Extract<MicVerdict, { accepted: true }>;

/** The routes of `edgeAccess` but the endless one: parse, judge the phone's certificate, ask the part that knows, present. */
export class EdgeAccessDesk {
  readonly #parts: EdgeAccessParts;
  /** Questions of one MIC: a phone that starts over and over. */
  readonly #perMic = new RateLimiter({ burst: 60, perSecond: 0.5 });
  #view: { readonly at: number; readonly view: Promise<ClusterView> } | undefined;

  constructor(parts: EdgeAccessParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async answer(request: EdgeAccessRequest): Promise<EdgeAnswer> {
    try {
      return await this.#route(request);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.code === 'internal' || refusal.code === 'busy') {
        this.#parts.log.error({ err: error, ref: refusal.ref, path: request.path }, 'a request of Expressway-C failed');
      }
      return answerEdgeRefusal(refusal);
    }
  }

  #route(request: EdgeAccessRequest): Promise<EdgeAnswer> {
    const wanted = request.path === edgePaths.cluster ? 'GET' : 'POST';
    if (request.method !== wanted) throw new EdgeRefusal('bad_request', `The method must be ${wanted}.`);
    switch (request.path) {
      case edgePaths.start:
      case edgePaths.prove:
      case edgePaths.confirm:
        return this.#handshake(request, steps[request.path]);
      case edgePaths.config:
        return this.#config(request.body);
      case edgePaths.token:
        return this.#token(request.body);
      case edgePaths.edgeConfig:
        return this.#edgeConfig(request.body);
      case edgePaths.sipNodes:
        return this.#sipNodes(request.body);
      case edgePaths.cluster:
        return this.#cluster(request.ifNoneMatch);
      default:
        throw new EdgeRefusal('not_found', 'There is nothing at this address.');
    }
  }

  /** Status and body exactly as the phone would get them inside. */
  async #handshake({ expressway, body }: EdgeAccessRequest, step: DasStep): Promise<EdgeAnswer> {
    const answer = await this.#parts.handshake(expressway, step, readVouchedRequest(body));
    return {
      status: answer.status,
      body: answer.body,
      ...(answer.retryAfter !== undefined && { headers: { 'retry-after': String(answer.retryAfter) } }),
    };
  }

  async #token(body: string): Promise<EdgeAnswer> {
    const { vouch, request } = readVouchedRequest(body);
    const answer = await this.#parts.token(request, { peerChain: vouch.chain, source: vouch.sourceAddress });
    return {
      status: answer.status,
      body: answer.body,
      ...(answer.retryAfter !== undefined && { headers: { 'retry-after': String(answer.retryAfter) } }),
    };
  }

  async #config(body: string): Promise<EdgeAnswer> {
    const { files, observer, fetched } = this.#parts;
    const { vouch, authorization, name } = readConfigRequest(body);
    const told = (outcome: 'served' | 'not-found' | 'unavailable', octets: number) =>
      observer.asked({ name, over: 'https', sourceAddress: vouch.sourceAddress, outcome, octets });
    let mic: AcceptedMic | undefined;
    try {
      mic = this.#judge(vouch);
      await this.#own(authorization, mic, name);
    } catch (error) {
      if (error instanceof EdgeRefusal) this.#story(vouch, mic, error);
      throw error;
    }
    let bytes: Uint8Array | undefined;
    try {
      const file = files.ready(name) ?? (await files.find(name));
      bytes = file?.bytes;
      if (file !== undefined && bytes === undefined) throw new Error(`${name} is not in memory`);
    } catch (error) {
      told('unavailable', 0);
      throw error;
    }
    told(bytes === undefined ? 'not-found' : 'served', bytes?.length ?? 0);
    if (bytes === undefined) throw new EdgeRefusal('not_found', 'There is no such file.');
    fetched(mic.sha256);
    return { status: 200, body: bytes, contentType: name.endsWith('.sgn') ? 'application/octet-stream' : 'text/xml' };
  }

  /** The token is this phone's, with this very certificate, and so is the file. */
  async #own(authorization: string, mic: AcceptedMic, name: string): Promise<void> {
    const token = bearerToken(authorization);
    if (token === undefined) throw new EdgeRefusal('token_required');
    const verdict = await this.#parts.verifyToken(token, 'tftp', mic.sha256);
    if (!verdict.ok) throw new EdgeRefusal(verdict.problem);
    const own = `SEP${mic.subject.mac}`;
    const asked = parseServedName(name);
    if (verdict.claims.sub !== own || asked?.kind !== 'phone' || asked.deviceName !== own) {
      throw new EdgeRefusal('not_allowed');
    }
  }

  async #edgeConfig(body: string): Promise<EdgeAnswer> {
    const { vouch, domain, serviceNames, edge } = readEdgeConfigRequest(body);
    this.#judge(vouch);
    const view = await this.#recentView();
    if (!view.serviceDomains.includes(domain.toLowerCase())) {
      throw new EdgeRefusal('not_found', 'This cluster does not serve that domain.');
    }
    const having = (service: string) => view.nodes.filter(({ services }) => services.includes(service));
    const uds = having('UDS').map(({ host, https }) => ({ address: host, port: https }));
    return {
      status: 200,
      contentType: 'text/xml; charset=utf-8',
      body: writeEdgeConfig({
        services: serviceNames.map((name) => ({ name, servers: name === '_cisco-uds' ? uds : [] })),
        tftpServers: having('TFTP').map(({ host }) => host),
        sipEdgeServers: [{ address: edge.host, tlsPort: edge.sipPort }],
        httpEdgeServers: [{ address: edge.host, tlsPort: edge.httpsPort }],
        turnEdgeServers: edge.turnServers.map((each) => {
          const colon = each.lastIndexOf(':');
          return { address: each.slice(0, colon), udpPort: Number(each.slice(colon + 1)) };
        }),
        userUdsServers: uds.map(({ address, port }) => ({ address, tlsPort: port })),
      }),
    };
  }

  async #sipNodes(body: string): Promise<EdgeAnswer> {
    const mic = this.#judge(readSipNodesRequest(body).vouch);
    const nodes = await this.#parts.sipNodes(`SEP${mic.subject.mac}`);
    if (nodes === undefined) throw new EdgeRefusal('not_found', 'There is no such phone.');
    return { status: 200, body: writeSipNodes(nodes) };
  }

  async #cluster(ifNoneMatch: string | undefined): Promise<EdgeAnswer> {
    const view = await this.#parts.clusterView();
    const headers = { etag: `"${view.etag}"` };
    if (ifNoneMatch === headers.etag) return { status: 304, body: '', headers };
    return { status: 200, body: writeClusterView(view), headers };
  }

  /** For phones, of which many may ask at once: at most a second old. */
  async #recentView(): Promise<ClusterView> {
    const now = performance.now();
    if (this.#view === undefined || now - this.#view.at > recentMs) {
      this.#view = { at: now, view: this.#parts.clusterView() };
      this.#view.view.catch(() => {
        this.#view = undefined;
      });
    }
    return this.#view.view;
  }

  #judge(vouch: PhoneVouch): AcceptedMic {
    const verdict = this.#parts.mic.inspect(vouch.chain);
    if (!verdict.accepted) throw new EdgeRefusal(verdict.problem);
    const wait = this.#perMic.take(toHex(verdict.sha256), performance.now());
    if (wait > 0) throw new EdgeRefusal('rate_limited', undefined, wait);
    return verdict;
  }

  #story(vouch: PhoneVouch, mic: AcceptedMic | undefined, refusal: EdgeRefusal): void {
    this.#parts.timeline.record({
      ...(mic && {
        deviceName: `SEP${mic.subject.mac}`,
        mac: mic.subject.mac,
        model: phoneModelOfProduct(mic.subject.product)?.name ?? mic.subject.product,
      }),
      step: 'config',
      result: 'failed',
      reason: refusal.code === 'not_allowed' ? 'foreign_file' : refusal.code,
      detail: { ref: refusal.ref, edge: vouch.edge },
      sourceAddress: vouch.sourceAddress,
    });
  }
}

const steps = { [edgePaths.start]: 'start', [edgePaths.prove]: 'prove', [edgePaths.confirm]: 'confirm' } as const;

function refusalOf(error: unknown): EdgeRefusal {
  if (error instanceof EdgeRefusal) return error;
  if (error instanceof MalformedError) return new EdgeRefusal('bad_request', `${error.message}.`);
  if (outageOf(error) !== undefined) return new EdgeRefusal('busy', undefined, 5);
  return new EdgeRefusal('internal');
}
