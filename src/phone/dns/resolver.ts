import { isIP } from 'node:net';
import { type DnsMessage, type RecordType, responseCodes } from '../../protocol/dns/message.ts';
import { sameName } from '../../protocol/dns/name.ts';
import type { DnsRecord } from '../../protocol/dns/record.ts';
import { type ServiceRecord, serviceOrder } from '../../protocol/dns/service-order.ts';
import type { HostPort } from '../boot/types.ts';
import { phoneRandom } from '../sip/random.ts';
import { exchange } from './exchange.ts';

/** `absent`: the zone says that there is no such record. `unreachable`: no DNS server gives an answer. */
export class DnsError extends Error {
  readonly kind: 'absent' | 'unreachable';
  constructor(kind: 'absent' | 'unreachable', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Milliseconds a server has, by round. */
const roundsMs = [700, 2000];
/** Aliases of aliases. */
const longestChain = 8;

/** The phone's own stub resolver: it asks the servers it was given and no others. */
export class Resolver {
  readonly #servers: readonly HostPort[];

  constructor(servers: readonly HostPort[]) {
    this.#servers = servers;
  }

  /** Targets of a service, in the order to try them (RFC 2782). Rejects with DnsError, or when aborted. */
  async services(name: string, signal: AbortSignal): Promise<readonly HostPort[]> {
    const { answers } = await this.#ask(name, 'SRV', signal);
    const records = answers.filter(
      (record): record is ServiceRecord => record.type === 'SRV' && sameName(record.name, name),
    );
    const ordered = serviceOrder(records, phoneRandom);
    if (ordered.length === 0) throw new DnsError('absent', `There is no SRV record ${name}.`);
    return ordered.map(({ target, port }) => ({ host: target.toLowerCase(), port }));
  }

  /** IP addresses of a host, IPv4 first; an address is its own. Rejects with DnsError, or when aborted. */
  async addresses(host: string, signal: AbortSignal): Promise<readonly string[]> {
    if (isIP(host) !== 0) return [host];
    const found = await Promise.allSettled([this.#addresses(host, 'A', signal), this.#addresses(host, 'AAAA', signal)]);
    signal.throwIfAborted();
    const addresses = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    if (addresses.length > 0) return addresses;
    const failed = found.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    throw new DnsError('absent', `The name ${host} has no address.`);
  }

  async #addresses(host: string, type: 'A' | 'AAAA', signal: AbortSignal): Promise<readonly string[]> {
    let name = host;
    for (let left = longestChain; left > 0; left--) {
      const { answers } = await this.#ask(name, type, signal);
      const end = endOf(name, answers);
      const own = answers.filter((record) => record.type === type && sameName(record.name, end));
      if (own.length > 0 || sameName(end, name)) {
        return own.flatMap((record) => ('address' in record ? [record.address] : []));
      }
      name = end;
    }
    throw new DnsError('absent', `The name ${host} is an alias without an end.`);
  }

  async #ask(name: string, type: RecordType, signal: AbortSignal): Promise<DnsMessage> {
    const why: string[] = [];
    for (const timeoutMs of roundsMs) {
      for (const server of this.#servers) {
        try {
          const answer = await exchange({ server, name, type, timeoutMs, signal });
          if (answer.code === responseCodes.noError) return answer;
          if (answer.code === responseCodes.nameError) throw new DnsError('absent', `The name ${name} does not exist.`);
          why.push(`${server.host}:${server.port} answers with code ${answer.code}`);
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof DnsError) throw error;
          why.push(`${server.host}:${server.port}: ${(error as Error).message}`);
        }
      }
    }
    const detail = why.length === 0 ? 'the phone knows no DNS server' : [...new Set(why)].join(', ');
    throw new DnsError('unreachable', `The name ${name} cannot be looked up (${detail}).`);
  }
}

/** The name at the end of a chain of aliases. */
function endOf(name: string, answers: readonly DnsRecord[]): string {
  let end = name;
  for (let left = longestChain; left > 0; left--) {
    const alias = answers.find((record) => record.type === 'CNAME' && sameName(record.name, end));
    if (alias?.type !== 'CNAME') return end;
    end = alias.target;
  }
  return end;
}
