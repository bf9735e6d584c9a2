import type { BootEvent, StoredPhone } from '../../../src/phone/boot/types.ts';
import type { CloudAnswer, RemoteAccess, Tokens } from '../../../src/phone/mra/model.ts';
import { code, full, on, registered, reply, saved, stored } from './boot-scenes.ts';

/** Events for the tables of a phone outside. */

export const tokens: Tokens = {
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  requestId: 'request-1',
  expiresAt: 1_000_000,
  refreshAt: 800_000,
};
export const newTokens: Tokens = {
  ...tokens,
  accessToken: 'access-2',
  refreshToken: 'refresh-2',
  refreshAt: 1_600_000,
};
export const answer: CloudAnswer = {
  activationDomain: 'mra.example.org',
  edgeTrust: { sha256: ['c1', 'c2'], certificates: [Uint8Array.of(1), Uint8Array.of(2)] },
  clusterHint: 'dd',
};
export const remote: RemoteAccess = {
  activationDomain: 'mra.example.org',
  serviceDomain: 'mra.example.org',
  edgeTrust: answer.edgeTrust,
  tokens,
};
export const edgeA = { host: 'e1.example.org', port: 8443 };
export const edgeB = { host: 'e2.example.org', port: 8443 };
export const sip = { host: 'e1.example.org', port: 5061 };

export const welcomed: BootEvent = { type: 'code_typed', text: code };
export const domainTyped: BootEvent = { type: 'code_typed', text: 'MRA.example.org' };
export const resolved: BootEvent = { type: 'resolved', answer };
export const cloudDown: BootEvent = {
  type: 'resolve_failed',
  failure: { code: 'cloud_unreachable', message: 'silence' },
  retryAfterMs: undefined,
};
export const found: BootEvent = { type: 'edges', targets: [edgeA, edgeB] };
export const unknown: BootEvent = {
  type: 'edges_unknown',
  failure: { code: 'edge_not_found', message: 'no SRV record' },
};
export const ready: BootEvent = { type: 'edge_ready', edge: { sip } };
export const edgeDown: BootEvent = {
  type: 'edge_failed',
  failure: { code: 'edge_unreachable', message: 'refused' },
  retryAfterMs: undefined,
};
export const provedReply = {
  ...reply,
  clusterHint: 'dd',
  remote: {
    activationDomain: 'mra.example.org',
    serviceDomain: 'mra.example.org',
    edgeTrustSha256: ['c2', 'c1'],
    tokens,
  },
};
export const proved: BootEvent = { type: 'activated', reply: provedReply };
export const remoteFull = { ...full, serviceDomain: 'mra.example.org' };
export const gotRemoteFull: BootEvent = { type: 'configuration', configuration: remoteFull };
export const elsewhere: BootEvent = {
  type: 'configuration',
  configuration: { ...full, serviceDomain: 'emea.example.org' },
};
export const renewed: BootEvent = { type: 'tokens', tokens: newTokens };
export const withdrawn: BootEvent = { type: 'tokens_refused', detail: 'gone' };
export const tokenRefused: BootEvent = { type: 'token_refused', detail: 'too old' };
export const lost: BootEvent = { type: 'connection_lost', detail: 'reset' };
export const storedRemote: StoredPhone = { ...stored, trust: undefined, tftp: [], remote, configuration: remoteFull };
export const onRemote: BootEvent = { type: 'power_on', stored: storedRemote };

/** Up to the first edge. */
export const toEdge = [on, welcomed, resolved, found];
/** Up to the handshake through it. */
export const toProof = [...toEdge, ready];
/** Up to the first REGISTER. */
export const toRegister = [...toProof, proved, saved, gotRemoteFull];
export const toRegistered = [...toRegister, registered];
