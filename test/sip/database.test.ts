import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import type { Binding } from '../../src/domain/registration/binding.ts';
import { relayMessagesParameter } from '../../src/domain/settings/call-parameters.ts';
import { readCallSettings } from '../../src/infra/database/call-settings.ts';
import { CachedRegistrationDirectory } from '../../src/infra/database/registration-directory.ts';
import { RegistrationPeers } from '../../src/infra/database/registration-peers.ts';
import { RegistrationStore } from '../../src/infra/database/registration-store.ts';
import { listenForNotices } from '../../src/infra/notify.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { header } from '../../src/protocol/sip/message.ts';
import { testDatabase } from '../support/database.ts';
import { Agent } from './support/agent.ts';
import { nodeMaterial } from './support/certificates.ts';
import { testSip } from './support/fakes.ts';
import { openSealer, records } from './support/records.ts';

const name = 'SEP001122334401';

function binding(deviceId: string, changes: Partial<Binding> = {}): Binding {
  const now = Date.now();
  return {
    deviceId,
    deviceName: name,
    contact: 'sip:1001@192.0.2.9:5060',
    numbers: ['1001', '1002'],
    flow: {
      transport: 'udp',
      address: '192.0.2.9',
      port: 49_152,
      targetPort: 5060,
      localPort: 5060,
      connection: undefined,
    },
    callId: 'a@b',
    cseq: 101,
    instance: '',
    userAgent: 'Cisco-CP8845/14.2.1',
    activeLoad: 'sip8845_65.14-2-1',
    inactiveLoad: '',
    registeredAt: now,
    refreshedAt: now,
    expiresAt: now + 130_000,
    ...changes,
  };
}

describe('the directory', () => {
  it('reads a phone with its lines in order, its profile and its digest password', async () => {
    await using database = await testDatabase();
    const { addPhone } = await records(database);
    await addPhone(name, ['1002', '1001']);
    const directory = new CachedRegistrationDirectory(database.db, openSealer);
    const found = await directory.byName(name);
    expect(found).toMatchObject({
      name,
      authentication: { kind: 'digest', password: 'secret' },
      transports: ['udp', 'tcp'],
      locked: false,
      enabled: true,
      keepAliveSeconds: 120,
    });
    expect(found!.lines.map((line) => line.number)).toEqual(['1002', '1001']);
    expect(found!.versionStamp).toMatch(/^\d+-[0-9a-f-]{36}$/);
    await addPhone('SEP001122334402', ['1001'], 'Secure');
    expect((await directory.byNumber('1001')).map((each) => each.authentication.kind)).toEqual([
      'digest',
      'certificate',
    ]);
  });

  it('reads the names of its lines and whether its profile allows intercom', async () => {
    await using database = await testDatabase();
    const { addPhone } = await records(database);
    await addPhone(name, ['1002', '1001']);
    const directory = new CachedRegistrationDirectory(database.db, openSealer);
    expect(await directory.byName(name)).toMatchObject({ intercom: false, lines: [{ display: '' }, { display: '' }] });
    await sql`UPDATE device_line SET display = 'Ann' WHERE line_index = 2`.execute(database.db);
    await sql`UPDATE sip_profile SET intercom_allowed = true`.execute(database.db);
    directory.forget('*');
    expect(await directory.byName(name)).toMatchObject({
      intercom: true,
      lines: [{ display: '' }, { number: '1001', display: 'Ann' }],
    });
  });

  it('answers from memory until it is told of a change, and never from memory while it cannot be told', async () => {
    await using database = await testDatabase();
    const { addPhone } = await records(database);
    const directory = new CachedRegistrationDirectory(database.db, openSealer);
    expect(await directory.byName(name)).toBeUndefined();
    await addPhone(name, ['1001']);
    await using notices = await listenForNotices({
      url: database.url,
      channels: ['config_changed'],
      onNotice: (_, payload) => directory.forget(payload),
      log: silentLog,
    });
    void notices;
    directory.forget(name);
    expect(await directory.byName(name)).toMatchObject({ locked: false });
    await database.db.updateTable('device').set({ requires_activation_code: true }).where('name', '=', name).execute();
    await vi.waitFor(async () => expect(await directory.byName(name)).toMatchObject({ locked: true }));
    directory.trust(false);
    await database.asOwner('alter table device disable trigger user');
    await database.db.updateTable('device').set({ enabled: false }).where('name', '=', name).execute();
    expect(await directory.byName(name)).toMatchObject({ enabled: false });
  });
});

describe('the settings of calls', () => {
  it('let messages pass where an administrator says so, and know the domains of phones outside', async () => {
    await using database = await testDatabase();
    const { db } = database;
    expect(await readCallSettings(db)).toEqual({ relayMessages: false, domains: new Set() });
    await sql`INSERT INTO service_parameter (service, name, value) VALUES ('CallManager', ${relayMessagesParameter}, 'true')`.execute(
      db,
    );
    await sql`INSERT INTO mra_service_domain (name, domain, is_default) VALUES ('Home', 'mra.example.test', true)`.execute(
      db,
    );
    expect(await readCallSettings(db)).toEqual({ relayMessages: true, domains: new Set(['mra.example.test']) });
  });
});

describe('the store', () => {
  it('gives back what was put, and for this node only', async () => {
    await using database = await testDatabase();
    const { addPhone, nodes } = await records(database);
    const id = await addPhone(name, ['1001']);
    await using store = new RegistrationStore(database.db, { nodeId: nodes[0], log: silentLog });
    const put = binding(id);
    store.put(put, true);
    await store.flush();
    const [loaded] = await store.load();
    const { registeredAt, refreshedAt, expiresAt, ...rest } = put;
    expect(loaded).toMatchObject(rest);
    expect(Math.abs(loaded!.expiresAt - expiresAt)).toBeLessThan(5_000);
    expect(Math.abs(loaded!.registeredAt - registeredAt) + Math.abs(loaded!.refreshedAt - refreshedAt)).toBeLessThan(
      10_000,
    );
    await using other = new RegistrationStore(database.db, { nodeId: nodes[1], log: silentLog });
    expect(await other.load()).toEqual([]);
    expect(
      await database.db
        .selectFrom('device')
        .select(['active_load', 'first_activated_at'])
        .where('id', '=', id)
        .executeTakeFirst(),
    ).toMatchObject({
      active_load: 'sip8845_65.14-2-1',
      first_activated_at: expect.any(Date),
    });
    store.remove(put);
    await store.flush();
    expect(await store.load()).toEqual([]);
  });

  it('writes no registration of a phone that was locked, renamed or deleted meanwhile', async () => {
    await using database = await testDatabase();
    const { addPhone, nodes } = await records(database);
    const [locked, renamed, gone] = [
      await addPhone(name, []),
      await addPhone('SEP001122334402', []),
      await addPhone('SEP001122334403', []),
    ];
    await database.db.updateTable('device').set({ requires_activation_code: true }).where('id', '=', locked).execute();
    await database.db.updateTable('device').set({ name: 'BAT001122334402' }).where('id', '=', renamed).execute();
    await database.db.deleteFrom('device').where('id', '=', gone).execute();
    await using store = new RegistrationStore(database.db, { nodeId: nodes[0], log: silentLog });
    store.put(binding(locked), true);
    store.put(binding(renamed, { deviceName: 'SEP001122334402' }), true);
    store.put(binding(gone, { deviceName: 'SEP001122334403' }), true);
    await store.flush();
    expect(await database.db.selectFrom('registration').selectAll().execute()).toEqual([]);
  });

  it('keeps what it could not write, and writes the newest of it later', async () => {
    await using database = await testDatabase();
    const { addPhone, nodes } = await records(database);
    const id = await addPhone(name, ['1001']);
    await using store = new RegistrationStore(database.db, { nodeId: nodes[0], log: silentLog, collectMs: 60_000 });
    await database.asOwner('alter table registration rename to hidden');
    store.put(binding(id), true);
    await expect(store.flush()).rejects.toThrow();
    await vi.waitFor(() => expect(store.pending).toBe(1));
    store.put(binding(id, { cseq: 102 }), false);
    await database.asOwner('alter table hidden rename to registration');
    await store.flush();
    expect(store.pending).toBe(0);
    expect(await store.load()).toMatchObject([{ cseq: 102 }]);
  });

  it('stores the first change after a quiet time at once, and collects what follows', async () => {
    await using database = await testDatabase();
    const { addPhone, nodes } = await records(database);
    const id = await addPhone(name, ['1001', '1002']);
    await using store = new RegistrationStore(database.db, { nodeId: nodes[0], log: silentLog, collectMs: 60_000 });
    store.put(binding(id), true);
    await vi.waitFor(() => expect(store.pending).toBe(0));
    await store.flush();
    const rows = () => database.db.selectFrom('registration').select('cseq').execute();
    expect(await rows()).toHaveLength(1);
    store.put(binding(id, { cseq: 102 }), false);
    store.put(binding(id, { cseq: 103 }), false);
    expect(store.pending).toBe(1);
    await store.flush();
    expect((await rows()).map(({ cseq }) => Number(cseq))).toEqual([103]);
  });

  it('moves a phone that registers with another node, and tells the one that had it', async () => {
    await using database = await testDatabase();
    const { addPhone, nodes } = await records(database);
    const id = await addPhone(name, ['1001']);
    const told: string[] = [];
    await using notices = await listenForNotices({
      url: database.url,
      channels: ['registration_taken'],
      onNotice: (_, payload) => told.push(payload),
      log: silentLog,
    });
    void notices;
    await using a = new RegistrationStore(database.db, { nodeId: nodes[0], log: silentLog });
    await using b = new RegistrationStore(database.db, { nodeId: nodes[1], log: silentLog });
    const old = binding(id);
    a.put(old, true);
    await a.flush();
    b.put(binding(id, { contact: 'sip:1001@192.0.2.9:6000', callId: 'c@d' }), true);
    await b.flush();
    await vi.waitFor(() => expect(told).toEqual([`${name} ${nodes[0]}`]));
    // The old node's late goodbye must not take the new registration with it.
    a.remove(old);
    await a.flush();
    expect(await a.load()).toEqual([]);
    expect(await b.load()).toMatchObject([{ callId: 'c@d' }]);
  });

  it('gives the next process of a node what the last one had, however that ended', async () => {
    await using database = await testDatabase();
    const { addPhone, nodes } = await records(database);
    await addPhone(name, ['1001']);
    await addPhone('SEP001122334402', ['1002']);
    const directory = new CachedRegistrationDirectory(database.db, openSealer);
    await using killed = new RegistrationStore(database.db, { nodeId: nodes[0], log: silentLog, collectMs: 10 });
    await using first = await testSip([], { directory, store: killed });
    await using callee = await Agent.udp('1001', first.server.ports.udp!);
    expect(await callee.register(name)).toMatchObject({ status: 200 });
    await vi.waitFor(() => expect(killed.pending).toBe(0));
    await killed.flush();
    // The first process is never asked to stop: the next one starts from the rows alone.
    await using store = new RegistrationStore(database.db, { nodeId: nodes[0], log: silentLog });
    await using second = await testSip([], { directory, store });
    expect(second.server.registrations()).toMatchObject([{ deviceName: name, numbers: ['1001'] }]);
    await using caller = await Agent.tcp('1002', second.server.ports.tcp!);
    await caller.register('SEP001122334402');
    caller.send({
      method: 'INVITE',
      uri: 'sip:1001@127.0.0.1',
      to: '<sip:1001@127.0.0.1>',
      headers: [['Contact', caller.contact()]],
    });
    expect((await callee.request('INVITE')).uri).toContain(callee.address);
  });

  it('holds many phones at once', async () => {
    await using database = await testDatabase();
    const { nodes, addPhone } = await records(database);
    const first = await addPhone(name, []);
    await sql`
      INSERT INTO device (name, model, device_pool_id, phone_button_template_id, phone_security_profile_id, sip_profile_id, common_phone_profile_id)
      SELECT 'SEP0A' || lpad(upper(to_hex(n)), 10, '0'), d.model, d.device_pool_id, d.phone_button_template_id, d.phone_security_profile_id,
             d.sip_profile_id, d.common_phone_profile_id
      FROM device d, generate_series(1, 1300) AS n WHERE d.id = ${first}`.execute(database.db);
    const devices = await database.db.selectFrom('device').select(['id', 'name']).execute();
    await using store = new RegistrationStore(database.db, { nodeId: nodes[0], log: silentLog });
    for (const { id, name: deviceName } of devices) store.put(binding(id, { deviceName, numbers: [] }), true);
    await store.flush();
    expect(await store.load()).toHaveLength(1301);
  });
});

describe('two nodes over one database', () => {
  it.each([
    ['tcp', 'sip'],
    ['tls', 'sipTls'],
  ] as const)(
    'connect a call between their phones over %s, both ways, and take over a phone that changes node',
    async (between, portName) => {
      await using database = await testDatabase();
      const { addPhone, nodes } = await records(database);
      await addPhone(name, ['1001']);
      await addPhone('SEP001122334402', ['1002']);
      await sql`UPDATE device_line SET display = 'Ann'`.execute(database.db);
      const clusterKey = Buffer.alloc(32, 7);
      const tls = await nodeMaterial();
      const running = await Promise.all(
        nodes.map(async (nodeId) => {
          const store = new RegistrationStore(database.db, { nodeId, log: silentLog, collectMs: 10 });
          const peers = new RegistrationPeers(database.db, { nodeId, log: silentLog });
          const directory = new CachedRegistrationDirectory(database.db, openSealer);
          const sip = await testSip([], {
            directory,
            store,
            peers,
            clusterKey,
            tls,
            ports: { udp: 0, tcp: 0, tls: 0 },
          });
          const ports = JSON.stringify({ [portName]: sip.server.ports[between] });
          await database.db.updateTable('node').set({ ports }).where('id', '=', nodeId).execute();
          return { sip, store, peers };
        }),
      );
      const [a, b] = running as [(typeof running)[0], (typeof running)[0]];
      try {
        await Promise.all(running.map(({ peers }) => peers.refresh()));
        await using caller = await Agent.tcp('1001', a.sip.server.ports.tcp!);
        await using callee = await Agent.tcp('1002', b.sip.server.ports.tcp!);
        expect(await caller.register(name)).toMatchObject({ status: 200 });
        expect(await callee.register('SEP001122334402')).toMatchObject({ status: 200 });
        await Promise.all(running.map(({ store }) => store.flush()));

        const call = { from: '<sip:1001@127.0.0.1>;tag=caller', to: '<sip:1002@127.0.0.1>', callId: 'over@nodes' };
        caller.send({ method: 'INVITE', uri: 'sip:1002@127.0.0.1', ...call, headers: [['Contact', caller.contact()]] });
        const ringing = await callee.request('INVITE');
        expect(ringing.uri).toContain(callee.address);
        // The first node has named the line; what it vouches with goes no further than the second.
        expect(header(ringing, 'from')).toMatch(/^"Ann" <sip:1001@/);
        expect(header(ringing, 'remote-party-id')).toContain('"Ann" <sip:1001@');
        expect(ringing.headers.filter(({ key }) => key.startsWith('x-'))).toEqual([]);
        const recorded = ringing.headers
          .filter((each) => each.key === 'record-route')
          .map((each) => ['Route', each.text] as const);
        expect(recorded.length).toBeGreaterThanOrEqual(2);
        callee.respond(ringing, { status: 200, headers: [['Contact', callee.contact()]] });
        const answer = await caller.response('over@nodes');
        expect(answer.status).toBe(200);
        const routes = recorded.toReversed();
        const target = callee.contact().slice(1, -1);
        const to = header(answer, 'to')!;
        caller.send({ method: 'ACK', uri: target, ...call, to, headers: routes });
        expect((await callee.request('ACK')).uri).toBe(target);
        // Who knows the route of the call is no node for that.
        await using impostor = await Agent.tcp('1001', b.sip.server.ports.tcp!);
        impostor.send({ method: 'INFO', uri: target, ...call, to, cseq: 5, headers: recorded });
        expect(await impostor.response('over@nodes')).toMatchObject({ status: 407 });
        expect(callee.peek()).toBeUndefined();
        callee.send({
          method: 'BYE',
          uri: caller.contact().slice(1, -1),
          from: to,
          to: call.from,
          callId: 'over@nodes',
          cseq: 9,
          headers: recorded,
        });
        const bye = await caller.request('BYE');
        caller.respond(bye, { status: 200 });
        expect(await callee.response('over@nodes')).toMatchObject({ status: 200 });

        // The phone of node b goes to node a: the next call needs node b no more.
        await using moved = await Agent.tcp('1002', a.sip.server.ports.tcp!);
        expect(await moved.register('SEP001122334402')).toMatchObject({ status: 200 });
        await a.store.flush();
        caller.send({
          method: 'INVITE',
          uri: 'sip:1002@127.0.0.1',
          ...call,
          callId: 'second@nodes',
          headers: [['Contact', caller.contact()]],
        });
        expect((await moved.request('INVITE')).uri).toContain(moved.address);
        expect(a.sip.complaints.concat(b.sip.complaints)).toEqual([]);
      } finally {
        for (const { sip, store, peers } of running) {
          await sip.server.close();
          await store[Symbol.asyncDispose]();
          peers[Symbol.dispose]();
        }
      }
    },
  );
});
