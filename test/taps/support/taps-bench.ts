import { sql } from 'kysely';
import { AutoRegistrationService } from '../../../src/domain/auto-registration/auto-registration-service.ts';
import { tapsParameter, tapsServiceName } from '../../../src/domain/settings/taps-parameters.ts';
import type { TapsReason } from '../../../src/domain/taps/dialogue.ts';
import type { TapsSettings, TapsStore } from '../../../src/domain/taps/ports.ts';
import { TapsClaims } from '../../../src/domain/taps/taps-claims.ts';
import { autoRegistrationModule } from '../../../src/endpoints/rest/auto-registration.ts';
import { tapsModule } from '../../../src/endpoints/rest/taps.ts';
import type { SipServer } from '../../../src/endpoints/sip/sip-server.ts';
import { TapsAgent } from '../../../src/endpoints/taps/taps-agent.ts';
import { auditLog } from '../../../src/infra/database/audit-log.ts';
import { autoRegistrationStore } from '../../../src/infra/database/auto-registration-store.ts';
import { CachedRegistrationDirectory } from '../../../src/infra/database/registration-directory.ts';
import { tapsStore } from '../../../src/infra/database/taps-store.ts';
import { PasswordPool } from '../../../src/infra/passwords/password-pool.ts';
import { readPrompts } from '../../../src/infra/taps/prompt-files.ts';
import { type PhoneBench, phoneBench } from '../../devices/phone-bench.ts';
import { nodeRandom, testSip } from '../../sip/support/fakes.ts';

export const tapsNumber = '8277';
export const openProfile = 'Open';

export interface TapsBench extends AsyncDisposable {
  readonly phones: PhoneBench;
  readonly store: TapsStore;
  readonly server: SipServer;
  readonly agent: TapsAgent;
  readonly nodeId: string;
  readonly failures: TapsReason[];
  readonly restarted: string[];
  /** Every number that was decided on. */
  readonly decided: string[];
  readonly complaints: string[];
  /** Sets service parameters of TAPS; the next call follows them. */
  set(values: Partial<Record<keyof typeof tapsParameter, string>>): Promise<void>;
  /** An auto-registered phone as the registrar would have made it. */
  addAutoRegistered(mac: string, directoryNumber: string, model?: string): Promise<string>;
  /** A record with a blank MAC address. */
  addPrepared(directoryNumber: string, more?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** SIP server, TAPS and REST over one database; phones of the profile `Open` need no credentials. `short`: prompts of a tenth of a second. */
export async function tapsBench({ short = true }: { readonly short?: boolean } = {}): Promise<TapsBench> {
  const node = { id: '', name: 'node-a' };
  const phones = await phoneBench(({ database }) => [
    autoRegistrationModule(
      new AutoRegistrationService(
        autoRegistrationStore(database.db),
        database.transactions,
        auditLog(database.db, 'test-node'),
      ),
    ),
    tapsModule(tapsStore(database.db, node)),
  ]);
  const { db } = phones.database;
  const { rows } = await sql<{ id: string }>`
    WITH made AS (INSERT INTO node (name, address, last_seen_at) VALUES ('node-a', '127.0.0.1', now()) RETURNING id),
         member AS (INSERT INTO call_manager_group_member (group_id, node_id, priority)
                    SELECT g.id, made.id, 0 FROM call_manager_group g, made),
         service AS (INSERT INTO node_service (node_id, service, activated) SELECT id, ${tapsServiceName}, true FROM made),
         profile AS (INSERT INTO phone_security_profile (name, device_security_mode, transport) VALUES (${openProfile}, 'non-secure', 'tcp+udp'))
    SELECT id FROM made`.execute(db);
  node.id = rows[0]!.id;
  const store = tapsStore(db, node);
  const pins = new PasswordPool({ cost: { ln: 8, r: 8, p: 1 } });
  const real = await readPrompts();
  const tone = Uint8Array.from({ length: 800 }, (_, i) => (i % 20 < 10 ? 0x10 : 0x90));
  const failures: TapsReason[] = [];
  const restarted: string[] = [];
  const decided: string[] = [];
  const claims = new TapsClaims({ phones: phones.administration.parts, store, pins });
  let settings: TapsSettings = await store.settings();
  const agent = new TapsAgent({
    bind: '127.0.0.1',
    store,
    claims: {
      async claim(claim, held) {
        const outcome = await claims.claim(claim, held);
        // Once the call knows it too.
        setImmediate(() => decided.push(claim.directoryNumber));
        return outcome;
      },
    },
    settings: () => settings,
    prompts: short ? { audio: () => tone } : real,
    restart: (device) => {
      restarted.push(device);
      sip.server.endRegistration(device);
    },
    failed: (_, reason) => failures.push(reason),
    random: nodeRandom,
    log: { debug() {}, info() {}, warn: console.error, error: console.error },
  });
  const directory = new CachedRegistrationDirectory(db, phones.sealer);
  directory.trust(false);
  const sip = await testSip([], { directory, localAgent: agent });
  const bench: TapsBench = {
    phones,
    store,
    server: sip.server,
    agent,
    nodeId: node.id,
    failures,
    restarted,
    decided,
    complaints: sip.complaints,
    async set(values) {
      for (const [key, value] of Object.entries(values)) {
        await db
          .insertInto('service_parameter')
          .values({
            service: tapsServiceName,
            name: tapsParameter[key as keyof typeof tapsParameter],
            node_id: null,
            value,
          })
          .onConflict((conflict) => conflict.columns(['service', 'name', 'node_id']).doUpdateSet({ value }))
          .execute();
      }
      settings = await store.settings();
    },
    async addAutoRegistered(mac, directoryNumber, model = 'Cisco 7841') {
      const added = await phones.call('POST', '/phones', {
        model,
        mac,
        phoneSecurityProfile: openProfile,
        lines: [{ directoryNumber }],
      });
      if (added.status !== 201) throw new Error(JSON.stringify(added.body));
      await sql`UPDATE device SET auto_registered = true WHERE name = ${added.body.name}`.execute(db);
      return added.body.name;
    },
    async addPrepared(directoryNumber, more = {}) {
      const added = await phones.call('POST', '/phones', {
        model: 'Cisco 7841',
        phoneSecurityProfile: openProfile,
        lines: [{ directoryNumber }],
        ...more,
      });
      if (added.status !== 201) throw new Error(JSON.stringify(added.body));
      return added.body.name;
    },
    async [Symbol.asyncDispose]() {
      await sip[Symbol.asyncDispose]();
      await pins[Symbol.asyncDispose]();
      await phones[Symbol.asyncDispose]();
    },
  };
  await bench.set({ directoryNumber: tapsNumber });
  return bench;
}
