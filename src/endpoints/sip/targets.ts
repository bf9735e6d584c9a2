import type { Binding } from '../../domain/registration/binding.ts';
import { dialled } from '../../domain/registration/dialling.ts';
import type { RegisteringDevice } from '../../domain/registration/ports.ts';
import { sipUriOf } from '../../protocol/sip/address.ts';
import type { ResponseParts } from '../../protocol/sip/build.ts';
import type { RequestEnvelope } from '../../protocol/sip/envelope.ts';
import type { SipUri } from '../../protocol/sip/uri.ts';
import { decodedUser, parseSipUri } from '../../protocol/sip/uri.ts';
import { type Flow, uriHost } from './flow.ts';
import type { ProvedFlows } from './proved-flows.ts';
import { neighbour } from './record-route.ts';
import type { Hop, TakenRoutes } from './routing.ts';
import type { SipNode } from './sip-node.ts';

/** A status, and words for the Warning header. */
export type Refusal = ResponseParts & { readonly words?: string };

export function isHops(found: readonly Hop[] | Refusal): found is readonly Hop[] {
  return Array.isArray(found);
}

/** Where a request goes: to phones registered here, or over the node that has them. Never anywhere else. */
export class Targets {
  readonly #node: SipNode;
  readonly #proved: ProvedFlows;

  constructor(node: SipNode, proved: ProvedFlows) {
    this.#node = node;
    this.#proved = proved;
  }

  /** A new call: every phone that has the number or name, here and on other nodes, but not the caller itself. */
  async newCall(user: string, caller: Binding, uri: SipUri): Promise<readonly Hop[] | Refusal> {
    const { directory, peers } = this.#node.options;
    const name = /^(?:SEP|BAT)[0-9A-F]{12}$/i.test(user) ? user.toUpperCase() : undefined;
    const having = name === undefined ? await directory.byNumber(user) : [await directory.byName(name)];
    const known = having.filter((each) => each !== undefined);
    if (known.length === 0) return { status: 404, words: 'No such number' };
    const own = await directory.byName(caller.deviceName);
    const devices =
      name === undefined ? dialled(user, known, own) : known.filter((each) => !each.locked && each.enabled);
    const others = devices.filter((each) => each.name !== caller.deviceName);
    const { table } = this.#node.registrar;
    const local = (name === undefined ? table.ofNumber(user) : table.ofDevice(name)).filter((binding) =>
      others.some((each) => each.name === binding.deviceName),
    );
    const hops = this.#reach(local, caller.deviceName, user, others);
    const here = new Set(local.map((binding) => binding.deviceName));
    const wanted = name === undefined ? { number: user } : { deviceName: name };
    for (const { deviceName, node } of (await peers?.locate(wanted)) ?? []) {
      if (here.has(deviceName) || !others.some((each) => each.name === deviceName)) continue;
      const flow = this.#node.flowToPeer(node);
      if (flow === undefined) continue;
      const target: SipUri = { ...uri, host: node.host, port: node.port, params: [['transport', node.transport]] };
      const sides = { left: caller.deviceName, right: neighbour };
      hops.push({ flow, uri: target, sides, peer: { node, deviceName }, toNode: true });
    }
    if (hops.length > 0) return hops;
    // Nobody but the caller has it.
    return devices.length > 0 && others.length === 0
      ? { status: 486 }
      : { status: 480, words: 'The phone is not registered' };
  }

  /** A neighbour's call for one device of ours. */
  ofNeighbour(deviceName: string): readonly Hop[] {
    return this.#reach(this.#node.registrar.table.ofDevice(deviceName), neighbour, undefined, []);
  }

  #reach(
    bindings: readonly Binding[],
    caller: string,
    number: string | undefined,
    devices: readonly RegisteringDevice[],
  ): Hop[] {
    const hops: Hop[] = [];
    for (const binding of bindings) {
      const flow = this.#node.flowTo(binding);
      if (flow === undefined) continue;
      const device = devices.find((each) => each.name === binding.deviceName);
      const contactUser = device?.lines.find((line) => line.number === number)?.contactUser;
      hops.push({ flow, binding, contactUser, sides: { left: caller, right: binding.deviceName } });
    }
    return hops;
  }

  /** BYE, re-INVITE, ACK and all else within a call: the proof in Route says who the two sides are. `me`: device name or `node`. */
  withinCall(me: string, { sides, rest }: TakenRoutes, envelope: RequestEnvelope): readonly Hop[] | Refusal {
    if (sides === undefined || (me !== sides.left && me !== sides.right)) {
      return { status: 403, words: 'The sender is not part of this call' };
    }
    const other = me === sides.left ? sides.right : sides.left;
    if (other === neighbour) {
      const next = rest[0];
      const node = next === undefined ? undefined : this.#node.options.peers?.peerAt(next.host, next.port ?? 5060);
      const flow = node === undefined ? undefined : this.#node.flowToPeer(node);
      return flow === undefined ? { status: 480 } : [{ flow, sides, withinCall: true, toNode: true }];
    }
    if (rest.length > 0) return { status: 403, words: 'Requests are not relayed to other systems' };
    const flow = this.#wayTo(other, envelope);
    return flow === undefined
      ? { status: 480, words: 'The phone is not registered' }
      : [{ flow, sides, withinCall: true, to: other }];
  }

  /**
   * The way to a party of a call. Its Contact, which the Request-URI repeats, tells which of the phone's flows it answered over; another line may still
   * be bound to an old one. Where the phone has moved since, the line's newest flow.
   */
  #wayTo(deviceName: string, { uri, to }: RequestEnvelope): Flow | undefined {
    const target = uri.kind === 'sip' ? uri.uri : undefined;
    const called = sipUriOf(to);
    const number = called === undefined ? undefined : decodedUser(called);
    const ways = this.#node.registrar.table.ofDevice(deviceName).map((binding) => ({
      flow: this.#node.flowTo(binding),
      rank:
        nearness(parseSipUri(binding.contact), target) ||
        (number !== undefined && binding.numbers.includes(number) ? 1 : 0),
      at: binding.refreshedAt,
    }));
    const proved = this.#proved.flowOf(deviceName);
    if (proved !== undefined && ways.length > 0) {
      const here = { user: undefined, host: uriHost(proved.address), port: proved.port };
      ways.push({ flow: proved, rank: nearness(here, target) || 0.5, at: 0 });
    }
    return ways.filter(({ flow }) => flow !== undefined).toSorted((a, b) => b.rank - a.rank || b.at - a.at)[0]?.flow;
  }
}

type Place = Pick<SipUri, 'user' | 'host' | 'port'>;

/** 3: the same user at the same place. 2: the same place. 0: another. */
function nearness(contact: Place, target: SipUri | undefined): 0 | 2 | 3 {
  if (target === undefined || contact.host !== target.host || portOf(contact) !== portOf(target)) return 0;
  return contact.user === target.user ? 3 : 2;
}

function portOf({ port }: Place): number {
  return port ?? 5060;
}
