import type { BindingFlow } from './binding.ts';
import type { RefusalCode, RegisteringDevice, RegistrationDirectory, UnknownPhone } from './ports.ts';

/** Who a connection's certificate says it is. */
export type FlowIdentity =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'certificate';
      readonly deviceName: string;
      /** `CP-8845`, as the certificate says. */
      readonly product?: string | undefined;
    }
  /** A certificate was shown, and refused. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface Claim {
  /** User part of To: a directory number or device name. */
  readonly aor: string;
  /** Device name in the Contact, when there is one. */
  readonly contactDevice: string | undefined;
  /** User name of the digest credentials, when there are some. */
  readonly username: string | undefined;
  /** Type id of the model in the Contact, when there is one. */
  readonly contactModel?: string | undefined;
  /** False for a REGISTER that only ends, asks or keeps alive: it makes nobody known. */
  readonly binds?: boolean | undefined;
  readonly identity: FlowIdentity;
  readonly flow: BindingFlow;
  /** Which door it came through. `token`: an access token will prove it, together with the certificate it is bound to. Left out: `line`. */
  readonly door?: 'line' | 'token' | undefined;
}

export type Identified =
  | {
      readonly kind: 'device';
      readonly device: RegisteringDevice;
      /** Its record was made for this very REGISTER: it has to read its file before it can do anything. */
      readonly newcomer?: boolean;
      /** Why it is refused all the same, to be told only once it has proved itself. */
      readonly later?: RefusalCode;
    }
  /** Several phones share the number: only credentials can tell which one this is. */
  | { readonly kind: 'ambiguous' }
  /**
   * Nobody has proved anything, and nobody can: it is challenged like a phone that is here, so that nobody learns which numbers and phones exist. The
   * code is for the timeline.
   */
  | { readonly kind: 'unproved'; readonly code: RefusalCode; readonly deviceName: string | undefined }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly deviceName: string | undefined };

const devicePattern = /^(?:SEP|BAT)[0-9A-F]{12}$/;

/**
 * Which device registers. The address of record must be the device's own name or one of its numbers; a certificate speaks for one device only.
 * Whether it may (lock, digest) is decided after it has proved itself.
 */
export async function identify(claim: Claim, directory: RegistrationDirectory): Promise<Identified> {
  const refused = (code: RefusalCode, deviceName?: string): Identified => ({ kind: 'refused', code, deviceName });
  const { identity, flow } = claim;
  const byToken = claim.door === 'token';
  const device = await find(claim, directory);
  if (device === 'ambiguous') return { kind: 'ambiguous' };
  const name = device?.name;
  // The answer to a certificate depends on the certificate alone, not on whether the number exists.
  if (identity.kind === 'refused' && (byToken || !isByDigest(device, flow)))
    return refused('certificate_refused', name);
  if (byToken && identity.kind === 'none') return refused('certificate_required', name);
  if (identity.kind === 'certificate' && identity.deviceName !== (name ?? claim.aor.toUpperCase())) {
    return refused('certificate_mismatch', name);
  }
  if (device === undefined) {
    return identity.kind === 'none'
      ? { kind: 'unproved', code: 'unknown_device', deviceName: undefined }
      : refused('unknown_device');
  }
  if (identity.kind === 'none' && device.authentication.kind === 'certificate') {
    return { kind: 'unproved', code: 'certificate_required', deviceName: device.name };
  }
  const code = objection(device, claim);
  if (code === undefined) return { kind: 'device', device };
  return identity.kind === 'none' && isByDigest(device) ? { kind: 'device', device, later: code } : refused(code, name);
}

function isByDigest(device: RegisteringDevice | undefined, flow?: BindingFlow): boolean {
  return device?.authentication.kind === 'digest' && (flow === undefined || device.transports.includes(flow.transport));
}

function objection(device: RegisteringDevice, { aor, contactDevice, door, flow }: Claim): RefusalCode | undefined {
  if (contactDevice !== undefined && contactDevice !== device.name) return 'certificate_mismatch';
  // A token is good over TLS, whatever the profile says of a phone inside.
  if (door !== 'token' && !device.transports.includes(flow.transport)) return 'transport_not_allowed';
  return owns(device, aor) ? undefined : 'aor_not_of_device';
}

/**
 * The phone behind a REGISTER that no record answers to, as far as it named itself: the address of record must be its own device name, and a certificate must
 * not say otherwise. Undefined: no phone that could be given a record.
 */
export function unknownPhoneOf(claim: Claim): UnknownPhone | undefined {
  // Nobody comes in by itself from outside.
  if (claim.door === 'token' || claim.binds === false) return undefined;
  const name = claim.aor.toUpperCase();
  if (!/^SEP[0-9A-F]{12}$/.test(name) || (claim.contactDevice !== undefined && claim.contactDevice !== name)) {
    return undefined;
  }
  const { identity } = claim;
  if (identity.kind === 'refused' || (identity.kind === 'certificate' && identity.deviceName !== name))
    return undefined;
  const proved = identity.kind === 'certificate';
  const model = proved ? identity.product : claim.contactModel;
  return { name, model, proved, sourceAddress: claim.flow.address };
}

export function owns(device: RegisteringDevice, aor: string): boolean {
  return aor.toUpperCase() === device.name || device.lines.some((line) => line.number === aor);
}

async function find(
  claim: Claim,
  directory: RegistrationDirectory,
): Promise<RegisteringDevice | 'ambiguous' | undefined> {
  const aorDevice = claim.aor.toUpperCase();
  if (claim.identity.kind === 'certificate') {
    const own = await directory.byName(claim.identity.deviceName);
    // A certificate of one phone never registers another: say so, rather than that its own record is missing.
    if (own !== undefined) return own;
    return devicePattern.test(aorDevice) ? directory.byName(aorDevice) : (await directory.byNumber(claim.aor))[0];
  }
  if (devicePattern.test(aorDevice)) return directory.byName(aorDevice);
  const sharing = await directory.byNumber(claim.aor);
  const named = claim.username?.toUpperCase() ?? claim.contactDevice;
  if (sharing.length <= 1) return sharing[0];
  if (named === undefined) return 'ambiguous';
  return sharing.find((device) => device.name === named) ?? 'ambiguous';
}
