import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, root } from '../../support/all-in-one.ts';

const pinned = join(root, 'node_modules/.bin/node');
export const node = existsSync(pinned) ? pinned : process.execPath;

/** One JSON line of `firstring phone --json`. */
export interface PhoneLine {
  readonly event: 'step' | 'result' | 'summary';
  readonly step?: string;
  readonly outcome?: string;
  readonly text?: string;
  readonly fault?: string;
  readonly remedy?: string;
  readonly registered?: boolean | number;
}

export interface PhoneRun {
  readonly code: number | null;
  readonly lines: readonly PhoneLine[];
  readonly output: string;
  readonly result: PhoneLine | undefined;
  /** `step outcome`, in order. */
  readonly steps: readonly string[];
}

export interface PhoneRunOptions {
  /** Wraps the command line, for a network namespace. */
  readonly wrap?: (program: string, args: readonly string[]) => [string, string[]];
  readonly input?: string;
  /** Called with each line as it comes; the child may be sent a signal. */
  readonly onLine?: (line: PhoneLine, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs `firstring phone … --json` to its end. */
export async function runPhone(args: readonly string[], options: PhoneRunOptions = {}): Promise<PhoneRun> {
  const line = [...commandLine, 'phone', ...args, '--json'];
  const [program, all] = options.wrap?.('sh', line) ?? ['sh', line];
  const child = spawn(program, all, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(options.input ?? '');
  const lines: PhoneLine[] = [];
  let output = '';
  let held = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    output += part;
    held += part;
    const parts = held.split('\n');
    held = parts.pop() ?? '';
    for (const text of parts) {
      if (!text.startsWith('{')) continue;
      const parsed = JSON.parse(text) as PhoneLine;
      lines.push(parsed);
      options.onLine?.(parsed, (signal) => child.kill(signal));
    }
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    output += part;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return {
    code,
    lines,
    output,
    result: lines.findLast((each) => each.event === 'result'),
    steps: lines.flatMap((each) => (each.event === 'step' ? [`${each.step} ${each.outcome}`] : [])),
  };
}
