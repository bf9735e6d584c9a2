import { type Kysely, sql } from 'kysely';
import { serviceParameterKind } from '../../domain/settings/service-parameters.ts';
import { tapsParameter, tapsServiceName } from '../../domain/settings/taps-parameters.ts';
import type { PreparedPhone, TapsCaller, TapsSettings, TapsStore } from '../../domain/taps/ports.ts';
import type { PromptLanguage } from '../../domain/taps/prompt-texts.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';
import { tapsSessionStore } from './taps-session-store.ts';

const languages: Readonly<Record<string, readonly PromptLanguage[]>> = {
  English: ['en'],
  Chinese: ['zh'],
  'English and Chinese': ['en', 'zh'],
};

export function tapsStore(db: Kysely<Database>, node: { readonly id: string; readonly name: string }): TapsStore {
  return {
    ...tapsSessionStore(db, node),

    async caller(deviceName) {
      const { rows } = await sql<{ id: string; name: DeviceName; model: string; auto: boolean; number: string | null }>`
        SELECT d.id, d.name, d.model, d.auto_registered AS auto,
               (SELECT l.directory_number FROM device_line dl JOIN line l ON l.id = dl.line_id
                 WHERE dl.device_id = d.id ORDER BY dl.line_index LIMIT 1) AS number
        FROM device d WHERE d.name = ${deviceName}`.execute(db);
      const row = rows[0];
      return row === undefined
        ? undefined
        : {
            deviceId: row.id,
            deviceName: row.name,
            model: row.model,
            autoRegistered: row.auto,
            directoryNumber: row.number ?? '',
          };
    },

    async prepared(directoryNumber) {
      const { rows } = await sql<Omit<PreparedPhone, 'ownerPinHash'> & { ownerPinHash: string | null }>`
        SELECT DISTINCT d.id, d.name, d.model, d.enabled, d.requires_activation_code AS "requiresActivationCode",
               p.digest_authentication AS digest, u.pin_hash AS "ownerPinHash"
        FROM line l JOIN device_line dl ON dl.line_id = l.id JOIN device d ON d.id = dl.device_id
        JOIN phone_security_profile p ON p.id = d.phone_security_profile_id
        LEFT JOIN end_user u ON u.id = d.owner_user_id AND u.enabled
        WHERE l.directory_number = ${directoryNumber} AND d.name LIKE 'BAT%'
        ORDER BY d.name`.execute(db);
      return rows.map((row) => ({ ...row, ownerPinHash: row.ownerPinHash ?? undefined }));
    },

    async charge(kind, subject, limit) {
      const { rows } = await sql`
        INSERT INTO taps_guess AS g (kind, subject) VALUES (${kind}, ${subject})
        ON CONFLICT (kind, subject) DO UPDATE SET
          guesses = CASE WHEN g.window_started_at < now() - interval '1 hour' THEN 1 ELSE g.guesses + 1 END,
          window_started_at = CASE WHEN g.window_started_at < now() - interval '1 hour' THEN now() ELSE g.window_started_at END
        WHERE g.guesses < ${limit}::integer OR g.window_started_at < now() - interval '1 hour'
        RETURNING 1`.execute(db);
      return rows.length > 0;
    },

    async credit(kind, subject) {
      await sql`UPDATE taps_guess SET guesses = guesses - 1 WHERE kind = ${kind} AND subject = ${subject} AND guesses > 0`.execute(
        db,
      );
    },

    async settings(): Promise<TapsSettings> {
      const [parameters, service] = await Promise.all([
        db
          .selectFrom('service_parameter')
          .select(['name', 'value', 'node_id'])
          .where('service', '=', tapsServiceName)
          .where((where) => where.or([where('node_id', 'is', null), where('node_id', '=', node.id)]))
          .execute(),
        db
          .selectFrom('node_service')
          .select('activated')
          .where('node_id', '=', node.id)
          .where('service', '=', tapsServiceName)
          .executeTakeFirst(),
      ]);
      const value = (name: string) =>
        parameters.find((each) => each.name === name && each.node_id !== null)?.value ??
        parameters.find((each) => each.name === name)?.value ??
        serviceParameterKind(tapsServiceName, name)!.defaultValue;
      return {
        activated: service?.activated ?? false,
        directoryNumber: value(tapsParameter.directoryNumber),
        ports: Number(value(tapsParameter.ports)),
        secured: value(tapsParameter.secured) === 'true',
        languages: languages[value(tapsParameter.locales)] ?? ['en'],
        attemptsPerPhone: Number(value(tapsParameter.attemptsPerPhone)),
        attemptsPerNumber: Number(value(tapsParameter.attemptsPerNumber)),
        firstMediaPort: Number(value(tapsParameter.firstMediaPort)),
        lastMediaPort: Number(value(tapsParameter.lastMediaPort)),
      };
    },

    async stillAutoRegistered(tx, caller: TapsCaller) {
      const { rows } = await sql`
        SELECT 1 FROM device WHERE id = ${caller.deviceId} AND name = ${caller.deviceName} AND auto_registered FOR UPDATE`.execute(
        inTransaction(db, tx),
      );
      return rows.length > 0;
    },
  };
}
