import { unescapeText } from './sheet-xml.ts';

/** The text of an <si> or <is>: all its <t>, without the phonetic runs of East Asian text. Of one that is too long nothing is kept. */
export function textOf(longest: number) {
  let collected = '';
  let inText = false;
  let phonetic = 0;
  return {
    start() {
      collected = '';
    },
    open(name: string) {
      if (name === 'rPh') phonetic++;
      inText = name === 't' && phonetic === 0;
    },
    text(part: string) {
      // One more than is allowed is enough to know that it is too long.
      if (inText && collected.length <= longest) collected += part.slice(0, longest + 1);
    },
    close(name: string) {
      if (name === 'rPh') phonetic--;
      if (name === 't') inText = false;
    },
    /** null: longer than is allowed. */
    value: (): string | null => (collected.length > longest ? null : unescapeText(collected)),
  };
}
