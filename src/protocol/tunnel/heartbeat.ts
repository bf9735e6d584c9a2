import type { Http2Session } from 'node:http2';

export interface Heartbeat {
  /** Milliseconds between two pings. */
  readonly every: number;
  /** Milliseconds an answer may take. */
  readonly patience: number;
}

export const usualHeartbeat: Heartbeat = { every: 3_000, patience: 5_000 };

/** Destroys a session whose other side answers no more: a cut line closes nothing by itself. */
export function watchSession(session: Http2Session, { every, patience }: Heartbeat = usualHeartbeat): void {
  let late: NodeJS.Timeout | undefined;
  const beat = setInterval(() => {
    if (session.destroyed || late !== undefined) return;
    late = setTimeout(() => session.destroy(new Error('the tunnel is silent')), patience);
    const sent = session.ping((error) => {
      clearTimeout(late);
      late = undefined;
      if (error && !session.destroyed) session.destroy();
    });
    if (!sent) session.destroy();
  }, every);
  session.once('close', () => {
    clearInterval(beat);
    clearTimeout(late);
  });
}

/** Seconds-scale work of a tunnel: memory is bounded by the limits of the listeners, not by HTTP/2's own. In MB. */
export const tunnelSessionMemory = 1024;
