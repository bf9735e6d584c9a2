import Type, { type Static } from 'typebox';
import { Instant, nullable, strict, Version } from './common.ts';

const address = Type.String({
  maxLength: 280,
  description: 'Where the cloud is: https://host:port. Empty: not set up',
});
const certificateAuthority = Type.String({
  maxLength: 65_536,
  description:
    'PEM of the authorities that the certificate of the cloud must chain to. Empty: the one a voucher names, else public ones',
});
const count = (description: string) => Type.Integer({ minimum: 0, description });

export const CloudOnboardingView = strict(
  {
    address,
    certificateAuthority,
    enableActivationCodeOnboarding: Type.Boolean({
      description: '"Enable Activation Code Onboarding with Cloud"',
    }),
    allowMraOnboarding: Type.Boolean({
      description: '"Allow MRA Onboarding". The same as the service parameter "Enable MRA Activation"',
    }),
    allowMraOnboardingForced: Type.Boolean({
      description: 'On and not to be changed, because Device Defaults of some model use auto-registration',
    }),
    autoRegistrationModels: Type.Array(Type.String(), { description: 'Those models' }),
    mraActivationDomain: nullable(
      Type.String(),
      '"MRA Activation Domain": the one domain where all phones outside are activated. The same as the service parameter',
    ),
    oauthRefreshLoginFlow: Type.Boolean({
      description: 'Whether "OAuth with Refresh Login Flow" is enabled: without it phones outside are refused',
    }),
    readiness: Type.Enum(
      ['ready', 'cloud_onboarding_off', 'not_enrolled', 'activation_domain_missing', 'mra_onboarding_off'],
      { description: 'ready: codes are made that work from outside; else what is missing first' },
    ),
    enrolment: nullable(
      strict(
        {
          clusterId: Type.String({ description: 'What the cloud calls this cluster' }),
          issuer: Type.String({ description: 'Name of the cloud in its signed answers' }),
          cloudKey: Type.Object({}, { additionalProperties: true, description: 'Public key (JWK) that phones pin' }),
          enrolledAt: Instant('Since when'),
          certificateNotAfter: Instant('When the certificate ends; it is renewed by itself 30 days before'),
        },
        { title: 'CloudEnrolment', description: 'Who this cluster is at the cloud' },
      ),
      'Null: not enrolled',
    ),
    connection: strict(
      {
        state: Type.Enum(['not-set-up', 'not-enrolled', 'connecting', 'connected', 'suspended', 'failing'], {
          description: 'How it is with the cloud',
        }),
        lastSuccessAt: nullable(Instant('When'), 'When it last answered'),
        failingSince: nullable(Instant('When'), 'Since when nothing works; null: it does'),
        lastErrorAt: nullable(Instant('When'), 'When something last went wrong'),
        lastErrorCode: nullable(Type.String(), 'Stable name of that'),
        lastError: nullable(Type.String(), 'The same in plain words'),
        remedy: nullable(Type.String(), 'What to do about it; null: nothing is wrong now'),
        settingsSent: Type.Boolean({ description: 'Whether the cloud has these settings' }),
        phoneEdgeTrustSent: Type.Boolean({ description: 'Whether the cloud has PhoneEdge-trust as it is' }),
      },
      { title: 'CloudConnectionStatus', description: 'How it is with the cloud' },
    ),
    locators: strict(
      {
        stock: count('Lie ready for new codes'),
        inUse: count('Belong to codes that wait to be entered'),
        releasing: count('On their way back to the cloud'),
        drafts: count('Codes that wait for the cloud'),
        allocated: nullable(count('How many'), 'Given to this cluster, as the cloud counts'),
        quota: nullable(count('How many'), 'The most it gives'),
      },
      { title: 'CloudLocators', description: 'First seven digits of codes, which the cloud gives' },
    ),
    version: Version,
  },
  {
    title: 'CloudOnboarding',
    description: 'How this cluster and the cloud activation service work together',
    examples: [
      {
        address: 'https://cloud.example.org:9447',
        certificateAuthority: '',
        enableActivationCodeOnboarding: true,
        allowMraOnboarding: true,
        allowMraOnboardingForced: false,
        autoRegistrationModels: [],
        mraActivationDomain: 'mra.example.org',
        oauthRefreshLoginFlow: true,
        readiness: 'ready',
        enrolment: {
          clusterId: '5d0a2c1e-0f5b-4d8e-9a63-2b1f8f6f3a10',
          issuer: 'https://cloud.example.org:9447',
          cloudKey: { kty: 'EC', crv: 'P-256', x: '…', y: '…' },
          enrolledAt: '2026-11-21T18:00:00.000Z',
          certificateNotAfter: '2027-11-21T18:00:00.000Z',
        },
        connection: {
          state: 'connected',
          lastSuccessAt: '2026-11-21T18:00:00.000Z',
          failingSince: null,
          lastErrorAt: null,
          lastErrorCode: null,
          lastError: null,
          remedy: null,
          settingsSent: true,
          phoneEdgeTrustSent: true,
        },
        locators: { stock: 20, inUse: 3, releasing: 0, drafts: 0, allocated: 23, quota: 10000 },
        version: 3,
      },
    ],
  },
);
export type CloudOnboardingView = Static<typeof CloudOnboardingView>;

export const CloudOnboardingChange = strict(
  {
    address: Type.Optional(address),
    certificateAuthority: Type.Optional(certificateAuthority),
    enableActivationCodeOnboarding: Type.Optional(
      Type.Boolean({ description: 'Needs mraActivationDomain, here or before' }),
    ),
    allowMraOnboarding: Type.Optional(
      Type.Boolean({ description: 'Cannot be false while Device Defaults of some model use auto-registration' }),
    ),
    mraActivationDomain: Type.Optional(
      Type.Union([Type.String({ maxLength: 280 }), Type.Null()], {
        description: 'Copied to the MRA service domains. Null or empty: none',
      }),
    ),
  },
  {
    title: 'CloudOnboardingChange',
    description: 'What to change; what is left out stays',
    minProperties: 1,
    examples: [{ enableActivationCodeOnboarding: true, mraActivationDomain: 'mra.example.org' }],
  },
);

export const CloudEnrolmentRequest = strict(
  {
    voucher: Type.Optional(
      Type.String({
        maxLength: 400,
        description:
          'As the operator of the cloud gave it. Left out: the cloud is asked for one, which it gives where self-service is on',
      }),
    ),
  },
  {
    title: 'CloudEnrolmentRequest',
    description: 'Generate Voucher: makes a key, and exchanges the voucher for a certificate',
    examples: [{}, { voucher: 'fsv1.l3Yc…' }],
  },
);

export const CloudLeaving = strict(
  {
    toldCloud: Type.Boolean({
      description: 'false: the cloud did not answer; its operator has to delete the cluster there',
    }),
    onboarding: CloudOnboardingView,
  },
  { title: 'CloudLeaving', description: 'This cluster is not enrolled any more' },
);
