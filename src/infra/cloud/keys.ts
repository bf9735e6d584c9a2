import { createPrivateKey, createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Sealer } from '../../domain/ports.ts';
import { toBase64url, utf8 } from '../../kernel/bytes.ts';
import { Fault } from '../../kernel/errors.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import { type AnswerSigner, type CloudKey, readCloudKey } from '../../protocol/cloud/key.ts';
import { derivedKey } from '../crypto/key-encryption-key.ts';
import type { CloudDatabase } from '../database/cloud-schema.ts';
import { inTransaction } from '../database/connect.ts';
import { backdated } from '../pki/backdating.ts';
import type { Issuer } from '../pki/issue.ts';
import { privateKeyFromDer, privateKeyToDer } from '../pki/private-key.ts';

/** The key-encryption key and the cloud's database do not belong together. */
export class CloudKeyFault extends Fault<'key_encryption_key_missing' | 'key_encryption_key_wrong'> {}

export interface CloudKeysOptions {
  readonly db: Kysely<CloudDatabase>;
  readonly transactions: Transactions;
  /** Undefined: none yet; `makeKey` makes one, but only for a database that holds nothing sealed. */
  readonly key: Uint8Array | undefined;
  readonly makeKey: () => Promise<Uint8Array>;
  readonly sealerOf: (key: Uint8Array) => Sealer;
}

export interface CloudKeys {
  readonly sealer: Sealer;
  /** The same on every node; for hashes that nobody outside can make. 32 octets. */
  readonly hashKey: Uint8Array;
  /** Signs the server's certificate and the clusters'. */
  readonly authority: Issuer;
  readonly signer: AnswerSigner;
  readonly cloudKey: CloudKey;
  /** For the tokens of browsers in which the operator signed in before. 32 octets. */
  readonly deviceKey: Uint8Array;
}

const proof = 'kek-check';
const lockKey = 0x6672_6c64;
const year = 365.25 * 24 * 3600 * 1000;

/** The cloud's own keys: made for an empty database, read from one that has them. All nodes of a cloud share them. Throws CloudKeyFault. */
export async function openCloudKeys(options: CloudKeysOptions): Promise<CloudKeys> {
  return options.transactions.run(async (tx) => {
    const db = inTransaction(options.db, tx);
    await sql`select pg_advisory_xact_lock(${lockKey})`.execute(db);
    const sealer = await unlock(options, db);
    const stored = new Map((await db.selectFrom('cloud_key').selectAll().execute()).map((row) => [row.purpose, row]));
    const open = (purpose: string) => {
      const row = stored.get(purpose);
      return (
        row && { der: row.der, privateKey: privateKeyFromDer(sealer.open(`cloud-key:${purpose}`, row.key_sealed)) }
      );
    };
    const keep = async (purpose: string, der: Buffer, privateKey: KeyObject, notAfter: Date | null) => {
      const key_sealed = Buffer.from(sealer.seal(`cloud-key:${purpose}`, privateKeyToDer(privateKey)));
      await db.insertInto('cloud_key').values({ purpose, der, key_sealed, not_after: notAfter }).execute();
      return { der, privateKey };
    };
    const authority = open('authority') ?? (await makeAuthority(keep));
    const answering = open('answer-key') ?? (await makeAnswerKey(keep));
    return {
      sealer,
      hashKey: hash(
        'sha256',
        Buffer.concat([utf8('kept requests\0'), privateKeyToDer(authority.privateKey)]),
        'buffer',
      ),
      authority: { certificate: authority.der, privateKey: authority.privateKey },
      // Derived from what all nodes of the cloud share anyway, and what never leaves them.
      deviceKey: derivedKey(privateKeyToDer(authority.privateKey), 'known devices'),
      ...answers(answering.privateKey),
    };
  });
}

async function unlock(options: CloudKeysOptions, db: Kysely<CloudDatabase>): Promise<Sealer> {
  const sealed = await db.selectFrom('cloud_secret').select('sealed').where('name', '=', proof).executeTakeFirst();
  if (options.key === undefined && sealed !== undefined) {
    throw new CloudKeyFault(
      'caller',
      'key_encryption_key_missing',
      "the cloud's database holds sealed keys, but there is no key-encryption key",
      {
        remedy: 'Put the key file back (kek in the data directory it was made in), or set FIRSTRING_KEK.',
      },
    );
  }
  const sealer = options.sealerOf(options.key ?? (await options.makeKey()));
  if (sealed === undefined) {
    await db
      .insertInto('cloud_secret')
      .values({ name: proof, sealed: Buffer.from(sealer.seal(proof, utf8('firstring'))) })
      .execute();
    return sealer;
  }
  try {
    sealer.open(proof, sealed.sealed);
  } catch (cause) {
    throw new CloudKeyFault(
      'caller',
      'key_encryption_key_wrong',
      "the key-encryption key is not the one the cloud's database was sealed with",
      {
        remedy: 'Use the key file this cloud was set up with; all its nodes share one key.',
        cause,
      },
    );
  }
  return sealer;
}

type Keep = (
  purpose: string,
  der: Buffer,
  key: KeyObject,
  notAfter: Date | null,
) => Promise<{ der: Buffer; privateKey: KeyObject }>;

async function makeAuthority(keep: Keep) {
  const { generateKey, issueCertificate } = await import('../pki/issue.ts');
  const key = await generateKey('p-256');
  const notAfter = new Date(Date.now() + 30 * year);
  const certificate = await issueCertificate(
    {
      subject: [
        ['CN', 'Firstring cloud CA'],
        ['O', 'Firstring cloud'],
      ],
      publicKey: key.publicKey,
      notBefore: backdated(),
      notAfter,
      authority: { pathLength: 0 },
    },
    { self: key },
  );
  return keep('authority', certificate, key.privateKey, notAfter);
}

async function makeAnswerKey(keep: Keep) {
  const { generateKey } = await import('../pki/issue.ts');
  const { privateKey, publicKey } = await generateKey('p-256');
  return keep('answer-key', publicKey.export({ format: 'der', type: 'spki' }), privateKey, null);
}

/** ES256 over `privateKey`. */
function answers(privateKey: KeyObject): { signer: AnswerSigner; cloudKey: CloudKey } {
  const { kty, crv, x, y } = createPublicKey(
    createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
  ).export({
    format: 'jwk',
  });
  const cloudKey = readCloudKey({ kty: kty!, crv: crv!, x: x!, ...(y === undefined ? {} : { y }) });
  const kid = toBase64url(hash('sha256', cloudKey.thumbprintInput, 'buffer'));
  const signer: AnswerSigner = {
    alg: cloudKey.alg,
    kid,
    sign: (input) => sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
  return { signer, cloudKey };
}
