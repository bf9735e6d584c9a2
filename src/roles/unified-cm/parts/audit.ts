import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { AuditAlarm } from '../../../domain/audit/audit-alarm.ts';
import { openHeadLog } from '../../../infra/audit/head-log.ts';
import { auditKeyFile, auditSigningKey } from '../../../infra/audit/signing-key.ts';
import { openSyslog, readSyslogTarget, type Syslog } from '../../../infra/audit/syslog.ts';
import { readSyslogFiles } from '../../../infra/audit/syslog-files.ts';
import { writeWhole } from '../../../infra/data-directory/files.ts';
import { type SealedHead, startAuditSealer } from '../../../infra/database/audit-sealer.ts';
import type { NodeContext, Part } from '../context.ts';

/** Chains and signs the audit log, and keeps its heads where the database cannot reach. Every node runs one; one at a time works. */
export async function startAuditing(context: NodeContext): Promise<Part> {
  const { db, sealer, log, configuration, metrics, sealing } = context;
  const signer = await auditSigningKey(db, sealer);
  // Kept outside of the database from the first start on, so that who can write there cannot sign a log of their own.
  const file = join(configuration.dataDirectory, auditKeyFile);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept === undefined) await writeWhole(file, signer.publicKeyPem, 0o644);
  else if (kept.trim() !== signer.publicKeyPem.trim())
    log.error(
      { file },
      'the audit log is signed with another key than the one kept in this file: find out why before you delete it',
    );
  await using stack = new AsyncDisposableStack();
  const heads = stack.use(await openHeadLog(configuration.dataDirectory));
  const target = configuration.audit.syslog === undefined ? undefined : readSyslogTarget(configuration.audit.syslog);
  const syslog =
    target === undefined
      ? undefined
      : stack.use(
          openSyslog(target, {
            log,
            tls: target.transport === 'tls' ? await readSyslogFiles(configuration.audit.syslogTls) : undefined,
            onConnected: metrics.syslogConnected,
            onDropped: metrics.syslogDropped,
          }),
        );
  const running = stack.use(
    startAuditSealer({
      db,
      signer,
      log,
      heads,
      onSealed: (head) => syslog?.send(headMessage(head)),
      onAlarm(alarm) {
        sealing.alarm = alarm;
        metrics.auditSealing(alarm === undefined);
        if (alarm !== undefined) tell(context, alarm, syslog);
      },
    }),
  );
  metrics.auditSealing(true);
  const owned = stack.move();
  return {
    notReady: () => (running.alarm === undefined ? undefined : `the audit log is not sealed: ${running.alarm.message}`),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function headMessage({ seq, hash, keyId, signature }: SealedHead) {
  return {
    severity: 5,
    id: 'audit-head',
    data: { seq: String(seq), hash, keyId, signature: Buffer.from(signature).toString('base64') },
    text: `the audit log was sealed up to event ${seq}`,
  } as const;
}

function tell({ db, log, node }: NodeContext, alarm: AuditAlarm, syslog: Syslog | undefined): void {
  syslog?.send({ severity: 1, id: 'audit-alarm', data: { code: alarm.code, node: node.name }, text: alarm.message });
  const about = JSON.stringify({ reason: alarm.code, node: node.name });
  sql`select webhook_enqueue('audit.alarm', now(), ${about}::jsonb)`
    .execute(db)
    .catch((error) => log.warn({ err: error }, 'nobody could be told of the alarm by webhook'));
}
