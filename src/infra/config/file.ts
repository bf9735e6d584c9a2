import { readFile } from 'node:fs/promises';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { ConfigurationProblem } from './problem.ts';

export interface FileValue {
  /** `ports.https`. */
  readonly path: string;
  readonly value: unknown;
  /** `config/unified-cm.yaml line 12`. */
  readonly place: string;
}

/** The scalars of a YAML file with their paths and lines. What cannot be read is added to `problems`. */
export async function readFileValues(file: string, problems: ConfigurationProblem[]): Promise<FileValue[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    problems.push({ place: file, field: '(file)', message: `cannot be read: ${(error as Error).message}` });
    return [];
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => `${file} line ${lines.linePos(offset).line}`;
  for (const error of document.errors) {
    problems.push({ place: place(error.pos[0]), field: '(syntax)', message: error.message });
  }
  if (document.errors.length > 0 || document.contents === null) return [];
  const found: FileValue[] = [];
  const walk = (node: unknown, path: string, at: number) => {
    if (isMap(node)) {
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : '';
        const offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? at;
        walk(pair.value, path === '' ? key : `${path}.${key}`, offset);
      }
    } else if (isScalar(node) && node.value !== null) {
      found.push({ path, value: node.value, place: place(at) });
    } else if (node !== null && !isScalar(node)) {
      problems.push({
        place: place(at),
        field: path || '(file)',
        message: 'must be a value or a group of fields, not a list',
      });
    }
  };
  walk(document.contents, '', 0);
  return found;
}
