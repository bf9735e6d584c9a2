import { type Kysely, sql } from 'kysely';
import type { DeviceAccess, ServiceControl } from '../../domain/devices/ports.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** Payload: the device name. Registrars drop its bindings, and tell it to start again. */
export const registrationEndedChannel = 'registration_ended';
/** Payload: `{"device":"SEP…","action":"reset"|"restart"}`. */
export const serviceControlChannel = 'service_control';

/** The rows go in the transaction, so a node that is down now does not read them back; the nodes that are up hear of it at commit. */
export function deviceAccess(db: Kysely<Database>): DeviceAccess {
  return {
    async end(tx, deviceId, deviceName) {
      const on = inTransaction(db, tx);
      await on.deleteFrom('registration').where('device_id', '=', deviceId).execute();
      await sql`SELECT pg_notify(${registrationEndedChannel}, ${deviceName})`.execute(on);
    },
  };
}

export function serviceControl(db: Kysely<Database>): ServiceControl {
  return {
    async request(tx, deviceName, action) {
      await sql`SELECT pg_notify(${serviceControlChannel}, ${JSON.stringify({ device: deviceName, action })})`.execute(
        inTransaction(db, tx),
      );
    },
  };
}
