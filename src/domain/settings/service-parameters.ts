import { callParameters } from './call-parameters.ts';
import type { ServiceParameterKind } from './parameter.ts';
import { tapsParameters } from './taps-parameters.ts';

const das = 'Device Activation Service';
const domainName =
  '^(?:(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)?$';

/** The catalogue. A value that is not stored is the default; a value stored for a node wins over the clusterwide one. */
export const serviceParameters: readonly ServiceParameterKind[] = [
  {
    service: das,
    name: 'Activation Time to Live (Hours)',
    group: 'Activation codes',
    help: 'How long a new activation code can be used. Codes that exist keep the time they were made with.',
    type: { kind: 'number', minimum: 1, maximum: 8760, unit: 'hours' },
    defaultValue: '168',
    perNode: false,
  },
  {
    service: das,
    name: 'Enable MRA Activation',
    group: 'Activation codes',
    help: 'Whether phones outside the network may be activated over Mobile & Remote Access.',
    type: { kind: 'boolean' },
    defaultValue: 'true',
    perNode: false,
  },
  {
    service: das,
    name: 'MRA Activation Domain',
    group: 'Activation codes',
    help: 'The domain whose _collab-edge._tls SRV record leads phones outside to the edge. Empty: not set up.',
    type: { kind: 'text', maxLength: 253, pattern: domainName },
    defaultValue: '',
    perNode: false,
  },
  {
    service: das,
    name: 'Locator Quarantine (Days)',
    group: 'Activation codes',
    help: 'How long the first seven digits of a code that has ended stay unused.',
    type: { kind: 'number', minimum: 1, maximum: 365, unit: 'days' },
    defaultValue: '30',
    perNode: false,
  },
  {
    service: 'CallManager',
    name: 'Auto-registration Without Manufacturing Certificate',
    group: 'Auto-registration',
    help: 'Whether phones that show no manufacturer-installed certificate may auto-register over TCP or UDP. Their model and MAC address are then as they say.',
    type: { kind: 'boolean' },
    defaultValue: 'false',
    perNode: false,
  },
  ...callParameters,
  ...tapsParameters,
];

export function serviceParameterKind(service: string, name: string): ServiceParameterKind | undefined {
  return serviceParameters.find((each) => each.service === service && each.name === name);
}
