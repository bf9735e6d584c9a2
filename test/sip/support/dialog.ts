import { parseAddress } from '../../../src/protocol/sip/address.ts';
import type { ResponseParts } from '../../../src/protocol/sip/build.ts';
import { header, headerAll, type SipRequest, type SipResponse } from '../../../src/protocol/sip/message.ts';
import type { Agent } from './agent.ts';

export type Headers = readonly (readonly [string, string])[];

export interface Party {
  readonly agent: Agent;
  readonly number: string;
  readonly username?: string | undefined;
}

interface Side {
  readonly party: Party;
  readonly local: string;
  readonly remote: string;
  readonly target: string;
  readonly routes: readonly string[];
  cseq: number;
}

/** A call that is up, seen from both sides. */
export interface Call {
  readonly callId: string;
  readonly invite: SipRequest;
  readonly ringing: SipRequest;
  readonly answer: SipResponse;
  /** The To tag that the callee chose and the caller's From tag. */
  readonly tags: { readonly to: string; readonly from: string };
  /** Sends within the call without waiting. */
  send(side: 'caller' | 'callee', method: string, more?: { headers?: Headers; body?: Uint8Array }): SipRequest;
  /** The answer to a request that was sent within it. */
  answered(side: 'caller' | 'callee', request: SipRequest): Promise<SipResponse>;
}

const tagIn = (text: string) => /;tag=([^;]+)/.exec(text)![1]!;

/** Calls, is answered and acknowledges. */
export async function establish(
  caller: Party,
  callee: Party,
  more: { headers?: Headers; answer?: Partial<ResponseParts>; contact?: string } = {},
): Promise<Call> {
  const uri = `sip:${callee.number}@127.0.0.1`;
  const contact = more.contact ?? caller.agent.contact();
  const headers = [['Contact', contact] as const, ...(more.headers ?? [])];
  const asking = caller.agent.ask({ method: 'INVITE', uri, to: `<${uri}>`, headers }, caller.username);
  const ringing = await callee.agent.request('INVITE');
  const own = more.answer?.headers ?? [['Contact', callee.agent.contact()] as const];
  callee.agent.respond(ringing, { status: 200, ...more.answer, headers: own });
  const answer = await asking;
  const callId = header(ringing, 'call-id')!;
  const targetOf = (message: SipRequest | SipResponse) => parseAddress(header(message, 'contact')!).uriText;
  const sides: Record<'caller' | 'callee', Side> = {
    caller: {
      party: caller,
      local: header(answer, 'from')!,
      remote: header(answer, 'to')!,
      target: targetOf(answer),
      routes: headerAll(answer, 'record-route').toReversed(),
      cseq: Number(header(answer, 'cseq')!.split(' ')[0]),
    },
    callee: {
      party: callee,
      local: `${header(ringing, 'to')!};tag=${tagIn(header(answer, 'to')!)}`,
      remote: header(ringing, 'from')!,
      target: targetOf(ringing),
      routes: headerAll(ringing, 'record-route'),
      cseq: 100,
    },
  };
  const send: Call['send'] = (name, method, { headers: extra = [], body } = {}) => {
    const side = sides[name];
    if (method !== 'ACK') side.cseq++;
    return side.party.agent.send({
      method,
      uri: side.target,
      from: side.local,
      to: side.remote,
      callId,
      cseq: side.cseq,
      headers: [
        ...side.routes.map((text) => ['Route', text] as const),
        ['Contact', side.party.agent.contact()],
        ...extra,
      ],
      ...(body === undefined ? {} : { body }),
    });
  };
  send('caller', 'ACK');
  await callee.agent.request('ACK');
  return {
    callId,
    invite: ringing,
    ringing,
    answer,
    tags: { to: tagIn(header(answer, 'to')!), from: tagIn(header(answer, 'from')!) },
    send,
    answered: (name, request) =>
      sides[name].party.agent.response(
        callId,
        (response) => response.status >= 200 && header(response, 'cseq') === header(request, 'cseq'),
      ),
  };
}
