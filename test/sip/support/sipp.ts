import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scenarios = join(import.meta.dirname, '..', 'scenarios');

export interface SippRun {
  readonly sipp: string;
  /** File name without `.xml`. */
  readonly scenario: string;
  readonly target: number;
  readonly localPort: number;
  /** One call per row; fields of the CSV. */
  readonly rows: readonly (readonly string[])[];
  readonly transport?: 'u1' | 't1';
  /** For scenarios that wait to be called. */
  readonly signal?: AbortSignal;
  readonly more?: readonly string[];
}

export interface SippResult {
  /** 0: every call succeeded. */
  readonly code: number;
  /** What SIPp complained about, for the assertion's message. */
  readonly errors: string;
}

/** Runs one SIPp scenario to its end. */
export async function runSipp(run: SippRun): Promise<SippResult> {
  const folder = await mkdtemp(join(tmpdir(), 'firstring-sipp-'));
  try {
    await writeFile(join(folder, 'rows.csv'), `SEQUENTIAL\n${run.rows.map((row) => row.join(';')).join('\n')}\n`);
    const args = [
      `127.0.0.1:${run.target}`,
      ...[
        '-sf',
        join(scenarios, `${run.scenario}.xml`),
        '-inf',
        'rows.csv',
        '-i',
        '127.0.0.1',
        '-p',
        String(run.localPort),
      ],
      ...[
        '-m',
        String(run.rows.length),
        '-t',
        run.transport ?? 'u1',
        '-nostdin',
        '-trace_err',
        '-timeout',
        '30',
        '-timeout_error',
      ],
      ...(run.more ?? []),
    ];
    const child = spawn(run.sipp, args, {
      cwd: folder,
      stdio: 'ignore',
      signal: run.signal,
      env: { ...process.env, TERM: 'dumb' },
    });
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status) => resolve(status ?? -1));
    });
    const logs = (await readdir(folder)).filter((name) => name.endsWith('_errors.log'));
    const errors = await Promise.all(logs.map((name) => readFile(join(folder, name), 'utf8')));
    return { code, errors: errors.join('\n') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The CSV field that SIPp replaces by an Authorization or Proxy-Authorization header. */
export function credentials(username: string, password = 'secret'): string {
  return `[authentication username=${username} password=${password}]`;
}
