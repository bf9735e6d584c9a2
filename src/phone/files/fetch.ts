import type { Agent } from 'node:http';
import { httpAgent, httpRead } from './http-read.ts';
import { type FileServer, hostPortText } from './servers.ts';
import { tftpRead } from './tftp-read.ts';

export type FetchOutcome =
  | { readonly type: 'found'; readonly bytes: Uint8Array; readonly by: string }
  | { readonly type: 'absent' }
  | { readonly type: 'unreachable'; readonly detail: string };

interface Asked {
  readonly fileName: string;
  /** Octets. */
  readonly maxSize: number;
  readonly signal: AbortSignal;
}

/** Fetches files the way phones do: HTTP first, then TFTP. A server that gave no answer is asked again only when no other one is left. */
export class FileFetcher {
  #servers: readonly FileServer[] = [];
  readonly #agent: Agent = httpAgent();
  readonly #httpDown = new Set<FileServer>();
  readonly #tftpDown = new Set<FileServer>();
  readonly #httpTimeoutMs: number;
  readonly #tftpTimeoutMs: number;

  /** Milliseconds: until HTTP is given up, and until the first repetition over TFTP. */
  constructor(options: { httpTimeoutMs?: number; tftpTimeoutMs?: number } = {}) {
    this.#httpTimeoutMs = options.httpTimeoutMs ?? 3000;
    this.#tftpTimeoutMs = options.tftpTimeoutMs ?? 300;
  }

  /** Sets the servers, best first, and forgets what was wrong with them. */
  use(servers: readonly FileServer[]): void {
    this.#servers = servers;
    this.#httpDown.clear();
    this.#tftpDown.clear();
  }

  /** The first server that answers at all decides: a file it does not have is absent. Rejects only when aborted. */
  async fetch(fileName: string, signal: AbortSignal, maxSize = 1 << 20): Promise<FetchOutcome> {
    const asked: Asked = { fileName, maxSize, signal };
    const why: string[] = [];
    const { up, down } = this.#tried();
    for (const { server, over } of [...up, ...down]) {
      const outcome = over === 'http' ? await this.#byHttp(server, asked) : await this.#byTftp(server, asked);
      if (outcome.type !== 'unreachable') return outcome;
      why.push(outcome.detail);
    }
    return { type: 'unreachable', detail: why.length === 0 ? 'No TFTP server is known.' : why.join(' ') };
  }

  #tried() {
    const ways = [
      ...this.#servers.flatMap((server) => (server.http === undefined ? [] : [{ server, over: 'http' as const }])),
      ...this.#servers.map((server) => ({ server, over: 'tftp' as const })),
    ];
    const isDown = ({ server, over }: (typeof ways)[number]) =>
      (over === 'http' ? this.#httpDown : this.#tftpDown).has(server);
    return { up: ways.filter((way) => !isDown(way)), down: ways.filter(isDown) };
  }

  async #byHttp(server: FileServer, { fileName, maxSize, signal }: Asked): Promise<FetchOutcome> {
    const http = server.http!;
    const address = `http://${hostPortText(http)}`;
    const options = { agent: this.#agent, maxSize, timeoutMs: this.#httpTimeoutMs, signal };
    const outcome = await httpRead(http, fileName, options);
    if (outcome.type === 'found') return { ...outcome, by: address };
    if (outcome.type === 'absent') return outcome;
    this.#httpDown.add(server);
    return { type: 'unreachable', detail: `${address} gives no answer (${outcome.detail}).` };
  }

  async #byTftp(server: FileServer, { fileName, maxSize, signal }: Asked): Promise<FetchOutcome> {
    const address = `tftp://${hostPortText(server.tftp)}`;
    const outcome = await tftpRead(server.tftp, fileName, {
      maxSize,
      signal,
      baseTimeoutMs: this.#tftpTimeoutMs,
    }).catch((error: Error) => {
      signal.throwIfAborted();
      return { type: 'broken', message: error.message } as const;
    });
    switch (outcome.type) {
      case 'completed':
        return { type: 'found', bytes: outcome.bytes, by: address };
      case 'refused':
        // 1: file not found (RFC 1350 §5).
        if (outcome.code === 1) return { type: 'absent' };
        return { type: 'unreachable', detail: `${address} refuses: ${outcome.message}.` };
      case 'silent':
        this.#tftpDown.add(server);
        return { type: 'unreachable', detail: `${address} gives no answer.` };
      case 'too_large':
        return { type: 'unreachable', detail: `${address}: the file is too large.` };
      case 'broken':
        return { type: 'unreachable', detail: `${address}: ${outcome.message}.` };
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}
