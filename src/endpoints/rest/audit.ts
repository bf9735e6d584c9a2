import {
  AuditEventList,
  AuditEventQuery,
  AuditExportQuery,
  AuditKeyShown,
  AuditVerification,
} from '../../contract/audit-events.ts';
import type { AuditKey, AuditReader } from '../../domain/audit/audit-reader.ts';
import type { ChainReport } from '../../domain/audit/chain.ts';
import { checkpointLine, type ExportLine, eventLine } from '../../domain/audit/export.ts';
import { toHex } from '../../kernel/bytes.ts';
import { listRequest } from './resources.ts';
import { ok, type RestModule, route, stream } from './route.ts';
import { settingProblems } from './settings.ts';

export interface AuditPorts {
  readonly reader: AuditReader;
  readonly key: AuditKey;
  /** Walks the whole chain. */
  readonly verify: () => Promise<ChainReport & { readonly notes: readonly string[] }>;
  /** Why nothing is sealed here; undefined: it is. */
  readonly notSealing: () => string | undefined;
}

export function auditModule({ reader, key, verify, notSealing }: AuditPorts): RestModule {
  let verifying: ReturnType<AuditPorts['verify']> | undefined;
  return {
    tag: 'Audit',
    description: 'Who did what, in a chain that shows any change of it',
    problems: settingProblems,
    routes: [
      route({
        method: 'GET',
        path: '/audit-events',
        needs: ['audit.read'],
        summary: 'List: audit event',
        description: 'Shows who did what, the newest first.',
        query: AuditEventQuery,
        answers: { 200: AuditEventList },
        problems: ['invalid_cursor'],
        async handle({ query }) {
          const page = await reader.list(listRequest(query));
          return ok({
            ...page,
            items: page.items.map((each) => ({
              ...each,
              seq: each.seq ?? null,
              hash: each.hash === undefined ? null : toHex(each.hash),
            })),
          });
        },
      }),
      route({
        method: 'GET',
        reads: 'long',
        path: '/audit-events/export',
        needs: ['audit.read'],
        summary: 'Export the audit log',
        description:
          'The sealed chain as JSON lines: a header with the public key, every event, and every signed checkpoint after its event. `firstring verify-audit` checks it offline.',
        query: AuditExportQuery,
        answers: { 200: 'application/jsonl' },
        handle: ({ query }) =>
          stream('application/jsonl; charset=utf-8', lines(reader, key, query.fromSeq), { fileName: 'audit.jsonl' }),
      }),
      route({
        method: 'GET',
        path: '/audit-events/public-key',
        needs: ['audit.read'],
        summary: 'Show the key of the audit log',
        description: 'The public key checkpoints are signed with. Keep it outside of this system.',
        answers: { 200: AuditKeyShown },
        handle: () => ok({ keyId: key.keyId, publicKeyPem: key.publicKeyPem }),
      }),
      route({
        method: 'GET',
        reads: 'long',
        path: '/audit-events/verification',
        needs: ['audit.read'],
        summary: 'Verify the audit log',
        description:
          'Walks the whole chain and says what is wrong where. What proves it to others is the offline check.',
        answers: { 200: AuditVerification },
        async handle() {
          // Long on a long log: whoever asks meanwhile gets the same answer.
          verifying ??= verify().finally(() => {
            verifying = undefined;
          });
          const report = await verifying;
          const reason = notSealing() ?? null;
          return ok({
            ...report,
            notes: [...report.notes],
            sealing: { goesOn: reason === null, reason },
            firstSeq: report.firstSeq ?? null,
            lastSeq: report.lastSeq ?? null,
            head: report.head ?? null,
            findings: report.findings.map((each) => ({ ...each, seq: each.seq ?? null })),
          });
        },
      }),
    ],
  };
}

async function* lines(reader: AuditReader, { keyId, publicKeyPem }: AuditKey, fromSeq = 1) {
  const text = (line: ExportLine) => `${JSON.stringify(line)}\n`;
  yield text({ kind: 'header', format: 'firstring-audit-1', fromSeq, keys: [{ keyId, publicKeyPem }] });
  for await (const each of reader.chain(fromSeq))
    yield text('event' in each ? eventLine(each.event) : checkpointLine(each.checkpoint));
}
