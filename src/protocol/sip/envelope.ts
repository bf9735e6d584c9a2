import { MalformedError } from '../../kernel/errors.ts';
import { type Address, parseAddress, tagOf } from './address.ts';
import { isToken } from './grammar.ts';
import { type HeaderField, header, type SipMessage, type SipRequest } from './message.ts';
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

/** Beside the core fields: what may be given once only. */
const single = ['max-forwards', 'content-type', 'expires', 'event'];

/**
 * Reads the core fields of a request or response.
 * @throws MalformedError with words fit for a reason phrase.
 */
export function envelopeOf(message: SipMessage): Envelope {
  let firstVia: string | undefined;
  let from: string | undefined;
  let to: string | undefined;
  let callId: string | undefined;
  let cseq: string | undefined;
  let others = 0;
  for (const each of message.headers) {
    switch (each.key) {
      case 'via':
        // Every value must parse: a proxy answers along them.
        if (firstVia === undefined) firstVia = each.text;
        else parseVia(each.text);
        break;
      case 'from':
        from = only(from, each);
        break;
      case 'to':
        to = only(to, each);
        break;
      case 'call-id':
        callId = only(callId, each);
        break;
      case 'cseq':
        cseq = only(cseq, each);
        break;
      default: {
        const bit = 1 << (single.indexOf(each.key) + 1);
        if (bit > 1 && (others & bit) !== 0) throw new MalformedError(`${each.name} is given twice`);
        others |= bit;
      }
    }
  }
  if (firstVia === undefined) throw new MalformedError('Via is missing');
  const fromAddress = parseAddress(required(from, 'From'));
  const toAddress = parseAddress(required(to, 'To'));
  if (!/^[\x21-\x7e]+$/.test(required(callId, 'Call-ID'))) throw new MalformedError('Call-ID is not a word');
  const parts = /^([0-9]{1,10})[ \t]+(\S+)$/.exec(required(cseq, 'CSeq'));
  if (parts === null || !isToken(parts[2]!) || Number(parts[1]) > 0x7fffffff) {
    throw new MalformedError('CSeq is malformed');
  }
  return {
    via: parseVia(firstVia),
    from: fromAddress,
    to: toAddress,
    fromTag: tagOf(fromAddress),
    toTag: tagOf(toAddress),
    callId: callId!,
    cseq: Number(parts[1]),
    cseqMethod: parts[2]!,
  };
}

function only(before: string | undefined, field: HeaderField): string {
  if (before !== undefined) throw new MalformedError(`${field.name} is given twice`);
  return field.text;
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
  for (const each of request.headers) {
    if ((each.key === 'contact' && each.text !== '*') || each.key === 'route' || each.key === 'record-route') {
      parseAddress(each.text);
    }
  }
  return { ...envelope, uri: parseUri(request.uri), maxForwards: forwards === undefined ? 70 : Number(forwards) };
}

function required(text: string | undefined, name: string): string {
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
