import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { phoneContact } from '../../src/protocol/sip/contact.ts';
import { header, headerAll } from '../../src/protocol/sip/message.ts';
import { phoneReason } from '../../src/protocol/sip/phone-reason.ts';
import { bulkRegisterBody, bulkRegisterContentType } from '../../src/protocol/sip/remotecc.ts';
import { readServiceControl } from '../../src/protocol/sip/service-control.ts';
import { Agent } from './support/agent.ts';
import { manufacturer, mic, nodeMaterial, trusting } from './support/certificates.ts';
import { device, FakeStore, testSip } from './support/fakes.ts';

const name = 'SEP001122334401';
const one = device(name, ['1001']);
const warned = (response: Parameters<typeof header>[0]) => header(response, 'warning');

describe('registering by digest', () => {
  it.each(['udp', 'tcp'] as const)(
    'grants the keep-alive interval over %s, marks what is new, and refreshes',
    async (transport) => {
      await using sip = await testSip([one]);
      await using phone = await Agent[transport]('1001', sip.server.ports[transport]!);
      const callId = 'same@phone';
      const first = await phone.register(name, { callId });
      expect(first).toMatchObject({ status: 200 });
      expect(header(first, 'expires')).toBe('120');
      expect(header(first, 'contact')).toContain('x-cisco-newreg');
      const second = await phone.register(name, { callId, cseq: 10 });
      expect(header(second, 'contact')).not.toContain('x-cisco-newreg');
      expect(sip.events.map((each) => each.kind)).toEqual(['registered', 'refreshed']);
    },
  );

  it('grants less when less is asked for, and refuses too little with the least', async () => {
    await using sip = await testSip([one]);
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    expect(header(await phone.register(name, { expires: 60 }), 'expires')).toBe('60');
    const brief = await phone.register(name, { expires: 5 });
    expect(brief.status).toBe(423);
    expect(header(brief, 'min-expires')).toBe('30');
  });

  it('offers MD5 and SHA-256, and says when a nonce is only stale', async () => {
    await using sip = await testSip([one]);
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    const challenged = await phone.register();
    const algorithms = headerAll(challenged, 'www-authenticate').map((text) => /algorithm=([\w-]+)/.exec(text)![1]);
    expect(algorithms).toEqual(['MD5', 'SHA-256']);
    const out = { method: 'REGISTER', headers: [['Contact', phone.contact()]] as const };
    const credentials = phone.credentials(phone.build(out), challenged, name, 'secret', false);
    const used = { ...out, headers: [...out.headers, credentials] };
    expect(await phone.ask({ ...used, callId: 'a@b', cseq: 2 })).toMatchObject({ status: 200 });
    // Somebody replays what he saw: nothing is bound, a new proof is asked for.
    const replayed = await phone.ask({
      ...used,
      callId: 'replay@b',
      cseq: 3,
      headers: [['Contact', '<sip:1001@127.0.0.1:9>'], credentials],
    });
    expect(replayed.status).toBe(401);
    expect(header(replayed, 'www-authenticate')).toContain('stale=true');
    expect(sip.server.registrations()).toMatchObject([{ callId: 'a@b' }]);
  });

  it('answers a retransmission again without a second registration', async () => {
    await using sip = await testSip([one]);
    await using phone = await Agent.udp('1001', sip.server.ports.udp!);
    const challenged = await phone.register(undefined, { callId: 'r@r' });
    const out = { method: 'REGISTER', callId: 'r@r', cseq: 2, headers: [['Contact', phone.contact()]] as const };
    const credentials = phone.credentials(phone.build(out), challenged, name, 'secret', false);
    const again = { ...out, branch: 'z9hG4bKagain', headers: [...out.headers, credentials] };
    for (let i = 0; i < 3; i++) phone.send(again);
    for (let i = 0; i < 3; i++) expect(await phone.response('r@r')).toMatchObject({ status: 200 });
    expect(sip.events.map((each) => each.kind)).toEqual(['registered']);
  });

  it.each([
    ['a wrong password', name, 'wrong'],
    ['the name of another phone', 'SEP001122334499', 'secret'],
  ])('refuses %s', async (_, username, password) => {
    await using sip = await testSip([one]);
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    const response = await phone.ask(
      { method: 'REGISTER', headers: [['Contact', phone.contact()]] },
      username,
      password,
    );
    expect(response.status).toBe(403);
    expect(sip.events).toMatchObject([{ kind: 'refused', code: 'digest_failed' }]);
  });

  it('unregisters one contact, or all with *', async () => {
    await using sip = await testSip([one]);
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    await phone.register(name);
    expect(header(await phone.register(name, { expires: 0 }), 'expires')).toBe('0');
    expect(sip.server.registrations()).toEqual([]);
    await phone.register(name);
    expect(await phone.register(name, { contact: '*', expires: 0 })).toMatchObject({ status: 200 });
    expect(sip.server.registrations()).toEqual([]);
    expect(sip.store.rows.size).toBe(0);
  });

  it('answers the keep-alive that backup nodes get without binding anything', async () => {
    await using sip = await testSip([one]);
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    const contact = phoneContact({
      uri: `sip:1001@${phone.address}`,
      mac: '001122334401',
      deviceName: name,
      modelId: 684,
      keepAlive: true,
    });
    const kept = await phone.register(name, { contact, expires: 0 });
    expect(kept.status).toBe(200);
    expect(header(kept, 'expires')).toBe('0');
    expect(sip.server.registrations()).toEqual([]);
  });

  it('registers all lines in lineIndex order when asked in bulk, and remembers the loads', async () => {
    await using sip = await testSip([device(name, ['1003', '1001', '1002'])]);
    await using phone = await Agent.tcp('1003', sip.server.ports.tcp!);
    const response = await phone.register(name, {
      headers: [
        ['Content-Type', bulkRegisterContentType],
        ['Reason', phoneReason(name, 'sip8845_65.14-2-1', 'sip8845_65.12-5-1')],
      ],
      body: Buffer.from(bulkRegisterBody()),
    });
    expect(header(response, 'content-type')).toBe('application/x-cisco-remotecc-response+xml');
    expect(sip.server.registrations()).toMatchObject([
      { numbers: ['1003', '1001', '1002'], activeLoad: 'sip8845_65.14-2-1', inactiveLoad: 'sip8845_65.12-5-1' },
    ]);
  });

  it('registers a phone without a line under its device name', async () => {
    await using sip = await testSip([device(name, [])]);
    await using phone = await Agent.tcp(name, sip.server.ports.tcp!);
    expect(await phone.register(name)).toMatchObject({ status: 200 });
    expect(sip.server.registrations()).toMatchObject([{ deviceName: name, numbers: [] }]);
  });

  it('tells phones of a shared line apart by their credentials', async () => {
    const other = device('SEP001122334402', ['1001']);
    await using sip = await testSip([one, other]);
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    expect(await phone.register(other.name)).toMatchObject({ status: 200 });
    expect(sip.server.registrations()).toMatchObject([{ deviceName: other.name }]);
  });

  it('leaves a line to the client that holds it, until that one is gone', async () => {
    await using sip = await testSip([one]);
    const holder = await Agent.tcp('1001', sip.server.ports.tcp!);
    const instance = (n: number) => `;+sip.instance="<urn:uuid:00000000-0000-0000-0000-00000000000${n}>"`;
    await holder.register(name, { contact: holder.contact() + instance(1) });
    await using rival = await Agent.tcp('1001', sip.server.ports.tcp!);
    const refused = await rival.register(name, { contact: rival.contact() + instance(2) });
    expect(refused.status).toBe(403);
    expect(sip.events.at(-1)).toMatchObject({ kind: 'refused', code: 'registered_elsewhere' });
    // The same client after a restart comes from another port.
    await using restarted = await Agent.tcp('1001', sip.server.ports.tcp!);
    expect(await restarted.register(name, { contact: restarted.contact() + instance(1) })).toMatchObject({
      status: 200,
    });
    await holder[Symbol.asyncDispose]();
    expect(sip.server.registrations()).toHaveLength(1);
  });
});

describe('who may not register', () => {
  it.each([
    ['an unknown number', '4711', {}, 403, 'credentials'],
    ['an unknown device', 'SEP00112233FFFF', {}, 403, 'credentials'],
    ['a phone whose code must still be entered', '1001', { locked: true }, 403, 'activation code'],
    ['a disabled phone', '1001', { enabled: false }, 403, 'disabled'],
    [
      'a secure phone without TLS',
      '1001',
      { authentication: { kind: 'certificate' }, transports: ['tls'] } as const,
      403,
      'certificate',
    ],
    ['a phone over a transport its profile does not have', '1001', { transports: ['udp'] } as const, 403, 'transport'],
  ])('%s', async (_, aor, changes, status, words) => {
    await using sip = await testSip([device(name, ['1001'], changes)]);
    await using phone = await Agent.tcp(aor, sip.server.ports.tcp!);
    const response = await phone.register(name);
    expect(response.status).toBe(status);
    expect(warned(response)).toMatch(new RegExp(`^399 \\S+ ".*${words}.*"$`));
    expect(sip.server.registrations()).toEqual([]);
  });

  it('tells those of a restart storm when to come back, each at another time', async () => {
    const phones = Array.from({ length: 12 }, (_, i) =>
      device(`SEP0011223344${i.toString(16).padStart(2, '0').toUpperCase()}`, [`10${i}`]),
    );
    const admission = { initialRate: 4, fullRate: 4, doublingMs: 1e9, retryAfter: [5, 500] as const };
    await using sip = await testSip(phones, { admission });
    await using agent = await Agent.tcp('x', sip.server.ports.tcp!);
    const waits: string[] = [];
    for (const each of phones) {
      const response = await agent.register(each.name, { to: `<sip:${each.lines[0]!.number}@127.0.0.1>` });
      if (response.status === 503) waits.push(header(response, 'retry-after')!);
      else expect(response.status).toBe(200);
    }
    expect(waits.length).toBeGreaterThan(3);
    expect(new Set(waits).size).toBeGreaterThan(1);
    // A phone that is in keeps its place.
    const registered = sip.server.registrations()[0]!;
    expect(
      await agent.register(registered.deviceName, {
        to: `<sip:${registered.numbers[0]}@127.0.0.1>`,
        callId: registered.callId,
        cseq: 90,
      }),
    ).toMatchObject({ status: 200 });
  });

  it('nobody while the records cannot be read, and everybody again after', async () => {
    await using sip = await testSip([one]);
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    const { byNumber } = sip.directory;
    sip.directory.byNumber = () => Promise.reject(new Error('connection refused'));
    const refused = await phone.register(name);
    expect(refused.status).toBe(503);
    expect(Number(header(refused, 'retry-after'))).toBeGreaterThan(0);
    sip.directory.byNumber = byNumber.bind(sip.directory);
    expect(await phone.register(name)).toMatchObject({ status: 200 });
  });
});

describe('a secure phone', () => {
  let lab: Awaited<ReturnType<typeof manufacturer>>;
  let rogue: Awaited<ReturnType<typeof manufacturer>>;
  let tls: Awaited<ReturnType<typeof nodeMaterial>>;
  const secure = device(name, ['1001'], { authentication: { kind: 'certificate' }, transports: ['tls'] });
  beforeAll(async () => {
    [lab, rogue, tls] = await Promise.all([manufacturer(), manufacturer(), nodeMaterial()]);
  });
  afterAll(async () => {
    await Promise.all([lab[Symbol.asyncDispose](), rogue[Symbol.asyncDispose]()]);
  });
  const start = (confirmed: Uint8Array[] = []) =>
    testSip(
      [secure, device('SEP001122334402', ['1002'], { authentication: { kind: 'certificate' }, transports: ['tls'] })],
      {
        ports: { tls: 0 },
        tls,
        verifyClient: trusting(lab),
        confirmByMic: async (print) => confirmed.push(print),
      },
    );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'registers by its certificate over %s, without any challenge, and confirms its activation once',
    async (version) => {
      const confirmed: Uint8Array[] = [];
      await using sip = await start(confirmed);
      await using phone = await Agent.tls('1001', sip.server.ports.tls!, {
        ...(await mic(lab, '001122334401')),
        minVersion: version,
        maxVersion: version,
      });
      const response = await phone.register(undefined, { callId: 'c@c' });
      expect(response).toMatchObject({ status: 200 });
      expect(await phone.register(undefined, { callId: 'c@c', cseq: 2 })).toMatchObject({ status: 200 });
      expect(confirmed).toHaveLength(1);
      expect(sip.server.registrations()).toMatchObject([{ deviceName: name, flow: { transport: 'tls' } }]);
    },
  );

  it.each([
    ['the line of another phone', '1002', 'aor_not_of_device'],
    ['the name of another phone', 'SEP001122334402', 'aor_not_of_device'],
  ])('cannot register %s', async (_, aor, code) => {
    await using sip = await start();
    await using phone = await Agent.tls(aor, sip.server.ports.tls!, await mic(lab, '001122334401'));
    expect(await phone.register()).toMatchObject({ status: 403 });
    expect(sip.events).toMatchObject([{ kind: 'refused', code }]);
  });

  it('is refused with the certificate of another phone, of a rogue manufacturer, and without one', async () => {
    await using sip = await start();
    const shown = [await mic(lab, '001122334477'), await mic(rogue, '001122334401'), {}];
    const codes: string[] = [];
    for (const options of shown) {
      await using phone = await Agent.tls('1001', sip.server.ports.tls!, options);
      const response = await phone.register(name);
      expect(response.status).toBe(403);
      expect(warned(response)).toMatch(/TLS authentication failed|has to show its certificate over TLS/);
      const last = sip.events.at(-1)!;
      codes.push(last.kind === 'refused' ? last.code : last.kind);
    }
    expect(codes).toEqual(['certificate_mismatch', 'certificate_refused', 'certificate_required']);
  });

  it('may come back from a new connection while the old one still seems to live', async () => {
    await using sip = await start();
    const options = await mic(lab, '001122334401');
    await using old = await Agent.tls('1001', sip.server.ports.tls!, options);
    await old.register();
    await using fresh = await Agent.tls('1001', sip.server.ports.tls!, options);
    expect(await fresh.register()).toMatchObject({ status: 200 });
    expect(sip.server.registrations()).toMatchObject([{ contact: fresh.contact().slice(1, -1) }]);
  });
});

describe('what the system tells a phone', () => {
  it.each(['restart', 'reset', 'apply-config'] as const)(
    '%s, with the Call-ID of its registration and its version stamp',
    async (action) => {
      await using sip = await testSip([one]);
      await using phone = await Agent.udp('1001', sip.server.ports.udp!);
      await phone.register(name, { callId: 'mine@phone' });
      const told = sip.server.notifyServiceControl(name, action);
      const notify = await phone.request('NOTIFY');
      expect(header(notify, 'event')).toBe('service-control');
      expect(readServiceControl(Buffer.from(notify.body).toString())).toEqual({
        action,
        registerCallId: 'mine@phone',
        configVersionStamp: one.versionStamp,
      });
      phone.respond(notify, { status: 200 });
      expect(await told).toBe('accepted');
    },
  );

  it('says when there is nobody to tell', async () => {
    await using sip = await testSip([one]);
    expect(await sip.server.notifyServiceControl(name, 'restart')).toBe('not-registered');
  });

  it('resets a phone that was locked, and takes its registration at once', async () => {
    await using sip = await testSip([one]);
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    await phone.register(name);
    sip.directory.change(name, { locked: true });
    await sip.server.deviceChanged(name);
    expect(sip.server.registrations()).toEqual([]);
    expect(sip.store.rows.size).toBe(0);
    const notify = await phone.request('NOTIFY');
    expect(readServiceControl(Buffer.from(notify.body).toString())).toMatchObject({ action: 'reset' });
    expect(await phone.register(name)).toMatchObject({ status: 403 });
  });
});

describe('bindings', () => {
  it('survive a restart of the process, and phones on UDP can be called at once', async () => {
    const memory = new FakeStore();
    const two = device('SEP001122334402', ['1002']);
    const first = await testSip([one, two], { memory });
    await using callee = await Agent.udp('1001', first.server.ports.udp!);
    await callee.register(name);
    const port = first.server.ports.udp!;
    await first.server.close();
    await using second = await testSip([one, two], { memory, ports: { udp: port, tcp: 0 } });
    expect(second.server.registrations()).toMatchObject([{ deviceName: name }]);
    await using caller = await Agent.tcp('1002', second.server.ports.tcp!);
    await caller.register(two.name);
    caller.send({
      method: 'INVITE',
      uri: 'sip:1001@127.0.0.1',
      to: '<sip:1001@127.0.0.1>',
      headers: [['Contact', caller.contact()]],
    });
    expect((await callee.request('INVITE')).method).toBe('INVITE');
  });

  it('end when the time is over', async () => {
    let now = Date.now();
    await using sip = await testSip([one], { clock: { now: () => now } });
    await using phone = await Agent.udp('1001', sip.server.ports.udp!);
    await phone.register(name);
    now += 131_000;
    await vi.waitFor(() => expect(sip.server.registrations()).toEqual([]), { timeout: 20_000 });
    expect(sip.events.at(-1)).toMatchObject({ kind: 'expired' });
  });

  it('outlive their connection until their time is over, but cannot be called meanwhile', async () => {
    await using sip = await testSip([one, device('SEP001122334402', ['1002'])]);
    const phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    await phone.register(name);
    await phone[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(sip.events.at(-1)).toMatchObject({ kind: 'lost' }), { timeout: 20_000 });
    expect(sip.server.registrations()).toMatchObject([{ deviceName: name, flow: { connection: undefined } }]);
    await using caller = await Agent.tcp('1002', sip.server.ports.tcp!);
    await caller.register('SEP001122334402');
    const called = { method: 'INVITE', uri: 'sip:1001@127.0.0.1', to: '<sip:1001@127.0.0.1>' };
    expect(await caller.ask(called)).toMatchObject({ status: 480 });
    // Any client may take the place of one that is gone.
    await using other = await Agent.tcp('1001', sip.server.ports.tcp!);
    expect(
      await other.register(name, { contact: `${other.contact()};+sip.instance="<urn:uuid:other>"` }),
    ).toMatchObject({ status: 200 });
    expect(sip.server.registrations().filter((each) => each.deviceName === name)).toHaveLength(1);
  });
});
