import type { PhoneDemand } from '../../domain/edge/phone-routes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { readConfirm, readProve, readStart, UnsupportedSuiteError } from '../../protocol/activation/messages.ts';
import { writeEdgeConfigDemand, writeFileDemand } from '../../protocol/tunnel/requests.ts';
import { EdgeRefusal } from './phone-answer.ts';

/** What the phone sent beside the request line. */
export interface PhoneMessage {
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

const readers = { start: readStart, prove: readProve, confirm: readConfirm } as const;

/**
 * The body that goes through the tunnel, written anew from what was understood: nothing of the phone's octets is passed on. Throws EdgeRefusal
 * `bad_request`.
 */
export function rebuildBody(demand: PhoneDemand, message: PhoneMessage): string {
  switch (demand.route) {
    case 'start':
    case 'prove':
    case 'confirm':
      refuseOtherType(message.contentType, 'application/json');
      return rebuildJson(demand.route, message.body);
    case 'token':
      refuseOtherType(message.contentType, 'application/x-www-form-urlencoded');
      return rebuildForm(message.body);
    case 'config':
      refuseBody(message.body);
      return writeFileDemand({ authorization: message.authorization ?? '', name: demand.name });
    case 'edgeConfig':
      refuseBody(message.body);
      return writeEdgeConfigDemand(demand);
  }
}

function refuseOtherType(given: string | undefined, wanted: string): void {
  const type = (given ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== wanted) throw new EdgeRefusal('bad_request', `The content type must be ${wanted}.`);
}

function refuseBody(body: string): void {
  if (body !== '') throw new EdgeRefusal('bad_request', 'This request has no body.');
}

/** The messages are read as the node will read them; a suite this edge does not know is the node's to refuse. Throws EdgeRefusal `bad_request`. */
export function rebuildJson(step: 'start' | 'prove' | 'confirm', body: string): string {
  try {
    readers[step](body);
  } catch (error) {
    if (error instanceof UnsupportedSuiteError) return rewritten(body);
    if (error instanceof MalformedError) throw new EdgeRefusal('bad_request', `${error.message}.`);
    throw error;
  }
  return rewritten(body);
}

/** Of a body that a reader has found strict (no member twice): the platform's own parser then reads the same. */
const rewritten = (body: string) => JSON.stringify(JSON.parse(body));

const formMembers: Readonly<Record<string, RegExp>> = {
  grant_type: /^refresh_token$/,
  refresh_token: /^[A-Za-z0-9._~+/=-]{1,4096}$/,
  client_id: /^[A-Za-z0-9._~-]{1,128}$/,
  // Ours: the same value with the same token is the same request, asked again.
  request_id: /^[A-Za-z0-9_-]{16,64}$/,
  scope: /^[A-Za-z0-9._~ :-]{1,512}$/,
};

/** RFC 6749 §6 and RFC 8705: a refresh, and only that. Each member once. Throws EdgeRefusal `bad_request`. */
export function rebuildForm(body: string): string {
  const rebuilt = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(body)) {
    const form = Object.hasOwn(formMembers, name) ? formMembers[name] : undefined;
    if (form === undefined) continue;
    if (rebuilt.has(name)) throw new EdgeRefusal('bad_request', `${name} is given twice.`);
    if (!form.test(value)) throw new EdgeRefusal('bad_request', `${name} has not the required form.`);
    rebuilt.set(name, value);
  }
  if (!rebuilt.has('grant_type') || !rebuilt.has('refresh_token')) {
    throw new EdgeRefusal('bad_request', 'grant_type=refresh_token and refresh_token are required.');
  }
  return rebuilt.toString();
}

/** Whether a request may be sent inside a second time when it is not known what became of the first. */
export function mayRepeat(route: PhoneDemand['route'], body: string): boolean {
  // A refresh token is used up by the first answer, lost or not, unless the request says which one it is. All else may be asked again: a start ends the
  // one before it, a sid serves one prove (the phone then runs once more and gets the same activation), the others change nothing twice.
  return route !== 'token' || /(?:^|&)request_id=/.test(body);
}
