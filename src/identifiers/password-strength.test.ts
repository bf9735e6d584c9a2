import { beforeAll, describe, expect, it } from 'vitest';
import {
  administratorPassword,
  loadPasswordGauge,
  type PasswordGauge,
  userPassword,
  weaknessOf,
} from './password-strength.ts';

let gauge: PasswordGauge;
beforeAll(async () => {
  gauge = await loadPasswordGauge();
});
const about = ['anna.fischer', 'Anna', 'Fischer', 'anna.fischer@example.org'];

describe('a password', () => {
  it.each([
    ...[
      'password1',
      'Password1',
      'Summer2026',
      'Qwerty123',
      'admin123',
      'letmein1',
      'iloveyou',
      'welcome1',
      'Firstring1',
    ],
    ...[
      'abcd1234',
      'aabbccdd',
      'P@ssw0rd',
      '1q2w3e4r',
      '        ab c',
      '12345678',
      'woaini1314',
      'anna2026!',
      'Fischer-1',
    ],
  ])('%s is enough for nobody', (password) => {
    expect(weaknessOf(userPassword, gauge, password, about)).toBeDefined();
    expect(weaknessOf(administratorPassword, gauge, password, about)).toBeDefined();
  });

  it.each([
    ...[
      'Passw0rd2026!',
      'Summer2026!!',
      'Welcome123456',
      'qwertyuiop12',
      'aaaaaaaaaaaaaaaa',
      'anna.fischer2026',
      'Firstring-2026',
    ],
    ...['password password', 'x1Y$x1Y$x1Y$x1Y$', 'abcdefghijklmnop', '123456789012', 'Administrator1!'],
  ])('%s is long, and not enough for an administrator', (password) => {
    expect(password.length).toBeGreaterThanOrEqual(administratorPassword.shortest);
    expect(weaknessOf(administratorPassword, gauge, password, about)).toBe('too_easy');
  });

  it.each(['correct horse battery', 'kraut-und-rueben-7', 'fTq9#kz2Lm!w', '狐狸昨晚把雨伞借给月亮了吧'])(
    '%s is enough for an administrator',
    (password) => expect(weaknessOf(administratorPassword, gauge, password, about)).toBeUndefined(),
  );

  it('of eight characters without a pattern is enough for a user, and too short for an administrator', () => {
    expect(weaknessOf(userPassword, gauge, 'kT9#mZ2q', about)).toBeUndefined();
    expect(weaknessOf(administratorPassword, gauge, 'kT9#mZ2q', about)).toBe('too_short');
    expect(weaknessOf(userPassword, gauge, 'kT9#mZ2', about)).toBe('too_short');
  });

  it('is judged by its beginning, so that nobody can make the judge work for minutes', () => {
    const begun = performance.now();
    gauge('x1Y$'.repeat(64), about);
    gauge(Array.from({ length: 256 }, (_, i) => String.fromCharCode(33 + ((i * 37) % 90))).join(''), about);
    // Without the limit this takes half a minute of a free core, with it half a second.
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});
