import { macOf } from '../../identifiers/device-name.ts';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Timeline } from '../ports.ts';
import type { FileFetch, FileObserver } from './ports.ts';
import { parseServedName } from './served-name.ts';

/** The same fetch again within this time is the same step of the story (transports tried in turn, a phone that restarts in a loop). Milliseconds. */
const sameStep = 10_000;
/** A file that names no phone belongs to the one phone that asked from that address this short a time ago. Milliseconds. */
const sameBoot = 10_000;
const remembered = 20_000;
/** Names are not proven: strangers must not be able to fill the database with stories. Lines a second over all phones. */
const linesPerSecond = 200;

/** Tells the timeline what phones fetch: trust list, configuration, XMLDefault. Files that cannot be put to a phone are not told. */
export function fetchStory(timeline: Timeline, clock: Clock): FileObserver {
  const told = new Map<string, number>();
  let left = linesPerSecond;
  let refilledAt = clock.now();
  const askers = new Map<string, { readonly mac: MacAddress | undefined; readonly at: number }>();
  return {
    asked(fetch) {
      const name = parseServedName(fetch.name);
      if (name === undefined) return;
      const now = clock.now();
      const device = name.kind === 'phone' || name.kind === 'trust-list' ? name.deviceName : undefined;
      const own = device === undefined ? undefined : macOf(device);
      if (own !== undefined) rememberAsker(askers, fetch.sourceAddress, own, now);
      const asker = askers.get(fetch.sourceAddress);
      const mac = own ?? (asker !== undefined && now - asker.at < sameBoot ? asker.mac : undefined);
      if (mac === undefined) return;
      const step =
        name.kind === 'default'
          ? 'discover'
          : name.kind === 'phone'
            ? 'config'
            : name.kind === 'trust-list'
              ? 'trust'
              : 'firmware';
      const key = `${mac} ${step} ${fetch.outcome}`;
      if (now - (told.get(key) ?? Number.NEGATIVE_INFINITY) < sameStep) return;
      left = Math.min(linesPerSecond, left + ((now - refilledAt) * linesPerSecond) / 1000);
      refilledAt = now;
      if (left < 1) return;
      left--;
      if (told.size >= remembered) told.clear();
      told.set(key, now);
      timeline.record({
        mac,
        deviceName: `SEP${mac}`,
        step,
        ...outcome(fetch, name.kind === 'phone' ? 'not_provisioned' : 'file_not_found'),
        sourceAddress: fetch.sourceAddress,
        detail: { file: fetch.name, over: fetch.over },
      });
    },
  };
}

/** Several phones behind one address cannot be told apart: nothing without a name is put to any of them. */
function rememberAsker(
  askers: Map<string, { mac: MacAddress | undefined; at: number }>,
  source: string,
  mac: MacAddress,
  now: number,
): void {
  const before = askers.get(source);
  if (askers.size >= remembered) askers.clear();
  const another = before !== undefined && before.mac !== mac && now - before.at < sameBoot;
  askers.set(source, { mac: another ? undefined : mac, at: now });
}

function outcome(
  fetch: FileFetch,
  absent: string,
): { readonly result: 'ok' | 'failed' | 'info'; readonly reason?: string } {
  switch (fetch.outcome) {
    case 'served':
      return { result: 'ok' };
    case 'not-found':
      // Before its activation that is how it should be.
      return { result: 'info', reason: absent };
    case 'refused':
      return { result: 'failed', reason: 'rate_limited' };
    case 'unavailable':
      return { result: 'failed', reason: 'busy' };
  }
}
