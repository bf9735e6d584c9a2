import { toBase64url } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor, Sealer } from '../ports.ts';
import type { Page } from '../settings/resource.ts';
import type { Attempt, Delivery, DueDelivery, StoredWebhook, Webhook } from './webhook.ts';
import { retryAfter, taken } from './webhook.ts';
import { WebhookFault, webhookNameTaken, webhookNotFound } from './webhook-fault.ts';

export const webhookSecretPurpose = 'webhook-secret';

export interface WebhookStore {
  list(): Promise<readonly StoredWebhook[]>;
  find(id: string, tx?: Transaction): Promise<StoredWebhook | undefined>;
  /** Undefined: the name is taken. */
  insert(tx: Transaction, webhook: Webhook, secretSealed: Uint8Array): Promise<string | undefined>;
  /** False: the name is taken. */
  update(tx: Transaction, id: string, webhook: Webhook): Promise<boolean>;
  setSecret(tx: Transaction, id: string, secretSealed: Uint8Array): Promise<void>;
  remove(tx: Transaction, id: string): Promise<void>;
  deliveries(id: string, page: { limit?: number | undefined; cursor?: string | undefined }): Promise<Page<Delivery>>;
  /** Makes a delivery of a test event that nobody else sends. */
  addTest(id: string): Promise<DueDelivery | undefined>;
  /** Puts a delivery that ended back into the queue. False: there is none. */
  repeat(tx: Transaction, webhookId: string, deliveryId: string): Promise<boolean>;
  /** Takes the deliveries that are due, for this long (seconds): another node leaves them alone meanwhile. */
  takeDue(most: number, lease: number): Promise<readonly DueDelivery[]>;
  /** `retryIn` seconds; undefined with a failure: given up. */
  noteAttempt(
    id: string,
    attempt: Attempt,
    outcome: { delivered: boolean; retryIn: number | undefined },
  ): Promise<void>;
}

export interface WebhookParts {
  readonly store: WebhookStore;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly sealer: Sealer;
  readonly random: Random;
  /** Sends one delivery. Never throws. */
  readonly post: (delivery: DueDelivery) => Promise<Attempt>;
  /** Whether this PEM holds certificates. */
  readonly readableCa: (pem: string) => boolean;
  /** Whether requests may go to this host of a URL, as far as its text tells. */
  readonly allowsHost: (hostname: string) => boolean;
}

/** Systems that are told of what happens, and what was told them. */
export class WebhookService {
  readonly #parts: WebhookParts;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  list(): Promise<readonly StoredWebhook[]> {
    return this.#parts.store.list();
  }

  async get(id: string): Promise<StoredWebhook> {
    const found = await this.#parts.store.find(id);
    if (found === undefined) throw webhookNotFound(id);
    return found;
  }

  /** The secret is shown this once. */
  async add(actor: Actor, webhook: Webhook): Promise<{ webhook: StoredWebhook; secret: string }> {
    this.#check(webhook);
    const secret = this.#newSecret();
    const id = await this.#parts.transactions.run(async (tx) => {
      const made = await this.#parts.store.insert(tx, webhook, secret.sealed);
      if (made === undefined) throw webhookNameTaken(webhook.name);
      await this.#note(tx, actor, 'created', made, webhook.name, { url: webhook.url, events: webhook.events });
      return made;
    });
    return { webhook: await this.get(id), secret: secret.text };
  }

  async change(
    actor: Actor,
    id: string,
    change: Partial<Webhook>,
    ifVersion: number | undefined,
  ): Promise<StoredWebhook> {
    await this.#parts.transactions.run(async (tx) => {
      const current = await this.#parts.store.find(id, tx);
      if (current === undefined) throw webhookNotFound(id);
      if (ifVersion !== undefined && ifVersion !== current.version)
        throw new WebhookFault('policy', say('version_conflict.webhook'));
      const next = { ...current, ...change };
      this.#check(next);
      if (!(await this.#parts.store.update(tx, id, next))) throw webhookNameTaken(next.name);
      await this.#note(tx, actor, 'changed', id, next.name, { changed: Object.keys(change) });
    });
    return this.get(id);
  }

  /** A new secret, shown this once; the old one signs nothing from now on. */
  async renewSecret(actor: Actor, id: string): Promise<string> {
    const secret = this.#newSecret();
    await this.#parts.transactions.run(async (tx) => {
      const current = await this.#parts.store.find(id, tx);
      if (current === undefined) throw webhookNotFound(id);
      await this.#parts.store.setSecret(tx, id, secret.sealed);
      await this.#note(tx, actor, 'secret-renewed', id, current.name, {});
    });
    return secret.text;
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.#parts.transactions.run(async (tx) => {
      const current = await this.#parts.store.find(id, tx);
      if (current === undefined) throw webhookNotFound(id);
      await this.#parts.store.remove(tx, id);
      await this.#note(tx, actor, 'deleted', id, current.name, {});
    });
  }

  async deliveries(id: string, page: { limit?: number | undefined; cursor?: string | undefined }) {
    await this.get(id);
    return this.#parts.store.deliveries(id, page);
  }

  /** Sends a test event now and says what came back. */
  async test(id: string): Promise<Attempt & { readonly delivered: boolean }> {
    const due = await this.#parts.store.addTest(id);
    if (due === undefined) throw webhookNotFound(id);
    const attempt = await this.#parts.post(due);
    const delivered = taken(attempt.status);
    await this.#parts.store.noteAttempt(due.id, attempt, { delivered, retryIn: undefined });
    return { ...attempt, delivered };
  }

  async repeat(actor: Actor, id: string, deliveryId: string): Promise<void> {
    await this.#parts.transactions.run(async (tx) => {
      if (!(await this.#parts.store.repeat(tx, id, deliveryId)))
        throw new WebhookFault('caller', say('delivery_not_found'), { field: 'deliveryId' });
      await this.#note(tx, actor, 'delivery-repeated', id, deliveryId, {});
    });
  }

  /** Sends what is due until nothing is, or the node stops. Returns how many were given up. */
  async sendDue(signal: AbortSignal): Promise<number> {
    let givenUp = 0;
    for (;;) {
      const due = signal.aborted ? [] : await this.#parts.store.takeDue(batch, lease);
      if (due.length === 0) return givenUp;
      const outcomes = await Promise.all(due.map((delivery) => this.#send(delivery)));
      givenUp += outcomes.filter((each) => each === 'given-up').length;
    }
  }

  async #send(delivery: DueDelivery): Promise<'delivered' | 'waits' | 'given-up'> {
    const attempt = await this.#parts.post(delivery);
    const delivered = taken(attempt.status);
    const retryIn = delivered ? undefined : retryAfter(delivery.attempts + 1);
    await this.#parts.store.noteAttempt(delivery.id, attempt, { delivered, retryIn });
    return delivered ? 'delivered' : retryIn === undefined ? 'given-up' : 'waits';
  }

  #check(webhook: Webhook): void {
    if (!isAddress(webhook.url)) throw new WebhookFault('caller', say('webhook_url_invalid'), { field: 'url' });
    if (!this.#parts.allowsHost(new URL(webhook.url).hostname))
      throw new WebhookFault('policy', say('webhook_url_closed'), { field: 'url' });
    if (webhook.certificateAuthority !== '' && !this.#parts.readableCa(webhook.certificateAuthority))
      throw new WebhookFault('caller', say('webhook_ca_unreadable'), { field: 'certificateAuthority' });
  }

  #newSecret(): { text: string; sealed: Uint8Array } {
    const bytes = this.#parts.random.bytes(32);
    return { text: toBase64url(bytes), sealed: this.#parts.sealer.seal(webhookSecretPurpose, bytes) };
  }

  #note(tx: Transaction, actor: Actor, done: string, id: string, name: string, detail: object) {
    return this.#parts.audit.append(tx, {
      actor,
      action: `webhook.${done}`,
      objectKind: 'webhook',
      objectId: id,
      objectName: name,
      detail: { ...detail },
    });
  }
}

const batch = 20;
/** Longer than one attempt can take. Seconds. */
const lease = 60;

/** HTTPS anywhere; plain HTTP only to this machine, where nobody listens in between. */
function isAddress(text: string): boolean {
  if (text.length > 2000 || !URL.canParse(text)) return false;
  const url = new URL(text);
  // 127.1, 2130706433, 0x7f.1: an address is written as one.
  if (/^[\d.]+$/.test(url.hostname) && !text.includes(`//${url.hostname}`)) return false;
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname))
  );
}
