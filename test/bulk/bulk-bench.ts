import type { UserService } from '../../src/domain/users/user-service.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { auditLog } from '../../src/infra/database/audit-log.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type BulkAdministration, bulkAdministration } from '../../src/roles/unified-cm/bulk-administration.ts';
import { mailAdministration } from '../../src/roles/unified-cm/mail-administration.ts';
import { type Answer, type PhoneBench, phoneBench } from '../devices/phone-bench.ts';
import { codeBench, testKeyEncryptionKey } from '../support/activation.ts';

export interface BulkBench extends AsyncDisposable {
  readonly phones: PhoneBench;
  readonly bulk: BulkAdministration;
  call: PhoneBench['call'];
  /** Uploads text or octets; the answer as it is. */
  upload(
    name: string,
    content: string | Uint8Array,
    options?: { transaction?: string; language?: string; replace?: boolean },
  ): Promise<Answer>;
  /** Submits below /bulk/jobs, runs what is due, and gives the job as it is then. */
  job(path: string, body: object, as?: string): Promise<Job>;
  /** Runs jobs until none is due. */
  run(signal?: AbortSignal): Promise<void>;
  show(id: number): Promise<Job>;
  rows(id: number, query?: string): Promise<Row[]>;
  text(path: string, as?: string): Promise<string>;
  octets(path: string): Promise<Uint8Array>;
  template(members?: object): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Job = any;
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Row = any;

/** The REST door with bulk administration over a real socket and a database of its own; jobs run when the test says so. */
export async function bulkBench(): Promise<BulkBench> {
  let bulk: BulkAdministration | undefined;
  const phones = await phoneBench(({ database, administration, timeline, sealer }) => {
    const { db, transactions, url } = database;
    const audit = auditLog(db, 'test-node');
    const mail = mailAdministration({
      db,
      transactions,
      sealer,
      random: systemRandom,
      audit,
      timeline,
      phones: administration.phones,
      users: {} as Pick<UserService, 'get'>,
      transport: { deliver: async () => ({ outcome: 'accepted', serverSaid: '' }) },
      log: silentLog,
      node: 'test-node',
      ownSelfCareUrl: 'https://127.0.0.1:8443/selfcare',
      onGivenUp() {},
    });
    bulk = bulkAdministration({
      db,
      databaseUrl: url,
      transactions,
      audit,
      phones: administration.parts,
      mail: mail.service,
      node: 'test-node',
      openCodes: (auditing) => ({
        codes: codeBench(database, testKeyEncryptionKey, auditing).codes,
        async [Symbol.asyncDispose]() {},
      }),
    });
    return bulk.modules;
  });
  const { call } = phones;
  const run: BulkBench['run'] = async (signal = new AbortController().signal) => {
    for (;;) {
      await using taken = await bulk!.take('test-node');
      if (taken === undefined) return;
      await bulk!.run(taken, signal);
      if (signal.aborted) return;
    }
  };
  const show = async (id: number) => (await call('GET', `/bulk/jobs/${id}`)).body;
  const base = phones.base;
  return {
    phones,
    bulk: bulk!,
    call,
    run,
    show,
    async upload(
      name,
      content,
      { transaction = 'insert-phones-specific-details', language = 'en', replace = true } = {},
    ) {
      const query = new URLSearchParams({ name, transaction, language, replace: String(replace) });
      const response = await fetch(`${base}/bulk/files?${query}`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('admin:any')}`, 'content-type': 'application/octet-stream' },
        body: typeof content === 'string' ? content : Buffer.from(content),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    async job(path, body, as) {
      const answer = await call('POST', `/bulk/jobs/${path}`, body, as === undefined ? {} : { as });
      if (answer.status !== 202) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      await run();
      return show(answer.body.id);
    },
    async rows(id, query = '') {
      const answer = await call('GET', `/bulk/jobs/${id}/rows?limit=500${query}`);
      return answer.body.items;
    },
    async text(path, as) {
      return (await call('GET', path, undefined, as === undefined ? {} : { as })).body;
    },
    async octets(path) {
      const response = await fetch(`${base}${path}`, { headers: { authorization: `Basic ${btoa('admin:any')}` } });
      return new Uint8Array(await response.arrayBuffer());
    },
    async template(members = {}) {
      const answer = await call('POST', '/phone-templates', {
        name: 'Standard 8845',
        model: 'Cisco 8845',
        ...members,
      });
      if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    },
    [Symbol.asyncDispose]: () => phones[Symbol.asyncDispose](),
  };
}
