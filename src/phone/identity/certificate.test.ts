import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import { parsePhoneModel } from '../../identifiers/phone-model.ts';
import { readDer } from '../../kernel/der.ts';
import { issueMic, readIssuer } from './certificate.ts';
import { identityOf, micMaker, micOf } from './mic.ts';

const model = parsePhoneModel('8851NR')!;
const mac = '00112233AABB' as MacAddress;

/** A manufacturer needs no certificate of a CA here: what counts is that its name and key are taken as they are. */
function manufacturer(kind: 'p256' | 'p384' | 'rsa2048') {
  const { publicKey, privateKey } =
    kind === 'rsa2048'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: kind === 'p256' ? 'P-256' : 'P-384' });
  const subject = { product: 'CP-8845', mac: '020000000001', serial: 'ROOT' };
  const seed = {
    subject: readDer(Uint8Array.of(0x30, 0)).encoded,
    keyIdentifier: Uint8Array.of(1, 2),
    key: privateKey,
  };
  const der = issueMic(seed, subject, publicKey, new Date());
  const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
  return {
    pem,
    certificate: new X509Certificate(der),
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    key: privateKey,
  };
}

describe('certificates made for a lab', () => {
  it.each(['p256', 'p384', 'rsa2048'] as const)('carry the signature and the name of a %s manufacturer', (kind) => {
    const { pem, keyPem, certificate } = manufacturer(kind);
    const mic = new X509Certificate(Buffer.from(micMaker(pem, keyPem).make(model, mac).certificate));
    expect(mic.verify(certificate.publicKey)).toBe(true);
    expect(mic.issuer).toBe(certificate.subject);
    expect(mic.ca).toBe(false);
  });

  it('name the model, the MAC and the product', () => {
    const { pem, keyPem } = manufacturer('p256');
    const made = micMaker(pem, keyPem).make(model, mac);
    const { subject } = new X509Certificate(Buffer.from(made.certificate));
    expect(subject).toContain('CN=CP-8851NR-SEP00112233AABB');
    expect(subject).toMatch(/serialNumber=PID:CP-8851NR SN:FRL[0-9A-F]{8}/);
    expect(identityOf(made)).toEqual({ model, mac });
    expect(identityOf(micOf(made.chainPem, made.key.export({ format: 'pem', type: 'pkcs8' }).toString()))).toEqual({
      model,
      mac,
    });
  });

  it.each([
    ['p256', 'ecdsa_secp256r1_sha256'],
    ['rsa2048', 'rsa_pss_rsae_sha256'],
  ] as const)('of key type %s prove themselves with %s', (keyType, algorithm) => {
    const { pem, keyPem } = manufacturer('p256');
    expect(micMaker(pem, keyPem, keyType).make(model, mac).algorithm).toBe(algorithm);
  });

  it('repeat the identifier of the key that signs', () => {
    const { certificate, key } = manufacturer('p256');
    const issuer = readIssuer(certificate.raw, key);
    const der = issueMic(issuer, { product: 'CP-8845', mac, serial: 'X' }, certificate.publicKey, new Date());
    expect(Buffer.from(der).includes(Buffer.from(issuer.keyIdentifier))).toBe(true);
    expect(issuer.keyIdentifier).toHaveLength(20);
  });
});

describe('a certificate and a key from files', () => {
  it('must belong together', () => {
    const [one, other] = [manufacturer('p256'), manufacturer('p256')];
    expect(() => micOf(one.pem, other.keyPem)).toThrow(expect.objectContaining({ code: 'mic_unusable' }));
  });

  it.each([
    ['no certificate', '', undefined],
    ['no key', undefined, ''],
    ['junk', 'junk', 'junk'],
  ])('are refused when there is %s', (_, pem, keyPem) => {
    const good = manufacturer('p256');
    expect(() => micOf(pem ?? good.pem, keyPem ?? good.keyPem)).toThrow(
      expect.objectContaining({ code: 'mic_unusable' }),
    );
  });

  it('are refused in TLS when the key is too weak', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 512 });
    const issuer = {
      subject: readDer(Uint8Array.of(0x30, 0)).encoded,
      keyIdentifier: Uint8Array.of(1),
      key: privateKey,
    };
    const der = issueMic(issuer, { product: 'CP-8845', mac, serial: 'X' }, publicKey, new Date());
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
    const weak = micOf(pem, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    expect(() => weak.tls).toThrow(expect.objectContaining({ code: 'mic_unusable' }));
  });

  it('may come with the chain in any order', () => {
    const root = manufacturer('p256');
    const made = micMaker(root.pem, root.keyPem).make(model, mac);
    expect(
      micOf(root.pem + made.chainPem, made.key.export({ format: 'pem', type: 'pkcs8' }).toString()).certificate,
    ).toEqual(Buffer.from(made.certificate));
  });
});
