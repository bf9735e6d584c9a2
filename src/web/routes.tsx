import { createBrowserRouter, type RouteObject } from 'react-router';
import { needWords, type WordsPart } from './i18n/i18n.ts';
import { ConsoleDoor, SelfCareDoor } from './session/doors.tsx';
import { Crashed } from './shell/crashed.tsx';
import { NotFoundPage } from './shell/shell.tsx';

/** One chunk per page: nothing is loaded before it is opened. */
const page = (
  path: string,
  load: () => Promise<Record<string, unknown>>,
  name: string,
  words: WordsPart = 'core',
): RouteObject => ({
  path,
  lazy: async () => {
    const [module] = await Promise.all([load(), needWords(words)]);
    return { Component: module[name] as React.ComponentType };
  },
});

const resource = (path: string, id: string, words: WordsPart = 'core'): RouteObject[] => [
  {
    path,
    lazy: async () => {
      const [{ ResourceListPage }, { definitions }] = await Promise.all([
        import('./pages/resources/list-page.tsx'),
        import('./pages/resources/definitions.ts'),
        needWords(words),
      ]);
      return { element: <ResourceListPage key={id} definition={definitions[id]!} /> };
    },
  },
  ...[`${path}/new`, `${path}/:name`].map((each) => ({
    path: each,
    lazy: async () => {
      const [{ ResourceEditPage }, { definitions }] = await Promise.all([
        import('./pages/resources/edit-page.tsx'),
        import('./pages/resources/definitions.ts'),
        needWords(words),
      ]);
      return { element: <ResourceEditPage key={id} definition={definitions[id]!} /> };
    },
  })),
];

export const router = createBrowserRouter([
  {
    path: '/selfcare',
    Component: SelfCareDoor,
    errorElement: <Crashed />,
    HydrateFallback: () => null,
    children: [
      { index: true, lazy: async () => ({ Component: (await import('./self-care/self-care-page.tsx')).SelfCarePage }) },
    ],
  },
  {
    path: '/',
    Component: ConsoleDoor,
    errorElement: <Crashed />,
    HydrateFallback: () => null,
    children: [
      {
        index: true,
        lazy: async () => ({ Component: (await import('./pages/onboarding/onboarding-page.tsx')).OnboardingPage }),
      },
      page('onboarding/strangers', () => import('./pages/onboarding/strangers-page.tsx'), 'StrangersPage'),
      page('onboarding/strangers/:mac', () => import('./pages/onboarding/stranger-page.tsx'), 'StrangerPage'),
      page('device/phones', () => import('./pages/phones/phone-list-page.tsx'), 'PhoneListPage'),
      page('device/phones/new', () => import('./pages/phones/add-phone-page.tsx'), 'AddPhonePage'),
      page(
        'device/phones/new-from-template',
        () => import('./pages/phones/add-from-template-page.tsx'),
        'AddFromTemplatePage',
      ),
      page('device/phones/:name', () => import('./pages/phones/phone-page.tsx'), 'PhonePage'),
      page('device/registrations', () => import('./pages/phones/registrations-page.tsx'), 'RegistrationsPage'),
      page('device/defaults', () => import('./pages/device-defaults-page.tsx'), 'DeviceDefaultsPage'),
      ...resource('system/device-pools', 'device-pools'),
      ...resource('system/call-manager-groups', 'call-manager-groups'),
      ...resource('call-routing/lines', 'lines'),
      ...resource('call-routing/route-partitions', 'route-partitions'),
      ...resource('device/universal-device-templates', 'universal-device-templates'),
      ...resource('device/universal-line-templates', 'universal-line-templates'),
      ...resource('device/phone-button-templates', 'phone-button-templates'),
      ...resource('device/phone-security-profiles', 'phone-security-profiles'),
      ...resource('device/sip-profiles', 'sip-profiles'),
      ...resource('device/common-phone-profiles', 'common-phone-profiles'),
      page(
        'system/auto-registration',
        () => import('./pages/auto-registration/auto-registration-page.tsx'),
        'AutoRegistrationPage',
        'autoRegistration',
      ),
      page('system/enterprise-parameters', () => import('./pages/parameters-page.tsx'), 'EnterpriseParametersPage'),
      page('system/service-parameters', () => import('./pages/parameters-page.tsx'), 'ServiceParametersPage'),
      page(
        'advanced-features/cloud-onboarding',
        () => import('./pages/mra/cloud-onboarding-page.tsx'),
        'CloudOnboardingPage',
      ),
      ...resource('advanced-features/mra-service-domains', 'mra-service-domains').slice(0, 2),
      page(
        'advanced-features/mra-service-domains/:name',
        () => import('./pages/mra/mra-service-domain-page.tsx'),
        'MraServiceDomainPage',
      ),
      page(
        'advanced-features/expressways',
        () => import('./pages/edge-access/expressways-page.tsx'),
        'ExpresswaysPage',
      ),
      page('users', () => import('./pages/users/user-list-page.tsx'), 'UserListPage'),
      page('users/new', () => import('./pages/users/user-page.tsx'), 'UserPage'),
      page('users/:userId', () => import('./pages/users/user-page.tsx'), 'UserPage'),
      page(
        'serviceability/service-activation',
        () => import('./pages/service-activation-page.tsx'),
        'ServiceActivationPage',
      ),
      page('serviceability/tftp-files', () => import('./pages/files/firmware-page.tsx'), 'FirmwarePage'),
      page('certificates/callmanager-trust', () => import('./pages/certificates/trust-page.tsx'), 'TrustPage'),
      page(
        'certificates/phone-edge-trust',
        () => import('./pages/certificates/phone-edge-trust-page.tsx'),
        'PhoneEdgeTrustPage',
      ),
      page('serviceability/webhooks', () => import('./pages/webhooks/webhooks-page.tsx'), 'WebhooksPage', 'webhooks'),
      page('certificates/denied', () => import('./pages/certificates/denied-mics-page.tsx'), 'DeniedMicsPage'),
      page('certificates/itl', () => import('./pages/certificates/itl-page.tsx'), 'ItlPage'),
      ...resource('bulk/phone-templates', 'phone-templates', 'bulk'),
      page('bulk/files', () => import('./pages/bulk/bulk-files-page.tsx'), 'BulkFilesPage', 'bulk'),
      page('bulk/insert-phones', () => import('./pages/bulk/insert-phones-page.tsx'), 'InsertPhonesPage', 'bulk'),
      page('bulk/update-phones', () => import('./pages/bulk/update-phones-page.tsx'), 'UpdatePhonesPage', 'bulk'),
      page('bulk/delete-phones', () => import('./pages/bulk/delete-phones-page.tsx'), 'DeletePhonesPage', 'bulk'),
      page('bulk/export-phones', () => import('./pages/bulk/export-phones-page.tsx'), 'ExportPhonesPage', 'bulk'),
      page('bulk/activation-codes', () => import('./pages/bulk/codes-page.tsx'), 'BulkCodesPage', 'bulk'),
      page('bulk/jobs', () => import('./pages/bulk/job-list-page.tsx'), 'JobListPage', 'bulk'),
      page('bulk/jobs/:id', () => import('./pages/bulk/job-page.tsx'), 'JobPage', 'bulk'),
      page('bulk/taps', () => import('./pages/auto-registration/taps-page.tsx'), 'TapsPage', 'autoRegistration'),
      page('lab', () => import('./pages/lab/lab-page.tsx'), 'LabPage', 'lab'),
      page('audit', () => import('./pages/audit-page.tsx'), 'AuditPage'),
      { path: '*', Component: NotFoundPage },
    ],
  },
]);
