import type { Redemption } from '../../domain/activation/handshake.ts';
import type { ActivationSurroundings } from '../../domain/activation/ports.ts';
import type { SealedResult, SipSettings } from '../../protocol/activation/result.ts';

/** What an activated phone is told under seal: who it is, whom to trust, where its files are and how to register. */
export function activatedResult(
  { device, already, digestPassword, tokens }: Extract<Redemption, { kind: 'activated' }>,
  surroundings: ActivationSurroundings,
): SealedResult {
  const secure = device.transport === 'tls';
  // A phone whose record does not allow it gets no tokens, and is not told of the way outside either (feature D11).
  const mra = tokens && surroundings.mra(device.devicePoolId, device.mraServiceDomainId);
  const sip: SipSettings = {
    transport: secure ? 'tls' : device.transport === 'udp' ? 'udp' : 'tcp',
    servers: surroundings
      .callManagers(device.devicePoolId)
      .map(({ host, sipPort, sipTlsPort }) => ({ host, port: secure ? sipTlsPort : sipPort })),
    ...(digestPassword !== undefined && { digest: { username: device.deviceName, password: digestPassword } }),
  };
  return {
    status: 'activated',
    activationId: device.activationId,
    already,
    deviceName: device.deviceName,
    dasId: surroundings.dasId(),
    serverTime: device.serverTime.toISOString(),
    trust: {
      itlSha256: surroundings.itlSha256(),
      itlPreviousSha256: surroundings.itlPreviousSha256(device.serverTime),
      tvs: surroundings.tvs(),
      phoneEdgeTrustSha256: surroundings.phoneEdgeTrustSha256(),
    },
    tftp: surroundings.tftp(),
    configUrl: surroundings.configUrl(device.deviceName),
    sip,
    ...(mra && { mra }),
    ...(tokens && { oauth: tokens }),
    confirmBy: device.confirmBy.toISOString(),
  };
}
