import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { sealPurpose } from '../../src/domain/activation/codes.ts';
import type { Locator } from '../../src/identifiers/activation-code.ts';
import { sealer } from '../../src/infra/crypto/sealer.ts';
import { migrate } from '../../src/infra/database/migrate.ts';
import { startPostgres } from '../../src/infra/postgres/supervisor.ts';
import { toBase64url } from '../../src/kernel/bytes.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { suiteSrp } from '../../src/protocol/activation/suite.ts';
import { type Issued, issueMicFor, makeAuthority } from '../../test/support/certificates.ts';
import { suiteCrypto } from '../../test/support/das.ts';

/** A PostgreSQL with the settings of production (durable), and a phone ready to activate for every code in it. */
export interface Fixture extends AsyncDisposable {
  readonly url: string;
  readonly postmaster: number;
  readonly keyEncryptionKey: Uint8Array;
  readonly root: Issued;
  readonly issuing: Issued;
  readonly pool: pg.Pool;
  /** Private key of all MICs, PEM. Set once phones were made. */
  readonly fleetKey: string;
  /** Records without codes, to fill the tables. */
  fill(devices: number): Promise<void>;
  phones(count: number): Promise<readonly BenchPhone[]>;
}

/** What the load process needs of one phone. x is given: scrypt is the phone's own cost and not the server's. */
export interface BenchPhone {
  readonly code: string;
  /** base64url */
  readonly x: string;
  readonly mac: string;
  /** PEM, its chain after it. */
  readonly mic: string;
}

export async function benchFixture(): Promise<Fixture> {
  const directory = await mkdtemp(join(tmpdir(), 'firstring-bench-'));
  const postgres = await startPostgres({ directory, log: silentLog });
  await migrate(postgres.ownerUrl, undefined, { applicationUrl: postgres.url });
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
  // Connections end with the server; nobody waits for them then.
  pool.on('error', () => {});
  const root = await makeAuthority({ algorithm: 'rsa2048' });
  const issuing = await makeAuthority({ name: 'Test Manufacturing CA', issuer: root, algorithm: 'rsa2048' });
  const keyEncryptionKey = randomBytes(32);
  const box = sealer(keyEncryptionKey);
  const srp = suiteSrp(suiteCrypto());
  let next = 1;
  let fleetKey = '';

  return {
    url: postgres.url,
    postmaster: postgres.pid,
    keyEncryptionKey,
    root,
    issuing,
    pool,
    get fleetKey() {
      return fleetKey;
    },

    async fill(devices) {
      await pool.query(
        `insert into device (name, model, device_pool_id, phone_button_template_id, phone_security_profile_id, sip_profile_id, common_phone_profile_id)
         select 'SEP' || upper(lpad(to_hex(n + 187650000000000), 12, '0')), dd.model, dd.device_pool_id, dd.phone_button_template_id,
                u.phone_security_profile_id, u.sip_profile_id, u.common_phone_profile_id
         from generate_series(1, $1::bigint) n, device_default dd, universal_device_template u where dd.model = 'Cisco 8841'
         on conflict do nothing`,
        [devices],
      );
      // Every code locks its locator until the end of its transaction: that many in one are more locks than PostgreSQL keeps.
      await pool.query('alter table activation_code disable trigger activation_code_takes_locator');
      await pool.query(
        `insert into activation_code (device_id, device_name, model, locator, code_sealed, salt_sealed, verifier_sealed, expires_at)
         select id, name, model, lpad((5000000 + row_number() over ())::text, 7, '0'), decode(repeat('00', 49), 'hex'),
                decode(repeat('00', 49), 'hex'), decode(repeat('00', 417), 'hex'), now() + interval '7 days'
         from device where model = 'Cisco 8841' on conflict do nothing`,
      );
      await pool.query('alter table activation_code enable trigger activation_code_takes_locator');
      await pool.query('vacuum analyze');
    },

    async phones(count) {
      const made: BenchPhone[] = [];
      const rows: unknown[][] = [];
      for (let i = 0; i < count; i++) {
        const number = next++;
        const mac = `02${number.toString(16).padStart(10, '0')}`.toUpperCase();
        const locator = String(number).padStart(7, '0') as Locator;
        const code = `${locator}123456789`;
        const x = randomBytes(32);
        const { pem, keyPem } = await issueMicFor(issuing, mac);
        fleetKey = keyPem;
        rows.push([
          `BAT${mac}`,
          locator,
          box.seal(sealPurpose.code(locator), Buffer.from(code)),
          box.seal(sealPurpose.salt(locator), randomBytes(16)),
          box.seal(sealPurpose.verifier(locator), srp.power(x)),
        ]);
        made.push({ code, x: toBase64url(x), mac, mic: `${pem}\n${issuing.pem}` });
      }
      const column = (index: number) => rows.map((row) => row[index]);
      await pool.query(
        `with input as (
           select * from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::bytea[]) as t (name, locator, code, salt, verifier)
         ), added as (
           insert into device (name, model, device_pool_id, phone_button_template_id, phone_security_profile_id, sip_profile_id,
                               common_phone_profile_id, requires_activation_code)
           select input.name, dd.model, dd.device_pool_id, dd.phone_button_template_id, u.phone_security_profile_id, u.sip_profile_id,
                  u.common_phone_profile_id, true
           from input, device_default dd, universal_device_template u where dd.model = 'Cisco 8845'
           returning id, name, model
         )
         insert into activation_code (device_id, device_name, model, locator, code_sealed, salt_sealed, verifier_sealed, expires_at)
         select added.id, added.name, added.model, input.locator, input.code, input.salt, input.verifier, now() + interval '7 days'
         from added join input using (name)`,
        [column(0), column(1), column(2), column(3), column(4)],
      );
      return made;
    },

    async [Symbol.asyncDispose]() {
      await pool.end();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
