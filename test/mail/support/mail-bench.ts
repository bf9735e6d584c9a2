import { sql } from 'kysely';
import { expect } from 'vitest';
import type { MailTransport } from '../../../src/domain/mail/ports.ts';
import type { UserService } from '../../../src/domain/users/user-service.ts';
import { systemRandom } from '../../../src/infra/crypto/random.ts';
import { auditLog } from '../../../src/infra/database/audit-log.ts';
import { sendMailJob } from '../../../src/infra/database/mail-store.ts';
import { startJobs } from '../../../src/infra/jobs/runner.ts';
import { createLog } from '../../../src/infra/log/log.ts';
import { smtpTransport } from '../../../src/infra/mail/smtp-transport.ts';
import { type MailAdministration, mailAdministration } from '../../../src/roles/unified-cm/mail-administration.ts';
import { type PhoneBench, phoneBench } from '../../devices/phone-bench.ts';

export interface MailBench extends PhoneBench {
  readonly mail: MailAdministration;
  /** Everything that was logged. */
  readonly log: string[];
  /** Messages that were given up. */
  readonly givenUp: () => number;
  /** The outbox runner, as a node has it. Disposed with the bench, or before. */
  runJobs(mail?: MailAdministration): Promise<AsyncDisposable>;
  /** Another node on the same database. */
  otherNode(transport?: MailTransport): MailAdministration;
  set(name: string, value: string): Promise<void>;
  /** A mail server on loopback without encryption, and a sender. */
  setServer(port: number): Promise<void>;
  /** A phone with a code and an owner. Returns its name and the code. */
  phone(owner: {
    mail: string;
    locale?: string;
    description?: string;
    model?: string;
  }): Promise<{ name: string; id: string; code: string; owner: string }>;
  /** Waits until the newest message about the phone is so. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  until(name: string, state: string): Promise<any>;
  steps(deviceId: string): Promise<{ step: string; reason: string }[]>;
}

let users = 0;

/** REST for phones and mail over a database, with real SMTP out of it. */
export async function mailBench(): Promise<MailBench> {
  const log: string[] = [];
  let given = 0;
  let make!: (transport?: MailTransport, node?: string) => MailAdministration;
  let mail!: MailAdministration;
  const runners: AsyncDisposable[] = [];
  const logger = createLog({ level: 'trace', json: true, node: 'test-node', write: (line) => void log.push(line) });
  const bench = await phoneBench(({ database, sealer, timeline, administration }) => {
    const owners: Pick<UserService, 'get'> = {
      async get(userId) {
        const row = await database.db
          .selectFrom('end_user')
          .selectAll()
          .where('user_id', '=', userId)
          .executeTakeFirstOrThrow();
        return { id: row.id, value: { ...row, userId } } as never;
      },
    };
    make = (transport = smtpTransport({ hello: 'localhost' }), node = 'test-node') =>
      mailAdministration({
        db: database.db,
        transactions: database.transactions,
        sealer,
        random: systemRandom,
        audit: auditLog(database.db, node),
        timeline,
        phones: administration.phones,
        users: owners,
        transport,
        log: logger,
        node,
        ownSelfCareUrl: 'https://ucm-a.example.com:8443/selfcare',
        onGivenUp: () => void given++,
      });
    mail = make();
    return mail.modules;
  });
  const { db } = bench.database;
  const set = async (name: string, value: string) => {
    await db
      .insertInto('enterprise_parameter')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  };
  return {
    ...bench,
    mail,
    log,
    givenUp: () => given,
    async runJobs(which = mail) {
      const jobs = await startJobs({
        pool: bench.database.pool,
        jobs: { [sendMailJob]: (_, signal) => which.sender.sendDue(signal) },
        crons: [],
        log: logger,
        onGivenUp() {},
      });
      let disposed: Promise<void> | undefined;
      const once = {
        [Symbol.asyncDispose]() {
          disposed ??= jobs[Symbol.asyncDispose]() as Promise<void>;
          return disposed;
        },
      };
      runners.push(once);
      return once;
    },
    otherNode: (transport) => make(transport, 'other-node'),
    set,
    async setServer(port) {
      await set('SMTP Server', 'localhost');
      await set('SMTP Port', String(port));
      await set('SMTP Connection Security', 'None');
      await set('E-mail Sender Address', 'phones@example.com');
    },
    async phone({ mail: address, locale = 'en', description = '', model = 'Cisco 8845' }) {
      const owner = `user${++users}`;
      await bench.addUser(owner, ['end-user']);
      await db.updateTable('end_user').set({ mail: address, locale }).where('user_id', '=', owner).execute();
      const added = await bench.call('POST', '/phones', {
        model,
        description,
        ownerUserId: owner,
        requiresActivationCode: true,
      });
      expect(added.status, JSON.stringify(added.body)).toBe(201);
      const { name, id } = added.body;
      const code = (await bench.call('GET', `/phones/${name}/activation-code`)).body.code as string;
      return { name, id, code, owner };
    },
    async until(name, state) {
      const patience = AbortSignal.timeout(90_000);
      for (;;) {
        const { body } = await bench.call('GET', `/phones/${name}/activation-code/e-mail`);
        if (body.state === state) return body;
        if (patience.aborted) throw new Error(`${name} did not become ${state}: ${JSON.stringify(body)}`);
        await new Promise((done) => setTimeout(done, 20));
      }
    },
    async steps(deviceId) {
      await bench.timeline.flush();
      const { rows } = await sql<{ step: string; reason: string }>`
        select step, reason from onboarding_event where device_id = ${deviceId} and step like 'code-e-mail%' order by id`.execute(
        db,
      );
      return rows;
    },
    async [Symbol.asyncDispose]() {
      for (const runner of runners) await runner[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}
