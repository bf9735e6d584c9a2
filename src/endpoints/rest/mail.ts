import {
  MailLanguageQuery,
  MailList,
  MailListOutcome,
  MailOverview,
  MailPassword,
  MailStatus,
  MailTest,
} from '../../contract/mail.ts';
import { PhoneParams } from '../../contract/phones.ts';
import type { PhoneService } from '../../domain/devices/phone-service.ts';
import type { MailFaultCode } from '../../domain/mail/mail-fault.ts';
import type { MailService } from '../../domain/mail/mail-service.ts';
import type { MailRecord } from '../../domain/mail/ports.ts';
import { type OnboardingLanguage, textsIn } from '../../domain/onboarding/languages.ts';
import type { OnboardingReason } from '../../domain/onboarding/steps.ts';
import type { UserService } from '../../domain/users/user-service.ts';
import { parseDeviceName } from '../../identifiers/device-name.ts';
import { urlHost } from '../../identifiers/host.ts';
import { deviceProblems } from './device-problems.ts';
import { findVisible, readDeviceName } from './phone-access.ts';
import type { ProblemTable } from './problem.ts';
import { type Answer, noContent, ok, type RestModule, route } from './route.ts';

export const mailProblems = {
  phone_not_found: deviceProblems.phone_not_found,
  no_active_code: deviceProblems.no_active_code,
  no_owner: { status: 409, title: 'The phone has no owner' },
  code_withheld: deviceProblems.code_withheld,
  no_mail_address: { status: 409, title: 'The user has no e-mail address' },
  bad_mail_address: { status: 409, title: 'That is not one plain mailbox' },
  hand_over_closed: { status: 409, title: 'There is nothing to send' },
  too_many_messages: { status: 429, title: 'Too many messages' },
  mail_not_set_up: { status: 409, title: 'E-mail is not set up' },
  mail_server_unreachable: { status: 502, title: 'The mail server does not answer' },
  mail_tls_failed: { status: 502, title: 'The connection to the mail server is not encrypted' },
  mail_login_refused: { status: 502, title: 'The mail server refused the sign-in' },
  mail_sender_refused: { status: 502, title: 'The mail server refused the sender' },
  mail_server_busy: { status: 502, title: 'The mail server is busy' },
  mail_recipient_refused: { status: 502, title: 'The mail server refused the recipient' },
  mail_message_refused: { status: 502, title: 'The mail server refused the message' },
  mail_address_missing: { status: 409, title: 'The user has no e-mail address' },
  mail_address_invalid: { status: 409, title: 'That is not one plain mailbox' },
} satisfies ProblemTable<MailFaultCode>;

const setUpProblems = ['mail_not_set_up', 'hand_over_closed'];
/** A test is answered while somebody waits. Milliseconds. */
const testPatience = 20_000;

const accepted = (body: unknown): Answer => ({ status: 202, body });

export function mailModule(mail: MailService, phones: PhoneService, users: Pick<UserService, 'get'>): RestModule {
  const path = '/phones/{name}/activation-code/e-mail';
  return {
    tag: 'E-mail',
    description: 'Activation codes on their way to people',
    problems: mailProblems,
    routes: [
      route({
        method: 'POST',
        path,
        needs: ['codes.manage'],
        summary: 'Send the activation code to the owner by e-mail',
        description:
          'Queues a message to the e-mail address of the owner of the phone: with a link to Self Care, or, if the enterprise parameter "E-mail Contains Activation Code" is set, with the code and its QR code. It is tried again while the mail server does not take it. While a message waits, this makes no second one but tries it now.',
        params: PhoneParams,
        query: MailLanguageQuery,
        answers: { 202: MailStatus },
        problems: [
          'phone_not_found',
          'no_active_code',
          'no_owner',
          'code_withheld',
          'no_mail_address',
          'bad_mail_address',
          'too_many_messages',
          ...setUpProblems,
        ],
        async handle({ params, query, caller }) {
          return accepted(present(await mail.queue(readDeviceName(params.name), caller.actor), query.language));
        },
      }),
      route({
        method: 'GET',
        path,
        needs: ['phones.read', 'own-phones.read'],
        summary: 'Show what became of the e-mail',
        description: 'The newest message about the activation code of the phone: queued, sent, failed and why.',
        params: PhoneParams,
        query: MailLanguageQuery,
        answers: { 200: MailStatus },
        problems: ['phone_not_found'],
        async handle({ params, query, caller }) {
          const phone = await findVisible(phones, params.name, caller);
          const record = await mail.status(phone.id);
          return ok(record === undefined ? nothingSent(phone.name) : present(record, query.language));
        },
      }),
      route({
        method: 'POST',
        path: '/activation-codes/e-mail',
        needs: ['codes.manage'],
        summary: 'Send activation codes to owners by e-mail',
        description: 'The same for many phones: each is queued, or refused with the reason.',
        body: MailList,
        answers: { 202: MailListOutcome },
        problems: ['phone_not_found', ...setUpProblems],
        async handle({ body, caller }) {
          const names = body.names.map((text) => parseDeviceName(text));
          const outcomes = await mail.queueAll(
            names.filter((name) => name !== undefined),
            caller.actor,
          );
          const strange = body.names.filter((_, index) => names[index] === undefined);
          return accepted({
            items: [
              ...outcomes.map(({ name, refused }) => ({
                name,
                queued: refused === undefined,
                code: refused?.code ?? null,
                detail: refused?.message ?? null,
                remedy: refused?.remedy ?? null,
              })),
              ...[...new Set(strange)].map((name) => ({
                name,
                queued: false,
                code: 'phone_not_found',
                detail: `There is no phone ${JSON.stringify(name)}.`,
                remedy: 'A device name is SEP or BAT and 12 hex digits.',
              })),
            ],
          });
        },
      }),
      route({
        method: 'GET',
        path: '/mail',
        needs: ['system.read'],
        summary: 'Show how e-mail goes',
        description: 'How it is set up (see the enterprise parameters), what waits and what was given up.',
        query: MailLanguageQuery,
        answers: { 200: MailOverview },
        async handle({ query }) {
          const { setup, overview } = await mail.overview();
          const { host, port, security, user, sender, passwordFrom } = setup.shown;
          return ok({
            setUp: setup.server !== undefined,
            server: host === '' ? null : `${urlHost(host)}:${port}`,
            security,
            user: user || null,
            sender: sender || null,
            passwordSet: passwordFrom !== undefined,
            passwordFrom: passwordFrom ?? null,
            containsCode: setup.containsCode,
            selfCareUrl: setup.selfCareUrl,
            queued: overview.queued,
            sentLastDay: overview.sentLastDay,
            failedLastDay: overview.failedLastDay,
            oldestQueuedAt: overview.oldestQueuedAt?.toISOString() ?? null,
            failures: overview.failures.map((each) => present(each, query.language)),
          });
        },
      }),
      route({
        method: 'PUT',
        path: '/mail/password',
        needs: ['system.write'],
        summary: 'Set the password for the mail server',
        description:
          'It is kept sealed and never shown. FIRSTRING_SMTP_PASSWORD in the environment of a node wins over it.',
        body: MailPassword,
        answers: { 204: null },
        async handle({ body, caller }) {
          await mail.setPassword(body.password, caller.actor);
          return noContent();
        },
      }),
      route({
        method: 'POST',
        path: '/mail/test',
        needs: ['system.write'],
        summary: 'Send a test message to oneself',
        description: 'Sends a message to the e-mail address of who asks, now, and tells what the mail server said.',
        answers: { 200: MailTest },
        problems: [
          'no_mail_address',
          'bad_mail_address',
          'mail_not_set_up',
          'mail_server_unreachable',
          'mail_tls_failed',
          'mail_login_refused',
          'mail_sender_refused',
          'mail_server_busy',
          'mail_recipient_refused',
          'mail_message_refused',
        ],
        async handle({ caller }) {
          const { value } = await users.get(caller.userId);
          return ok(await mail.test(value, caller.actor, AbortSignal.timeout(testPatience)));
        },
      }),
    ],
  };
}

function nothingSent(name: string): MailStatus {
  return {
    name,
    state: 'none',
    to: null,
    containsCode: null,
    attempts: 0,
    requestedBy: null,
    queuedAt: null,
    nextAttemptAt: null,
    endedAt: null,
    reason: null,
    cause: null,
    remedy: null,
    serverSaid: null,
  };
}

function present(record: MailRecord, language: OnboardingLanguage | undefined): MailStatus {
  const { reasons } = textsIn(language);
  const words = Object.hasOwn(reasons, record.reason) ? reasons[record.reason as OnboardingReason] : undefined;
  return {
    name: record.deviceName,
    // Being sent is a matter of seconds.
    state: record.state === 'sending' ? 'queued' : record.state,
    to: record.recipient || null,
    containsCode: record.containsCode ?? null,
    attempts: record.attempts,
    requestedBy: record.requestedBy,
    queuedAt: record.queuedAt.toISOString(),
    nextAttemptAt: record.state === 'queued' ? record.dueAt.toISOString() : null,
    endedAt: record.endedAt?.toISOString() ?? null,
    reason: record.reason || null,
    cause: words?.cause ?? null,
    remedy: words?.remedy ?? null,
    serverSaid: record.serverSaid || null,
  };
}
