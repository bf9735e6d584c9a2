import type { Static } from 'typebox';
import type { ActivationCodeView, OutstandingCodeView } from '../../contract/phone-codes.ts';
import type { PhoneView } from '../../contract/phones.ts';
import type { RegistrationView } from '../../contract/registrations.ts';
import type { AttemptView, OnboardingSummaryView } from '../../contract/timeline.ts';
import type { Phone } from '../../domain/devices/phone.ts';
import type { PhoneCode } from '../../domain/devices/phone-code-service.ts';
import type { OutstandingCode, Registration } from '../../domain/devices/phone-list.ts';
import type { OnboardingSummary } from '../../domain/onboarding/summary.ts';
import type { Attempt, TimelineStep } from '../../domain/onboarding/timeline.ts';
import { formatActivationCode, qrPayload } from '../../identifiers/activation-code.ts';
import { macOf } from '../../identifiers/device-name.ts';

export function presentPhone(phone: Phone): PhoneView {
  const { activationCode: code, registration, lastStep } = phone;
  return {
    id: phone.id,
    name: phone.name,
    model: phone.model,
    mac: macOf(phone.name) ?? null,
    description: phone.description,
    devicePool: phone.devicePool,
    phoneButtonTemplate: phone.phoneButtonTemplate,
    phoneSecurityProfile: phone.phoneSecurityProfile,
    sipProfile: phone.sipProfile,
    commonPhoneProfile: phone.commonPhoneProfile,
    ownerUserId: phone.ownerUserId ?? null,
    codeWithheld: phone.codeWithheld,
    lines: phone.lines.map(({ lineId: _, ...line }) => line),
    requiresActivationCode: phone.requiresActivationCode,
    allowActivationCodeViaMra: phone.allowActivationCodeViaMra,
    mraServiceDomain: phone.mraServiceDomain ?? null,
    mra: {
      activatedVia: phone.mra.activatedVia ?? null,
      serviceDomain: phone.mra.serviceDomain?.domain ?? null,
      serviceDomainFrom: phone.mra.serviceDomain?.from ?? null,
    },
    enabled: phone.enabled,
    activationCode:
      code === undefined
        ? null
        : {
            state: code.state,
            expiresAt: code.expiresAt.toISOString(),
            boundMac: code.boundMac ?? null,
            viaMra: code.viaMra,
            cloud: code.cloud,
          },
    registration:
      registration === undefined
        ? null
        : {
            ...registration,
            registeredAt: registration.registeredAt.toISOString(),
            expiresAt: registration.expiresAt.toISOString(),
          },
    lastStep: lastStep === undefined ? null : { ...lastStep, at: lastStep.at.toISOString() },
    firstActivatedAt: phone.firstActivatedAt?.toISOString() ?? null,
    autoRegistered: phone.autoRegistered,
    activeLoad: phone.activeLoad,
    inactiveLoad: phone.inactiveLoad,
    version: phone.version,
    createdAt: phone.createdAt.toISOString(),
    updatedAt: phone.updatedAt.toISOString(),
  };
}

export function presentCode({ phone, summary, code }: PhoneCode): ActivationCodeView {
  return {
    name: phone.name,
    model: phone.model,
    code: code ?? null,
    formatted: summary.state === 'draft' ? '' : code === undefined ? '••••-••••-••••-••••' : formatActivationCode(code),
    qr: code === undefined ? null : qrPayload(code),
    state: summary.state,
    expiresAt: summary.expiresAt.toISOString(),
    boundMac: summary.boundMac ?? null,
    viaMra: summary.viaMra,
    waitsForCloud: summary.state === 'draft',
    ownerUserId: phone.ownerUserId ?? null,
  };
}

export function presentOutstanding(code: OutstandingCode): Static<typeof OutstandingCodeView> {
  const { deviceName, ...rest } = code;
  return {
    ...rest,
    name: deviceName,
    ownerUserId: code.ownerUserId ?? null,
    boundMac: code.boundMac ?? null,
    createdAt: code.createdAt.toISOString(),
    expiresAt: code.expiresAt.toISOString(),
  };
}

export function presentRegistration(registration: Registration): RegistrationView {
  const {
    deviceName,
    description,
    model,
    node,
    contact,
    transport,
    sourceAddress,
    sourcePort,
    userAgent,
    activeLoad,
    inactiveLoad,
  } = registration;
  return {
    deviceName,
    description,
    model,
    ownerUserId: registration.ownerUserId ?? null,
    node,
    contact,
    transport,
    sourceAddress,
    sourcePort,
    edge: registration.edge === '' ? null : registration.edge,
    directoryNumbers: [...registration.directoryNumbers],
    reachable: registration.reachable,
    userAgent,
    activeLoad,
    inactiveLoad,
    registeredAt: registration.registeredAt.toISOString(),
    refreshedAt: registration.refreshedAt.toISOString(),
    expiresAt: registration.expiresAt.toISOString(),
  };
}

export function presentAttempt(attempt: Attempt): AttemptView {
  return {
    kind: attempt.kind,
    startedAt: attempt.startedAt.toISOString(),
    endedAt: attempt.endedAt.toISOString(),
    mac: attempt.mac ?? null,
    outcome: attempt.outcome ?? null,
    cause: attempt.cause ?? null,
    remedy: attempt.remedy ?? null,
    steps: attempt.steps.map(presentStep),
  };
}

export function presentStep(step: TimelineStep): AttemptView['steps'][number] {
  return {
    at: step.at.toISOString(),
    step: step.step,
    title: step.title,
    result: step.result,
    text: step.text,
    reason: step.reason === '' ? null : step.reason,
    cause: step.cause ?? null,
    remedy: step.remedy ?? null,
    deviceName: step.deviceName ?? null,
    mac: step.mac ?? null,
    model: step.model ?? null,
    node: step.node,
    sourceAddress: step.sourceAddress,
    detail: step.detail,
  };
}

export function presentSummary(summary: OnboardingSummary): OnboardingSummaryView {
  return {
    hours: summary.hours,
    numbers: summary.numbers,
    funnel: [...summary.funnel],
    failures: summary.failures.map((each) => ({
      reason: each.reason,
      cause: each.cause,
      remedy: each.remedy,
      phones: each.phones,
      lastAt: each.lastAt.toISOString(),
      examples: each.examples.map(({ mac, deviceName }) => ({ mac, deviceName: deviceName ?? null })),
    })),
    newest: summary.newest.map(presentStep),
  };
}
