import { describe, expect, it, vi } from 'vitest';
import { parseAddress } from '../../src/protocol/sip/address.ts';
import { header, headerAll, type SipRequest, type SipResponse } from '../../src/protocol/sip/message.ts';
import { Agent } from './support/agent.ts';
import { device, type TestSip, testSip } from './support/fakes.ts';

const one = device('SEP001122334401', ['1001']);
const two = device('SEP001122334402', ['1002', '1000']);
const three = device('SEP001122334403', ['1003', '1000']);

/** Agents on TCP: the connection that registered is proved, so calls are not challenged. */
async function phone(sip: TestSip, number: string, name: string): Promise<Agent> {
  const agent = await Agent.tcp(number, sip.server.ports.tcp!);
  expect(await agent.register(name)).toMatchObject({ status: 200 });
  return agent;
}

const routeSet = (response: SipResponse) => headerAll(response, 'record-route').toReversed();
const targetOf = (message: SipRequest | SipResponse) => parseAddress(header(message, 'contact')!).uriText;

function invite(agent: Agent, number: string, more = {}): SipRequest {
  return agent.send({
    method: 'INVITE',
    uri: `sip:${number}@127.0.0.1`,
    to: `<sip:${number}@127.0.0.1>`,
    headers: [['Contact', agent.contact()]],
    ...more,
  });
}

function within(agent: Agent, method: string, first: SipRequest, answer: SipResponse, cseq: number): SipRequest {
  return agent.send({
    method,
    uri: targetOf(answer),
    from: header(first, 'from')!,
    to: header(answer, 'to')!,
    callId: header(first, 'call-id')!,
    cseq,
    headers: [...routeSet(answer).map((text) => ['Route', text] as const), ['Contact', agent.contact()] as const],
  });
}

const callId = (request: SipRequest): string => header(request, 'call-id')!;

describe('a call between two phones', () => {
  it('rings, is answered, renegotiated from the other side and ended, over different transports', async () => {
    await using sip = await testSip([one, two]);
    await using caller = await phone(sip, '1001', one.name);
    await using callee = await Agent.udp('1002', sip.server.ports.udp!);
    expect(await callee.register(two.name)).toMatchObject({ status: 200 });

    const first = invite(caller, '1002', { maxForwards: 20 });
    const ringing = await callee.request('INVITE');
    expect(ringing.uri).toBe(parseAddress(callee.contact()).uriText);
    expect(header(ringing, 'max-forwards')).toBe('19');
    // One Record-Route for each side's transport (RFC 5658).
    expect(headerAll(ringing, 'record-route').map((text) => /transport=(\w+)/.exec(text)![1])).toEqual(['udp', 'tcp']);
    callee.respond(ringing, { status: 180 });
    expect(await caller.response(callId(first), ({ status }) => status === 180)).toBeDefined();
    callee.respond(ringing, { status: 200, headers: [['Contact', callee.contact()]] });
    const answer = await caller.response(callId(first));
    expect(headerAll(answer, 'via')).toHaveLength(1);
    within(caller, 'ACK', first, answer, 1);
    expect(header(await callee.request('ACK'), 'route')).toBeUndefined();

    // The callee's requests go the same way back: its route set is the Record-Route as it came.
    const back = callee.send({
      method: 'INVITE',
      uri: targetOf(ringing),
      from: header(answer, 'to')!,
      to: header(first, 'from')!,
      callId: callId(first),
      cseq: 7,
      headers: [
        ...headerAll(ringing, 'record-route').map((text) => ['Route', text] as const),
        ['Contact', callee.contact()] as const,
      ],
    });
    const again = await caller.request('INVITE');
    expect(again.uri).toBe(targetOf(ringing));
    caller.respond(again, { status: 200, headers: [['Contact', caller.contact()]] });
    expect(await callee.response(callId(back))).toMatchObject({ status: 200 });

    within(caller, 'BYE', first, answer, 2);
    const bye = await callee.request('BYE');
    callee.respond(bye, { status: 200 });
    expect(await caller.response(callId(first), (response) => header(response, 'cseq') === '2 BYE')).toMatchObject({
      status: 200,
    });
    expect(sip.complaints).toEqual([]);
  });

  it('reaches a number in a domain of the cluster, and in no other', async () => {
    await using sip = await testSip([one, two], { serves: (host) => host === 'mra.example.test' });
    await using caller = await phone(sip, '1001', one.name);
    await using callee = await phone(sip, '1002', two.name);
    invite(caller, '1002', { uri: 'sip:1002@MRA.example.test' });
    expect((await callee.request('INVITE')).uri).toContain(callee.address);
    const other = invite(caller, '1002', { uri: 'sip:1002@example.test' });
    expect(await caller.response(callId(other))).toMatchObject({ status: 404 });
  });

  it('reaches a phone by its device name', async () => {
    await using sip = await testSip([one, two]);
    await using caller = await phone(sip, '1001', one.name);
    await using callee = await phone(sip, '1002', two.name);
    invite(caller, two.name.toLowerCase());
    expect((await callee.request('INVITE')).uri).toContain(callee.address);
  });

  it('asks a phone on UDP for its digest before it calls, and takes the answer once', async () => {
    await using sip = await testSip([one, two]);
    await using caller = await Agent.udp('1001', sip.server.ports.udp!);
    await using callee = await phone(sip, '1002', two.name);
    await caller.register(one.name);
    const calling = caller.ask(
      {
        method: 'INVITE',
        uri: 'sip:1002@127.0.0.1',
        to: '<sip:1002@127.0.0.1>',
        headers: [['Contact', caller.contact()]],
      },
      one.name,
    );
    const ringing = await callee.request('INVITE');
    // The credentials were for this proxy.
    expect(header(ringing, 'proxy-authorization')).toBeUndefined();
    callee.respond(ringing, { status: 486 });
    expect(await calling).toMatchObject({ status: 486 });
  });
});

describe('who may call', () => {
  it.each([
    ['a From of another line', '<sip:1002@127.0.0.1>;tag=1'],
    ['a From of nobody', '<sip:anonymous@anonymous.invalid>;tag=1'],
    ['a From that is no sip URI', '<tel:+1001>;tag=1'],
  ])('refuses %s', async (_, from) => {
    await using sip = await testSip([one, two]);
    await using caller = await phone(sip, '1001', one.name);
    expect(
      await caller.ask({ method: 'INVITE', uri: 'sip:1002@127.0.0.1', to: '<sip:1002@127.0.0.1>', from }),
    ).toMatchObject({ status: 403 });
  });

  it('refuses whoever is not registered', async () => {
    await using sip = await testSip([one, two]);
    await using stranger = await Agent.tcp('1001', sip.server.ports.tcp!);
    const calling = { method: 'INVITE', uri: 'sip:1002@127.0.0.1' };
    expect(await stranger.ask(calling)).toMatchObject({ status: 407 });
    // Its password is right, but nobody could call it back.
    expect(await stranger.ask(calling, one.name)).toMatchObject({ status: 403 });
    expect(await stranger.ask(calling, one.name, 'wrong')).toMatchObject({ status: 403 });
  });

  it.each([
    ['in the Request-URI', { uri: 'sip:1002@198.51.100.7' }, 404],
    ['in Route', { uri: 'sip:1002@127.0.0.1', headers: [['Route', '<sip:198.51.100.7;lr>']] as const }, 403],
  ])('never relays to another system named %s', async (_, out, status) => {
    await using sip = await testSip([one, two]);
    await using caller = await phone(sip, '1001', one.name);
    expect(await caller.ask({ method: 'INVITE', to: '<sip:1002@127.0.0.1>', ...out })).toMatchObject({ status });
  });

  it('takes no Route that it did not make for this call', async () => {
    await using sip = await testSip([one, two, three]);
    await using caller = await phone(sip, '1001', one.name);
    await using callee = await phone(sip, '1002', two.name);
    await using third = await phone(sip, '1003', three.name);
    const first = invite(caller, '1002');
    const ringing = await callee.request('INVITE');
    callee.respond(ringing, { status: 200, headers: [['Contact', callee.contact()]] });
    const answer = await caller.response(callId(first));
    const routes = routeSet(answer).map((text) => ['Route', text] as const);
    // The same Route under another Call-ID proves nothing.
    const stolen = await caller.ask({
      method: 'BYE',
      uri: targetOf(answer),
      to: header(answer, 'to')!,
      headers: routes,
    });
    expect(stolen).toMatchObject({ status: 481 });
    // Nor does it let a third phone into the call.
    const intruder = await third.ask({
      method: 'BYE',
      uri: targetOf(answer),
      to: header(answer, 'to')!,
      callId: callId(first),
      headers: routes,
    });
    expect(intruder).toMatchObject({ status: 403 });
  });
});

describe('answers', () => {
  it.each([
    ['404 for a number that nobody has', '4711', 404],
    ['480 for a phone that is not registered', '1003', 480],
    ['486 for the own number', '1001', 486],
  ])('%s', async (_, number, status) => {
    await using sip = await testSip([one, two, three]);
    await using caller = await phone(sip, '1001', one.name);
    const first = invite(caller, number);
    expect(await caller.response(callId(first))).toMatchObject({ status });
  });

  it.each([
    ['483 when Max-Forwards is used up', { maxForwards: 0 }, 483],
    ['416 for another scheme', { uri: 'tel:1002' }, 416],
    [
      '420 for an extension that a proxy would have to know',
      { headers: [['Proxy-Require', 'teleport']] as const },
      420,
    ],
    [
      '403 to a neighbour that gives no proof',
      { headers: [['Route', '<sip:ask.SEP001122334402.000000000000000000000000@127.0.0.1;lr>']] as const },
      403,
    ],
  ])('%s', async (_, out, status) => {
    await using sip = await testSip([one, two]);
    await using caller = await phone(sip, '1001', one.name);
    await using callee = await phone(sip, '1002', two.name);
    expect(
      await caller.ask({ method: 'INVITE', uri: 'sip:1002@127.0.0.1', to: '<sip:1002@127.0.0.1>', ...out }),
    ).toMatchObject({ status });
    void callee;
  });

  it('480 when the phone has hung up its connection', async () => {
    await using sip = await testSip([one, two]);
    await using caller = await phone(sip, '1001', one.name);
    const callee = await phone(sip, '1002', two.name);
    await callee[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(sip.events.at(-1)).toMatchObject({ kind: 'lost' }), { timeout: 20_000 });
    const first = invite(caller, '1002');
    expect(await caller.response(callId(first))).toMatchObject({ status: 480 });
  });

  it('202 to the reports that phones send to the server by REFER, and 489 to subscriptions', async () => {
    await using sip = await testSip([one]);
    await using caller = await phone(sip, '1001', one.name);
    const token = await caller.ask({
      method: 'REFER',
      headers: [['Refer-To', '<urn:x-cisco-remotecc:token-registration>']],
    });
    expect(token).toMatchObject({ status: 202 });
    expect(await caller.ask({ method: 'SUBSCRIBE', headers: [['Event', 'presence']] })).toMatchObject({ status: 489 });
    expect(await caller.ask({ method: 'OPTIONS' })).toMatchObject({ status: 200 });
  });
});

describe('CANCEL', () => {
  it('stops the ringing: 200 to the CANCEL, 487 to the INVITE', async () => {
    await using sip = await testSip([one, two]);
    await using caller = await phone(sip, '1001', one.name);
    await using callee = await phone(sip, '1002', two.name);
    const branch = 'z9hG4bKcancelled';
    const first = invite(caller, '1002', { branch });
    const ringing = await callee.request('INVITE');
    callee.respond(ringing, { status: 180 });
    await caller.response(callId(first), ({ status }) => status === 180);
    caller.send({
      method: 'CANCEL',
      uri: first.uri,
      branch,
      from: header(first, 'from')!,
      to: header(first, 'to')!,
      callId: callId(first),
    });
    expect(await caller.response(callId(first), (response) => header(response, 'cseq') === '1 CANCEL')).toMatchObject({
      status: 200,
    });
    const cancel = await callee.request('CANCEL');
    expect(header(cancel, 'via')).toBe(headerAll(ringing, 'via')[0]);
    callee.respond(cancel, { status: 200 });
    callee.respond(ringing, { status: 487 });
    await callee.request('ACK');
    expect(await caller.response(callId(first))).toMatchObject({ status: 487 });
  });

  it("of nothing is 481, and of another phone's call too", async () => {
    await using sip = await testSip([one, two, three]);
    await using caller = await phone(sip, '1001', one.name);
    await using callee = await phone(sip, '1002', two.name);
    await using third = await phone(sip, '1003', three.name);
    const branch = 'z9hG4bKnotyours';
    const first = invite(caller, '1002', { branch });
    await callee.request('INVITE');
    const cancel = { method: 'CANCEL', uri: first.uri, branch, callId: callId(first), to: header(first, 'to')! };
    expect(await third.ask(cancel)).toMatchObject({ status: 481 });
    expect(await caller.ask({ method: 'CANCEL', uri: first.uri, branch: 'z9hG4bKother' })).toMatchObject({
      status: 481,
    });
  });
});

describe('a shared line', () => {
  async function ring() {
    const sip = await testSip([one, two, three]);
    const [caller, left, right] = [
      await phone(sip, '1001', one.name),
      await phone(sip, '1000', two.name),
      await phone(sip, '1000', three.name),
    ];
    const first = invite(caller, '1000');
    const ringing = await Promise.all([left.request('INVITE'), right.request('INVITE')]);
    for (const [i, agent] of [left, right].entries()) agent.respond(ringing[i]!, { status: 180 });
    for (let i = 0; i < 2; i++) await caller.response(callId(first), ({ status }) => status === 180);
    const close = async () => {
      for (const agent of [caller, left, right]) await agent[Symbol.asyncDispose]();
      await sip.server.close();
    };
    return { caller, left, right, first, ringing, [Symbol.asyncDispose]: close };
  }

  it('rings all phones, and stops the others once one answers', async () => {
    await using call = await ring();
    call.right.respond(call.ringing[1], { status: 200, headers: [['Contact', call.right.contact()]] });
    expect(await call.caller.response(callId(call.first))).toMatchObject({ status: 200 });
    const cancel = await call.left.request('CANCEL');
    call.left.respond(cancel, { status: 200 });
    call.left.respond(call.ringing[0], { status: 487 });
    expect((await call.left.request('ACK')).method).toBe('ACK');
  });

  it('is busy only when all phones are, and busy says more than unavailable', async () => {
    await using call = await ring();
    call.left.respond(call.ringing[0], { status: 480 });
    call.right.respond(call.ringing[1], { status: 486 });
    expect(await call.caller.response(callId(call.first))).toMatchObject({ status: 486 });
  });

  it('is declined for all by a 6xx', async () => {
    await using call = await ring();
    call.left.respond(call.ringing[0], { status: 603 });
    const cancel = await call.right.request('CANCEL');
    call.right.respond(cancel, { status: 200 });
    call.right.respond(call.ringing[1], { status: 487 });
    expect(await call.caller.response(callId(call.first))).toMatchObject({ status: 603 });
  });
});
