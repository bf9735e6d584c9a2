import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { MalformedError } from '../../kernel/errors.ts';
import { type DnsMessage, dnsQuery, type RecordType, readDns, recordTypes } from '../../protocol/dns/message.ts';
import { sameName } from '../../protocol/dns/name.ts';
import type { HostPort } from '../boot/types.ts';

export interface Exchange {
  /** An IP address, and its port. */
  readonly server: HostPort;
  readonly name: string;
  readonly type: RecordType;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One question to one DNS server: over UDP, and over TCP when the answer was cut. Rejects when nothing usable comes in time, or when aborted. */
export async function exchange(question: Exchange): Promise<DnsMessage> {
  const id = randomInt(0x10000);
  const query = dnsQuery(id, question.name, question.type);
  const answer = await overUdp(question, id, query);
  return answer.truncated ? await overTcp(question, id, query) : answer;
}

/** Undefined for whatever is no answer to this question: somebody else's, a forged one, or junk. */
function answerIn(bytes: Uint8Array, id: number, { name, type }: Exchange): DnsMessage | undefined {
  try {
    const message = readDns(bytes);
    const [asked, ...more] = message.questions;
    if (!message.response || message.id !== id || asked === undefined || more.length > 0) return undefined;
    return sameName(asked.name, name) && asked.type === recordTypes[type] ? message : undefined;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

async function overUdp(question: Exchange, id: number, query: Uint8Array): Promise<DnsMessage> {
  const { server, signal, timeoutMs } = question;
  // Connected, on a port of the system's choice: only this server's datagrams come in.
  const socket = createSocket(isIP(server.host) === 6 ? 'udp6' : 'udp4');
  socket.on('error', () => {});
  const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    socket.connect(server.port, server.host);
    await once(socket, 'connect', { signal: patience });
    return await new Promise<DnsMessage>((resolve, reject) => {
      const abort = () => reject(signal.aborted ? signal.reason : new Error('no answer in time'));
      if (patience.aborted) return abort();
      patience.addEventListener('abort', abort, { once: true });
      socket.on('error', reject);
      socket.on('message', (bytes) => {
        const answer = answerIn(bytes, id, question);
        if (answer !== undefined) resolve(answer);
      });
      socket.send(query);
    });
  } finally {
    socket.close();
  }
}

/** Each message behind its length in two octets (RFC 1035 §4.2.2). */
async function overTcp(question: Exchange, id: number, query: Uint8Array): Promise<DnsMessage> {
  const { server, signal, timeoutMs } = question;
  const socket = connect({ host: server.host, port: server.port, noDelay: true, signal });
  socket.on('error', () => {});
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer in time')));
  try {
    socket.write(Buffer.concat([Uint8Array.of(query.length >> 8, query.length & 0xff), query]));
    let held = Buffer.alloc(0);
    for await (const chunk of socket) {
      held = Buffer.concat([held, chunk as Buffer]);
      if (held.length < 2 || held.length < 2 + held.readUInt16BE(0)) continue;
      const answer = answerIn(held.subarray(2, 2 + held.readUInt16BE(0)), id, question);
      if (answer === undefined) throw new Error('an answer to another question');
      return answer;
    }
    throw new Error('the connection ended without an answer');
  } finally {
    socket.destroy();
  }
}
