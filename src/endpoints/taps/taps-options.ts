import type { TapsReason } from '../../domain/taps/dialogue.ts';
import type { TapsCaller, TapsSettings, TapsStore } from '../../domain/taps/ports.ts';
import type { PromptId, PromptLanguage } from '../../domain/taps/prompt-texts.ts';
import type { TapsClaims } from '../../domain/taps/taps-claims.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';

export interface TapsAgentOptions {
  /** Address to bind for media. */
  readonly bind: string;
  readonly store: TapsStore;
  readonly claims: Pick<TapsClaims, 'claim'>;
  /** As they hold now. */
  readonly settings: () => TapsSettings;
  readonly prompts: {
    /** μ-law, 8,000 octets a second. */
    audio(language: PromptLanguage, prompt: PromptId): Uint8Array;
  };
  /** The phone has another record now: its registration ends, and it starts again. */
  readonly restart: (deviceName: string) => void;
  /** For the phone's timeline. */
  readonly failed: (caller: TapsCaller, reason: TapsReason, sourceAddress: string) => void;
  readonly random: Random;
  readonly log: Log;
}
