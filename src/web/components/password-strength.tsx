import { useDeferredValue, useEffect, useState } from 'react';
import {
  loadPasswordGauge,
  type PasswordGauge,
  type PasswordRule,
  weaknessOf,
} from '../../identifiers/password-strength.ts';
import { Status } from './status.tsx';

/** What is said of a new password, in the reader's language. */
export interface PasswordWords {
  readonly tooShort: string;
  readonly tooEasy: string;
  readonly good: string;
}

/**
 * Says while somebody types whether a new password will do. The server decides, by the same rule; nothing leaves the browser before it is saved. The
 * word lists come when the first character is typed.
 */
export function PasswordStrength({
  password,
  rule,
  about,
  words,
}: {
  password: string;
  rule: PasswordRule;
  /** What a guesser knows of the person. */
  about: readonly string[];
  words: PasswordWords;
}) {
  const [gauge, setGauge] = useState<PasswordGauge>();
  const typed = useDeferredValue(password);
  const begun = password !== '';
  useEffect(() => {
    // Without the lists, the server says what is wrong.
    if (begun)
      loadPasswordGauge().then(
        (loaded) => setGauge(() => loaded),
        () => {},
      );
  }, [begun]);
  if (typed === '') return null;
  const weakness = weaknessOf(rule, gauge ?? (() => Number.POSITIVE_INFINITY), typed, about);
  if (weakness === undefined && gauge === undefined) return null;
  return (
    <div role="status" data-testid="password-strength" data-weakness={weakness ?? 'none'}>
      {weakness === undefined ? (
        <Status tone="good">{words.good}</Status>
      ) : (
        <Status tone="warn" icon="alert">
          {weakness === 'too_short' ? words.tooShort : words.tooEasy}
        </Status>
      )}
    </div>
  );
}
