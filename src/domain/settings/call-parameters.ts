import type { ServiceParameterKind } from './parameter.ts';

/** Name of the service parameter that lets phones send each other text. */
export const relayMessagesParameter = 'Relay Messages Between Phones';

/** What phones may send each other beside calls. A change holds at once. */
export const callParameters: readonly ServiceParameterKind[] = [
  {
    service: 'CallManager',
    name: relayMessagesParameter,
    group: 'Calls',
    help: 'Whether text messages (SIP MESSAGE) pass from phone to phone. Off: they are refused with 403.',
    type: { kind: 'boolean' },
    defaultValue: 'false',
    perNode: false,
  },
];
