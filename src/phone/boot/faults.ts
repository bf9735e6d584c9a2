import { Fault, type FaultOf, type FaultOptions } from '../../kernel/errors.ts';

/**
 * Everything that can end a boot. The names of the spec's §6 are kept as they are; the rest are the phone's own.
 * The table below gives each its class (the exit code) and what the person in front of the phone should do.
 */
const faults = {
  // Finding the system
  dhcp_unavailable: [10, 'ours', 'Run as root on a host with that interface up, or name the server with --tftp HOST.'],
  dhcp_no_answer: [10, 'peer', 'Check the cable, the VLAN and the DHCP scope, or name the server with --tftp HOST.'],
  dhcp_no_tftp_server: [10, 'peer', 'Add option 150 with the addresses of the TFTP servers to the DHCP scope.'],
  tftp_unreachable: [10, 'peer', 'Check that the TFTP service runs and that UDP 69 or TCP 6970 reaches it.'],
  // Finding the way in from outside
  cloud_unreachable: [
    10,
    'peer',
    'Check the Internet connection of the phone; if it works, try again in some minutes.',
  ],
  dns_unreachable: [10, 'peer', 'Check the Internet connection of the phone and which DNS server it was given.'],
  edge_not_found: [
    10,
    'peer',
    'The administrator should add the SRV record _collab-edge._tls of the domain to the public DNS.',
  ],
  edge_unreachable: [
    10,
    'peer',
    'Check the Internet connection of the phone; the administrator should check that Expressway-E runs and TCP 8443 and 5061 reach it.',
  ],
  // Files
  configuration_missing: [11, 'peer', 'Check that the TFTP service of this cluster serves XMLDefault.cnf.xml.'],
  configuration_unusable: [11, 'peer', 'Save the phone again on the server, so that its file is built anew.'],
  configuration_untrusted: [
    11,
    'peer',
    'The file is not signed by this cluster: check which TFTP server DHCP names; if this cluster is the right one now, erase the phone (factory reset, --erase).',
  ],
  file_older: [
    11,
    'peer',
    'Somebody serves files from before: check which TFTP server DHCP names. After a restore, restart the nodes.',
  ],
  not_offered: [
    11,
    'policy',
    'Add the phone to the system, or set the On-Premise Onboarding Method of its model to Activation Code.',
  ],
  configuration_not_ready: [
    11,
    'peer',
    'The phone is activated, its file is not there yet: start it again in a minute.',
  ],
  // The code, before anything is sent
  domain_invalid: [12, 'caller', 'A service domain looks like example.org: compare it with the one you were given.'],
  code_missing: [12, 'caller', 'Enter the 16-digit activation code.'],
  code_length: [12, 'caller', 'An activation code has 16 digits: compare it with the one you were given.'],
  code_check_digit: [
    12,
    'caller',
    'A digit is wrong or two are swapped: compare the code with the one you were given.',
  ],
  // Trust
  trust_mismatch: [13, 'peer', 'Do not enter the code again: tell the administrator that this server is not trusted.'],
  server_proof_failed: [
    13,
    'peer',
    'Do not enter the code again: the server could not prove that it knows it. Tell the administrator.',
  ],
  token_unusable: [
    13,
    'peer',
    'The token the server gave is not for this phone: tell the administrator, then ask for a new code.',
  ],
  // The phone's certificate
  mic_unusable: [14, 'caller', 'Give the phone a certificate and its key, in PEM, that belong together.'],
  mic_required: [14, 'policy', "The server did not see the phone's certificate: check what stands between them."],
  mic_untrusted: [14, 'policy', "Add the manufacturer's root certificate to CallManager-trust."],
  mic_expired: [14, 'policy', 'Allow expired certificates of this manufacturer until a date, or use another phone.'],
  mic_not_yet_valid: [14, 'policy', 'Check the clock of the server.'],
  mic_revoked: [14, 'policy', 'This phone is denied, or its certificate was revoked: ask the administrator.'],
  mic_subject_invalid: [14, 'policy', 'The certificate does not name a supported model and MAC address.'],
  mic_purpose: [14, 'policy', 'The certificate is not made for a phone.'],
  mic_weak: [14, 'policy', 'The certificate is too weak: mark its root as legacy, or use another phone.'],
  mic_proof_invalid: [14, 'policy', "The phone's certificate and key do not belong together."],
  // The code, at the server
  code_not_accepted: [15, 'policy', 'Compare the code with the one you were given; if it is right, ask for a new one.'],
  code_expired: [15, 'policy', 'Ask the administrator to release this code and generate a new one.'],
  code_already_used: [15, 'policy', 'Each code works once: ask the administrator for a code for this phone.'],
  code_released: [15, 'policy', 'The code was withdrawn: ask the administrator for the new one.'],
  model_mismatch: [
    15,
    'policy',
    'The code belongs to another phone model: use it there, or ask for one for this model.',
  ],
  mac_mismatch: [15, 'policy', 'The code belongs to another phone: use it there, or ask for one for this phone.'],
  mode_not_allowed: [15, 'policy', 'The code may not be used in this network: ask the administrator.'],
  device_name_conflict: [
    15,
    'policy',
    'This phone exists already: the administrator should delete the old record first.',
  ],
  device_disabled: [15, 'policy', 'The record of this phone is switched off: ask the administrator.'],
  // The activation service
  activation_unreachable: [16, 'peer', 'Check that a Device Activation Service runs and that its port is reachable.'],
  busy: [16, 'peer', 'The activation service is busy or switched off: try again later.'],
  rate_limited: [16, 'peer', 'Too many attempts from here: try again later.'],
  session_expired: [16, 'peer', 'The handshake took too long: try again.'],
  session_channel_mismatch: [16, 'peer', 'Something between phone and server changes the connection: check proxies.'],
  bad_request: [16, 'peer', 'Phone and server do not understand each other: compare their versions.'],
  unsupported_suite: [16, 'peer', 'The server does not speak AC-SRP-1: compare the versions.'],
  internal: [16, 'peer', 'The activation service failed: give its reference to the administrator.'],
  protocol_error: [16, 'peer', 'The activation service answers what the phone cannot read: compare the versions.'],
  tokens_missing: [
    16,
    'policy',
    'The administrator should switch on OAuth with Refresh Login Flow and give the phone a new code.',
  ],
  access_withdrawn: [
    17,
    'policy',
    'The phone may no longer register: ask the administrator for a new activation code.',
  ],
  // Registration
  registration_refused: [17, 'policy', "See the reason the server gives, and the phone's record there."],
  registration_unreachable: [
    17,
    'peer',
    "Check that a node of the phone's Call Manager group runs and its SIP port is reachable.",
  ],
  call_failed: [19, 'peer', 'Check the number, and that the other phone is registered.'],
  // The phone itself
  state_not_stored: [18, 'ours', 'Check the state directory: space and permission.'],
  usage: [2, 'caller', 'See firstring phone --help.'],
  stopped: [130, 'caller', 'Start the phone again.'],
  defect: [70, 'ours', 'This is a defect: report it with the output of --json.'],
} as const satisfies Readonly<Record<string, readonly [number, FaultOf, string]>>;

export type PhoneFaultCode = keyof typeof faults;

/** Why a boot ended, with the remedy for the person in front of the phone. */
export class PhoneFault extends Fault<PhoneFaultCode> {
  constructor(code: PhoneFaultCode, message: string, options: FaultOptions = {}) {
    const [, of, remedy] = faults[code];
    super(of, code, message, { remedy, ...options });
  }
}

export function isPhoneFaultCode(text: string): text is PhoneFaultCode {
  return Object.hasOwn(faults, text);
}

export function remedyOf(code: PhoneFaultCode): string {
  return faults[code][2];
}

/** 2 usage · 10 finding the system · 11 files · 12 code as typed · 13 trust · 14 certificate · 15 code refused · 16 activation service · 17 registration · 18 state · 19 call · 20 part of a fleet · 70 defect · 130 stopped. */
export function exitCodeOf(code: PhoneFaultCode): number {
  return faults[code][0];
}

export const allPhoneFaultCodes = Object.keys(faults) as readonly PhoneFaultCode[];
