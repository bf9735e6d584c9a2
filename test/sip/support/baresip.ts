import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeSipPort } from './ports.ts';

/** Where Debian puts them; elsewhere the configured default of the program is right. */
const modulePath = '/usr/lib/baresip/modules';
/** A key is held for a while by whoever presses it. */
const keyMs = 250;
const modules = ['account', 'menu', 'stdio', 'aubridge', 'g711', 'uuid'];

export interface BaresipOptions {
  readonly baresip: string;
  readonly number: string;
  readonly username: string;
  readonly password: string;
  /** Of the registrar. */
  readonly port: number;
  readonly transport: 'udp' | 'tcp';
  /** Picks up by itself. */
  readonly answers?: boolean;
  /** Further modules, and lines of its configuration. */
  readonly modules?: readonly string[];
  readonly configuration?: readonly string[];
  /** Parameters of its account, e.g. `mediaenc=srtp-mand`. */
  readonly parameters?: readonly string[];
}

/** A real user agent, told what to do on its standard input. No sound card is needed. */
export class Baresip implements AsyncDisposable {
  readonly #child: ReturnType<typeof spawn>;
  readonly #folder: string;
  #said = '';
  readonly #heard = new Set<() => void>();

  constructor(child: ReturnType<typeof spawn>, folder: string) {
    this.#child = child;
    this.#folder = folder;
    const hear = (chunk: Buffer): void => {
      this.#said += chunk.toString();
      for (const look of this.#heard) look();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
  }

  static async start(options: BaresipOptions): Promise<Baresip> {
    const folder = await mkdtemp(join(tmpdir(), 'firstring-baresip-'));
    const config = [
      'net_interface 127.0.0.1',
      `sip_listen 127.0.0.1:${await freeSipPort()}`,
      `module_path ${modulePath}`,
      ...[...modules, ...(options.modules ?? [])].map((name) => `module ${name}.so`),
      'audio_source aubridge,nowhere',
      'audio_player aubridge,nowhere',
      'audio_alert aubridge,nowhere',
      'rtp_ports 20000-30000',
      ...(options.configuration ?? []),
    ];
    const { number, username, password, port, transport, answers } = options;
    const account = `<sip:${number}@127.0.0.1:${port};transport=${transport}>;auth_user=${username};auth_pass=${password};regint=60${answers ? ';answermode=auto' : ''}${(options.parameters ?? []).map((each) => `;${each}`).join('')}`;
    await writeFile(join(folder, 'config'), `${config.join('\n')}\n`);
    await writeFile(join(folder, 'accounts'), `${account}\n`);
    await writeFile(join(folder, 'contacts'), '');
    return new Baresip(spawn(options.baresip, ['-f', folder], { stdio: ['pipe', 'pipe', 'pipe'] }), folder);
  }

  /** A line on its standard input: `/dial sip:1002@…`, `/hangup`. */
  tell(command: string): void {
    this.#child.stdin?.write(`${command}\n`);
  }

  /** Keys of the phone, pressed one after the other while a call is up. */
  async press(keys: string): Promise<void> {
    for (const key of keys) {
      this.#child.stdin?.write(key);
      // It lets go of a key when nothing follows.
      await new Promise((resolve) => setTimeout(resolve, keyMs));
    }
  }

  /** Resolves once it has said so. */
  hears(pattern: RegExp, patienceMs = 20_000): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#heard.delete(look);
        reject(new Error(`baresip never said ${pattern}; it said:\n${this.#said}`));
      }, patienceMs);
      const look = (): void => {
        const match = pattern.exec(this.#said);
        if (match === null) return;
        clearTimeout(timer);
        this.#heard.delete(look);
        resolve(match[0]);
      };
      this.#heard.add(look);
      look();
    });
  }

  get said(): string {
    return this.#said;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.tell('/quit');
      const hard = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
      await once(this.#child, 'exit');
      clearTimeout(hard);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
