import { fromBase64url, toBase64url } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { listField, onlyMembers, parseObject, textField } from '../json/fields.ts';
import { instantField, nameForm, octetsItem, uuidForm } from './fields.ts';
import { type CloudKey, readCloudKey } from './key.ts';

/** Cluster and cloud: the exchange of a voucher for a client certificate, and that certificate's renewal. Readers throw MalformedError. */

export const enrolPath = '/v1/enrol';
/** `POST {csr}` over mutual TLS: a fresh certificate; the old one stays good until it ends or the new one is first used. */
export const renewPath = '/v1/certificate';

export interface EnrolRequest {
  /** As the operator gave it: voucher.ts. */
  readonly voucher: string;
  /** PKCS #10, DER. ECDSA P-256 or P-384, or RSA of at least 2048 bits; its names are not taken over. */
  readonly csr: Uint8Array;
  /** What the cloud's operator shall call this cluster; may be changed there. */
  readonly name: string;
}

const largestCsr = 8 * 1024;

/** A CSR in PEM, or in base64 or base64url of its DER. */
export function parseCsrText(text: string): Uint8Array {
  const pem = /^\s*-----BEGIN (NEW )?CERTIFICATE REQUEST-----([\s\S]*?)-----END \1?CERTIFICATE REQUEST-----\s*$/.exec(
    text,
  );
  const plain = (pem?.[2] ?? text)
    .replace(/\s+/g, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/={1,2}$/, '');
  const der = /^[A-Za-z0-9_-]+$/.test(plain) ? fromBase64url(plain) : undefined;
  if (der === undefined || der.length > largestCsr)
    throw new MalformedError('csr is neither PEM nor base64 of a PKCS #10 request');
  return der;
}

export function readEnrol(text: string): EnrolRequest {
  const message = parseObject(text);
  onlyMembers(message, ['voucher', 'csr', 'name']);
  return {
    voucher: textField(message, 'voucher', /^[\s\S]{1,400}$/),
    csr: parseCsrText(textField(message, 'csr')),
    name: message['name'] === undefined ? '' : textField(message, 'name', nameForm),
  };
}

export function writeEnrol(request: EnrolRequest): string {
  const { voucher, csr, name } = request;
  return JSON.stringify({ voucher, csr: toBase64url(csr), ...(name === '' ? {} : { name }) });
}

export function readRenew(text: string): { readonly csr: Uint8Array } {
  const message = parseObject(text);
  onlyMembers(message, ['csr']);
  return { csr: parseCsrText(textField(message, 'csr')) };
}

export function writeRenew(request: { readonly csr: Uint8Array }): string {
  return JSON.stringify({ csr: toBase64url(request.csr) });
}

/** The answer to both. */
export interface Enrolled {
  readonly clusterId: string;
  /** DER, the cluster's certificate first, the cloud's authority last. */
  readonly certificateChain: readonly Uint8Array[];
  /** Milliseconds since the epoch: renew well before. */
  readonly notAfter: number;
  readonly cloudKey: CloudKey;
  /** `iss` of the cloud's resolve answers. */
  readonly issuer: string;
}

export function readEnrolled(text: string): Enrolled {
  const message = parseObject(text);
  onlyMembers(message, ['cluster_id', 'certificate_chain', 'not_after', 'cloud_key', 'issuer']);
  return {
    clusterId: textField(message, 'cluster_id', uuidForm),
    certificateChain: listField(
      message,
      'certificate_chain',
      (item) => octetsItem(item, 'certificate_chain', 1, 16 * 1024),
      4,
    ),
    notAfter: instantField(message, 'not_after'),
    cloudKey: readCloudKey(message['cloud_key']),
    issuer: textField(message, 'issuer', /^https:\/\/[\x21-\x7e]{1,255}$/),
  };
}

export function writeEnrolled(enrolled: Enrolled): string {
  return JSON.stringify({
    cluster_id: enrolled.clusterId,
    certificate_chain: enrolled.certificateChain.map(toBase64url),
    not_after: new Date(enrolled.notAfter).toISOString(),
    cloud_key: enrolled.cloudKey.jwk,
    issuer: enrolled.issuer,
  });
}
