import { MalformedError } from '../../kernel/errors.ts';
import { type Address, parseAddress, tagOf } from './address.ts';
import { isToken } from './grammar.ts';
import { header, type SipMessage, type SipRequest } from './message.ts';
import { parseUri, type Uri } from './uri.ts';
import { branchOf, parseVia, type Via } from './via.ts';

/** The fields every message has (RFC 3261 §8.1.1), parsed and checked. */
export interface Envelope {
  readonly via: Via;
  readonly from: Address;
  readonly to: Address;
  readonly fromTag: string | undefined;
  readonly toTag: string | undefined;
  readonly callId: string;
  readonly cseq: number;
  readonly cseqMethod: string;
}

export interface RequestEnvelope extends Envelope {
  readonly uri: Uri;
  /** 70 when the request does not say. */
  readonly maxForwards: number;
}

const single = ['from', 'to', 'call-id', 'cseq', 'max-forwards', 'content-type', 'expires', 'event'];

/**
 * Reads the core fields of a request or response.
 * @throws MalformedError with words fit for a reason phrase.
 */
export function envelopeOf(message: SipMessage): Envelope {
  const counts = new Map<string, number>();
  let firstVia: string | undefined;
  for (const each of message.headers) {
    if (each.key === 'via') {
      // Every value must parse: a proxy answers along them.
      if (firstVia === undefined) firstVia = each.text;
      else parseVia(each.text);
    } else if (single.includes(each.key)) {
      if (counts.has(each.key)) throw new MalformedError(`${each.name} is given twice`);
      counts.set(each.key, 1);
    }
  }
  if (firstVia === undefined) throw new MalformedError('Via is missing');
  const from = parseAddress(required(message, 'from', 'From'));
  const to = parseAddress(required(message, 'to', 'To'));
  const callId = required(message, 'call-id', 'Call-ID');
  if (!/^[\x21-\x7e]+$/.test(callId)) throw new MalformedError('Call-ID is not a word');
  const cseq = /^([0-9]{1,10})[ \t]+(\S+)$/.exec(required(message, 'cseq', 'CSeq'));
  if (cseq === null || !isToken(cseq[2]!) || Number(cseq[1]) > 0x7fffffff)
    throw new MalformedError('CSeq is malformed');
  return {
    via: parseVia(firstVia),
    from,
    to,
    fromTag: tagOf(from),
    toTag: tagOf(to),
    callId,
    cseq: Number(cseq[1]),
    cseqMethod: cseq[2]!,
  };
}

/** @throws MalformedError */
export function requestEnvelopeOf(request: SipRequest): RequestEnvelope {
  const envelope = envelopeOf(request);
  if (envelope.cseqMethod !== request.method)
    throw new MalformedError('CSeq names another method than the request line');
  const forwards = header(request, 'max-forwards');
  if (forwards !== undefined && (!/^[0-9]{1,10}$/.test(forwards) || Number(forwards) > 255)) {
    throw new MalformedError('Max-Forwards is not 0 to 255');
  }
  const expires = header(request, 'expires');
  if (expires !== undefined && (!/^[0-9]{1,10}$/.test(expires) || Number(expires) > 0xffffffff)) {
    throw new MalformedError('Expires is not a number of seconds');
  }
  for (const each of request.headers) {
    if ((each.key === 'contact' && each.text !== '*') || each.key === 'route' || each.key === 'record-route') {
      parseAddress(each.text);
    }
  }
  return { ...envelope, uri: parseUri(request.uri), maxForwards: forwards === undefined ? 70 : Number(forwards) };
}

function required(message: SipMessage, key: string, name: string): string {
  const text = header(message, key);
  if (text === undefined || text === '') throw new MalformedError(`${name} is missing`);
  return text;
}

/**
 * What makes two requests one transaction (RFC 3261 §17.2.3). ACK maps to its INVITE; CANCEL keeps its own.
 * Without a real branch the RFC 2543 rule applies, built from the fields that a retransmission repeats.
 */
export function serverTransactionKey(request: SipRequest, envelope: RequestEnvelope): string {
  const method = request.method === 'ACK' ? 'INVITE' : request.method;
  const { via } = envelope;
  const sentBy = `${via.host}:${via.port ?? ''}`;
  const branch = branchOf(via);
  if (branch !== undefined) return `${branch}|${sentBy}|${method}`;
  return `2543|${request.uri}|${envelope.callId}|${envelope.fromTag ?? ''}|${envelope.cseq}|${sentBy}|${method}`;
}

/** The INVITE a CANCEL means: the same key with the other method (RFC 3261 §9.2). */
export function cancelledTransactionKey(cancel: SipRequest, envelope: RequestEnvelope): string {
  return serverTransactionKey({ ...cancel, method: 'INVITE' }, envelope);
}
