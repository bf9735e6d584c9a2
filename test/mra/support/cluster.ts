import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { type ActivationCodes, activationCodes } from '../../../src/domain/activation/codes.ts';
import type { CloudOnboarding } from '../../../src/domain/mra/cloud-onboarding.ts';
import type { OnboardingEvent } from '../../../src/domain/ports.ts';
import { type CodeKdfPool, codeKdfPool } from '../../../src/infra/crypto/code-kdf.ts';
import { codeFingerprints } from '../../../src/infra/crypto/code-secrets.ts';
import { systemRandom } from '../../../src/infra/crypto/random.ts';
import { sealer } from '../../../src/infra/crypto/sealer.ts';
import { activationCodeStore } from '../../../src/infra/database/activation-code-store.ts';
import { auditLog } from '../../../src/infra/database/audit-log.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { type MraAdministration, mraAdministration } from '../../../src/roles/unified-cm/mra-administration.ts';
import { type PhoneAdministration, phoneAdministration } from '../../../src/roles/unified-cm/phone-administration.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

export const tester = { name: 'tester', sourceAddress: '' };

/** A cluster's database with its phones, codes and MRA, without listeners. */
export interface TestCluster extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly mra: MraAdministration;
  readonly phones: PhoneAdministration;
  readonly codes: ActivationCodes;
  readonly events: OnboardingEvent[];
  /** How often the alarm rang. */
  readonly alarms: number;
  /** Another node over the same database. */
  node(name: string, patience?: number): MraAdministration;
  /** Enrols with a voucher and switches everything on. */
  enrol(cloud: {
    readonly url: string;
    readonly authorityPem: string;
    readonly voucher: string;
    readonly domain?: string;
  }): Promise<CloudOnboarding>;
  locators(): Promise<readonly { locator: string; state: string; allocation_id: string }[]>;
}

let sharedKdf: CodeKdfPool | undefined;

export async function testCluster(options: { readonly patience?: number } = {}): Promise<TestCluster> {
  const database = await testDatabase();
  sharedKdf ??= codeKdfPool(1);
  const kdf = sharedKdf;
  const { db, transactions } = database;
  await db
    .insertInto('cluster')
    .values({ das_id: `das-${randomBytes(4).toString('hex')}` })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const key = randomBytes(32);
  const box = sealer(key);
  const events: OnboardingEvent[] = [];
  const timeline = { record: (event: OnboardingEvent) => void events.push(event) };
  const audit = auditLog(db, 'node-a');
  let alarms = 0;
  const node = (name: string, patience = options.patience) =>
    mraAdministration(
      {
        db,
        transactions,
        sealer: box,
        audit,
        timeline,
        log: silentLog,
        node: name,
        clusterName: 'test cluster',
        dnsServers: [],
        onAlarm: () => {
          alarms++;
        },
        ...(patience === undefined ? {} : { patience }),
      },
      (cloudLocators) =>
        activationCodes({
          store: activationCodeStore(db),
          sealer: box,
          kdf,
          fingerprints: codeFingerprints(key),
          random: systemRandom,
          audit,
          cloudLocators,
        }),
    );
  const mra = node('node-a');
  const { codes } = mra;
  const phones = phoneAdministration({ db, transactions, sealer: box, random: systemRandom, codes, audit, timeline });
  return {
    database,
    mra,
    phones,
    codes,
    events,
    get alarms() {
      return alarms;
    },
    node,
    async enrol({ url, authorityPem, voucher, domain = 'mra.example.org' }) {
      await mra.onboarding.change(tester, { address: url, certificateAuthority: authorityPem });
      await mra.onboarding.change(tester, { mraActivationDomain: domain, enableActivationCodeOnboarding: true });
      return mra.onboarding.enrol(tester, voucher, 'test cluster');
    },
    async locators() {
      const { rows } = await sql<{ locator: string; state: string; allocation_id: string }>`
        select locator, state, allocation_id from mra_locator order by allocated_at, locator`.execute(db);
      return rows;
    },
    async [Symbol.asyncDispose]() {
      await mra[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
