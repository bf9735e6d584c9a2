import type { Agent } from 'node:http';
import { httpAgent, httpRead } from './http-read.ts';
import { type FileServer, hostPortText } from './servers.ts';
import { tftpRead } from './tftp-read.ts';

export type FetchOutcome =
  | { readonly type: 'found'; readonly bytes: Uint8Array; readonly by: string }
  | { readonly type: 'absent' }
  | { readonly type: 'unreachable'; readonly detail: string };

/** Fetches files the way phones do: HTTP first, then TFTP, server by server. */
export class FileFetcher {
  #servers: readonly FileServer[] = [];
  readonly #agent: Agent = httpAgent();
  /** Servers whose HTTP port turned the phone away in this boot. */
  readonly #tftpOnly = new Set<FileServer>();
  readonly #httpTimeoutMs: number;

  constructor(options: { httpTimeoutMs?: number } = {}) {
    this.#httpTimeoutMs = options.httpTimeoutMs ?? 3000;
  }

  use(servers: readonly FileServer[]): void {
    this.#servers = servers;
    this.#tftpOnly.clear();
  }

  /** The first server that answers at all decides: a file it does not have is absent. Rejects only when aborted. */
  async fetch(fileName: string, signal: AbortSignal, maxSize = 1 << 20): Promise<FetchOutcome> {
    const why: string[] = [];
    for (const server of this.#servers) {
      const outcome = await this.#fetchFrom(server, fileName, maxSize, signal);
      if (outcome.type !== 'unreachable') return outcome;
      why.push(outcome.detail);
    }
    return { type: 'unreachable', detail: why.length === 0 ? 'No TFTP server is known.' : why.join(' ') };
  }

  async #fetchFrom(server: FileServer, name: string, maxSize: number, signal: AbortSignal): Promise<FetchOutcome> {
    const why: string[] = [];
    if (server.http !== undefined && !this.#tftpOnly.has(server)) {
      const address = `http://${hostPortText(server.http)}`;
      const options = { agent: this.#agent, maxSize, timeoutMs: this.#httpTimeoutMs, signal };
      const outcome = await httpRead(server.http, name, options);
      if (outcome.type === 'found') return { ...outcome, by: address };
      if (outcome.type === 'absent') return outcome;
      this.#tftpOnly.add(server);
      why.push(`${address} gives no answer (${outcome.detail}).`);
    }
    const address = `tftp://${hostPortText(server.tftp)}`;
    const outcome = await tftpRead(server.tftp, name, { maxSize, signal }).catch((error: Error) => {
      signal.throwIfAborted();
      return { type: 'broken', message: error.message } as const;
    });
    switch (outcome.type) {
      case 'completed':
        return { type: 'found', bytes: outcome.bytes, by: address };
      case 'refused':
        // 1: file not found (RFC 1350 §5).
        if (outcome.code === 1) return { type: 'absent' };
        why.push(`${address} refuses: ${outcome.message}.`);
        break;
      case 'silent':
        why.push(`${address} gives no answer.`);
        break;
      case 'too_large':
        why.push(`${address}: the file is too large.`);
        break;
      case 'broken':
        why.push(`${address}: ${outcome.message}.`);
        break;
    }
    return { type: 'unreachable', detail: why.join(' ') };
  }

  close(): void {
    this.#agent.destroy();
  }
}
