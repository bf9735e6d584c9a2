import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import { textsIn } from '../onboarding/languages.ts';
import type { Actor, Timeline } from '../ports.ts';
import { composeTest } from './compose.ts';
import { handOverClosed, MailFault, mailNotSetUp } from './mail-fault.ts';
import type { MailSetup, MailSetups } from './mail-setup.ts';
import { parseMailbox } from './mailbox.ts';
import type { MailCandidate, MailOverview, MailRecord, MailStore, MailTransport } from './ports.ts';

/** Messages about one phone within an hour: enough to help, too few to flood a mailbox. */
const sentPerHour = 5;

export interface MailServiceParts {
  readonly store: MailStore;
  readonly setups: MailSetups;
  readonly transport: MailTransport;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly timeline: Timeline;
  readonly newId: () => string;
}

/** What became of one name of a list. */
export interface QueueOutcome {
  readonly name: DeviceName;
  /** Undefined: it is on its way. */
  readonly refused: MailFault | undefined;
  /** Undefined: there is no such phone. */
  readonly deviceId: string | undefined;
}

/** What people ask of mail: hand codes over, see what became of it, try whether it works. Sending itself is MailSender's. */
export class MailService {
  readonly #parts: MailServiceParts;

  constructor(parts: MailServiceParts) {
    this.#parts = parts;
  }

  /**
   * Queues the hand-over of the code that waits to be entered, to the owner of the phone.
   * @throws MailFault for the phone, its owner or the set-up
   */
  async queue(name: DeviceName, actor: Actor): Promise<MailRecord> {
    const [outcome] = await this.queueAll([name], actor);
    if (outcome?.refused !== undefined) throw outcome.refused;
    const found = await this.status(outcome!.deviceId!);
    return found!;
  }

  /** The same for many phones in one transaction: each name is queued or refused for itself. @throws MailFault for the set-up */
  async queueAll(names: readonly DeviceName[], actor: Actor): Promise<readonly QueueOutcome[]> {
    const { setups, store, transactions, timeline } = this.#parts;
    refuseUnready(await setups.read());
    const outcomes = await transactions.run(async (tx) => {
      const candidates = new Map((await store.candidates(tx, names)).map((each) => [each.deviceName, each]));
      const done: { name: DeviceName; candidate: MailCandidate | undefined; refused: MailFault | undefined }[] = [];
      for (const name of new Set(names)) {
        const candidate = candidates.get(name);
        const refused = complaint(name, candidate);
        if (refused === undefined) await this.#queueOne(tx, candidate!, actor);
        done.push({ name, candidate, refused });
      }
      return done;
    });
    for (const { candidate, refused } of outcomes)
      if (candidate !== undefined && refused === undefined)
        timeline.record({
          deviceId: candidate.deviceId,
          deviceName: candidate.deviceName,
          step: 'code-e-mail-queued',
          result: 'info',
          detail: { by: actor.name },
        });
    return outcomes.map(({ name, candidate, refused }) => ({ name, refused, deviceId: candidate?.deviceId }));
  }

  /** The same for one phone in the caller's transaction; who calls tells the timeline. Undefined: it is on its way. @throws MailFault for the set-up */
  async queueIn(tx: Transaction, name: DeviceName, actor: Actor): Promise<MailFault | undefined> {
    const { setups, store } = this.#parts;
    refuseUnready(await setups.read());
    const [candidate] = await store.candidates(tx, [name]);
    const refused = complaint(name, candidate);
    if (refused === undefined) await this.#queueOne(tx, candidate!, actor);
    return refused;
  }

  async #queueOne(tx: Transaction, candidate: MailCandidate, actor: Actor): Promise<void> {
    const { store, audit } = this.#parts;
    const isNew = await store.queue(tx, candidate, actor.name);
    await audit.append(tx, {
      actor,
      action: isNew ? 'activation-code.e-mail-queued' : 'activation-code.e-mail-hastened',
      objectKind: 'activation-code',
      objectId: candidate.codeId!,
      objectName: candidate.deviceName,
      detail: { owner: candidate.owner!.userId },
    });
  }

  /** The newest message about a phone; undefined: there is none. */
  status(deviceId: string): Promise<MailRecord | undefined> {
    return this.#parts.store.newest(deviceId);
  }

  async overview(): Promise<{ setup: MailSetup; overview: MailOverview }> {
    const [setup, overview] = await Promise.all([this.#parts.setups.read(), this.#parts.store.overview()]);
    return { setup, overview };
  }

  /** Null: takes it away. */
  async setPassword(password: string | null, actor: Actor): Promise<void> {
    const { transactions, setups, audit } = this.#parts;
    await transactions.run(async (tx) => {
      await setups.setPassword(tx, password ?? undefined);
      await audit.append(tx, {
        actor,
        action: password === null ? 'mail-password.removed' : 'mail-password.set',
        objectKind: 'mail',
      });
    });
  }

  /**
   * Sends a test message to whoever asks, now, and tells what the mail server said.
   * @throws MailFault `mail_*` with what to do about it
   */
  async test(
    asker: { readonly mail: string; readonly locale: string },
    actor: Actor,
    signal: AbortSignal,
  ): Promise<{ to: string; serverSaid: string }> {
    const { setups, transport, transactions, audit, newId } = this.#parts;
    if (asker.mail === '') throw new MailFault('policy', say('no_mail_address.yours'));
    const to = parseMailbox(asker.mail);
    if (to === undefined) throw new MailFault('policy', say('bad_mail_address.yours'));
    const setup = await setups.read();
    if (setup.server === undefined || setup.sender === undefined) throw mailNotSetUp();
    const message = { id: newId(), from: setup.sender, to, ...composeTest(asker.locale) };
    const delivery = await transport.deliver(setup.server, message, signal);
    await transactions.run((tx) =>
      audit.append(tx, {
        actor,
        action: 'mail.tested',
        objectKind: 'mail',
        detail: { outcome: delivery.outcome === 'not-accepted' ? delivery.problem : delivery.outcome },
      }),
    );
    if (delivery.outcome === 'accepted') return { to, serverSaid: delivery.serverSaid };
    const problem = delivery.outcome === 'interrupted' ? 'mail_server_unreachable' : delivery.problem;
    const { cause, remedy } = textsIn('en').reasons[problem];
    const serverSaid = delivery.outcome === 'interrupted' ? '' : delivery.serverSaid;
    throw new MailFault('peer', problem, cause, { remedy, detail: { serverSaid } });
  }
}

function refuseUnready(setup: MailSetup): void {
  if (setup.server === undefined) throw mailNotSetUp();
  if (!setup.containsCode && !setup.selfCareOpen) throw handOverClosed();
}

function complaint(name: DeviceName, candidate: MailCandidate | undefined): MailFault | undefined {
  if (candidate === undefined) return new MailFault('caller', say('phone_not_found', { name }), { field: 'name' });
  if (candidate.codeId === undefined) return new MailFault('policy', say('no_active_code.mail', { name }));
  if (candidate.owner === undefined) return new MailFault('policy', say('no_owner', { name }));
  if (candidate.owner.withheld) return new MailFault('policy', say('code_withheld', { user: candidate.owner.userId }));
  if (candidate.owner.mail === '')
    return new MailFault('policy', say('no_mail_address', { user: candidate.owner.userId }));
  if (parseMailbox(candidate.owner.mail) === undefined)
    return new MailFault('policy', say('bad_mail_address', { user: candidate.owner.userId }));
  if (candidate.sentLately >= sentPerHour)
    return new MailFault('policy', say('too_many_messages', { most: sentPerHour, name }), {
      detail: { retryAfter: 600 },
    });
  return undefined;
}
