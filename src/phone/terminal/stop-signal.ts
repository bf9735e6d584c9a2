/** Aborted by the first SIGINT or SIGTERM while it is in use. A second one ends the process as usual. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
  readonly stopped: Promise<void>;
}

export function stopSignal(): StopSignal {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const names = ['SIGINT', 'SIGTERM'] as const;
  const release = () => {
    for (const name of names) process.removeListener(name, stop);
  };
  const stop = () => {
    release();
    controller.abort(new Error('stopped'));
    resolve();
  };
  for (const name of names) process.on(name, stop);
  return { signal: controller.signal, stopped: promise, [Symbol.dispose]: release };
}
