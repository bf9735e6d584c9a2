import { unreachable } from '../../kernel/errors.ts';
import { asObject, integerField, listField, parseObject, textField } from '../json/fields.ts';
import type { JsonValue } from '../json/strict-json.ts';
import type { RevocationEntry } from '../oauth/revocations.ts';
import { type JsonWebKeys, readJwks } from './cluster-view.ts';

/**
 * `GET /edge/v1/changes`: endless application/x-ndjson, one JSON object a line. The first line is a `snapshot`; a `beat` comes at least every
 * 5 s, so a stream that is silent for longer is dead. Whoever re-connects replaces what it knew by the new snapshot.
 */
export type EdgeChange =
  | { readonly type: 'snapshot'; readonly revoked: readonly RevocationEntry[] }
  /** Fetch the cluster view again. */
  | { readonly type: 'cluster' }
  | { readonly type: 'jwks'; readonly jwks: JsonWebKeys }
  | ({ readonly type: 'revoked' } & RevocationEntry)
  /** End this device's SIP flows and HTTP connections. */
  | { readonly type: 'registration-ended'; readonly device: string }
  | { readonly type: 'beat' };

/** With its line end. */
export function writeChange(change: EdgeChange): string {
  switch (change.type) {
    case 'snapshot':
      return `${JSON.stringify({ type: 'snapshot', revoked: change.revoked.map(({ family, until }) => ({ family, until })) })}\n`;
    case 'jwks':
      return `${JSON.stringify({ type: 'jwks', jwks: change.jwks })}\n`;
    case 'revoked':
      return `${JSON.stringify({ type: 'revoked', family: change.family, until: change.until })}\n`;
    case 'registration-ended':
      return `${JSON.stringify({ type: 'registration-ended', device: change.device })}\n`;
    case 'cluster':
    case 'beat':
      return `${JSON.stringify({ type: change.type })}\n`;
    default:
      return unreachable(change);
  }
}

const latest = 2 ** 40;

function readRevocation(item: JsonValue): RevocationEntry {
  const object = asObject(item, 'revocation');
  return {
    family: textField(object, 'family', /^[0-9a-f-]{36}$/),
    until: integerField(object, 'until', 0, latest),
  };
}

/** Live revocations in one snapshot, at most: an hour of every phone of a large cluster. */
const mostRevocations = 2_000_000;

/** One line without its end. Throws MalformedError; undefined: a kind this version does not know, to be passed over. */
export function readChange(line: string): EdgeChange | undefined {
  const message = parseObject(line);
  const type = textField(message, 'type');
  switch (type) {
    case 'snapshot':
      return { type, revoked: listField(message, 'revoked', readRevocation, mostRevocations) };
    case 'jwks':
      return { type, jwks: readJwks(asObject(message['jwks'], 'jwks')) };
    case 'revoked':
      return { type, ...readRevocation(message) };
    case 'registration-ended':
      return { type, device: textField(message, 'device', /^[A-Z0-9]{1,15}$/) };
    case 'cluster':
    case 'beat':
      return { type };
    default:
      return undefined;
  }
}
