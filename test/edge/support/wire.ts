import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire between two hosts that can be cut, or go silent, and come back. */
export interface Wire extends AsyncDisposable {
  /** `127.0.0.1:port`: what is connected here comes out at the other end. */
  readonly address: string;
  /** How many connections were made over it. */
  readonly connections: number;
  /** Breaks what is on it and lets nothing new through. */
  cut(): void;
  /** Octets vanish; nothing is closed. */
  silence(): void;
  restore(): void;
}

export async function wireTo(port: () => number): Promise<Wire> {
  const pairs = new Set<{ a: Socket; b: Socket }>();
  let state: 'up' | 'cut' | 'silent' = 'up';
  let connections = 0;
  const server = createServer({ allowHalfOpen: true }, (a) => {
    a.on('error', () => {});
    if (state === 'cut') {
      a.destroy();
      return;
    }
    connections++;
    const b = connect({ host: '127.0.0.1', port: port(), allowHalfOpen: true });
    b.on('error', () => a.destroy());
    const pair = { a, b };
    pairs.add(pair);
    const carry = (from: Socket, to: Socket) => {
      from.on('data', (chunk) => {
        if (state === 'up') to.write(chunk);
      });
      from.on('end', () => state === 'up' && to.end());
      from.once('close', () => {
        pairs.delete(pair);
        if (state === 'up') to.destroy();
      });
    };
    carry(a, b);
    carry(b, a);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const destroy = () => {
    for (const { a, b } of pairs) {
      a.destroy();
      b.destroy();
    }
    pairs.clear();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    cut() {
      state = 'cut';
      destroy();
    },
    silence() {
      state = 'silent';
    },
    restore() {
      // What was swallowed cannot come back: those connections are of no use.
      if (state === 'silent') destroy();
      state = 'up';
    },
    async [Symbol.asyncDispose]() {
      destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
