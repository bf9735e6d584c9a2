import { fill, type SentenceTexts, type Value, type Values } from './sentence.ts';

/** What a problem document, or a row of a bulk job, tells of a sentence. `text` undefined: only its code is known. */
export interface Told {
  readonly code: string;
  readonly text?: string | undefined;
  readonly values?: Values | undefined;
}

export interface InWords {
  readonly detail: string;
  /** Undefined: nothing can be done. */
  readonly remedy: string | undefined;
}

/** Values that are words of ours, and not what somebody typed: they are said in the reader's language too. */
const worded: ReadonlySet<string> = new Set(['kind', 'type', 'state']);

/** `wordOf`: a word in the reader's language, by how English writes it; as it is where the language has none. */
export function inWords(text: string, values: Values, wordOf: (word: string) => string): string {
  return fill(text, values, (name, value: Value) => (worded.has(name) ? wordOf(String(value)) : String(value)));
}

/**
 * A sentence in another language than English. Undefined: a code that has no words there, of another release perhaps; what the server said in
 * English is all there is.
 */
export function tell(
  { code, text, values = {} }: Told,
  texts: SentenceTexts,
  words: Readonly<Record<string, string>>,
): InWords | undefined {
  const found = [text, code].find((id) => id !== undefined && Object.hasOwn(texts, id));
  if (found === undefined) return undefined;
  const [detail, remedy] = texts[found]!;
  const wordOf = (word: string) => (Object.hasOwn(words, word) ? words[word]! : word);
  return {
    detail: inWords(detail, values, wordOf),
    remedy: remedy === '' ? undefined : inWords(remedy, values, wordOf),
  };
}
