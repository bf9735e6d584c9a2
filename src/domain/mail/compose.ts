import { type ActivationCode, formatActivationCode } from '../../identifiers/activation-code.ts';
import { parsePhoneModel } from '../../identifiers/phone-model.ts';
import type { OutgoingMessage } from './ports.ts';
import { mailWordsIn } from './words.ts';

export type MessageBody = Omit<OutgoingMessage, 'id' | 'from' | 'to'>;

export interface HandOver {
  /** The user's: `en`, `zh-CN`. */
  readonly locale: string;
  /** `Cisco 8845`. */
  readonly model: string;
  /** As an administrator wrote it. */
  readonly description: string;
  readonly expiresAt: Date;
  /** Olson name, of the phone's device pool. */
  readonly timeZone: string;
  /** The code works outside: its user may be anywhere. */
  readonly outside: boolean;
  /** Undefined: Self Care shows no codes here. */
  readonly selfCareUrl: string | undefined;
  /** Only when messages may carry the code. */
  readonly code: { readonly digits: ActivationCode; readonly qr: Uint8Array } | undefined;
}

const qrName = 'activation-code-qr';

/** The hand-over of a code: plain text, and the same as simple HTML. Carries the code only when it is given. */
export function composeHandOver(handOver: HandOver): MessageBody {
  const words = mailWordsIn(handOver.locale);
  const { code, selfCareUrl } = handOver;
  const model = line(handOver.model);
  const waiting = words.waiting(model, line(handOver.description));
  const at = instantText(handOver.expiresAt, words.language, handOver.timeZone);
  const expires = words.expires(at.text, at.zone);
  const { outside } = handOver;
  const steps = words.steps({ camera: parsePhoneModel(model)?.camera ?? false, qr: code !== undefined, outside });
  const digits = code === undefined ? undefined : formatActivationCode(code.digits);
  const where = digits === undefined ? words.codeInSelfCare : words.selfCareToo;

  const text = [
    words.greeting,
    '',
    waiting,
    '',
    ...(digits === undefined ? [] : [words.codeIs, `    ${digits}`, '']),
    ...(selfCareUrl === undefined ? [] : [where, `    ${selfCareUrl}`, '']),
    ...(selfCareUrl === undefined || !outside ? [] : [words.selfCareOutside, '']),
    expires,
    '',
    `${words.stepsTitle}:`,
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    '',
    words.caution,
    '',
    '-- ',
    words.automatic,
    '',
  ].join('\n');

  const html = page(words.language, words.subject, [
    `<p>${escapeHtml(words.greeting)}</p>`,
    `<p>${escapeHtml(waiting)}</p>`,
    ...(digits === undefined
      ? []
      : [
          `<p>${escapeHtml(words.codeIs)}</p>`,
          `<p style="font-family:monospace;font-size:24px">${escapeHtml(digits)}</p>`,
          `<p><img src="cid:${qrName}" alt="${escapeHtml(words.qrAlternative)}" width="220" height="220"></p>`,
        ]),
    ...(selfCareUrl === undefined
      ? []
      : [`<p>${escapeHtml(where)}<br><a href="${escapeHtml(selfCareUrl)}">${escapeHtml(selfCareUrl)}</a></p>`]),
    ...(selfCareUrl === undefined || !outside ? [] : [`<p>${escapeHtml(words.selfCareOutside)}</p>`]),
    `<p>${escapeHtml(expires)}</p>`,
    `<p>${escapeHtml(words.stepsTitle)}</p>`,
    `<ol>${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('')}</ol>`,
    `<p>${escapeHtml(words.caution)}</p>`,
    `<p><small>${escapeHtml(words.automatic)}</small></p>`,
  ]);

  return {
    language: words.language,
    subject: words.subject,
    text,
    html,
    pictures: code === undefined ? [] : [{ name: qrName, png: code.qr }],
  };
}

/** To the administrator who asks whether mail works. */
export function composeTest(locale: string): MessageBody {
  const { language, test, automatic } = mailWordsIn(locale);
  return {
    language,
    subject: test.subject,
    text: `${test.text}\n\n-- \n${automatic}\n`,
    html: page(language, test.subject, [
      `<p>${escapeHtml(test.text)}</p>`,
      `<p><small>${escapeHtml(automatic)}</small></p>`,
    ]),
    pictures: [],
  };
}

function page(language: string, title: string, body: readonly string[]): string {
  return [
    '<!doctype html>',
    `<html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
    '<body style="font-family:sans-serif">',
    ...body,
    '</body></html>',
    '',
  ].join('\n');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);
}

/** What somebody else wrote, as one line: nothing that breaks lines, is invisible or turns the direction of writing. */
export function line(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

function instantText(at: Date, language: string, timeZone: string): { text: string; zone: string } {
  const format = (zone: string) =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: zone,
    }).format(at);
  try {
    return { text: format(timeZone), zone: timeZone };
  } catch {
    return { text: format('UTC'), zone: 'UTC' };
  }
}
