import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { buildRequest, buildResponse } from '../../protocol/sip/build.ts';
import { header, type SipRequest, type SipResponse } from '../../protocol/sip/message.ts';
import { readMessage } from '../../protocol/sip/read.ts';
import { serviceControlBody } from '../../protocol/sip/service-control.ts';
import { writeMessage } from '../../protocol/sip/write.ts';
import type { BootSetup } from '../boot/types.ts';
import type { Mic } from '../identity/mic.ts';
import { SipAgent } from './agent.ts';
import type { RegisterOrder } from './register-messages.ts';

/** A registrar that says yes, and the phone registered with it. */
async function registered() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const events: unknown[] = [];
  const setup = { deviceName: 'SEP001122334401', mac: '001122334401', model: { typeId: 684, name: 'Cisco 8845' } };
  const agent = new SipAgent({
    setup: setup as unknown as BootSetup,
    mic: {} as Mic,
    patienceMs: 5000,
    onEvent: (event) => events.push(event),
  });
  const effect = {
    node: { host: '127.0.0.1', sipPort: port, sipTlsPort: port },
    configuration: { transport: 'udp', lines: [{ directoryNumber: '1001', contact: 'line-1' }] },
    load: 'sip8845_65.14-2-1',
  };
  const asked = once(socket, 'message');
  const registering = agent.register(
    effect as unknown as RegisterOrder,
    { judge: async () => ({ trusted: true }) as never },
    new AbortController().signal,
  );
  const [bytes, from] = (await asked) as [Buffer, { address: string; port: number }];
  const register = readMessage(bytes).message as SipRequest;
  const answer = buildResponse(register, { status: 200, toTag: 'r', headers: [['Expires', '120']] });
  socket.send(writeMessage(answer), from.port, from.address);
  expect(await registering).toMatchObject({ type: 'registered' });
  const us = `127.0.0.1:${port}`;
  const notify = async (change: { from?: string; to?: string; vias?: number; callId?: string; routed?: boolean }) => {
    const body = serviceControlBody({ action: 'reset', registerCallId: change.callId ?? header(register, 'call-id')! });
    const request = buildRequest({
      method: 'NOTIFY',
      uri: 'sip:line-1@127.0.0.1',
      via: `SIP/2.0/UDP ${us};branch=z9hG4bK${Math.random()}`,
      from: `${change.from ?? `<sip:${us}>`};tag=s`,
      to: `<sip:1001@${us}>${change.to ?? ''}`,
      callId: 'notice@node',
      cseq: 1,
      headers: [
        ...Array.from(
          { length: (change.vias ?? 1) - 1 },
          () => ['Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx'] as const,
        ),
        ...(change.routed ? [['Record-Route', `<sip:${us};lr>`] as const] : []),
        ['Event', 'service-control'],
        ['Content-Type', 'text/plain'],
      ],
      body: Buffer.from(body),
    });
    const answered = once(socket, 'message');
    socket.send(writeMessage(request), from.port, from.address);
    const [reply] = (await answered) as [Buffer];
    return (readMessage(reply).message as SipResponse).status;
  };
  return {
    events,
    notify,
    [Symbol.dispose]() {
      agent.drop();
      socket.close();
    },
  };
}

describe('service-control', () => {
  it('is obeyed when the registrar sends it itself and names the registration', async () => {
    using phone = await registered();
    expect(await phone.notify({})).toBe(200);
    expect(phone.events).toEqual([{ type: 'service_control', action: 'reset' }]);
  });

  it.each([
    ['from another phone', { from: '<sip:1002@127.0.0.1>' }, 403],
    ['that somebody stands behind', { vias: 2 }, 403],
    ['that was record-routed', { routed: true }, 403],
    ['within a call', { to: ';tag=x' }, 403],
    ['for no registration', { callId: '' }, 200],
    ['for another registration', { callId: 'other@phone' }, 200],
  ])('is not obeyed %s', async (_, change, status) => {
    using phone = await registered();
    expect(await phone.notify(change)).toBe(status);
    expect(phone.events).toEqual([]);
  });
});
