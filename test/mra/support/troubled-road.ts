import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** pass; refuse: connections end at once; silence: nothing comes back on new or old connections; lose: requests arrive, answers do not, then it is cut. */
export type Road = 'pass' | 'refuse' | 'silence' | 'lose';

/** A TCP road between a cluster and the cloud, with troubles. */
export interface TroubledRoad extends AsyncDisposable {
  /** `https://127.0.0.1:port`. */
  readonly url: string;
  /** Also changes what happens on connections that are open. */
  be(road: Road): void;
  /** Connections that were opened so far. */
  readonly connections: number;
}

export async function troubledRoad(to: string): Promise<TroubledRoad> {
  const target = new URL(to);
  const open = new Set<Socket>();
  let road: Road = 'pass';
  let connections = 0;
  const server = createServer((client) => {
    connections++;
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => {});
    if (road === 'refuse') {
      client.destroy();
      return;
    }
    const cloud = connect({ host: target.hostname, port: Number(target.port) });
    cloud.on('error', () => client.destroy());
    cloud.on('close', () => client.destroy());
    client.on('close', () => cloud.destroy());
    client.on('data', (part) => {
      if (road !== 'silence') cloud.write(part);
    });
    cloud.on('data', (part) => {
      if (road === 'pass') client.write(part);
      else if (road === 'lose') client.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    be(next) {
      road = next;
      if (next === 'refuse') for (const socket of open) socket.destroy();
    },
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
