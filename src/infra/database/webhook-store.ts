import { type Kysely, sql } from 'kysely';
import type { Delivery, DueDelivery, StoredWebhook, WebhookEvent } from '../../domain/webhooks/webhook.ts';
import type { WebhookStore } from '../../domain/webhooks/webhook-service.ts';
import { inTransaction } from './connect.ts';
import { keysetPage } from './keyset.ts';
import type { Database } from './schema.ts';

/** The job that empties the queue; the triggers of migrations/0012 ask for it by this name. */
export const sendWebhooksJob = 'send-webhooks';

const shown = sql`SELECT w.id, w.name, w.url, w.events, w.certificate_authority AS "certificateAuthority", w.enabled, w.version,
  (SELECT count(*)::int FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting') AS waiting,
  (SELECT max(last_attempt_at) FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'delivered') AS "lastDeliveredAt",
  coalesce((SELECT d.last_error FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.last_attempt_at IS NOT NULL
    ORDER BY d.last_attempt_at DESC LIMIT 1), '') AS "lastError"
  FROM webhook w`;

const due = sql`d.id, d.attempts, w.url, w.certificate_authority AS "certificateAuthority", w.secret_sealed AS "secretSealed",
  jsonb_build_object('id', d.id) || d.payload AS payload`;

export function webhookStore(db: Kysely<Database>): WebhookStore {
  const taken = (error: unknown) => (error as { code?: string }).code === '23505';
  return {
    async list() {
      return (await sql<StoredWebhook>`${shown} ORDER BY w.name`.execute(db)).rows;
    },
    async find(id, tx) {
      const { rows } =
        await sql<StoredWebhook>`${shown} WHERE w.id::text = ${id} ${tx === undefined ? sql`` : sql`FOR UPDATE OF w`}`.execute(
          inTransaction(db, tx),
        );
      return rows[0];
    },
    async insert(tx, webhook, secretSealed) {
      const row = await inTransaction(db, tx)
        .insertInto('webhook')
        .values({ ...columns(webhook), secret_sealed: Buffer.from(secretSealed) })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('id')
        .executeTakeFirst();
      return row?.id;
    },
    async update(tx, id, webhook) {
      try {
        await inTransaction(db, tx)
          .updateTable('webhook')
          .set((eb) => ({ ...columns(webhook), version: eb('version', '+', 1) }))
          .where('id', '=', id)
          .execute();
        return true;
      } catch (error) {
        if (taken(error)) return false;
        throw error;
      }
    },
    async setSecret(tx, id, secretSealed) {
      await inTransaction(db, tx)
        .updateTable('webhook')
        .set((eb) => ({ secret_sealed: Buffer.from(secretSealed), version: eb('version', '+', 1) }))
        .where('id', '=', id)
        .execute();
    },
    async remove(tx, id) {
      await inTransaction(db, tx).deleteFrom('webhook').where('id', '=', id).execute();
    },
    deliveries(id, page) {
      return keysetPage<Delivery>(
        db,
        {
          from: sql`webhook_delivery d`,
          select: sql`d.id, d.event, d.payload, d.state, d.attempts, d.last_status AS "lastStatus", d.last_error AS "lastError",
            d.created_at AS "createdAt", d.last_attempt_at AS "lastAttemptAt", d.next_attempt_at AS "nextAttemptAt"`,
          where: [sql<boolean>`d.webhook_id = ${id}::uuid`],
          sorts: { createdAt: sql`d.created_at` },
          id: sql<string>`d.id`,
          idType: 'uuid',
        },
        { ...page, sort: '-createdAt' },
      );
    },
    async addTest(id) {
      const { rows } = await sql<DueDelivery>`
        WITH made AS (
          INSERT INTO webhook_delivery (webhook_id, event, payload, next_attempt_at)
          SELECT id, 'test', jsonb_build_object('event', 'test', 'at', now()), now() + interval '1 hour' FROM webhook WHERE id::text = ${id}
          RETURNING id, webhook_id, payload, attempts
        ) SELECT ${due} FROM made d JOIN webhook w ON w.id = d.webhook_id`.execute(db);
      return rows[0];
    },
    async repeat(tx, webhookId, deliveryId) {
      const { rows } = await sql<{ id: string }>`
        UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_attempt_at = now()
        WHERE id::text = ${deliveryId} AND webhook_id::text = ${webhookId} RETURNING id`.execute(inTransaction(db, tx));
      if (rows.length === 0) return false;
      await sql`SELECT graphile_worker.add_job(${sendWebhooksJob}, '{}'::json, job_key => ${sendWebhooksJob}, max_attempts => 1)`.execute(
        inTransaction(db, tx),
      );
      return true;
    },
    async takeDue(most, lease) {
      const { rows } = await sql<DueDelivery>`
        WITH chosen AS (
          SELECT d.id FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id AND w.enabled
          WHERE d.state = 'waiting' AND d.next_attempt_at <= now() ORDER BY d.next_attempt_at LIMIT ${most} FOR UPDATE OF d SKIP LOCKED
        ), d AS (
          UPDATE webhook_delivery SET next_attempt_at = now() + make_interval(secs => ${lease}) FROM chosen
          WHERE webhook_delivery.id = chosen.id RETURNING webhook_delivery.*
        ) SELECT ${due} FROM d JOIN webhook w ON w.id = d.webhook_id`.execute(db);
      return rows;
    },
    async noteAttempt(id, { status, error }, { delivered, retryIn }) {
      const state = delivered ? 'delivered' : retryIn === undefined ? 'given-up' : 'waiting';
      await sql`UPDATE webhook_delivery SET state = ${state}, attempts = attempts + 1, last_status = ${status ?? null},
        last_error = ${error.slice(0, 500)}, last_attempt_at = now(), next_attempt_at = now() + make_interval(secs => ${retryIn ?? 0})
        WHERE id = ${id}::uuid`.execute(db);
    },
  };
}

function columns({
  name,
  url,
  events,
  certificateAuthority,
  enabled,
}: Pick<StoredWebhook, 'name' | 'url' | 'certificateAuthority' | 'enabled'> & { events: readonly WebhookEvent[] }) {
  return { name, url, events: [...events], certificate_authority: certificateAuthority, enabled };
}

/** Deliveries that ended long ago. Days. */
export async function forgetDeliveries(db: Kysely<Database>, days: number): Promise<number> {
  const { numAffectedRows } =
    await sql`DELETE FROM webhook_delivery WHERE state <> 'waiting' AND created_at < now() - make_interval(days => ${days})`.execute(
      db,
    );
  return Number(numAffectedRows ?? 0);
}
