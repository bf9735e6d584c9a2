import { type Elements, each } from './elements.ts';
import { phoneOrder } from './schema-order.ts';

/**
 * The elements of a phone, as addPhone and updatePhone send them. Names and defaults: reference "Reply orders" (XPhone, RPhoneLine);
 * scripts send many of them with the value that means nothing.
 */

const dirn: Elements = {
  pattern: 'read',
  routePartitionName: 'read',
  // Written by tools that send back what getPhone gave.
  ...each('absent', ['confidentialAccess']),
};

const lineAppearance: Elements = {
  ...each('read', ['index', 'label', 'display', 'maxNumCalls', 'busyTrigger']),
  dirn: { inside: dirn },
  // ASCII forms are for phones without Unicode; there are none among the supported models.
  ...each('ignored', ['displayAscii', 'asciiLabel', 'dialPlanWizardId', 'ctiid']),
  ...each('absent', ['e164Mask', 'recordingProfileName', 'monitoringCssName', 'speedDial', 'associatedEndusers']),
  ringSetting: { always: ['Ring', 'Use System Default'] },
  consecutiveRingSetting: { always: ['Use System Default', 'Ring'] },
  ringSettingIdlePickupAlert: { always: ['Use System Default'] },
  ringSettingActivePickupAlert: { always: ['Use System Default'] },
  mwlPolicy: { always: ['Use System Policy'] },
  callInfoDisplay: { inside: each('ignored', ['callerName', 'callerNumber', 'redirectedNumber', 'dialedNumber']) },
  recordingFlag: { always: ['Call Recording Disabled'] },
  recordingMediaSource: { always: ['Gateway Preferred'] },
  audibleMwi: { always: ['Default'] },
  partitionUsage: { always: ['General'] },
  missedCallLogging: { always: ['true'] },
};

const lines: Elements = {
  line: { inside: lineAppearance },
  lineIdentifier: { inside: each('read', ['directoryNumber', 'routePartitionName']) },
};

/** What both requests have. */
const fields: Elements = {
  ...each('read', [
    'description',
    'devicePoolName',
    'commonPhoneConfigName',
    'vendorConfig',
    'securityProfileName',
    'sipProfileName',
    'phoneTemplateName',
    'ownerUserName',
    'enableActivationID',
    'mraServiceDomain',
    'allowMraMode',
  ]),
  lines: { inside: lines },
  // What getPhone says of a phone comes back from tools that change one field of it.
  ...each('ignored', ['versionStamp', 'activationIDStatus', 'certificateStatus', 'numberOfButtons']),
  // Nothing controls phones through CTI here, whatever is allowed.
  ...each('ignored', ['allowCtiControlFlag', 'phoneServiceDisplay', 'packetCaptureDuration', 'keySize', 'ecKeySize']),
  protocolSide: { always: ['User'] },
  networkLocation: { always: ['Use System Default'] },
  locationName: { always: ['Hub_None'] },
  retryVideoCallAsAudio: { always: ['true'] },
  useDevicePoolCgpnTransformCss: { always: ['true'] },
  useDevicePoolCgpnIngressDN: { always: ['true'] },
  softkeyTemplateName: { always: ['Standard User'] },
  presenceGroupName: { always: ['Standard Presence group'] },
  ringSettingIdleBlfAudibleAlert: { always: ['Default'] },
  ringSettingBusyBlfAudibleAlert: { always: ['Default'] },
  callInfoPrivacyStatus: { always: ['Default'] },
  hlogStatus: { always: ['On'] },
  isActive: { always: ['true'] },
  certificateOperation: { always: ['No Pending Operation'] },
  authenticationMode: { always: ['By Null String', 'By Authentication String'] },
  keyOrder: { always: ['RSA Only'] },
  dndOption: { always: ['Use Common Phone Profile Setting', 'Ringer Off'] },
  mtpPreferedCodec: { always: ['711ulaw'] },
  outboundCallRollover: { always: ['No Rollover'] },
  deviceTrustMode: { always: ['Not Trusted'] },
  earlyOfferSupportForVoiceCall: { always: ['false'] },
  ...each('absent', [
    'callingSearchSpaceName',
    'commonDeviceConfigName',
    'mediaResourceListName',
    'networkHoldMohAudioSourceId',
    'userHoldMohAudioSourceId',
    'automatedAlternateRoutingCssName',
    'aarNeighborhoodName',
    'loadInformation',
    'traceFlag',
    'mlppDomainId',
    'mlppIndicationStatus',
    'preemption',
    'useTrustedRelayPoint',
    'cgpnTransformationCssName',
    'geoLocationName',
    'geoLocationFilterName',
    'sendGeoLocation',
    'speeddials',
    'busyLampFields',
    'primaryPhoneName',
    'blfDirectedCallParks',
    'addOnModules',
    'userLocale',
    'networkLocale',
    'idleTimeout',
    'authenticationUrl',
    'directoryUrl',
    'idleUrl',
    'informationUrl',
    'messagesUrl',
    'proxyServerUrl',
    'servicesUrl',
    'services',
    'defaultProfileName',
    'enableExtensionMobility',
    'singleButtonBarge',
    'joinAcrossLines',
    'builtInBridgeStatus',
    'ignorePresentationIndicators',
    'packetCaptureMode',
    'subscribeCallingSearchSpaceName',
    'rerouteCallingSearchSpaceName',
    'unattendedPort',
    'requireDtmfReception',
    'rfc2833Disabled',
    'authenticationString',
    'upgradeFinishTime',
    'deviceMobilityMode',
    'roamingDevicePoolName',
    'remoteDevice',
    'dndRingSetting',
    'dndStatus',
    'isDualMode',
    'mobilityUserIdName',
    'phoneSuite',
    'isProtected',
    'mtpRequired',
    'dialRulesName',
    'sshUserId',
    'sshPwd',
    'digestUser',
    'hotlineDevice',
    'secureInformationUrl',
    'secureDirectoryUrl',
    'secureMessageUrl',
    'secureServicesUrl',
    'secureAuthenticationUrl',
    'secureIdleUrl',
    'alwaysUsePrimeLine',
    'alwaysUsePrimeLineForVoiceMessage',
    'featureControlPolicy',
    'requireThirdPartyRegistration',
    'blockIncomingCallsWhenRoaming',
    'homeNetworkId',
    'AllowPresentationSharingUsingBfcp',
    'confidentialAccess',
    'requireOffPremiseLocation',
    'allowiXApplicableMedia',
    'cgpnIngressDN',
    'msisdn',
    'enableCallRoutingToRdWhenNoneIsActive',
    'wifiHotspotProfile',
    'wirelessLanProfileGroup',
    'elinGroup',
    'currentConfig',
    'loginUserId',
    'currentProfileName',
    'loginTime',
    'loginDuration',
  ]),
};

export const newPhone: Elements = { ...fields, ...each('read', ['name', 'product', 'model', 'class', 'protocol']) };

const changed: Elements = {
  ...fields,
  ...each('read', ['name', 'uuid', 'newName']),
  // A phone keeps its model and its protocol; tools that send back what they read name them.
  ...each('ignored', ['product', 'model', 'class', 'protocol']),
  addLines: { inside: lines },
  removeLines: { inside: lines },
};
/** Some clients wrap what they change. */
export const changedPhone: Elements = { ...changed, phone: { inside: changed } };

/** What getPhone and listPhone may be asked for. */
export const phoneTags: readonly string[] = [...new Set([...phoneOrder, ...Object.keys(newPhone)])];
