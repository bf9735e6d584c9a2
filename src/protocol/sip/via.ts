import { MalformedError } from '../../kernel/errors.ts';
import { formatParams, isToken, type Param, paramValue, parseParams } from './grammar.ts';
import { parseHostPort } from './uri.ts';

/** One Via value (RFC 3261 §20.42). */
export interface Via {
  /** Upper case: UDP, TCP, TLS, or a transport nobody knows. */
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: readonly Param[];
}

export const branchCookie = 'z9hG4bK';

const start = /^SIP[ \t]*\/[ \t]*2\.0[ \t]*\/[ \t]*([^ \t]+)[ \t]+([^ \t;]+(?:[ \t]*:[ \t]*[0-9]+)?)[ \t]*(;.*)?$/is;

let lastText = '';
let lastVia: Via | undefined;

/**
 * The same value is asked for several times while one message is worked on, so the last answer is kept.
 * @throws MalformedError
 */
export function parseVia(text: string): Via {
  if (lastVia !== undefined && text === lastText) return lastVia;
  const via = readVia(text);
  lastText = text;
  lastVia = via;
  return via;
}

function readVia(text: string): Via {
  const match = start.exec(text.trim());
  if (match === null) throw new MalformedError('not a Via value');
  const transport = match[1]!.toUpperCase();
  if (!isToken(transport)) throw new MalformedError('not a Via transport');
  const { host, port } = parseHostPort(match[2]!.replace(/[ \t]/g, ''));
  return { transport, host, port, params: parseParams(match[3] ?? '') };
}

export function formatVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`;
  return `SIP/2.0/${via.transport} ${via.host}${port}${formatParams(via.params)}`;
}

/** The branch, when it is a real RFC 3261 one: the cookie alone identifies nothing. */
export function branchOf(via: Via): string | undefined {
  const branch = paramValue(via.params, 'branch');
  return branch?.startsWith(branchCookie) && branch.length > branchCookie.length ? branch : undefined;
}
