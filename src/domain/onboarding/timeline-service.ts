import { type DeviceName, macOf } from '../../identifiers/device-name.ts';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import { type OnboardingSummary, type SummaryStore, summaryOf } from './summary.ts';
import type { OnboardingTexts } from './texts.ts';
import type { Attempt, Stranger, TimelineQuery, TimelineStore } from './timeline.ts';
import { attemptsOf } from './timeline.ts';

const mostEvents = 1000;

/** Reads phones' stories in plain words. */
export class TimelineService {
  private readonly store: TimelineStore;
  private readonly summaries: SummaryStore;

  constructor(store: TimelineStore, summaries: SummaryStore) {
    this.store = store;
    this.summaries = summaries;
  }

  /** A phone's whole story: under every name its record had, and what its MAC address did before there was a record. Latest attempt last. */
  async ofPhone(phone: { readonly id: string; readonly name: DeviceName }, texts: OnboardingTexts): Promise<Attempt[]> {
    return await this.#told(
      { deviceId: phone.id, deviceName: phone.name, mac: macOf(phone.name), limit: mostEvents },
      texts,
    );
  }

  /** The story of a phone that may match no record. */
  async ofMac(mac: MacAddress, texts: OnboardingTexts): Promise<Attempt[]> {
    return await this.#told({ mac, limit: mostEvents }, texts);
  }

  async #told(query: TimelineQuery, texts: OnboardingTexts): Promise<Attempt[]> {
    const [events, now] = await Promise.all([this.store.events(query), this.store.now()]);
    return attemptsOf(events, texts, now);
  }

  strangers(limit: number): Promise<readonly Stranger[]> {
    return this.store.strangers(limit);
  }

  /** How the onboarding of all phones went in the last so many hours. */
  async summary(hours: number, texts: OnboardingTexts): Promise<OnboardingSummary> {
    return summaryOf(await this.summaries.facts(hours), hours, texts);
  }
}
