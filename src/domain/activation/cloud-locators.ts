import type { Locator } from '../../identifiers/activation-code.ts';

/** A locator for a code that shall work from outside too. */
export type LocatorOffer =
  | { readonly kind: 'locator'; readonly locator: Locator; readonly allocationId: string }
  /** Activation over MRA is not set up, or switched off. */
  | { readonly kind: 'inside-only' }
  /** None is at hand, and the cloud gives none at the moment. */
  | { readonly kind: 'wait' };

export interface CloudLocators {
  take(): Promise<LocatorOffer>;
}
