import { randomInt } from 'node:crypto';
import { concat, equalBytes } from '../../kernel/bytes.ts';
import { decodeTvsResponse, encodeTvsRequest, type TvsVerdict, tvsMessageLength } from '../../protocol/tvs/messages.ts';
import type { HeldTrustList, HostPort } from '../boot/types.ts';
import { connectTls, serverCertificateOf } from './tls.ts';

export interface TvsQuestion {
  readonly servers: readonly HostPort[];
  readonly trust: HeldTrustList;
  /** `CP-8845-SEP001122334455`. */
  readonly deviceName: string;
  /** DER. */
  readonly certificate: Uint8Array;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** `unanswered`: no TVS of the trust list could be asked; `detail` says why. */
export type TvsAnswer =
  | { readonly type: 'verdict'; readonly verdict: TvsVerdict | undefined }
  | { readonly type: 'unanswered'; readonly detail: string };

/** Asks the listed TVS nodes, in order, what a certificate may be trusted for. Only a server whose own certificate is in the ITL counts. */
export async function askTvs(question: TvsQuestion): Promise<TvsAnswer> {
  const why: string[] = [];
  for (const server of question.servers) {
    try {
      return { type: 'verdict', verdict: await ask(server, question) };
    } catch (error) {
      question.signal.throwIfAborted();
      why.push(`TVS ${server.host}:${server.port}: ${(error as Error).message}.`);
    }
  }
  return { type: 'unanswered', detail: why.length === 0 ? 'No TVS is known.' : why.join(' ') };
}

async function ask(server: HostPort, question: TvsQuestion): Promise<TvsVerdict | undefined> {
  const { timeoutMs, signal } = question;
  const socket = await connectTls({ ...server, timeoutMs, signal });
  try {
    const own = serverCertificateOf(socket);
    const known = question.trust.records.some((record) => record.role === 'TVS' && equalBytes(record.certificate, own));
    if (!known) throw new Error('its certificate is not in the trust list');
    const sessionId = randomInt(2 ** 32);
    const { deviceName, certificate } = question;
    socket.write(encodeTvsRequest({ type: 'verify', sessionId, deviceName, certificate }));
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer in time')));
    let held: Uint8Array = new Uint8Array(0);
    for await (const chunk of socket) {
      held = concat(held, chunk as Uint8Array);
      const length = tvsMessageLength(held);
      if (length === undefined || held.length < length) continue;
      const response = decodeTvsResponse(held.subarray(0, length));
      if (response.sessionId !== sessionId) throw new Error('the answer belongs to another question');
      return response.verdict;
    }
    throw new Error('the connection ended without an answer');
  } finally {
    socket.destroy();
  }
}
