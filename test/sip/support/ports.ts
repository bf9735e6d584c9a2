import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A UDP port of loopback that was free a moment ago, for programs that must be told one. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** A port that was free for UDP and TCP a moment ago, and the one after it for TCP: programs that put SIP over TLS there. */
export async function freeSipPort(): Promise<number> {
  for (;;) {
    const port = await freeUdpPort();
    if ((await freeTcp(port)) && (await freeTcp(port + 1))) return port;
  }
}

async function freeTcp(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}
