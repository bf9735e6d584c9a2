import { type PhoneFaultCode, remedyOf } from './faults.ts';
import type { BootState, BootStep, Held, Registering } from './state.ts';
import type {
  BootEffect,
  BootFailure,
  BootSetup,
  DeviceConfiguration,
  Onboarding,
  StepName,
  StepReport,
  StoredPhone,
} from './types.ts';

/** The ways into each phase, apart from the phases themselves, so that phases can lead to each other. */

export function report(
  step: StepName,
  outcome: StepReport['outcome'],
  text: string,
  fault?: PhoneFaultCode,
): BootEffect {
  const told = fault === undefined ? {} : { fault, remedy: remedyOf(fault) };
  return { type: 'report', report: { step, outcome, text, ...told } };
}

export function failure(code: PhoneFaultCode, message: string, ref?: string): BootFailure {
  return ref === undefined ? { code, message } : { code, message, ref };
}

/** Codes behind which only a missing network or server lies: worth another boot for a phone that stays. */
const passing: ReadonlySet<PhoneFaultCode> = new Set([
  'dhcp_no_answer',
  'tftp_unreachable',
  'registration_unreachable',
  'registration_refused',
  'configuration_not_ready',
  'configuration_missing',
]);

const pauseMs = [1000, 2000, 5000, 10_000, 30_000];

/** Ends the boot, or pauses it when the phone is patient and the reason may pass. */
export function fail(setup: BootSetup, held: Held, step: StepName, reason: BootFailure): BootStep {
  const told = report(step, 'failed', reason.message, reason.code);
  if (setup.patient && passing.has(reason.code)) {
    return {
      state: { phase: 'pausing', held: { ...held, pauses: held.pauses + 1 } },
      effects: [
        { type: 'cancel' },
        told,
        { type: 'timer', name: 'wait', ms: pauseMs[Math.min(held.pauses, pauseMs.length - 1)]! },
      ],
    };
  }
  return {
    state: { phase: 'ended', failure: reason },
    effects: [{ type: 'cancel' }, told, { type: 'finish', failure: reason }],
  };
}

export function heldOf(setup: BootSetup, stored: StoredPhone | undefined, pauses = 0): Held {
  return {
    servers: stored?.tftp ?? [],
    trust: stored?.trust,
    stored,
    load: stored?.load ?? setup.factoryLoad,
    tvs: stored?.configuration?.tvs ?? [],
    pauses,
  };
}

export function enterBoot(setup: BootSetup, stored: StoredPhone | undefined, pauses = 0): BootStep {
  const held = heldOf(setup, stored, pauses);
  return { state: { phase: 'discovering', held }, effects: [{ type: 'cancel' }, { type: 'discover' }] };
}

/** File names in the order phones ask for them. */
export function trustListFiles(setup: BootSetup): readonly string[] {
  return [`ITL${setup.deviceName}.tlv`, 'ITLFile.tlv'];
}

export function enterConfiguration(held: Held, after: 'power' | 'activation' | 'restart'): BootStep {
  return {
    state: { phase: 'configuration', held, after, tries: 0, waiting: false },
    effects: [{ type: 'load_configuration', trust: held.trust }],
  };
}

/** `problem`: why a phone that was in asks for a code. */
export function enterCode(setup: BootSetup, held: Held, onboarding: Onboarding, problem?: BootFailure): BootStep {
  if (onboarding.activation.length === 0) {
    const reason = failure(
      'activation_unreachable',
      'Activation codes are in use, but no activation service is listed.',
    );
    return fail(setup, held, 'code', reason);
  }
  return {
    state: { phase: 'code', held, nodes: onboarding.activation, problem },
    effects: [report('code', 'begun', 'Enter the activation code.'), { type: 'ask_code', problem }],
  };
}

/** `unlisted`: the server has no file for this phone, which tries with what it has. */
export function enterRegistering(
  setup: BootSetup,
  held: Held,
  configuration: DeviceConfiguration,
  unlisted = false,
): BootStep {
  const state: Registering = {
    phase: 'registering',
    held,
    configuration,
    at: 0,
    tried: 0,
    passes: 0,
    waiting: false,
    before: false,
    unlisted,
    last: undefined,
    retryAfterMs: undefined,
  };
  if (configuration.nodes.length === 0) {
    const reason = failure('configuration_unusable', 'The configuration names no server to register with.');
    return fail(setup, held, 'register', reason);
  }
  return register(state);
}

export function register(state: Registering): BootStep {
  const node = state.configuration.nodes[state.at]!;
  const port = state.configuration.transport === 'tls' ? node.sipTlsPort : node.sipPort;
  return {
    state,
    effects: [
      report(
        'register',
        'begun',
        `Registering with ${node.host}:${port} over ${state.configuration.transport.toUpperCase()}.`,
      ),
      {
        type: 'register',
        node,
        configuration: state.configuration,
        digest: state.held.stored?.digest,
        trust: state.held.trust,
        load: state.held.load,
      },
    ],
  };
}

export function leave(held: Held, onward: 'boot' | 'restart' | 'off'): BootStep {
  return {
    state: { phase: 'leaving', held, onward },
    effects: [{ type: 'cancel' }, report('unregister', 'begun', 'Unregistering.'), { type: 'unregister' }],
  };
}

/** An event that means nothing in this phase: late, or from an abandoned effect. */
export function ignore(state: BootState): BootStep {
  return { state, effects: [] };
}

/** Puts effects before those of a step. */
export function after(effects: readonly BootEffect[], step: BootStep): BootStep {
  return { state: step.state, effects: [...effects, ...step.effects] };
}
