import { MalformedError } from '../../kernel/errors.ts';
import { asObject, octetsField, onlyMembers, textField } from '../json/fields.ts';
import type { JsonValue } from '../json/strict-json.ts';

/**
 * The canonical text that RFC 7638 §3 hashes for a public key. Only public members are taken: a private one (`d` …) is refused.
 * Keys: EC P-256 and P-384, OKP Ed25519, RSA 2048 to 4096.
 */
export function jwkThumbprintInput(value: JsonValue): string {
  const jwk = asObject(value, 'dpop_jwk');
  const extra = ['alg', 'use', 'kid', 'key_ops'];
  const kty = textField(jwk, 'kty');
  switch (kty) {
    case 'EC': {
      onlyMembers(jwk, ['kty', 'crv', 'x', 'y', ...extra]);
      const crv = textField(jwk, 'crv', /^P-(?:256|384)$/);
      const length = crv === 'P-256' ? 32 : 48;
      octetsField(jwk, 'x', length);
      octetsField(jwk, 'y', length);
      return JSON.stringify({ crv, kty, x: textField(jwk, 'x'), y: textField(jwk, 'y') });
    }
    case 'OKP': {
      onlyMembers(jwk, ['kty', 'crv', 'x', ...extra]);
      const crv = textField(jwk, 'crv', /^Ed25519$/);
      octetsField(jwk, 'x', 32);
      return JSON.stringify({ crv, kty, x: textField(jwk, 'x') });
    }
    case 'RSA': {
      onlyMembers(jwk, ['kty', 'n', 'e', ...extra]);
      octetsField(jwk, 'n', 256, 512);
      octetsField(jwk, 'e', 1, 8);
      return JSON.stringify({ e: textField(jwk, 'e'), kty, n: textField(jwk, 'n') });
    }
    default:
      throw new MalformedError('dpop_jwk has a key type that is not supported');
  }
}
