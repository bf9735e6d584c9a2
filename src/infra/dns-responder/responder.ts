import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { MalformedError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { fitDns, maximumUdpMessage, readDns } from '../../protocol/dns/message.ts';
import { answerFrom, type DnsZone } from './zones.ts';

export interface DnsResponderOptions {
  /** An IP address. */
  readonly address: string;
  /** 0: any. */
  readonly port: number;
  readonly zones: readonly DnsZone[];
  readonly log: Log;
}

export interface DnsResponder extends AsyncDisposable {
  readonly port: number;
}

/** Answers for the zones of a laboratory over UDP, for nothing else and for nobody else: it asks no other server. */
export async function startDnsResponder(options: DnsResponderOptions): Promise<DnsResponder> {
  const { address, log, port, zones } = options;
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  socket.on('message', (bytes, from) => {
    const reply = replyTo(bytes, zones);
    if (reply !== undefined) send(reply, from);
  });
  const send = (reply: Uint8Array, from: RemoteInfo) =>
    socket.send(reply, from.port, from.address, (error) => {
      if (error !== null) log.debug({ err: error }, 'a DNS answer did not leave');
    });
  let bound = false;
  socket.on('error', (error) => {
    if (bound) log.warn({ err: error }, 'the DNS responder met an error');
  });
  socket.bind({ address, port, exclusive: true });
  await once(socket, 'listening');
  bound = true;
  return {
    port: socket.address().port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** Undefined: no answer at all, as to responses and to what is no DNS. */
function replyTo(bytes: Uint8Array, zones: readonly DnsZone[]): Uint8Array | undefined {
  try {
    const query = readDns(bytes);
    return query.response ? undefined : fitDns(answerFrom(zones, query), maximumUdpMessage);
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
