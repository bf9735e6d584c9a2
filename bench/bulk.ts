/**
 * Insert Phones against what it cannot beat: without codes PostgreSQL's bare COPY of the same rows into the same tables, triggers and indexes
 * and all; with codes the bare scrypt and modular exponentiation of as many verifiers, in as many threads.
 * `node bench/bulk.ts [--rows N] [--codes N]`. The job runs in this process over its own stores, as a node runs it; no HTTP.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { activationCodes } from '../src/domain/activation/codes.ts';
import type { AuditLog } from '../src/domain/audit-log.ts';
import type { MailService } from '../src/domain/mail/mail-service.ts';
import type { ActivationCode } from '../src/identifiers/activation-code.ts';
import { codeKdfPool } from '../src/infra/crypto/code-kdf.ts';
import { codeFingerprints } from '../src/infra/crypto/code-secrets.ts';
import { systemRandom } from '../src/infra/crypto/random.ts';
import { sealer as sealerOf } from '../src/infra/crypto/sealer.ts';
import { activationCodeStore } from '../src/infra/database/activation-code-store.ts';
import { auditLog } from '../src/infra/database/audit-log.ts';
import { timelineRecorder } from '../src/infra/database/timeline-recorder.ts';
import { silentLog } from '../src/kernel/log.ts';
import { bulkAdministration } from '../src/roles/unified-cm/bulk-administration.ts';
import { phoneAdministration } from '../src/roles/unified-cm/phone-administration.ts';
import { testDatabase } from '../test/support/database.ts';
import { treeProcessorSeconds } from './activation/processor-time.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '50000' }, codes: { type: 'string', default: '2000' } },
});
const rowCount = Number(values.rows);
const codeCount = Number(values.codes);
const actor = { name: 'bench', sourceAddress: '' };

await using database = await testDatabase();
const { db, transactions, url } = database;
const key = randomBytes(32);
const sealer = sealerOf(key);
const audit = auditLog(db, 'bench');
const timeline = timelineRecorder({ db, node: 'bench', log: silentLog });
await using workers = codeKdfPool(availableParallelism(), { patient: true });
const codesBy = (auditing: AuditLog) =>
  activationCodes({
    store: activationCodeStore(db),
    sealer,
    kdf: workers,
    fingerprints: codeFingerprints(key),
    random: systemRandom,
    audit: auditing,
  });
const codes = codesBy(audit);
const phones = phoneAdministration({ db, transactions, sealer, random: systemRandom, codes, audit, timeline });
const bulk = bulkAdministration({
  db,
  databaseUrl: url,
  transactions,
  audit,
  phones: phones.parts,
  mail: {} as MailService,
  node: 'bench',
  openCodes: (auditing) => ({ codes: codesBy(auditing), async [Symbol.asyncDispose]() {} }),
});
await sql`
  insert into phone_template (name, model, device_pool_id, phone_security_profile_id, sip_profile_id, common_phone_profile_id, lines)
  select 'bench', 'Cisco 8845', device_pool_id, phone_security_profile_id, sip_profile_id, common_phone_profile_id,
    '[{"partition":"","label":"","display":"","maxCalls":4,"busyTrigger":2}]'
  from universal_device_template limit 1`.execute(db);

/** A file of phones with a line each, uploaded. */
async function upload(name: string, count: number, flag: 't' | 'f', prefix: string): Promise<number> {
  const text = ['MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1,REQUIRES ACTIVATION CODE FOR ONBOARDING\n'];
  for (let n = 0; n < count; n++)
    text.push(`${prefix}${String(n).padStart(8, '0')},Desk ${n} of the bench,${prefix}${n},${flag}\n`);
  const content = Buffer.from(text.join(''));
  const began = performance.now();
  await bulk.files.put(
    actor,
    { name, transaction: 'insert-phones-specific-details', content, sha256: Buffer.alloc(32) },
    true,
  );
  return performance.now() - began;
}

interface Run {
  readonly seconds: number;
  /** Processor seconds of this process and PostgreSQL. */
  readonly processor: number;
  /** Most octets of heap and buffers at once, above what there was before. */
  readonly memory: number;
  /** Longest time the event loop did not turn, in ms. */
  readonly stall: number;
}

async function insert(file: string): Promise<Run> {
  const { id } = await bulk.jobs.insertPhones({ file, template: 'bench' }, actor);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = 0;
  let stall = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    const now = performance.now();
    stall = Math.max(stall, now - last - 20);
    last = now;
    most = Math.max(most, process.memoryUsage().rss - before);
  }, 20);
  const used = treeProcessorSeconds(process.pid);
  const began = performance.now();
  await using taken = await bulk.take('bench');
  await bulk.run(taken!, new AbortController().signal);
  const seconds = (performance.now() - began) / 1000;
  const processor = treeProcessorSeconds(process.pid) - used;
  clearInterval(watch);
  const job = await bulk.jobs.get(id);
  if (job.result !== 'success') throw new Error(`the job ended with ${job.result}: ${JSON.stringify(job.refusal)}`);
  return { seconds, processor, memory: most, stall };
}

/** What a job writes for its phones, in the order it can be written in. */
const tables = {
  line: `select * from line where directory_number like '02%'`,
  device: `select * from device where name like 'SEP02%'`,
  device_line: `select dl.* from device_line dl join device d on d.id = dl.device_id where d.name like 'SEP02%'`,
  audit_event: `select id, at, actor, source_address, action, object_kind, object_id, object_name, detail, node from audit_event
    where object_name like 'SEP02%' or object_name like '02%'`,
} as const;
const auditColumns = '(id, at, actor, source_address, action, object_kind, object_id, object_name, detail, node)';

/** The rows that the job made, copied out, deleted, and copied in again by the server itself: seconds of the last. */
async function copyAgain(): Promise<Pick<Run, 'seconds' | 'processor'>> {
  const file = (table: string) => `${tmpdir()}/firstring-bench-${process.pid}-${table}`;
  for (const [table, query] of Object.entries(tables)) await sql.raw(`copy (${query}) to '${file(table)}'`).execute(db);
  await sql`delete from device where name like 'SEP02%'`.execute(db);
  await sql`delete from line where directory_number like '02%'`.execute(db);
  await sql`alter table audit_event disable trigger user`.execute(db);
  await sql`delete from audit_event where object_name like 'SEP02%' or object_name like '02%'`.execute(db);
  await sql`alter table audit_event enable trigger user`.execute(db);
  for (const table of Object.keys(tables)) await sql.raw(`vacuum analyze ${table}`).execute(db);
  const used = treeProcessorSeconds(process.pid);
  const began = performance.now();
  await db.transaction().execute(async (tx) => {
    for (const table of Object.keys(tables))
      await sql.raw(`copy ${table} ${table === 'audit_event' ? auditColumns : ''} from '${file(table)}'`).execute(tx);
  });
  const seconds = (performance.now() - began) / 1000;
  const processor = treeProcessorSeconds(process.pid) - used;
  for (const table of Object.keys(tables)) await rm(file(table), { force: true });
  return { seconds, processor };
}

/** scrypt and g^x of as many codes, in the same threads and nothing else. */
async function bareVerifiers(count: number): Promise<Pick<Run, 'seconds' | 'processor'>> {
  const salt = randomBytes(16);
  await Promise.all(Array.from({ length: 8 }, () => workers.verifier('1234567890123450' as ActivationCode, salt)));
  const used = treeProcessorSeconds(process.pid);
  const began = performance.now();
  await Promise.all(Array.from({ length: count }, () => workers.verifier('1234567890123450' as ActivationCode, salt)));
  return { seconds: (performance.now() - began) / 1000, processor: treeProcessorSeconds(process.pid) - used };
}

const rate = (count: number, seconds: number) => `${Math.round(count / seconds)} rows/s`.padStart(14);
/** The first against the second: 1 is as quick as the limit. */
const ratios = (limit: Pick<Run, 'seconds' | 'processor'>, run: Run) =>
  `ratio                          ${(limit.seconds / run.seconds).toFixed(3)} by the clock, ${(limit.processor / run.processor).toFixed(3)} by processor time (${run.processor.toFixed(1)} s against ${limit.processor.toFixed(1)} s)`;
const mega = (octets: number) => `${Math.round(octets / 2 ** 20)} MB`;

const uploadMs = await upload('plain.csv', rowCount, 'f', '0200');
console.log(`upload of ${rowCount} rows          ${Math.round(uploadMs)} ms`);
const plain = await insert('plain.csv');
console.log(
  `insert without codes           ${rate(rowCount, plain.seconds)}   memory +${mega(plain.memory)}, longest stall ${Math.round(plain.stall)} ms`,
);
const copied = await copyAgain();
console.log(`bare COPY of the same rows     ${rate(rowCount, copied.seconds)}`);
console.log(ratios(copied, plain));

await upload('codes.csv', codeCount, 't', '0201');
const bare = await bareVerifiers(codeCount);
console.log(`bare scrypt + g^x, ${availableParallelism()} threads   ${rate(codeCount, bare.seconds)}`);
const coded = await insert('codes.csv');
console.log(
  `insert with codes              ${rate(codeCount, coded.seconds)}   memory +${mega(coded.memory)}, longest stall ${Math.round(coded.stall)} ms`,
);
console.log(ratios(bare, coded));
await timeline[Symbol.asyncDispose]();
