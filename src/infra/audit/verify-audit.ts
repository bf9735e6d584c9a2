import { createPublicKey, hash as digest, type KeyObject, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Kysely } from 'kysely';
import { type ChainReport, ChainVerifier, type ChainVerifierOptions } from '../../domain/audit/chain.ts';
import { readExportLine } from '../../domain/audit/export.ts';
import type { KeptHead } from '../../domain/audit/head-line.ts';
import { AuditStore } from '../database/audit-store.ts';
import { openDatabase } from '../database/connect.ts';
import type { Database } from '../database/schema.ts';
import { readHeadFiles } from './head-log.ts';
import { auditKeyId } from './signing-key.ts';

export interface VerifyAuditOptions {
  /** An export: JSON lines. */
  readonly file?: string;
  /** Or the database itself. */
  readonly databaseUrl?: string;
  /** The key checkpoints must be signed with (SPKI, PEM). Without it an export is held against the key in its own header; a database needs it. */
  readonly publicKeyPem?: string;
  /** A head that was written down earlier: `<seq>:<hex of hash>`. */
  readonly expectedHead?: KeptHead;
  /** Logs of heads that nodes kept: the files of each node in their order. */
  readonly headFiles?: readonly (readonly string[])[];
}

export interface VerifyAuditReport extends ChainReport {
  /** False: the signatures were held against a key that came with the log, which proves nothing against who could write both. */
  readonly keyFromOutside: boolean;
  /** What a person should know that is no finding: restores that were stated, nothing to compare with. */
  readonly notes: readonly string[];
}

/** Checks a whole audit log offline: nothing of a running system is needed. Rejects when the file or database cannot be read. */
export async function verifyAudit(options: VerifyAuditOptions): Promise<VerifyAuditReport> {
  const keyFromOutside = options.publicKeyPem !== undefined;
  const kept = await readKept(options.headFiles ?? []);
  const { verifier, trust } = prepare({ ...options, keptHeads: kept.heads });
  for (const problem of kept.problems) verifier.headsChanged(problem);
  if (options.file !== undefined) await readExport(options.file, verifier, keyFromOutside ? undefined : trust);
  else if (options.databaseUrl !== undefined && !keyFromOutside)
    throw new TypeError('a database is verified against a public key kept elsewhere: give it');
  else if (options.databaseUrl !== undefined) await readDatabase(options.databaseUrl, verifier);
  else throw new TypeError('say which export file or which database to verify');
  return { ...verifier.finish(), keyFromOutside, notes: kept.notes };
}

interface Kept {
  readonly heads: ReadonlyMap<number, string>;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** Several nodes' heads together; where two say different things of one event, one of them saw another log. */
async function readKept(nodes: readonly (readonly string[])[]): Promise<Kept> {
  const heads = new Map<number, string>();
  const notes: string[] = [];
  const problems: string[] = [];
  for (const files of nodes) {
    const reading = await readHeadFiles(files);
    if (reading === undefined) continue;
    notes.push(...reading.notes);
    problems.push(...reading.problems);
    for (const [seq, hash] of reading.heads) {
      const other = heads.get(seq);
      if (other !== undefined && other !== hash) problems.push(`two nodes wrote down different hashes of event ${seq}`);
      heads.set(seq, hash);
    }
  }
  if (heads.size === 0)
    notes.push('no heads kept outside of the database were compared: a past that was chained anew would not show');
  return { heads, notes, problems };
}

/** The same over an open database, with the heads that this node kept. */
export async function verifyStoredAudit(
  db: Kysely<Database>,
  publicKeyPem: string,
  headFiles: readonly string[] = [],
): Promise<ChainReport & { readonly notes: readonly string[] }> {
  const kept = await readKept([headFiles]);
  const { verifier } = prepare({ publicKeyPem, keptHeads: kept.heads });
  for (const problem of kept.problems) verifier.headsChanged(problem);
  await readStored(db, verifier);
  return { ...verifier.finish(), notes: kept.notes };
}

function prepare(
  options: Pick<VerifyAuditOptions, 'publicKeyPem' | 'expectedHead'> & Pick<ChainVerifierOptions, 'keptHeads'>,
) {
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
    ...(options.keptHeads === undefined ? {} : { keptHeads: options.keptHeads }),
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
  await using database = openDatabase(url, { max: 2, unhurried: true });
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
  for (const note of report.notes) lines.push(`note: ${note}`);
  lines.push(
    report.intact
      ? `intact: ${report.events} events, ${report.checkpoints} signed checkpoints, ${report.keptHeads} kept heads${report.lastSeq === undefined ? '' : `, seq ${report.firstSeq} to ${report.lastSeq}, head ${report.lastSeq}:${report.head}`}`
      : `NOT intact: ${report.findings.length} finding${report.findings.length === 1 ? '' : 's'} in ${report.events} events`,
  );
  return lines;
}
