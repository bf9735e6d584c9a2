import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absent,
  activated,
  discovered,
  down,
  find,
  gotDefaults,
  gotItl,
  itl,
  nodeDown,
  onAgain,
  refused,
  rejected,
  setup,
  stored,
  stub,
  trusted,
  typed,
  unreachable,
  waited,
} from '../../../test/phone/support/boot-scenes.ts';
import {
  cloudDown,
  edgeDown,
  found,
  onRemote,
  ready,
  remote,
  storedRemote,
  tokenRefused,
  welcomed,
  withdrawn,
} from '../../../test/phone/support/remote-scenes.ts';
import { kept, mayChange, type Word } from './keeping.ts';
import { stepBoot } from './machine.ts';
import { type BootState, switchedOff } from './state.ts';
import type { BootEvent, StoredPhone } from './types.ts';

const everything: StoredPhone = {
  deviceName: 'SEP001122334455',
  activationId: 'id-2',
  trust: { ...itl, sha256: 'bb' },
  tftp: ['198.51.100.1:69'],
  digest: { username: 'u', password: 'p' },
  load: 'sip8845_65.9',
  configuration: { ...stored.configuration!, versionStamp: '9-z' },
  remote: {
    activationDomain: 'other.example.org',
    serviceDomain: 'other.example.org',
    edgeTrust: { sha256: ['ff'], certificates: [] },
    tokens: { ...remote.tokens, accessToken: 'other' },
  },
};
const before: StoredPhone = { ...stored, remote };

describe('what each word may change', () => {
  it.each(Object.keys(mayChange) as Word[])('%s: that, and nothing else', (word) => {
    const after = kept(word, before, everything)!;
    const may = mayChange[word];
    const told = (part: (typeof may)[number]) => (may.includes(part) ? everything : before);
    expect(after.activationId).toBe(told('identity').activationId);
    expect(after.trust).toBe(told('trust-list').trust);
    expect(after.tftp).toBe(told('servers').tftp);
    expect(after.configuration).toBe(told('configuration').configuration);
    expect(after.load).toBe(told('firmware').load);
    expect(after.remote?.edgeTrust).toBe(told('edge').remote?.edgeTrust);
    expect(after.remote?.serviceDomain).toBe(told('service-domain').remote?.serviceDomain);
    expect(after.remote?.tokens).toBe(told('tokens').remote?.tokens);
  });

  it('no word but a proof, a signed file and the own eye of the phone takes away identity, trust list or the way outside', () => {
    const words = (Object.keys(mayChange) as Word[]).filter((word) =>
      mayChange[word].some((part) => ['identity', 'trust-list', 'edge'].includes(part)),
    );
    expect(words).toEqual(['proof', 'signed-list', 'signed-lock', 'own-check']);
  });

  it('only a proof begins it', () => {
    for (const word of Object.keys(mayChange) as Word[]) {
      expect(kept(word, undefined, everything)).toBe(word === 'proof' ? everything : undefined);
    }
  });

  it('a list is signed by one that is held, or not at all', () => {
    expect(kept('signed-list', { ...before, trust: undefined }, everything)?.trust).toBeUndefined();
  });
});

/** Whatever anybody may answer who holds no key of the cluster: no signed file, no proof, no new tokens. */
const anybody: readonly BootEvent[] = [
  discovered,
  { type: 'discovery_failed', failure: { code: 'dhcp_no_answer', message: '' } },
  gotItl,
  gotDefaults,
  absent,
  unreachable,
  { type: 'file_unusable', detail: 'unsigned', untrusted: true },
  { type: 'file_unusable', detail: 'empty', untrusted: false },
  typed,
  welcomed,
  trusted,
  { type: 'das_untrusted', detail: 'TVS says no', answered: true },
  { type: 'das_untrusted', detail: 'TVS is silent', answered: false },
  down(),
  down(true),
  refused('server_proof_failed'),
  refused('code_already_used'),
  refused('device_disabled'),
  refused('mic_untrusted'),
  refused('busy'),
  nodeDown,
  { type: 'connection_lost', detail: 'reset' },
  ...[401, 403, 404, 500].map((status) => rejected(status)),
  cloudDown,
  { type: 'resolve_failed', failure: { code: 'trust_mismatch', message: 'forged' }, retryAfterMs: undefined },
  found,
  ready,
  edgeDown,
  { type: 'edge_failed', failure: { code: 'trust_mismatch', message: 'another edge' }, retryAfterMs: undefined },
  tokenRefused,
  withdrawn,
  { type: 'tokens_unreachable', detail: 'silence' },
  { type: 'service_control', action: 'reset' },
  { type: 'unregistered' },
  { type: 'registered', expiresSeconds: 120, lineName: '1001' },
  waited,
  { type: 'timer', name: 'code' },
  { type: 'timer', name: 'keep-alive' },
  { type: 'timer', name: 'tokens' },
  { type: 'no_code' },
];

describe('a phone that was activated', () => {
  it.each([
    ['inside', onAgain, stored],
    ['outside', onRemote, storedRemote],
  ] as const)('%s keeps everything, whatever anybody answers, in any order', (_, on, phone) => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...anybody), { maxLength: 60 }), fc.boolean(), (events, patient) => {
        let state: BootState = switchedOff;
        for (const event of [on, ...events]) {
          const step = stepBoot({ ...setup, patient, remote: 'fallback' }, state, event);
          // Storing it again as it is takes nothing away.
          expect(find(step.effects, 'wipe')).toEqual([]);
          for (const { phone: written } of find(step.effects, 'store')) expect(written).toEqual(phone);
          state = step.state;
          if ('held' in state) expect(state.held.stored).toEqual(phone);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['with a trust list', 1, { ...storedRemote, trust: itl }],
    ['without one', 0, storedRemote],
  ])('outside, %s: loses %i times everything to an activation-only file', (_, times, phone) => {
    const on: BootEvent = { type: 'power_on', stored: phone };
    const file: BootEvent = { type: 'configuration', configuration: stub };
    let state: BootState = switchedOff;
    const wipes: unknown[] = [];
    for (const event of [on, found, ready, file]) {
      const step = stepBoot({ ...setup, remote: 'only' }, state, event);
      wipes.push(...find(step.effects, 'wipe'));
      state = step.state;
    }
    expect(wipes).toHaveLength(times);
    expect(state.phase).toBe('welcome');
  });

  it('begins anew with a proof', () => {
    const proof = [onAgain, discovered, gotItl, absent, rejected(404), gotDefaults, typed, trusted, activated];
    let state: BootState = switchedOff;
    for (const event of proof) ({ state } = stepBoot(setup, state, event));
    expect(state).toMatchObject({ phase: 'storing', held: { stored: { configuration: undefined } } });
  });
});
