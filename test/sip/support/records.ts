import { sql } from 'kysely';
import type { Sealer } from '../../../src/domain/ports.ts';
import { utf8 } from '../../../src/kernel/bytes.ts';
import type { TestDatabase } from '../../support/database.ts';

/** Keeps secrets as they are but for a mark of their purpose, which it insists on. */
export const openSealer: Sealer = {
  seal: (purpose, plain) => Buffer.concat([utf8(`${purpose}|`), plain]),
  open: (purpose, sealed) => {
    const mark = utf8(`${purpose}|`);
    if (!Buffer.from(sealed.subarray(0, mark.length)).equals(mark)) throw new Error('sealed for another purpose');
    return sealed.subarray(mark.length);
  },
};

export interface Records {
  readonly nodes: readonly [a: string, b: string];
  addPhone(name: string, numbers: readonly string[], profile?: 'Secure' | 'Non-Secure'): Promise<string>;
}

/** Two nodes, and phones made of the seeded defaults. */
export async function records(database: TestDatabase, ports: readonly object[] = [{}, {}]): Promise<Records> {
  const { db } = database;
  const nodes = await db
    .insertInto('node')
    .values(
      ['node-a', 'node-b'].map((name, i) => ({ name, address: '127.0.0.1', ports: JSON.stringify(ports[i] ?? {}) })),
    )
    .returning('id')
    .execute();
  return {
    nodes: [nodes[0]!.id, nodes[1]!.id],
    async addPhone(name, numbers, profile = 'Non-Secure') {
      const { rows } = await sql<{ id: string }>`
        INSERT INTO device (name, model, device_pool_id, phone_button_template_id, phone_security_profile_id, sip_profile_id,
                            common_phone_profile_id, digest_password_sealed)
        SELECT ${name}, m.model, m.device_pool_id, m.phone_button_template_id, s.id, p.id, c.id,
               ${Buffer.from(openSealer.seal('device-digest-password', utf8('secret')))}
        FROM device_default m, phone_security_profile s, sip_profile p, common_phone_profile c
        WHERE m.model = 'Cisco 8845' AND s.name LIKE ${`% ${profile} Profile`}
        LIMIT 1 RETURNING id`.execute(db);
      const { id } = rows[0]!;
      for (const [i, number] of numbers.entries()) {
        await sql`
          WITH known AS (SELECT l.id FROM line l JOIN route_partition r ON r.id = l.route_partition_id WHERE r.name = '' AND directory_number = ${number}),
          made AS (INSERT INTO line (directory_number, route_partition_id)
                   SELECT ${number}, id FROM route_partition WHERE name = '' AND NOT EXISTS (SELECT 1 FROM known) RETURNING id)
          INSERT INTO device_line (device_id, line_index, line_id) SELECT ${id}, ${i + 1}, id FROM (TABLE known UNION ALL TABLE made) AS line`.execute(
          db,
        );
      }
      return id;
    },
  };
}
