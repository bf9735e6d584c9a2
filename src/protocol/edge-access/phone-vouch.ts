import { toBase64url } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { asObject, listField, octetsField, oneOf, onlyMembers, textField } from '../json/fields.ts';
import type { JsonObject, JsonValue } from '../json/strict-json.ts';
import { derOf, derText } from './der-text.ts';

/**
 * What Expressway-C vouches for about one phone's TLS connection to Expressway-E (spec mra.md "E ↔ C ↔ cluster"). The node judges the chain by
 * its own rules and puts `channelBinding` into the transcript, so a lie shows as a mismatch.
 */
export interface PhoneVouch {
  /** One phone connection's name, unique per Expressway-C. Start and prove of one handshake carry the same. */
  readonly connection: string;
  /** DER, the MIC first. Empty: the phone showed no certificate. */
  readonly chain: readonly Uint8Array[];
  /** RFC 9266 `tls-exporter` of the phone's connection to E, 32 octets. */
  readonly channelBinding: Uint8Array;
  readonly tls: 'TLSv1.3';
  /** The phone's address as E saw it. */
  readonly sourceAddress: string;
  /** Name of the E that holds the connection. */
  readonly edge: string;
  readonly serverName?: string;
}

/** One more than any acceptable path: enough to be refused by the path's own rule. */
const longestChain = 6;
const members = ['conn', 'x5c', 'cb', 'tls', 'src', 'edge', 'sni'];
const connectionForm = /^[A-Za-z0-9._:-]{1,128}$/;
const addressForm = /^[0-9A-Fa-f:.]{2,45}$/;
const nameForm = /^[A-Za-z0-9._:-]{1,253}$/;

/** The JSON object's members; octets as base64url, certificates as in RFC 7515 `x5c`. */
export function vouchObject(vouch: PhoneVouch): JsonObject {
  return {
    conn: vouch.connection,
    x5c: vouch.chain.map(derText),
    cb: toBase64url(vouch.channelBinding),
    tls: vouch.tls,
    src: vouch.sourceAddress,
    edge: vouch.edge,
    ...(vouch.serverName !== undefined && { sni: vouch.serverName }),
  };
}

/** Throws MalformedError. */
export function readVouch(value: JsonValue | undefined): PhoneVouch {
  const object = asObject(value, 'vouch');
  onlyMembers(object, members);
  return {
    connection: textField(object, 'conn', connectionForm),
    chain: listField(
      object,
      'x5c',
      (item) => {
        if (typeof item !== 'string') throw new MalformedError('x5c item is not a text');
        return derOf(item, 'x5c item');
      },
      longestChain,
    ),
    channelBinding: octetsField(object, 'cb', 32),
    tls: oneOf(object, 'tls', ['TLSv1.3'] as const),
    sourceAddress: textField(object, 'src', addressForm),
    edge: textField(object, 'edge', nameForm),
    ...(object['sni'] !== undefined && { serverName: textField(object, 'sni', nameForm) }),
  };
}
