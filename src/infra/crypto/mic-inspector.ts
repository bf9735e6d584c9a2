import { constants, hash, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { type Certificate, largestCertificate, readCertificate } from '../../domain/trust/certificate.ts';
import {
  findIssuerPath,
  type IssuerPath,
  judgeTime,
  judgeTrust,
  longestPath,
  type MicDenyList,
  type TrustedCertificate,
} from '../../domain/trust/mic-path.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import type { Clock } from '../../kernel/clock.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { MicAlgorithm } from '../../protocol/activation/suite.ts';
import { publicKeyOf, signatureCheck, signatureVerifies } from './issuer-signature.ts';

/** One state of CallManager-trust (its certificates with the role MIC), the deny list and the revocation lists. */
export interface MicTrust {
  readonly trusted: readonly TrustedCertificate[];
  readonly denied: MicDenyList;
}

export interface MicInspector {
  /** Judges what a TLS client showed: its certificate first, then whatever it added. All in DER; empty: no certificate. */
  inspect(chain: readonly Uint8Array[]): MicVerdict;
  /** True when `signature` is the MIC's over `input` under `algorithm`, which must fit the key. */
  proves(der: Uint8Array, algorithm: MicAlgorithm, input: Uint8Array, signature: Uint8Array): boolean;
  /** From now on judge by this trust. */
  replaceTrust(trust: MicTrust): void;
}

/** Intermediate chains remembered; phones share a handful of manufacturer CAs. */
const rememberedIssuers = 64;

const hex = (bytes: Uint8Array) => hash('sha256', bytes, 'hex');

/**
 * MIC path validation (spec §9) on node:crypto. OpenSSL only does the arithmetic: which certificate may sign which, and whether it is the
 * right time, is decided by src/domain/trust. What an issuer chain is worth is remembered by its octets until the trust changes.
 */
export function micInspector(initial: MicTrust, clock: Clock): MicInspector {
  let trust = initial;
  const paths = new Map<string, { path: IssuerPath; key: KeyObject }>();
  const keys = new WeakMap<Certificate, KeyObject>();
  const keyOf = (certificate: Certificate) => {
    let key = keys.get(certificate);
    if (!key) {
      key = publicKeyOf(certificate);
      keys.set(certificate, key);
    }
    return key;
  };
  const check = signatureCheck(keyOf);

  /** Where an authority was revoked and has got a new certificate, the way over that one. */
  const goodPath = (leaf: Certificate, sent: readonly Certificate[]): IssuerPath | undefined => {
    const { trusted, denied } = trust;
    const path = findIssuerPath(leaf, sent, trusted, check);
    if (!path?.issuers.some((each) => denied.revoked.has(each))) return path;
    const good = (each: Certificate) => !denied.revoked.has(each);
    const others = trusted.filter(({ certificate }) => good(certificate));
    return findIssuerPath(leaf, sent.filter(good), others, check) ?? path;
  };

  /** The path above `leaf`, from memory when the same issuer's octets led to a root before: then only the leaf's own signature is checked. */
  const pathOf = (leaf: Certificate, sent: readonly Uint8Array[]): IssuerPath | undefined => {
    const memory = hex(Buffer.concat([leaf.issuer, Buffer.from(leaf.authorityKeyId ?? '', 'hex'), ...sent]));
    const known = paths.get(memory);
    if (known && signatureVerifies(leaf, known.key)) return known.path;
    const path = goodPath(leaf, sent.map(readCertificate));
    const issuer = path?.issuers[0];
    if (path && issuer) {
      if (paths.size >= rememberedIssuers) paths.delete(paths.keys().next().value!);
      paths.set(memory, { path, key: keyOf(issuer) });
    }
    return path;
  };

  return {
    inspect(chain) {
      const [der, ...sent] = chain;
      if (der === undefined) return { accepted: false, problem: 'mic_required', claimed: undefined };
      const untrusted: MicVerdict = { accepted: false, problem: 'mic_untrusted', claimed: undefined };
      if (chain.length > longestPath || chain.some(({ length }) => length > largestCertificate)) return untrusted;
      try {
        const leaf = readCertificate(der);
        const path = pathOf(leaf, sent);
        const verdict = judgeTrust(leaf, path, trust.denied, hex(leaf.spki));
        if (!verdict.trusted) return { accepted: false, problem: verdict.problem, claimed: verdict.subject };
        const time = judgeTime(leaf, path!, clock.now());
        if (time === 'expired') return { accepted: false, problem: 'mic_expired', claimed: verdict.subject };
        if (time === 'not_yet_valid')
          return { accepted: false, problem: 'mic_not_yet_valid', claimed: verdict.subject };
        return {
          accepted: true,
          subject: verdict.subject,
          sha256: hash('sha256', der, 'buffer'),
          der,
          rootSha256: path!.root.sha256,
        };
      } catch (error) {
        if (error instanceof MalformedError) return untrusted;
        throw error;
      }
    },

    proves(der, algorithm, input, signature) {
      try {
        const key = new X509Certificate(der).publicKey;
        const onCurve = (name: string) =>
          key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === name;
        switch (algorithm) {
          case 'rsa_pss_rsae_sha256':
            return (
              key.asymmetricKeyType === 'rsa' &&
              verify('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, signature)
            );
          case 'ecdsa_secp256r1_sha256':
            return onCurve('prime256v1') && verify('sha256', input, key, signature);
          case 'ecdsa_secp384r1_sha384':
            return onCurve('secp384r1') && verify('sha384', input, key, signature);
        }
      } catch {
        return false;
      }
    },

    replaceTrust(next) {
      trust = next;
      paths.clear();
    },
  };
}
