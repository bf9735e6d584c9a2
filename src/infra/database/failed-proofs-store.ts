import { type Kysely, sql } from 'kysely';
import type { FailedProofs, FailedProofsStore } from '../../domain/settings/failed-proofs.ts';
import type { ListRequest, Page } from '../../domain/settings/resource.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import { keysetPage, searchCondition } from './keyset.ts';
import type { Database } from './schema.ts';

interface Row {
  mic_sha256: Buffer;
  mac: string;
  failed: number;
  newest: Date;
  refused_until: Date | null;
}

export function failedProofsStore(db: Kysely<Database>): FailedProofsStore {
  return {
    async list(request: ListRequest, most: number): Promise<Page<FailedProofs>> {
      const refused = request.filters?.['refused'];
      const where = [
        ...(request.search ? [searchCondition([sql`mac`, sql`encode(mic_sha256, 'hex')`], request.search)] : []),
        ...(refused === undefined ? [] : [sql<boolean>`(refused_until is not null) = ${refused}`]),
      ];
      const page = await keysetPage<Row>(
        db,
        {
          from: sql`(
            select mic_sha256, mac, live.failed, live.newest,
                   case when live.failed >= ${most}::integer
                        then charged_at[cardinality(charged_at) - ${most}::integer + 1] + interval '24 hours' end as refused_until
            from mic_failed_proof, lateral (
              select count(*)::integer as failed, max(at) as newest from unnest(charged_at) as at where at > now() - interval '24 hours'
            ) as live
            where live.failed > 0
          ) as failing`,
          select: sql`mic_sha256, mac, failed, newest, refused_until`,
          where,
          sorts: { mac: sql`mac` },
          id: sql<string>`encode(mic_sha256, 'hex')`,
          idType: 'text',
        },
        request,
      );
      return {
        ...page,
        items: page.items.map((row) => ({
          micSha256: row.mic_sha256.toString('hex'),
          mac: row.mac,
          failed: row.failed,
          newest: row.newest,
          refusedUntil: row.refused_until,
        })),
      };
    },

    async forget(tx: Transaction, micSha256: string): Promise<string | undefined> {
      const { rows } = await sql<{ mac: string }>`
        delete from mic_failed_proof where mic_sha256 = ${Buffer.from(micSha256, 'hex')} and cardinality(charges) > 0
        returning mac`.execute(inTransaction(db, tx));
      return rows[0]?.mac;
    },
  };
}
