import { describe, expect, it } from 'vitest';
import {
  absent,
  discovered,
  ended,
  find,
  full,
  gotDefaults,
  gotItl,
  gotStub,
  nodeDown,
  on,
  play as playInside,
  registered,
  rejected,
  reply,
  saved,
  setup,
  stored,
  trusted,
  typed,
  unreachable,
  waited,
} from '../../../test/phone/support/boot-scenes.ts';
import {
  edgeA,
  edgeB,
  edgeDown,
  elsewhere,
  found,
  gotRemoteFull,
  lost,
  newTokens,
  onRemote,
  proved,
  provedReply,
  ready,
  remote,
  renewed,
  resolved,
  tokenRefused,
  tokens,
  toProof,
  toRegister,
  toRegistered,
  welcomed,
  withdrawn,
} from '../../../test/phone/support/remote-scenes.ts';
import type { BootEvent, BootSetup } from '../boot/types.ts';

const play = (events: readonly BootEvent[], changes: Partial<BootSetup> = {}) =>
  playInside(events, { remote: 'only', ...changes });
const refresh: BootEvent = { type: 'timer', name: 'tokens' };
const keepAlive: BootEvent = { type: 'timer', name: 'keep-alive' };

describe('the redirect', () => {
  it('takes the phone to the domain it is assigned to, and registers there', () => {
    const { all } = play([...toProof, proved, saved, elsewhere, found, ready, registered]);
    expect(find(all, 'find_edges').map(({ domain }) => domain)).toEqual(['mra.example.org', 'emea.example.org']);
    expect(find(all, 'load_edge_configuration')).toHaveLength(1);
    expect(find(all, 'store').at(-1)?.phone.remote?.serviceDomain).toBe('emea.example.org');
  });

  it('is kept: the next start goes there at once', () => {
    const away = { ...remote, serviceDomain: 'emea.example.org' };
    const again = onRemote.type === 'power_on' ? { ...onRemote, stored: { ...onRemote.stored!, remote: away } } : on;
    expect(find(play([again]).effects, 'find_edges')[0]?.domain).toBe('emea.example.org');
  });
});

describe('tokens', () => {
  it('are renewed before they end, and the new ones are stored and used', () => {
    const { all, effects } = play([...toRegistered, refresh, renewed, keepAlive]);
    expect(find(all, 'refresh_tokens')).toEqual([{ type: 'refresh_tokens', tokens }]);
    expect(find(all, 'store').at(-1)?.phone.remote?.tokens).toBe(newTokens);
    expect(find(effects, 'register')[0]?.edge?.accessToken).toBe(newTokens.accessToken);
  });

  it('are asked for again later when the edge does not answer', () => {
    const { effects, state } = play([...toRegistered, refresh, { type: 'tokens_unreachable', detail: 'x' }]);
    expect(find(effects, 'timer')).toEqual([{ type: 'timer', name: 'tokens', ms: 20_000 }]);
    expect(state.phase).toBe('remote-registered');
  });

  it.each([
    ['while the phone refreshes its registration', [keepAlive]],
    ['while it looks for another edge', [lost]],
    ['while it restarts', [{ type: 'service_control', action: 'restart' } as const]],
  ])('are kept when they come late, %s', (_, events) => {
    const { effects } = play([...toRegistered, refresh, ...events, renewed]);
    expect(find(effects, 'store').at(-1)?.phone.remote?.tokens).toBe(newTokens);
  });

  it('that were withdrawn make the phone ask for a code; what it has stays until the new proof', () => {
    const { effects, state } = play([...toRegistered, refresh, withdrawn]);
    expect(effects.map(({ type }) => type)).toContain('drop_registration');
    expect(find(effects, 'store')).toEqual([]);
    expect(find(effects, 'wipe')).toEqual([]);
    expect(find(effects, 'ask_code')[0]?.problem?.code).toBe('access_withdrawn');
    expect(state).toMatchObject({
      phase: 'welcome',
      held: { stored: { remote: { edgeTrust: { sha256: ['c2', 'c1'] } } } },
    });
  });

  it('are renewed once when the file is refused, and the file is asked for again', () => {
    const { effects } = play([onRemote, found, ready, tokenRefused, renewed]);
    expect(find(effects, 'load_edge_configuration')[0]?.accessToken).toBe(newTokens.accessToken);
  });

  it.each([401, 403, 404])('are renewed once when REGISTER is answered with %i', (status) => {
    const first = play([...toRegister, rejected(status)]);
    expect(find(first.effects, 'refresh_tokens')).toHaveLength(1);
    const second = play([...toRegister, rejected(status), renewed]);
    expect(find(second.effects, 'register')[0]?.edge?.accessToken).toBe(newTokens.accessToken);
    expect(play([...toRegister, rejected(status), withdrawn]).state.phase).toBe('welcome');
  });

  it('that help nobody end the boot: one renewal a pass, five passes', () => {
    const pass = [rejected(401), renewed, rejected(401)];
    const one: BootEvent = { type: 'edges', targets: [edgeA] };
    const again = [waited, one, ready, ...pass];
    const start = [on, welcomed, resolved, one, ready, proved, saved, gotRemoteFull];
    const played = play([...start, ...pass, ...again, ...again, ...again, ...again]);
    expect(find(played.all, 'refresh_tokens')).toHaveLength(5);
    expect(ended(played)?.code).toBe('registration_refused');
  });
});

describe('a phone that is registered outside', () => {
  it('goes to the other edge when its edge dies, without asking for its file again', () => {
    const { all, state } = play([...toRegistered, lost, found, edgeDown, ready, registered]);
    expect(find(all, 'connect_edge').at(-1)?.target).toBe(edgeB);
    expect(find(all, 'load_edge_configuration')).toHaveLength(1);
    expect(state.phase).toBe('remote-registered');
  });

  it('goes to the other edge when its refresh finds nobody', () => {
    expect(find(play([...toRegistered, keepAlive, nodeDown]).effects, 'connect_edge')[0]?.target).toBe(edgeB);
  });

  it('fetches its file anew after a restart the server asks for', () => {
    const restart: BootEvent = { type: 'service_control', action: 'restart' };
    const { all } = play([...toRegistered, restart, { type: 'unregistered' }, found, ready]);
    expect(find(all, 'load_edge_configuration')).toHaveLength(2);
  });

  it('unregisters when it is switched off', () => {
    const off = play([...toRegistered, { type: 'power_off' }]);
    expect(find(off.effects, 'unregister')).toHaveLength(1);
    expect(ended(play([...toRegistered, { type: 'power_off' }, { type: 'unregistered' }]))).toBeUndefined();
  });

  it('comes back by itself after it was switched off, with what it stored', () => {
    const { all } = play([onRemote, found, ready, gotRemoteFull, registered]);
    expect(find(all, 'ask_code')).toEqual([]);
    expect(find(all, 'connect_edge')[0]?.trust).toBe(remote.edgeTrust);
  });

  it('registers with what it has when the edge has no file for it, and asks for a code once its tokens are refused', () => {
    const { all, effects } = play([onRemote, found, ready, absent]);
    expect(find(effects, 'register')[0]?.edge?.accessToken).toBe(tokens.accessToken);
    expect(find(all, 'store')).toEqual([]);
    const refusedToo = play([onRemote, found, ready, absent, rejected(403), withdrawn]);
    expect(find(refusedToo.effects, 'ask_code')[0]?.problem?.code).toBe('access_withdrawn');
    expect(find(refusedToo.all, 'store')).toEqual([]);
  });

  it('loses nothing to an activation-only file that nobody signed, but lets itself be locked out', () => {
    const { all, effects } = play([onRemote, found, ready, gotStub]);
    expect(find(effects, 'ask_code')[0]?.problem?.code).toBe('access_withdrawn');
    expect(find(all, 'store')).toEqual([]);
  });

  it('tries on with longer pauses while it stays and nobody answers', () => {
    const pass = [found, edgeDown, edgeDown];
    const { all, state } = play([onRemote, ...Array.from({ length: 12 }, () => [...pass, waited]).flat()], {
      patient: true,
    });
    expect(find(all, 'find_edges').length).toBe(13);
    expect(state.phase).toBe('edging');
  });
});

describe('a phone inside that is marked for use outside', () => {
  const marked: BootEvent = { type: 'activated', reply: { ...reply, remote: provedReply.remote } };
  const inside = [on, discovered, gotItl, absent, gotDefaults, typed, trusted];
  const activated = [...inside, marked, saved];
  const checked: BootEvent = { type: 'token_checked', detail: 'fine' };

  it('fetches its file inside, looks at its token, then goes to the edge in place of the registrar', () => {
    const played = playInside([...activated, gotRemoteFull]);
    expect(find(played.effects, 'check_token')).toEqual([{ type: 'check_token', tokens }]);
    expect(find(played.all, 'register')).toEqual([]);
    const moved = playInside([...activated, gotRemoteFull, checked]);
    expect(find(moved.effects, 'find_edges')[0]?.domain).toBe('mra.example.org');
    const out = playInside([...activated, gotRemoteFull, checked, found, ready, registered]);
    expect(find(out.all, 'register')[0]?.edge?.accessToken).toBe(tokens.accessToken);
  });

  it('keeps its mode, and says that it is ready, when the edge cannot be reached from inside', () => {
    const pass = [found, edgeDown, edgeDown];
    const passes = [...pass, waited, ...pass];
    const played = playInside([...activated, gotRemoteFull, checked, ...passes]);
    expect(ended(played)).toMatchObject({ code: 'edge_unreachable', message: expect.stringContaining('MRA mode') });
    expect(find(played.all, 'store').at(-1)?.phone.remote).toMatchObject({ serviceDomain: 'mra.example.org' });
  });

  it('keeps nothing of a token that is not its own, and stays what it is inside', () => {
    const played = playInside([...activated, gotRemoteFull, { type: 'token_unusable', detail: 'for another' }]);
    expect(ended(played)?.code).toBe('token_unusable');
    expect(find(played.all, 'store').at(-1)?.phone).toMatchObject({ activationId: 'id-1', remote: undefined });
  });

  it('stays inside when the box is not ticked', () => {
    const plain: BootEvent = { type: 'activated', reply };
    const { all } = playInside([...inside, plain, saved, { type: 'configuration', configuration: full }]);
    expect(find(all, 'check_token')).toEqual([]);
    expect(find(all, 'register')[0]?.edge).toBeUndefined();
  });

  it('stays inside when it is marked but was given no tokens', () => {
    const without: BootEvent = {
      type: 'activated',
      reply: { ...reply, remote: { ...provedReply.remote, tokens: undefined } },
    };
    const { all } = playInside([...inside, without, saved, gotRemoteFull]);
    expect(find(all, 'register')[0]?.edge).toBeUndefined();
  });
});

describe('a phone that can go both ways', () => {
  it.each([
    ['DHCP names no server', [on, { type: 'discovery_failed', failure: { code: 'dhcp_no_tftp_server', message: '' } }]],
    ['no TFTP server answers', [on, discovered, unreachable]],
  ] as [string, BootEvent[]][])('shows its welcome screen when %s', (_, events) => {
    const { effects } = playInside(events, { remote: 'fallback' });
    expect(find(effects, 'ask_code')[0]).toMatchObject({ where: 'welcome' });
  });

  it('was activated inside, locked and shipped: nothing of the old place is left', () => {
    const { state } = play([{ type: 'power_on', stored }]);
    expect(state).toMatchObject({ phase: 'welcome', held: { stored: undefined, load: setup.factoryLoad } });
  });
});
