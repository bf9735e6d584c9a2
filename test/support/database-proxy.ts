import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** Stands before a PostgreSQL and loses answers. */
export interface DatabaseProxy extends AsyncDisposable {
  /** The address of the database through it. */
  readonly through: (url: string) => string;
  /** So many commits are passed on, their answers dropped and the connection cut. */
  loseCommits: number;
  /** So many commits never reach the database. */
  swallowCommits: number;
  /** Since a commit was lost, nobody gets through: the database is away. Cut what is there: `cut()`. */
  darkAfterLoss: boolean;
  dark: boolean;
  /** Commits whose answer was lost so far. */
  readonly lost: number;
  cut(): void;
}

export async function databaseProxy(): Promise<DatabaseProxy> {
  let target: { host: string; port: number } | { path: string } | undefined;
  const sockets = new Set<Socket>();
  const state = { loseCommits: 0, swallowCommits: 0, darkAfterLoss: false, dark: false, lost: 0 };
  const server = createServer((client) => {
    if (state.dark || target === undefined) {
      client.destroy();
      return;
    }
    const upstream = dial(target);
    let deaf = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      const commits = bytes.includes('commit\0');
      if (commits && state.swallowCommits > 0) {
        state.swallowCommits--;
        client.destroy();
        return;
      }
      if (commits && state.loseCommits > 0) {
        state.loseCommits--;
        state.dark = state.darkAfterLoss;
        deaf = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes: Buffer) => {
      if (!deaf) client.write(bytes);
      // CommandComplete has come: it is committed.
      else if (bytes.includes('COMMIT\0')) {
        state.lost++;
        if (state.dark) for (const socket of sockets) socket.destroy();
        client.destroy();
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    through(url: string) {
      const changed = new URL(url);
      const directory = changed.searchParams.get('host');
      const number = Number(changed.port || 5432);
      target =
        directory === null ? { host: changed.hostname, port: number } : { path: `${directory}/.s.PGSQL.${number}` };
      changed.searchParams.delete('host');
      changed.hostname = '127.0.0.1';
      changed.port = String(port);
      return changed.toString();
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  });
}
