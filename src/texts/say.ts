import type { Sentence } from '../kernel/errors.ts';
import { sentencesEn } from './en.ts';
import { fill, type NamesIn, type SentenceText, type Value, type Values } from './sentence.ts';

type Said = typeof sentencesEn;
export type SentenceId = keyof Said;

/** The code of a sentence: all of its id, or what stands before the dot. */
export type CodeOf<Id extends string> = Id extends `${infer Code}.${string}` ? Code : Id;

type NamesOf<Id extends SentenceId> = NamesIn<Said[Id][0]> | NamesIn<Said[Id][1]>;
type Given<Id extends SentenceId> = [NamesOf<Id>] extends [never]
  ? readonly []
  : readonly [values: Readonly<Record<NamesOf<Id>, Value>>];

/** A sentence with its values; one that lacks a value does not compile. */
export function say<Id extends SentenceId>(id: Id, ...given: Given<Id>): Sentence<CodeOf<Id>> {
  const values: Values = given[0] ?? {};
  const [detail, remedy]: SentenceText = sentencesEn[id];
  return {
    code: id.split('.', 1)[0] as CodeOf<Id>,
    text: id,
    values,
    detail: fill(detail, values),
    remedy: remedy === '' ? undefined : fill(remedy, values),
  };
}
