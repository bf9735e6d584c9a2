import { after, failure, ignore, report } from '../boot/enter.ts';
import type { BootStep, Edging } from '../boot/state.ts';
import type { BootEvent, BootSetup } from '../boot/types.ts';
import { configuring, enterConfiguring, refreshing } from './access.ts';
import { proving } from './activation.ts';
import { before, connect, enterWelcome, giveUp, locate, next, targetOf } from './enter.ts';
import { enterRegister, registering } from './registration.ts';

/** From a domain to an edge that answers, and through it to the phone's goal. */
export function edging(setup: BootSetup, state: Edging, event: BootEvent): BootStep {
  if (event.type === 'timer' && event.name === 'code') return codeForgotten(setup, state);
  switch (state.stage) {
    case 'locate':
      return locating(setup, state, event);
    case 'connect':
      return connecting(setup, state, event);
    case 'prove':
      return proving(setup, state, event);
    case 'configure':
    case 'appear':
      return configuring(setup, state, event);
    case 'refresh':
      return refreshing(setup, state, event);
    case 'register':
      return registering(setup, state, event);
    case 'wait':
      return event.type === 'timer' && event.name === 'wait' ? locate(state) : ignore(state);
  }
}

function codeForgotten(setup: BootSetup, state: Edging): BootStep {
  if (state.goal.kind !== 'activate') return ignore(state);
  const reason = state.last ?? failure('edge_unreachable', 'The activation took longer than ten minutes.');
  return before([{ type: 'cancel' }], giveUp({ ...setup, patient: false }, state, reason));
}

function locating(setup: BootSetup, state: Edging, event: BootEvent): BootStep {
  if (event.type === 'edges') {
    const names = event.targets.map(({ host, port }) => `${host}:${port}`).join(', ');
    return after([report('locate', 'done', `Edge ${names}.`)], connect({ ...state, targets: event.targets, at: 0 }));
  }
  if (event.type !== 'edges_unknown') return ignore(state);
  const { failure: reason } = event;
  const activating = state.goal.kind === 'activate';
  // The name a person typed: better typed again than waited for.
  if (activating && state.goal.answer === undefined && reason.code === 'edge_not_found') {
    return before(
      [{ type: 'stop_timer', name: 'code' }, report('locate', 'failed', reason.message, reason.code)],
      enterWelcome(state.held, reason),
    );
  }
  return next(setup, state, 'locate', reason, undefined);
}

function connecting(setup: BootSetup, state: Edging, event: BootEvent): BootStep {
  switch (event.type) {
    case 'edge_ready': {
      const { host, port } = targetOf(state);
      const told = report('edge', 'done', `${host}:${port} is the edge it says it is.`);
      const ready: Edging = { ...state, edge: event.edge };
      const { goal } = state;
      if (goal.kind === 'activate') {
        return after([told], {
          state: { ...ready, stage: 'prove' },
          effects: [{ type: 'activate_edge', code: goal.code, load: state.held.load }],
        });
      }
      // Through another edge the configuration is the same.
      return after([told], goal.configuration === undefined ? enterConfiguring(ready) : enterRegister(ready));
    }
    case 'edge_failed':
      return next(setup, state, 'edge', event.failure, event.retryAfterMs);
    default:
      return ignore(state);
  }
}
