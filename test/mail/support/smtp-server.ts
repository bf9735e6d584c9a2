import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type MimePart, readMime } from './mime.ts';
import type { SmtpEvent, SmtpProcessOptions } from './smtp-process.ts';

const program = fileURLToPath(new URL('./smtp-process.ts', import.meta.url));

export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly mime: MimePart;
}

export interface TestSmtpServer extends AsyncDisposable {
  readonly port: number;
  readonly messages: readonly Received[];
  readonly events: readonly SmtpEvent[];
  /** Resolves once so many messages have come. */
  received(count: number): Promise<readonly Received[]>;
  /** Resolves once somebody has connected. */
  connected(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** A real SMTP server in a process of its own, on loopback. */
export async function startSmtpServer(options: Partial<SmtpProcessOptions> = {}): Promise<TestSmtpServer> {
  const whole: SmtpProcessOptions = { port: 0, security: 'None', ...options };
  const child: ChildProcess = spawn(process.execPath, [program, JSON.stringify(whole)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const killAtExit = () => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const ended = once(child, 'exit').then(() => void process.removeListener('exit', killAtExit));
  const events: SmtpEvent[] = [];
  const messages: Received[] = [];
  let changed = () => {};
  let port = 0;
  child.on('message', (event: SmtpEvent) => {
    events.push(event);
    if (event.type === 'listening') port = event.port;
    if (event.type === 'message') {
      const raw = Buffer.from(event.raw, 'base64').toString('latin1');
      messages.push({ from: event.from, to: event.to, raw, mime: readMime(raw) });
    }
    changed();
  });
  const until = async (what: string, true_: () => boolean) => {
    const patience = AbortSignal.timeout(90_000);
    while (!true_()) {
      if (patience.aborted)
        throw new Error(`the SMTP server waited in vain for ${what}; it saw ${JSON.stringify(events)}`);
      await Promise.race([
        new Promise<void>((done) => {
          changed = done;
        }),
        new Promise((done) => patience.addEventListener('abort', done, { once: true })),
        ended.then(() => Promise.reject(new Error('the SMTP server ended'))),
      ]);
    }
  };
  await until('its port', () => port !== 0);
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    messages,
    events,
    async received(count) {
      await until(`${count} messages`, () => messages.length >= count);
      return messages;
    },
    connected: () => until('a connection', () => events.some((event) => event.type === 'connected')),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
