import { universalDeviceTemplates } from '../../../contract/universal-device-templates.ts';
import { universalLineTemplates } from '../../../contract/universal-line-templates.ts';
import type { ObjectLookup } from '../../../domain/integrations/object-lookup.ts';
import type { UniversalDeviceTemplate, UniversalLineTemplate } from '../../../domain/settings/kinds.ts';
import { text } from '../../../protocol/soap/elements.ts';
import { type Elements, each } from '../elements.ts';
import type { AxlOperation } from '../operation.ts';
import { integer, reference } from '../values.ts';
import { settingsObject } from './settings-object.ts';
import type { SettingsServices } from './settings-objects.ts';

const deviceTemplateElements: Elements = {
  ...each('read', [
    'name',
    'newName',
    'deviceDescription',
    'devicePool',
    'deviceSecurityProfile',
    'sipProfile',
    'phoneButtonTemplate',
    'commonPhoneProfile',
  ]),
  location: { always: ['Hub_None'] },
  blfPresenceGroup: { always: ['Standard Presence group'] },
};

const lineTemplateElements: Elements = {
  ...each('read', [
    'name',
    'newName',
    'routePartition',
    'lineDescription',
    'alertingName',
    'maxNumCalls',
    'busyTrigger',
  ]),
  blfPresenceGroup: { always: ['Standard Presence group'] },
};

/** UniversalDeviceTemplate and UniversalLineTemplate, all five operations each. */
export function templateOperations(
  services: Pick<SettingsServices, 'universalDeviceTemplates' | 'universalLineTemplates'>,
  lookup: ObjectLookup,
): readonly AxlOperation[] {
  return [
    ...settingsObject<UniversalDeviceTemplate>(
      {
        name: 'UniversalDeviceTemplate',
        element: 'universalDeviceTemplate',
        what: 'Universal Device Template',
        kind: 'universal-device-template',
        service: services.universalDeviceTemplates,
        order: [
          'name',
          'deviceDescription',
          'devicePool',
          'deviceSecurityProfile',
          'sipProfile',
          'phoneButtonTemplate',
          'commonPhoneProfile',
        ],
        elements: deviceTemplateElements,
        contract: universalDeviceTemplates,
        references: (value) =>
          new Map([
            ['device-pool', [value.devicePool]],
            ['phone-security-profile', [value.phoneSecurityProfile]],
            ['sip-profile', [value.sipProfile]],
            ['common-phone-profile', [value.commonPhoneProfile]],
            ['phone-button-template', value.phoneButtonTemplate === null ? [] : [value.phoneButtonTemplate]],
          ]),
        fields({ value }, ids) {
          const refer = (kind: string, name: string) => ({ name, uuid: ids.get(`${kind} ${name}`) });
          return {
            name: value.name,
            deviceDescription: value.deviceDescription,
            devicePool: refer('device-pool', value.devicePool),
            deviceSecurityProfile: refer('phone-security-profile', value.phoneSecurityProfile),
            sipProfile: refer('sip-profile', value.sipProfile),
            phoneButtonTemplate:
              value.phoneButtonTemplate === null ? null : refer('phone-button-template', value.phoneButtonTemplate),
            commonPhoneProfile: refer('common-phone-profile', value.commonPhoneProfile),
          };
        },
        read(tree) {
          const name = text(tree, 'newName') || text(tree, 'name');
          const named = (element: string) => reference(tree, element)?.name || undefined;
          const deviceDescription = text(tree, 'deviceDescription');
          const devicePool = named('devicePool');
          const phoneSecurityProfile = named('deviceSecurityProfile');
          const sipProfile = named('sipProfile');
          const commonPhoneProfile = named('commonPhoneProfile');
          const buttons = reference(tree, 'phoneButtonTemplate');
          return {
            ...(name && { name }),
            ...(deviceDescription !== undefined && { deviceDescription }),
            ...(devicePool && { devicePool }),
            ...(phoneSecurityProfile && { phoneSecurityProfile }),
            ...(sipProfile && { sipProfile }),
            ...(commonPhoneProfile && { commonPhoneProfile }),
            ...(buttons && { phoneButtonTemplate: buttons.name === '' ? null : buttons.name }),
          };
        },
      },
      lookup,
    ),
    ...settingsObject<UniversalLineTemplate>(
      {
        name: 'UniversalLineTemplate',
        element: 'universalLineTemplate',
        what: 'Universal Line Template',
        kind: 'universal-line-template',
        service: services.universalLineTemplates,
        order: ['name', 'routePartition', 'lineDescription', 'alertingName', 'maxNumCalls', 'busyTrigger'],
        elements: lineTemplateElements,
        contract: universalLineTemplates,
        references: (value) => new Map([['route-partition', [value.partition]]]),
        fields: ({ value }, ids) => ({
          name: value.name,
          routePartition: { name: value.partition, uuid: ids.get(`route-partition ${value.partition}`) },
          lineDescription: value.lineDescription,
          alertingName: value.alertingName,
          maxNumCalls: value.maxCalls,
          busyTrigger: value.busyTrigger,
        }),
        read(tree) {
          const name = text(tree, 'newName') || text(tree, 'name');
          const partition = reference(tree, 'routePartition')?.name;
          const lineDescription = text(tree, 'lineDescription');
          const alertingName = text(tree, 'alertingName');
          const maxCalls = integer(tree, 'maxNumCalls');
          const busyTrigger = integer(tree, 'busyTrigger');
          return {
            ...(name && { name }),
            ...(partition !== undefined && { partition }),
            ...(lineDescription !== undefined && { lineDescription }),
            ...(alertingName !== undefined && { alertingName }),
            ...(maxCalls !== undefined && { maxCalls }),
            ...(busyTrigger !== undefined && { busyTrigger }),
          };
        },
      },
      lookup,
    ),
  ];
}
