/**
 * Order of the elements in replies, for the fields this system has. Strict clients stop at the first element out of order.
 * Source: reference "Reply orders", the same in 12.5, 14.0 and 15.0.
 */
export const phoneOrder = [
  'name',
  'description',
  'product',
  'model',
  'class',
  'protocol',
  'protocolSide',
  'callingSearchSpaceName',
  'devicePoolName',
  'commonDeviceConfigName',
  'commonPhoneConfigName',
  'networkLocation',
  'locationName',
  'vendorConfig',
  'securityProfileName',
  'sipProfileName',
  'lines',
  'numberOfButtons',
  'phoneTemplateName',
  'ownerUserName',
  'isActive',
  'enableActivationID',
  'activationIDStatus',
  'mraServiceDomain',
  'allowMraMode',
] as const;

/** What rows of listPhone leave out. */
export const phoneListLacks: ReadonlySet<string> = new Set(['vendorConfig', 'lines', 'activationIDStatus']);

export const activationCodeOrder = [
  'activationCode',
  'activationCodeExpiry',
  'phoneName',
  'phoneDescription',
  'phoneModel',
  'enableActivationId',
  'userId',
] as const;

export const deviceDefaultsOrder = [
  'Model',
  'Protocol',
  'LoadInformation',
  'InactiveLoadInformation',
  'DevicePoolName',
  'PhoneButtonTemplate',
  'VersionStamp',
  'PreferActCodeOverAutoReg',
] as const;

export const userOrder = [
  'firstName',
  'displayName',
  'middleName',
  'lastName',
  'userid',
  'mailid',
  'department',
  'manager',
  'userLocale',
  'associatedDevices',
  'primaryExtension',
  'associatedPc',
  'associatedGroups',
  'presenceGroupName',
  'status',
  'telephoneNumber',
] as const;

export const lineOrder = ['pattern', 'description', 'usage', 'routePartitionName', 'alertingName'] as const;

export const devicePoolOrder = [
  'name',
  'autoSearchSpaceName',
  'dateTimeSettingName',
  'callManagerGroupName',
  'regionName',
  'networkLocale',
  'srstName',
  'connectionMonitorDuration',
  'locationName',
  'mraServiceDomain',
] as const;
