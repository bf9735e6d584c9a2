import { readFile } from 'node:fs/promises';
import { isScalar, parseDocument, visit } from 'yaml';
import { Fault } from '../../kernel/errors.ts';
import { type Fields, isObject } from './fields.ts';
import { type Kind, kinds } from './kinds.ts';

export type StateFaultCode = 'state_file_unreadable' | 'state_file_invalid';
/** The file cannot be used; the message names every entry that is wrong. */
export class StateFault extends Fault<StateFaultCode> {}

/** One entry of the file: what shall be, or that it shall not be. */
export interface Wanted {
  readonly kind: Kind;
  /** What people and messages call it. */
  readonly key: string;
  readonly fields: Fields;
  readonly absent: boolean;
  /** Where it stands: `devicePools[2]`. */
  readonly place: string;
}

const mostOctets = 10 * 1024 * 1024;

/** Reads a YAML or JSON file. @throws StateFault naming every wrong entry at once */
export async function readStateFile(path: string): Promise<readonly Wanted[]> {
  let document: unknown;
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > mostOctets) throw new Error('it is larger than 10 MiB');
    document = readYaml(text);
  } catch (cause) {
    throw new StateFault('caller', 'state_file_unreadable', `${path}: ${(cause as Error).message}`, {
      remedy: 'Check the path, and that it is YAML or JSON.',
      cause,
    });
  }
  const problems: string[] = [];
  const wanted = readState(document, problems);
  if (problems.length === 0) return wanted;
  throw new StateFault('caller', 'state_file_invalid', problems.map((each) => `${path}: ${each}`).join('\n'), {
    remedy: 'Correct the entries named above; docs/integrations.md shows what a file holds.',
  });
}

/**
 * YAML, where a number that is not written as numbers are is text: 001122334455 is a MAC address and 0012 a directory number, whatever
 * YAML makes of them. Throws for what is no YAML, with the place.
 */
export function readYaml(text: string): unknown {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw error;
  visit(document, {
    Scalar(_key, node) {
      if (
        typeof node.value === 'number' &&
        isScalar(node) &&
        node.source !== undefined &&
        node.source !== String(node.value)
      )
        node.value = node.source;
    },
  });
  return document.toJS({ maxAliasCount: 100 });
}

/** Every entry in the order it is to be brought about. `problems` takes one line per wrong entry. */
export function readState(document: unknown, problems: string[]): readonly Wanted[] {
  if (!isObject(document)) {
    problems.push('the file holds no sections');
    return [];
  }
  for (const section of Object.keys(document))
    if (!kinds.some((kind) => kind.section === section))
      problems.push(`${section}: not a section; there are ${kinds.map((kind) => kind.section).join(', ')}`);
  return kinds.flatMap((kind) => entriesOf(kind, document[kind.section], problems));
}

function entriesOf(kind: Kind, given: unknown, problems: string[]): readonly Wanted[] {
  if (given === undefined || given === null) return [];
  // Parameters and defaults are written as `name: value`, everything else as a list.
  const list: readonly (readonly [place: string, entry: unknown])[] | undefined = Array.isArray(given)
    ? given.map((entry, i) => [`${kind.section}[${i}]`, entry] as const)
    : isObject(given) && kind.fromMap !== undefined
      ? kind.fromMap(given).map((entry) => [`${kind.section}.${kind.keyOf(entry) ?? ''}`, entry] as const)
      : undefined;
  if (list === undefined) {
    problems.push(
      `${kind.section}: ${kind.fromMap === undefined ? 'a list is wanted' : 'names and values are wanted'}`,
    );
    return [];
  }
  const seen = new Set<string>();
  return list.flatMap(([place, entry]) => {
    if (!isObject(entry)) {
      problems.push(`${place}: an entry with fields is wanted`);
      return [];
    }
    const key = kind.keyOf(entry);
    if (key === undefined || key === '') {
      problems.push(`${place}: ${kind.keyWanted}`);
      return [];
    }
    if (seen.has(key)) problems.push(`${place}: ${key} stands in the file twice`);
    seen.add(key);
    const { absent, ...fields } = entry;
    if (absent !== undefined && typeof absent !== 'boolean') problems.push(`${place}: absent is true or false`);
    if (absent === true && kind.removePath === undefined) problems.push(`${place}: this cannot be removed`);
    const unknown =
      kind.fields === undefined ? [] : Object.keys(fields).filter((field) => !kind.fields!.includes(field));
    if (unknown.length > 0)
      problems.push(`${place}: ${unknown.join(', ')}: not known; there are ${kind.fields!.join(', ')}`);
    return [{ kind, key, fields, absent: absent === true, place }];
  });
}
