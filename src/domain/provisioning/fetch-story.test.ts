import { describe, expect, it } from 'vitest';
import type { OnboardingEvent } from '../ports.ts';
import { fetchStory } from './fetch-story.ts';
import type { FileFetch } from './ports.ts';

function story() {
  const events: OnboardingEvent[] = [];
  const clock = { at: 0, now: () => clock.at };
  const observer = fetchStory({ record: (event) => events.push(event) }, clock);
  const ask = (name: string, sourceAddress = '192.0.2.1', outcome: FileFetch['outcome'] = 'served') =>
    observer.asked({ name, over: 'tftp', sourceAddress, outcome, octets: 0 });
  return { events, clock, ask };
}

describe('what phones fetch', () => {
  it('becomes steps of that phone’s story', () => {
    const { events, ask } = story();
    ask('ITLSEP001122334455.tlv');
    ask('SEP001122334455.cnf.xml', undefined, 'not-found');
    ask('XMLDefault.cnf.xml');
    expect(events.map(({ mac, step, result }) => [mac, step, result])).toEqual([
      ['001122334455', 'trust', 'ok'],
      ['001122334455', 'config', 'info'],
      ['001122334455', 'discover', 'ok'],
    ]);
  });

  it('is told once, however often it is fetched in a row', () => {
    const { events, ask, clock } = story();
    for (let i = 0; i < 100; i++) ask('SEP001122334455.cnf.xml');
    expect(events).toHaveLength(1);
    clock.at = 11_000;
    ask('SEP001122334455.cnf.xml');
    expect(events).toHaveLength(2);
  });

  it('is put to nobody when it could be any of several phones', () => {
    const { events, ask } = story();
    ask('XMLDefault.cnf.xml');
    ask('SEP001122334455.cnf.xml');
    ask('SEP001122334466.cnf.xml');
    ask('XMLDefault.cnf.xml');
    expect(events.map(({ step }) => step)).toEqual(['config', 'config']);
  });

  it('is not told for names no file can have', () => {
    const { events, ask } = story();
    ask('../../etc/passwd', undefined, 'not-found');
    expect(events).toEqual([]);
  });
});
