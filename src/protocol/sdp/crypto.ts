import { fromBase64url, toBase64url } from '../../kernel/bytes.ts';
import { masterLength, type SrtpSuite, srtpSuites } from '../rtp/srtp.ts';

/** Keys for one direction of a stream, as `a=crypto` carries them (RFC 4568). */
export interface CryptoOffer {
  readonly tag: string;
  readonly suite: SrtpSuite;
  /** Master key and salt. */
  readonly master: Uint8Array;
}

/** The first `a=crypto` that can be used: a known suite, one key without MKI, no session parameters. */
export function chooseCrypto(attributes: readonly string[]): CryptoOffer | undefined {
  for (const attribute of attributes) {
    const match = /^crypto:([0-9]{1,9}) (\S+) inline:([A-Za-z0-9+/]{40})(?:\|2?\^?[0-9]{1,20})?$/.exec(
      attribute.trim(),
    );
    const suite = srtpSuites.find((each) => each === match?.[2]);
    if (match === null || suite === undefined) continue;
    const master = fromBase64url(match[3]!.replaceAll('+', '-').replaceAll('/', '_'));
    if (master?.length === masterLength) return { tag: match[1]!, suite, master };
  }
  return undefined;
}

export function cryptoAttribute({ tag, suite, master }: CryptoOffer): string {
  return `crypto:${tag} ${suite} inline:${toBase64url(master).replaceAll('-', '+').replaceAll('_', '/')}`;
}
