import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type PromptId, type PromptLanguage, promptIds, promptLanguages } from '../../domain/taps/prompt-texts.ts';

const folder = fileURLToPath(new URL('../../../prompts/', import.meta.url));

/** All prompts in memory (1 MB): `audio` gives μ-law, 8,000 octets a second. Rejects when a file is missing. */
export async function readPrompts(): Promise<{ audio(language: PromptLanguage, prompt: PromptId): Uint8Array }> {
  const read = promptLanguages.flatMap((language) =>
    promptIds.map(async (id) => [`${language}/${id}`, await readFile(`${folder}${language}/${id}.ulaw`)] as const),
  );
  const files = new Map<string, Uint8Array>(await Promise.all(read));
  return { audio: (language, prompt) => files.get(`${language}/${prompt}`)! };
}
