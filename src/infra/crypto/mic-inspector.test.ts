import { constants, createPrivateKey, hash, sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  extension,
  type Issued,
  keyFingerprint,
  type MicOptions,
  makeAuthority,
  makeMic,
} from '../../../test/support/certificates.ts';
import { readCertificate } from '../../domain/trust/certificate.ts';
import type { TrustedCertificate } from '../../domain/trust/mic-path.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import { revokedIn } from './issuer-signature.ts';
import { micInspector } from './mic-inspector.ts';

const day = 86_400_000;
const now = Date.now();
let root: Issued;
let intermediate: Issued;

beforeAll(async () => {
  root = await makeAuthority();
  intermediate = await makeAuthority({ name: 'Test Manufacturing CA', issuer: root, pathLength: 0 });
});

const trusting = (authority: Issued, options: Partial<TrustedCertificate> = {}): TrustedCertificate => ({
  certificate: readCertificate(authority.der),
  sha256: hash('sha256', authority.der, 'buffer'),
  micRoot: true,
  legacySha1: false,
  expiredMicsUntil: undefined,
  ...options,
});

interface Setting {
  readonly trusted?: readonly TrustedCertificate[];
  readonly serials?: readonly string[];
  readonly keys?: readonly string[];
  readonly macs?: readonly string[];
  readonly revoked?: readonly Uint8Array[];
  readonly at?: number;
}

function inspector(setting: Setting = {}) {
  return micInspector(
    {
      trusted: setting.trusted ?? [trusting(root)],
      denied: {
        serials: new Set(setting.serials),
        keys: new Set(setting.keys),
        macs: new Set(setting.macs),
        revoked: revokedIn(setting.revoked ?? []),
      },
    },
    { now: () => setting.at ?? now },
  );
}

const outcome = (verdict: MicVerdict) => (verdict.accepted ? 'accepted' : verdict.problem);
const judge = (chain: readonly Issued[], setting?: Setting) =>
  outcome(inspector(setting).inspect(chain.map(({ der }) => der)));
const mic = (options: Partial<MicOptions> = {}) => makeMic({ issuer: intermediate, ...options });

describe('a MIC', () => {
  it('is accepted when it chains to a trusted root, and says which phone it is', async () => {
    const leaf = await mic({ mac: '0C1167AABBCC', product: 'CP-8851NR' });
    const verdict = inspector().inspect([leaf.der, intermediate.der]);
    expect(verdict).toMatchObject({
      accepted: true,
      subject: {
        commonName: 'CP-8851NR-SEP0C1167AABBCC',
        product: 'CP-8851NR',
        mac: '0C1167AABBCC',
        hardwareSerial: 'FCH12345678',
      },
    });
  });

  it('is accepted with the root sent too, in any order, and from memory', async () => {
    const judges = inspector();
    for (const chain of [
      [await mic(), intermediate],
      [await mic({ mac: '001122334466' }), intermediate, root],
      [await mic({ mac: '001122334477' }), root, intermediate],
      [await mic({ mac: '001122334488' }), intermediate],
    ]) {
      expect(outcome(judges.inspect(chain.map(({ der }) => der)))).toBe('accepted');
    }
  });

  it('is accepted without its intermediate when CallManager-trust has that', async () => {
    const leaf = await mic();
    expect(judge([leaf])).toBe('mic_untrusted');
    expect(judge([leaf], { trusted: [trusting(root), trusting(intermediate)] })).toBe('accepted');
    expect(judge([leaf], { trusted: [trusting(intermediate)] })).toBe('mic_untrusted');
    const helper = trusting(intermediate, { micRoot: false });
    expect(judge([leaf], { trusted: [trusting(root), helper] })).toBe('accepted');
  });

  it('is untrusted under a root that has another role', async () => {
    expect(judge([await mic(), intermediate], { trusted: [trusting(root, { micRoot: false })] })).toBe('mic_untrusted');
  });

  it.each(['p256', 'p384', 'rsa2048'] as const)('may have a key of kind %s', async (algorithm) => {
    expect(judge([await mic({ algorithm }), intermediate])).toBe('accepted');
  });

  it('is required', () => expect(judge([])).toBe('mic_required'));

  it('is untrusted when self-signed, under another root, forged, or under a look-alike of the root', async () => {
    const lookAlike = await makeAuthority();
    const other = await makeAuthority({ name: 'Somebody Else' });
    const forged = await mic();
    const bits = Uint8Array.from(forged.der);
    bits[bits.length - 1]! ^= 1;
    expect(judge([await makeMic({ issuer: other }), other])).toBe('mic_untrusted');
    expect(judge([await makeMic({ issuer: lookAlike }), lookAlike])).toBe('mic_untrusted');
    expect(outcome(inspector().inspect([bits, intermediate.der]))).toBe('mic_untrusted');
    expect(judge([intermediate, root])).not.toBe('accepted');
    expect(judge([await mic()], { trusted: [] })).toBe('mic_untrusted');
  });

  it('is not trusted because a forged one with the same issuer was asked about before', async () => {
    const judges = inspector();
    const lookAlike = await makeAuthority({ name: 'Test Manufacturing CA', issuer: await makeAuthority() });
    const genuine = await mic();
    const rogue = await makeMic({ issuer: lookAlike });
    expect(outcome(judges.inspect([genuine.der, intermediate.der]))).toBe('accepted');
    expect(outcome(judges.inspect([rogue.der, intermediate.der]))).toBe('mic_untrusted');
    expect(outcome(judges.inspect([rogue.der, lookAlike.der]))).toBe('mic_untrusted');
    expect(outcome(judges.inspect([genuine.der, intermediate.der]))).toBe('accepted');
  });

  it('is judged anew when the trust changes', async () => {
    const judges = inspector();
    const leaf = await mic();
    expect(outcome(judges.inspect([leaf.der, intermediate.der]))).toBe('accepted');
    judges.replaceTrust({
      trusted: [],
      denied: { serials: new Set(), keys: new Set(), macs: new Set(), revoked: revokedIn([]) },
    });
    expect(outcome(judges.inspect([leaf.der, intermediate.der]))).toBe('mic_untrusted');
  });

  it('is untrusted when a link may not sign certificates', async () => {
    const noCa = await makeAuthority({ name: 'No CA', issuer: root, ca: false });
    const noSign = await makeAuthority({ name: 'No Sign', issuer: root, certSign: false });
    const tooDeep = await makeAuthority({ name: 'Too Deep', issuer: intermediate });
    const strange = await makeAuthority({ name: 'Strange', issuer: root, extensions: [extension.unknown(true)] });
    for (const issuer of [noCa, noSign, strange]) expect(judge([await mic({ issuer }), issuer])).toBe('mic_untrusted');
    expect(judge([await mic({ issuer: tooDeep }), tooDeep, intermediate])).toBe('mic_untrusted');
    expect(judge([await mic({ extensions: [extension.unknown(true)] }), intermediate])).toBe('mic_untrusted');
    expect(judge([await mic({ extensions: [extension.unknown(false)] }), intermediate])).toBe('accepted');
  });

  it('may have a path of five certificates, root included, and no longer one', async () => {
    let issuer = await makeAuthority({ name: 'Level 0', issuer: root });
    const above = [issuer];
    for (const level of [1, 2]) {
      issuer = await makeAuthority({ name: `Level ${level}`, issuer });
      above.unshift(issuer);
    }
    expect(judge([await mic({ issuer }), ...above])).toBe('accepted');
    const deeper = await makeAuthority({ name: 'Level 3', issuer });
    expect(judge([await mic({ issuer: deeper }), deeper, ...above])).toBe('mic_untrusted');
  });

  it('is weak with a short or unusual key, or SHA-1, unless the root is marked legacy', async () => {
    for (const algorithm of ['rsa1024', 'p521'] as const) {
      expect(judge([await mic({ algorithm }), intermediate]), algorithm).toBe('mic_weak');
    }
    const weakCa = await makeAuthority({ name: 'Weak CA', issuer: root, algorithm: 'rsa1024' });
    expect(judge([await mic({ issuer: weakCa }), weakCa])).toBe('mic_weak');
    const sha1 = await mic({ hash: 'SHA-1' });
    expect(judge([sha1, intermediate])).toBe('mic_weak');
    expect(judge([sha1, intermediate], { trusted: [trusting(root, { legacySha1: true })] })).toBe('accepted');
    const rsaRoot = await makeAuthority({ name: 'RSA root', algorithm: 'rsa2048', hash: 'SHA-1' });
    const setting = { trusted: [trusting(rsaRoot)] };
    // A root's own signature proves nothing, so its hash does not matter.
    expect(judge([await mic({ issuer: rsaRoot })], setting)).toBe('accepted');
    expect(judge([await mic({ issuer: rsaRoot, hash: 'SHA-1' })], setting)).toBe('mic_weak');
  });

  it('must be meant for a client: no CA, clientAuth or no extended key usage, digitalSignature or no key usage', async () => {
    expect(judge([await mic({ clientAuth: false }), intermediate])).toBe('accepted');
    const serverOnly = extension.extendedKeyUsage('1.3.6.1.5.5.7.3.1');
    expect(judge([await mic({ clientAuth: false, extensions: [serverOnly] }), intermediate])).toBe('mic_purpose');
    expect(judge([await mic({ extensions: [extension.ca()] }), intermediate])).toBe('mic_purpose');
    expect(judge([await mic({ extensions: [extension.keyUsage(0x04)] }), intermediate])).toBe('mic_purpose');
    expect(judge([await mic({ extensions: [extension.keyUsage(0x01)] }), intermediate])).toBe('accepted');
  });

  it.each([
    'CN=8845-SEP001122334455',
    'CN=CP-8845-SEP00112233445',
    'CN=CP-8845-SEP00112233445a',
    'CN=CP-8845-SEP011122334455',
    'CN=CP-8845-SEP000000000000',
    'CN=CP--8845-SEP001122334455',
    'CN=CP-8845-SEP001122334455,CN=CP-8845-SEP001122334466',
    'O=CP-8845-SEP001122334455',
    'CN=CP-8845-SEP001122334455,2.5.4.5=PID:CP-8865 SN:FCH12345678',
    'CN=CP-8845-SEP001122334455,2.5.4.5=FCH12345678',
    'CN=xCP-8845-SEP001122334455',
    'CN=CP-8845-SEP001122334455x',
  ])('names no phone as %s', async (subject) => {
    expect(judge([await mic({ subject }), intermediate])).toBe('mic_subject_invalid');
  });

  it('may lack a serialNumber attribute', async () => {
    expect(judge([await mic({ subject: 'CN=CP-8845-SEP001122334455' }), intermediate])).toBe('accepted');
  });

  it('is refused out of its time, apart from trust', async () => {
    const old = await mic({ notBefore: new Date(now - 10 * day), notAfter: new Date(now - day) });
    const future = await mic({ notBefore: new Date(now + day), notAfter: new Date(now + 9 * day) });
    expect(judge([old, intermediate])).toBe('mic_expired');
    expect(judge([future, intermediate])).toBe('mic_not_yet_valid');
    const rogue = await makeAuthority({ name: 'Rogue' });
    expect(judge([await makeMic({ issuer: rogue, notAfter: new Date(now - day / 2) }), rogue])).toBe('mic_untrusted');
    const oldCa = await makeAuthority({ name: 'Old CA', issuer: root, notAfter: new Date(now - day / 2) });
    expect(judge([await mic({ issuer: oldCa }), oldCa])).toBe('mic_expired');
  });

  it('passes expired while its root carries a dated exception, and never before its time', async () => {
    const old = await mic({ notBefore: new Date(now - 10 * day), notAfter: new Date(now - day) });
    const future = await mic({ notBefore: new Date(now + day), notAfter: new Date(now + 9 * day) });
    const excused = { trusted: [trusting(root, { expiredMicsUntil: now + day })] };
    expect(judge([old, intermediate], excused)).toBe('accepted');
    expect(judge([old, intermediate], { ...excused, at: now + 2 * day })).toBe('mic_expired');
    expect(judge([future, intermediate], excused)).toBe('mic_not_yet_valid');
  });

  it('is refused when its serial number, key or MAC is denied', async () => {
    const leaf = await mic({ serialNumber: '1234abcd', mac: '00AA00AA00AA' });
    expect(judge([leaf, intermediate], { serials: ['1234abcd'] })).toBe('mic_revoked');
    expect(judge([leaf, intermediate], { keys: [keyFingerprint(leaf)] })).toBe('mic_revoked');
    expect(judge([leaf, intermediate], { macs: ['00AA00AA00AA'] })).toBe('mic_revoked');
    expect(judge([leaf, intermediate], { serials: ['99'], keys: ['00'], macs: ['00AA00AA00AB'] })).toBe('accepted');
  });

  it('of any octets at all gets a verdict and no exception', async () => {
    const leaf = await mic();
    const judges = inspector();
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(), (at, change, cut) => {
        const bytes = Uint8Array.from(leaf.der);
        bytes[at % bytes.length]! ^= change;
        expect(outcome(judges.inspect([bytes, intermediate.der]))).not.toBe('accepted');
        expect(outcome(judges.inspect([leaf.der.subarray(0, cut % leaf.der.length)]))).toBe('mic_untrusted');
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(outcome(judges.inspect([bytes]))).toBe('mic_untrusted');
      }),
    );
  });
});

describe('a MIC proof', () => {
  const input = Buffer.from('what was signed');

  it.each([
    ['rsa2048', 'rsa_pss_rsae_sha256'],
    ['p256', 'ecdsa_secp256r1_sha256'],
    ['p384', 'ecdsa_secp384r1_sha384'],
  ] as const)('verifies for %s as %s and as nothing else', async (algorithm, name) => {
    const leaf = await mic({ algorithm });
    const key = createPrivateKey(leaf.keyPem);
    const signature = algorithm.startsWith('rsa')
      ? sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
      : sign(algorithm === 'p256' ? 'sha256' : 'sha384', input, key);
    const judges = inspector();
    expect(judges.proves(leaf.der, name, input, signature)).toBe(true);
    expect(judges.proves(leaf.der, name, Buffer.from('something else'), signature)).toBe(false);
    for (const other of ['rsa_pss_rsae_sha256', 'ecdsa_secp256r1_sha256', 'ecdsa_secp384r1_sha384'] as const) {
      if (other !== name) expect(judges.proves(leaf.der, other, input, signature)).toBe(false);
    }
    if (algorithm === 'rsa2048') {
      expect(judges.proves(leaf.der, name, input, sign('sha256', input, key))).toBe(false);
      const longSalt = sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 });
      expect(judges.proves(leaf.der, name, input, longSalt)).toBe(false);
    }
    expect(judges.proves(leaf.der, name, input, new Uint8Array(8))).toBe(false);
  });
});
