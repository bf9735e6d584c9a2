import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header, headerAll, type SipMessage, type SipRequest } from '../../src/protocol/sip/message.ts';
import { type Call, establish } from './support/dialog.ts';
import { type Door, type DoorPhone, type Doors, doors, openDoors } from './support/doors.ts';

/** Orders, lies and secrets that a caller may write into any request. Values carry a mark that must not arrive. */
const hostile: readonly (readonly [string, string])[] = [
  ['P-Asserted-Identity', '"CEO evil" <sip:1@evil.test>'],
  ['P-Preferred-Identity', '"CEO evil" <sip:1@evil.test>'],
  ['Remote-Party-ID', '"CEO evil" <sip:1@evil.test>;party=calling;screen=yes'],
  ['Diversion', '<sip:evil@evil.test>;reason=unconditional'],
  ['History-Info', '<sip:evil@evil.test>;index=1'],
  ['Referred-By', '<sip:evil@evil.test>'],
  ['Alert-Info', '<http://evil.test/x.raw>'],
  ['Alert-Info', '<urn:evil>;info=alert-autoanswer;delay=0'],
  ['Call-Info', '<sip:evil@evil.test>;answer-after=0'],
  ['Call-Info', '<urn:x-cisco-remotecc:callinfo>;security=Encrypted;evil'],
  ['Call-Info', '<http://evil.test/face.jpg>;purpose=icon'],
  ['Error-Info', '<sip:evil@evil.test>'],
  ['Answer-Mode', 'Auto;evil'],
  ['Priv-Answer-Mode', 'Auto;evil'],
  ['P-Auto-Answer', 'evil'],
  ['X-Auto-Answer', 'evil'],
  ['X-Cisco-Anything', 'evil'],
  ['Authorization', 'Bearer evil'],
  ['Authorization', 'Digest username="evil", realm="other"'],
  ['Proxy-Authorization', 'Bearer evil'],
  ['Authentication-Info', 'nextnonce="evil"'],
  ['WWW-Authenticate', 'Digest realm="evil"'],
  ['Proxy-Authenticate', 'Digest realm="evil"'],
  ['Record-Route', '<sip:evil.test;lr>'],
  ['Path', '<sip:evil.test;lr>'],
  ['Service-Route', '<sip:evil.test;lr>'],
  ['P-Access-Network-Info', 'IEEE-802.11;evil'],
  ['P-Charging-Vector', 'icid-value=evil'],
  ['P-Charging-Function-Addresses', 'ccf=evil'],
  ['Geolocation', '<https://evil.test/here>'],
  ['Identity', 'evil'],
  ['User-to-User', 'evil'],
  ['Subject', 'evil'],
  ['Organization', 'evil'],
  ['Priority', 'evil'],
  ['User-Agent', 'evil'],
  ['Server', 'evil'],
  ['Date', 'evil'],
  ['Warning', '399 evil.test "evil"'],
  ['Reason', 'SIP;cause=200;text="Call completed elsewhere, evil"'],
  ['Accept-Contact', '*;evil'],
  ['Request-Disposition', 'evil'],
  ['P-Anything-New', 'evil'],
  ['Security-Verify', 'evil'],
];

/** Everything but what the stack itself must know. */
const passing = new Set(
  [
    'via record-route route max-forwards from to call-id cseq contact content-type content-length supported require'.split(
      ' ',
    ),
    'p-asserted-identity remote-party-id referred-by refer-to rack reason event subscription-state'.split(' '),
  ].flat(),
);

function innocent(message: SipMessage): void {
  expect(message.headers.filter(({ text }) => /evil/i.test(text))).toEqual([]);
  expect(message.headers.map(({ key }) => key).filter((key) => !passing.has(key))).toEqual([]);
  expect(headerAll(message, 'via')).toHaveLength(1);
}

const sdp = Buffer.from('v=0\r\n');
const bodies: Readonly<Record<string, readonly [string, Uint8Array]>> = {
  INVITE: ['application/sdp', sdp],
  UPDATE: ['application/sdp', sdp],
  INFO: ['application/dtmf-relay', Buffer.from('Signal=1\r\nDuration=100\r\n')],
  MESSAGE: ['text/plain', Buffer.from('hello')],
  NOTIFY: ['message/sipfrag;version=2.0', Buffer.from('SIP/2.0 100 Trying\r\n')],
};
const bodyOf = (method: string) => bodies[method]?.[1];
const typed = (method: string) => (bodies[method] === undefined ? [] : [['Content-Type', bodies[method][0]] as const]);

let all: Doors;
const phones = new Map<Door, DoorPhone>();
let messages = true;
beforeAll(async () => {
  all = await openDoors({ relayMessages: () => messages });
  for (const door of doors) phones.set(door, await all.phone(door));
});
afterAll(() => all?.[Symbol.asyncDispose]());

const lied = (phone: DoorPhone) => `"The CEO evil" <sip:${phone.number}@evil.test>;evil=1;tag=mine`;

/** Alone, as a new request. */
function alone(
  phone: DoorPhone,
  method: string,
  more: readonly (readonly [string, string])[] = [],
  body = bodyOf(method),
) {
  return phone.agent.ask(
    {
      method,
      uri: 'sip:1002@127.0.0.1',
      from: lied(phone),
      to: '"evil" <sip:1002@127.0.0.1>',
      headers: [['Contact', `"evil" ${phone.agent.contact()};+sip.instance="evil"`], ...typed(method), ...more],
      ...(body === undefined ? {} : { body }),
    },
    phone.username,
  );
}

describe.each(doors)('a phone behind %s', (door) => {
  const phone = () => phones.get(door)!;
  const callee = () => all.callee.agent;
  const hostAs = (request: SipRequest) => /@([^>;]+)/.exec(header(request, 'from')!)![1];

  it.each(['INVITE', 'OPTIONS', 'MESSAGE'])(
    'is named by its line in %s, and gives no orders with it',
    async (method) => {
      messages = true;
      const asking = alone(phone(), method, hostile);
      const got = await callee().request(method);
      innocent(got);
      expect(hostAs(got)).toBe('127.0.0.1');
      const display = method === 'OPTIONS' ? '' : `"Line of ${door}" `;
      expect(header(got, 'from')).toBe(`${display}<sip:${phone().number}@127.0.0.1>;tag=mine`);
      if (method !== 'OPTIONS') {
        expect(headerAll(got, 'p-asserted-identity')).toEqual([`"Line of ${door}" <sip:${phone().number}@127.0.0.1>`]);
      }
      expect(headerAll(got, 'remote-party-id')).toEqual(
        method === 'INVITE'
          ? [`"Line of ${door}" <sip:${phone().number}@127.0.0.1>;party=calling;screen=yes;privacy=off`]
          : [],
      );
      // And the other way: the answer names the line that answers, whatever it says, and holds what was asked with.
      callee().respond(got, { status: 200, headers: [['Contact', callee().contact()], ...hostile] });
      const answer = await asking;
      expect(header(answer, 'from')).toBe(lied(phone()));
      expect(header(answer, 'to')).toBe('"evil" <sip:1002@127.0.0.1>;tag=1002tag');
      innocent({ ...answer, headers: answer.headers.filter(({ key }) => key !== 'from' && key !== 'to') });
      expect(headerAll(answer, 'remote-party-id')).toEqual(
        method === 'INVITE' ? ['"Reception" <sip:1002@127.0.0.1>;party=called;screen=yes;privacy=off'] : [],
      );
    },
  );

  it('is not named when it asks so, in this and in later requests of the call', async () => {
    const call = await establish(phone(), all.callee, { headers: [['Privacy', 'id']] });
    for (const told of [call.ringing, await again(call)]) {
      expect(header(told, 'from')).toMatch(/^"Anonymous" <sip:anonymous@anonymous\.invalid>;tag=/);
      expect(header(told, 'p-asserted-identity')).toBeUndefined();
      expect(header(told, 'remote-party-id')).toContain('privacy=full');
    }
    async function again(its: Call): Promise<SipRequest> {
      const sent = its.send('caller', 'INVITE', { headers: typed('INVITE'), body: sdp });
      const got = await callee().request('INVITE');
      callee().respond(got, { status: 488 });
      await its.answered('caller', sent);
      return got;
    }
  });

  it.each([
    ['NOTIFY', 'service-control', 403],
    ['NOTIFY', 'check-sync', 403],
    ['NOTIFY', 'refer', 403],
    ['NOTIFY', 'message-summary', 403],
    ['NOTIFY', 'dialog', 403],
    ['NOTIFY', 'kpml', 403],
    ['SUBSCRIBE', 'dialog', 489],
    ['SUBSCRIBE', 'refer', 489],
    ['PUBLISH', 'presence', 489],
    ['REFER', undefined, 403],
    ['INFO', undefined, 481],
    ['UPDATE', undefined, 481],
    ['PRACK', undefined, 481],
    ['BYE', undefined, 481],
    ['FOO', undefined, 405],
  ] as const)('sends nobody a %s (%s) out of a call', async (method, event, status) => {
    const headers: (readonly [string, string])[] = [['Subscription-State', 'active']];
    if (event !== undefined) headers.push(['Event', event]);
    if (method === 'REFER') headers.push(['Refer-To', '<sip:3001@127.0.0.1>']);
    expect((await alone(phone(), method, headers)).status).toBe(status);
    await expectNothing();
  });

  it('sends nobody an order of the server’s, in any form', async () => {
    const order = Buffer.from('<x-cisco-remotecc-request><restart/></x-cisco-remotecc-request>');
    const type = 'application/x-cisco-remotecc-request+xml';
    const mixed = Buffer.from(
      `--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b\r\nContent-Type: ${type}\r\n\r\n${order}\r\n--b--\r\n`,
    );
    const forms: (readonly [string, Uint8Array])[] = [
      [type, order],
      ['multipart/mixed;boundary=b', mixed],
      ['message/external-body;access-type=URL;URL="http://evil.test"', order],
    ];
    for (const method of ['REFER', 'INVITE', 'OPTIONS', 'MESSAGE']) {
      for (const [contentType, body] of forms) {
        const headers = [
          ['Content-Type', contentType] as const,
          ['Refer-To', '<urn:x-cisco-remotecc:restart>'] as const,
        ];
        const asked = { method, uri: 'sip:1002@127.0.0.1', to: '<sip:1002@127.0.0.1>', headers, body };
        expect((await phone().agent.ask(asked, phone().username)).status).toBe(403);
      }
    }
    const packed = { method: 'INVITE', uri: 'sip:1002@127.0.0.1', to: '<sip:1002@127.0.0.1>', body: order };
    const headers = [['Content-Type', 'application/sdp'] as const, ['Content-Encoding', 'gzip'] as const];
    expect((await phone().agent.ask({ ...packed, headers }, phone().username)).status).toBe(415);
    await expectNothing();
  });

  it('sends messages only where they are switched on', async () => {
    messages = false;
    expect((await alone(phone(), 'MESSAGE')).status).toBe(403);
    await expectNothing();
  });

  it.each([
    ['takes no party’s place in a call of others', 'Replaces', 'other@call;to-tag=1;from-tag=2'],
    ['enters no call of others', 'Join', 'other@call;to-tag=1;from-tag=2'],
  ])('%s', async (_, name, value) => {
    expect((await alone(phone(), 'INVITE', [[name, value]])).status).toBe(403);
    await expectNothing();
  });

  it('sends within a call what belongs to it, without orders and names of its own', async () => {
    const call = await establish(phone(), all.callee);
    for (const method of ['INFO', 'UPDATE', 'INVITE', 'OPTIONS', 'PRACK', 'BYE']) {
      for (const side of ['caller', 'callee'] as const) {
        if (method === 'BYE' && side === 'callee') continue;
        const to = side === 'caller' ? callee() : phone().agent;
        const body = bodyOf(method);
        const sent = call.send(side, method, { headers: [...hostile, ...typed(method)], ...(body && { body }) });
        const got = await to.request(method);
        innocent(got);
        if (method === 'BYE') expect(headerAll(got, 'reason')).toEqual(['SIP;cause=200']);
        to.respond(got, { status: method === 'INVITE' ? 488 : 200, headers: hostile });
        const answer = await call.answered(side, sent);
        innocent(answer);
        if (method === 'INVITE') {
          const by = side === 'caller' ? phone().agent : callee();
          by.ack(sent, answer);
        }
      }
    }
  });

  it.each([
    ['NOTIFY', 'service-control', 403],
    ['NOTIFY', 'check-sync', 403],
    ['NOTIFY', 'refer', 403],
    ['SUBSCRIBE', 'dialog', 489],
    ['PUBLISH', 'presence', 489],
  ])('sends no %s (%s) within a call either', async (method, event, status) => {
    const call = await establish(phone(), all.callee);
    for (const side of ['caller', 'callee'] as const) {
      const sent = call.send(side, method, {
        headers: [
          ['Event', event],
          ['Subscription-State', 'active'],
        ],
      });
      expect((await call.answered(side, sent)).status).toBe(status);
    }
    await expectNothing();
  });

  it.each([
    ['an address', '<http://evil.test>'],
    ['an order', '<urn:x-cisco-remotecc:restart>'],
    ['another method', '<sip:3001@127.0.0.1;method=BYE>'],
  ])('refers nobody to %s', async (_, target) => {
    const call = await establish(phone(), all.callee);
    const sent = call.send('caller', 'REFER', { headers: [['Refer-To', target]] });
    expect((await call.answered('caller', sent)).status).toBe(403);
    await expectNothing();
  });

  /** What comes next at the callee is what was sent next: nothing else was under way. */
  async function expectNothing(): Promise<void> {
    const asking = alone(phone(), 'OPTIONS', [], undefined);
    const next = (await callee().until(() => callee().peek(), 'anything')) as SipRequest;
    expect(next.method).toBe('OPTIONS');
    callee().respond(await callee().request('OPTIONS'), { status: 200 });
    await asking;
  }
});

describe('an answer of a phone', () => {
  const ask = async (status: number, headers: readonly (readonly [string, string])[] = [], reason?: string) => {
    const asking = alone(phones.get('tcp')!, 'INVITE');
    const got = await all.callee.agent.request('INVITE');
    all.callee.agent.respond(got, { status, headers, ...(reason && { reason }) });
    return asking;
  };

  it.each([401, 407])('never asks for a password (%d)', async (status) => {
    const answer = await ask(status, [
      ['WWW-Authenticate', 'Digest realm="firstring", nonce="mine", algorithm=MD5, qop="auth"'],
      ['Proxy-Authenticate', 'Digest realm="firstring", nonce="mine", algorithm=MD5, qop="auth"'],
    ]);
    expect(answer.status).toBe(403);
    expect(answer.headers.filter(({ key }) => key.endsWith('-authenticate'))).toEqual([]);
  });

  it('sends its caller on to a number, not to another system', async () => {
    const sent = await ask(302, [
      ['Contact', '"evil" <sip:3005@127.0.0.1>'],
      ['Contact', '<sip:1@evil.test>'],
    ]);
    expect(sent.status).toBe(302);
    expect(headerAll(sent, 'contact')).toEqual(['<sip:3005@127.0.0.1>']);
    expect((await ask(302, [['Contact', '<sip:1@evil.test>']])).status).toBe(480);
    expect((await ask(305, [['Contact', '<sip:evil.test>']])).status).toBe(480);
  });

  it('puts no words of its own on the other display', async () => {
    const answer = await ask(
      486,
      [
        ['Warning', '399 x "evil"'],
        ['Error-Info', '<http://evil.test>'],
      ],
      'evil words',
    );
    expect(answer).toMatchObject({ status: 486, reason: 'Busy Here' });
    expect(answer.headers.filter(({ text }) => text.includes('evil'))).toHaveLength(2);
  });
});

describe('a phone whose profile allows intercom', () => {
  it('may ask the other to pick up by itself, and nothing more', async () => {
    await using open = await openDoors({ callers: { intercom: true } });
    const phone = await open.phone('tcp');
    const asking = alone(phone, 'INVITE', hostile);
    const got = await open.callee.agent.request('INVITE');
    expect(got.headers.filter(({ text }) => /evil/i.test(text))).toEqual([]);
    expect(headerAll(got, 'call-info')).toEqual(['<sip:127.0.0.1>;answer-after=0']);
    expect(headerAll(got, 'alert-info')).toEqual(['<sip:127.0.0.1>;info=alert-autoanswer;delay=0']);
    expect(headerAll(got, 'answer-mode')).toEqual(['Auto']);
    expect(header(got, 'priv-answer-mode')).toBeUndefined();
    open.callee.agent.respond(got, { status: 486 });
    await asking;
  });
});
