import type { TimerValues } from './timers.ts';

/** RFC 3261 §17.1 with the accepted state of RFC 6026. The machine holds no message: its owner keeps the request and passes responses on. */
export interface ClientTransaction {
  readonly invite: boolean;
  /** TCP and TLS: nothing is retransmitted. */
  readonly reliable: boolean;
  readonly state: 'initial' | 'calling' | 'trying' | 'proceeding' | 'accepted' | 'completed' | 'terminated';
  /** Current retransmission interval, ms. */
  readonly interval: number;
}

export type ClientTimer = 'A' | 'B' | 'D' | 'E' | 'F' | 'K' | 'M';

export type ClientEvent =
  | { readonly type: 'start' }
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: ClientTimer }
  | { readonly type: 'transportFailed' };

export type ClientEffect =
  /** Send the request (again). */
  | { readonly type: 'send' }
  /** Acknowledge the final non-2xx response that has just arrived (again). */
  | { readonly type: 'ack' }
  /** Hand the response that has just arrived to the user. */
  | { readonly type: 'deliver' }
  | { readonly type: 'timer'; readonly timer: ClientTimer; readonly ms: number }
  /** Nobody answered: as if a 408 had come. */
  | { readonly type: 'timedOut' }
  /** As if a 503 had come. */
  | { readonly type: 'transportFailed' }
  /** Forget the transaction and its timers. */
  | { readonly type: 'ended' };

export interface ClientStep {
  readonly state: ClientTransaction;
  readonly effects: readonly ClientEffect[];
}

export function clientTransaction(method: string, reliable: boolean): ClientTransaction {
  return { invite: method === 'INVITE', reliable, state: 'initial', interval: 0 };
}

export function stepClient(machine: ClientTransaction, event: ClientEvent, timers: TimerValues): ClientStep {
  if (machine.state === 'terminated') return { state: machine, effects: [] };
  if (event.type === 'transportFailed') return ended(machine, { type: 'transportFailed' });
  return machine.invite ? stepInvite(machine, event, timers) : stepOther(machine, event, timers);
}

type Event = Exclude<ClientEvent, { type: 'transportFailed' }>;

const stay = (state: ClientTransaction): ClientStep => ({ state, effects: [] });

function ended(machine: ClientTransaction, ...effects: ClientEffect[]): ClientStep {
  return { state: { ...machine, state: 'terminated' }, effects: [...effects, { type: 'ended' }] };
}

function stepInvite(machine: ClientTransaction, event: Event, timers: TimerValues): ClientStep {
  const { state, reliable } = machine;
  if (event.type === 'start') {
    const effects: ClientEffect[] = [{ type: 'send' }, { type: 'timer', timer: 'B', ms: 64 * timers.t1 }];
    if (!reliable) effects.push({ type: 'timer', timer: 'A', ms: timers.t1 });
    return { state: { ...machine, state: 'calling', interval: timers.t1 }, effects };
  }
  if (event.type === 'timer') {
    if (event.timer === 'A' && state === 'calling') {
      const interval = machine.interval * 2;
      return {
        state: { ...machine, interval },
        effects: [{ type: 'send' }, { type: 'timer', timer: 'A', ms: interval }],
      };
    }
    if (event.timer === 'B' && state === 'calling') return ended(machine, { type: 'timedOut' });
    if (event.timer === 'D' && state === 'completed') return ended(machine);
    if (event.timer === 'M' && state === 'accepted') return ended(machine);
    return stay(machine);
  }
  const { status } = event;
  if (state === 'calling' || state === 'proceeding') {
    if (status < 200) return { state: { ...machine, state: 'proceeding' }, effects: [{ type: 'deliver' }] };
    if (status < 300) {
      const accepted = { ...machine, state: 'accepted' } as const;
      return { state: accepted, effects: [{ type: 'deliver' }, { type: 'timer', timer: 'M', ms: 64 * timers.t1 }] };
    }
    const finals: ClientEffect[] = [{ type: 'ack' }, { type: 'deliver' }];
    if (reliable) return ended(machine, ...finals);
    return {
      state: { ...machine, state: 'completed' },
      effects: [...finals, { type: 'timer', timer: 'D', ms: Math.max(32_000, 64 * timers.t1) }],
    };
  }
  // Each 2xx is the user's to acknowledge; a repeated refusal is acknowledged here.
  if (state === 'accepted' && status >= 200 && status < 300) return { state: machine, effects: [{ type: 'deliver' }] };
  if (state === 'completed' && status >= 300) return { state: machine, effects: [{ type: 'ack' }] };
  return stay(machine);
}

function stepOther(machine: ClientTransaction, event: Event, timers: TimerValues): ClientStep {
  const { state, reliable } = machine;
  if (event.type === 'start') {
    const effects: ClientEffect[] = [{ type: 'send' }, { type: 'timer', timer: 'F', ms: 64 * timers.t1 }];
    if (!reliable) effects.push({ type: 'timer', timer: 'E', ms: timers.t1 });
    return { state: { ...machine, state: 'trying', interval: timers.t1 }, effects };
  }
  const waiting = state === 'trying' || state === 'proceeding';
  if (event.type === 'timer') {
    if (event.timer === 'E' && waiting) {
      const interval = state === 'proceeding' ? timers.t2 : Math.min(machine.interval * 2, timers.t2);
      return {
        state: { ...machine, interval },
        effects: [{ type: 'send' }, { type: 'timer', timer: 'E', ms: interval }],
      };
    }
    if (event.timer === 'F' && waiting) return ended(machine, { type: 'timedOut' });
    if (event.timer === 'K' && state === 'completed') return ended(machine);
    return stay(machine);
  }
  if (!waiting) return stay(machine);
  if (event.status < 200) return { state: { ...machine, state: 'proceeding' }, effects: [{ type: 'deliver' }] };
  if (reliable) return ended(machine, { type: 'deliver' });
  const completed = { ...machine, state: 'completed' } as const;
  return { state: completed, effects: [{ type: 'deliver' }, { type: 'timer', timer: 'K', ms: timers.t4 }] };
}
