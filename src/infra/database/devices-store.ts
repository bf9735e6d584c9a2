import { type Kysely, sql } from 'kysely';
import { DeviceFault } from '../../domain/devices/faults.ts';
import { nameTaken } from '../../domain/devices/phone-parts.ts';
import type { LineName, PhoneRowChange, PhoneStore, SetLines } from '../../domain/devices/ports.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import { say } from '../../texts/say.ts';
import { inTransaction } from './connect.ts';
import { setDeviceLines } from './devices-lines.ts';
import { type PhoneRead, selectPhones, toPhone } from './devices-read.ts';
import type { Database } from './schema.ts';

export function phoneStore(db: Kysely<Database>): PhoneStore {
  const read = async (where: ReturnType<typeof sql>, on: Kysely<Database>) => {
    const { rows } = await sql<PhoneRead>`${selectPhones} WHERE ${where}`.execute(on);
    return rows[0] === undefined ? undefined : toPhone(rows[0]);
  };
  return {
    async add(tx, row) {
      const inserted = await inTransaction(db, tx)
        .insertInto('device')
        .values({
          name: row.name,
          model: row.model,
          description: row.description,
          device_pool_id: row.devicePoolId,
          phone_button_template_id: row.phoneButtonTemplateId,
          phone_security_profile_id: row.phoneSecurityProfileId,
          sip_profile_id: row.sipProfileId,
          common_phone_profile_id: row.commonPhoneProfileId,
          owner_user_id: row.ownerId,
          owner_unconfirmed: row.ownerUnconfirmed,
          requires_activation_code: row.requiresActivationCode,
          allow_activation_code_via_mra: row.allowActivationCodeViaMra,
          mra_service_domain_id: row.mraServiceDomainId,
          enabled: row.enabled,
          digest_password_sealed: Buffer.from(row.digestPasswordSealed),
          auto_registered: row.autoRegistered ?? false,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('id')
        .executeTakeFirst()
        .catch((error: unknown) => {
          throw goneReference(error);
        });
      return inserted?.id;
    },

    find: (name, tx) => read(sql`d.name = ${name}`, inTransaction(db, tx)),
    byId: (id, tx) => read(sql`d.id = ${id}`, inTransaction(db, tx)),

    async lock(tx, name) {
      const on = inTransaction(db, tx);
      // Code before device, as the redeem statement does; then the name is looked at again, for an activation may have come first.
      await sql`SELECT 1 FROM activation_code WHERE device_id = (SELECT id FROM device WHERE name = ${name}) AND state IN ('draft', 'active') FOR UPDATE`.execute(
        on,
      );
      const { rows } = await sql<{ id: string }>`SELECT id FROM device WHERE name = ${name} FOR UPDATE`.execute(on);
      return rows[0] === undefined ? undefined : read(sql`d.id = ${rows[0].id}`, on);
    },

    async update(tx, id, change) {
      const columns = columnsOf(change);
      if (Object.keys(columns).length === 0) return;
      try {
        await inTransaction(db, tx).updateTable('device').set(columns).where('id', '=', id).execute();
      } catch (error) {
        if (change.name !== undefined && isViolation(error, 'device_name_key')) throw nameTaken(change.name);
        throw goneReference(error);
      }
    },

    setLines: (tx, id, lines, { fresh = false } = {}): Promise<SetLines> =>
      setDeviceLines(inTransaction(db, tx), id, lines, fresh),

    async confirmOwner(tx, id) {
      const on = inTransaction(db, tx);
      await on.updateTable('device').set({ owner_unconfirmed: false }).where('id', '=', id).execute();
      await sql`UPDATE end_user SET access_unconfirmed = false
        WHERE id = (SELECT owner_user_id FROM device WHERE id = ${id}::uuid) AND access_unconfirmed`.execute(on);
    },

    async remove(tx, id) {
      await inTransaction(db, tx).deleteFrom('device').where('id', '=', id).execute();
    },

    async removeUnusedLines(tx, lineIds) {
      if (lineIds.length === 0) return [];
      const { rows } = await sql<LineName>`
        DELETE FROM line USING route_partition p
        WHERE line.id = ANY (${lineIds}::uuid[]) AND p.id = line.route_partition_id
          AND NOT EXISTS (SELECT 1 FROM device_line dl WHERE dl.line_id = line.id)
        RETURNING line.id, line.directory_number AS "directoryNumber", p.name AS "partition"`.execute(
        inTransaction(db, tx),
      );
      return rows;
    },

    async nameToday(formerName) {
      const { rows } = await sql<{ name: DeviceName }>`
        SELECT d.name FROM (
          (SELECT device_id, created_at AS at FROM activation WHERE previous_name = ${formerName} AND device_id IS NOT NULL ORDER BY created_at DESC LIMIT 1)
          UNION ALL
          (SELECT device_id, at FROM onboarding_event WHERE device_name = ${formerName} AND device_id IS NOT NULL ORDER BY id DESC LIMIT 1)
        ) was JOIN device d ON d.id = was.device_id AND d.name <> ${formerName} ORDER BY was.at DESC LIMIT 1`.execute(
        db,
      );
      return rows[0]?.name;
    },
  };
}

function columnsOf(change: PhoneRowChange) {
  return {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(change.devicePoolId === undefined ? {} : { device_pool_id: change.devicePoolId }),
    ...(change.phoneButtonTemplateId === undefined ? {} : { phone_button_template_id: change.phoneButtonTemplateId }),
    ...(change.phoneSecurityProfileId === undefined
      ? {}
      : { phone_security_profile_id: change.phoneSecurityProfileId }),
    ...(change.sipProfileId === undefined ? {} : { sip_profile_id: change.sipProfileId }),
    ...(change.commonPhoneProfileId === undefined ? {} : { common_phone_profile_id: change.commonPhoneProfileId }),
    ...(change.ownerId === undefined ? {} : { owner_user_id: change.ownerId }),
    ...(change.ownerUnconfirmed === undefined ? {} : { owner_unconfirmed: change.ownerUnconfirmed }),
    ...(change.requiresActivationCode === undefined ? {} : { requires_activation_code: change.requiresActivationCode }),
    ...(change.allowActivationCodeViaMra === undefined
      ? {}
      : { allow_activation_code_via_mra: change.allowActivationCodeViaMra }),
    ...(change.mraServiceDomainId === undefined ? {} : { mra_service_domain_id: change.mraServiceDomainId }),
    ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
    ...(change.digestPasswordSealed === undefined
      ? {}
      : { digest_password_sealed: Buffer.from(change.digestPasswordSealed) }),
    ...(change.forgetsActivation
      ? { first_activated_at: null, active_load: '', inactive_load: '', auto_registered: false }
      : {}),
  };
}

/** Something the phone refers to was deleted between looking it up and writing it down. */
function goneReference(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === '23503')) return error;
  return new DeviceFault('policy', say('reference_gone'), { cause: error });
}

function isViolation(error: unknown, constraint: string): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === constraint;
}
