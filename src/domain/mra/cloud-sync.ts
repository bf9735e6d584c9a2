import type { Log } from '../../kernel/log.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { LocatorOffer } from '../activation/cloud-locators.ts';
import type { ActivationCodes } from '../activation/codes.ts';
import type { ActivationCodeStore } from '../activation/ports.ts';
import type { Sealer, Timeline } from '../ports.ts';
import { type CloudLink, cloudKeyPurpose, type Linked } from './cloud-link.ts';
import { isCloudFault, type MraFault } from './faults.ts';
import { type LocatorStock, stockTarget } from './locator-stock.ts';
import type { CloudConnectionStore, CloudSettings, IdentityMaker, LocatorStore } from './ports.ts';
import { mraAllowed, readiness } from './rules.ts';

export interface CloudSyncParts {
  readonly link: CloudLink;
  readonly store: CloudConnectionStore;
  readonly locators: LocatorStore;
  readonly codes: Pick<ActivationCodes, 'activateDraft'>;
  readonly codeStore: Pick<ActivationCodeStore, 'drafts'>;
  readonly stock: LocatorStock;
  readonly identities: IdentityMaker;
  readonly sealer: Sealer;
  readonly transactions: Transactions;
  readonly timeline: Timeline;
  /** Lower-case hex of SHA-256. */
  readonly sha256: (text: string) => string;
  readonly log: Log;
  /** This node. */
  readonly holder: string;
  /** Nothing has worked for so long that a person must look. */
  readonly alarm: (fault: MraFault, since: Date) => void;
}

/** A node that dies with the lease is given up after this, in seconds; every request to the cloud ends sooner. */
const leaseSeconds = 90;
const batch = 200;
/** A client certificate with less than this left is renewed, in ms. */
const renewBefore = 30 * 24 * 3600 * 1000;
const alarmAfter = 15 * 60 * 1000;
/** A release that the cloud refuses for good is tried again after this, in seconds, and told each time. */
const refusedPause = 3600;

export type SyncOutcome = 'done' | 'not-enrolled' | 'busy-elsewhere' | 'failed';

/**
 * Brings the cloud to what this cluster wants: settings, PhoneEdge-trust, locators for drafts and the stock, locators given back, a certificate
 * that lasts. It compares and repeats, so that a cloud that was away for days, or a node that died between two lines, costs nothing but time.
 */
export class CloudSync {
  readonly #parts: CloudSyncParts;
  #running: Promise<SyncOutcome> | undefined;
  #again = false;

  constructor(parts: CloudSyncParts) {
    this.#parts = parts;
  }

  /** One at a time; what comes in between makes it run once more. */
  run(signal?: AbortSignal): Promise<SyncOutcome> {
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#repeat(signal).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #repeat(signal: AbortSignal | undefined): Promise<SyncOutcome> {
    for (;;) {
      this.#again = false;
      const outcome = await this.#once(signal);
      if (!this.#again || outcome !== 'done' || signal?.aborted) return outcome;
    }
  }

  async #once(signal: AbortSignal | undefined): Promise<SyncOutcome> {
    const { store, holder, log, link } = this.#parts;
    const linked = await link.open();
    if (linked === undefined) {
      await this.#serveDraftsInside();
      return 'not-enrolled';
    }
    if (!(await store.lease(holder, leaseSeconds))) return 'busy-elsewhere';
    try {
      await this.#certificate(linked);
      await this.#settings(linked);
      await this.#trust(linked);
      await this.#giveBack(linked, signal);
      await this.#locators(linked, signal);
      return 'done';
    } catch (error) {
      const fault = await link.noteFailure(error);
      if (fault === undefined) throw error;
      const since = linked.connection.failingSince;
      log.warn(
        { code: fault.code, reason: fault.message },
        'the cloud could not be brought up to date; it is tried again',
      );
      if (since !== undefined && linked.connection.now.getTime() - since.getTime() >= alarmAfter)
        this.#parts.alarm(fault, since);
      return 'failed';
    } finally {
      await store.release(holder);
    }
  }

  async #certificate({ connection, to, as }: Linked): Promise<void> {
    const { identities, link, store, sealer, log } = this.#parts;
    if (connection.enrolled!.notAfter.getTime() - connection.now.getTime() > renewBefore) return;
    const made = await identities.make();
    const renewed = await link.cloud.renew(to, as, made.csr);
    await store.setRenewed(renewed, sealer.seal(cloudKeyPurpose, made.key));
    log.info({ notAfter: renewed.notAfter }, 'the certificate of this cluster at the cloud was renewed');
  }

  async #settings({ connection, to, as }: Linked): Promise<void> {
    const { link, store, sha256, stock } = this.#parts;
    const [facts, dasId] = await Promise.all([store.facts(), store.dasId()]);
    const wanted: CloudSettings = {
      activationDomain: facts.activationDomain,
      enabled: connection.enabled && mraAllowed(facts) && facts.activationDomain !== undefined,
      clusterHint: sha256(dasId),
    };
    const same = sameSettings(wanted, connection.settingsSent);
    const view = same ? await link.cloud.view(to, as) : await link.cloud.setSettings(to, as, wanted);
    const { activationDomain, enabled } = view;
    const lost = same && !sameSettings({ activationDomain, enabled, clusterHint: wanted.clusterHint }, wanted);
    if (lost) await link.cloud.setSettings(to, as, wanted);
    if (!same || lost) await store.noteSettingsSent(wanted);
    // A cloud that went back to an older state lacks what we sent after that.
    if (view.trustVersion < connection.trustSentVersion) await store.noteTrustSent(view.trustVersion);
    if (view.trustVersion > connection.trustVersion) await store.raiseTrustVersion(view.trustVersion + 1);
    await store.noteSuccess(view);
    stock.cloudAnswers();
  }

  async #trust({ to, as }: Linked): Promise<void> {
    const { link, store } = this.#parts;
    const { trustVersion, trustSentVersion } = await store.read();
    if (trustVersion <= trustSentVersion) return;
    const trust = await store.phoneEdgeTrust();
    await link.cloud.setPhoneEdgeTrust(to, as, trust);
    await store.noteTrustSent(trust.version, trust.certificates);
  }

  async #giveBack({ to, as }: Linked, signal: AbortSignal | undefined): Promise<void> {
    const { link, locators, log } = this.#parts;
    while (!signal?.aborted) {
      const due = await locators.releasing(batch);
      for (const each of due) {
        // Another cluster's that we were once: the cloud took all of them when we left.
        if (each.clusterId === as.clusterId) {
          try {
            await link.cloud.release(to, as, each);
          } catch (error) {
            if (!isCloudFault(error) || error.code !== 'cloud_refused') throw error;
            log.error({ reason: error.message }, 'the cloud refuses to take a locator back; it is tried again');
            await locators.postpone(each.allocationId, refusedPause);
            continue;
          }
        }
        await locators.released(each.allocationId);
      }
      if (due.length < batch) return;
    }
  }

  async #locators({ connection, as }: Linked, signal: AbortSignal | undefined): Promise<void> {
    const { codeStore, locators, store } = this.#parts;
    if (readiness(connection, await store.facts()) !== 'ready') {
      await this.#serveDraftsInside();
      await locators.trim(as.clusterId, 0);
      return;
    }
    while (!signal?.aborted) {
      const drafts = await codeStore.drafts(batch);
      const missing = drafts.length + stockTarget - (await locators.stock(as.clusterId));
      if (missing > 0 || (await locators.hasOpenOrder(as.clusterId)))
        await this.order(as.clusterId, Math.max(missing, 1));
      for (const draft of drafts) {
        const reserved = await locators.reserve(as.clusterId);
        if (reserved === undefined) return;
        await this.#activate(draft, { kind: 'locator', ...reserved });
      }
      if (drafts.length < batch) break;
    }
    await locators.trim(as.clusterId, 3 * stockTarget);
  }

  /** MRA was switched off while codes waited: they become codes for inside rather than wait for ever. */
  async #serveDraftsInside(): Promise<void> {
    const { codeStore } = this.#parts;
    for (const draft of await codeStore.drafts(batch)) await this.#activate(draft, { kind: 'inside-only' });
  }

  async #activate(
    draft: Awaited<ReturnType<ActivationCodeStore['drafts']>>[number],
    offer: Exclude<LocatorOffer, { kind: 'wait' }>,
  ): Promise<void> {
    const { codes, transactions, timeline, locators } = this.#parts;
    const { deviceId, deviceName, model } = draft;
    if (await codes.activateDraft(transactions, draft, offer))
      timeline.record({ deviceId, deviceName, model, step: 'code-made', result: 'info' });
    else if (offer.kind === 'locator') await locators.unreserve(offer.allocationId);
  }

  /**
   * Asks for locators: first for those of an order whose answer was lost. Returns how many the cloud gave; of two that ask for the same order at
   * once one puts them into the stock, and both may take from it.
   */
  async order(clusterId: string, count: number): Promise<number> {
    const { link, locators } = this.#parts;
    const linked = await link.open();
    if (linked?.as.clusterId !== clusterId) return 0;
    const { idempotencyKey, count: ordered } = await locators.openOrder(clusterId, Math.min(count, 1000));
    try {
      const given = await link.cloud.allocate(linked.to, linked.as, idempotencyKey, ordered);
      await locators.fill(clusterId, idempotencyKey, given);
      return given.length;
    } catch (error) {
      if (isCloudFault(error) && definite.has(error.code)) await locators.dropOrder(idempotencyKey);
      throw error;
    }
  }
}

/** Answers after which the same order will never be served. */
const definite = new Set<string>(['locator_quota_exceeded', 'cloud_refused', 'cluster_suspended']);

function sameSettings(a: CloudSettings, b: CloudSettings | undefined): boolean {
  return (
    b !== undefined &&
    a.activationDomain === b.activationDomain &&
    a.enabled === b.enabled &&
    a.clusterHint === b.clusterHint
  );
}
