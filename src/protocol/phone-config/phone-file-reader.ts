import { MalformedError } from '../../kernel/errors.ts';
import type {
  CallManagerGroup,
  DeviceSecurityMode,
  Onboarding,
  PhoneLine,
  TransportLayerProtocol,
  TvsMember,
} from './model.ts';
import { readCallManagerGroup, readMra, readOnboarding, readTvs } from './shared-elements.ts';
import { childOf, childrenOf, numberOf, readXml, textOf, type XmlTree } from './xml-reader.ts';

interface Common {
  /** Empty when the file does not say. */
  readonly deviceName: string;
  readonly tvs: readonly TvsMember[];
  /** Load name without `.loads`; empty: keep what runs. */
  readonly load: string;
  readonly versionStamp: string;
}

/** `full`: register. `stub`: an activation code must be entered first. */
export type PhoneFileReading =
  | (Common & {
      readonly kind: 'full';
      readonly callManagerGroup: CallManagerGroup;
      readonly lines: readonly PhoneLine[];
      readonly inactiveLoad: string;
      readonly deviceSecurityMode: DeviceSecurityMode;
      readonly transportLayerProtocol: TransportLayerProtocol;
      /** User name for digest challenges; undefined: none. */
      readonly authName: string | undefined;
      readonly registerExpires: number;
      readonly registerDelta: number;
      readonly keepAliveExpires: number;
      /** Undefined: a phone on premises. */
      readonly mra: { readonly serviceDomain: string } | undefined;
    })
  | (Common & { readonly kind: 'stub'; readonly onboarding: Onboarding });

/** SEP<MAC>.cnf.xml as a phone reads it. Throws MalformedError when it is neither a full file nor a stub. */
export function readPhoneFile(bytes: Uint8Array): PhoneFileReading {
  const root = readXml(bytes);
  if (root.name !== 'device') throw new MalformedError('root element is not device');
  const common: Common = {
    deviceName: textOf(root, 'deviceName'),
    tvs: readTvs(childOf(root, 'TVS')),
    load: textOf(root, 'loadInformation'),
    versionStamp: textOf(root, 'versionStamp'),
  };
  if (textOf(root, 'fullConfig') === 'false') {
    const onboarding = readOnboarding(root);
    if (onboarding === undefined)
      throw new MalformedError('a file without full configuration lacks its onboarding block');
    return { kind: 'stub', ...common, onboarding };
  }
  const profile = childOf(root, 'sipProfile');
  const lines = childrenOf(childOf(profile, 'sipLines'), 'line').filter((line) => textOf(line, 'featureID') === '9');
  const stack = childOf(profile, 'sipStack');
  const authName = lines.map((line) => textOf(line, 'authName')).find((name) => name !== '');
  return {
    kind: 'full',
    ...common,
    callManagerGroup: readCallManagerGroup(childOf(childOf(root, 'devicePool'), 'callManagerGroup')),
    lines: lines.map(readLine),
    inactiveLoad: textOf(root, 'inactiveLoadInformation'),
    deviceSecurityMode: numberOf(root, 'deviceSecurityMode', 1, 3, 1) as DeviceSecurityMode,
    transportLayerProtocol: numberOf(root, 'transportLayerProtocol', 1, 4, 1) as TransportLayerProtocol,
    authName,
    registerExpires: numberOf(stack, 'timerRegisterExpires', 1, 86_400, 3600),
    registerDelta: numberOf(stack, 'timerRegisterDelta', 0, 3600, 5),
    keepAliveExpires: numberOf(stack, 'timerKeepAliveExpires', 1, 86_400, 120),
    mra: readMra(root),
  };
}

function readLine(line: XmlTree): PhoneLine {
  const attribute = (name: string): number => {
    const text = line.attributes[name] ?? '';
    if (!/^[0-9]{1,3}$/.test(text)) throw new MalformedError(`a line lacks its ${name}`);
    return Number(text);
  };
  return {
    button: attribute('button'),
    lineIndex: attribute('lineIndex'),
    label: textOf(line, 'featureLabel'),
    name: textOf(line, 'name'),
    displayName: textOf(line, 'displayName'),
    contact: textOf(line, 'contact'),
    maxCalls: numberOf(line, 'maxNumCalls', 0, 200, 4),
    busyTrigger: numberOf(line, 'busyTrigger', 0, 200, 2),
  };
}
