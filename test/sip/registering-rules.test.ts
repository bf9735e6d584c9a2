import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { header, headerAll, type SipResponse } from '../../src/protocol/sip/message.ts';
import { readMessage } from '../../src/protocol/sip/read.ts';
import { writeMessage } from '../../src/protocol/sip/write.ts';
import { Agent } from './support/agent.ts';
import { device, testSip } from './support/fakes.ts';

const name = 'SEP001122334401';
const one = device(name, ['1001']);
const expiresIn = (text: string) => Number(/;expires=(\d+)/.exec(text)?.[1]);

describe('the answer to a REGISTER (RFC 3261 §10.3)', () => {
  it('lists every contact of the address of record with the seconds it has left, to a query too', async () => {
    let now = Date.now();
    await using sip = await testSip([device(name, ['1001', '1009'])], { clock: { now: () => now } });
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    const contacts = [
      ['Contact', `${phone.contact()};q=0.5;methods="INVITE, ACK"`],
      ['Contact', `<sip:1001@${phone.address};transport=tcp;x=2>;expires=60`],
    ] as const;
    const asked = (headers: readonly (readonly [string, string])[], more = {}) =>
      phone.ask({ method: 'REGISTER', ...more, headers }, name);
    expect(headerAll(await asked(contacts), 'contact').map(expiresIn)).toEqual([120, 60]);
    const other = { from: '<sip:1009@127.0.0.1>;tag=9', to: '<sip:1009@127.0.0.1>' };
    await asked([['Contact', `<sip:1009@${phone.address};transport=tcp>`]], other);
    now += 20_000;
    const query = await asked([]);
    expect(headerAll(query, 'contact').map(expiresIn)).toEqual([100, 40]);
    expect(header(query, 'expires')).toBeUndefined();
    const ended = await asked([['Contact', `${phone.contact()};expires=0`]]);
    expect(headerAll(ended, 'contact').map(expiresIn)).toEqual([40]);
    expect(header(ended, 'expires')).not.toBe('0');
    // `*` is for one address of record.
    expect(
      await asked([
        ['Contact', '*'],
        ['Expires', '0'],
      ]),
    ).toMatchObject({ status: 200 });
    expect(sip.server.registrations()).toMatchObject([{ numbers: ['1009'] }]);
  });

  it.each([['3600'], [undefined], ['abc'], ['-1']])(
    'refuses Contact: * with Expires %s as a bad request',
    async (expires) => {
      await using sip = await testSip([one]);
      await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
      await phone.register(name);
      const headers: (readonly [string, string])[] = [['Contact', '*']];
      if (expires !== undefined) headers.push(['Expires', expires]);
      const refused = await phone.ask({ method: 'REGISTER', headers }, name);
      expect(refused.status).toBe(400);
      expect(header(refused, 'warning')).toContain('Expires: 0');
      expect(sip.server.registrations()).toHaveLength(1);
    },
  );

  it.each(['4294967296', '99999999999999999999', '-1', 'abc', ''])(
    'takes Expires %s for 3600, as §20.19 says',
    async (text) => {
      await using sip = await testSip([device(name, ['1001'], { keepAliveSeconds: 7200 })]);
      await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
      const headers = [
        ['Contact', phone.contact()],
        ['Expires', text],
      ] as const;
      const answer = await phone.ask({ method: 'REGISTER', headers }, name);
      expect(answer.status).toBe(200);
      expect(header(answer, 'expires')).toBe('3600');
      const own = await phone.ask(
        { method: 'REGISTER', headers: [['Contact', `${phone.contact()};expires=${text || 'x'}`]] },
        name,
      );
      expect(header(own, 'expires')).toBe('3600');
    },
  );

  it.each([
    ['Require: outbound', [['Require', 'outbound']], 'outbound'],
    ['Require: path', [['Require', 'path']], 'path'],
    ['Require: gruu', [['Require', 'gruu']], 'gruu'],
    ['Require: sec-agree', [['Require', 'sec-agree']], 'sec-agree'],
    [
      'a Path that would not be followed',
      [
        ['Supported', 'path, outbound'],
        ['Path', '<sip:127.0.0.1:7000;lr;ob>'],
      ],
      'path',
    ],
  ] as const)('refuses %s while it is not done', async (_, headers, unsupported) => {
    await using sip = await testSip([one]);
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    const refused = await phone.register(name, { headers });
    expect(refused.status).toBe(420);
    expect(header(refused, 'unsupported')).toBe(unsupported);
    expect(sip.server.registrations()).toEqual([]);
    expect((await phone.register(name, { headers: [['Supported', 'path, outbound, gruu']] })).status).toBe(200);
  });

  it('lets who knows the password move to another address', async () => {
    await using sip = await testSip([one], { bind: '0.0.0.0' });
    await using wireless = await Agent.udp('1001', sip.server.ports.udp!);
    await wireless.register(name);
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.9');
    await once(socket, 'listening');
    const cable = new Agent(
      '1001',
      'UDP',
      `127.0.0.9:${socket.address().port}`,
      (bytes) => socket.send(bytes, sip.server.ports.udp!, '127.0.0.1'),
      async () => void socket.close(),
    );
    await using _ = cable;
    const asked = (headers: readonly (readonly [string, string])[], cseq: number) =>
      answerTo(socket, () => cable.send({ method: 'REGISTER', callId: 'moved@x', cseq, headers }));
    const contact = ['Contact', cable.contact()] as const;
    const challenge = await asked([contact], 1);
    expect(challenge.status).toBe(401);
    const out = cable.build({ method: 'REGISTER', callId: 'moved@x', cseq: 2, headers: [contact] });
    expect(await asked([contact, cable.credentials(out, challenge, name, 'secret', false)], 2)).toMatchObject({
      status: 200,
    });
    expect(sip.server.registrations()).toMatchObject([{ flow: { address: '127.0.0.9' } }]);
  });
});

function answerTo(socket: ReturnType<typeof createSocket>, send: () => void): Promise<SipResponse> {
  return new Promise((resolve) => {
    socket.once('message', (bytes) => resolve(readMessage(bytes).message as SipResponse));
    send();
  });
}

describe('a node that listens on ::', () => {
  it('answers and calls phones over IPv4 and UDP', async () => {
    await using sip = await testSip([one, device('SEP001122334402', ['1002'])], { bind: '::' });
    await using phone = await Agent.udp('1001', sip.server.ports.udp!);
    expect(await phone.register(name)).toMatchObject({ status: 200 });
    expect(sip.server.registrations()).toMatchObject([{ flow: { address: '127.0.0.1' } }]);
    await using caller = await Agent.tcp('1002', sip.server.ports.tcp!);
    await caller.register('SEP001122334402');
    caller.send({ method: 'OPTIONS', uri: 'sip:1001@127.0.0.1', to: '<sip:1001@127.0.0.1>' });
    expect((await phone.request('OPTIONS')).method).toBe('OPTIONS');
  });
});

describe('who guesses', () => {
  const guess = (phone: Agent, password: string, to = '1001') =>
    phone.ask(
      {
        method: 'REGISTER',
        to: `<sip:${to}@127.0.0.1>`,
        from: `<sip:${to}@127.0.0.1>;tag=g`,
        headers: [['Contact', phone.contact()]],
      },
      name,
      password,
    );

  it('passwords has to wait after a few, even with the right one; the phone on its own flow never does', async () => {
    let now = Date.now();
    await using sip = await testSip([one], { clock: { now: () => now } });
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    expect(await phone.register(name)).toMatchObject({ status: 200 });
    await using stranger = await Agent.tcp('1001', sip.server.ports.tcp!);
    const answers = [];
    for (let i = 0; i < 40; i++) answers.push(await guess(stranger, `wrong${i}`));
    expect(answers.filter(({ status }) => status === 403).length).toBeLessThanOrEqual(8);
    const last = answers.at(-1)!;
    expect(last.status).toBe(503);
    expect(Number(header(last, 'retry-after'))).toBeGreaterThan(0);
    // Not looked at: a right guess tells nothing.
    expect(await guess(stranger, 'secret')).toMatchObject({ status: 503 });
    // The same brake stands before calls.
    const calling = { method: 'INVITE', uri: 'sip:1002@127.0.0.1', to: '<sip:1002@127.0.0.1>' };
    expect(await stranger.ask(calling, name, 'guess')).toMatchObject({ status: 503 });
    expect(await phone.register(name)).toMatchObject({ status: 200 });
    now += 600_000;
    expect(await guess(stranger, 'secret')).toMatchObject({ status: 200 });
  });

  it('numbers and names gets the same answers whether they exist or not', async () => {
    const locked = device('SEP001122334403', ['1003'], { locked: true });
    const secure = device('SEP001122334404', ['1004'], {
      authentication: { kind: 'certificate' },
      transports: ['tls'],
    });
    const shared = [device('SEP001122334405', ['1005']), device('SEP001122334406', ['1005'])];
    const elsewhere = device('SEP001122334407', ['1007'], { transports: ['udp'] });
    await using sip = await testSip([one, locked, secure, elsewhere, ...shared]);
    const own = ['via', 'to', 'from', 'call-id'];
    const shape = (response: SipResponse) => {
      const headers = response.headers.filter(({ key }) => !own.includes(key));
      return Buffer.from(writeMessage({ ...response, headers }))
        .toString()
        .replace(/nonce="[^"]*"/g, '');
    };
    const seen = new Set<string>();
    const guessed = new Set<string>();
    const names = [...sip.directory.devices.keys(), 'SEP0011223344FF'];
    for (const to of ['1001', '1003', '1004', '1005', '1007', '4711', ...names]) {
      await using stranger = await Agent.tcp(to, sip.server.ports.tcp!);
      const asked = { method: 'REGISTER', headers: [['Contact', stranger.contact()]] as const };
      seen.add(shape(await stranger.ask(asked)));
      guessed.add(shape(await stranger.ask(asked, `SEP${to.padStart(12, '0').slice(-12)}`, 'guess')));
    }
    expect(seen.size).toBe(1);
    expect(guessed.size).toBe(1);
  });
});

describe('a nonce', () => {
  it('that is an hour old is stale, though nobody has used it', async () => {
    let now = Date.now();
    await using sip = await testSip([one], { clock: { now: () => now } });
    await using phone = await Agent.tcp('1001', sip.server.ports.tcp!);
    const challenge = await phone.register();
    const out = { method: 'REGISTER', headers: [['Contact', phone.contact()]] as const };
    const credentials = phone.credentials(phone.build(out), challenge, name, 'secret', false);
    now += 3_600_000;
    const refused = await phone.ask({ ...out, headers: [...out.headers, credentials], callId: 'late@x' });
    expect(refused.status).toBe(401);
    expect(headerAll(refused, 'www-authenticate').every((text) => text.includes('stale=true'))).toBe(true);
    expect(sip.server.registrations()).toEqual([]);
  });
});
