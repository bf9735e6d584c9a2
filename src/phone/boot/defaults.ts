import { after, enterCode, enterRegistering, fail, failure, ignore, report } from './enter.ts';
import type { BootState, BootStep, Held } from './state.ts';
import type { BootEvent, BootFailure, BootSetup, DefaultConfiguration, DeviceConfiguration } from './types.ts';

type Phase = Extract<BootState, { phase: 'defaults' }>;

/** What is true for phones without a file. `problem`: why one that is activated looks there. */
export function loadDefaults(held: Held, problem?: BootFailure): BootStep {
  return {
    state: { phase: 'defaults', held, problem },
    effects: [{ type: 'load_defaults', trust: held.trust }],
  };
}

export function defaults(setup: BootSetup, state: Phase, event: BootEvent): BootStep {
  const { held } = state;
  switch (event.type) {
    case 'defaults':
      return decide(setup, state, event.defaults);
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

function decide(setup: BootSetup, { held, problem }: Phase, found: DefaultConfiguration): BootStep {
  const { method } = found.onboarding;
  if (method === 'ActivationCode') {
    const nodes = found.onboarding.activation.length;
    const where = `${nodes} activation ${nodes === 1 ? 'service' : 'services'}`;
    return after(
      [report('defaults', 'done', `Activation codes are in use for ${setup.model.name}; ${where}.`)],
      enterCode(setup, { ...held, tvs: found.tvs }, found.onboarding, problem),
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
