import { type ActivationCode, type Locator, qrPayload } from '../../identifiers/activation-code.ts';
import { fromUtf8 } from '../../kernel/bytes.ts';
import type { Log } from '../../kernel/log.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import { sealPurpose } from '../activation/codes.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Sealer, Timeline } from '../ports.ts';
import { composeHandOver } from './compose.ts';
import type { MailSetup, MailSetups } from './mail-setup.ts';
import { type Mailbox, parseMailbox } from './mailbox.ts';
import type { ClaimedMessage, Delivery, MailStore, MailTransport, QrPictures, Settlement } from './ports.ts';
import { type Cancellation, isLastingProblem, isServerProblem, retryDelay, type ServerProblem } from './problems.ts';

/** Longer than a delivery and its record can take: after that the node that took the message is lost. Milliseconds. */
const lease = 180_000;
/** A record that the database does not take is tried again for so long, so that a sent message is not sent again. */
const settleTries = 60;
const settlePause = 1_000;
/** A stopping node leaves its message to the next one. Milliseconds. */
const handBackAfter = 1_000;

export interface MailSenderParts {
  readonly store: MailStore;
  readonly setups: MailSetups;
  readonly transport: MailTransport;
  readonly qr: QrPictures;
  readonly sealer: Sealer;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly timeline: Timeline;
  readonly log: Log;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** A message was given up: a person must look. */
  readonly onGivenUp: () => void;
}

interface Tried {
  readonly settlement: Settlement;
  /** The mail server takes nothing now: do not ask again in this round. */
  readonly serverProblem: ServerProblem | undefined;
}

/**
 * Sends what is due, one message after the other. A message is taken with a lease and settled with its audit row, so that each goes out once;
 * only a node that dies between the mail server's yes and its own record of it leaves one that is sent again, under the same Message-ID.
 */
export class MailSender {
  readonly #parts: MailSenderParts;
  #busy = false;
  #again = false;

  constructor(parts: MailSenderParts) {
    this.#parts = parts;
  }

  /** Resolves once nothing is due any more; at once while a round is under way, which then looks again. */
  async sendDue(signal: AbortSignal): Promise<void> {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#again && !signal.aborted) {
        this.#again = false;
        await this.#sendAll(signal);
      }
    } finally {
      this.#busy = false;
    }
  }

  async #sendAll(signal: AbortSignal): Promise<void> {
    const { store, transactions, setups } = this.#parts;
    let down: Delivery | undefined;
    while (!signal.aborted) {
      const setup = await setups.read();
      const message = await transactions.run((tx) => store.claim(tx, lease, setup.timeLimitHours));
      if (message === undefined) return;
      const { settlement, serverProblem } = await this.#try(message, setup, down, signal).catch((error: unknown) =>
        this.#broken(message, error),
      );
      if (serverProblem !== undefined && settlement.state !== 'sent' && settlement.state !== 'cancelled')
        down = { outcome: 'not-accepted', problem: serverProblem, serverSaid: settlement.serverSaid };
      await this.#settleSurely(message, settlement, signal);
    }
  }

  async #try(
    message: ClaimedMessage,
    setup: MailSetup,
    down: Delivery | undefined,
    signal: AbortSignal,
  ): Promise<Tried> {
    const { code, phone, owner } = message;
    const not = noLongerWanted(message, setup);
    if (not !== undefined || code === undefined || phone === undefined || owner === undefined)
      return end({ state: 'cancelled', reason: not ?? 'mail_code_ended', serverSaid: '' });
    if (owner.mail === '') return end({ state: 'failed', reason: 'mail_address_missing', serverSaid: '' });
    const to = parseMailbox(owner.mail);
    if (to === undefined) return end({ state: 'failed', reason: 'mail_address_invalid', serverSaid: '' });
    const containsCode = setup.containsCode && code.sealed !== undefined;
    const delivery = down ?? (await this.#deliver(message.id, { ...message, code, phone, owner }, to, setup, signal));
    switch (delivery.outcome) {
      case 'accepted':
        return end({ state: 'sent', recipient: to, containsCode, serverSaid: delivery.serverSaid });
      case 'interrupted':
        return end({ state: 'queued', reason: '', serverSaid: '', again: handBackAfter });
      case 'not-accepted': {
        const { problem, serverSaid } = delivery;
        const settlement: Settlement =
          message.overdue || isLastingProblem(problem)
            ? { state: 'failed', reason: problem, serverSaid }
            : { state: 'queued', reason: problem, serverSaid, again: retryDelay(message.attempts) };
        return { settlement, serverProblem: isServerProblem(problem) ? problem : undefined };
      }
    }
  }

  /** One message that we cannot make must not hold up the others. */
  #broken(message: ClaimedMessage, error: unknown): Tried {
    this.#parts.log.error({ mail: message.id, device: message.deviceName, err: error }, 'an e-mail could not be made');
    const reason = 'internal';
    return end(
      message.overdue
        ? { state: 'failed', reason, serverSaid: '' }
        : { state: 'queued', reason, serverSaid: '', again: retryDelay(message.attempts) },
    );
  }

  async #deliver(
    id: string,
    {
      code,
      phone,
      owner,
    }: {
      code: NonNullable<ClaimedMessage['code']>;
      phone: NonNullable<ClaimedMessage['phone']>;
      owner: NonNullable<ClaimedMessage['owner']>;
    },
    to: Mailbox,
    setup: MailSetup,
    signal: AbortSignal,
  ): Promise<Delivery> {
    const { sealer, qr, transport } = this.#parts;
    if (setup.server === undefined || setup.sender === undefined)
      return { outcome: 'not-accepted', problem: 'mail_not_set_up', serverSaid: '' };
    let carried: { digits: ActivationCode; qr: Uint8Array } | undefined;
    if (setup.containsCode && code.sealed !== undefined) {
      const digits = fromUtf8(sealer.open(sealPurpose.code(code.locator as Locator), code.sealed)) as ActivationCode;
      carried = { digits, qr: await qr.png(qrPayload(digits)) };
    }
    const body = composeHandOver({
      locale: owner.locale,
      ...phone,
      expiresAt: code.expiresAt,
      outside: code.viaMra,
      selfCareUrl: setup.selfCareOpen ? setup.selfCareUrl : undefined,
      code: carried,
    });
    return transport.deliver(setup.server, { id, from: setup.sender, to, ...body }, signal);
  }

  async #settleSurely(message: ClaimedMessage, settlement: Settlement, signal: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#settle(message, settlement);
        return;
      } catch (error) {
        if (tries >= settleTries || signal.aborted) throw error;
        await this.#parts.pause(settlePause);
      }
    }
  }

  async #settle(message: ClaimedMessage, settlement: Settlement): Promise<void> {
    const { store, audit, timeline, transactions, log, onGivenUp } = this.#parts;
    const { id, deviceId, deviceName } = message;
    const ended = settlement.state !== 'queued';
    const detail =
      settlement.state === 'sent'
        ? { to: settlement.recipient, containsCode: settlement.containsCode }
        : { reason: settlement.reason };
    const mine = await transactions.run(async (tx) => {
      const settled = await store.settle(tx, message, settlement);
      if (settled && ended)
        await audit.append(tx, {
          actor: { name: 'system', sourceAddress: '' },
          action: auditAction[settlement.state],
          objectKind: 'activation-code',
          objectName: deviceName,
          detail: { message: id, requestedBy: message.requestedBy, ...detail },
        });
      return settled;
    });
    if (!mine) return;
    if (settlement.state === 'queued') {
      if (settlement.reason !== '')
        log.warn(
          {
            mail: id,
            device: deviceName,
            reason: settlement.reason,
            attempt: message.attempts,
            again: settlement.again,
          },
          'an e-mail was not taken by the mail server and will be tried again',
        );
      // Told once: the story of a phone is not a log of tries.
      if (settlement.reason === '' || message.attempts > 1) return;
    }
    if (settlement.state === 'failed') {
      log.error({ mail: id, device: deviceName, reason: settlement.reason }, 'an e-mail was given up');
      onGivenUp();
    }
    timeline.record({
      ...(deviceId === undefined ? {} : { deviceId }),
      deviceName,
      step: timelineStep[settlement.state],
      result: settlement.state === 'sent' || settlement.state === 'cancelled' ? 'info' : 'failed',
      ...(settlement.state === 'sent' ? {} : { reason: settlement.reason }),
      detail: settlement.state === 'sent' ? { containsCode: settlement.containsCode } : {},
    });
  }
}

const end = (settlement: Settlement): Tried => ({ settlement, serverProblem: undefined });

const auditAction = {
  sent: 'activation-code.e-mailed',
  failed: 'activation-code.e-mail-failed',
  cancelled: 'activation-code.e-mail-cancelled',
} as const;

const timelineStep = {
  sent: 'code-e-mailed',
  failed: 'code-e-mail-failed',
  cancelled: 'code-e-mail-cancelled',
  queued: 'code-e-mail-delayed',
} as const;

/** A code that was used, released, replaced or ran out is not mailed, nor somebody's code to somebody else. */
function noLongerWanted({ code, owner }: ClaimedMessage, setup: MailSetup): Cancellation | undefined {
  switch (code?.state) {
    case 'live':
      break;
    case 'used':
      return 'mail_code_used';
    case 'expired':
      return 'mail_code_expired';
    default:
      return 'mail_code_ended';
  }
  if (owner === undefined) return 'mail_owner_changed';
  if (owner.withheld) return 'mail_owner_unconfirmed';
  return setup.containsCode || setup.selfCareOpen ? undefined : 'mail_hand_over_closed';
}
