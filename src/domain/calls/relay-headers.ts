/** Who a message comes from: a phone, or another node of the cluster that has looked at it already. */
export type RelaySource = 'phone' | 'node';

export interface HeaderRights {
  readonly from: RelaySource;
  readonly method: string;
  /** The caller's SIP profile lets it ask the other phone to answer by itself. */
  readonly intercom: boolean;
}

/**
 * pass: as it is. rewritten: only what is known to be harmless of it. Everything else stays behind: a header that nobody has looked at may mean an order
 * to some phone (pick up by itself, open this address, show this name).
 */
export type HeaderFate = 'pass' | 'rewritten' | 'dropped';

/** In both directions. */
const session = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-id',
  'mime-version',
  'supported',
  'allow',
  'accept',
  'accept-encoding',
  'accept-language',
  'session-expires',
  'min-se',
  'session-id',
  'timestamp',
  'recv-info',
];
const rewritten = ['from', 'to', 'contact', 'require', 'call-id', 'cseq', 'reason'];
/** What only some methods carry. */
const requestOnly: Readonly<Record<string, readonly string[]>> = {
  INVITE: ['expires', 'replaces', 'call-info', 'alert-info', 'answer-mode'],
  INFO: ['info-package'],
  MESSAGE: ['expires'],
  NOTIFY: ['event', 'subscription-state'],
  PRACK: ['rack'],
  REFER: ['refer-to', 'refer-sub'],
};
/** Ask a phone to pick up by itself. */
const intercomOnly = new Set(['call-info', 'alert-info', 'answer-mode']);
const responseOnly = new Set([
  'record-route',
  'rseq',
  'retry-after',
  'unsupported',
  'min-expires',
  'refer-sub',
  'warning',
]);
/** The registrar's to write: they come from other nodes only. */
const registrarOnly = new Set(['p-asserted-identity', 'remote-party-id', 'referred-by', 'record-route', 'route']);

const both = new Set(session);
const looked = new Set(rewritten);

/** `key`: lower case, long form. */
export function requestHeader(key: string, rights: HeaderRights): HeaderFate {
  if (registrarOnly.has(key)) return rights.from === 'node' ? 'pass' : key === 'route' ? 'pass' : 'dropped';
  if (looked.has(key)) return key === 'reason' && rights.method !== 'BYE' ? 'dropped' : 'rewritten';
  if (both.has(key)) return 'pass';
  if (requestOnly[rights.method]?.includes(key) !== true) return 'dropped';
  if (intercomOnly.has(key)) {
    if (rights.from === 'node') return 'pass';
    return rights.intercom ? 'rewritten' : 'dropped';
  }
  return key === 'refer-to' ? 'rewritten' : 'pass';
}

export function responseHeader(key: string, from: RelaySource): HeaderFate {
  if (key === 'p-asserted-identity' || key === 'remote-party-id') return from === 'node' ? 'pass' : 'dropped';
  // Words for a person: a phone does not put its own on another's display.
  if (key === 'warning') return from === 'node' ? 'pass' : 'dropped';
  if (key === 'record-route') return 'rewritten';
  if (looked.has(key)) return 'rewritten';
  return both.has(key) || responseOnly.has(key) ? 'pass' : 'dropped';
}

/** Option tags that would make the other phone do what the caller may not ask for. */
const forbiddenTags = new Set(['answermode', 'join', 'path', 'outbound', 'tdialog']);

export function mayRequire(tag: string, intercom: boolean): boolean {
  const lower = tag.toLowerCase();
  return !forbiddenTags.has(lower) || (intercom && lower === 'answermode');
}

/** Contact parameters that tell what a phone can do, and not what it is called. */
const features = new Set(['audio', 'video', 'bfcp', 'isfocus', 'text', 'methods']);

export function mayNameInContact(parameter: string): boolean {
  return features.has(parameter.toLowerCase());
}

/**
 * The status that is passed on for a phone's own. A phone asks nobody for a password (401, 407), sends nobody to another proxy (305), and a fault of its
 * own is not this server's (503).
 */
export function relayedStatus(status: number): number {
  if (status === 401 || status === 407) return 403;
  if (status === 305) return 480;
  return status;
}
