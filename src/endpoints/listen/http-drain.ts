import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionGate } from './connection-gate.ts';

const lookAgain = 200;

/**
 * Ends an HTTP/1.1 listener well: what is asked is answered, with `Connection: close`, and its connection ends with the answer; connections
 * on which nothing is asked end at once. `server.close()` alone waits for both kinds as long as their clients like.
 */
export class HttpDrain {
  readonly #server: Server;
  readonly #gate: ConnectionGate;
  readonly #asked = new Map<Socket, Set<ServerResponse>>();
  #draining = false;

  /** Before the server's own listeners of `request` are called, whoever added them. */
  constructor(server: Server, gate: ConnectionGate) {
    this.#server = server;
    this.#gate = gate;
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#follow(request.socket, response),
    );
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** From now on connections end with what is being asked on them. The listener itself may still be open. */
  begin(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (const responses of this.#asked.values()) for (const each of responses) announce(each);
    const endIdle = () => this.#gate.end((socket) => !this.#asked.has(socket));
    endIdle();
    // Some may just be coming in while the listener closes.
    const again = setInterval(endIdle, lookAgain);
    this.#server.once('close', () => clearInterval(again));
  }

  /** Closes the listener too; after `patience` ms whatever is left is cut. */
  async close(patience: number): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    this.begin();
    const late = setTimeout(() => this.#gate.destroy(), patience);
    await closed;
    clearTimeout(late);
  }

  #follow(socket: Socket, response: ServerResponse): void {
    this.#gate.opened(socket);
    const responses = this.#asked.get(socket) ?? new Set();
    this.#asked.set(socket, responses.add(response));
    if (this.#draining) announce(response);
    response.once('close', () => {
      responses.delete(response);
      if (responses.size > 0) return;
      this.#asked.delete(socket);
      // The last octets still go out.
      if (this.#draining) socket.destroySoon();
    });
  }
}

function announce(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
