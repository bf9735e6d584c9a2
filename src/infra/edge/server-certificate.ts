import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  webcrypto,
  X509Certificate,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerCertificateFacts } from '../../domain/edge/certificate-names.ts';
import { EdgeFault } from '../../domain/edge/edge-fault.ts';
import { say } from '../../texts/say.ts';
import { writeWhole } from '../data-directory/files.ts';
import { backdated } from '../pki/backdating.ts';
import { derToPem } from '../pki/identity.ts';
import type { Issuer } from '../pki/issue.ts';

/** What phones see of E: key and certificate chain, the authority last. */
export interface ServerCertificate {
  readonly key: string;
  /** PEM: leaf first. All of it is sent: a phone that knows only the authority's fingerprint needs to see it. */
  readonly cert: string;
  readonly chain: readonly Buffer[];
  readonly origin: 'self-signed' | 'lab' | 'uploaded';
}

interface Places {
  readonly key: string;
  readonly chain: string;
}

const day = 24 * 3600 * 1000;

/** E's own key never leaves it: somebody else signs what `signingRequest` gives. */
export class ServerCertificates {
  readonly #places: Places;
  readonly #host: string;
  readonly #key: KeyObject;
  #current: ServerCertificate;

  private constructor(places: Places, host: string, key: KeyObject, current: ServerCertificate) {
    this.#places = places;
    this.#host = host;
    this.#key = key;
    this.#current = current;
  }

  /** `lab`: an authority that signs at once, without anybody being asked; a certificate that no longer fits the names is made again. */
  static async open(
    directory: string,
    names: { readonly host: string; readonly domains: readonly string[] },
    lab: Issuer | undefined,
  ): Promise<ServerCertificates> {
    const places = { key: join(directory, 'server.key.pem'), chain: join(directory, 'server.pem') };
    const keptKey = await readFile(places.key, 'utf8').catch(() => '');
    const key =
      keptKey === '' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : createPrivateKey(keptKey);
    if (keptKey === '') await writeWhole(places.key, pemOf(key));
    const kept = await readFile(places.chain, 'utf8').catch(() => '');
    const chain = certificatesIn(kept);
    const made = new X509CertificateMaker(key, names, lab);
    if (chain.length > 0 && !made.stale(chain))
      return new ServerCertificates(places, names.host, key, held(key, chain, kept));
    const fresh = await made.make();
    await writeWhole(places.chain, fresh.text);
    return new ServerCertificates(places, names.host, key, held(key, fresh.chain, fresh.text));
  }

  get current(): ServerCertificate {
    return this.#current;
  }

  get facts(): ServerCertificateFacts & { readonly subject: string; readonly issuer: string } {
    return factsOf(this.#current);
  }

  /** The authority that a phone must trust: the last of the chain. DER. */
  get root(): Buffer {
    return this.#current.chain[this.#current.chain.length - 1]!;
  }

  /** PKCS#10 in PEM for the key that is there. `names`: DNS names it shall hold. */
  async signingRequest(names: readonly string[]): Promise<string> {
    // Needed seldom and slow to load; the first sets the library up.
    await import('../pki/issue.ts');
    const x509 = await import('@peculiar/x509');
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
    const privateKey = await webcrypto.subtle.importKey(
      'pkcs8',
      new Uint8Array(this.#key.export({ format: 'der', type: 'pkcs8' })),
      algorithm,
      false,
      ['sign'],
    );
    const publicKey = await webcrypto.subtle.importKey(
      'spki',
      new Uint8Array(createPublicKey(this.#key).export({ format: 'der', type: 'spki' })),
      algorithm,
      true,
      ['verify'],
    );
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: new x509.Name([{ CN: [this.#host] }]),
      keys: { privateKey, publicKey } as never,
      signingAlgorithm: algorithm as never,
      extensions: [
        new x509.SubjectAlternativeNameExtension([...new Set(names)].map((value) => ({ type: 'dns', value }))),
        new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']),
      ],
    });
    return request.toString('pem');
  }

  /** `text`: PEM, the certificate first, then its issuers. Throws EdgeFault when phones could not use it. */
  async upload(text: string, now: number): Promise<ServerCertificate> {
    const chain = certificatesIn(text);
    const leaf = chain[0];
    if (leaf === undefined) {
      throw new EdgeFault('caller', say('certificate_unreadable.none'), { field: 'certificates' });
    }
    const parsed = chain.map((der) => new X509Certificate(der));
    const own = createPublicKey(this.#key).export({ format: 'der', type: 'spki' });
    if (!parsed[0]!.publicKey.export({ format: 'der', type: 'spki' }).equals(own)) {
      throw new EdgeFault('caller', say('certificate_not_for_key'), { field: 'certificates' });
    }
    parsed.forEach((certificate, at) => {
      const issuer = parsed[at + 1];
      if (issuer && !(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))) {
        throw new EdgeFault('caller', say('certificate_chain_broken', { issuer: at + 2, place: at + 1 }), {
          field: 'certificates',
        });
      }
      if (Date.parse(certificate.validTo) < now) {
        throw new EdgeFault('caller', say('certificate_expired', { place: at + 1, since: certificate.validTo }), {
          field: 'certificates',
        });
      }
    });
    const pem = chain.map(derToPem).join('');
    await writeWhole(this.#places.chain, pem);
    this.#current = held(this.#key, chain, pem);
    return this.#current;
  }
}

/** Makes what is used until an authority has signed: self-signed, or signed by the laboratory. */
class X509CertificateMaker {
  readonly #key: KeyObject;
  readonly #names: readonly string[];
  readonly #host: string;
  readonly #lab: Issuer | undefined;

  constructor(key: KeyObject, names: { host: string; domains: readonly string[] }, lab: Issuer | undefined) {
    this.#key = key;
    this.#host = names.host;
    this.#names = [names.host, ...names.domains];
    this.#lab = lab;
  }

  /** Never for an uploaded one: that is its administrator's. */
  stale(chain: readonly Buffer[]): boolean {
    const leaf = new X509Certificate(chain[0]!);
    const text = leaf.subject;
    if (!text.includes(madeHere)) return false;
    const wrongIssuer = this.#lab !== undefined && !chain[chain.length - 1]!.equals(this.#lab.certificate);
    const named = namesOf(leaf);
    return (
      wrongIssuer ||
      this.#names.some((name) => !named.includes(name)) ||
      Date.parse(leaf.validTo) < Date.now() + 30 * day
    );
  }

  async make(): Promise<{ chain: Buffer[]; text: string }> {
    const { issueCertificate } = await import('../pki/issue.ts');
    const publicKey = createPublicKey(this.#key);
    const der = await issueCertificate(
      {
        subject: [
          ['CN', this.#host],
          ['O', madeHere],
        ],
        publicKey,
        notBefore: backdated(),
        notAfter: new Date(Date.now() + (this.#lab ? 795 : 3650) * day),
        usages: ['server'],
        alternativeNames: this.#names,
      },
      this.#lab ?? { self: { privateKey: this.#key, publicKey } },
    );
    const chain = this.#lab ? [der, Buffer.from(this.#lab.certificate)] : [der];
    return { chain, text: chain.map(derToPem).join('') };
  }
}

const madeHere = 'Firstring Expressway-E';
/** Certificates of an upload: each is checked while others wait. */
const longestChain = 16;

function held(key: KeyObject, chain: readonly Buffer[], cert: string): ServerCertificate {
  const leaf = new X509Certificate(chain[0]!);
  const origin = !leaf.subject.includes(madeHere) ? 'uploaded' : chain.length > 1 ? 'lab' : 'self-signed';
  return { key: pemOf(key), cert, chain, origin };
}

function factsOf({ chain }: ServerCertificate) {
  const leaf = new X509Certificate(chain[0]!);
  return {
    names: namesOf(leaf),
    notBefore: Date.parse(leaf.validFrom),
    notAfter: Date.parse(leaf.validTo),
    selfSigned: leaf.checkIssued(leaf),
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
  };
}

const oneLine = (name: string) => name.split('\n').join(', ');
const pemOf = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }) as string;

function namesOf(certificate: X509Certificate): string[] {
  return (certificate.subjectAltName ?? '')
    .split(', ')
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice(4));
}

function certificatesIn(pem: string): Buffer[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length > longestChain)
    throw new EdgeFault('caller', say('certificate_unreadable.too_many', { most: longestChain }), {
      field: 'certificates',
    });
  try {
    return blocks.map((block) => Buffer.from(new X509Certificate(block).raw));
  } catch (cause) {
    throw new EdgeFault('caller', say('certificate_unreadable.one_of_them'), { field: 'certificates', cause });
  }
}
