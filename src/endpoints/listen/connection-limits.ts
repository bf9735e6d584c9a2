import type { Server, Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections at once from one address. */
  readonly perSource: number;
  /** Connections at once over all. */
  readonly total: number;
}

/** Many phones may stand behind one address, so the bound per source is wide. */
export const defaultConnectionLimits: ConnectionLimits = { perSource: 1024, total: 8192 };

/** Closes what is above the limits before a byte is read. Returns a function that closes everything that is open. */
export function limitConnections(server: Server, limits: ConnectionLimits): () => void {
  const open = new Set<Socket>();
  const perSource = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const source = socket.remoteAddress ?? '';
    const count = perSource.get(source) ?? 0;
    if (open.size >= limits.total || count >= limits.perSource) {
      socket.destroy();
      return;
    }
    open.add(socket);
    perSource.set(source, count + 1);
    socket.once('close', () => {
      open.delete(socket);
      const left = (perSource.get(source) ?? 1) - 1;
      if (left === 0) perSource.delete(source);
      else perSource.set(source, left);
    });
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}
