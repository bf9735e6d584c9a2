import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a PostgreSQL that can be made to carry nothing, as a cut link or a stopped process does: it takes connections and octets and answers none. */
export interface SilentLine extends AsyncDisposable {
  /** The URL, by way of this line. */
  readonly url: string;
  silence(): void;
  speak(): void;
}

export async function silentLine(url: string): Promise<SilentLine> {
  const target = new URL(url);
  const host = target.searchParams.get('host') ?? decodeURIComponent(target.hostname);
  const socketFolder = host.startsWith('/') ? host : undefined;
  const port = target.searchParams.get('port') ?? (target.port || '5432');
  const sockets = new Set<Socket>();
  let silent = false;
  const server = createServer((near) => {
    const far = socketFolder
      ? connect(`${socketFolder}/.s.PGSQL.${port}`)
      : connect(Number(port), decodeURIComponent(target.hostname));
    const close = () => {
      near.destroy();
      far.destroy();
      sockets.delete(near);
      sockets.delete(far);
    };
    for (const each of [near, far]) {
      sockets.add(each);
      each.on('error', close).on('close', close);
    }
    near.on('data', (octets) => void far.write(octets));
    far.on('data', (octets) => void near.write(octets));
    if (silent) for (const each of [near, far]) each.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.searchParams.delete('host');
  through.searchParams.delete('port');
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.toString(),
    silence() {
      silent = true;
      for (const each of sockets) each.pause();
    },
    speak() {
      silent = false;
      for (const each of sockets) each.resume();
    },
    async [Symbol.asyncDispose]() {
      for (const each of sockets) each.destroy();
      server.close();
    },
  };
}
