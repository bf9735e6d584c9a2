import { utf8 } from '../../kernel/bytes.ts';
import type { PhoneFile, PhoneLine, PhoneStub } from './model.ts';
import { writeCallManagerGroup, writeMra, writeOnboarding, writeTvs } from './shared-elements.ts';
import { branch, leaf, writeXml, type XmlElement } from './xml-writer.ts';

const deviceAttributes = {
  'xsi:type': 'axl:XIPPhone',
  'xmlns:axl': 'urn:firstring:phone:1',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
};

/**
 * SEP<MAC>.cnf.xml; elements and order as in reference/field-facts.md §1.4. No element that could hold a secret is written:
 * sshPassword, phonePassword and authPassword are left out (spec/security.md).
 */
export function writePhoneFile(file: PhoneFile): Uint8Array {
  return utf8(
    writeXml(
      branch(
        'device',
        [
          ...general(),
          leaf('deviceName', file.deviceName),
          leaf('description', file.description),
          devicePool(file),
          writeTvs(file.tvs),
          sipProfile(file),
          leaf('loadInformation', file.load),
          leaf('inactiveLoadInformation', file.inactiveLoad),
          branch('commonProfile', [
            leaf('backgroundImageAccess', file.commonProfile.backgroundImageAccess),
            leaf('callLogBlfEnabled', file.commonProfile.callLogBlfEnabled ? 1 : 0),
          ]),
          vendorConfig(file.vendorConfig),
          leaf('versionStamp', file.versionStamp),
          ...locale(file),
          ...security(file),
          ...services(file.servicesUrl),
          file.ownerUserId === undefined ? undefined : leaf('userId', file.ownerUserId),
          file.ownerUserId === undefined ? undefined : leaf('ownerId', file.ownerUserId),
          phoneServices(file.servicesUrl),
          file.mra === undefined ? undefined : writeMra(file.mra),
        ],
        { ...deviceAttributes, uuid: `{${file.uuid}}` },
      ),
    ),
  );
}

/** What a phone gets that must enter a code first: where to do it, and nothing to register with. */
export function writePhoneStub(file: PhoneStub): Uint8Array {
  return utf8(
    writeXml(
      branch(
        'device',
        [
          leaf('fullConfig', false),
          leaf('deviceProtocol', 'SIP'),
          leaf('ipAddressMode', 0),
          leaf('deviceName', file.deviceName),
          writeTvs(file.tvs),
          leaf('loadInformation', file.load),
          leaf('versionStamp', file.versionStamp),
          writeOnboarding(file.onboarding),
        ],
        deviceAttributes,
      ),
    ),
  );
}

function general(): XmlElement[] {
  return [
    leaf('fullConfig', true),
    leaf('deviceProtocol', 'SIP'),
    leaf('ipAddressMode', 0),
    leaf('allowAutoConfig', true),
    leaf('dadEnable', true),
    leaf('redirectEnable', false),
    leaf('echoMultiEnable', false),
    leaf('ipPreferenceModeControl', 0),
    leaf('ipMediaAddressFamilyPreference', 0),
    leaf('mlppDomainId', -1),
    leaf('mlppIndicationStatus', 'Off'),
    leaf('preemption', 'Disabled'),
    leaf('executiveOverridePreemptable', false),
  ];
}

function devicePool({ devicePool: pool }: PhoneFile): XmlElement {
  const ntps = pool.ntpServers.map((server) =>
    branch('ntp', [leaf('name', server), leaf('nameV6', ''), leaf('ntpMode', 'Unicast')]),
  );
  return branch(
    'devicePool',
    [
      leaf('revertPriority', 0),
      leaf('name', pool.name),
      branch(
        'dateTimeSetting',
        [
          leaf('name', pool.name),
          leaf('dateTemplate', pool.dateTemplate),
          leaf('timeZone', pool.olsonTimeZone),
          leaf('olsonTimeZone', pool.olsonTimeZone),
          branch('ntps', ntps),
        ],
        { uuid: `{${pool.uuid}}` },
      ),
      writeCallManagerGroup(pool.callManagerGroup),
      branch('srstInfo', [leaf('name', 'Disable'), leaf('srstOption', 'Disable'), leaf('isSecure', false)]),
      leaf('connectionMonitorDuration', pool.connectionMonitorDuration),
    ],
    { uuid: `{${pool.uuid}}` },
  );
}

function sipProfile(file: PhoneFile): XmlElement {
  const { timers } = file;
  const proxies = branch('sipProxies', [
    leaf('backupProxy', 'USECALLMANAGER'),
    leaf('backupProxyPort', 5060),
    leaf('emergencyProxy', 'USECALLMANAGER'),
    leaf('emergencyProxyPort', 5060),
    leaf('outboundProxy', 'USECALLMANAGER'),
    leaf('outboundProxyPort', 5060),
    leaf('registerWithProxy', true),
  ]);
  const features = branch('sipCallFeatures', [
    leaf('cnfJoinEnabled', true),
    leaf('callForwardURI', 'x-cisco-serviceuri-cfwdall'),
    leaf('callPickupURI', 'x-cisco-serviceuri-pickup'),
    leaf('callPickupListURI', 'x-cisco-serviceuri-opickup'),
    leaf('callPickupGroupURI', 'x-cisco-serviceuri-gpickup'),
    leaf('meetMeServiceURI', 'x-cisco-serviceuri-meetme'),
    leaf('abbreviatedDialURI', 'x-cisco-serviceuri-abbrdial'),
    leaf('rfc2543Hold', false),
    leaf('callHoldRingback', 2),
    leaf('URIDialingDisplayPreference', 1),
    leaf('localCfwdEnable', true),
    leaf('semiAttendedTransfer', true),
    leaf('anonymousCallBlock', 2),
    leaf('callerIdBlocking', 2),
    leaf('dndControl', 0),
    leaf('remoteCcEnable', true),
    leaf('retainForwardInformation', false),
  ]);
  const stack = branch('sipStack', [
    leaf('sipInviteRetx', timers.retryInvite),
    leaf('sipRetx', timers.retryNonInvite),
    leaf('timerInviteExpires', timers.inviteExpires),
    leaf('timerRegisterExpires', timers.registerExpires),
    leaf('timerRegisterDelta', timers.registerDelta),
    leaf('timerKeepAliveExpires', timers.keepAliveExpires),
    leaf('timerSubscribeExpires', 120),
    leaf('timerSubscribeDelta', 5),
    leaf('timerT1', timers.t1),
    leaf('timerT2', timers.t2),
    leaf('maxRedirects', 70),
    leaf('remotePartyID', true),
    leaf('userInfo', 'None'),
  ]);
  return branch('sipProfile', [
    proxies,
    features,
    stack,
    leaf('autoAnswerTimer', 1),
    leaf('transferOnhookEnabled', false),
    leaf('enableVad', false),
    leaf('preferredCodec', 'none'),
    leaf('dtmfAvtPayload', file.dtmfPayload),
    leaf('dtmfDbLevel', 3),
    leaf('dtmfOutofBand', 'avt'),
    leaf('kpml', 3),
    leaf('phoneLabel', file.lines[0]?.label ?? ''),
    leaf('stutterMsgWaiting', 2),
    leaf('callStats', true),
    leaf('offhookToFirstDigitTimer', 15000),
    leaf('T302Timer', 15000),
    leaf('startMediaPort', file.startMediaPort),
    leaf('stopMediaPort', file.stopMediaPort),
    leaf('voipControlPort', 5060),
    leaf('dscpForAudio', 184),
    leaf('alwaysUsePrimeLine', false),
    leaf('alwaysUsePrimeLineVoiceMail', false),
    branch(
      'sipLines',
      file.lines.map((line) => sipLine(line, file)),
    ),
  ]);
}

function sipLine(line: PhoneLine, file: PhoneFile): XmlElement {
  return branch(
    'line',
    [
      leaf('featureID', 9),
      leaf('featureLabel', line.label),
      leaf('proxy', 'USECALLMANAGER'),
      leaf('port', 5060),
      leaf('name', line.name),
      leaf('displayName', line.displayName),
      branch('autoAnswer', [leaf('autoAnswerEnabled', 2)]),
      leaf('callWaiting', 3),
      file.digestAuthentication ? leaf('authName', file.deviceName) : undefined,
      leaf('sharedLine', false),
      leaf('messageWaitingLampPolicy', 3),
      leaf('messageWaitingAMWI', 0),
      leaf('messagesNumber', ''),
      leaf('ringSettingIdle', 4),
      leaf('ringSettingActive', 5),
      leaf('contact', line.contact),
      branch('forwardCallInfoDisplay', [
        leaf('callerName', true),
        leaf('callerNumber', false),
        leaf('redirectedNumber', false),
        leaf('dialedNumber', true),
      ]),
      leaf('maxNumCalls', line.maxCalls),
      leaf('busyTrigger', line.busyTrigger),
    ],
    { button: line.button, lineIndex: line.lineIndex },
  );
}

function vendorConfig(settings: Readonly<Record<string, string>>): XmlElement {
  // Sorted, because the order in which the database returns an object's members is not ours.
  const names = Object.keys(settings).sort();
  return branch(
    'vendorConfig',
    names.map((name) => leaf(name, settings[name]!)),
  );
}

function locale({ userLocale }: PhoneFile): XmlElement[] {
  return [
    branch('userLocale', [
      leaf('name', userLocale.name),
      leaf('langCode', userLocale.langCode),
      leaf('winCharSet', 'utf-8'),
    ]),
    leaf('networkLocale', 'United_States'),
    branch('networkLocaleInfo', [leaf('name', 'United_States')]),
  ];
}

function security(file: PhoneFile): XmlElement[] {
  return [
    leaf('deviceSecurityMode', file.deviceSecurityMode),
    leaf('transportLayerProtocol', file.transportLayerProtocol),
    leaf('capfAuthMode', 0),
    branch('capfList', [
      branch(
        'capf',
        file.devicePool.callManagerGroup.members
          .slice(0, 1)
          .flatMap((member) => [leaf('phonePort', file.capfPort), leaf('processNodeName', member.processNodeName)]),
      ),
    ]),
    leaf('certHash', ''),
    leaf('encrConfig', false),
    leaf('TLSResumptionTimer', 3600),
  ];
}

function services(base: string): XmlElement[] {
  const at = (path: string) => (base === '' ? '' : `${base}${path}`);
  return [
    leaf('authenticationURL', ''),
    leaf('directoryURL', ''),
    leaf('servicesURL', ''),
    leaf('informationURL', ''),
    leaf('messagesURL', ''),
    leaf('idleURL', ''),
    leaf('proxyServerURL', ''),
    leaf('secureUDSUsersAccessURL', at('/cucm-uds/users')),
  ];
}

function phoneServices(base: string): XmlElement {
  const builtIn = ['Missed Calls', 'Received Calls', 'Placed Calls'].map((name) =>
    branch(
      'phoneService',
      [
        leaf('name', name),
        leaf('url', `Application:Cisco/${name.replace(' ', '')}`),
        leaf('vendor', ''),
        leaf('version', ''),
      ],
      { type: 1, category: 0 },
    ),
  );
  return branch('phoneServices', [leaf('provisioning', 0), ...builtIn], { useHTTPS: base === '' ? 'false' : 'true' });
}
