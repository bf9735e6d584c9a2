import { callManagerGroupOf, onboardingOf, servicesUrlOf, tvsMembersOf } from './cluster-view.ts';
import type { PhoneFacts } from './facts.ts';

/**
 * absent: there is no such file. stub: the phone was in before and must enter a code now. full: it may register.
 */
export type FileState = 'absent' | 'stub' | 'full';

/** A phone whose box "Requires Activation Code for Onboarding" is ticked is locked until a code was entered (feature A7). */
export function fileStateOf(
  phone: Pick<PhoneFacts, 'enabled' | 'requiresActivationCode' | 'everActivated'>,
): FileState {
  if (!phone.enabled) return 'absent';
  if (!phone.requiresActivationCode) return 'full';
  return phone.everActivated ? 'stub' : 'absent';
}

const securityModes = { 'non-secure': 1, authenticated: 2, encrypted: 3 } as const;
const transports = { tcp: 1, udp: 2, tls: 3, 'tcp+udp': 4 } as const;
const langCodes: Readonly<Record<string, string>> = {
  English_United_States: 'en_US',
  English_United_Kingdom: 'en_GB',
  Chinese_China: 'zh_CN',
  German_Germany: 'de_DE',
  French_France: 'fr_FR',
  Spanish_Spain: 'es_ES',
};

/** What SEP<MAC>.cnf.xml of this phone says. Undefined: there is no such file. Nothing in it is secret. */
export function assemblePhone(phone: PhoneFacts) {
  const state = fileStateOf(phone);
  if (state === 'absent') return undefined;
  const defaults = phone.cluster.deviceDefaults.find((each) => each.model === phone.model);
  return state === 'stub'
    ? stub(phone, defaults?.load ?? '')
    : full(phone, defaults?.load ?? '', defaults?.inactiveLoad ?? '');
}

function stub(phone: PhoneFacts, load: string) {
  return {
    kind: 'stub' as const,
    deviceName: phone.name,
    tvs: tvsMembersOf(phone.cluster),
    load,
    versionStamp: phone.versionStamp,
    onboarding: onboardingOf(phone.cluster),
  };
}

function full(phone: PhoneFacts, load: string, inactiveLoad: string) {
  const { pool, sip, common, security, cluster } = phone;
  return {
    kind: 'full' as const,
    deviceName: phone.name,
    uuid: phone.id,
    description: phone.description,
    devicePool: {
      uuid: pool.id,
      name: pool.name,
      dateTemplate: pool.dateTemplate,
      olsonTimeZone: pool.olsonTimeZone,
      ntpServers: pool.ntpServers,
      callManagerGroup: callManagerGroupOf(cluster),
      connectionMonitorDuration: pool.connectionMonitorDuration,
    },
    tvs: tvsMembersOf(cluster),
    timers: sip,
    dtmfPayload: sip.dtmfPayload,
    startMediaPort: sip.startMediaPort,
    stopMediaPort: sip.stopMediaPort,
    lines: placeLines(phone),
    load,
    inactiveLoad,
    commonProfile: common,
    vendorConfig: textSettings(common.vendorConfig),
    versionStamp: phone.versionStamp,
    userLocale: { name: pool.userLocale, langCode: langCodes[pool.userLocale] ?? 'en_US' },
    deviceSecurityMode: securityModes[security.deviceSecurityMode],
    transportLayerProtocol: transports[security.transport],
    digestAuthentication: security.digestAuthentication,
    capfPort: 3804,
    servicesUrl: servicesUrlOf(cluster),
    ownerUserId: phone.ownerUserId,
    mra: phone.mraServiceDomain === undefined ? undefined : { serviceDomain: phone.mraServiceDomain },
  };
}

/** Lines take the template's line buttons in order; what is left over goes behind the last button. */
function placeLines({ lines, buttons }: PhoneFacts) {
  const places = buttons.flatMap((kind, index) => (kind === 'line' ? [index + 1] : []));
  return lines.map((line, index) => ({
    button: places[index] ?? buttons.length + index - places.length + 1,
    lineIndex: line.lineIndex,
    label: line.label === '' ? line.directoryNumber : line.label,
    name: line.directoryNumber,
    displayName: line.display,
    contact: line.contactUuid,
    maxCalls: line.maxCalls,
    busyTrigger: line.busyTrigger,
  }));
}

/** Settings whose value cannot stand as an element's text, or whose name speaks of a secret, are left out. */
function textSettings(settings: Readonly<Record<string, unknown>>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings)) {
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (plain && /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name) && !/passw|secret|credential|pin$/i.test(name)) {
      out[name] = String(value);
    }
  }
  return out;
}
