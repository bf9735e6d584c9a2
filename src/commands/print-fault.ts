import { hideSecrets } from '../infra/log/log.ts';
import { Fault } from '../kernel/errors.ts';
import { systemWords } from './system-words.ts';

/** One plain message with its remedy on stderr; a stack only for what nobody foresaw. */
export function printFault(error: unknown): void {
  process.stderr.write(hideSecrets(`firstring: ${describe(error)}\n`));
}

function describe(error: unknown): string {
  if (error instanceof Fault) return error.remedy === undefined ? error.message : `${error.message}\n${error.remedy}`;
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const words = systemWords(error);
  if (words !== undefined) return words;
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === '28P01' || code === '3D000') {
    return `cannot reach the database: ${error.message}\nCorrect database.url (FIRSTRING_DATABASE_URL), or leave it out for the embedded one.`;
  }
  return error.stack ?? error.message;
}
