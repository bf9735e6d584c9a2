import type { RemoteAccess, Tokens } from '../mra/model.ts';
import { after, enterConfiguration, fail, failure, ignore, report, trustListFiles } from './enter.ts';
import { kept } from './keeping.ts';
import type { Activating, BootState, BootStep, Held } from './state.ts';
import type { ActivationReply, BootEvent, BootSetup } from './types.ts';

/** How a handshake ends: in what the phone keeps from then on, in another look for the trust list, or in mistrust. */

/** What was only believed for the time being goes; what an earlier proof gave stays. */
export function forgetProvisional(held: Held): Held {
  return { ...held, trust: held.stored?.trust, servers: held.stored?.tftp ?? [] };
}

export function mismatch(
  setup: BootSetup,
  held: Held,
  message: string,
  code: 'trust_mismatch' | 'server_proof_failed' = 'trust_mismatch',
): BootStep {
  return after(
    [{ type: 'stop_timer', name: 'code' }],
    fail(setup, forgetProvisional(held), 'trust', failure(code, message)),
  );
}

/** A node joined since the phone fetched its list, or somebody gave it a false one: the hash tells which, not who hands the list over. */
export function relist(setup: BootSetup, run: Activating, reply: ActivationReply, looks = 0): BootStep {
  const [file, ...left] = trustListFiles(setup);
  return {
    state: { phase: 'relisting', held: run.held, reply, run, left, looks },
    effects: [{ type: 'load_trust_list', file: file!, known: undefined, proved: reply.itlSha256 }],
  };
}

export function accepted(before: Held, reply: ActivationReply): BootStep {
  const phone = kept('proof', undefined, {
    deviceName: reply.deviceName,
    activationId: reply.activationId,
    trust: before.trust,
    // The server's own list replaces what DHCP said only when it names servers.
    tftp: reply.tftp.length > 0 ? reply.tftp : before.servers,
    digest: reply.digest,
    load: before.load,
    configuration: undefined,
    ...(reply.remote?.tokens === undefined ? {} : { remote: accessOf(reply.remote, reply.remote.tokens) }),
  })!;
  const held = { ...before, stored: phone, servers: phone.tftp };
  return {
    state: { phase: 'storing', held, reply },
    effects: [
      { type: 'stop_timer', name: 'code' },
      report(
        'prove',
        'done',
        `The server knows the code too; this phone is ${reply.deviceName}${reply.already ? ' already' : ''}.`,
      ),
      { type: 'use_servers', servers: phone.tftp },
      { type: 'store', phone },
    ],
  };
}

/** The box is ticked: the phone moves out once it has its configuration. Of the edge it knows fingerprints, no certificates. */
function accessOf(remote: NonNullable<ActivationReply['remote']>, tokens: Tokens): RemoteAccess {
  const { activationDomain, serviceDomain, edgeTrustSha256 } = remote;
  return { activationDomain, serviceDomain, edgeTrust: { sha256: edgeTrustSha256, certificates: [] }, tokens };
}

export function storing(setup: BootSetup, state: Extract<BootState, { phase: 'storing' }>, event: BootEvent): BootStep {
  if (event.type === 'store_failed') return fail(setup, state.held, 'store', failure('state_not_stored', event.detail));
  if (event.type !== 'stored') return ignore(state);
  return after(
    [report('store', 'done', 'The result is stored.'), { type: 'confirm' }],
    enterConfiguration(state.held, 'activation'),
  );
}
