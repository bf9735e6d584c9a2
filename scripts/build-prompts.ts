import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PromptLanguage, promptIds, promptLanguages, promptTexts } from '../src/domain/taps/prompt-texts.ts';
import { ulawOf } from '../src/protocol/rtp/g711.ts';
import { promptPinyin } from './prompt-pinyin.ts';

// Makes the prompts of TAPS from their texts with espeak-ng (Debian: apt install espeak-ng): G.711 μ-law, 8,000 octets a second, without a header.
//   scripts/node scripts/build-prompts.ts           makes those whose text or voice has changed
//   scripts/node scripts/build-prompts.ts --all     makes all of them
//   scripts/node scripts/build-prompts.ts --check   needs no speech tool: fails when a file and its text are not in step

const folder = fileURLToPath(new URL('../prompts/', import.meta.url));
const manifestFile = join(folder, 'manifest.json');

interface Made {
  readonly text: string;
  /** What the speech tool was given. */
  readonly spoken: string;
  readonly voice: string;
  /** Of the file. */
  readonly sha256: string;
  readonly milliseconds: number;
}
type Manifest = Record<string, Made>;

/** Voice and words a minute. */
const voices: Readonly<Record<PromptLanguage, readonly [voice: string, speed: string]>> = {
  en: ['en-us', '150'],
  zh: ['cmn-latn-pinyin', '190'],
};
const rate = 8000;

const all = promptLanguages.flatMap((language) =>
  promptIds.map((id) => {
    const text = promptTexts[language][id];
    return { language, path: `${language}/${id}.ulaw`, text, words: language === 'zh' ? promptPinyin[id] : text };
  }),
);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const voiceText = (language: PromptLanguage) => voices[language].join(' ');

if (process.argv.includes('--check')) check();
else build(process.argv.includes('--all'));

function check(): void {
  const manifest = readManifest();
  const wrong: string[] = all.flatMap(({ language, path, text, words }) => {
    const made = manifest[path];
    if (made === undefined || made.text !== text || made.spoken !== words || made.voice !== voiceText(language))
      return [`${path}: not made of its text`];
    try {
      return sha256(readFileSync(join(folder, path))) === made.sha256 ? [] : [`${path}: not the file that was made`];
    } catch {
      return [`${path}: missing`];
    }
  });
  const known = new Set(all.map(({ path }) => path));
  for (const { path, text, words } of all.filter(({ language }) => language === 'zh')) {
    const characters = text.match(/\p{Script=Han}/gu)?.length;
    if (words.match(/[a-z]+[1-5]/g)?.length !== characters)
      wrong.push(`${path}: scripts/prompt-pinyin.ts has another number of syllables`);
  }
  const stray = promptLanguages
    .flatMap((language) => readdirSync(join(folder, language)).map((name) => `${language}/${name}`))
    .filter((path) => !known.has(path));
  for (const path of stray) wrong.push(`${path}: no text names it`);
  if (wrong.length === 0) return;
  process.stderr.write(`${wrong.join('\n')}\nRun scripts/node scripts/build-prompts.ts (it needs espeak-ng).\n`);
  process.exitCode = 1;
}

function build(everything: boolean): void {
  const before = everything ? {} : readManifest();
  const manifest: Manifest = {};
  for (const { language, path, text, words } of all) {
    const made = before[path];
    const same =
      made?.text === text && made.spoken === words && made.voice === voiceText(language) && fileIs(path, made.sha256);
    if (same) {
      manifest[path] = made;
      continue;
    }
    const octets = Uint8Array.from(levelled(trimmed(resampled(spoken(language, words)))), ulawOf);
    mkdirSync(join(folder, language), { recursive: true });
    writeFileSync(join(folder, path), octets);
    const milliseconds = Math.round((octets.length / rate) * 1000);
    manifest[path] = { text, spoken: words, voice: voiceText(language), sha256: sha256(octets), milliseconds };
    process.stdout.write(`${path} ${milliseconds} ms\n`);
  }
  writeFileSync(manifestFile, `${JSON.stringify(manifest, undefined, 1)}\n`);
}

function readManifest(): Manifest {
  try {
    return JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  } catch {
    return {};
  }
}

function fileIs(path: string, wanted: string): boolean {
  try {
    return sha256(readFileSync(join(folder, path))) === wanted;
  } catch {
    return false;
  }
}

interface Sound {
  readonly rate: number;
  /** −1 to 1. */
  readonly samples: Float64Array;
}

function spoken(language: PromptLanguage, words: string): Sound {
  const directory = mkdtempSync(join(tmpdir(), 'prompts-'));
  try {
    const file = join(directory, 'out.wav');
    const [voice, speed] = voices[language];
    execFileSync('espeak-ng', ['-v', voice, '-s', speed, '-w', file, words], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return readWave(readFileSync(file));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** 16-bit mono PCM, as espeak-ng writes it. */
function readWave(bytes: Buffer): Sound {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.readUInt16LE(22) !== 1 || bytes.readUInt16LE(34) !== 16)
    throw new Error('not a mono 16-bit wave file');
  const start = bytes.indexOf('data') + 8;
  const samples = new Float64Array((bytes.length - start) >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(start + 2 * i) / 32_768;
  return { rate: bytes.readUInt32LE(24), samples };
}

/** To 8 kHz by a windowed sinc of 3.4 kHz. */
function resampled({ rate: from, samples }: Sound): Float64Array {
  const cutoff = 3400 / from;
  const reach = 48;
  const out = new Float64Array(Math.floor((samples.length * rate) / from));
  for (let i = 0; i < out.length; i++) {
    const centre = (i * from) / rate;
    let sum = 0;
    for (let k = Math.ceil(centre - reach); k <= centre + reach; k++) {
      const x = k - centre;
      const sinc = x === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * x) / (Math.PI * x);
      sum += (samples[k] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / reach));
    }
    out[i] = sum;
  }
  return out;
}

/** Without the silence before and behind, but for 60 ms. */
function trimmed(samples: Float64Array): Float64Array {
  const loud = (sample: number) => Math.abs(sample) > 0.01;
  const first = samples.findIndex(loud);
  const last = samples.findLastIndex(loud);
  const margin = rate * 0.06;
  return first < 0 ? samples : samples.subarray(Math.max(0, first - margin), last + margin);
}

/** Peak at −4 dB, as 16-bit samples. */
function levelled(samples: Float64Array): number[] {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0.001);
  return Array.from(samples, (sample) => Math.round((sample / peak) * 0.63 * 32_767));
}
