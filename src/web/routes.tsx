import { createBrowserRouter, type RouteObject } from 'react-router';
import { ConsoleDoor, SelfCareDoor } from './session/doors.tsx';
import { Crashed } from './shell/crashed.tsx';
import { NotFoundPage } from './shell/shell.tsx';

/** One chunk per page: nothing is loaded before it is opened. */
const page = (path: string, load: () => Promise<Record<string, unknown>>, name: string): RouteObject => ({
  path,
  lazy: async () => ({ Component: (await load())[name] as React.ComponentType }),
});

const resource = (path: string, id: string): RouteObject[] => [
  {
    path,
    lazy: async () => {
      const [{ ResourceListPage }, { definitions }] = await Promise.all([
        import('./pages/resources/list-page.tsx'),
        import('./pages/resources/definitions.ts'),
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
      page('system/enterprise-parameters', () => import('./pages/parameters-page.tsx'), 'EnterpriseParametersPage'),
      page('system/service-parameters', () => import('./pages/parameters-page.tsx'), 'ServiceParametersPage'),
      page('users', () => import('./pages/users/user-list-page.tsx'), 'UserListPage'),
      page('users/new', () => import('./pages/users/user-page.tsx'), 'UserPage'),
      page('users/:userId', () => import('./pages/users/user-page.tsx'), 'UserPage'),
      page(
        'serviceability/service-activation',
        () => import('./pages/service-activation-page.tsx'),
        'ServiceActivationPage',
      ),
      page('certificates/callmanager-trust', () => import('./pages/certificates/trust-page.tsx'), 'TrustPage'),
      page('certificates/itl', () => import('./pages/certificates/itl-page.tsx'), 'ItlPage'),
      page('lab', () => import('./pages/lab/lab-page.tsx'), 'LabPage'),
      page('audit', () => import('./pages/audit-page.tsx'), 'AuditPage'),
      { path: '*', Component: NotFoundPage },
    ],
  },
]);
