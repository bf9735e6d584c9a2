import type { ServiceParameterKind } from './parameter.ts';

export const tapsServiceName = 'TAPS Service';

/** Names of the service parameters of TAPS. */
export const tapsParameter = {
  directoryNumber: 'TAPS Directory Number',
  ports: 'TAPS Ports',
  secured: 'Secure TAPS',
  locales: 'TAPS User Locales',
  attemptsPerPhone: 'Wrong Entries per Phone and Hour',
  attemptsPerNumber: 'Wrong PINs per Directory Number and Hour',
  firstMediaPort: 'Start Media Port',
  lastMediaPort: 'Stop Media Port',
} as const;

const group = 'Tool for Auto-Registered Phones Support';
const service = tapsServiceName;

/** Read at the start of each call: a change holds from the next call on. */
export const tapsParameters: readonly ServiceParameterKind[] = [
  {
    service,
    name: tapsParameter.directoryNumber,
    group,
    help: 'The number people dial at an auto-registered phone. Empty: TAPS cannot be reached. It wins over a phone that has the same number.',
    type: { kind: 'text', maxLength: 24, pattern: '^(?:[0-9*#]{1,24})?$' },
    defaultValue: '',
    perNode: false,
  },
  {
    service,
    name: tapsParameter.ports,
    group,
    help: 'How many people each node serves at once. Further callers hear the busy tone.',
    type: { kind: 'number', minimum: 1, maximum: 100 },
    defaultValue: '10',
    perNode: true,
  },
  {
    service,
    name: tapsParameter.secured,
    group,
    help: 'Whether callers must enter the PIN of the user who owns the prepared phone.',
    type: { kind: 'boolean' },
    defaultValue: 'false',
    perNode: false,
  },
  {
    service,
    name: tapsParameter.locales,
    group,
    help: 'Languages of the prompts. With both, callers choose first.',
    type: { kind: 'choice', choices: ['English', 'Chinese', 'English and Chinese'] },
    defaultValue: 'English',
    perNode: false,
  },
  {
    service,
    name: tapsParameter.attemptsPerPhone,
    group,
    help: 'Directory numbers that nothing is prepared for, and wrong PINs, that one phone may enter within an hour.',
    type: { kind: 'number', minimum: 1, maximum: 100 },
    defaultValue: '10',
    perNode: false,
  },
  {
    service,
    name: tapsParameter.attemptsPerNumber,
    group,
    help: 'Wrong PINs for one directory number within an hour, whatever phones they come from.',
    type: { kind: 'number', minimum: 1, maximum: 100 },
    defaultValue: '10',
    perNode: false,
  },
  {
    service,
    name: tapsParameter.firstMediaPort,
    group,
    help: 'First UDP port for the prompts.',
    type: { kind: 'number', minimum: 1024, maximum: 65_534 },
    defaultValue: '24576',
    perNode: true,
  },
  {
    service,
    name: tapsParameter.lastMediaPort,
    group,
    help: 'Last UDP port for the prompts.',
    type: { kind: 'number', minimum: 1025, maximum: 65_535 },
    defaultValue: '25599',
    perNode: true,
  },
];
