import { enterRemote, enterWelcome } from '../mra/enter.ts';
import { isRemote, powerOffRemote, stepRemote } from '../mra/machine.ts';
import { activating, entering } from './activation.ts';
import { defaults } from './defaults.ts';
import { after, enterBoot, failure, heldOf, ignore, leave, report } from './enter.ts';
import { configuration, discovering, firmware, trustList } from './files.ts';
import { storing } from './proved.ts';
import { leaving, registered, registering } from './registration.ts';
import { relisting } from './relisting.ts';
import type { BootState, BootStep } from './state.ts';
import type { BootEvent, BootSetup, StoredPhone } from './types.ts';

/**
 * A phone from power-on to registered, as spec/activation.md §4 tells it from the phone's side. Pure: what it wants done comes out as
 * effects, what happened comes in as events; an event that does not belong to the phase is ignored.
 */
export function stepBoot(setup: BootSetup, state: BootState, event: BootEvent): BootStep {
  if (event.type === 'power_off') return powerOff(state);
  if (event.type === 'confirmed') {
    return { state, effects: [report('confirm', 'done', 'The server knows that the phone has it all.')] };
  }
  if (event.type === 'confirm_failed') {
    // Not fatal: the first REGISTER confirms too.
    return { state, effects: [report('confirm', 'skipped', `Not confirmed yet: ${event.detail}`)] };
  }
  if (event.type === 'store_failed' && state.phase !== 'storing') {
    return { state, effects: [report('store', 'failed', event.detail, 'state_not_stored')] };
  }
  if (isRemote(state)) return stepRemote(setup, state, event);
  switch (state.phase) {
    case 'off':
      return event.type === 'power_on' ? powerOn(setup, event.stored) : ignore(state);
    case 'discovering':
      return discovering(setup, state, event);
    case 'trust-list':
      return trustList(setup, state, event);
    case 'configuration':
      return configuration(setup, state, event);
    case 'defaults':
      return defaults(setup, state, event);
    case 'code':
      return entering(setup, state, event);
    case 'activating':
      return activating(setup, state, event);
    case 'relisting':
      return relisting(setup, state, event);
    case 'storing':
      return storing(setup, state, event);
    case 'firmware':
      return firmware(setup, state, event);
    case 'registering':
      return registering(setup, state, event);
    case 'registered':
      return registered(setup, state, event);
    case 'leaving':
      return leaving(setup, state, event);
    case 'pausing':
      return event.type === 'timer' && event.name === 'wait'
        ? enterBoot(setup, state.held.stored, state.held.pauses)
        : ignore(state);
    case 'ended':
      return ignore(state);
  }
}

function powerOn(setup: BootSetup, stored: StoredPhone | undefined): BootStep {
  const told = report('boot', 'begun', `${setup.deviceName}, ${setup.model.name}.`);
  if (stored?.remote !== undefined) {
    const mode = report('mode', 'done', 'MRA mode.');
    return after([told, mode], enterRemote(heldOf(setup, stored), stored.remote));
  }
  if (setup.remote === 'only') return after([told], enterWelcome(heldOf(setup, undefined)));
  return after([told], enterBoot(setup, stored));
}

function powerOff(state: BootState): BootStep {
  if (isRemote(state)) return powerOffRemote(state);
  switch (state.phase) {
    case 'registered':
      return leave(state.held, 'off');
    case 'registering':
      if (state.before) return leave(state.held, 'off');
      break;
    case 'leaving':
      return { state: { ...state, onward: 'off' }, effects: [] };
    case 'ended':
      return ignore(state);
    default:
      break;
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
