import type { AddressInfo } from 'node:net';
import { AccessFault } from '../../src/domain/access/access-fault.ts';
import type { AccessService } from '../../src/domain/access/access-service.ts';
import { caller, type Role } from '../../src/domain/access/permissions.ts';
import type { Sealer } from '../../src/domain/ports.ts';
import type { RestModule } from '../../src/endpoints/rest/route.ts';
import { buildRestServer } from '../../src/endpoints/rest/server.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { auditLog } from '../../src/infra/database/audit-log.ts';
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
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  /** Adds a user who signs in with any password. */
  addUser(userId: string, roles: readonly Role[], names?: { firstName: string; lastName: string }): Promise<string>;
  /** What the handshake does to code and device when the right phone proves itself: the statement itself is tested elsewhere. */
  redeem(name: string, mac: string): Promise<boolean>;
}

/** What breaks inside must be seen. */
const loud: Log = { ...silentLog, error: (fields, message) => console.error(message, fields) };

/** The REST door for phones, and `more` beside them, over a real socket and a database of its own. */
export async function phoneBench(
  more: (
    bench: Omit<PhoneBench, 'call' | 'addUser' | 'redeem' | typeof Symbol.asyncDispose>,
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
  await app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1`;
  const bench: PhoneBench = {
    database,
    administration,
    codes,
    timeline,
    sealer,
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
    async addUser(userId, roles, names = { firstName: '', lastName: '' }) {
      const { id } = await database.db
        .insertInto('end_user')
        .values({ user_id: userId, first_name: names.firstName, last_name: names.lastName, roles: [...roles] })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    redeem: (name, mac) => redeem(database, name, mac),
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
  const access: Pick<AccessService, 'withPassword'> = {
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

async function redeem(database: TestDatabase, name: string, mac: string): Promise<boolean> {
  return database.db.transaction().execute(async (tx) => {
    const code = await tx
      .selectFrom('activation_code as c')
      .innerJoin('device as d', 'd.id', 'c.device_id')
      .select(['c.id', 'c.device_id', 'c.model', 'd.name'])
      .where('d.name', '=', name)
      .where('c.state', '=', 'active')
      .where((eb) => eb.or([eb('c.bound_mac', 'is', null), eb('c.bound_mac', '=', mac)]))
      .forUpdate()
      .executeTakeFirst();
    if (code === undefined) return false;
    await tx
      .updateTable('activation_code')
      .set({ state: 'consumed', consumed_at: new Date(), code_sealed: null })
      .where('id', '=', code.id)
      .execute();
    await tx
      .updateTable('device')
      .set({ name: `SEP${mac}`, requires_activation_code: false, first_activated_at: new Date() })
      .where('id', '=', code.device_id!)
      .execute();
    await tx
      .insertInto('activation')
      .values({
        code_id: code.id,
        device_id: code.device_id,
        device_name: `SEP${mac}`,
        previous_name: code.name,
        mac,
        model: code.model,
        mode: 'onprem',
        mic_sha256: Buffer.alloc(32),
        mic_der: Buffer.alloc(1),
        transcript_hash: Buffer.alloc(32),
        m1: Buffer.alloc(32),
        mic_alg: 'ecdsa_secp256r1_sha256',
        mic_sig: Buffer.alloc(1),
        confirm_by: new Date(),
      })
      .execute();
    await tx
      .insertInto('audit_event')
      .values({
        actor: `phone:${mac}`,
        action: 'activation.accepted',
        object_kind: 'phone',
        object_id: code.device_id!,
        object_name: `SEP${mac}`,
        detail: '{}',
      })
      .execute();
    return true;
  });
}
