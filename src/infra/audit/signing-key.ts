import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { Kysely } from 'kysely';
import type { AuditKey } from '../../domain/audit/audit-reader.ts';
import type { Sealer } from '../../domain/ports.ts';
import type { CheckpointSigner } from '../database/audit-sealer.ts';
import type { Database } from '../database/schema.ts';

const secretName = 'audit-signing-key';

/** Under the data directory: the public key, from the first start on. */
export const auditKeyFile = 'audit-public-key.pem';

/** The cluster's key for checkpoints: made once, kept sealed. Throws Fault `sealed_value_unreadable` under another key-encryption key. */
export async function auditSigningKey(db: Kysely<Database>, sealer: Sealer): Promise<CheckpointSigner & AuditKey> {
  const read = () => db.selectFrom('cluster_secret').select('sealed').where('name', '=', secretName).executeTakeFirst();
  let row = await read();
  if (row === undefined) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const sealed = sealer.seal(secretName, privateKey.export({ format: 'der', type: 'pkcs8' }));
    await db
      .insertInto('cluster_secret')
      .values({ name: secretName, sealed: Buffer.from(sealed) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    // Another node may have been first; what is stored counts.
    row = await read();
  }
  const der = Buffer.from(sealer.open(secretName, row!.sealed));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: auditKeyId(publicKey),
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }) as string,
    sign: (bytes) => sign(null, bytes, privateKey),
    verifies: (bytes, signature) => verify(null, bytes, publicKey, signature),
  };
}

/** First 16 hex digits of SHA-256 over the public key's SPKI. */
export function auditKeyId(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16);
}
