import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { promptIds, promptLanguages, promptTexts } from '../../src/domain/taps/prompt-texts.ts';
import { readPrompts } from '../../src/infra/taps/prompt-files.ts';
import { sampleOfUlaw } from '../../src/protocol/rtp/g711.ts';
import { root } from '../support/all-in-one.ts';

describe('the prompts', () => {
  it('are in step with their texts', async () => {
    const script = join(root, 'scripts/build-prompts.ts');
    const run = promisify(execFile)(process.execPath, [script, '--check']);
    await expect(run).resolves.toMatchObject({ stderr: '' });
  });

  it('are speech in every language: loud enough, not clipped, as long as their text wants', async () => {
    const prompts = await readPrompts();
    for (const language of promptLanguages) {
      for (const id of promptIds) {
        const octets = prompts.audio(language, id);
        const samples = Array.from(octets, sampleOfUlaw);
        const peak = Math.max(...samples.map(Math.abs));
        expect([language, id, peak > 12_000 && peak < 30_000]).toEqual([language, id, true]);
        // Four to thirty letters or one to eight syllables a second.
        const letters = promptTexts[language][id].length;
        const seconds = octets.length / 8000;
        const rate = letters / seconds;
        expect([language, id, rate > (language === 'zh' ? 1 : 4) && rate < 30]).toEqual([language, id, true]);
      }
    }
  });
});
