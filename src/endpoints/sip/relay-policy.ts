import { asksToHide, type Party, partyOf } from '../../domain/calls/party.ts';
import { judgeRelay } from '../../domain/calls/relay-rules.ts';
import { type Transfer, TransferGrants } from '../../domain/calls/transfer-grants.ts';
import type { RegisteringDevice } from '../../domain/registration/ports.ts';
import { type Address, sipUriOf } from '../../protocol/sip/address.ts';
import type { RequestEnvelope } from '../../protocol/sip/envelope.ts';
import { header, headerAll, type SipRequest, type SipResponse } from '../../protocol/sip/message.ts';
import { decodedUser } from '../../protocol/sip/uri.ts';
import { bodyTypes } from './bodies.ts';
import { neighbour } from './record-route.ts';
import { refersTo, replacedByReferral, replacedCall } from './refer-to.ts';
import type { Hop, TakenRoutes } from './routing.ts';
import { namesItsSender } from './screen.ts';
import type { Sender } from './senders.ts';
import type { SipNode } from './sip-node.ts';
import type { Refusal } from './targets.ts';

export interface Speaker {
  readonly party: Party;
  readonly intercom: boolean;
}

/** Brings what the rules about calls need to know together: the request, its place in a call, and the records of both phones. */
export class RelayPolicy {
  readonly #node: SipNode;
  readonly #grants: TransferGrants;

  constructor(node: SipNode) {
    this.#node = node;
    this.#grants = new TransferGrants(node.options.clock);
  }

  /** Why this request must not reach another phone; undefined: it may. */
  judge(request: SipRequest, envelope: RequestEnvelope, sender: Sender, taken: TakenRoutes): Refusal | undefined {
    const withinCall = isWithinCall(taken);
    const event = header(request, 'event')?.split(';', 1).join('').trim().toLowerCase();
    const verdict = judgeRelay(
      {
        method: request.method,
        withinCall,
        inDialog: envelope.toTag !== undefined,
        event,
        bodies: bodyTypes(request),
        askedToNotify:
          withinCall && request.method === 'NOTIFY' && this.#askedToNotify(request, envelope, sender, taken),
        replaces: header(request, 'replaces') !== undefined,
        // Where another node vouches, it has looked.
        askedToReplace: sender.kind === 'neighbour' || this.#askedToReplace(request, sender.binding.deviceName),
        joins: header(request, 'join') !== undefined,
        refersTo: refersTo(request),
      },
      { messages: this.#node.options.relayMessages?.() === true },
    );
    return verdict.kind === 'relay' ? undefined : { status: verdict.status, words: verdict.words };
  }

  #askedToNotify(request: SipRequest, envelope: RequestEnvelope, sender: Sender, taken: TakenRoutes): boolean {
    const [me, other] = endsOf(sender, taken);
    const last = /^\s*terminated\b/i.test(header(request, 'subscription-state') ?? '');
    return this.#grants.notifies(envelope.callId, me, other, last);
  }

  #askedToReplace(request: SipRequest, deviceName: string): boolean {
    const callId = replacedCall(request);
    return callId !== undefined && this.#grants.replaces(deviceName, callId);
  }

  /** Remembers what a REFER asks the other phone for. Its NOTIFY may come before its answer does. */
  transfer(
    request: SipRequest,
    envelope: RequestEnvelope,
    sender: Sender,
    taken: TakenRoutes,
  ): { readonly declined: () => void } | undefined {
    if (request.method !== 'REFER' || !isWithinCall(taken)) return undefined;
    const [by, to] = endsOf(sender, taken);
    const transfer: Transfer = { callId: envelope.callId, by, to, replaces: replacedByReferral(request) };
    this.#grants.open(transfer);
    return { declined: () => this.#grants.close(transfer) };
  }

  /** How the sender is named to the other side; undefined: another node has written it already. */
  async speaker(
    request: SipRequest,
    envelope: RequestEnvelope,
    sender: Sender,
    taken: TakenRoutes,
  ): Promise<Speaker | undefined> {
    if (sender.kind === 'neighbour') return undefined;
    const plain = this.unnamed(envelope, sender, taken)!;
    if (!namesItsSender(request.method)) return { party: plain, intercom: false };
    const device = await this.#deviceOf(sender.binding.deviceName, isWithinCall(taken));
    if (device === undefined) return { party: plain, intercom: false };
    const hidden = plain.hidden || asksToHide(headerAll(request, 'privacy'));
    return { party: partyOf(device, userOf(envelope.from), hidden), intercom: device.intercom === true };
  }

  /** The same without its display name, for requests that change no display. */
  unnamed(envelope: RequestEnvelope, sender: Sender, taken: TakenRoutes): Party | undefined {
    if (sender.kind === 'neighbour') return undefined;
    const { deviceName, numbers } = sender.binding;
    const user = userOf(envelope.from);
    const number = user !== undefined && user.toUpperCase() !== deviceName ? user : (numbers[0] ?? deviceName);
    return { number, display: '', hidden: taken.sides?.hidden === true && taken.sides.left === deviceName };
  }

  /** How whoever answers is named to the asker. Undefined: nobody is, or another node does it. */
  async answerer(
    { method }: SipRequest,
    { to, uri }: RequestEnvelope,
    hop: Hop,
  ): Promise<((response: SipResponse) => Party) | undefined> {
    if (hop.toNode === true || !namesItsSender(method)) return undefined;
    const name = hop.binding?.deviceName ?? hop.to;
    const device = name === undefined ? undefined : await this.#deviceOf(name, hop.withinCall === true);
    if (device === undefined) return undefined;
    const asked = hop.withinCall !== true && uri.kind === 'sip' ? decodedUser(uri.uri)?.split(';', 1)[0] : userOf(to);
    const hiddenCaller = hop.sides.hidden === true && hop.sides.left === name;
    return (response) => partyOf(device, asked, hiddenCaller || asksToHide(headerAll(response, 'privacy')));
  }

  /** A call that is up goes on while the records cannot be read: nobody is named then. */
  async #deviceOf(name: string, withinCall: boolean): Promise<RegisteringDevice | undefined> {
    const asked = this.#node.options.directory.byName(name);
    return withinCall ? asked.catch(() => undefined) : asked;
  }
}

function isWithinCall({ sides, initial }: TakenRoutes): boolean {
  return sides !== undefined && initial === undefined;
}

/** The sender's side of a call, and the other. */
function endsOf(sender: Sender, { sides }: TakenRoutes): readonly [me: string, other: string] {
  const me = sender.kind === 'phone' ? sender.binding.deviceName : neighbour;
  return [me, me === sides?.left ? sides.right : (sides?.left ?? '')];
}

function userOf(address: Address): string | undefined {
  const uri = sipUriOf(address);
  return uri === undefined ? undefined : decodedUser(uri);
}
