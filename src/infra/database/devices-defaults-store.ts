import { type Kysely, sql } from 'kysely';
import type { DeviceDefault, DeviceDefaultStore } from '../../domain/devices/device-defaults.ts';
import { phoneModels } from '../../identifiers/phone-model.ts';
import { inTransaction } from './connect.ts';
import { templateJson, toTemplate } from './devices-references-store.ts';
import type { Database } from './schema.ts';

const select = sql`
  SELECT def.model, def.on_premise_onboarding_method AS "onPremiseOnboardingMethod", def.load_information AS "loadInformation",
         def.inactive_load_information AS "inactiveLoadInformation", pool.name AS "devicePool", template.name AS "phoneButtonTemplate",
         def.version, (SELECT count(*)::integer FROM device d WHERE d.model = def.model) AS phones
  FROM device_default def
  JOIN device_pool pool ON pool.id = def.device_pool_id
  JOIN phone_button_template template ON template.id = def.phone_button_template_id`;

const place = new Map<string, number>(phoneModels.map((model, i) => [model.name, i]));

export function deviceDefaultStore(db: Kysely<Database>): DeviceDefaultStore {
  return {
    async list(tx) {
      const { rows } = await sql<DeviceDefault>`${select}`.execute(inTransaction(db, tx));
      return rows.sort((a, b) => (place.get(a.model) ?? 0) - (place.get(b.model) ?? 0));
    },

    async lock(tx, model) {
      const { rows } = await sql<DeviceDefault>`${select} WHERE def.model = ${model} FOR UPDATE OF def`.execute(
        inTransaction(db, tx),
      );
      return rows[0];
    },

    async devicePoolId(tx, name) {
      return (
        await inTransaction(db, tx).selectFrom('device_pool').select('id').where('name', '=', name).executeTakeFirst()
      )?.id;
    },

    async buttonTemplate(tx, name) {
      const { rows } = await sql<{ template: Parameters<typeof toTemplate>[0] }>`
        SELECT ${templateJson} AS template FROM phone_button_template t WHERE t.name = ${name}`.execute(
        inTransaction(db, tx),
      );
      return rows[0] === undefined ? undefined : toTemplate(rows[0].template);
    },

    async update(tx, model, row) {
      const columns = {
        on_premise_onboarding_method: row.onPremiseOnboardingMethod,
        load_information: row.loadInformation,
        inactive_load_information: row.inactiveLoadInformation,
        ...(row.devicePoolId === undefined ? {} : { device_pool_id: row.devicePoolId }),
        ...(row.phoneButtonTemplateId === undefined ? {} : { phone_button_template_id: row.phoneButtonTemplateId }),
      };
      await inTransaction(db, tx)
        .updateTable('device_default')
        .set((eb) => ({ ...columns, version: eb('version', '+', 1) }))
        .where('model', '=', model)
        .execute();
    },
  };
}
