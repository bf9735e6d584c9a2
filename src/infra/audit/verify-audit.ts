import { createPublicKey, hash as digest, type KeyObject, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Kysely } from 'kysely';
import { type ChainReport, ChainVerifier } from '../../domain/audit/chain.ts';
import { readExportLine } from '../../domain/audit/export.ts';
import { AuditStore } from '../database/audit-store.ts';
import { openDatabase } from '../database/connect.ts';
import type { Database } from '../database/schema.ts';
import { auditKeyId } from './signing-key.ts';

export interface VerifyAuditOptions {
  /** An export: JSON lines. */
  readonly file?: string;
  /** Or the database itself. */
  readonly databaseUrl?: string;
  /** The key checkpoints must be signed with (SPKI, PEM). Without it an export is held against the key in its own header; a database needs it. */
  readonly publicKeyPem?: string;
  /** A head that was written down earlier: `<seq>:<hex of hash>`. */
  readonly expectedHead?: { readonly seq: number; readonly hash: string };
}

export interface VerifyAuditReport extends ChainReport {
  /** False: the signatures were held against a key that came with the log, which proves nothing against who could write both. */
  readonly keyFromOutside: boolean;
}

/** Checks a whole audit log offline: nothing of a running system is needed. Rejects when the file or database cannot be read. */
export async function verifyAudit(options: VerifyAuditOptions): Promise<VerifyAuditReport> {
  const keyFromOutside = options.publicKeyPem !== undefined;
  const { verifier, trust } = prepare(options);
  if (options.file !== undefined) await readExport(options.file, verifier, keyFromOutside ? undefined : trust);
  else if (options.databaseUrl !== undefined && !keyFromOutside)
    throw new TypeError('a database is verified against a public key kept elsewhere: give it');
  else if (options.databaseUrl !== undefined) await readDatabase(options.databaseUrl, verifier);
  else throw new TypeError('say which export file or which database to verify');
  return { ...verifier.finish(), keyFromOutside };
}

/** The same over an open database. */
export async function verifyStoredAudit(db: Kysely<Database>, publicKeyPem: string): Promise<ChainReport> {
  const { verifier } = prepare({ publicKeyPem });
  await readStored(db, verifier);
  return verifier.finish();
}

function prepare(options: Pick<VerifyAuditOptions, 'publicKeyPem' | 'expectedHead'>) {
  const keys = new Map<string, KeyObject>();
  const trust = (pem: string) => {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('the public key is not an Ed25519 key');
    keys.set(auditKeyId(key), key);
  };
  if (options.publicKeyPem !== undefined) trust(options.publicKeyPem);
  const verifier = new ChainVerifier({
    sha256: (bytes) => digest('sha256', bytes, 'buffer'),
    verifies: (keyId, bytes, signature) => {
      const key = keys.get(keyId);
      return key === undefined ? undefined : verify(null, bytes, key, signature);
    },
    ...(options.expectedHead === undefined ? {} : { expectedHead: options.expectedHead }),
  });
  return { verifier, trust };
}

async function readExport(
  file: string,
  verifier: ChainVerifier,
  trust: ((pem: string) => void) | undefined,
): Promise<void> {
  let number = 0;
  for await (const text of linesOf(file)) {
    number++;
    if (text === '') continue;
    const line = readExportLine(text);
    if (line === undefined) verifier.unreadable(`line ${number} is not a line of an audit export`);
    else if ('event' in line) verifier.event(line.event);
    else if ('checkpoint' in line) verifier.checkpoint(line.checkpoint);
    else {
      verifier.expectFirst(line.header.fromSeq);
      for (const key of line.header.keys) {
        try {
          trust?.(key.publicKeyPem);
        } catch {
          verifier.unreadable('the header holds no public key');
        }
      }
    }
  }
}

/** By line feed alone: a text in the log may hold U+2028, which readline takes for the end of a line. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const parts = (held + (chunk as string)).split('\n');
    held = parts.pop()!;
    yield* parts;
  }
  yield held;
}

async function readDatabase(url: string, verifier: ChainVerifier): Promise<void> {
  await using database = openDatabase(url, { max: 2 });
  await readStored(database.db, verifier);
}

async function readStored(db: Kysely<Database>, verifier: ChainVerifier): Promise<void> {
  const store = new AuditStore(db);
  verifier.expectFirst(1);
  for await (const each of store.chain())
    if ('event' in each) verifier.event(each.event);
    else verifier.checkpoint(each.checkpoint);
  const overdue = await store.overdue();
  if (overdue > 0) verifier.unsealed(overdue);
}

/** The report in plain words, a line each. The last one is the verdict. */
export function auditReportLines(report: VerifyAuditReport): readonly string[] {
  const lines = report.findings.map(
    (each) => `${each.seq === undefined ? '' : `seq ${each.seq}: `}${each.message} [${each.problem}]`,
  );
  if (!report.keyFromOutside)
    lines.push('note: the signatures were checked with the key that came with the log; give --public-key for a proof');
  lines.push(
    report.intact
      ? `intact: ${report.events} events, ${report.checkpoints} signed checkpoints${report.lastSeq === undefined ? '' : `, seq ${report.firstSeq} to ${report.lastSeq}, head ${report.lastSeq}:${report.head}`}`
      : `NOT intact: ${report.findings.length} finding${report.findings.length === 1 ? '' : 's'} in ${report.events} events`,
  );
  return lines;
}
