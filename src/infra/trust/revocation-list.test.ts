import 'reflect-metadata';
import { hash } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Issued, makeAuthority, makeMic } from '../../../test/support/certificates.ts';
import { type ListOptions, listExtension, pemOf, revocationList, tlv } from '../../../test/support/revocation-lists.ts';
import { readCertificate } from '../../domain/trust/certificate.ts';
import { revocationLimits } from '../../domain/trust/revocation-list.ts';
import { packedHas, packFingerprints } from '../../domain/trust/revoked.ts';
import { revocationFingerprint, revokedIn } from '../crypto/issuer-signature.ts';
import { micInspector } from '../crypto/mic-inspector.ts';
import { doRevocationListJob, type RevocationListJob } from './revocation-list-job.ts';
import { revocationListReader } from './revocation-list-reader.ts';

let root: Issued;
let issuing: Issued;
let mic: Issued;
beforeAll(async () => {
  root = await makeAuthority({ name: 'Listing Root' });
  issuing = await makeAuthority({ name: 'Listing Manufacturing CA', issuer: root });
  mic = await makeMic({ issuer: issuing, mac: '00AA00BB0001' });
});

type Trusted = RevocationListJob['trusted'][number];
const trusting = ({ der }: Issued, change: Partial<Trusted> = {}): Trusted => ({
  der,
  sha256: hash('sha256', der, 'buffer'),
  micRoot: true,
  legacySha1: false,
  expiredMicsUntil: undefined,
  ...change,
});
const both = () => [trusting(root), trusting(issuing, { micRoot: false })];

const outcome = (octets: Uint8Array, trusted: readonly Trusted[] = both()) => {
  const done = doRevocationListJob({ octets, trusted });
  return done.kind === 'list' ? done.list : done.refusal;
};
const listed = (octets: Uint8Array, trusted?: readonly Trusted[]) => {
  const list = outcome(octets, trusted);
  if (typeof list === 'string') throw new Error(`refused as ${list}`);
  return list;
};
const serialOf = ({ certificate }: Issued) => certificate.serialNumber;
const made = (options: Partial<ListOptions> = {}) => revocationList({ issuer: issuing, ...options });

/** What a door says to this chain when these lists are in force. */
function judged(chain: readonly Issued[], lists: readonly Uint8Array[], roots: readonly Issued[] = [root]) {
  const verdict = micInspector(
    {
      trusted: roots.map((each) => ({ ...trusting(each), certificate: readCertificate(each.der) })),
      denied: { serials: new Set(), keys: new Set(), macs: new Set(), revoked: revokedIn(lists) },
    },
    { now: Date.now },
  ).inspect(chain.map(({ der }) => der));
  return verdict.accepted ? 'accepted' : verdict.problem;
}

describe('a revocation list', () => {
  it('is read from DER and PEM, with its number and dates', () => {
    const thisUpdate = new Date('2026-01-02T03:04:05Z');
    const nextUpdate = new Date('2051-02-03T04:05:06Z');
    const der = made({ entries: [serialOf(mic), 'ff00', '01'], number: 2n ** 130n, thisUpdate, nextUpdate });
    const list = listed(der);
    expect(list).toMatchObject({
      issuer: expect.stringContaining('Listing Manufacturing CA'),
      issuerSha256: hash('sha256', issuing.der, 'hex'),
      number: String(2n ** 130n),
      thisUpdate: thisUpdate.getTime(),
      nextUpdate: nextUpdate.getTime(),
      partial: false,
      entries: 3,
    });
    expect(listed(Buffer.from(pemOf(der)))).toEqual({ ...list, der: Buffer.from(der) });
    expect(listed(made({ number: null, nextUpdate: null }))).toMatchObject({
      number: null,
      nextUpdate: null,
      entries: 0,
    });
  });

  it('made by another implementation is read the same', async () => {
    const crl = await x509.X509CrlGenerator.create({
      issuer: issuing.certificate.subject,
      thisUpdate: new Date(),
      nextUpdate: new Date(Date.now() + 86_400_000),
      entries: [{ serialNumber: serialOf(mic), revocationDate: new Date(), reason: x509.X509CrlReason.keyCompromise }],
      signingKey: issuing.keys.privateKey as never,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' } as never,
    });
    const list = listed(new Uint8Array(crl.rawData));
    expect(list.entries).toBe(1);
    expect(judged([mic, issuing], [list.revoked])).toBe('mic_revoked');
  });

  it('revokes what it names and nothing else', async () => {
    const other = await makeMic({ issuer: issuing, mac: '00AA00BB0002' });
    const { revoked } = listed(made({ entries: [serialOf(mic)] }));
    expect(judged([mic, issuing], [])).toBe('accepted');
    expect(judged([mic, issuing], [revoked])).toBe('mic_revoked');
    expect(judged([other, issuing], [revoked])).toBe('accepted');
    // The same serial number of another issuer is another certificate.
    const namesake = await makeAuthority({ name: 'Another Maker' });
    const twin = await makeMic({ issuer: namesake, serialNumber: serialOf(mic) });
    expect(judged([twin], [revoked], [root, namesake])).toBe('accepted');
  });

  it('of the root revokes an authority and every MIC below it', async () => {
    const { revoked } = listed(revocationList({ issuer: root, entries: [serialOf(issuing)] }));
    expect(judged([mic, issuing], [revoked])).toBe('mic_revoked');
    // Unless the authority got a new certificate for its key: then that one counts.
    const renewed = await reissued(issuing, root);
    expect(judged([mic, issuing, renewed], [revoked])).toBe('accepted');
    expect(judged([mic, renewed], [revoked])).toBe('accepted');
  });

  it('takes certificates on hold, reasons and lists of a part as what they are', () => {
    const entry = { serialNumber: serialOf(mic), extensions: [listExtension.reason(6)] };
    const whole = listed(made({ entries: [entry] }));
    const part = listed(made({ entries: [entry], extensions: [listExtension.scope(1)] }));
    expect(whole.revoked).toEqual(part.revoked);
    expect(part.partial).toBe(true);
    // One does not take the other's place.
    expect(part.id).not.toBe(whole.id);
    expect(listed(made({ number: 2 })).id).toBe(whole.id);
  });

  it.each<[string, string, () => Uint8Array]>([
    ['that is a delta', 'delta', () => made({ extensions: [listExtension.delta] })],
    ['that is indirect', 'indirect', () => made({ extensions: [listExtension.scope(4)] })],
    [
      'with an entry of another issuer',
      'indirect',
      () => made({ entries: [{ serialNumber: '01', extensions: [listExtension.certificateIssuer] }] }),
    ],
    ['of attribute certificates', 'attribute_certificates', () => made({ extensions: [listExtension.scope(5)] })],
    ['with an unknown critical extension', 'unknown_extension', () => made({ extensions: [listExtension.unknown] })],
    [
      'with an entry that has one',
      'unknown_extension',
      () => made({ entries: [{ serialNumber: '01', extensions: [listExtension.unknown] }] }),
    ],
    [
      'with removeFromCRL',
      'removal',
      () => made({ entries: [{ serialNumber: '01', extensions: [listExtension.reason(8)] }] }),
    ],
    ['signed with SHA-1', 'weak', () => made({ hash: 'sha1' })],
    ['signed by another', 'forged', () => made({ signer: root })],
    ['that is a certificate', 'unreadable', () => mic.der],
    ['that is nothing', 'unreadable', () => new Uint8Array()],
    ['with something behind it', 'unreadable', () => Buffer.concat([made(), Buffer.from([0])])],
    ['twice in PEM', 'unreadable', () => Buffer.from(pemOf(made()) + pemOf(made()))],
    ['beside a key in PEM', 'unreadable', () => Buffer.from(`${pemOf(made())}-----BEGIN PRIVATE KEY-----\n`)],
    [
      'with an extension twice',
      'unreadable',
      () => made({ extensions: [listExtension.scope(1), listExtension.scope(1)] }),
    ],
    ['with more octets than a list may have', 'too_many', () => tlv(0x30, Buffer.alloc(revocationLimits.octets))],
    [
      'with more entries than there may be',
      'too_many',
      () => made({ entries: Array.from({ length: revocationLimits.entries + 1 }, (_, i) => (i + 1).toString(16)) }),
    ],
  ])('%s is refused as %s', (_what, refusal, octets) => {
    expect(outcome(octets())).toBe(refusal);
  });

  it('counts only from an authority that leads to a root of MICs and may sign lists', async () => {
    const list = made();
    expect(outcome(list, [trusting(root)])).toBe('unknown');
    expect(outcome(list, [trusting(issuing)])).toBe('unknown');
    expect(outcome(list, [trusting(root, { micRoot: false }), trusting(issuing)])).toBe('unknown');
    const silent = await makeAuthority({ name: 'Signs no lists', listSign: false });
    expect(outcome(revocationList({ issuer: silent }), [trusting(silent)])).toBe('not_allowed');
    const impostor = await makeAuthority({ name: 'Listing Manufacturing CA' });
    expect(outcome(revocationList({ issuer: impostor }))).toBe('forged');
    expect(outcome(made({ hash: 'sha1' }), [trusting(root, { legacySha1: true }), trusting(issuing)])).toMatchObject({
      entries: 0,
    });
    // A MIC is no authority, whatever is in the store.
    expect(outcome(revocationList({ issuer: mic }), [...both(), trusting(mic, { micRoot: false })])).toBe(
      'not_allowed',
    );
  });

  it('with any octet changed or cut off is refused in words, never taken and never thrown', () => {
    const der = made({ entries: [serialOf(mic), '77'] });
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(der.length), (at, change, cut) => {
        const changed = Buffer.from(der);
        changed[at]! ^= change;
        // A changed signature of ECDSA is another signature; none verifies.
        expect(outcome(changed)).toBeTypeOf('string');
        if (cut < der.length) expect(outcome(der.subarray(0, cut))).toBeTypeOf('string');
      }),
      { numRuns: 300 },
    );
  });

  it('names exactly the serial numbers that are in it', () => {
    const octets = fc.uint8Array({ minLength: 1, maxLength: 20 }).filter((each) => each.some((octet) => octet > 0));
    const serials = fc.uniqueArray(octets.map((each) => BigInt(`0x${Buffer.from(each).toString('hex')}`).toString(16)));
    fc.assert(
      fc.property(serials, serials, (inside, outside) => {
        const { revoked, entries } = listed(made({ entries: inside }));
        expect(entries).toBe(inside.length);
        const { issuer } = readCertificate(mic.der);
        const has = (serial: string) =>
          revokedIn([revoked]).has({ issuer, serialNumber: serial.length % 2 === 1 ? `0${serial}` : serial });
        expect(inside.every(has)).toBe(true);
        expect(outside.filter((serial) => !inside.includes(serial)).some(has)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

it('finds a fingerprint exactly when it was packed', () => {
  const fingerprint = fc.uint8Array({ minLength: 1, maxLength: 2 }).map(revocationFingerprint);
  fc.assert(
    fc.property(fc.array(fingerprint), fingerprint, (packed, asked) => {
      expect(packedHas(packFingerprints(packed), asked)).toBe(packed.some((each) => Buffer.compare(each, asked) === 0));
    }),
  );
});

describe('the reader', () => {
  it('lets the event loop go on while it reads as long a list as there may be', async () => {
    const entries = Array.from({ length: revocationLimits.entries }, (_, i) => (i + 0x10000000).toString(16));
    const octets = made({ entries });
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const list = await revocationListReader(async () => both())(octets);
    clearInterval(turning);
    expect(list.entries).toBe(revocationLimits.entries);
    // On the loop there would have been none.
    expect(turns).toBeGreaterThan(5);
  });

  it('takes a few at once and refuses a crowd', async () => {
    const read = revocationListReader(async () => both());
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => read(made())));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'crl_reader_busy' } });
    await expect(read(made())).resolves.toMatchObject({ entries: 0 });
  });

  it('refuses a list that begins in the future', async () => {
    const read = revocationListReader(async () => both());
    await expect(read(made({ thisUpdate: new Date(Date.now() + 3_600_000) }))).rejects.toMatchObject({
      code: 'crl_unfit',
    });
    await expect(read(Buffer.from('no list'))).rejects.toMatchObject({ code: 'crl_unreadable' });
  });
});

/** Another certificate for the key and name of `authority`. */
async function reissued(authority: Issued, issuer: Issued): Promise<Issued> {
  const certificate = await x509.X509CertificateGenerator.create({
    subject: authority.certificate.subject,
    issuer: issuer.certificate.subject,
    serialNumber: '4242',
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    publicKey: authority.keys.publicKey as never,
    signingKey: issuer.keys.privateKey as never,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' } as never,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return { ...authority, certificate, der: new Uint8Array(certificate.rawData), pem: certificate.toString('pem') };
}
