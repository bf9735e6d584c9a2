import { MalformedError } from '../../kernel/errors.ts';
import { type DecodedHeader, decodeHeader, layOutHeader, type SignedHeader } from './header.ts';

/** A `.sgn` file: a header of version 1.0 directly followed by the plain file. Source: reference/field-facts.md §3.5. */
export interface SignedFile extends DecodedHeader {
  readonly content: Uint8Array;
}

/** As layOutTrustList, for a plain file. `fileName` names the plain file with its `.sgn`. */
export function layOutSignedFile(
  header: Omit<SignedHeader, 'version' | 'signerVersion'>,
  content: Uint8Array,
): { toBeSigned: Uint8Array; assemble(signature: Uint8Array): Uint8Array } {
  return layOutHeader({ version: '1.0', signerVersion: undefined, ...header }, content);
}

/** Throws MalformedError. Does not verify the signature; `content` must not be used before that. */
export function decodeSignedFile(file: Uint8Array, maxLength = 2 << 20): SignedFile {
  if (file.length > maxLength) throw new MalformedError('larger than a signed file may be', maxLength);
  const header = decodeHeader(file, ['1.0']);
  if (header.signerVersion !== undefined) throw new MalformedError('a .sgn file has no signer version');
  return { ...header, content: file.subarray(header.headerLength) };
}
