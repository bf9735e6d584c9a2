import type { AddressInfo } from 'node:net';
import { AccessFault } from '../../src/domain/access/access-fault.ts';
import type { AccessService } from '../../src/domain/access/access-service.ts';
import { caller, type Role } from '../../src/domain/access/permissions.ts';
import type { Sealer } from '../../src/domain/ports.ts';
import { serveAxl } from '../../src/endpoints/axl/axl-door.ts';
import { phoneOperations } from '../../src/endpoints/axl/operations/phones.ts';
import type { RestModule } from '../../src/endpoints/rest/route.ts';
import { buildRestServer } from '../../src/endpoints/rest/server.ts';
import { SoapSignIn } from '../../src/endpoints/soap/sign-in.ts';
import type { Locator } from '../../src/identifiers/activation-code.ts';
import type { MacAddress } from '../../src/identifiers/mac-address.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { handshakeStore } from '../../src/infra/database/activation-handshake-store.ts';
import { auditLog } from '../../src/infra/database/audit-log.ts';
import { deviceExtras, objectLookup } from '../../src/infra/database/integration-lookup.ts';
import { type TimelineRecorder, timelineRecorder } from '../../src/infra/database/timeline-recorder.ts';
import { type Log, silentLog } from '../../src/kernel/log.ts';
import { type PhoneAdministration, phoneAdministration } from '../../src/roles/unified-cm/phone-administration.ts';
import { type CodeBench, codeBench } from '../support/activation.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

export interface Answer {
  readonly status: number;
  // The caller knows what it asked for.
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
  readonly headers: Headers;
}

export interface CallOptions {
  /** Who asks; default `admin`, who may do everything. */
  readonly as?: string;
  readonly ifMatch?: string;
}

export interface PhoneBench extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly administration: PhoneAdministration;
  readonly codes: CodeBench['codes'];
  readonly timeline: TimelineRecorder;
  readonly sealer: Sealer;
  /** `http://127.0.0.1:…/api/v1` */
  readonly base: string;
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  /** An operation of AXL as the administrator; `inner`: XML inside its element. Resolves to the reply. */
  axl(operation: string, inner: string): Promise<string>;
  /** Adds a user who signs in with any password. */
  addUser(userId: string, roles: readonly Role[], names?: { firstName: string; lastName: string }): Promise<string>;
  /** What the handshake does to code and device when the right phone proves itself. */
  redeem(name: string, mac: string, attempt?: string): Promise<boolean>;
}

/** What breaks inside must be seen. */
const loud: Log = { ...silentLog, error: (fields, message) => console.error(message, fields) };

/** The REST door for phones, and `more` beside them, over a real socket and a database of its own. */
export async function phoneBench(
  more: (
    bench: Omit<PhoneBench, 'base' | 'call' | 'axl' | 'addUser' | 'redeem' | typeof Symbol.asyncDispose>,
  ) => readonly RestModule[] = () => [],
): Promise<PhoneBench> {
  const database = await testDatabase();
  const { codes, sealer } = codeBench(database);
  const timeline = timelineRecorder({ db: database.db, node: 'test-node', log: silentLog, delay: 5 });
  const administration = phoneAdministration({
    db: database.db,
    transactions: database.transactions,
    sealer,
    random: systemRandom,
    codes,
    audit: auditLog(database.db, 'test-node'),
    timeline,
  });
  const app = buildRestServer({
    modules: [...administration.modules, ...more({ database, administration, codes, timeline, sealer })],
    access: signedIn(database),
    log: loud,
    version: 'test',
  });
  serveAxl(app, {
    signIn: new SoapSignIn(signedIn(database)),
    operations: phoneOperations({
      phones: administration.phones,
      lookup: objectLookup(database.db),
      extras: deviceExtras(database.db),
      audit: auditLog(database.db, 'test-node'),
    }),
    log: loud,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1`;
  const bench: PhoneBench = {
    database,
    administration,
    codes,
    timeline,
    sealer,
    base,
    async call(method, path, body, { as = 'admin', ifMatch } = {}) {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          authorization: `Basic ${btoa(`${as}:any`)}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
    },
    async axl(operation, inner) {
      const response = await fetch(`${base.replace('/api/v1', '')}/axl/`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('admin:any')}`, 'content-type': 'text/xml' },
        body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><n:${operation} xmlns:n="http://www.cisco.com/AXL/API/14.0">${inner}</n:${operation}></e:Body></e:Envelope>`,
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(text);
      return text;
    },
    async addUser(userId, roles, names = { firstName: '', lastName: '' }) {
      const { id } = await database.db
        .insertInto('end_user')
        .values({ user_id: userId, first_name: names.firstName, last_name: names.lastName, roles: [...roles] })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    redeem: (name, mac, attempt = '') => redeem(database, name, mac, attempt),
    async [Symbol.asyncDispose]() {
      await app.close();
      await timeline[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
  await bench.addUser('admin', ['super']);
  return bench;
}

/** Any password is right: who may sign in is tested with the access service. */
function signedIn(database: TestDatabase): AccessService {
  const access: Pick<AccessService, 'withPassword' | 'signIn'> = {
    async signIn({ userId, password, source }) {
      return {
        caller: await access.withPassword(userId, password, source),
        token: 'token',
        csrfToken: 'csrf',
        device: '',
      };
    },
    async withPassword(userId, _password, source) {
      const user = await database.db
        .selectFrom('end_user')
        .select(['id', 'user_id', 'roles'])
        .where('user_id', '=', userId)
        .executeTakeFirst();
      if (user === undefined) throw new AccessFault('caller', 'sign_in_refused', 'no');
      return caller({ id: user.id, userId: user.user_id, roles: user.roles }, source);
    },
  };
  return access as AccessService;
}

/** The handshake's own two statements, looked up and redeemed by the phone with this MAC. False: refused, nothing changed. */
async function redeem(database: TestDatabase, name: string, mac: string, attempt: string): Promise<boolean> {
  const store = handshakeStore(database.pool);
  const code = await database.db
    .selectFrom('activation_code as c')
    .innerJoin('device as d', 'd.id', 'c.device_id')
    .select(['c.id', 'c.locator', 'c.model'])
    .where('d.name', '=', name)
    .orderBy('c.created_at', 'desc')
    .executeTakeFirst();
  if (code === undefined) return false;
  const micSha256 = Buffer.alloc(32, mac);
  const { startedAt } = await store.lookup(code.locator as Locator, micSha256, 30);
  const outcome = await store.redeem({
    codeId: code.id,
    startedAt,
    mac: mac as MacAddress,
    model: code.model,
    mode: 'onprem',
    micSha256,
    micDer: Buffer.alloc(1),
    micRootSha256: Buffer.alloc(32),
    transcriptHash: Buffer.alloc(32),
    m1: Buffer.alloc(32),
    micAlg: 'ecdsa_secp256r1_sha256',
    micSig: Buffer.alloc(1),
    confirmKeySealed: Buffer.alloc(1),
    digestPasswordSealed: Buffer.alloc(1),
    attempt,
    firmware: '',
    node: 'ucm-a',
    sourceAddress: '',
    charge: Buffer.alloc(16),
  });
  return outcome.kind === 'redeemed';
}
