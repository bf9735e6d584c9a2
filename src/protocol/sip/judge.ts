import { MalformedError } from '../../kernel/errors.ts';
import { type Envelope, envelopeOf, type RequestEnvelope, requestEnvelopeOf } from './envelope.ts';
import type { SipRequest, SipResponse } from './message.ts';
import { readMessage } from './read.ts';

/** What is to be done with octets from outside. */
export type Verdict =
  | { readonly kind: 'request'; readonly request: SipRequest; readonly envelope: RequestEnvelope }
  | { readonly kind: 'response'; readonly response: SipResponse; readonly envelope: Envelope }
  /** A request that can be answered, but not believed. */
  | { readonly kind: 'refuse'; readonly request: SipRequest; readonly status: number; readonly reason: string }
  /** Nothing to answer: not SIP, or a response that is broken. */
  | { readonly kind: 'drop'; readonly why: string };

/** Reads one message and checks all that every message must have. Never throws. */
export function judgeMessage(bytes: Uint8Array): Verdict {
  try {
    const { message, problem } = readMessage(bytes);
    if (message.kind === 'response') {
      if (problem !== undefined) return { kind: 'drop', why: problem.text };
      return { kind: 'response', response: message, envelope: envelopeOf(message) };
    }
    if (problem?.status === 505) {
      return { kind: 'refuse', request: message, status: 505, reason: 'Version Not Supported' };
    }
    const refuse = (text: string): Verdict => ({
      kind: 'refuse',
      request: message,
      status: problem?.status ?? 400,
      reason: `Bad Request: ${problem?.text ?? text}`,
    });
    if (problem !== undefined) return refuse(problem.text);
    try {
      return { kind: 'request', request: message, envelope: requestEnvelopeOf(message) };
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      return refuse(error.message);
    }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return { kind: 'drop', why: error.message };
  }
}
