import { onward, orWelcome } from '../mra/enter.ts';
import { loadDefaults } from './defaults.ts';
import {
  after,
  enterCode,
  enterConfiguration,
  enterRegistering,
  fail,
  failure,
  ignore,
  report,
  trustListFiles,
} from './enter.ts';
import { keeping, locking } from './keeping.ts';
import { olderThan } from './order.ts';
import type { BootState, BootStep, Held } from './state.ts';
import type { BootEvent, BootFailure, BootSetup, DeviceConfiguration } from './types.ts';

type Phase<P extends BootState['phase']> = Extract<BootState, { phase: P }>;

/** Pauses while the file of a phone that was activated a moment ago is not there yet, milliseconds. */
export const appearMs = [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000];

export function discovering(setup: BootSetup, state: Phase<'discovering'>, event: BootEvent): BootStep {
  if (event.type === 'discovered') {
    const held = { ...state.held, servers: event.servers };
    const [file, ...left] = trustListFiles(setup);
    return {
      state: { phase: 'trust-list', held, left },
      effects: [
        report('discover', 'done', `TFTP server ${event.servers.join(', ')} (${event.by}).`),
        { type: 'use_servers', servers: event.servers },
        { type: 'load_trust_list', file: file!, known: held.trust },
      ],
    };
  }
  if (event.type !== 'discovery_failed') return ignore(state);
  // A phone that was here before still knows its servers.
  const known = state.held.stored?.tftp ?? [];
  if (known.length > 0) {
    return after(
      [
        report(
          'discover',
          'failed',
          `${event.failure.message} Using the servers known from before.`,
          event.failure.code,
        ),
      ],
      discovering(setup, state, { type: 'discovered', servers: known, by: 'stored' }),
    );
  }
  return orWelcome(setup, state.held, 'discover', event.failure);
}

export function trustList(setup: BootSetup, state: Phase<'trust-list'>, event: BootEvent): BootStep {
  const { held } = state;
  switch (event.type) {
    case 'trust_list': {
      const how =
        held.trust === undefined ? 'provisional until the server proves itself' : 'signed by a key this phone trusts';
      const told = report('trust-list', 'done', `Trust list of ${event.list.records.length} certificates, ${how}.`);
      const kept =
        held.stored?.trust?.sha256 === event.list.sha256
          ? { held, effects: [] }
          : keeping('signed-list', held, { trust: event.list });
      return after([told, ...kept.effects], enterConfiguration({ ...kept.held, trust: event.list }, 'power'));
    }
    case 'file_absent': {
      const [next, ...left] = state.left;
      if (next !== undefined) {
        return { state: { ...state, left }, effects: [{ type: 'load_trust_list', file: next, known: held.trust }] };
      }
      return after(
        [report('trust-list', 'skipped', 'No trust list on the server.')],
        enterConfiguration(held, 'power'),
      );
    }
    case 'file_unusable':
      // The list the phone holds stays; without one it goes on and trusts nobody.
      return after([report('trust-list', 'failed', event.detail, listFault(event))], enterConfiguration(held, 'power'));
    case 'file_unreachable':
      return unreachable(setup, held, event.detail);
    default:
      return ignore(state);
  }
}

function listFault({ older, untrusted }: Extract<BootEvent, { type: 'file_unusable' }>) {
  if (older === true) return 'file_older';
  return untrusted ? 'trust_mismatch' : 'configuration_unusable';
}

/** No server answers: a phone that was here before registers with what it remembers. */
function unreachable(setup: BootSetup, held: Held, detail: string): BootStep {
  return (
    asBefore(setup, held, failure('tftp_unreachable', detail)) ??
    orWelcome(setup, held, 'configuration', failure('tftp_unreachable', detail))
  );
}

/** On with the configuration the phone has; undefined: it has none. */
function asBefore(setup: BootSetup, held: Held, reason: BootFailure, unlisted = false): BootStep | undefined {
  const remembered = held.stored?.configuration;
  if (remembered?.kind !== 'full') return undefined;
  const told = `${reason.message} Using the configuration from before.`;
  return after(
    [report('configuration', 'failed', told, reason.code)],
    enterRegistering(setup, held, remembered, unlisted),
  );
}

export function configuration(setup: BootSetup, state: Phase<'configuration'>, event: BootEvent): BootStep {
  const { held } = state;
  switch (event.type) {
    case 'configuration': {
      const older = olderThan(held.stored?.configuration, event.configuration);
      if (older !== undefined) return asBefore(setup, held, older) ?? fail(setup, held, 'configuration', older);
      return event.configuration.kind === 'full'
        ? configured(setup, held, event.configuration)
        : locked(setup, state, event.configuration);
    }
    case 'file_absent':
      if (state.after === 'activation') return later(setup, state);
      return missing(setup, held);
    case 'file_unusable': {
      const code = event.untrusted ? 'configuration_untrusted' : 'configuration_unusable';
      const reason = failure(code, event.detail);
      return asBefore(setup, held, reason) ?? fail(setup, held, 'configuration', reason);
    }
    case 'file_unreachable':
      return unreachable(setup, held, event.detail);
    case 'timer':
      if (event.name !== 'wait' || !state.waiting) return ignore(state);
      return { state: { ...state, waiting: false }, effects: [{ type: 'load_configuration', trust: held.trust }] };
    default:
      return ignore(state);
  }
}

/** No file, says somebody: nothing that was proved is worth less for it. */
function missing(setup: BootSetup, held: Held): BootStep {
  if (held.stored === undefined) {
    return after(
      [report('configuration', 'skipped', `No file for ${setup.deviceName}: this phone is new here.`)],
      loadDefaults(held),
    );
  }
  const reason = failure('not_offered', 'The server has no file for this phone; what the phone has stays.');
  return (
    asBefore(setup, held, reason, true) ??
    after([report('configuration', 'failed', reason.message, reason.code)], loadDefaults(held, reason))
  );
}

function later(setup: BootSetup, state: Phase<'configuration'>): BootStep {
  const ms = appearMs[state.tries];
  if (ms === undefined) {
    const reason = failure('configuration_not_ready', 'The phone is activated, but its configuration does not appear.');
    return fail(setup, state.held, 'configuration', reason);
  }
  return {
    state: { ...state, tries: state.tries + 1, waiting: true },
    effects: [{ type: 'timer', name: 'wait', ms }],
  };
}

/** An activation-only file: a code is needed before this phone may do anything else. */
function locked(setup: BootSetup, state: Phase<'configuration'>, found: DeviceConfiguration): BootStep {
  // Another node may still serve the file of a moment ago.
  if (state.after === 'activation') return later(setup, state);
  const onboarding = found.onboarding ?? { method: undefined, activation: [] };
  const locked = locking(state.held);
  return after(
    [
      report('configuration', 'done', 'The server asks for an activation code; what the phone knew is erased.'),
      ...locked.effects,
    ],
    enterCode(setup, { ...locked.held, tvs: found.tvs }, onboarding),
  );
}

function configured(setup: BootSetup, held: Held, found: DeviceConfiguration): BootStep {
  const told = report('configuration', 'done', `Configuration ${found.versionStamp}, ${linesText(found)}.`);
  const { held: kept, effects: keep } = keeping('signed-file', held, { configuration: found });
  if (found.load === undefined || found.load === held.load) {
    return after(
      [told, ...keep, report('firmware', 'skipped', `Firmware ${held.load} is up to date.`)],
      onward(setup, kept, found),
    );
  }
  return {
    state: { phase: 'firmware', held: kept, configuration: found },
    effects: [
      told,
      ...keep,
      report('firmware', 'begun', `Firmware ${found.load} is asked for, ${held.load} is running.`),
      { type: 'load_firmware', load: found.load, current: held.load },
    ],
  };
}

export function linesText(found: DeviceConfiguration): string {
  const numbers = found.lines.map((line) => line.directoryNumber);
  if (numbers.length === 0) return 'no line';
  return numbers.length === 1 ? `line ${numbers[0]}` : `lines ${numbers.join(', ')}`;
}

export function firmware(setup: BootSetup, state: Phase<'firmware'>, event: BootEvent): BootStep {
  if (event.type === 'firmware_ready') {
    const kept = keeping('firmware', { ...state.held, load: event.load }, { load: event.load });
    return after(
      [report('firmware', 'done', event.detail), ...kept.effects],
      onward(setup, kept.held, state.configuration),
    );
  }
  if (event.type === 'firmware_kept') {
    return after([report('firmware', 'skipped', event.detail)], onward(setup, state.held, state.configuration));
  }
  return ignore(state);
}
