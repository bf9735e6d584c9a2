import { randomBytes } from 'node:crypto';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { assertionInput, assertionLife, signedAssertion } from '../../protocol/tunnel/assertion.ts';
import {
  type EdgeOrder,
  type EdgeReport,
  largestControlLine,
  readOrder,
  writeReport,
} from '../../protocol/tunnel/control.ts';
import { type Heartbeat, tunnelSessionMemory, watchSession } from '../../protocol/tunnel/heartbeat.ts';
import { LineReader } from '../../protocol/tunnel/lines.ts';
import {
  connectionHeader,
  largestAnswer,
  type PhoneRoute,
  tunnelErrorHeader,
  tunnelPaths,
} from '../../protocol/tunnel/requests.ts';
import type { PhoneConnection } from './phone-connection.ts';

/** What came back through the tunnel for a phone. */
export interface TunnelAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  /** Whole seconds. */
  readonly retryAfter: number | undefined;
  readonly wwwAuthenticate: string | undefined;
  readonly body: Buffer;
}

/** The tunnel broke, or C does not take the request. `passedOn` false: certainly nothing happened inside, and another tunnel may be tried. */
export class TunnelLost extends Error {
  readonly passedOn: boolean;
  constructor(message: string, passedOn: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'TunnelLost';
    this.passedOn = passedOn;
  }
}

export interface TunnelLinkParts {
  /** Name of this E. */
  readonly name: string;
  /** Ed25519 over ASCII. */
  readonly sign: (input: string) => Uint8Array;
  readonly hello: () => EdgeReport;
  readonly onOrder: (link: TunnelLink, order: EdgeOrder) => void;
  readonly onClosed: (link: TunnelLink) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly heartbeat?: Heartbeat | undefined;
  /** Milliseconds an answer may take. */
  readonly patience: number;
}

/** One connection that an Expressway-C has dialled, as E uses it: E asks, C answers. */
export class TunnelLink {
  /** Name of the C. */
  readonly controller: string;
  readonly #session: ClientHttp2Session;
  readonly #parts: TunnelLinkParts;
  /** When the assertion of a connection has to be given again; seconds. */
  readonly #asserted = new WeakMap<PhoneConnection, number>();
  #control: ClientHttp2Stream | undefined;
  #closed = false;
  /** Streams open now. */
  inFlight = 0;

  constructor(controller: string, socket: TLSSocket, parts: TunnelLinkParts) {
    this.controller = controller;
    this.#parts = parts;
    this.#session = connect('https://tunnel', {
      createConnection: () => socket,
      maxSessionMemory: tunnelSessionMemory,
      settings: { enablePush: false },
    });
    this.#session.on('error', (error) => parts.log.debug({ err: error, controller }, 'a tunnel broke'));
    this.#session.once('close', () => {
      this.#closed = true;
      parts.onClosed(this);
    });
    watchSession(this.#session, parts.heartbeat);
    this.#openControl();
  }

  get open(): boolean {
    return !this.#closed && !this.#session.destroyed && !this.#session.closed;
  }

  report(report: EdgeReport): void {
    // Nobody reads: the heartbeat will tell soon.
    if (this.open && this.#control?.writable && this.#control.writableLength < 1 << 16) {
      this.#control.write(writeReport(report));
    }
  }

  #openControl(): void {
    const control = this.#session.request({ ':method': 'POST', ':path': tunnelPaths.control }, { endStream: false });
    this.#control = control;
    const lines = new LineReader(largestControlLine);
    control.on('data', (chunk: Buffer) => {
      try {
        for (const line of lines.push(chunk)) {
          const order = readOrder(line);
          if (order) this.#parts.onOrder(this, order);
          if (order?.type === 'state') this.report({ type: 'applied', serial: order.serial });
        }
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        this.#parts.log.warn({ err: error, controller: this.controller }, 'an order of Expressway-C cannot be read');
        this.#session.destroy();
      }
    });
    control.on('error', () => {});
    // Without it nothing is known of revocations: such a tunnel is of no use.
    control.once('close', () => this.#session.destroy());
    control.write(writeReport(this.#parts.hello()));
  }

  /** Throws TunnelLost. */
  async ask(route: PhoneRoute, connection: PhoneConnection, body: string): Promise<TunnelAnswer> {
    await this.#assert(connection);
    const first = await this.#exchange(route, connection, body);
    if (first.error !== 'connection_unknown') return first.answer;
    // C was started anew, or remembers less long than we do: it passed nothing on.
    this.#asserted.delete(connection);
    await this.#assert(connection);
    const second = await this.#exchange(route, connection, body);
    if (second.error === undefined) return second.answer;
    throw new TunnelLost(`Expressway-C does not take the connection: ${second.error}`, false);
  }

  async #exchange(route: PhoneRoute, connection: PhoneConnection, body: string) {
    const { headers, body: octets } = await this.#post(tunnelPaths[route], body, connection.id);
    const error = headers[tunnelErrorHeader];
    if (error !== undefined && error !== 'connection_unknown') {
      throw new TunnelLost(`Expressway-C refuses: ${String(error).slice(0, 60)}`, false);
    }
    return { error: error as string | undefined, answer: answerOf(headers, octets) };
  }

  /** The SIP octets of one phone, both ways. `accepted` settles when C has reached a node, or rejects with TunnelLost. */
  async openSip(
    connection: PhoneConnection,
  ): Promise<{ readonly stream: ClientHttp2Stream; readonly accepted: Promise<void> }> {
    await this.#assert(connection);
    const stream = this.#request(tunnelPaths.sip, connection.id);
    stream.on('error', () => {});
    const accepted = new Promise<void>((resolve, reject) => {
      const refuse = (why: string) => reject(new TunnelLost(why, false));
      stream.once('response', (headers) => {
        if (headers[':status'] === 200) resolve();
        else refuse(`no node took the SIP connection (${headers[':status']})`);
      });
      stream.once('close', () => refuse('the tunnel was cut'));
    });
    accepted.catch(() => {});
    return { stream, accepted };
  }

  /** Gives C this connection's assertion, unless the one it has is still good. */
  async #assert(connection: PhoneConnection): Promise<void> {
    const now = Math.floor(this.#parts.clock.now() / 1000);
    if ((this.#asserted.get(connection) ?? 0) > now) return;
    const input = assertionInput({
      issuer: this.#parts.name,
      id: randomBytes(16).toString('base64url'),
      issuedAt: now,
      expiresAt: now + assertionLife,
      connection: connection.id,
      chain: connection.chain,
      channelBinding: connection.channelBinding,
      tls: 'TLSv1.3',
      sourceAddress: connection.source,
      ...(connection.serverName !== undefined && { serverName: connection.serverName }),
    });
    const assertion = signedAssertion(input, this.#parts.sign(input));
    const { headers } = await this.#post(tunnelPaths.connection, assertion, connection.id).catch((error) => {
      // An assertion by itself does nothing.
      throw error instanceof TunnelLost ? new TunnelLost(error.message, false, error.cause) : error;
    });
    if (headers[':status'] !== 204) {
      const why = String(headers[tunnelErrorHeader] ?? headers[':status']).slice(0, 60);
      this.#parts.log.warn({ controller: this.controller, why }, 'Expressway-C refuses our assertion');
      throw new TunnelLost(`Expressway-C refuses the assertion: ${why}`, false);
    }
    // Well before C forgets it.
    this.#asserted.set(connection, now + assertionLife - 15);
  }

  #request(path: string, connection: string): ClientHttp2Stream {
    if (!this.open) throw new TunnelLost('the tunnel is closed', false);
    try {
      return this.#session.request(
        { ':method': 'POST', ':path': path, [connectionHeader]: connection },
        { endStream: false },
      );
    } catch (error) {
      throw new TunnelLost('the tunnel is closing', false, error);
    }
  }

  #post(path: string, body: string, connection: string): Promise<{ headers: TunnelHeaders; body: Buffer }> {
    const stream = this.#request(path, connection);
    this.inFlight++;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      let headers: TunnelHeaders | undefined;
      let whole = false;
      const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), this.#parts.patience);
      stream.on('response', (received) => {
        headers = received;
      });
      stream.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > largestAnswer) stream.close(constants.NGHTTP2_CANCEL);
        else chunks.push(chunk);
      });
      stream.on('end', () => {
        whole = true;
      });
      stream.on('error', () => {});
      stream.on('close', () => {
        clearTimeout(late);
        this.inFlight--;
        if (whole && headers && stream.rstCode === constants.NGHTTP2_NO_ERROR) {
          resolve({ headers, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length) });
          return;
        }
        // Only this code promises that nothing was done with it (RFC 9113 §8.7).
        const untouched = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
        reject(new TunnelLost('the tunnel was cut while a request was in it', !untouched));
      });
      stream.end(body);
    });
  }

  close(): void {
    this.#session.close();
    this.#control?.end();
    setTimeout(() => this.#session.destroy(), 1_000).unref();
  }

  destroy(): void {
    this.#session.destroy();
  }
}

type TunnelHeaders = IncomingHttpHeaders & IncomingHttpStatusHeader;

const contentTypes = /^(?:application|text)\/(?:json|xml|octet-stream)(?:; ?charset=utf-8)?$/i;

/** Rebuilt: of the headers only what a phone may need, in a form that holds nothing else. */
function answerOf(headers: TunnelHeaders, body: Buffer): TunnelAnswer {
  const contentType = headers['content-type'];
  const after = /^\d{1,5}$/.exec(String(headers['retry-after'] ?? ''))?.[0];
  const challenge = headers['www-authenticate'];
  return {
    status: headers[':status'] ?? 502,
    contentType: contentType !== undefined && contentTypes.test(contentType) ? contentType : undefined,
    retryAfter: after === undefined ? undefined : Number(after),
    wwwAuthenticate: challenge !== undefined && /^Bearer[\x20-\x7e]{0,300}$/.test(challenge) ? challenge : undefined,
    body,
  };
}
