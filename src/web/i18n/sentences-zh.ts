import { wordsZh } from '../../texts/zh/words.ts';
import { sentencesZh } from '../../texts/zh.ts';

/** The sentences of the server as texts of the page: `problem.<id>` and `remedy.<id>`, and the words that stand in them as `word.<English>`. */
export const sentenceTextsZh: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(sentencesZh).flatMap(([id, [detail, remedy]]) => [
    [`problem.${id}`, detail],
    [`remedy.${id}`, remedy],
  ]),
  ...Object.entries(wordsZh).map(([word, own]) => [`word.${word}`, own]),
]);
