import type { TimerValues } from './timers.ts';

/** RFC 3261 §17.2 with the accepted state of RFC 6026. Its owner keeps the request and the last response. */
export interface ServerTransaction {
  readonly invite: boolean;
  readonly reliable: boolean;
  readonly state: 'trying' | 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';
  readonly interval: number;
}

export type ServerTimer = 'G' | 'H' | 'I' | 'J' | 'L';

export type ServerEvent =
  /** The same request again. */
  | { readonly type: 'request' }
  | { readonly type: 'ack' }
  /** The user's response. */
  | { readonly type: 'respond'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: ServerTimer }
  | { readonly type: 'transportFailed' };

export type ServerEffect =
  /** Send the response just given. It becomes the last response, but for repeated 2xx to INVITE that changes nothing. */
  | { readonly type: 'send' }
  /** Send the last response again. */
  | { readonly type: 'resend' }
  | { readonly type: 'timer'; readonly timer: ServerTimer; readonly ms: number }
  /** The refusal was never acknowledged. */
  | { readonly type: 'unacknowledged' }
  | { readonly type: 'ended' };

export interface ServerStep {
  readonly state: ServerTransaction;
  readonly effects: readonly ServerEffect[];
}

export function serverTransaction(method: string, reliable: boolean): ServerTransaction {
  const invite = method === 'INVITE';
  return { invite, reliable, state: invite ? 'proceeding' : 'trying', interval: 0 };
}

const stay = (state: ServerTransaction): ServerStep => ({ state, effects: [] });

function ended(machine: ServerTransaction, ...effects: ServerEffect[]): ServerStep {
  return { state: { ...machine, state: 'terminated' }, effects: [...effects, { type: 'ended' }] };
}

export function stepServer(machine: ServerTransaction, event: ServerEvent, timers: TimerValues): ServerStep {
  if (machine.state === 'terminated') return stay(machine);
  if (event.type === 'transportFailed') return ended(machine);
  return machine.invite ? stepInvite(machine, event, timers) : stepOther(machine, event, timers);
}

type Event = Exclude<ServerEvent, { type: 'transportFailed' }>;

function stepInvite(machine: ServerTransaction, event: Event, timers: TimerValues): ServerStep {
  const { state, reliable } = machine;
  switch (event.type) {
    case 'request':
      return state === 'proceeding' || state === 'completed'
        ? { state: machine, effects: [{ type: 'resend' }] }
        : stay(machine);
    case 'ack':
      if (state !== 'completed') return stay(machine);
      if (reliable) return ended(machine);
      return { state: { ...machine, state: 'confirmed' }, effects: [{ type: 'timer', timer: 'I', ms: timers.t4 }] };
    case 'respond':
      return respondInvite(machine, event.status, timers);
    case 'timer':
      if (event.timer === 'G' && state === 'completed') {
        const interval = Math.min(machine.interval * 2, timers.t2);
        const effects: ServerEffect[] = [{ type: 'resend' }, { type: 'timer', timer: 'G', ms: interval }];
        return { state: { ...machine, interval }, effects };
      }
      if (event.timer === 'H' && state === 'completed') return ended(machine, { type: 'unacknowledged' });
      if (event.timer === 'I' && state === 'confirmed') return ended(machine);
      if (event.timer === 'L' && state === 'accepted') return ended(machine);
      return stay(machine);
  }
}

function respondInvite(machine: ServerTransaction, status: number, timers: TimerValues): ServerStep {
  const { state, reliable } = machine;
  const send: ServerEffect = { type: 'send' };
  // A proxy passes every 2xx of every branch, so the accepted state lets them through (RFC 6026 §7.1).
  if (state === 'accepted') return status >= 200 && status < 300 ? { state: machine, effects: [send] } : stay(machine);
  if (state !== 'proceeding') return stay(machine);
  if (status < 200) return { state: machine, effects: [send] };
  if (status < 300) {
    const accepted = { ...machine, state: 'accepted' } as const;
    return { state: accepted, effects: [send, { type: 'timer', timer: 'L', ms: 64 * timers.t1 }] };
  }
  const effects: ServerEffect[] = [send, { type: 'timer', timer: 'H', ms: 64 * timers.t1 }];
  if (!reliable) effects.push({ type: 'timer', timer: 'G', ms: timers.t1 });
  return { state: { ...machine, state: 'completed', interval: timers.t1 }, effects };
}

function stepOther(machine: ServerTransaction, event: Event, timers: TimerValues): ServerStep {
  const { state, reliable } = machine;
  switch (event.type) {
    case 'request':
      return state === 'proceeding' || state === 'completed'
        ? { state: machine, effects: [{ type: 'resend' }] }
        : stay(machine);
    case 'respond': {
      if (state !== 'trying' && state !== 'proceeding') return stay(machine);
      const send: ServerEffect = { type: 'send' };
      if (event.status < 200) return { state: { ...machine, state: 'proceeding' }, effects: [send] };
      if (reliable) return ended(machine, send);
      const completed = { ...machine, state: 'completed' } as const;
      return { state: completed, effects: [send, { type: 'timer', timer: 'J', ms: 64 * timers.t1 }] };
    }
    case 'timer':
      return event.timer === 'J' && state === 'completed' ? ended(machine) : stay(machine);
    case 'ack':
      return stay(machine);
  }
}
