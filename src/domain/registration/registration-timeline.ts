import type { Clock } from '../../kernel/clock.ts';
import type { OnboardingEvent, Timeline } from '../ports.ts';
import type { RegistrationEvent, RegistrationEvents } from './ports.ts';

/** The same refusal of the same phone is told once in this time, ms: a phone that keeps trying does not fill the timeline. */
const repeatMs = 60_000;
const remembered = 10_000;

/** Tells each phone's timeline what became of its registration. Refreshes are no news. */
export function registrationTimeline(timeline: Timeline, clock: Clock): RegistrationEvents {
  const told = new Map<string, number>();
  const isNews = (key: string): boolean => {
    const now = clock.now();
    if ((told.get(key) ?? Number.NEGATIVE_INFINITY) + repeatMs > now) return false;
    told.delete(key);
    told.set(key, now);
    for (const oldest of told.keys()) {
      if (told.size <= remembered) break;
      told.delete(oldest);
    }
    return true;
  };
  return {
    publish(event) {
      if (event.kind === 'refreshed') return;
      if (event.kind === 'refused') {
        const name = event.deviceName ?? (/^SEP[0-9A-F]{12}$/i.test(event.aor) ? event.aor.toUpperCase() : undefined);
        // A stranger that names no phone has no timeline.
        if (name === undefined || !isNews(`${name} ${event.code}`)) return;
        const { code, address } = event;
        timeline.record({ ...who(name), step: 'register', result: 'failed', reason: code, sourceAddress: address });
        return;
      }
      timeline.record(bindingEvent(event));
    },
  };
}

function bindingEvent({ kind, binding }: Exclude<RegistrationEvent, { kind: 'refused' }>): OnboardingEvent {
  const common = { ...who(binding.deviceName), deviceId: binding.deviceId, sourceAddress: binding.flow.address };
  const { transport } = binding.flow;
  if (kind === 'registered') {
    const { activeLoad, numbers } = binding;
    return {
      ...common,
      step: 'register',
      result: 'ok',
      detail: { transport, numbers, ...(activeLoad === '' ? {} : { activeLoad }) },
    };
  }
  const reason = reasons[kind];
  return {
    ...common,
    // Kept until it runs out: the phone may come back on another connection.
    step: kind === 'lost' ? 'connection-lost' : 'unregister',
    result: 'info',
    ...(reason === undefined ? {} : { reason }),
    detail: { transport },
  };
}

const reasons: Partial<Record<RegistrationEvent['kind'], string>> = {
  expired: 'expired',
  lost: 'connection_lost',
  moved: 'moved_to_other_node',
  ended: 'ended_by_system',
};

function who(name: string): { deviceName: string; mac?: string } {
  return name.startsWith('SEP') ? { deviceName: name, mac: name.slice(3) } : { deviceName: name };
}
