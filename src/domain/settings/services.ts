/** What a node can do, and what needs what. Administrators switch services per node; a node without a row for one follows `activatedByDefault`. */
export interface ServiceKind {
  readonly name: ServiceName;
  readonly group: 'CM Services' | 'Security Services' | 'Directory Services' | 'Database and Admin Services';
  readonly description: string;
  readonly activatedByDefault: boolean;
  /** Cannot run on a node without these. */
  readonly needs: readonly ServiceName[];
  /** For onboarding over MRA these should run on the node too; without them the activation of the service carries a warning. */
  readonly wantsForMra: readonly ServiceName[];
}

export type ServiceName =
  | 'CallManager'
  | 'TFTP'
  | 'Device Activation Service'
  | 'Trust Verification Service'
  | 'UDS'
  | 'TAPS Service';

export const services: readonly ServiceKind[] = [
  {
    name: 'CallManager',
    group: 'CM Services',
    description: 'Registers phones and passes calls between them (SIP over UDP, TCP and TLS).',
    activatedByDefault: true,
    needs: [],
    wantsForMra: [],
  },
  {
    name: 'TFTP',
    group: 'CM Services',
    description: 'Gives phones their trust list, configuration and firmware over TFTP and HTTP.',
    activatedByDefault: true,
    needs: [],
    wantsForMra: [],
  },
  {
    name: 'Device Activation Service',
    group: 'CM Services',
    description: 'Lets a phone in with its activation code and its manufacturing certificate.',
    activatedByDefault: true,
    needs: [],
    wantsForMra: ['UDS', 'CallManager'],
  },
  {
    name: 'Trust Verification Service',
    group: 'Security Services',
    description: 'Answers phones whether a certificate is to be trusted.',
    activatedByDefault: true,
    needs: [],
    wantsForMra: [],
  },
  {
    name: 'UDS',
    group: 'Directory Services',
    description: 'Tells devices and people about users and where they belong.',
    activatedByDefault: true,
    needs: [],
    wantsForMra: [],
  },
  {
    name: 'TAPS Service',
    group: 'Database and Admin Services',
    description: 'Lets somebody at an auto-registered phone turn it into the phone that was prepared for them.',
    activatedByDefault: false,
    needs: ['CallManager'],
    wantsForMra: [],
  },
];

export function serviceKind(name: string): ServiceKind | undefined {
  return services.find((each) => each.name === name);
}
