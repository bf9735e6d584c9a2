import { mraServiceDomains } from '../../../contract/mra-service-domains.ts';
import type { ObjectLookup } from '../../../domain/integrations/object-lookup.ts';
import type { CloudOnboarding, CloudOnboardingService } from '../../../domain/mra/cloud-onboarding.ts';
import type { MraServiceDomain } from '../../../domain/mra/service-domain.ts';
import type { ResourceService } from '../../../domain/settings/resource.ts';
import { child, text } from '../../../protocol/soap/elements.ts';
import { itemNotValid } from '../axl-fault.ts';
import { type Elements, each, listing } from '../elements.ts';
import type { AxlOperation } from '../operation.ts';
import { readWanted, row, uuidAttribute } from '../reply.ts';
import { boolean, readUuid, writeUuid } from '../values.ts';
import { settingsObject } from './settings-object.ts';

export interface MraOperationParts {
  readonly serviceDomains: ResourceService<MraServiceDomain>;
  readonly onboarding: Pick<CloudOnboardingService, 'show' | 'change' | 'enrol' | 'leave'>;
  readonly lookup: ObjectLookup;
  /** What the cloud's operator shall see when this cluster enrols. */
  readonly clusterName: string;
}

/** There is one row; its uuid is fixed. */
const onboardingId = 'c10d0000-0b0a-4d00-a001-000000000001';

/** The list's order of the fields that mean something here. */
const onboardingOrder = [
  'voucherExists',
  'serviceAddress',
  'onboardingRegistrationStatus',
  'orgName',
  'enableGDSCommunication',
  'mraActivationDomain',
  'errorStatus',
] as const;

const onboardingElements: Elements = {
  ...each('read', ['uuid', 'voucherExists', 'enableGDSCommunication', 'mraActivationDomain']),
  // Read only: what the list says comes back from tools that change one field of it.
  ...each('ignored', ['serviceAddress', 'onboardingRegistrationStatus', 'orgName', 'orgId', 'errorStatus']),
  ...each('absent', [
    'enablePushNotifications',
    'enableHttpProxy',
    'httpProxyAddress',
    'proxyUsername',
    'proxyPassword',
    'enableTrustCACertificate',
    'allowAnalyticsCollection',
    'enableTroubleshooting',
    'alarmSendEncryptedData',
  ]),
};

/** MraServiceDomain, all five, and CiscoCloudOnboarding, which has list and update. */
export function mraOperations(parts: MraOperationParts): readonly AxlOperation[] {
  const { onboarding, serviceDomains, lookup } = parts;
  return [
    ...settingsObject<MraServiceDomain>(
      {
        name: 'MraServiceDomain',
        element: 'mraServiceDomain',
        what: 'MRA Service Domain',
        kind: 'mra-service-domain',
        service: serviceDomains,
        order: ['name', 'isDefault', 'serviceDomains'],
        elements: each('read', ['name', 'newName', 'isDefault', 'serviceDomains']),
        contract: mraServiceDomains,
        required: { name: 'name', domain: 'serviceDomains' },
        fields: ({ value }) => ({ name: value.name, isDefault: value.isDefault, serviceDomains: value.domain }),
        read(tree) {
          const name = text(tree, 'newName') || text(tree, 'name');
          const isDefault = boolean(tree, 'isDefault');
          const domain = text(tree, 'serviceDomains');
          return {
            ...(name && { name }),
            // false does nothing: another one is made the default instead.
            ...(isDefault === true && { isDefault }),
            ...(domain && { domain }),
          };
        },
      },
      lookup,
    ),
    {
      name: 'listCiscoCloudOnboarding',
      what: 'Cloud Onboarding',
      takes: listing([]),
      needs: ['system.read'],
      async handle({ element }) {
        const fields = fieldsOf(await onboarding.show());
        return [row('ciscoCloudOnboarding', onboardingOrder, fields, readWanted(element), uuidAttribute(onboardingId))];
      },
    },
    {
      name: 'updateCiscoCloudOnboarding',
      what: 'Cloud Onboarding',
      takes: { ...onboardingElements, ciscoCloudOnboarding: { inside: onboardingElements } },
      needs: ['system.write'],
      async handle({ element, caller }) {
        const uuid = text(element, 'uuid') ?? element.attributes['uuid'];
        if (uuid !== undefined && uuid !== '' && readUuid(uuid) !== onboardingId)
          throw itemNotValid('Cloud Onboarding');
        const tree = child(element, 'ciscoCloudOnboarding') ?? element;
        const enabled = boolean(tree, 'enableGDSCommunication');
        const domain = text(tree, 'mraActivationDomain');
        const voucher = boolean(tree, 'voucherExists');
        const enrolled = (await onboarding.show()).connection.enrolled !== undefined;
        if (voucher === true && !enrolled) await onboarding.enrol(caller.actor, undefined, parts.clusterName);
        const change = {
          ...(enabled !== undefined && { enableActivationCodeOnboarding: enabled }),
          ...(domain !== undefined && { mraActivationDomain: domain === '' ? null : domain }),
        };
        if (Object.keys(change).length > 0) await onboarding.change(caller.actor, change);
        if (voucher === false && enrolled) await onboarding.leave(caller.actor);
        return writeUuid(onboardingId);
      },
    },
  ];
}

function fieldsOf({ connection, facts, state }: CloudOnboarding) {
  return {
    voucherExists: connection.enrolled !== undefined,
    serviceAddress: connection.address,
    onboardingRegistrationStatus:
      state === 'connected'
        ? 'Onboarding completed'
        : connection.enrolled === undefined
          ? 'Voucher Details unavailable'
          : 'Onboarding pending',
    orgName: connection.enrolled?.issuer ?? '',
    enableGDSCommunication: connection.enabled,
    mraActivationDomain: facts.activationDomain ?? null,
    errorStatus: connection.failingSince === undefined ? '' : connection.lastError,
  };
}
