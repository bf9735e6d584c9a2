import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { AuditLog } from '../../domain/audit-log.ts';
import { BufferedAudit } from '../../domain/bulk/buffered-audit.ts';
import { BulkExportService } from '../../domain/bulk/export-service.ts';
import { BulkFileService } from '../../domain/bulk/file-service.ts';
import { BulkJobService } from '../../domain/bulk/job-service.ts';
import { phoneTemplateRules } from '../../domain/bulk/phone-template.ts';
import type { BulkJobStore, BulkRunStore, TakenJob } from '../../domain/bulk/ports.ts';
import { failJob, type RunParts, runJob } from '../../domain/bulk/run-job.ts';
import type { TemplateChoices } from '../../domain/bulk/template-sheets.ts';
import type { PhoneParts } from '../../domain/devices/phone-parts.ts';
import type { DeviceCodes } from '../../domain/devices/ports.ts';
import type { MailService } from '../../domain/mail/mail-service.ts';
import { ResourceService } from '../../domain/settings/resource.ts';
import { bulkExportModule } from '../../endpoints/rest/bulk-exports.ts';
import { bulkFileModule } from '../../endpoints/rest/bulk-files.ts';
import { bulkJobModule } from '../../endpoints/rest/bulk-jobs.ts';
import { phoneTemplateModule } from '../../endpoints/rest/bulk-templates.ts';
import type { RestModule } from '../../endpoints/rest/route.ts';
import { sheetReader } from '../../infra/bulk/sheet-reader.ts';
import { auditBatch } from '../../infra/database/audit-log.ts';
import { bulkFileStore } from '../../infra/database/bulk-file-store.ts';
import { bulkJobStore } from '../../infra/database/bulk-job-store.ts';
import { bulkLookups } from '../../infra/database/bulk-lookups.ts';
import { bulkRunStore } from '../../infra/database/bulk-run-store.ts';
import { phoneTemplateTable } from '../../infra/database/bulk-template-table.ts';
import { objectsToValues, savepoints } from '../../infra/database/savepoints.ts';
import type { Database } from '../../infra/database/schema.ts';
import { SettingsStore } from '../../infra/database/settings-store.ts';
import type { Transactions } from '../../kernel/transaction.ts';

export interface BulkAdministrationParts {
  readonly db: Kysely<Database>;
  /** For the connection that holds the turn to run a job. */
  readonly databaseUrl: string;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly phones: PhoneParts;
  readonly mail: MailService;
  readonly node: string;
  /** Codes made without anybody waiting for them, with this audit log; opened for one job. */
  readonly openCodes: (audit: AuditLog) => { readonly codes: DeviceCodes } & AsyncDisposable;
}

export interface BulkAdministration {
  readonly jobs: BulkJobService;
  readonly files: BulkFileService;
  readonly store: BulkJobStore;
  take(node: string): ReturnType<BulkRunStore['take']>;
  /** Runs a taken job to its end, or until the signal. */
  run(taken: TakenJob, signal: AbortSignal): Promise<void>;
  fail(taken: TakenJob): Promise<void>;
  /** For the REST door. */
  readonly modules: readonly RestModule[];
}

/** Bulk administration over one database. */
export function bulkAdministration(parts: BulkAdministrationParts): BulkAdministration {
  const { db, databaseUrl, transactions, audit, phones, mail, node, openCodes } = parts;
  const templates = new SettingsStore(db, phoneTemplateTable);
  const fileStore = bulkFileStore(db);
  const store = bulkJobStore(db);
  const lookups = bulkLookups(db);
  const runs = bulkRunStore(db, databaseUrl);
  const files = new BulkFileService({ store: fileStore, transactions, audit, reader: sheetReader() });
  const jobs = new BulkJobService({
    jobs: store,
    files: fileStore,
    templates,
    transactions,
    audit,
    now: () => new Date(),
  });
  const exports = new BulkExportService({ lookups, jobs: store, codes: phones.codes, transactions });
  const buffer = new BufferedAudit(auditBatch(db, node));
  const runParts: RunParts = {
    store: runs,
    lookups,
    savepoints: savepoints(db),
    transactions,
    audit,
    phones,
    buffer,
    mail: { queue: (tx, name, actor) => mail.queueIn(tx, name, actor) },
    elapsed: () => performance.now(),
    isRowsOwn: objectsToValues,
    breathe: async () => void (await setImmediate()),
  };
  return {
    jobs,
    files,
    store,
    take: (by) => runs.take(by),
    async run(taken, signal) {
      await using opened = openCodes(buffer);
      await runJob({ ...runParts, phones: { ...phones, audit: buffer, codes: opened.codes } }, taken, signal);
    },
    fail: (taken) => failJob(runParts, taken.job),
    modules: [
      phoneTemplateModule(new ResourceService(phoneTemplateRules, templates, transactions, audit)),
      bulkFileModule({
        files,
        sha256: (octets) => createHash('sha256').update(octets).digest(),
        choices: () => templateChoices(db),
      }),
      bulkJobModule(jobs),
      bulkExportModule(exports, jobs),
    ],
  };
}

/** As many names of each kind as a drop-down can hold. */
const longestList = 2000;

async function templateChoices(db: Kysely<Database>): Promise<TemplateChoices> {
  const names = async (table: string) => {
    const { rows } = await sql<{
      name: string;
    }>`select name from ${sql.table(table)} order by name limit ${longestList}`.execute(db);
    return rows.map((row) => row.name);
  };
  const [
    devicePools,
    phoneButtonTemplates,
    phoneSecurityProfiles,
    sipProfiles,
    commonPhoneProfiles,
    mraServiceDomains,
    partitions,
  ] = await Promise.all([
    names('device_pool'),
    names('phone_button_template'),
    names('phone_security_profile'),
    names('sip_profile'),
    names('common_phone_profile'),
    names('mra_service_domain'),
    names('route_partition'),
  ]);
  return {
    devicePools,
    phoneButtonTemplates,
    phoneSecurityProfiles,
    sipProfiles,
    commonPhoneProfiles,
    mraServiceDomains,
    partitions,
  };
}
