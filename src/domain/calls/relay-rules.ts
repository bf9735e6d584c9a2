/** What must be known of a request to decide whether it may pass from one phone to another. */
export interface RelayedRequest {
  readonly method: string;
  /** It belongs to a call that this cluster relayed to its sender: the Route proves so. */
  readonly withinCall: boolean;
  /** A To tag: it says that it belongs to a dialog. */
  readonly inDialog: boolean;
  /** Event package, lower case and without parameters. */
  readonly event: string | undefined;
  /** Media types of the body and of its parts, lower case and without parameters. */
  readonly bodies: readonly string[];
  /** Its sender was asked by REFER, within this call and a moment ago, to tell how the transfer goes. */
  readonly askedToNotify: boolean;
  /** It wants to take the place of a party of another call. */
  readonly replaces: boolean;
  /** Its sender was asked by REFER to do that for this very call. */
  readonly askedToReplace: boolean;
  /** It wants to enter another call. */
  readonly joins: boolean;
  /** What Refer-To asks for: a call to somebody, or anything else. */
  readonly refersTo: 'call' | 'other' | undefined;
}

export interface RelaySwitches {
  /** Text messages between phones. */
  readonly messages: boolean;
}

export type RelayVerdict =
  | { readonly kind: 'relay' }
  | { readonly kind: 'refuse'; readonly status: number; readonly words: string };

type Place = 'call' | 'alone';
type Rule = (request: RelayedRequest, switches: RelaySwitches) => RelayVerdict;

const relay: RelayVerdict = { kind: 'relay' };
const pass: Rule = () => relay;
const refuse =
  (status: number, words: string): Rule =>
  () => ({ kind: 'refuse', status, words });
const noCall = refuse(481, 'It belongs to no call that goes through this server');
const noEvents = refuse(489, 'Phones cannot be subscribed to');

const invite: Rule = ({ replaces, askedToReplace, joins }) => {
  if (joins) return { kind: 'refuse', status: 403, words: 'Nobody enters a call of others' };
  return replaces && !askedToReplace
    ? { kind: 'refuse', status: 403, words: 'Only who was asked to by a transfer takes the place of a party of a call' }
    : relay;
};

const refer: Rule = ({ refersTo }) =>
  refersTo === 'call' ? relay : { kind: 'refuse', status: 403, words: 'A transfer names a number to call' };

const notify: Rule = ({ event, askedToNotify }) =>
  event === 'refer' && askedToNotify
    ? relay
    : { kind: 'refuse', status: 403, words: 'Only the server notifies phones; others tell how a transfer goes' };

const message: Rule = (_, { messages }) =>
  messages ? relay : { kind: 'refuse', status: 403, words: 'Messages between phones are switched off' };

/** The whole of what a phone may send to another. What is not here does not pass. */
const rules: Readonly<Record<string, Readonly<Record<Place, Rule>>>> = {
  INVITE: { alone: invite, call: invite },
  ACK: { alone: noCall, call: pass },
  BYE: { alone: noCall, call: pass },
  CANCEL: { alone: noCall, call: noCall },
  PRACK: { alone: noCall, call: pass },
  UPDATE: { alone: noCall, call: pass },
  INFO: { alone: noCall, call: pass },
  OPTIONS: { alone: pass, call: pass },
  REFER: { alone: refuse(403, 'A phone is told to call somebody only within a call with it'), call: refer },
  NOTIFY: { alone: refuse(403, 'Only the server notifies phones'), call: notify },
  MESSAGE: { alone: message, call: message },
  SUBSCRIBE: { alone: noEvents, call: noEvents },
  PUBLISH: { alone: noEvents, call: noEvents },
};

/** Methods with a rule, in the order of Allow headers. */
export const relayedMethods: readonly string[] = Object.keys(rules);

const session = /^(?:application\/sdp|multipart\/(?:mixed|alternative|related))$/;
const nothing = /^(?!)/;
/** Bodies that may pass with each method. Of multipart ones, every part. */
const bodiesOf: Readonly<Record<string, RegExp>> = {
  INVITE: session,
  ACK: session,
  PRACK: session,
  UPDATE: session,
  OPTIONS: session,
  INFO: /^(?:application\/dtmf(?:-relay)?|application\/media_control\+xml|audio\/telephone-event)$/,
  NOTIFY: /^message\/sipfrag$/,
  MESSAGE: /^(?:text\/(?:plain|html)|application\/im-iscomposing\+xml|message\/(?:cpim|imdn\+xml))$/,
  BYE: nothing,
  REFER: nothing,
};
/** Orders to a phone that only its server gives. */
const order = /^(?:application\/x-cisco-|message\/external-body$)/;

/** RFC 3261 leaves it to a proxy's policy; this is ours (who may send what to a phone that is not his). */
export function judgeRelay(request: RelayedRequest, switches: RelaySwitches): RelayVerdict {
  const rule = rules[request.method];
  if (rule === undefined) return { kind: 'refuse', status: 405, words: 'Phones do not send this to each other' };
  // A stranger to a call must not pass for a party by adding a tag.
  if (request.inDialog && !request.withinCall && rule.alone !== noEvents && request.method !== 'NOTIFY') {
    return noCall(request, switches);
  }
  const verdict = rule[request.withinCall ? 'call' : 'alone'](request, switches);
  if (verdict.kind === 'refuse') return verdict;
  if (request.bodies.some((type) => order.test(type))) {
    return { kind: 'refuse', status: 403, words: 'Only the server gives orders to phones' };
  }
  const fits = request.bodies.every((type) => mayCarry(request.method, type));
  // A call must end, whatever is written under its BYE; that part is left out.
  if (fits || request.method === 'BYE' || request.method === 'ACK') return relay;
  return { kind: 'refuse', status: 415, words: 'Phones do not send each other bodies of this type with this method' };
}

/** Whether a body of this type (lower case, no parameters) may pass to another phone with a request of this method, or with its answer. */
export function mayCarry(method: string, type: string): boolean {
  return (bodiesOf[method] ?? nothing).test(type);
}
