import { onward, orWelcome } from '../mra/enter.ts';
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
import type { BootState, BootStep, Held } from './state.ts';
import type { BootEffect, BootEvent, BootSetup, DefaultConfiguration, DeviceConfiguration } from './types.ts';

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
      return after(
        [report('trust-list', 'done', `Trust list of ${event.list.records.length} certificates, ${how}.`)],
        enterConfiguration({ ...held, trust: event.list }, 'power'),
      );
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
      return after(
        [report('trust-list', 'failed', event.detail, event.untrusted ? 'trust_mismatch' : 'configuration_unusable')],
        enterConfiguration(held, 'power'),
      );
    case 'file_unreachable':
      return unreachable(setup, held, event.detail);
    default:
      return ignore(state);
  }
}

/** No server answers: a phone that was here before registers with what it remembers. */
function unreachable(setup: BootSetup, held: Held, detail: string): BootStep {
  const remembered = held.stored?.configuration;
  if (remembered?.kind === 'full') {
    return after(
      [report('configuration', 'failed', `${detail} Using the configuration from before.`, 'tftp_unreachable')],
      enterRegistering(setup, held, remembered),
    );
  }
  return orWelcome(setup, held, 'configuration', failure('tftp_unreachable', detail));
}

export function configuration(setup: BootSetup, state: Phase<'configuration'>, event: BootEvent): BootStep {
  const { held } = state;
  switch (event.type) {
    case 'configuration':
      return event.configuration.kind === 'full'
        ? configured(setup, held, event.configuration)
        : locked(setup, state, event.configuration);
    case 'file_absent':
      if (state.after === 'activation') return later(setup, state);
      if (held.stored !== undefined) {
        // The record is gone, so what this phone remembers of it is worth nothing.
        return after(
          [
            report(
              'configuration',
              'failed',
              'The server no longer has a file for this phone: what it remembers is erased.',
              'not_offered',
            ),
            { type: 'wipe' },
          ],
          loadDefaults({ ...held, stored: undefined }),
        );
      }
      return after(
        [report('configuration', 'skipped', `No file for ${setup.deviceName}: this phone is new here.`)],
        loadDefaults(held),
      );
    case 'file_unusable': {
      const code = event.untrusted ? 'configuration_untrusted' : 'configuration_unusable';
      return fail(setup, held, 'configuration', failure(code, event.detail));
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

function loadDefaults(held: Held): BootStep {
  return { state: { phase: 'defaults', held }, effects: [{ type: 'load_defaults', trust: held.trust }] };
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
  const held: Held = { ...state.held, stored: undefined, tvs: found.tvs };
  return after(
    [
      report('configuration', 'done', 'The server asks for an activation code; what the phone knew is erased.'),
      { type: 'wipe' },
    ],
    enterCode(setup, held, onboarding),
  );
}

function configured(setup: BootSetup, held: Held, found: DeviceConfiguration): BootStep {
  const told = report('configuration', 'done', `Configuration ${found.versionStamp}, ${linesText(found)}.`);
  const keep: readonly BootEffect[] =
    held.stored === undefined
      ? []
      : [{ type: 'store', phone: { ...held.stored, trust: held.trust, configuration: found } }];
  const kept: Held =
    held.stored === undefined ? held : { ...held, stored: { ...held.stored, trust: held.trust, configuration: found } };
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
    const stored = state.held.stored === undefined ? undefined : { ...state.held.stored, load: event.load };
    const keep: readonly BootEffect[] = stored === undefined ? [] : [{ type: 'store', phone: stored }];
    return after(
      [report('firmware', 'done', event.detail), ...keep],
      onward(setup, { ...state.held, load: event.load, stored }, state.configuration),
    );
  }
  if (event.type === 'firmware_kept') {
    return after([report('firmware', 'skipped', event.detail)], onward(setup, state.held, state.configuration));
  }
  return ignore(state);
}

export function defaults(setup: BootSetup, state: Phase<'defaults'>, event: BootEvent): BootStep {
  const { held } = state;
  switch (event.type) {
    case 'defaults':
      return decide(setup, held, event.defaults);
    case 'file_absent':
      return fail(setup, held, 'defaults', failure('configuration_missing', 'The server has no XMLDefault.cnf.xml.'));
    case 'file_unusable': {
      const code = event.untrusted ? 'configuration_untrusted' : 'configuration_unusable';
      return fail(setup, held, 'defaults', failure(code, event.detail));
    }
    case 'file_unreachable':
      return fail(setup, held, 'defaults', failure('tftp_unreachable', event.detail));
    default:
      return ignore(state);
  }
}

function decide(setup: BootSetup, held: Held, found: DefaultConfiguration): BootStep {
  const { method } = found.onboarding;
  if (method === 'ActivationCode') {
    const nodes = found.onboarding.activation.length;
    const where = `${nodes} activation ${nodes === 1 ? 'service' : 'services'}`;
    return after(
      [report('defaults', 'done', `Activation codes are in use for ${setup.model.name}; ${where}.`)],
      enterCode(setup, { ...held, tvs: found.tvs }, found.onboarding),
    );
  }
  if (method === 'AutoRegistration' && found.autoRegistration) {
    const configuration: DeviceConfiguration = {
      kind: 'full',
      load: found.load,
      nodes: found.nodes,
      // With a trust list the server's certificate can be checked, and the phone shows its own.
      transport: held.trust === undefined ? 'tcp' : 'tls',
      lines: [],
      tvs: found.tvs,
      versionStamp: '',
      onboarding: found.onboarding,
      provisional: true,
    };
    return after(
      [report('defaults', 'done', `${setup.model.name} registers by itself here.`)],
      enterRegistering(setup, held, configuration),
    );
  }
  const why =
    method === undefined
      ? `${setup.model.name} cannot be brought in by an activation code here.`
      : `${setup.model.name} is set to auto-registration, and auto-registration is off.`;
  return fail(setup, held, 'defaults', failure('not_offered', why));
}
