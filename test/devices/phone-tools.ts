import { expect } from 'vitest';
import type { PhoneBench } from './phone-bench.ts';

let macs = 0;
/** A MAC address nobody has, 12 hex digits. */
export const newMac = () => `00A1B2${(++macs).toString(16).toUpperCase().padStart(6, '0')}`;

/** What tests of the phone door do again and again. The bench is asked for when it is used: it is made in `beforeAll`. */
export const phoneTools = (bench: () => PhoneBench) => ({
  /** Adds a phone that must be accepted: a `Cisco 8845` where nothing else is said. */
  async add(phone: object = {}) {
    const answer = await bench().call('POST', '/phones', { model: 'Cisco 8845', ...phone });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body;
  },
  /** Actions of the audit rows about an object, in order. */
  async audited(objectId: string) {
    const rows = await bench()
      .database.db.selectFrom('audit_event')
      .select('action')
      .where('object_id', '=', objectId)
      .orderBy('ordinal')
      .execute();
    return rows.map((row) => row.action);
  },
  device: (id: string) =>
    bench().database.db.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  codesOf: (id: string) =>
    bench()
      .database.db.selectFrom('activation_code')
      .selectAll()
      .where('device_id', '=', id)
      .orderBy('created_at')
      .execute(),
});
