import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { utf8 } from '../../src/kernel/bytes.ts';
import { header } from '../../src/protocol/sip/message.ts';
import { Caller, type CallerOptions } from './support/caller.ts';
import { openProfile, type TapsBench, tapsBench, tapsNumber } from './support/taps-bench.ts';

let bench: TapsBench;
let next = 1;

beforeAll(async () => {
  bench = await tapsBench();
});
afterAll(() => bench?.[Symbol.asyncDispose]());
beforeEach(async () => {
  bench.failures.length = 0;
  bench.restarted.length = 0;
  bench.decided.length = 0;
  await bench.set({
    secured: 'false',
    locales: 'English',
    attemptsPerPhone: '10',
    attemptsPerNumber: '10',
    ports: '10',
  });
});

/** A phone with a temporary record, and somebody at it. */
async function atPhone(options: CallerOptions = {}, model?: string) {
  const n = next++;
  const mac = `02AB${n.toString(16).toUpperCase().padStart(8, '0')}`;
  const number = String(7000 + n);
  const name = await bench.addAutoRegistered(mac, number, model);
  return { name, number, mac, caller: await Caller.at(bench.server.ports, number, options) };
}
const phone = async (name: string) => (await bench.phones.call('GET', `/phones/${name}`)).body;
const decided = (number: string) => vi.waitFor(() => expect(bench.decided).toContain(number));
const lastSession = async () => (await bench.phones.call('GET', '/taps/sessions?limit=1')).body.items[0];
const ended = (outcome: string) =>
  vi.waitFor(async () => {
    const session = await lastSession();
    expect(session.outcome).toBe(outcome);
    return session;
  });

describe('a caller at an auto-registered phone', () => {
  it('gives the phone the record that was prepared, by RFC 4733 keys, and hears that it did', async () => {
    const prepared = await bench.addPrepared('1001', { description: 'Reception', mac: null });
    const { name, mac, number, caller } = await atPhone();
    await using _ = caller;
    const answer = await caller.dial(tapsNumber);
    expect(answer.status).toBe(200);
    expect(header(answer, 'content-type')).toBe('application/sdp');
    await vi.waitFor(() => expect(caller.sounds().length).toBeGreaterThan(3));
    caller.press('1001#');
    caller.press('#');
    await caller.hungUp();
    const control = await caller.agent.request('NOTIFY');
    expect(header(control, 'event')).toBe('service-control');
    caller.agent.respond(control, { status: 200 });

    expect(await phone(name)).toMatchObject({
      description: 'Reception',
      lines: [{ directoryNumber: '1001' }],
      autoRegistered: false,
      phoneSecurityProfile: openProfile,
    });
    expect((await bench.phones.call('GET', `/phones/${prepared}`)).body.detail).toContain(name);
    // The temporary number is free again.
    const { rows } = await sql`SELECT 1 FROM line WHERE directory_number = ${number}`.execute(bench.phones.database.db);
    expect(rows).toEqual([]);
    expect(bench.restarted).toEqual([name]);
    expect(await ended('mapped')).toMatchObject({
      deviceName: name,
      mac,
      autoDirectoryNumber: number,
      directoryNumber: '1001',
      preparedName: prepared,
      language: 'en',
      reason: null,
    });
    const audit = await sql<{ action: string; actor: string }>`
      SELECT action, actor FROM audit_event WHERE object_name IN (${name}, ${prepared}) AND actor = ${`phone:${mac}`} ORDER BY ordinal`.execute(
      bench.phones.database.db,
    );
    expect(audit.rows.map(({ action }) => action)).toEqual([
      'phone.deleted',
      'phone.changed',
      'phone.renamed',
      'phone.mapped-by-taps',
    ]);
  });

  it('may press the keys in SIP INFO, or in KPML notifications that TAPS asks for', async () => {
    await bench.addPrepared('1002');
    await bench.addPrepared('1003');
    const plain = { formats: '0', attributes: ['rtpmap:0 PCMU/8000'] };
    const one = await atPhone(plain);
    await using first = one.caller;
    await first.dial(tapsNumber);
    await first.inform('1002#');
    await first.inform('#');
    await first.hungUp();
    expect((await phone(one.name)).lines[0].directoryNumber).toBe('1002');

    const two = await atPhone({ ...plain, transport: 'tcp', headers: [['Allow-Events', 'kpml, dialog']] });
    await using second = two.caller;
    await second.dial(tapsNumber);
    const subscribe = await second.agent.request('SUBSCRIBE');
    expect(header(subscribe, 'event')).toBe('kpml');
    second.agent.respond(subscribe, { status: 202, headers: [['Expires', '300']] });
    await second.notify('1003#');
    await second.notify('#');
    await second.hungUp();
    expect((await phone(two.name)).lines[0].directoryNumber).toBe('1003');
  });

  it('counts a key that is told in two ways once', async () => {
    await bench.addPrepared('1004');
    const { name, caller } = await atPhone();
    await using _ = caller;
    await caller.dial(tapsNumber);
    for (const key of '1004##') {
      caller.press(key);
      await caller.inform(key);
    }
    await caller.hungUp();
    expect((await phone(name)).lines[0].directoryNumber).toBe('1004');
  });

  it('is served in A-law where that is what the phone speaks', async () => {
    const { caller } = await atPhone({ formats: '8 96', attributes: ['rtpmap:96 telephone-event/8000'] });
    await using _ = caller;
    await caller.dial(tapsNumber);
    await vi.waitFor(() => expect(caller.sounds().length).toBeGreaterThan(3));
    expect(new Set(caller.heard.map(({ payloadType }) => payloadType))).toEqual(new Set([8]));
    const [first, second] = caller.heard as [(typeof caller.heard)[0], (typeof caller.heard)[0]];
    expect([second.sequence - first.sequence, second.timestamp - first.timestamp]).toEqual([1, 160]);
    caller.within('BYE');
    expect((await caller.responseTo('BYE')).status).toBe(200);
    expect(await ended('abandoned')).toMatchObject({ reason: 'taps_hung_up' });
  });

  it('hears what is wrong and may try again: no record, another model', async () => {
    await bench.addPrepared('1005', { model: 'Cisco 8811' });
    await bench.addPrepared('1006');
    const { name, caller } = await atPhone();
    await using _ = caller;
    await caller.dial(tapsNumber);
    for (const number of ['4711', '1005', '1006']) {
      caller.press(`${number}##`);
      await decided(number);
    }
    await caller.hungUp();
    expect((await phone(name)).lines[0].directoryNumber).toBe('1006');
  });

  it.each([
    ['needs an activation code', { requiresActivationCode: true }, 'taps_code_required'],
    ['is switched off', { enabled: false }, 'taps_code_required'],
    [
      'has a profile with digest authentication',
      { phoneSecurityProfile: 'Universal Device Template - Model-independent Non-Secure Profile' },
      'taps_profile',
    ],
  ])('does not get a record that %s', async (_, more, reason) => {
    const number = String(1100 + next);
    const prepared = await bench.addPrepared(number, more);
    const { name, caller } = await atPhone();
    await using _caller = caller;
    await caller.dial(tapsNumber);
    caller.press(`${number}##`);
    await caller.hungUp();
    expect(await ended('refused')).toMatchObject({ reason, preparedName: prepared });
    expect((await phone(name)).autoRegistered).toBe(true);
    expect((await phone(prepared)).name).toBe(prepared);
  });

  it('gets a record once: of two phones that ask at the same moment one gets it', async () => {
    await bench.addPrepared('1007');
    const [one, two] = await Promise.all([atPhone(), atPhone()]);
    await using first = one.caller;
    await using second = two.caller;
    await Promise.all([first.dial(tapsNumber), second.dial(tapsNumber)]);
    first.press('1007#');
    second.press('1007#');
    first.press('#');
    second.press('#');
    await vi.waitFor(() => expect(bench.restarted.length + bench.failures.length).toBeGreaterThan(0));
    await Promise.race([first.hungUp(), second.hungUp()]);
    await vi.waitFor(() => expect(bench.decided).toEqual(['1007', '1007']));
    const lines = await Promise.all([phone(one.name), phone(two.name)]);
    expect(lines.filter((each) => each.lines[0].directoryNumber === '1007')).toHaveLength(1);
    expect(lines.filter((each) => each.autoRegistered)).toHaveLength(1);
    for (const each of [first, second]) each.within('BYE');
    await vi.waitFor(() => expect(bench.agent.openCalls).toBe(0));
  });

  it('keeps the record when the caller hangs up while it is being given', async () => {
    await bench.addPrepared('1008');
    const { name, caller } = await atPhone();
    await using _ = caller;
    await caller.dial(tapsNumber);
    caller.press('1008##');
    await vi.waitFor(async () => expect((await lastSession()).directoryNumber).toBe('1008'));
    caller.within('BYE');
    await caller.responseTo('BYE');
    const session = await ended('mapped');
    expect(session.deviceName).toBe(name);
    await vi.waitFor(() => expect(bench.restarted).toEqual([name]));
    expect((await phone(name)).lines[0].directoryNumber).toBe('1008');
  });
});

describe('secure TAPS', () => {
  const owner = async (userId: string, pin: string) => {
    const id = await bench.phones.addUser(userId, ['end-user']);
    const { PasswordPool } = await import('../../src/infra/passwords/password-pool.ts');
    await using pool = new PasswordPool({ cost: { ln: 8, r: 8, p: 1 } });
    const hash = await pool.hash(pin);
    await sql`UPDATE end_user SET pin_hash = ${hash} WHERE id = ${id}`.execute(bench.phones.database.db);
  };

  it('asks for the PIN of the owner of the prepared phone, and says the same for a wrong number and a wrong PIN', async () => {
    await owner('ann', '246810');
    await bench.addPrepared('1201', { ownerUserId: 'ann' });
    await bench.set({ secured: 'true' });
    const { name, caller } = await atPhone();
    await using _ = caller;
    await caller.dial(tapsNumber);
    for (const keys of ['4712##246810#', '1201##111111#', '1201##246810#']) {
      const before = bench.decided.length;
      caller.press(keys);
      await vi.waitFor(() => expect(bench.decided.length).toBe(before + 1));
    }
    await caller.hungUp();
    expect(await ended('mapped')).toMatchObject({ deviceName: name });
    expect((await phone(name)).ownerUserId).toBe('ann');
    // A PIN stands nowhere.
    const { rows } = await sql<{ t: string }>`SELECT t::text FROM taps_session t`.execute(bench.phones.database.db);
    expect(JSON.stringify(rows)).not.toMatch(/246810|111111/);
  });

  it('lets nobody guess on: neither from one phone nor for one number', async () => {
    await owner('bob', '135790');
    await bench.addPrepared('1202', { ownerUserId: 'bob' });
    await bench.set({ secured: 'true', attemptsPerNumber: '2' });
    const one = await atPhone();
    await using first = one.caller;
    await first.dial(tapsNumber);
    for (const pin of ['000000', '111111', '135790']) {
      const before = bench.decided.length;
      first.press(`1202##${pin}#`);
      await vi.waitFor(() => expect(bench.decided.length).toBe(before + 1));
    }
    await first.hungUp();
    expect(await ended('refused')).toMatchObject({ reason: 'taps_too_many' });

    await bench.set({ secured: 'false', attemptsPerPhone: '1' });
    const two = await atPhone();
    await using second = two.caller;
    await second.dial(tapsNumber);
    second.press('4713##');
    await decided('4713');
    second.press('4714##');
    await second.hungUp();
    expect(await ended('refused')).toMatchObject({ reason: 'taps_too_many', directoryNumber: '4714' });
  });
});

describe('calls that TAPS does not take', () => {
  it('are busy when all ports are in use, and when the phone has one already', async () => {
    await bench.set({ ports: '1' });
    const [one, two] = await Promise.all([atPhone(), atPhone()]);
    await using first = one.caller;
    await using second = two.caller;
    expect((await first.dial(tapsNumber)).status).toBe(200);
    const busy = await second.dial(tapsNumber);
    expect([busy.status, header(busy, 'warning')]).toEqual([486, expect.stringContaining('All TAPS ports are in use')]);
    first.within('BYE');
    await first.responseTo('BYE');
    await vi.waitFor(() => expect(bench.agent.openCalls).toBe(0));
    expect((await second.dial(tapsNumber)).status).toBe(200);
    second.within('BYE');
    await second.responseTo('BYE');
  });

  it.each([
    ['encrypted audio without a key', { protocol: 'RTP/SAVP' }],
    ['a codec TAPS does not speak', { formats: '9', attributes: ['rtpmap:9 G722/8000'] }],
  ])('are refused for %s, and the log says so', async (_, offer) => {
    const { caller } = await atPhone(offer);
    await using _caller = caller;
    expect((await caller.dial(tapsNumber)).status).toBe(488);
    expect(await ended('refused')).toMatchObject({ reason: 'taps_media' });
  });

  it('say that they are for auto-registered phones only', async () => {
    const { name, caller } = await atPhone();
    await using _ = caller;
    await sql`UPDATE device SET auto_registered = false WHERE name = ${name}`.execute(bench.phones.database.db);
    await caller.dial(tapsNumber);
    await caller.hungUp();
    expect(caller.sounds().length).toBeGreaterThan(3);
    expect(await ended('refused')).toMatchObject({ reason: 'taps_not_auto_registered' });
  });

  it('end with 480 where the service is not activated', async () => {
    const { caller } = await atPhone();
    await using _ = caller;
    const { db } = bench.phones.database;
    await sql`UPDATE node_service SET activated = false WHERE service = 'TAPS Service'`.execute(db);
    await bench.set({});
    expect((await caller.dial(tapsNumber)).status).toBe(480);
    await sql`UPDATE node_service SET activated = true WHERE service = 'TAPS Service'`.execute(db);
    await bench.set({});
  });
});

describe('the media of a call', () => {
  it('never goes to an address that did not ask for it', async () => {
    const { caller } = await atPhone({ mediaAddress: '127.0.0.9' });
    await using _ = caller;
    await caller.dial(tapsNumber);
    // Its own keys do not open the way to somebody else either.
    caller.press('12');
    await vi.waitFor(async () => expect((await lastSession()).outcome).toBe('open'));
    caller.within('BYE');
    await caller.responseTo('BYE');
    await ended('abandoned');
    expect(caller.heard).toEqual([]);
  });

  it('survives junk, and moves where a re-INVITE says', async () => {
    const { caller } = await atPhone();
    await using _ = caller;
    await caller.dial(tapsNumber);
    for (const junk of ['', 'x', '\x80', '\x80\x65\x00\x01'.repeat(4)]) caller.send(Buffer.from(junk, 'latin1'));
    caller.within('INVITE', [['Content-Type', 'application/sdp']], caller.offer());
    expect((await caller.responseTo('INVITE')).status).toBe(200);
    caller.within('INFO', [['Content-Type', 'text/plain']], utf8('hello'));
    expect((await caller.responseTo('INFO')).status).toBe(415);
    caller.within('MESSAGE');
    expect((await caller.responseTo('MESSAGE')).status).toBe(405);
    caller.within('BYE');
    expect((await caller.responseTo('BYE')).status).toBe(200);
    caller.within('INFO');
    expect((await caller.responseTo('INFO')).status).toBe(481);
    expect(bench.complaints).toEqual([]);
  });
});

describe('what administrators see of TAPS', () => {
  it('is how it is set up, and the log as list and as text, in their language', async () => {
    await sql`UPDATE node SET last_seen_at = now()`.execute(bench.phones.database.db);
    const { body } = await bench.phones.call('GET', '/taps');
    expect(body).toMatchObject({
      directoryNumber: tapsNumber,
      locales: ['en'],
      ports: 10,
      secured: false,
      problems: [],
    });
    expect(body.nodes).toEqual([{ node: 'node-a', activated: true, up: expect.any(Boolean), openSessions: 0 }]);
    const refused = await bench.phones.call('GET', '/taps/sessions?outcome=refused&language=zh-CN&limit=1');
    expect(refused.body.items[0].cause).toMatch(/\p{Script=Han}/u);
    expect(refused.body.nextCursor).toBeDefined();
    const more = await bench.phones.call(
      'GET',
      `/taps/sessions?outcome=refused&limit=1&cursor=${refused.body.nextCursor}`,
    );
    expect(more.body.items[0].id).not.toBe(refused.body.items[0].id);
    const log = await bench.phones.call('GET', '/taps/log');
    expect(log.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(log.body.split('\n')[0]).toBe('started\tseconds\tnode\tdevice\tmodel\tfrom\tentered\trecord\tresult');
    expect(log.body).toMatch(/\tmapped\n/);
  });

  it('closes calls that a stop had cut off', async () => {
    await bench.store.open({
      id: '00000000-0000-4000-8000-000000000001',
      deviceName: 'SEP001122334455',
      mac: '001122334455',
      model: 'Cisco 7841',
      autoDirectoryNumber: '7999',
      sourceAddress: '127.0.0.1',
    });
    expect(await bench.store.closeLeftOpen()).toBe(1);
    expect(await lastSession()).toMatchObject({ outcome: 'abandoned', reason: 'taps_stopped' });
  });
});

describe('a node that stops', () => {
  it('hangs up on everybody, and the log says why', async () => {
    const { caller } = await atPhone();
    await using _ = caller;
    await caller.dial(tapsNumber);
    const closed = bench.agent.close();
    await caller.hungUp();
    await closed;
    expect(await ended('abandoned')).toMatchObject({ reason: 'taps_stopped' });
    expect(bench.agent.openCalls).toBe(0);
  });
});
