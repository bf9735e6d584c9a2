/**
 * What a password must be worth, said once for every console, and what tells it while somebody types. Strength is how many guesses an attacker needs who
 * knows passwords, words, names and keyboards (zxcvbn), as a power of ten.
 */
export interface PasswordRule {
  /** Characters at least. */
  readonly shortest: number;
  /** Guesses at least, as a power of ten. */
  readonly strength: number;
}

/** For whoever holds any role beyond the own phones. ASVS 5.0 V6.2 asks for 8 and recommends 15 with no rule beside it; these have one. */
export const administratorPassword: PasswordRule = { shortest: 12, strength: 10 };
export const userPassword: PasswordRule = { shortest: 8, strength: 8 };

export const longestPassword = 256;

export type PasswordWeakness = 'too_short' | 'too_easy';

/** How many guesses a password takes, as a power of ten; `about`: what a guesser knows of the person. */
export type PasswordGauge = (password: string, about: readonly string[]) => number;

/** Undefined: good enough. */
export function weaknessOf(
  rule: PasswordRule,
  gauge: PasswordGauge,
  password: string,
  about: readonly string[],
): PasswordWeakness | undefined {
  if ([...password].length < rule.shortest) return 'too_short';
  return gauge(password, about) < rule.strength ? 'too_easy' : undefined;
}

/** The gauge takes long over long passwords: what comes behind is not looked at. 32 characters worth nothing are no beginning of a good one. */
const gauged = 32;

/** Words that a guesser tries here first, beside those of the language packs. */
const ownWords = [
  ...['firstring', 'cisco', 'callmanager', 'cucm', 'expressway', 'telephone', 'telefon', 'activation', 'administrator'],
  ...[
    'operator',
    'changeme',
    'company',
    'woaini',
    'nihao',
    'zhongguo',
    'beijing',
    'shanghai',
    'mima',
    'dianhua',
    'guanliyuan',
  ],
];

let loading: Promise<PasswordGauge> | undefined;

/** Word lists of about a megabyte: loaded when first needed, by the thread or page that needs them. */
export function loadPasswordGauge(): Promise<PasswordGauge> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<PasswordGauge> {
  const [{ ZxcvbnFactory }, common, en] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  const judge = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...en.dictionary, 'words-here': ownWords },
    graphs: common.adjacencyGraphs,
  });
  return (password, about) => {
    const known = about.flatMap((each) => [each, ...each.split(/[^\p{L}\p{N}]+/u)]).filter((each) => each.length > 2);
    // Rounded: eight characters without any pattern are worth 10^8 and a little less by its arithmetic.
    return Math.round(judge.check(password.slice(0, gauged), known).guessesLog10 * 10) / 10;
  };
}
