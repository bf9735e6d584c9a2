import { createHmac, hash, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Compile } from 'typebox/compile';
import { expect } from 'vitest';
import { Problem } from '../../../src/contract/common.ts';
import { AccessService } from '../../../src/domain/access/access-service.ts';
import { GuessLimiter, type GuessLimits } from '../../../src/domain/access/guess-limiter.ts';
import { roles } from '../../../src/domain/access/permissions.ts';
import { VerifiedCredentials } from '../../../src/domain/access/verified-credentials.ts';
import { activationCodes } from '../../../src/domain/activation/codes.ts';
import { Once } from '../../../src/domain/idempotency/once.ts';
import { UserService } from '../../../src/domain/users/user-service.ts';
import type { RestModule, RestRoute } from '../../../src/endpoints/rest/route.ts';
import { buildRestServer } from '../../../src/endpoints/rest/server.ts';
import { webhookModule } from '../../../src/endpoints/rest/webhooks.ts';
import { auditSigningKey } from '../../../src/infra/audit/signing-key.ts';
import { codeKdfPool } from '../../../src/infra/crypto/code-kdf.ts';
import { codeFingerprints } from '../../../src/infra/crypto/code-secrets.ts';
import { keyedHash } from '../../../src/infra/crypto/key-encryption-key.ts';
import { systemRandom } from '../../../src/infra/crypto/random.ts';
import { sealer as sealerOf } from '../../../src/infra/crypto/sealer.ts';
import { activationCodeStore } from '../../../src/infra/database/activation-code-store.ts';
import { auditLog } from '../../../src/infra/database/audit-log.ts';
import { changeWatch } from '../../../src/infra/database/change-watch.ts';
import { idempotencyStore } from '../../../src/infra/database/idempotency-store.ts';
import { SessionsStore } from '../../../src/infra/database/session-store.ts';
import { UsersStore } from '../../../src/infra/database/users-store.ts';
import { PasswordPool } from '../../../src/infra/passwords/password-pool.ts';
import { type Log, silentLog } from '../../../src/kernel/log.ts';
import { accessAdministration } from '../../../src/roles/unified-cm/access-administration.ts';
import { bulkAdministration } from '../../../src/roles/unified-cm/bulk-administration.ts';
import { serveIntegrations } from '../../../src/roles/unified-cm/integrations.ts';
import { mailAdministration } from '../../../src/roles/unified-cm/mail-administration.ts';
import { mraAdministration } from '../../../src/roles/unified-cm/mra-administration.ts';
import { phoneAdministration } from '../../../src/roles/unified-cm/phone-administration.ts';
import { settingsAdministration } from '../../../src/roles/unified-cm/settings-administration.ts';
import { webhookService } from '../../../src/roles/unified-cm/webhook-administration.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

export const password = 'correct horse battery';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed JSON; undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they please
  readonly body: any;
}

export interface RequestOptions {
  /** JSON, or octets as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Which user signs in with HTTP Basic; null: nobody. Default `super`. */
  readonly as?: string | null;
  /** Send the text as it is, under this media type. */
  readonly raw?: { readonly text: string | Uint8Array; readonly type: string };
}

export interface TestRest extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly modules: readonly RestModule[];
  readonly port: number;
  readonly origin: string;
  /** What was logged as an error. */
  readonly errors: object[];
  readonly publicKeyPem: string;
  readonly signer: Awaited<ReturnType<typeof auditSigningKey>>;
  readonly hasher: PasswordPool;
  readonly sealer: ReturnType<typeof sealerOf>;
  call(method: string, path: string, options?: RequestOptions): Promise<Answer>;
}

export interface TestRestOptions {
  readonly limits?: GuessLimits;
  readonly now?: () => number;
  /** Cost of passwords. Default 2^10: tests are about rules, not about time. */
  readonly cost?: number;
  /** Connects to the database by this address instead. */
  readonly through?: (url: string) => string;
}

/** The REST door over real TLS and a database of its own, with a user for each role, named like the role. */
export async function startRest(options: TestRestOptions = {}): Promise<TestRest> {
  const stack = new AsyncDisposableStack();
  try {
    const database = stack.use(await testDatabase({ ...(options.through && { through: options.through }) }));
    const { db, transactions } = database;
    const keyEncryptionKey = randomBytes(32);
    const sealer = sealerOf(keyEncryptionKey);
    const audit = auditLog(db, 'node-a');
    const clock = { now: options.now ?? (() => Date.now()) };
    const hasher = stack.use(new PasswordPool({ cost: { ln: options.cost ?? 10, r: 8, p: 1 }, threads: 1 }));
    const usersStore = new UsersStore(db);
    const sessions = new SessionsStore(db);
    const processKey = randomBytes(32);
    const digests = {
      sha256: (bytes: Uint8Array) => hash('sha256', bytes, 'buffer'),
      processMac: (bytes: Uint8Array) => createHmac('sha256', processKey).update(bytes).digest(),
      deviceMac: (bytes: Uint8Array) => createHmac('sha256', keyEncryptionKey).update(bytes).digest(),
    };
    const access = new AccessService({
      users: usersStore,
      sessions,
      hasher,
      limiter: new GuessLimiter(clock, options.limits),
      verified: new VerifiedCredentials(digests.processMac, clock),
      digests,
      random: systemRandom,
      clock,
      transactions,
      audit,
    });
    const users = new UserService({ users: usersStore, sessions, hasher, access, transactions, audit });
    const passwordHash = await hasher.hash(password);
    await transactions.run(async (tx) => {
      for (const role of roles)
        await usersStore.insert(
          tx,
          { userId: role, firstName: '', lastName: role, mail: '', locale: 'en', roles: [role], enabled: true },
          { passwordHash },
        );
    });
    const { id: nodeId } = await db
      .insertInto('node')
      .values({ name: 'node-a', address: '127.0.0.1', is_publisher: true })
      .returning('id')
      .executeTakeFirstOrThrow();
    const kdf = stack.use(codeKdfPool());
    const mra = stack.use(
      mraAdministration(
        {
          db,
          transactions,
          sealer,
          audit,
          timeline: { record() {} },
          log: silentLog,
          node: 'node-a',
          clusterName: 'test',
          dnsServers: [],
          onAlarm() {},
        },
        (cloudLocators) =>
          activationCodes({
            store: activationCodeStore(db),
            cloudLocators,
            sealer,
            kdf,
            fingerprints: codeFingerprints(keyEncryptionKey),
            random: systemRandom,
            audit,
            counters: { count() {} },
          }),
      ),
    );
    const { codes } = mra;
    const signer = await auditSigningKey(db, sealer);
    const phones = phoneAdministration({
      db,
      transactions,
      sealer,
      random: systemRandom,
      codes,
      audit,
      timeline: { record() {} },
    });
    const mail = mailAdministration({
      db,
      transactions,
      sealer,
      random: systemRandom,
      audit,
      timeline: { record() {} },
      phones: phones.phones,
      users,
      transport: { deliver: async () => ({ outcome: 'accepted', serverSaid: '' }) },
      log: silentLog,
      node: 'node-a',
      ownSelfCareUrl: 'https://127.0.0.1:8443/selfcare',
      onGivenUp() {},
    });
    const modules = [
      ...settingsAdministration({
        db,
        transactions,
        audit,
        access,
        users,
        auditKey: signer,
        version: '0.0.0-test',
        node: 'node-a',
        nodeId,
        lab: false,
      }),
      ...phones.modules,
      ...mra.modules,
      webhookModule(
        webhookService({
          db,
          transactions,
          audit,
          sealer,
          version: '0.0.0-test',
          outboundAllow: ['127.0.0.1', 'localhost'],
        }),
      ),
      ...mail.modules,
      ...accessAdministration({ db, transactions, sealer, audit, timeline: { record() {} }, clusterCa: '' }),
      ...bulkAdministration({
        db,
        databaseUrl: database.url,
        transactions,
        audit,
        phones: phones.parts,
        mail: mail.service,
        node: 'node-a',
        openCodes: () => ({ codes, async [Symbol.asyncDispose]() {} }),
      }).modules,
    ];
    const errors: object[] = [];
    const log: Log = { debug() {}, info() {}, warn() {}, error: (fields) => void errors.push(fields) };
    const certificate = await makeAuthority({ name: 'localhost' });
    const once = new Once({
      store: idempotencyStore(db, randomUUID()),
      sealer,
      mac: keyedHash(keyEncryptionKey),
      changes: changeWatch,
      transactions,
      audit,
    });
    const app = buildRestServer({
      modules,
      access,
      log,
      version: '0.0.0-test',
      changes: changeWatch,
      once,
      https: { cert: certificate.pem, key: certificate.keyPem },
    });
    serveIntegrations(
      app,
      {
        db,
        transactions,
        version: '0.0.0-test',
        node: { name: 'node-a' },
        metrics: { activationCounts: async () => ({ InvokeAttempts: 7 }) },
        fileUrl: (name) => `https://files.example.org/${name}.cnf.xml`,
        log,
      },
      { phones, audit, codes, users, access, mra },
    );
    await app.listen({ host: '127.0.0.1', port: 0 });
    stack.defer(() => app.close());
    const { port } = app.server.address() as AddressInfo;
    const check = documentedAnswers(modules);
    const owned = stack.move();
    return {
      database,
      modules,
      port,
      origin: `https://127.0.0.1:${port}`,
      errors,
      publicKeyPem: signer.publicKeyPem,
      signer,
      hasher,
      sealer,
      async call(method, path, request = {}) {
        const answer = await send(port, method, `/api/v1${path}`, request);
        check(method, path, answer);
        return answer;
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

export const basic = (userId: string, secret = password) =>
  `Basic ${Buffer.from(`${userId}:${secret}`).toString('base64')}`;

/** One request over TLS. */
export function send(port: number, method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { as = 'super', raw } = options;
  const payload = raw?.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const headers: Record<string, string> = {
    ...(as === null ? {} : { authorization: basic(as) }),
    ...(payload === undefined ? {} : { 'content-type': raw?.type ?? 'application/json' }),
    ...(payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload as string)) }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const json =
            /json/.test(response.headers['content-type'] ?? '') && !/jsonl/.test(response.headers['content-type']!);
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            text,
            body: json && text !== '' ? JSON.parse(text) : undefined,
          });
        });
      },
    );
    request.on('error', reject);
    if (payload !== undefined) request.write(payload);
    request.end();
  });
}

/** Holds every answer of every test against what the routes say they answer. */
function documentedAnswers(modules: readonly RestModule[]) {
  const routes = modules.flatMap((each) => each.routes);
  const problem = Compile(Problem);
  const compiled = new Map<RestRoute, ReadonlyMap<number, ReturnType<typeof Compile>>>();
  for (const route of routes) {
    const schemas = Object.entries(route.answers).flatMap(([status, schema]) =>
      schema === null || typeof schema === 'string' ? [] : [[Number(status), Compile(schema)] as const],
    );
    compiled.set(route, new Map(schemas as never));
  }
  return (method: string, path: string, answer: Answer) => {
    expect(answer.headers['cache-control'], `${method} ${path}`).toBe('no-store');
    if (answer.status >= 400) {
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(problem.Errors(answer.body)).toEqual([]);
      expect(answer.body.status).toBe(answer.status);
      return;
    }
    const plain = path.split('?')[0]!.split('/');
    const route = routes.find((each) => {
      const parts = each.path.split('/');
      return (
        each.method === method &&
        parts.length === plain.length &&
        parts.every((part, index) => part.startsWith('{') || part === plain[index])
      );
    });
    if (route === undefined) return;
    expect(Object.keys(route.answers), `${method} ${path} answered ${answer.status}`).toContain(String(answer.status));
    const schema = compiled.get(route)?.get(answer.status);
    if (schema !== undefined) expect(schema.Errors(answer.body), `${method} ${path}: ${answer.text}`).toEqual([]);
  };
}
