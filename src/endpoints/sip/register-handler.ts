import { flowKey } from '../../domain/registration/binding.ts';
import type { Registering } from '../../domain/registration/decide.ts';
import type { Identified } from '../../domain/registration/identify.ts';
import type { RefusalCode, RegisteringDevice } from '../../domain/registration/ports.ts';
import { sameHost } from '../../identifiers/host.ts';
import { fromUtf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { bearerToken } from '../../protocol/oauth/access-token.ts';
import { sipUriOf } from '../../protocol/sip/address.ts';
import type { ResponseParts } from '../../protocol/sip/build.ts';
import { expiresHeader, type RegisterContact, registerContacts } from '../../protocol/sip/contact.ts';
import type { DigestCredentials } from '../../protocol/sip/digest.ts';
import type { RequestEnvelope } from '../../protocol/sip/envelope.ts';
import { header, headerAll, headerTokens, type SipRequest } from '../../protocol/sip/message.ts';
import { readPhoneReason } from '../../protocol/sip/phone-reason.ts';
import { asksBulkRegister } from '../../protocol/sip/remotecc.ts';
import { decodedUser, type SipUri } from '../../protocol/sip/uri.ts';
import { branchOf } from '../../protocol/sip/via.ts';
import type { Authenticator } from './authenticator.ts';
import { asksToken, type Flow } from './flow.ts';
import { refusalAnswers, warning } from './refusals.ts';
import { accepted, contactLines } from './register-answer.ts';
import { sendServiceControl } from './service-control.ts';
import type { RequestHandler, SipNode } from './sip-node.ts';

/** Requests that wait for the directory at once; beyond, phones are told to come back. */
const maxWaiting = 20_000;
/** Answers kept for retransmissions: once there are so many, the older half goes at once. */
const maxRecent = 4_096;

type Answer = (parts: ResponseParts) => undefined;

interface Parsed {
  readonly to: SipUri;
  readonly contacts: readonly RegisterContact[] | undefined;
  readonly credentials: DigestCredentials | undefined;
}

/**
 * REGISTER (RFC 3261 §10). Answered without a transaction of 32 seconds: the busiest request of all leaves only its answer in a ring,
 * and a retransmission that comes later still finds the binding as it is.
 */
export class RegisterHandler implements RequestHandler {
  readonly #node: SipNode;
  readonly #authenticator: Authenticator;
  /** Answers to the last requests over UDP, undefined while one is being worked on: a retransmission gets the very same (RFC 3261 §8.2.7). */
  #recent = new Map<string, Uint8Array | undefined>();
  #older = new Map<string, Uint8Array | undefined>();
  #waiting = 0;

  constructor(node: SipNode, authenticator: Authenticator) {
    this.#node = node;
    this.#authenticator = authenticator;
  }

  request(flow: Flow, request: SipRequest, envelope: RequestEnvelope, size: number): undefined {
    const node = this.#node;
    const key = flow.reliable ? undefined : recentKey(flow, envelope);
    if (key !== undefined && (this.#recent.has(key) || this.#older.has(key))) {
      const before = this.#recent.get(key) ?? this.#older.get(key);
      if (before !== undefined) node.replyAgain(flow, request, before);
      return undefined;
    }
    this.#remember(key, undefined);
    const answer: Answer = (parts) => {
      this.#remember(key, node.replyWith(flow, request, parts, size));
      return undefined;
    };
    const unsupported = headerTokens(request, 'require');
    // A phone behind a proxy that wants to stay in the path (RFC 3327 §5.3): calls would not find it.
    if (header(request, 'path') !== undefined && !unsupported.includes('path')) unsupported.push('path');
    if (unsupported.length > 0) return answer({ status: 420, headers: [['Unsupported', unsupported.join(', ')]] });
    if (envelope.uri.kind !== 'sip') return answer({ status: 416 });
    const to = sipUriOf(envelope.to);
    if (to === undefined) return answer({ status: 404 });
    let contacts: readonly RegisterContact[] | undefined;
    try {
      const read = registerContacts(request);
      contacts = read.all ? undefined : read.contacts;
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      return answer({ status: 400, reason: `Bad Request: ${error.message}` });
    }
    if (this.#waiting >= maxWaiting) return answer({ status: 503, headers: [['Retry-After', '10']] });
    const credentials = this.#authenticator.credentials(request, 'authorization');
    this.#waiting++;
    this.#register(flow, request, envelope, { to, contacts, credentials }, answer)
      .catch((error: unknown) => {
        // The store of device records cannot be read: nothing is granted that cannot be checked.
        node.options.log.error({ err: error, callId: envelope.callId }, 'a REGISTER could not be decided');
        answer({ status: 503, headers: [['Retry-After', String(5 + node.options.random.below(20))]] });
      })
      .finally(() => {
        this.#waiting--;
      });
  }

  #remember(key: string | undefined, answer: Uint8Array | undefined): void {
    if (key === undefined) return;
    this.#recent.set(key, answer);
    if (this.#recent.size < maxRecent) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }

  async #register(
    flow: Flow,
    request: SipRequest,
    envelope: RequestEnvelope,
    { to, contacts, credentials }: Parsed,
    answer: Answer,
  ): Promise<undefined> {
    const node = this.#node;
    const { registrar } = node;
    const aor = decodedUser(to) ?? '';
    const bindingFlow = {
      transport: flow.transport,
      address: flow.address,
      port: flow.port,
      targetPort: targetPort(flow, contacts?.[0]?.uri),
      localPort: flow.localPort,
      connection: flow.connection,
      ...(flow.edge !== undefined && { edge: flow.edge }),
    };
    const byToken = asksToken(flow);
    const identified: Identified = await registrar.identify({
      aor,
      contactDevice: contacts?.find((each) => each.deviceName !== undefined)?.deviceName,
      contactModel: contacts?.find((each) => each.model !== undefined)?.model,
      binds: bindsAny(contacts, expiresHeader(request)),
      username: credentials?.username,
      identity: flow.identity,
      flow: bindingFlow,
      door: byToken ? 'token' : 'line',
    });
    if (identified.kind === 'ambiguous' || identified.kind === 'unproved') {
      this.#judge(flow, request, credentials, undefined, answer);
      return undefined;
    }
    if (identified.kind === 'refused') return this.#refuse(answer, identified.code);
    const { device, later } = identified;
    const token = byToken ? await this.#access(flow, request, device) : undefined;
    if (typeof token === 'string') {
      registrar.refused(token, device.name, aor, flow.address);
      return this.#refuse(answer, token);
    }
    const verdict =
      token === undefined
        ? this.#judge(flow, request, credentials, { device, aor }, answer)
        : ({ kind: 'proved', repeated: false } as const);
    if (verdict === undefined) return undefined;
    if (later !== undefined) {
      registrar.refused(later, device.name, aor, flow.address);
      return this.#refuse(answer, later);
    }
    const reason = readPhoneReason(header(request, 'reason') ?? '');
    const bulk = asksBulk(request);
    const registering: Registering = {
      aor,
      contacts: contacts?.map((each) => ({
        uri: each.address.uriText,
        expires: each.expires,
        instance: each.instance ?? '',
        keepAlive: each.keepAlive,
      })),
      expires: expiresHeader(request),
      callId: envelope.callId,
      cseq: envelope.cseq,
      flow: bindingFlow,
      byCertificate: byToken || device.authentication.kind === 'certificate',
      byDigest: !byToken && device.authentication.kind === 'digest',
      bulk,
      userAgent: (header(request, 'user-agent') ?? '').slice(0, 200),
      activeLoad: reason?.activeLoad ?? '',
      inactiveLoad: reason?.inactiveLoad ?? '',
      repeated: verdict.repeated,
      ...(token !== undefined && { tokenSeconds: token.seconds }),
    };
    const outcome = registrar.register(device, registering);
    switch (outcome.kind) {
      case 'busy':
        return answer({ status: 503, headers: [['Retry-After', String(outcome.retryAfter)], this.#warn('busy')] });
      case 'refused':
        return this.#refuse(answer, outcome.code, outcome.minimum);
      case 'challenge':
        return this.#challenge(flow, request, answer, true);
      case 'keep-alive':
        return answer({ status: 200, headers: [...contactLines(contacts, 0), ['Expires', '0']] });
      case 'accepted':
        if (outcome.fresh) this.#confirm(flow, device);
        if (token !== undefined) flow.token = { family: token.family, deviceName: device.name };
        answer(accepted(outcome, bulk));
        // It has a record and a file now: it starts again to read it.
        if (identified.newcomer && outcome.put[0] !== undefined)
          void sendServiceControl(node, outcome.put[0], 'reset', device.versionStamp);
        return undefined;
    }
  }

  /** Answers itself unless the digest is right. `claim` undefined: nobody who could be right. */
  #judge(
    flow: Flow,
    request: SipRequest,
    credentials: DigestCredentials | undefined,
    claim: { readonly device: RegisteringDevice; readonly aor: string } | undefined,
    answer: Answer,
  ): { readonly repeated: boolean } | undefined {
    const { registrar } = this.#node;
    const own = claim !== undefined && registrar.table.devicesOfFlow(flowKey(flow)).includes(claim.device.name);
    const verdict = this.#authenticator.check(request, credentials, claim?.device, { address: flow.address, own });
    if (verdict.kind === 'proved') return verdict;
    if (verdict.kind === 'challenge') return this.#challenge(flow, request, answer, verdict.stale);
    const code = verdict.kind === 'braked' ? 'too_many_wrong_passwords' : 'digest_failed';
    if (claim !== undefined) registrar.refused(code, claim.device.name, claim.aor, flow.address);
    if (verdict.kind === 'wrong') return this.#refuse(answer, code);
    return answer({ status: 503, headers: [['Retry-After', String(verdict.seconds)], this.#warn(code)] });
  }

  /** RFC 8898: the token in Authorization, bound to the certificate behind this flow. Why not, or how long it is good for. */
  async #access(
    flow: Flow,
    request: SipRequest,
    device: RegisteringDevice,
  ): Promise<RefusalCode | { readonly family: string; readonly seconds: number }> {
    const { access, clock } = this.#node.options;
    if (flow.door === 'edge' && device.mraAllowed !== true) return 'mra_not_allowed';
    if (access === undefined || flow.micSha256 === undefined) return 'certificate_required';
    const token = headerAll(request, 'authorization')
      .map(bearerToken)
      .find((each) => each !== undefined);
    if (token === undefined) return 'token_required';
    const verdict = await access.verifyToken(token, flow.micSha256);
    if (!verdict.ok) return verdict.problem;
    const { claims } = verdict;
    if (claims.did !== device.id || claims.sub !== device.name) return 'token_invalid';
    return { family: claims.fam, seconds: Math.max(1, claims.exp - Math.floor(clock.now() / 1000)) };
  }

  #challenge(flow: Flow, request: SipRequest, answer: Answer, stale: boolean): undefined {
    const challenges = this.#authenticator.challenges(request, stale, flow.address);
    const headers = challenges.map((text) => ['WWW-Authenticate', text] as const);
    answer({ status: 401, headers });
  }

  #refuse(answer: Answer, code: RefusalCode, minimum?: number): undefined {
    const headers: (readonly [string, string])[] = [this.#warn(code)];
    if (minimum !== undefined) headers.unshift(['Min-Expires', String(minimum)]);
    // RFC 8898 §3.
    if (refusalAnswers[code].status === 401) {
      const error = code === 'token_required' ? '' : `, error="invalid_token", error_description="${code}"`;
      headers.unshift(['WWW-Authenticate', `Bearer realm="${this.#authenticator.realm}", scope="sip"${error}`]);
    }
    answer({ status: refusalAnswers[code].status, headers });
  }

  #warn(code: RefusalCode): readonly [string, string] {
    return ['Warning', warning(this.#node.agent, refusalAnswers[code].words)];
  }

  /** The first REGISTER by the MIC confirms the activation. Not awaited: the phone's answer does not depend on it. */
  #confirm(flow: Flow, device: RegisteringDevice): void {
    const { confirmByMic, log } = this.#node.options;
    if (confirmByMic === undefined || flow.micSha256 === undefined) return;
    confirmByMic(flow.micSha256).catch((error: unknown) => {
      log.warn({ err: error, device: device.name }, 'an activation could not be confirmed by its REGISTER');
    });
  }
}

/** Whether a contact shall be registered, and not only ended or kept alive. */
function bindsAny(contacts: readonly RegisterContact[] | undefined, expires = 3600): boolean {
  return (contacts ?? []).some((each) => !each.keepAlive && (each.expires ?? expires) > 0);
}

function recentKey(flow: Flow, { via, cseq }: RequestEnvelope): string | undefined {
  const branch = branchOf(via);
  return branch === undefined ? undefined : `${branch}|${cseq}|${flow.port}|${flow.address}`;
}

function asksBulk(request: SipRequest): boolean {
  if (request.body.length === 0) return false;
  try {
    return asksBulkRegister(header(request, 'content-type'), fromUtf8(request.body));
  } catch {
    return false;
  }
}

/** A Contact cannot send calls to a third host: only its port counts, and only beside the address the REGISTER came from. */
function targetPort(flow: Flow, contact: SipUri | undefined): number {
  return contact !== undefined && sameHost(contact.host, flow.address) ? (contact.port ?? 5060) : flow.port;
}
