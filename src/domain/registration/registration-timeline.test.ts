import { describe, expect, it } from 'vitest';
import type { OnboardingEvent } from '../ports.ts';
import type { Binding } from './binding.ts';
import { registrationTimeline } from './registration-timeline.ts';

const binding = {
  deviceId: 'd1',
  deviceName: 'SEP001122334455',
  numbers: ['1001'],
  activeLoad: '',
  flow: { transport: 'tls', address: '192.0.2.7' },
} as unknown as Binding;

function told(kind: 'registered' | 'refreshed' | 'unregistered' | 'expired' | 'lost' | 'moved' | 'ended') {
  const events: OnboardingEvent[] = [];
  registrationTimeline({ record: (event) => void events.push(event) }, { now: () => 0 }).publish({ kind, binding });
  return events.map(({ step, result, reason }) => [step, result, reason]);
}

describe('the timeline of a registration', () => {
  it.each([
    ['registered', [['register', 'ok', undefined]]],
    ['refreshed', []],
    ['unregistered', [['unregister', 'info', undefined]]],
    ['expired', [['unregister', 'info', 'expired']]],
    ['moved', [['unregister', 'info', 'moved_to_other_node']]],
    ['ended', [['unregister', 'info', 'ended_by_system']]],
  ] as const)('%s', (kind, events) => expect(told(kind)).toEqual(events));

  it('does not call a phone unregistered whose connection broke: its registration is kept until it runs out', () => {
    expect(told('lost')).toEqual([['connection-lost', 'info', 'connection_lost']]);
  });
});
