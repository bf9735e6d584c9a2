import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeActivationCode, isActivationCode, type Locator, locatorOf } from '../../identifiers/activation-code.ts';
import { phoneModels } from '../../identifiers/phone-model.ts';
import { mistyped, mixedUp, nowhere } from './mishaps.ts';

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));

describe('a mistyped code', () => {
  it('is another valid code with the same locator', () => {
    fc.assert(
      fc.property(digits(7), digits(8), fc.nat(), (locator, secret, seed) => {
        const code = composeActivationCode(locator as Locator, secret);
        const wrong = mistyped(code, (limit) => seed % limit);
        expect(isActivationCode(wrong) && wrong !== code).toBe(true);
        expect(isActivationCode(wrong) && locatorOf(wrong)).toBe(locator);
      }),
    );
  });

  it('stays what it is when it is no code', () => {
    expect(mistyped('1234')).toBe('1234');
  });
});

describe('the model in the wrong box', () => {
  it.each(phoneModels.map((model) => [model.number, model] as const))('is never a %s', (_, model) => {
    expect(mixedUp(model)).not.toBe(model);
  });
});

it('keeps the path of an address that leads nowhere', () => {
  expect(nowhere('https://cm.example:8446/x/')).toBe('https://127.0.0.1:1/x/');
});
