import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActivationCode } from '../../identifiers/activation-code.ts';
import { mailParameter, mailParameters } from '../settings/mail-parameters.ts';
import { complaintAbout } from '../settings/parameter.ts';
import { composeHandOver, composeTest, escapeHtml, type HandOver, line } from './compose.ts';
import { parseMailbox } from './mailbox.ts';
import { retryDelay, shownAnswer } from './problems.ts';

describe('a mailbox', () => {
  it.each([
    'anna@example.org',
    'a@b',
    "o'brien+phones=1@mail.example.co.uk",
    'x_y.z-1@xn--bcher-kva.example',
    `${'a'.repeat(64)}@example.org`,
    'root@localhost',
  ])('may be %s', (text) => expect(parseMailbox(text)).toBe(text));

  it.each([
    '',
    '@',
    'anna',
    'anna@',
    '@example.org',
    'anna@@example.org',
    'anna@example..org',
    '.anna@example.org',
    'anna.@example.org',
    'an..na@example.org',
    'anna@-example.org',
    'anna@example.org.',
    'anna@example.org\n',
    '\nanna@example.org',
    'anna@example.org\r\nBcc: eve@example.org',
    'anna@example.org>',
    'anna@example.org,eve@example.org',
    'anna@example.org eve@example.org',
    'anna@example.org;eve@example.org',
    'Anna <anna@example.org>',
    '"anna"@example.org',
    'anna(comment)@example.org',
    'anna@[10.0.0.1]',
    'anna@10.0.0.1',
    'anna@example.org\u0000',
    'ann\u00e4@example.org',
    'anna@ex\u2028ample.org',
    'anna@example\u3002org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(64)}.org`,
    `a@${'b.'.repeat(130)}org`,
  ])('is not %j', (text) => expect(parseMailbox(text)).toBeUndefined());

  it('never holds what could end a header line, a command or an address', () => {
    const nasty = fc.constantFrom(
      '\r',
      '\n',
      '\0',
      ' ',
      '\t',
      ',',
      ';',
      '<',
      '>',
      '"',
      '(',
      ')',
      ':',
      '\\',
      '[',
      ']',
      '\u2028',
      'é',
      '@',
    );
    fc.assert(
      fc.property(fc.string(), nasty, fc.string(), (before, bad, after) => {
        const text = `${before}${bad}${after}`;
        expect(parseMailbox(`${text}@example.org`)).toBeUndefined();
        if (bad !== '@') expect(parseMailbox(`anna@${text}`)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.emailAddress()), (text) => {
        const mailbox = parseMailbox(text);
        if (mailbox !== undefined) expect(mailbox).toMatch(/^[!-~]+@[A-Za-z0-9.-]+$/);
      }),
    );
  });
});

const handOver = (more: Partial<HandOver> = {}): HandOver => ({
  locale: 'en',
  model: 'Cisco 8845',
  description: 'Desk',
  expiresAt: new Date('2026-11-28T12:00:00Z'),
  outside: false,
  timeZone: 'Europe/Zurich',
  selfCareUrl: 'https://phones.example.com:8443/selfcare',
  code: undefined,
  ...more,
});
const code = { digits: '4273819502648313' as ActivationCode, qr: Uint8Array.of(1) };

describe('a hand-over', () => {
  it('says until when the code works, by the clock of the phone’s device pool', () => {
    expect(composeHandOver(handOver()).text).toContain('until 28 November 2026 at 13:00 (Europe/Zurich)');
    expect(composeHandOver(handOver({ locale: 'zh-CN', timeZone: 'Asia/Shanghai' })).text).toContain(
      '有效期至 2026年11月28日 20:00（Asia/Shanghai）',
    );
    expect(composeHandOver(handOver({ timeZone: 'No/Where' })).text).toContain('12:00 (UTC)');
  });

  it('speaks of the camera only to who has one', () => {
    expect(composeHandOver(handOver({ code })).text).toContain('hold the QR code in front of its camera');
    expect(composeHandOver(handOver({ code, model: 'Cisco 7841' })).text).not.toContain('camera');
  });

  it('tells people outside that the Internet is enough, and that Self Care may want the VPN', () => {
    const selfCareUrl = 'https://phones.example.com:8443/selfcare';
    const inside = composeHandOver(handOver({ selfCareUrl })).text;
    const outside = composeHandOver(handOver({ selfCareUrl, outside: true }));
    expect(inside).not.toContain('Internet');
    for (const words of [outside.text, outside.html]) {
      expect(words).toContain('it needs nothing but the Internet');
      expect(words).toContain('VPN for Self Care');
    }
    expect(composeHandOver(handOver({ selfCareUrl: undefined, code, outside: true })).text).not.toContain('VPN');
    expect(composeHandOver(handOver({ selfCareUrl, outside: true, locale: 'zh-CN' })).text).toContain('只需要互联网');
  });

  it('leaves out Self Care where it is closed', () => {
    const { text, html } = composeHandOver(handOver({ code, selfCareUrl: undefined }));
    expect(`${text}${html}`).not.toMatch(/self ?care/i);
    expect(text).toContain('4273-8195-0264-8313');
    expect(html).toContain('4273-8195-0264-8313');
  });

  it('carries no digit of a code it was not given, and no picture', () => {
    const { text, html, pictures } = composeHandOver(handOver());
    expect(`${text}${html}`).not.toMatch(/\d{4}-\d{4}/);
    expect(pictures).toEqual([]);
  });

  it('has the same subject whatever people wrote, and no markup or line of theirs', () => {
    const unit = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '\r',
      '\n',
      '\u2028',
      '\u202e',
      '\u0000',
      'a',
      ' ',
      '\ud800',
      '中',
      '{',
      '%',
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit }), fc.string({ unit: 'binary' })),
        fc.constantFrom('en', 'zh-CN'),
        (description, locale) => {
          const plain = composeHandOver(handOver({ description: '', locale, code }));
          const message = composeHandOver(handOver({ description, locale, code }));
          expect(message.subject).toBe(plain.subject);
          const tags = (html: string) => html.match(/<[^>]*>/g);
          expect(tags(message.html)).toEqual(tags(plain.html));
          expect(message.text.split('\n').length).toBe(plain.text.split('\n').length);
          expect(message.text).not.toMatch(/[\r\0\u2028\u202e]/);
          expect(message.text.isWellFormed()).toBe(true);
        },
      ),
    );
  });

  it('exists in both languages, completely', () => {
    for (const locale of ['en', 'zh-CN']) {
      for (const message of [composeHandOver(handOver({ locale, code })), composeTest(locale)]) {
        expect(message.language).toBe(locale);
        expect(/\p{Script=Han}/u.test(message.text)).toBe(locale === 'zh-CN');
        expect(/\p{Script=Han}/u.test(message.html)).toBe(locale === 'zh-CN');
        expect(message.html).toContain(`<html lang="${locale}">`);
      }
    }
    expect(composeTest('fr').language).toBe('en');
  });

  it('escapes', () => {
    expect(escapeHtml(`<a href="x">'&`)).toBe('&#60;a href=&#34;x&#34;&#62;&#39;&#38;');
    expect(line(' a\r\n\tb\u200bc ')).toBe('a b c');
  });
});

describe('what a mail server said', () => {
  it('is shown as one short printable line without anything like a code', () => {
    expect(shownAnswer('550 5.1.1\r\n no such user\u0000 1234-5678-9012-3450')).toBe('550 5.1.1 no such user ****');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const shown = shownAnswer(text);
        expect(shown.length).toBeLessThanOrEqual(200);
        expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});

describe('the next try', () => {
  it('comes soon at first and never later than a quarter of an hour', () => {
    expect([1, 2, 3, 4, 5, 6, 100].map((n) => retryDelay(n) / 1000)).toEqual([5, 15, 45, 135, 405, 900, 900]);
  });
});

describe('the parameters of mail', () => {
  const takes = (name: string, value: string) =>
    complaintAbout(mailParameters.find((each) => each.name === name)!.type, value) === undefined;
  it.each([
    [
      mailParameter.server,
      ['', 'mail.example.com', 'localhost', '10.0.0.1', '2001:db8::1'],
      ['a b', 'mail\r\nx', '-x', 'http://x', 'a/b', 'x@y'],
    ],
    [mailParameter.port, ['25', '587', '65535'], ['0', '65536', '-1', 'smtp', '']],
    [mailParameter.security, ['STARTTLS', 'TLS', 'None'], ['none', 'SSL', '']],
    [mailParameter.sender, ['', 'phones@example.com'], ['phones', 'A <a@b>', 'a@b\nc', 'a@b,c@d']],
    [
      mailParameter.selfCareUrl,
      ['', 'https://phones.example.com:8443/selfcare', 'https://10.0.0.1/'],
      ['http://x/', 'javascript:alert(1)', 'https://x/?q=1', 'https://u:p@x/', 'https://x/"', 'https://x/\n'],
    ],
    [mailParameter.timeLimit, ['1', '168'], ['0', '169']],
    [mailParameter.user, ['', 'phones', 'DOM\\user'], ['a\r\nb', 'a\0']],
  ])('%s takes what fits and nothing else', (name, good, bad) => {
    for (const value of good) expect(takes(name, value), value).toBe(true);
    for (const value of bad) expect(takes(name, value), value).toBe(false);
  });
  it('are all explained', () => {
    for (const each of Object.values(mailParameter))
      expect(mailParameters.find(({ name }) => name === each)?.help.length).toBeGreaterThan(20);
  });
});
