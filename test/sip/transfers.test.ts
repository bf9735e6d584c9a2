import { describe, expect, it } from 'vitest';
import { header } from '../../src/protocol/sip/message.ts';
import { Agent } from './support/agent.ts';
import { type Call, establish, type Party } from './support/dialog.ts';
import { device, type TestSip, testSip } from './support/fakes.ts';

const [one, two, three, four] = ['1001', '1002', '1003', '1004'].map((number, at) =>
  device(`SEP00112233440${at + 1}`, [number]),
) as [ReturnType<typeof device>, ReturnType<typeof device>, ReturnType<typeof device>, ReturnType<typeof device>];

async function party(sip: TestSip, its: ReturnType<typeof device>): Promise<Party & AsyncDisposable> {
  const number = its.lines[0]!.number;
  const agent = await Agent.tcp(number, sip.server.ports.tcp!);
  expect(await agent.register(its.name)).toMatchObject({ status: 200 });
  return { agent, number, [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose]() };
}

/** Tells how the transfer goes. */
async function notify(call: Call, from: 'caller' | 'callee', to: Party, state: string, status: number) {
  const sent = call.send(from, 'NOTIFY', {
    headers: [
      ['Event', 'refer'],
      ['Subscription-State', state],
      ['Content-Type', 'message/sipfrag;version=2.0'],
    ],
    body: Buffer.from('SIP/2.0 100 Trying\r\n'),
  });
  if (status === 200) {
    const got = await to.agent.request('NOTIFY');
    expect(header(got, 'event')).toBe('refer');
    expect(Buffer.from(got.body).toString()).toContain('100 Trying');
    to.agent.respond(got, { status: 200 });
  }
  expect((await call.answered(from, sent)).status).toBe(status);
}

async function refer(call: Call, from: 'caller' | 'callee', to: Party, target: string, status = 202) {
  const sent = call.send(from, 'REFER', { headers: [['Refer-To', target]] });
  const got = await to.agent.request('REFER');
  to.agent.respond(got, { status });
  expect((await call.answered(from, sent)).status).toBe(status);
  return got;
}

describe('a transfer', () => {
  it('to a number: the other phone is asked, calls, and tells how it goes, until it has said so', async () => {
    await using sip = await testSip([one, two, three]);
    await using a = await party(sip, one);
    await using b = await party(sip, two);
    await using c = await party(sip, three);
    const call = await establish(a, b);
    const got = await refer(call, 'caller', b, '"evil" <sip:1003@127.0.0.1?Alert-Info=evil&Subject=evil>');
    expect(header(got, 'refer-to')).toBe('<sip:1003@127.0.0.1>');
    expect(header(got, 'referred-by')).toBe('<sip:1001@127.0.0.1>');
    await notify(call, 'callee', a, 'active;expires=60', 200);
    const second = await establish(b, c);
    expect(header(second.ringing, 'from')).toContain('<sip:1002@127.0.0.1>');
    await notify(call, 'callee', a, 'terminated;reason=noresource', 200);
    // That was the last word.
    await notify(call, 'callee', a, 'active', 403);
    // And only the one that was asked had a word in it.
    await notify(call, 'caller', b, 'active', 403);
    expect(sip.complaints).toEqual([]);
  });

  it('that is declined is not told about', async () => {
    await using sip = await testSip([one, two]);
    await using a = await party(sip, one);
    await using b = await party(sip, two);
    const call = await establish(a, b);
    await refer(call, 'callee', a, '<sip:1003@127.0.0.1>', 603);
    await notify(call, 'caller', b, 'active', 403);
  });

  it('with consultation: the phone that was asked takes the place in the other call, and nobody else does', async () => {
    await using sip = await testSip([one, two, three, four]);
    await using a = await party(sip, one);
    await using b = await party(sip, two);
    await using c = await party(sip, three);
    await using thief = await party(sip, four);
    const first = await establish(a, b);
    const consultation = await establish(a, c);
    const { callId, tags } = consultation;
    const replaces = `${callId};to-tag=${tags.to};from-tag=${tags.from}`;
    const taking = (who: Party) =>
      who.agent.ask({
        method: 'INVITE',
        uri: 'sip:1003@127.0.0.1',
        to: '<sip:1003@127.0.0.1>',
        headers: [
          ['Contact', who.agent.contact()],
          ['Require', 'replaces'],
          ['Replaces', replaces],
        ],
      });
    expect(await taking(b)).toMatchObject({ status: 403 });
    const got = await refer(
      first,
      'caller',
      b,
      `<sip:1003@127.0.0.1?Replaces=${encodeURIComponent(replaces)}&Subject=x>`,
    );
    expect(header(got, 'refer-to')).toBe(`<sip:1003@127.0.0.1?Replaces=${encodeURIComponent(replaces)}>`);
    expect(await taking(thief)).toMatchObject({ status: 403 });
    const asking = taking(b);
    const ringing = await c.agent.request('INVITE');
    expect(header(ringing, 'replaces')).toBe(replaces);
    expect(header(ringing, 'require')).toBe('replaces');
    c.agent.respond(ringing, { status: 200, headers: [['Contact', c.agent.contact()]] });
    expect(await asking).toMatchObject({ status: 200 });
    expect(sip.complaints).toEqual([]);
  });
});

describe('a phone that speaks over another flow than it registered over', () => {
  it.each(['tcp', 'udp'] as const)('proves itself by its password and calls on, over new %s', async (transport) => {
    await using sip = await testSip([one, two]);
    await using a = await party(sip, one);
    await using b = await party(sip, two);
    await using moved = await Agent[transport]('1001', sip.server.ports[transport]!);
    const calling = { method: 'INVITE', uri: 'sip:1002@127.0.0.1', to: '<sip:1002@127.0.0.1>' };
    expect(await moved.ask(calling, one.name, 'wrong')).toMatchObject({ status: 403 });
    // ACK and BYE of both sides follow the flow that the phone speaks from now.
    const call = await establish({ agent: moved, number: '1001', username: one.name }, b);
    const bye = call.send('callee', 'BYE');
    moved.respond(await moved.request('BYE'), { status: 200 });
    expect((await call.answered('callee', bye)).status).toBe(200);
    expect(a.agent.peek()).toBeUndefined();
  });

  it('hangs up a call of before: the new flow is asked for the password once', async () => {
    await using sip = await testSip([one, two]);
    await using a = await party(sip, one);
    await using b = await party(sip, two);
    const call = await establish(a, b);
    await using moved = await Agent.tcp('1001', sip.server.ports.tcp!);
    const routes = call.answer.headers.filter(({ key }) => key === 'record-route').toReversed();
    const bye = {
      method: 'BYE',
      uri: 'sip:1002@127.0.0.1',
      from: header(call.answer, 'from')!,
      to: header(call.answer, 'to')!,
      callId: call.callId,
      cseq: 50,
      headers: routes.map(({ text }) => ['Route', text] as const),
    };
    const ending = moved.ask(bye, one.name);
    b.agent.respond(await b.agent.request('BYE'), { status: 200 });
    expect(await ending).toMatchObject({ status: 200 });
  });

  it('cannot be told apart from a number that nobody has, before it has proved itself', async () => {
    await using sip = await testSip([one, two]);
    await using a = await party(sip, one);
    const statuses = [];
    for (const number of ['1001', '1002', '4711', one.name, 'SEP0011223344FF']) {
      await using stranger = await Agent.tcp(number, sip.server.ports.tcp!);
      for (const method of ['INVITE', 'OPTIONS', 'BYE', 'NOTIFY', 'FOO']) {
        const asked = { method, uri: 'sip:1002@127.0.0.1', to: '<sip:1002@127.0.0.1>' };
        statuses.push((await stranger.ask(asked)).status);
        if (method === 'INVITE') statuses.push((await stranger.ask(asked, one.name, 'guess')).status + 1000);
      }
    }
    expect(new Set(statuses)).toEqual(new Set([407, 1403]));
    expect(sip.server.stats().transactions).toBeLessThan(20);
    void a;
  });
});

describe('requests within a call', () => {
  it('follow the phone that answered, not a line that is still bound to an old address', async () => {
    const both = device('SEP00112233440A', ['2101', '2102']);
    await using sip = await testSip([one, both]);
    await using caller = await party(sip, one);
    await using old = await Agent.udp('2102', sip.server.ports.udp!);
    for (const number of ['2102', '2101']) {
      const names = { to: `<sip:${number}@127.0.0.1>`, from: `<sip:${number}@127.0.0.1>;tag=${number}` };
      const contact = `<sip:${number}@${old.address};transport=udp>`;
      expect(await old.register(both.name, { ...names, contact })).toMatchObject({ status: 200 });
    }
    // It restarts on another port, and has registered its first line so far.
    await using restarted = await Agent.udp('2101', sip.server.ports.udp!);
    expect(await restarted.register(both.name)).toMatchObject({ status: 200 });
    expect(sip.server.registrations().filter(({ deviceName }) => deviceName === both.name)).toHaveLength(2);
    const call = await establish(caller, { agent: restarted, number: '2101' });
    const bye = call.send('caller', 'BYE');
    restarted.respond(await restarted.request('BYE'), { status: 200 });
    expect((await call.answered('caller', bye)).status).toBe(200);
    expect(old.peek()).toBeUndefined();
  });
});
