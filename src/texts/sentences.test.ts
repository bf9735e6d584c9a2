import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sentencesEn } from './en.ts';
import { say } from './say.ts';
import { fill, namesIn, type SentenceText, type SentenceTexts } from './sentence.ts';
import { tell } from './tell.ts';
import { wordsZh } from './zh/words.ts';
import { sentencesZh } from './zh.ts';

const english: SentenceTexts = sentencesEn;
const chinese: SentenceTexts = sentencesZh;
const namesOf = ([detail, remedy]: SentenceText) => namesIn(`${detail} ${remedy}`);

function sources(folder: string): readonly (readonly [path: string, text: string])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path))
    .map((path) => [path, readFileSync(join(folder, path), 'utf8')]);
}

describe('sentences', () => {
  it('are the same in every language, none more and none less', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
    expect(Object.keys(english).length).toBeGreaterThan(400);
  });

  it('name the same values in every language', () => {
    const different = Object.entries(english)
      .filter(([id, text]) => namesOf(text).join() !== namesOf(chinese[id]!).join())
      .map(([id, text]) => ({ id, en: namesOf(text), zh: namesOf(chinese[id]!) }));
    expect(different).toEqual([]);
  });

  it('say in the part where the cause stands what English says there, and a remedy where English has one', () => {
    const uneven = Object.entries(english)
      .filter(
        ([id, [detail, remedy]]) =>
          namesIn(detail).join() !== namesIn(chinese[id]![0]).join() || (remedy === '') !== (chinese[id]![1] === ''),
      )
      .map(([id]) => id);
    expect(uneven).toEqual([]);
  });

  it('are Chinese in Chinese, but for what is a value alone or the address of a document', () => {
    const english = Object.entries(chinese).flatMap(([id, texts]) =>
      texts.filter((text) => !/^(?:\{\w+\})?$/.test(text) && !/\p{Script=Han}/u.test(text)).map((text) => [id, text]),
    );
    expect(english).toEqual([]);
  });

  it('are told with every name and number that stands in English', () => {
    const lost = Object.entries(english).flatMap(([id, text]) => {
      const values = Object.fromEntries(namesOf(text).map((name, index) => [name, `${name}-${7001 + index}`]));
      const told = tell({ code: id.split('.')[0]!, text: id, values }, chinese, wordsZh)!;
      return Object.values(values).filter((value) => !`${told.detail} ${told.remedy}`.includes(value));
    });
    expect(lost).toEqual([]);
  });

  it('fill in what is given and nothing of what a value itself holds', () => {
    expect(fill('{a} and {b|json}', { a: '{b}', b: 'x"\n' })).toBe('{b} and "x\\"\\n"');
    expect(fill('{toString} {a}', { a: '$& $1' })).toBe('{toString} $& $1');
    expect(say('phone_not_found', { name: 'SEP001122334455' })).toMatchObject({
      code: 'phone_not_found',
      text: 'phone_not_found',
      detail: 'There is no phone SEP001122334455.',
    });
    expect(say('phone_not_found.renamed', { name: 'BAT1', today: 'SEP1' }).code).toBe('phone_not_found');
  });

  it('say words of ours in the language of the reader, and leave what people named as it is', () => {
    const told = tell(
      { code: 'not_found', text: 'not_found.object', values: { kind: 'device pool', name: 'line' } },
      chinese,
      wordsZh,
    );
    expect(told?.detail).toBe('没有设备池“line”。');
  });

  it('are told by the code where another release has a sentence that is not known here', () => {
    const told = tell({ code: 'busy', text: 'busy.of_tomorrow', values: {} }, chinese, wordsZh);
    expect(told?.detail).toBe(chinese['busy']![0]);
    expect(tell({ code: 'of_tomorrow' }, chinese, wordsZh)).toBeUndefined();
  });
});

describe('domain and doors', () => {
  it('compose no sentence of a fault themselves', () => {
    // A SOAP fault of AXL is read by programs in English alone, as the field has it.
    const composed = ['src/domain', 'src/endpoints'].flatMap((folder) =>
      sources(folder).flatMap(([path, text]) =>
        [...text.matchAll(/new (?!Axl)\w*Fault\(\s*['"]\w+['"],\s*['"]\w+['"],\s*['"`]/g)].map(
          (match) => `${path}: ${match[0]}`,
        ),
      ),
    );
    expect(composed).toEqual([]);
  });

  it('say no sentence that is not there, and leave none unsaid', () => {
    const all = ['src/domain', 'src/endpoints', 'src/infra', 'src/protocol']
      .flatMap((folder) => sources(folder).map(([, text]) => text))
      .join('\n');
    const literal = new Set([...all.matchAll(/'([a-z]\w*(?:\.\w+)*)'/g)].map(([, id]) => id!));
    const computed = [...all.matchAll(/`([\w.]*)\$\{[^}]*\}([\w.]*)(?:\$\{[^}]*\})?`/g)].map(
      ([, before, after]) => [before!, after!] as const,
    );
    const unsaid = Object.keys(english).filter(
      (id) =>
        !literal.has(id) &&
        !computed.some(([before, after]) => before + after !== '' && id.startsWith(before) && id.endsWith(after)),
    );
    expect(unsaid).toEqual([]);
  });
});
