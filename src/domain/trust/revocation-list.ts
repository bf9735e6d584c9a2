import { equalBytes } from '../../kernel/bytes.ts';
import {
  type DerElement,
  derBoolean,
  derChildren,
  derContext,
  derElements,
  derExpect,
  derObjectIdentifier,
  derOctetAligned,
  derTag,
  derTime,
  derUnsigned,
  readDer,
} from '../../kernel/der.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { readAuthorityKeyId, readSerialNumber, readSignatureAlgorithm, type SignedByIssuer } from './certificate.ts';

/** What is said of revocation lists. */
export const revocationLimits = {
  /** Of one list in DER. */
  octets: 4 * 1024 * 1024,
  /** Revoked certificates in all lists together. Edges are told each of them. */
  entries: 100_000,
  /** Lists. */
  lists: 64,
} as const;

/** Why a list that can be read cannot be used. */
export type RevocationListFlaw =
  | 'delta'
  | 'indirect'
  | 'attribute_certificates'
  | 'unknown_extension'
  | 'removal'
  | 'too_many';

export class UnfitRevocationList extends Error {
  readonly flaw: RevocationListFlaw;
  constructor(flaw: RevocationListFlaw) {
    super(flaw);
    this.name = 'UnfitRevocationList';
    this.flaw = flaw;
  }
}

/** A complete certificate revocation list (RFC 5280 §5), read strictly from the DER. Views share its memory. */
export interface RevocationList extends SignedByIssuer {
  /** As encoded. */
  readonly issuer: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  readonly number: bigint | undefined;
  readonly authorityKeyId: string | undefined;
  /** The IssuingDistributionPoint as encoded: for which part of the issuer's certificates the list speaks. Empty: for all. */
  readonly scope: Uint8Array;
  /** Serial numbers as certificates have them. Throws MalformedError or UnfitRevocationList where an entry is not to be used. */
  revoked(): Iterable<string>;
}

const oid = {
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  authorityKeyIdentifier: '2.5.29.35',
  freshestCrl: '2.5.29.46',
} as const;
/** Of CRLReason: an entry of a delta list that takes another back. */
const removeFromCrl = 8;

interface Extension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

function readExtensions(list: DerElement): readonly Extension[] {
  const seen = new Set<string>();
  return derChildren(derExpect(list, derTag.sequence)).map((extension) => {
    const parts = [...derChildren(derExpect(extension, derTag.sequence))];
    const id = derObjectIdentifier(parts.shift());
    if (seen.has(id)) throw new MalformedError('an extension appears twice');
    seen.add(id);
    const critical = parts[0]?.tag === derTag.boolean ? derBoolean(parts.shift()) : false;
    return { id, critical, value: derExpect(parts[0], derTag.octetString).content };
  });
}

/** RFC 5280 §5.2.5: [4] indirectCRL, [5] onlyContainsAttributeCerts. A list for a part of the certificates still says of each that it is revoked. */
function checkScope(value: Uint8Array): void {
  for (const part of derChildren(readDer(value, derTag.sequence))) {
    if (part.tag === derContext(4, false)) throw new UnfitRevocationList('indirect');
    if (part.tag === derContext(5, false)) throw new UnfitRevocationList('attribute_certificates');
    if (part.tag < derContext(0, false) || (part.tag & 0x1f) > 5) throw new MalformedError('IssuingDistributionPoint');
  }
}

function wholeNumber(value: Uint8Array): bigint {
  const octets = derUnsigned(readDer(value, derTag.integer));
  if (octets.length > 20) throw new MalformedError('the CRL number is too large');
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

function readListExtensions(list: DerElement | undefined) {
  let number: bigint | undefined;
  let authorityKeyId: string | undefined;
  let scope: Uint8Array = new Uint8Array();
  for (const { id, critical, value } of list ? readExtensions(list) : []) {
    switch (id) {
      case oid.crlNumber:
        number = wholeNumber(value);
        break;
      case oid.authorityKeyIdentifier:
        authorityKeyId = readAuthorityKeyId(value);
        break;
      case oid.issuingDistributionPoint:
        checkScope(value);
        scope = value;
        break;
      case oid.deltaCrlIndicator:
        throw new UnfitRevocationList('delta');
      case oid.freshestCrl:
        break;
      default:
        if (critical) throw new UnfitRevocationList('unknown_extension');
    }
  }
  return { number, authorityKeyId, scope };
}

/** The serial number of one entry. Its reason and date do not matter: what is listed is revoked, on hold too. */
function readEntry(entry: DerElement): string {
  const [serial, date, extensions, extra] = derChildren(derExpect(entry, derTag.sequence));
  derTime(date);
  if (extra) throw new MalformedError('an entry has too many parts');
  for (const { id, critical, value } of extensions ? readExtensions(extensions) : []) {
    if (id === oid.certificateIssuer) throw new UnfitRevocationList('indirect');
    if (id === oid.reasonCode) {
      const [reason] = derExpect(readDer(value), derTag.enumerated).content;
      if (reason === removeFromCrl) throw new UnfitRevocationList('removal');
    } else if (critical && id !== oid.invalidityDate) throw new UnfitRevocationList('unknown_extension');
  }
  return readSerialNumber(serial);
}

const isTime = (element: DerElement | undefined) =>
  element?.tag === derTag.utcTime || element?.tag === derTag.generalizedTime;

/**
 * Throws MalformedError on anything that is not strictly a revocation list, UnfitRevocationList on one of a kind that is not used here. Its entries
 * are read when they are asked for: only of a list whose signature is known to be good.
 */
export function readRevocationList(der: Uint8Array): RevocationList {
  if (der.length > revocationLimits.octets) throw new UnfitRevocationList('too_many');
  const [tbs, outerAlgorithm, signature, extra] = derChildren(readDer(der, derTag.sequence));
  if (tbs === undefined || outerAlgorithm === undefined || extra) throw new MalformedError('not a revocation list');
  const fields = [...derChildren(derExpect(tbs, derTag.sequence))];
  const second = fields[0]?.tag === derTag.integer && fields.shift();
  if (second && !(second.content.length === 1 && second.content[0] === 1)) throw new MalformedError('unknown version');
  const innerAlgorithm = fields.shift();
  if (innerAlgorithm === undefined || !equalBytes(innerAlgorithm.encoded, outerAlgorithm.encoded))
    throw new MalformedError('the two signature algorithms differ');
  const issuer = derExpect(fields.shift(), derTag.sequence).encoded;
  const thisUpdate = derTime(fields.shift());
  const nextUpdate = isTime(fields[0]) ? derTime(fields.shift()) : undefined;
  const entries = fields[0]?.tag === derTag.sequence ? fields.shift() : undefined;
  const extensions = fields[0]?.tag === derContext(0) ? fields.shift() : undefined;
  if (fields.length > 0) throw new MalformedError('a revocation list has too many parts');
  const [list, more] = extensions ? derChildren(extensions) : [];
  if (more || (extensions && !(second && list))) throw new MalformedError('extensions');
  return {
    tbs: tbs.encoded,
    signature: derOctetAligned(signature),
    signatureAlgorithm: readSignatureAlgorithm(outerAlgorithm),
    issuer,
    thisUpdate,
    nextUpdate,
    ...readListExtensions(list),
    *revoked() {
      let count = 0;
      for (const entry of entries ? derElements(entries) : []) {
        if (++count > revocationLimits.entries) throw new UnfitRevocationList('too_many');
        yield readEntry(entry);
      }
    },
  };
}
