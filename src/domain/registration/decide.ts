import { type Binding, type BindingFlow, isReachable } from './binding.ts';
import type { RefusalCode, RegisteringDevice } from './ports.ts';

export interface OfferedContact {
  readonly uri: string;
  /** Seconds; undefined: the Expires header counts. */
  readonly expires: number | undefined;
  readonly instance: string;
  readonly keepAlive: boolean;
}

/** A REGISTER whose sender has proved to be the device. */
export interface Registering {
  readonly aor: string;
  /** undefined: `Contact: *`. Empty: only asks what is bound. */
  readonly contacts: readonly OfferedContact[] | undefined;
  readonly expires: number | undefined;
  readonly callId: string;
  readonly cseq: number;
  readonly flow: BindingFlow;
  /** Known by its certificate: the same certificate is the same phone, however often it restarts. */
  readonly byCertificate: boolean;
  /** It gave the right password. */
  readonly byDigest?: boolean;
  /** All lines of the device, not only the one of the address of record. */
  readonly bulk: boolean;
  readonly userAgent: string;
  readonly activeLoad: string;
  readonly inactiveLoad: string;
  /** The same credentials once more: nothing may change. */
  readonly repeated: boolean;
  /** Seconds its access token is still good for: no registration outlives it. */
  readonly tokenSeconds?: number | undefined;
}

export type Decision =
  | {
      readonly kind: 'accepted';
      /** To be stored, and those that they replace or that the phone gave up. */
      readonly put: readonly Binding[];
      readonly remove: readonly Binding[];
      /** Bindings of the device afterwards. */
      readonly bound: readonly Binding[];
      /** What to tell of its address of record: each contact with the seconds it has left. */
      readonly listed: readonly { readonly binding: Binding; readonly seconds: number }[];
      /** Seconds granted, the least of several; 0 when nothing is bound by this request. */
      readonly expires: number;
      /** At least one binding is new: not a refresh. */
      readonly fresh: boolean;
    }
  | { readonly kind: 'keep-alive' }
  /** A retransmission that nothing is bound for any more: it has to prove itself again. */
  | { readonly kind: 'challenge' }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly minimum?: number };

/** Shortest registration that is granted, seconds: below, refreshes would cost more than they tell. */
export const minimumExpires = 30;
/** How long after its end a binding is kept, so that a refresh on a slow network is still one. */
export const graceSeconds = 10;
const maxContacts = 4;

/** RFC 3261 §10.3 with the rules of the field: one client a line, clamped times, keep-alives that bind nothing. */
export function decide(
  device: RegisteringDevice,
  existing: readonly Binding[],
  request: Registering,
  now: number,
): Decision {
  if (!device.enabled) return { kind: 'refused', code: 'device_disabled' };
  // A phone that could come in by itself, were it not for a record that waits for a code (feature A11).
  if (device.locked) return { kind: 'refused', code: device.modelAutoRegisters ? 'record_exists' : 'phone_locked' };
  const accepted = (put: Binding[], remove: readonly Binding[], expires: number, fresh: boolean): Decision => {
    const gone = new Set(remove);
    const bound = [...existing.filter((each) => !gone.has(each)), ...put];
    const listed = bound
      .filter((each) => answersFor(each, device, request))
      .map((binding) => ({ binding, seconds: remaining(binding, now) }));
    return { kind: 'accepted', put, remove, bound, listed, expires, fresh };
  };
  if (request.contacts === undefined) {
    const ended = endAll(device, existing, request);
    return 'kind' in ended ? ended : accepted(ended.put, ended.remove, 0, false);
  }
  if (request.contacts.length > maxContacts) return { kind: 'refused', code: 'too_many_contacts' };
  if (request.contacts.length > 0 && request.contacts.every((contact) => contact.keepAlive))
    return { kind: 'keep-alive' };

  const put: Binding[] = [];
  const remove: Binding[] = [];
  let granted = 0;
  let fresh = false;
  for (const contact of request.contacts) {
    const requested = contact.expires ?? request.expires ?? 3600;
    const same = existing.find((each) => each.contact === contact.uri);
    if (same !== undefined && same.callId === request.callId) {
      if (request.cseq < same.cseq) return { kind: 'refused', code: 'out_of_order' };
      if (request.cseq === same.cseq) return accepted([], [], remaining(same, now), false);
    }
    if (request.repeated) return { kind: 'challenge' };
    if (requested === 0) {
      if (same !== undefined) remove.push(same);
      continue;
    }
    if (requested < minimumExpires) return { kind: 'refused', code: 'interval_too_brief', minimum: minimumExpires };
    const numbers = numbersOf(device, request);
    const replaced = existing.filter((each) => each === same || overlap(each.numbers, numbers));
    if (!replaced.every((each) => sameClient(each, request, contact))) {
      return { kind: 'refused', code: 'registered_elsewhere' };
    }
    const seconds = Math.min(requested, device.keepAliveSeconds, request.tokenSeconds ?? Number.POSITIVE_INFINITY);
    granted = granted === 0 ? seconds : Math.min(granted, seconds);
    // The same contact twice in one REGISTER: the last counts.
    const twice = put.findIndex((each) => each.contact === contact.uri);
    if (twice >= 0) put.splice(twice, 1);
    fresh ||= same === undefined || same.callId !== request.callId;
    remove.push(...replaced);
    put.push({
      deviceId: device.id,
      deviceName: device.name,
      contact: contact.uri,
      numbers,
      flow: request.flow,
      callId: request.callId,
      cseq: request.cseq,
      instance: contact.instance,
      userAgent: request.userAgent,
      activeLoad: request.activeLoad || (same?.activeLoad ?? ''),
      inactiveLoad: request.inactiveLoad || (same?.inactiveLoad ?? ''),
      registeredAt: same?.callId === request.callId ? same.registeredAt : now,
      refreshedAt: now,
      expiresAt: now + (seconds + graceSeconds) * 1000,
    });
  }
  return accepted(put, remove, granted, fresh);
}

/** `Contact: *` (RFC 3261 §10.2.2): ends what one address of record has bound. Of a phone registered in bulk, its first line stands for all. */
function endAll(
  device: RegisteringDevice,
  existing: readonly Binding[],
  request: Registering,
): { readonly put: Binding[]; readonly remove: readonly Binding[] } | (Decision & { kind: 'refused' | 'challenge' }) {
  if (request.expires !== 0) return { kind: 'refused', code: 'star_without_zero' };
  const its = existing.filter((each) => answersFor(each, device, request));
  if (its.some((each) => each.callId === request.callId && request.cseq <= each.cseq)) {
    return { kind: 'refused', code: 'out_of_order' };
  }
  if (request.repeated && its.length > 0) return { kind: 'challenge' };
  const all = request.bulk || !device.lines.some(({ number }) => number === request.aor);
  const put = its
    .filter(({ numbers }) => !all && numbers.length > 1 && numbers[0] !== request.aor)
    .map((each) => ({ ...each, numbers: each.numbers.filter((number) => number !== request.aor) }));
  return { put, remove: its };
}

/** Whether a binding is one of the address of record that the REGISTER names. */
function answersFor({ numbers }: Binding, device: RegisteringDevice, { aor, bulk }: Registering): boolean {
  const named = bulk || !device.lines.some(({ number }) => number === aor);
  return named || numbers.length === 0 || numbers.includes(aor);
}

/** Seconds the phone may still count on. */
function remaining(binding: Binding, now: number): number {
  return Math.max(0, Math.ceil((binding.expiresAt - now) / 1000) - graceSeconds);
}

function numbersOf(device: RegisteringDevice, { aor, bulk }: Registering): string[] {
  const all = device.lines.map((line) => line.number);
  return bulk || !all.includes(aor) ? all : [aor];
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 || b.length === 0 || a.some((number) => b.includes(number));
}

function sameClient(binding: Binding, request: Registering, contact: OfferedContact): boolean {
  if (request.byCertificate || binding.callId === request.callId || !isReachable(binding)) return true;
  if (binding.instance !== '' && contact.instance !== '') return binding.instance === contact.instance;
  // Who knows the password may move to another address: a new lease, from wireless to cable.
  return request.byDigest === true || binding.flow.address === request.flow.address;
}
