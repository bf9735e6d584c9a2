import { failure, ignore, report } from '../boot/enter.ts';
import { keeping } from '../boot/keeping.ts';
import type { BootState, BootStep, RemoteState } from '../boot/state.ts';
import type { BootEvent, BootSetup } from '../boot/types.ts';
import { withTokens } from './access.ts';
import { storing } from './activation.ts';
import { edging } from './edging.ts';
import { before, distrust, enterRemote } from './enter.ts';
import { leaving, registered } from './registration.ts';
import { resolving, welcoming } from './welcome.ts';

const phases: ReadonlySet<BootState['phase']> = new Set<RemoteState['phase']>([
  'welcome',
  'resolving',
  'edging',
  'remote-storing',
  'remote-registered',
  'remote-leaving',
  'token-check',
  'remote-pausing',
]);

export function isRemote(state: BootState): state is RemoteState {
  return phases.has(state.phase);
}

/** A phone outside, from the welcome screen to registered (spec/mra.md). Pure, as the boot machine it is a part of. */
export function stepRemote(setup: BootSetup, state: RemoteState, event: BootEvent): BootStep {
  switch (state.phase) {
    case 'welcome':
      return welcoming(setup, state, event);
    case 'resolving':
      return resolving(setup, state, event);
    case 'edging':
      return event.type === 'tokens' && state.stage !== 'refresh'
        ? lateTokens(state, event)
        : edging(setup, state, event);
    case 'remote-storing':
      return storing(setup, state, event);
    case 'remote-registered':
      return registered(setup, state, event);
    case 'remote-leaving':
      return event.type === 'tokens' ? lateTokens(state, event) : leaving(state, event);
    case 'token-check':
      return checking(setup, state, event);
    case 'remote-pausing': {
      if (event.type === 'tokens') return lateTokens(state, event);
      const remote = state.held.stored?.remote;
      const over = event.type === 'timer' && event.name === 'wait';
      return over && remote !== undefined ? enterRemote(state.held, remote) : ignore(state);
    }
  }
}

type Late = Extract<RemoteState, { phase: 'edging' | 'remote-leaving' | 'remote-pausing' }>;

/** Asked for while it was registered, here only now: the old ones are worth nothing any more. */
function lateTokens(state: Late, { tokens }: Extract<BootEvent, { type: 'tokens' }>): BootStep {
  if (state.phase === 'edging') {
    if (state.goal.kind !== 'register') return ignore(state);
    const kept = withTokens(state, tokens);
    return { state: kept.state, effects: kept.effects };
  }
  const remote = state.held.stored?.remote;
  if (remote === undefined) return ignore(state);
  const kept = keeping('token-answer', state.held, { remote: { ...remote, tokens } });
  return { state: { ...state, held: kept.held }, effects: kept.effects };
}

/** Activated inside: the phone moves out once its token is what it should be. */
function checking(setup: BootSetup, state: Extract<RemoteState, { phase: 'token-check' }>, event: BootEvent): BootStep {
  switch (event.type) {
    case 'token_checked':
      return before(
        [
          report('token', 'done', event.detail),
          report('mode', 'done', `MRA mode from now on; the phone belongs to ${state.remote.serviceDomain}.`),
        ],
        enterRemote(state.held, state.remote, state.configuration),
      );
    case 'token_unusable': {
      // It stays the phone inside that it was proved to be.
      const kept = keeping('own-check', state.held, { remote: undefined });
      return before(kept.effects, distrust(setup, kept.held, event.detail, 'token_unusable'));
    }
    default:
      return ignore(state);
  }
}

/** Switched off by hand. */
export function powerOffRemote(state: RemoteState): BootStep {
  if (state.phase === 'remote-leaving') return { state: { ...state, onward: 'off' }, effects: [] };
  if (state.phase === 'remote-registered' || (state.phase === 'edging' && state.before)) {
    return {
      state: { phase: 'remote-leaving', held: state.held, onward: 'off' },
      effects: [{ type: 'cancel' }, report('unregister', 'begun', 'Unregistering.'), { type: 'unregister' }],
    };
  }
  const reason = failure('stopped', 'The phone was switched off before it was registered.');
  return {
    state: { phase: 'ended', failure: reason },
    effects: [
      { type: 'cancel' },
      report('boot', 'failed', reason.message, reason.code),
      { type: 'finish', failure: reason },
    ],
  };
}
