import { isIP } from 'node:net';
import tls from 'node:tls';
import { createTransport } from 'nodemailer';
import { domainOf } from '../../domain/mail/mailbox.ts';
import type { Delivery, MailServer, MailTransport, OutgoingMessage } from '../../domain/mail/ports.ts';
import { type MailProblem, shownAnswer } from '../../domain/mail/problems.ts';

export interface SmtpOptions {
  /** Name to say hello with: a host name or an IP address. */
  readonly hello: string;
  /** PEM; default: what Node.js and the operating system trust. */
  readonly certificateAuthorities?: readonly string[];
  /** For one whole delivery. Milliseconds. */
  readonly patience?: number;
}

const patienceOfSteps = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 20_000,
  dnsTimeout: 5_000,
};
const defaultPatience = 60_000;

/** SMTP by nodemailer: one connection per message, no logging of it, no files or URLs read for it. */
export function smtpTransport(options: SmtpOptions): MailTransport {
  let trusted: readonly string[] | undefined = options.certificateAuthorities;
  return {
    async deliver(server, message, signal) {
      trusted ??= [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
      const over = AbortSignal.any([signal, AbortSignal.timeout(options.patience ?? defaultPatience)]);
      const transport = createTransport({
        ...connectionOf(server),
        ...patienceOfSteps,
        name:
          isIP(options.hello) === 0 ? options.hello : `[${isIP(options.hello) === 6 ? 'IPv6:' : ''}${options.hello}]`,
        tls: { minVersion: 'TLSv1.2', ca: [...trusted] },
        allowInternalNetworkInterfaces: true,
        maxResponseSize: 65_536,
        logger: false,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        const sent = await transport.sendMail({ ...messageOf(message), signal: over });
        return { outcome: 'accepted', serverSaid: shownAnswer(sent.response) };
      } catch (error) {
        return signal.aborted ? { outcome: 'interrupted' } : refusalOf(error);
      } finally {
        transport.close();
      }
    },
  };
}

function connectionOf({ host, port, security, login }: MailServer) {
  return {
    host,
    port,
    secure: security === 'TLS',
    requireTLS: security === 'STARTTLS',
    ignoreTLS: security === 'None',
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password }, forceAuth: true }),
  };
}

function messageOf(message: OutgoingMessage) {
  const { id, from, to, language, subject, text, html, pictures } = message;
  return {
    messageId: `<${id}@${domainOf(from)}>`,
    envelope: { from, to: [to] },
    from: { name: '', address: from },
    to: { name: '', address: to },
    subject,
    text,
    html,
    headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
    attachments: pictures.map(({ name, png }) => ({
      filename: `${name}.png`,
      cid: name,
      contentType: 'image/png',
      contentDisposition: 'inline' as const,
      content: Buffer.from(png),
    })),
  };
}

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly message?: string;
}

/** What went wrong, from where in the conversation it did. */
function refusalOf(error: unknown): Delivery {
  const { code = '', command = '', response, responseCode = 0, message = '' } = error as SmtpError;
  const problem = problemOf(code, command, responseCode, message);
  // What a server says about a sign-in could repeat what was sent.
  const said = problem === 'mail_login_refused' ? String(responseCode || '') : (response ?? networkError(error));
  return { outcome: 'not-accepted', problem, serverSaid: shownAnswer(said) };
}

function problemOf(code: string, command: string, responseCode: number, message: string): MailProblem {
  const lasting = responseCode >= 500;
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return responseCode >= 400 && !lasting ? 'mail_server_busy' : 'mail_login_refused';
  if (code === 'ETLS' || command === 'STARTTLS' || /certificate|self-signed|altnames|SSL|TLS/i.test(message))
    return 'mail_tls_failed';
  if (responseCode >= 400) {
    if (command === 'MAIL FROM') return lasting ? 'mail_sender_refused' : 'mail_server_busy';
    if (command === 'RCPT TO') return lasting ? 'mail_recipient_refused' : 'mail_server_busy';
    if (command === 'DATA') return lasting ? 'mail_message_refused' : 'mail_server_busy';
    return 'mail_server_unreachable';
  }
  if (code === 'EENVELOPE') return 'mail_recipient_refused';
  if (code === 'EMESSAGE') return 'mail_message_refused';
  return 'mail_server_unreachable';
}

/** `ECONNREFUSED`, `ENOTFOUND`, `ETIMEDOUT`…: names, no addresses. */
function networkError(error: unknown): string {
  const { cause, code, message = '' } = error as SmtpError & { readonly cause?: { readonly code?: unknown } };
  if (code === 'EABORT') return 'ETIMEDOUT';
  if (typeof cause?.code === 'string') return cause.code;
  return /\b(?:E[A-Z]{3,}|[A-Z]+(?:_[A-Z]+)+)\b/.exec(message)?.[0] ?? code ?? '';
}
