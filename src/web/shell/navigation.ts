import type { IconName } from '../components/icon.tsx';
import type { Key } from '../i18n/texts.ts';

export interface NavigationItem {
  readonly to: string;
  readonly text: Key;
  /** Shown to whoever holds it. */
  readonly needs: string;
  /** Also shown to whoever holds this. */
  readonly or?: string;
  /** Only where the node runs the phone lab. */
  readonly lab?: boolean;
}

export interface NavigationGroup {
  readonly text: Key;
  readonly icon: IconName;
  readonly items: readonly NavigationItem[];
}

/** The menus, in the field's order and words. */
export const navigation: readonly NavigationGroup[] = [
  {
    text: 'nav.onboarding',
    icon: 'activity',
    items: [
      { to: '/', text: 'nav.overview', needs: 'phones.read' },
      { to: '/onboarding/strangers', text: 'nav.strangers', needs: 'phones.read' },
      { to: '/lab', text: 'nav.lab', needs: 'phones.write', lab: true },
    ],
  },
  {
    text: 'nav.system',
    icon: 'layers',
    items: [
      { to: '/system/device-pools', text: 'nav.devicePools', needs: 'settings.read' },
      { to: '/system/call-manager-groups', text: 'nav.callManagerGroups', needs: 'settings.read' },
      { to: '/system/auto-registration', text: 'nav.autoRegistration', needs: 'system.read' },
      { to: '/system/enterprise-parameters', text: 'nav.enterpriseParameters', needs: 'system.read' },
      { to: '/system/service-parameters', text: 'nav.serviceParameters', needs: 'system.read' },
    ],
  },
  {
    text: 'nav.callRouting',
    icon: 'route',
    items: [
      { to: '/call-routing/lines', text: 'nav.lines', needs: 'settings.read' },
      { to: '/call-routing/route-partitions', text: 'nav.routePartitions', needs: 'settings.read' },
    ],
  },
  {
    text: 'nav.device',
    icon: 'phone',
    items: [
      { to: '/device/phones', text: 'nav.phones', needs: 'phones.read' },
      { to: '/device/registrations', text: 'nav.registrations', needs: 'registrations.read' },
    ],
  },
  {
    text: 'nav.deviceSettings',
    icon: 'sliders',
    items: [
      { to: '/device/defaults', text: 'nav.deviceDefaults', needs: 'settings.read' },
      { to: '/device/universal-device-templates', text: 'nav.universalDeviceTemplates', needs: 'settings.read' },
      { to: '/device/universal-line-templates', text: 'nav.universalLineTemplates', needs: 'settings.read' },
      { to: '/device/phone-button-templates', text: 'nav.phoneButtonTemplates', needs: 'settings.read' },
      { to: '/device/phone-security-profiles', text: 'nav.phoneSecurityProfiles', needs: 'settings.read' },
      { to: '/device/sip-profiles', text: 'nav.sipProfiles', needs: 'settings.read' },
      { to: '/device/common-phone-profiles', text: 'nav.commonPhoneProfiles', needs: 'settings.read' },
    ],
  },
  {
    text: 'nav.advancedFeatures',
    icon: 'link',
    items: [
      { to: '/advanced-features/cloud-onboarding', text: 'nav.cloudOnboarding', needs: 'system.read' },
      { to: '/advanced-features/mra-service-domains', text: 'nav.mraServiceDomains', needs: 'settings.read' },
      { to: '/advanced-features/expressways', text: 'nav.expressways', needs: 'system.read' },
    ],
  },
  {
    text: 'nav.bulk',
    icon: 'stack',
    items: [
      { to: '/bulk/files', text: 'nav.bulkFiles', needs: 'bulk.run' },
      { to: '/bulk/phone-templates', text: 'nav.phoneTemplates', needs: 'bulk.run' },
      { to: '/bulk/insert-phones', text: 'nav.insertPhones', needs: 'bulk.run' },
      { to: '/bulk/update-phones', text: 'nav.updatePhones', needs: 'bulk.run' },
      { to: '/bulk/delete-phones', text: 'nav.deletePhones', needs: 'bulk.run' },
      { to: '/bulk/export-phones', text: 'nav.exportPhones', needs: 'bulk.run' },
      { to: '/bulk/activation-codes', text: 'nav.bulkCodes', needs: 'bulk.run' },
      { to: '/bulk/jobs', text: 'nav.jobScheduler', needs: 'bulk.run', or: 'audit.read' },
      { to: '/bulk/taps', text: 'nav.taps', needs: 'system.read' },
    ],
  },
  {
    text: 'nav.userManagement',
    icon: 'users',
    items: [{ to: '/users', text: 'nav.users', needs: 'users.read' }],
  },
  {
    text: 'nav.serviceability',
    icon: 'wrench',
    items: [
      { to: '/serviceability/service-activation', text: 'nav.serviceActivation', needs: 'system.read' },
      { to: '/serviceability/tftp-files', text: 'nav.firmware', needs: 'system.read' },
      { to: '/serviceability/webhooks', text: 'nav.webhooks', needs: 'system.read' },
    ],
  },
  {
    text: 'nav.certificates',
    icon: 'shield',
    items: [
      { to: '/certificates/callmanager-trust', text: 'nav.callManagerTrust', needs: 'system.read' },
      { to: '/certificates/phone-edge-trust', text: 'nav.phoneEdgeTrust', needs: 'system.read' },
      { to: '/certificates/denied', text: 'nav.deniedMics', needs: 'system.read' },
      { to: '/certificates/itl', text: 'nav.itl', needs: 'system.read' },
    ],
  },
  {
    text: 'nav.audit',
    icon: 'book',
    items: [{ to: '/audit', text: 'nav.auditLog', needs: 'audit.read' }],
  },
];
