import { describe, expect, it } from 'vitest';
import {
  code,
  ended,
  find,
  full,
  on,
  play as playInside,
  refused,
  saved,
  waited,
} from '../../../test/phone/support/boot-scenes.ts';
import {
  answer,
  cloudDown,
  domainTyped,
  edgeA,
  edgeB,
  edgeDown,
  found,
  newTokens,
  proved,
  provedReply,
  ready,
  renewed,
  resolved,
  sip,
  toEdge,
  tokens,
  toProof,
  toRegistered,
  unknown,
  welcomed,
} from '../../../test/phone/support/remote-scenes.ts';
import type { BootEvent, BootSetup } from '../boot/types.ts';

const play = (events: readonly BootEvent[], changes: Partial<BootSetup> = {}) =>
  playInside(events, { remote: 'only', ...changes });
const refresh: BootEvent = { type: 'timer', name: 'tokens' };
const codeOver: BootEvent = { type: 'timer', name: 'code' };

describe('a new phone outside', () => {
  it('asks on its welcome screen, and tells the cloud the locator only', () => {
    const { all } = play([on, welcomed]);
    expect(find(all, 'ask_code')[0]).toMatchObject({ where: 'welcome' });
    expect(find(all, 'resolve_code')).toEqual([{ type: 'resolve_code', locator: code.slice(0, 7) }]);
    expect(find(all, 'discover')).toEqual([]);
  });

  it('goes from the code to registered, storing before it confirms', () => {
    const { all, state } = play(toRegistered);
    expect(state.phase).toBe('remote-registered');
    const order = all.map(({ type }) => type).filter((type) => type !== 'report');
    expect(order).toEqual([
      'ask_code',
      'timer',
      'resolve_code',
      'find_edges',
      'connect_edge',
      'activate_edge',
      'stop_timer',
      'store',
      'confirm',
      'load_edge_configuration',
      'store',
      'register',
      'timer',
      'timer_at',
      'ready',
    ]);
  });

  it('knows the edge by what the cloud said, and registers there with its token', () => {
    const { all } = play(toRegistered);
    expect(find(all, 'connect_edge')[0]).toEqual({
      type: 'connect_edge',
      target: edgeA,
      domain: 'mra.example.org',
      trust: answer.edgeTrust,
    });
    expect(find(all, 'register')[0]).toMatchObject({
      node: full.nodes[0],
      edge: { target: sip, accessToken: tokens.accessToken, trust: { sha256: ['c2', 'c1'] } },
    });
  });

  it('stores nothing and fetches nothing before the proof', () => {
    const { all } = play(toProof);
    for (const type of ['store', 'load_edge_configuration', 'register'] as const) expect(find(all, type)).toEqual([]);
  });

  it('never writes the code or a token into a report', () => {
    const told = JSON.stringify(find(play([...toRegistered, refresh, renewed]).all, 'report'));
    for (const secret of [code, code.slice(7, 15), tokens.accessToken, newTokens.refreshToken]) {
      expect(told).not.toContain(secret);
    }
  });

  it('says that firmware has to wait until it is inside', () => {
    const configuration = { ...full, load: 'sip8845_65.99', serviceDomain: 'mra.example.org' };
    const { effects } = play([...toProof, proved, saved, { type: 'configuration', configuration }]);
    expect(find(effects, 'report').find(({ report }) => report.step === 'firmware')?.report).toMatchObject({
      outcome: 'skipped',
      text: expect.stringContaining('outside'),
    });
  });
});

describe('the way there', () => {
  it.each([
    ['code_length', '123'],
    ['code_check_digit', '0000000123456789'],
    ['domain_invalid', 'not a domain'],
  ])('asks again after %s, and nobody was asked', (fault, text) => {
    const { all, effects } = play([on, { type: 'code_typed', text }]);
    expect(find(effects, 'ask_code')[0]?.problem?.code).toBe(fault);
    expect(find(all, 'resolve_code')).toEqual([]);
  });

  it('takes a service domain in place of asking the cloud', () => {
    const { all } = play([on, domainTyped, welcomed]);
    expect(find(all, 'resolve_code')).toEqual([]);
    expect(find(all, 'find_edges')).toEqual([{ type: 'find_edges', domain: 'mra.example.org' }]);
  });

  it('asks the cloud again, with longer pauses, and ends with cloud_unreachable', () => {
    const tries = [cloudDown, waited, cloudDown, waited, cloudDown, waited, cloudDown];
    const played = play([on, welcomed, ...tries]);
    expect(find(played.all, 'resolve_code')).toHaveLength(4);
    expect(
      find(played.all, 'timer')
        .filter(({ name }) => name === 'wait')
        .map(({ ms }) => ms),
    ).toEqual([500, 1000, 2000]);
    expect(ended(play([on, welcomed, ...tries, { type: 'no_code' }]))?.code).toBe('cloud_unreachable');
  });

  it('goes on asking while it stays, until the code is forgotten', () => {
    const tries = Array.from({ length: 8 }, () => [cloudDown, waited]).flat();
    const { state } = play([on, welcomed, ...tries], { patient: true });
    expect(state.phase).toBe('resolving');
    expect(play([on, welcomed, ...tries, codeOver], { patient: true }).state.phase).toBe('welcome');
  });

  it('asks for another code when the cloud does not know it', () => {
    const failure = { code: 'code_not_accepted', message: 'no' } as const;
    const { effects } = play([on, welcomed, { type: 'resolve_failed', failure, retryAfterMs: undefined }]);
    expect(find(effects, 'ask_code')[0]?.problem).toBe(failure);
  });

  it('ends when the answer of the cloud is not signed by the key it pins', () => {
    const failure = { code: 'trust_mismatch', message: 'forged' } as const;
    const played = play([on, welcomed, { type: 'resolve_failed', failure, retryAfterMs: undefined }]);
    expect(ended(played)?.code).toBe('trust_mismatch');
  });

  it('tries the next edge when one does not answer, then looks the name up anew', () => {
    expect(find(play([...toEdge, edgeDown]).effects, 'connect_edge')[0]?.target).toBe(edgeB);
    const { all } = play([...toEdge, edgeDown, edgeDown, waited]);
    expect(find(all, 'find_edges')).toHaveLength(2);
  });

  it.each([
    ['no edge answers', [found, edgeDown, edgeDown], 'edge_unreachable'],
    ['the domain has no SRV record', [unknown], 'edge_not_found'],
  ] as const)('ends when %s, pass after pass', (_, pass, fault) => {
    const events = Array.from({ length: 4 }, () => [...pass, waited]).flat();
    expect(ended(play([on, welcomed, resolved, ...events, ...pass, { type: 'no_code' }]))?.code).toBe(fault);
  });

  it('asks at once for another domain when the one that was typed has no edge', () => {
    const { effects } = play([on, domainTyped, welcomed, unknown]);
    expect(find(effects, 'ask_code')[0]?.problem?.code).toBe('edge_not_found');
  });
});

describe('the handshake through an edge', () => {
  it('goes on at the next edge when the connection breaks, three runs at most', () => {
    const down = { type: 'das_unreachable', detail: 'reset', started: true } as const;
    expect(find(play([...toProof, down]).effects, 'connect_edge')[0]?.target).toBe(edgeB);
    const third = [...toProof, down, ready, down, waited, found, ready, down];
    expect(find(play(third).all, 'activate_edge')).toHaveLength(3);
    expect(find(play(third).effects, 'ask_code')[0]?.problem?.code).toBe('edge_unreachable');
  });

  it.each(['server_proof_failed', 'trust_mismatch'] as const)('ends with %s, and keeps nothing', (fault) => {
    const played = play([...toProof, refused(fault)]);
    expect(ended(played)?.code).toBe(fault);
    expect(find(played.all, 'store')).toHaveLength(0);
  });

  it.each(['code_not_accepted', 'code_expired', 'model_mismatch', 'mode_not_allowed'] as const)(
    'asks for another code after %s',
    (fault) => {
      expect(find(play([...toProof, refused(fault)]).effects, 'ask_code')[0]?.problem?.code).toBe(fault);
    },
  );

  it('ends when its certificate is refused', () => {
    expect(ended(play([...toProof, refused('mic_untrusted')]))?.code).toBe('mic_untrusted');
  });

  it.each([
    ['another activation domain', { activationDomain: 'evil.example.org' }],
    ['other edge certificates', { edgeTrustSha256: ['c1'] }],
  ])('accepts nothing when the proved reply names %s', (_, changes) => {
    const remoteReply = { ...provedReply.remote, ...changes };
    const played = play([...toProof, { type: 'activated', reply: { ...provedReply, remote: remoteReply } }]);
    expect(ended(played)?.code).toBe('trust_mismatch');
    expect(find(played.all, 'store')).toEqual([]);
  });

  it.each([
    ['another cluster answered', { clusterHint: 'ee' }],
    ['it is called by another name', { deviceName: 'SEP000000000000' }],
  ])('accepts nothing when %s than was said', (_, changes) => {
    const played = play([...toProof, { type: 'activated', reply: { ...provedReply, ...changes } }]);
    expect(ended(played)?.code).toBe('trust_mismatch');
  });

  it('ends when the server gives no tokens', () => {
    const without = { ...provedReply, remote: { ...provedReply.remote, tokens: undefined } };
    expect(ended(play([...toProof, { type: 'activated', reply: without }]))?.code).toBe('tokens_missing');
  });
});
