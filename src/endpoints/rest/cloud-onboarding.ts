import {
  CloudEnrolmentRequest,
  CloudLeaving,
  CloudOnboardingChange,
  CloudOnboardingView,
} from '../../contract/cloud-onboarding.ts';
import type { CloudOnboarding, CloudOnboardingService } from '../../domain/mra/cloud-onboarding.ts';
import type { MraFaultCode } from '../../domain/mra/faults.ts';
import type { ProblemTable } from './problem.ts';
import { ok, type RestModule, route } from './route.ts';
import { settingProblems } from './settings.ts';

export const mraProblems = {
  cloud_address_missing: { status: 409, title: 'The address of the cloud is not set' },
  cloud_address_invalid: { status: 422, title: 'That is not the address of a cloud' },
  cloud_authority_unreadable: { status: 422, title: 'That is not a certificate authority' },
  not_enrolled: { status: 409, title: 'The cluster is not enrolled with a cloud' },
  already_enrolled: { status: 409, title: 'The cluster is enrolled with a cloud' },
  activation_domain_missing: { status: 409, title: 'The MRA activation domain is missing' },
  activation_domain_invalid: { status: 422, title: 'That is not a domain' },
  mra_onboarding_forced: { status: 409, title: 'MRA onboarding stays on' },
  version_conflict: settingProblems.version_conflict,
  cloud_unreachable: { status: 502, title: 'The cloud cannot be reached' },
  cloud_untrusted: { status: 502, title: 'The certificate of the cloud is not trusted' },
  cloud_answer_unreadable: { status: 502, title: 'What answers is not the cloud' },
  cloud_busy: { status: 503, title: 'The cloud is busy' },
  cloud_failed: { status: 502, title: 'The cloud has a failure' },
  cloud_refused: { status: 502, title: 'The cloud refuses' },
  cloud_identity_refused: { status: 502, title: 'The cloud does not know this cluster' },
  cluster_suspended: { status: 409, title: 'The cloud has suspended this cluster' },
  voucher_unreadable: { status: 422, title: 'That is not a voucher' },
  voucher_needed: { status: 409, title: 'The cloud wants a voucher of its operator' },
  voucher_not_accepted: { status: 409, title: 'The voucher is not accepted' },
  edge_trust_not_accepted: { status: 502, title: 'The cloud does not take PhoneEdge-trust' },
  edge_trust_version_stale: { status: 502, title: 'The cloud has a newer PhoneEdge-trust' },
  locator_quota_exceeded: { status: 409, title: 'The cloud gives this cluster no more codes' },
} satisfies ProblemTable<MraFaultCode>;

const path = '/cloud-onboarding';
const ofTheCloud = [
  'cloud_unreachable',
  'cloud_untrusted',
  'cloud_answer_unreadable',
  'cloud_busy',
  'cloud_failed',
  'cloud_refused',
];

/** `clusterName`: what the cloud's operator shall see at first. */
export function cloudOnboardingModule(onboarding: CloudOnboardingService, clusterName: string): RestModule {
  return {
    tag: 'Mobile & Remote Access',
    description: 'Phones outside: cloud, service domains, and whom they trust',
    problems: mraProblems,
    routes: [
      route({
        method: 'GET',
        path,
        needs: ['system.read'],
        summary: 'Show Cloud Onboarding',
        description: 'The settings, whether they are in force, and how it is with the cloud.',
        answers: { 200: CloudOnboardingView },
        async handle() {
          const shown = await onboarding.show();
          return ok(show(shown), { version: shown.connection.version });
        },
      }),
      route({
        method: 'PATCH',
        path,
        needs: ['system.write'],
        versioned: true,
        summary: 'Change Cloud Onboarding',
        description:
          'Changes what the body names. The cloud hears of it at once, or as soon as it answers again. The MRA activation domain is copied to the MRA service domains.',
        body: CloudOnboardingChange,
        answers: { 200: CloudOnboardingView },
        problems: [
          'cloud_address_invalid',
          'cloud_authority_unreadable',
          'already_enrolled',
          'activation_domain_missing',
          'activation_domain_invalid',
          'mra_onboarding_forced',
          'version_conflict',
          'invalid_if_match',
        ],
        async handle({ body, caller, ifMatch }) {
          const { mraActivationDomain, ...rest } = body;
          const changed = await onboarding.change(
            caller.actor,
            { ...rest, ...(mraActivationDomain === undefined ? {} : { mraActivationDomain }) },
            ifMatch,
          );
          return ok(show(changed), { version: changed.connection.version });
        },
      }),
      route({
        method: 'POST',
        path: `${path}/enrolment`,
        needs: ['system.write'],
        summary: 'Generate Voucher',
        description:
          'Enrols this cluster with the cloud: makes a key, and exchanges a voucher for a certificate. Without a voucher the cloud is asked for one.',
        body: CloudEnrolmentRequest,
        answers: { 200: CloudOnboardingView },
        problems: [
          'cloud_address_missing',
          'already_enrolled',
          'voucher_unreadable',
          'voucher_needed',
          'voucher_not_accepted',
          ...ofTheCloud,
        ],
        async handle({ body, caller }) {
          const text = body.voucher?.trim() ?? '';
          const enrolled = await onboarding.enrol(caller.actor, text === '' ? undefined : text, clusterName);
          return ok(show(enrolled), { version: enrolled.connection.version });
        },
      }),
      route({
        method: 'DELETE',
        path: `${path}/enrolment`,
        needs: ['system.write'],
        summary: 'Disconnect from the cloud',
        description:
          'Leaves the cloud. Codes that wait to be entered work inside the network only from then on. Also works while the cloud does not answer.',
        answers: { 200: CloudLeaving },
        problems: ['not_enrolled'],
        async handle({ caller }) {
          const { toldCloud, onboarding: left } = await onboarding.leave(caller.actor);
          return ok({ toldCloud, onboarding: show(left) }, { version: left.connection.version });
        },
      }),
      route({
        method: 'POST',
        path: `${path}/check`,
        needs: ['system.write'],
        summary: 'Check the connection with the cloud',
        description: 'Brings the cloud up to date now, and shows how that went.',
        answers: { 200: CloudOnboardingView },
        problems: ['not_enrolled'],
        async handle() {
          const checked = await onboarding.check();
          return ok(show(checked), { version: checked.connection.version });
        },
      }),
    ],
  };
}

function show({ connection, facts, locators, ...status }: CloudOnboarding): CloudOnboardingView {
  const { enrolled } = connection;
  const error = connection.lastErrorCode === '' ? null : connection.lastErrorCode;
  return {
    address: connection.address,
    certificateAuthority: connection.authorityPem,
    enableActivationCodeOnboarding: connection.enabled,
    allowMraOnboarding: status.allowMraOnboarding,
    allowMraOnboardingForced: facts.autoRegistrationModels.length > 0,
    autoRegistrationModels: [...facts.autoRegistrationModels],
    mraActivationDomain: facts.activationDomain ?? null,
    oauthRefreshLoginFlow: facts.oauthRefreshLogin,
    readiness: status.readiness,
    enrolment:
      enrolled === undefined
        ? null
        : {
            clusterId: enrolled.clusterId,
            issuer: enrolled.issuer,
            cloudKey: enrolled.cloudKey,
            enrolledAt: enrolled.enrolledAt.toISOString(),
            certificateNotAfter: enrolled.notAfter.toISOString(),
          },
    connection: {
      state: status.state,
      lastSuccessAt: connection.lastSuccessAt?.toISOString() ?? null,
      failingSince: connection.failingSince?.toISOString() ?? null,
      lastErrorAt: connection.lastErrorAt?.toISOString() ?? null,
      lastErrorCode: error,
      lastError: error === null ? null : connection.lastError,
      remedy: status.remedy ?? null,
      settingsSent: status.settingsSent,
      phoneEdgeTrustSent: status.trustSent,
    },
    locators: {
      ...locators,
      allocated: connection.locatorsAllocated ?? null,
      quota: connection.locatorQuota ?? null,
    },
    version: connection.version,
  };
}
