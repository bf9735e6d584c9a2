import { type Logger, pino } from 'pino';
import { isActivationCode } from '../../identifiers/activation-code.ts';
import { Outages } from './outages.ts';

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** JSON lines; otherwise one line of text for people. */
  readonly json: boolean;
  readonly node: string;
  /** Where lines go, newline included. */
  readonly write: (line: string) => void;
}

const secretName =
  /pass(word|phrase|wd)|secret|token|authorization|cookie|verifier|private|credential|kek|(^|[^a-z])pin$|digits|activationcode/i;
const codeLike = /(?<!\d)\d{4}[-. ]?\d{4}[-. ]?\d{4}[-. ]?\d{4}(?!\d)/g;
const urlPassword = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi;

/** A pino logger whose lines never hold a secret: by the name of the field, by the look of an activation code, by the place in a URL. */
export function createLog(options: LogOptions): Logger {
  const outages = new Outages();
  return pino(
    {
      hooks: {
        logMethod(given, method) {
          const folded = outages.fold(given as unknown as [object, string]);
          if (folded !== undefined) method.apply(this, folded as unknown as Parameters<typeof method>);
        },
      },
      level: options.level,
      base: { node: options.node },
      messageKey: 'message',
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => hideNamed(fields, 0) as Record<string, unknown>,
      },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    {
      write(line: string) {
        const clean = hideSecrets(line);
        options.write(options.json ? clean : plain(clean));
      },
    },
  );
}

/** Masks what looks like an activation code or a password in a URL. */
export function hideSecrets(text: string): string {
  return text
    .replace(codeLike, (found) => (isActivationCode(found.replace(/\D/g, '')) ? '****************' : found))
    .replace(urlPassword, '$1***@');
}

function hideNamed(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date || depth > 4)
    return value;
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} octets>`;
  if (Array.isArray(value)) return value.map((each) => hideNamed(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      secretName.test(name) && typeof each !== 'boolean' && typeof each !== 'number'
        ? '***'
        : hideNamed(each, depth + 1),
    ]),
  );
}

function plain(line: string): string {
  const { level, time, node: _, message, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const fields = Object.entries(rest).map(([name, value]) => {
    if ((name === 'err' || name === 'error') && typeof value === 'object' && value !== null) {
      const { message, stack } = value as { message?: string; stack?: string };
      return `${name}=${JSON.stringify(level === 'error' ? (stack ?? message) : message)}`;
    }
    return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  const head = `${String(time).slice(11, 19)} ${String(level).toUpperCase().padEnd(5)} ${message ?? ''}`;
  return `${[head, ...fields].join('  ')}\n`;
}
