import type { PhoneModel } from '../../identifiers/phone-model.ts';
import { readDefaultFile } from '../../protocol/phone-config/default-file.ts';
import type { CallManagerGroup, Onboarding as OnboardingBlock, TvsMember } from '../../protocol/phone-config/model.ts';
import { readPhoneFile } from '../../protocol/phone-config/phone-file-reader.ts';
import type {
  DefaultConfiguration,
  DeviceConfiguration,
  HostPort,
  Onboarding,
  SipNode,
  SipTransport,
} from '../boot/types.ts';

/** 1 TCP, 2 UDP, 3 TLS, 4 TCP and UDP: of the last the phone takes TCP. */
const transports: Readonly<Record<number, SipTransport>> = { 1: 'tcp', 2: 'udp', 3: 'tls', 4: 'tcp' };

/** What a SEP file means to a phone of this model. Throws MalformedError. */
export function readDeviceConfiguration(bytes: Uint8Array, model: PhoneModel): DeviceConfiguration {
  const file = readPhoneFile(bytes);
  const common = {
    load: file.load === '' ? undefined : file.load,
    tvs: tvsOf(file.tvs),
    versionStamp: file.versionStamp,
  };
  if (file.kind === 'stub') {
    const onboarding = onboardingOf(file.onboarding, model);
    return { ...common, kind: 'activation-only', nodes: [], transport: 'tcp', lines: [], onboarding };
  }
  const lines = [...file.lines].sort((a, b) => a.lineIndex - b.lineIndex);
  return {
    ...common,
    kind: 'full',
    nodes: nodesOf(file.callManagerGroup),
    transport: transports[file.transportLayerProtocol] ?? 'tcp',
    lines: lines.map(({ name, contact }) => ({ directoryNumber: name, contact: contact === '' ? undefined : contact })),
    onboarding: undefined,
    serviceDomain: file.mra?.serviceDomain,
  };
}

/** What XMLDefault means to a phone of this model. Throws MalformedError. */
export function readDefaultConfiguration(bytes: Uint8Array, model: PhoneModel): DefaultConfiguration {
  const file = readDefaultFile(bytes);
  return {
    onboarding:
      file.onboarding === undefined ? { method: undefined, activation: [] } : onboardingOf(file.onboarding, model),
    nodes: nodesOf(file.callManagerGroup),
    tvs: tvsOf(file.tvs),
    load: file.loads.find(({ typeId }) => typeId === model.typeId)?.load,
    autoRegistration: file.autoRegistration,
  };
}

function onboardingOf(block: OnboardingBlock, model: PhoneModel): Onboarding {
  return {
    method: block.methods.find((each) => each.model === model.name)?.method,
    activation: block.deviceActivation.map(({ url }) => url),
  };
}

function nodesOf(group: CallManagerGroup): readonly SipNode[] {
  return group.members.map(({ processNodeName, sipPort, securedSipPort }) => ({
    host: processNodeName,
    sipPort,
    sipTlsPort: securedSipPort,
  }));
}

function tvsOf(members: readonly TvsMember[]): readonly HostPort[] {
  return members.map(({ address, port }) => ({ host: address, port }));
}
