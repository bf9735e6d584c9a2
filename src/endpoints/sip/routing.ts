import type { Binding } from '../../domain/registration/binding.ts';
import type { PeerNode } from '../../domain/registration/cluster.ts';
import { urlHost } from '../../identifiers/host.ts';
import { parseAddress, sipUriOf } from '../../protocol/sip/address.ts';
import type { RequestEnvelope } from '../../protocol/sip/envelope.ts';
import { field, type HeaderField, type SipRequest } from '../../protocol/sip/message.ts';
import { formatUri, parseSipUri, type SipUri } from '../../protocol/sip/uri.ts';
import type { Flow } from './flow.ts';
import { type CallSides, neighbour, type RouteTokens, vouchHeader } from './record-route.ts';
import type { SipNode } from './sip-node.ts';

/** One way out. */
export interface Hop {
  readonly flow: Flow;
  readonly sides: CallSides;
  /** Request-URI to send; default: the binding's contact, or for requests within a call what they came with. */
  readonly uri?: SipUri;
  readonly binding?: Binding;
  /** User part that the phone's configuration gave the called line. */
  readonly contactUser?: string | undefined;
  /** The way leads over another node to this device. */
  readonly peer?: { readonly node: PeerNode; readonly deviceName: string };
  readonly withinCall?: boolean;
  /** Device that it leads to, within a call. */
  readonly to?: string;
  /** The next stop is another node of the cluster. */
  readonly toNode?: boolean;
}

export interface TakenRoutes {
  /** Without the Route values that named us. */
  readonly request: SipRequest;
  /** The two sides, when a Route of ours proved them. */
  readonly sides: CallSides | undefined;
  /** Device that a neighbour asks for in a new request. */
  readonly initial: string | undefined;
  /** Route values that are left. */
  readonly rest: readonly SipUri[];
}

const askPrefix = 'ask';

/** RFC 3261 §16.4: takes our own values off the top of Route, and reads what they prove. */
export function stripOwnRoutes(
  request: SipRequest,
  callId: string,
  tokens: RouteTokens,
  isOurs: (uri: SipUri) => boolean,
): TakenRoutes {
  let sides: CallSides | undefined;
  let initial: string | undefined;
  let own = true;
  const rest: SipUri[] = [];
  const headers: HeaderField[] = [];
  for (const each of request.headers) {
    if (each.key !== 'route') {
      headers.push(each);
      continue;
    }
    const uri = sipUriOf(parseAddress(each.text));
    const user = uri?.user ?? '';
    const proved = tokens.read(user, callId);
    // Two values for one node: one for each side's transport (RFC 5658). A third would be another node's.
    own &&= uri !== undefined && isOurs(uri) && (proved !== undefined || user === '') && ourTurn(sides, proved);
    if (own) {
      if (proved?.left === askPrefix) initial = proved.right;
      else sides ??= proved;
      continue;
    }
    headers.push(each);
    if (uri !== undefined) rest.push(uri);
  }
  if (initial !== undefined) sides = { left: neighbour, right: initial };
  return { request: { ...request, headers }, sides, initial, rest };
}

function ourTurn(sides: CallSides | undefined, proved: CallSides | undefined): boolean {
  return sides === undefined || proved === undefined || (sides.left === proved.left && sides.right === proved.right);
}

/** The user part of the Route that asks a neighbour for one of its devices. */
export function askToken(tokens: RouteTokens, deviceName: string, callId: string): string {
  return tokens.mint({ left: askPrefix, right: deviceName }, callId);
}

const dialogForming = new Set(['INVITE', 'REFER', 'SUBSCRIBE', 'NOTIFY', 'UPDATE']);

/** The request as it leaves for one hop (RFC 3261 §16.6): target, Max-Forwards, Record-Route, Route, Via. */
export function outgoing(
  node: SipNode,
  tokens: RouteTokens,
  from: Flow,
  { request, envelope }: { readonly request: SipRequest; readonly envelope: RequestEnvelope },
  hop: Hop,
): SipRequest {
  const top: HeaderField[] = [field('Via', node.viaFor(hop.flow, node.newBranch()))];
  if (!hop.withinCall && envelope.toTag === undefined && dialogForming.has(request.method)) {
    const token = tokens.mint(hop.sides, envelope.callId);
    const outward = recordRoute(node, token, hop.flow);
    const inward = recordRoute(node, token, from);
    top.push(field('Record-Route', outward));
    if (inward !== outward) top.push(field('Record-Route', inward));
  }
  if (hop.peer !== undefined) {
    const { node: peer, deviceName } = hop.peer;
    const token = askToken(tokens, deviceName, envelope.callId);
    top.push(field('Route', `<sip:${token}@${urlHost(peer.host)}:${peer.port};transport=${peer.transport};lr>`));
  }
  const headers = request.headers.filter((each) => each.key !== 'max-forwards');
  const forwards = field('Max-Forwards', String(envelope.maxForwards - 1));
  const out = { ...request, uri: targetOf(request, hop), headers: [...top, forwards, ...headers] };
  return hop.toNode ? { ...out, headers: [...out.headers, field(vouchHeader, tokens.vouch(out))] } : out;
}

function recordRoute(node: SipNode, token: string, flow: Flow): string {
  return `<sip:${token}@${node.hostPort(flow)};transport=${flow.transport};lr>`;
}

function targetOf(request: SipRequest, hop: Hop): string {
  if (hop.uri !== undefined) return formatUri(hop.uri);
  if (hop.binding === undefined) return request.uri;
  const { contact } = hop.binding;
  if (!hop.contactUser) return contact;
  const uri = parseSipUri(contact);
  // Lines registered in bulk share the first line's Contact; each has its own user part, a UUID.
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(uri.user ?? '') ? formatUri({ ...uri, user: hop.contactUser }) : contact;
}
