import { fromBase64url, toBase64url } from '../../kernel/bytes.ts';
import { onlyMembers, parseObject, textField } from '../json/fields.ts';
import { instantField } from './fields.ts';

/** `POST` with no body: a voucher at once, only where the cloud is set to self-service (a laboratory). */
export const voucherPath = '/v1/vouchers';

/**
 * `fsv1.<secret>` or `fsv1.<secret>.<pin>`: what an operator hands to a cluster's administrator. The pin is SHA-256 over the DER of the cloud's own
 * certificate authority, so that the very first connection can be checked; a cloud with a publicly trusted certificate has none.
 */
export interface Voucher {
  /** 32 octets from a CSPRNG; only a hash of it is kept. */
  readonly secret: Uint8Array;
  /** 32 octets. */
  readonly pin: Uint8Array | undefined;
}

export function writeVoucher({ secret, pin }: Voucher): string {
  return `fsv1.${toBase64url(secret)}${pin === undefined ? '' : `.${toBase64url(pin)}`}`;
}

/** Undefined when it is none; spaces and line ends around and inside, as copying leaves them, are passed over. */
export function parseVoucher(text: string): Voucher | undefined {
  const match = /^fsv1\.([A-Za-z0-9_-]{43})(?:\.([A-Za-z0-9_-]{43}))?$/.exec(text.replace(/\s+/g, ''));
  const secret = match?.[1] === undefined ? undefined : fromBase64url(match[1]);
  const pin = match?.[2] === undefined ? undefined : fromBase64url(match[2]);
  if (secret === undefined || (match?.[2] !== undefined && pin === undefined)) return undefined;
  return { secret, pin };
}

export interface VoucherReply {
  readonly voucher: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export function readVoucherReply(text: string): VoucherReply {
  const message = parseObject(text);
  onlyMembers(message, ['voucher', 'expires_at']);
  return {
    voucher: textField(message, 'voucher', /^fsv1\.[\w.-]{43,87}$/),
    expiresAt: instantField(message, 'expires_at'),
  };
}

export function writeVoucherReply(reply: VoucherReply): string {
  return JSON.stringify({ voucher: reply.voucher, expires_at: new Date(reply.expiresAt).toISOString() });
}
