import {
  type ActivationCode,
  composeActivationCode,
  type Locator,
  locatorOf,
  randomLocator,
  randomSecret,
} from '../../identifiers/activation-code.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import { fromUtf8, utf8 } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import { digestPasswordPurpose } from '../devices/digest-password.ts';
import type { Actor, Counters, Sealer, Timeline } from '../ports.ts';
import type { CloudLocators, LocatorOffer } from './cloud-locators.ts';
import type {
  IssuedCode,
  IssueRequest,
  PreparedCode,
  PreparedDraft,
  PrepareOptions,
  ShownCode,
} from './code-requests.ts';
import { ActivationCodeFault, codeAlreadyActive, codeCollision, noLiveCode } from './faults.ts';
import type {
  ActivationCodeStore,
  CodeFingerprints,
  CodeKdf,
  EndedCode,
  OutstandingCode,
  WaitingDraft,
} from './ports.ts';

/** Purposes under which a code's secrets are sealed. The locator is in it: a sealed value cannot be moved to another code. */
export const sealPurpose = {
  code: (locator: Locator) => `activation-code ${locator}`,
  salt: (locator: Locator) => `activation-salt ${locator}`,
  verifier: (locator: Locator) => `activation-verifier ${locator}`,
  confirmKey: 'activation-confirm-key',
  digestPassword: digestPasswordPurpose,
} as const;

/** The life of codes outside of the handshake. Every method that changes something also appends its audit row. */
export interface ActivationCodes {
  prepare(): Promise<PreparedCode>;
  prepare(options: PrepareOptions): Promise<PreparedCode | PreparedDraft>;
  prepareMany(count: number): Promise<readonly PreparedCode[]>;
  /** @throws ActivationCodeFault `code_already_active`, or `code_collision`: then prepare again and repeat the transaction. */
  issue(tx: Transaction, prepared: PreparedCode, request: IssueRequest): Promise<IssuedCode>;
  issue(
    tx: Transaction,
    prepared: PreparedCode | PreparedDraft,
    request: IssueRequest,
  ): Promise<IssuedCode | Omit<IssuedCode, 'code'>>;
  /**
   * Gives a draft its digits, in a transaction of its own. False: it is no draft any more, or the locator cannot be used; the reserved locator
   * goes back by itself.
   */
  activateDraft(
    transactions: Transactions,
    draft: WaitingDraft,
    offer: Exclude<LocatorOffer, { kind: 'wait' }>,
  ): Promise<boolean>;
  /** @throws ActivationCodeFault `no_live_code`. */
  release(tx: Transaction, deviceId: string, actor: Actor): Promise<EndedCode>;
  /** The same, without complaint when there is nothing to release. */
  releaseIfLive(tx: Transaction, deviceId: string, actor: Actor): Promise<EndedCode | undefined>;
  /** @throws ActivationCodeFault `no_live_code`. */
  reveal(tx: Transaction, deviceId: string, actor: Actor): Promise<ShownCode>;
  /** Without the digits. */
  liveOf(deviceId: string, tx?: Transaction): Promise<Omit<ShownCode, 'code'> | undefined>;
  /** Whether these are the digits of the device's live code. Shows nothing that the asker did not know. */
  holds(deviceId: string, code: ActivationCode): Promise<boolean>;
  /** Export Activation Codes: with the digits, so it is audited as a whole. */
  exportOutstanding(
    tx: Transaction,
    page: { limit: number; after?: string; devices?: readonly DeviceName[] },
    actor: Actor,
  ): Promise<readonly (Omit<OutstandingCode, 'codeSealed'> & { readonly code: ActivationCode })[]>;
}

export interface ActivationCodesParts {
  readonly store: ActivationCodeStore;
  readonly sealer: Sealer;
  readonly kdf: CodeKdf;
  readonly fingerprints: CodeFingerprints;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly counters?: Counters;
  readonly timeline?: Timeline;
  /** Undefined: every code is for inside. */
  readonly cloudLocators?: CloudLocators;
}

export function activationCodes(parts: ActivationCodesParts): ActivationCodes {
  const { store, sealer, kdf, fingerprints, random, audit, counters } = parts;

  const freeLocator = async (): Promise<Locator> => {
    for (;;) {
      const locator = randomLocator(random);
      if (!(await store.locatorTaken(locator))) return locator;
    }
  };

  const prepareFor = async (locator: Locator): Promise<PreparedCode> => {
    const code = composeActivationCode(locator, randomSecret(random));
    const salt = random.bytes(16);
    const verifier = await kdf.verifier(code, salt);
    return {
      code,
      locator,
      codeSealed: sealer.seal(sealPurpose.code(locator), utf8(code)),
      saltSealed: sealer.seal(sealPurpose.salt(locator), salt),
      verifierSealed: sealer.seal(sealPurpose.verifier(locator), verifier),
      fingerprint: fingerprints.of(code),
    };
  };

  function prepare(): Promise<PreparedCode>;
  function prepare(options: PrepareOptions): Promise<PreparedCode | PreparedDraft>;
  async function prepare(options?: PrepareOptions): Promise<PreparedCode | PreparedDraft> {
    const offer = options?.viaMra === true ? await parts.cloudLocators?.take() : undefined;
    if (offer?.kind === 'wait') return { waitsForCloud: true };
    if (offer?.kind !== 'locator') return prepareFor(await freeLocator());
    return { ...(await prepareFor(offer.locator)), allocationId: offer.allocationId };
  }

  const open = (locator: Locator, sealed: Uint8Array) =>
    fromUtf8(sealer.open(sealPurpose.code(locator), sealed)) as ActivationCode;

  const releaseIfLive = async (tx: Transaction, deviceId: string, actor: Actor) => {
    counters?.count('ReleaseAttempts');
    const ended = await store.revoke(tx, deviceId);
    if (ended === undefined) return undefined;
    await audit.append(tx, {
      actor,
      action: 'activation-code.released',
      objectKind: 'activation-code',
      objectId: ended.id,
      objectName: ended.deviceName,
      detail: { was: ended.was },
    });
    return ended;
  };

  const makeRoom = async (tx: Transaction, request: IssueRequest) => {
    for (const ended of await store.endLeftovers(tx, request.deviceId)) {
      await audit.append(tx, {
        actor: request.actor,
        action: ended.was === 'active' ? 'activation-code.expired' : 'activation-code.released',
        objectKind: 'activation-code',
        objectId: ended.id,
        objectName: ended.deviceName,
        detail: { was: ended.was, because: 'a new code is made' },
      });
    }
  };

  function issue(tx: Transaction, prepared: PreparedCode, request: IssueRequest): Promise<IssuedCode>;
  function issue(
    tx: Transaction,
    prepared: PreparedCode | PreparedDraft,
    request: IssueRequest,
  ): Promise<IssuedCode | Omit<IssuedCode, 'code'>>;
  async function issue(tx: Transaction, prepared: PreparedCode | PreparedDraft, request: IssueRequest) {
    counters?.count('ActivationCodeAttempts');
    try {
      if (request.fresh !== true) await makeRoom(tx, request);
      const { boundMac, actor, fresh: _, ...rest } = request;
      const isDraft = 'waitsForCloud' in prepared;
      const viaMra = isDraft || (request.viaMra ?? prepared.allocationId !== undefined);
      const row = { ...rest, viaMra, boundMac, createdBy: actor.name };
      const outcome = isDraft
        ? await store.insertDraft(tx, row)
        : await store.insert(tx, { ...row, ...withoutDigits(prepared) });
      if (outcome.kind === 'already-active') throw codeAlreadyActive(request.deviceName);
      if (outcome.kind === 'collision') throw codeCollision();
      await audit.append(tx, {
        actor,
        action: isDraft ? 'activation-code.requested' : 'activation-code.issued',
        objectKind: 'activation-code',
        objectId: outcome.id,
        objectName: request.deviceName,
        detail: {
          model: request.model,
          boundMac: boundMac ?? null,
          viaMra,
          ...(isDraft ? {} : { expiresAt: outcome.expiresAt.toISOString() }),
        },
      });
      const issued = { id: outcome.id, expiresAt: outcome.expiresAt };
      return isDraft ? issued : { ...issued, code: prepared.code };
    } catch (error) {
      if (error instanceof ActivationCodeFault) counters?.count('ActivationCodeFails');
      throw error;
    }
  }

  return {
    prepare,

    async prepareMany(count) {
      const prepared: Promise<PreparedCode>[] = [];
      for (let i = 0; i < count; i++) prepared.push(prepare());
      return Promise.all(prepared);
    },

    issue,

    async activateDraft(transactions, draft, offer) {
      const inside = offer.kind === 'inside-only';
      const { code, ...sealed } = await prepareFor(inside ? await freeLocator() : offer.locator);
      return transactions.run(async (tx) => {
        const outcome = await store.activateDraft(
          tx,
          draft.id,
          inside ? sealed : { ...sealed, allocationId: offer.allocationId },
        );
        if (outcome.kind !== 'activated') return false;
        await audit.append(tx, {
          actor: { name: 'system', sourceAddress: '' },
          action: 'activation-code.issued',
          objectKind: 'activation-code',
          objectId: draft.id,
          objectName: draft.deviceName,
          detail: { model: draft.model, viaMra: !inside, expiresAt: outcome.expiresAt.toISOString() },
        });
        return true;
      });
    },

    async release(tx, deviceId, actor) {
      const ended = await releaseIfLive(tx, deviceId, actor);
      if (ended === undefined) {
        counters?.count('ReleaseFails');
        throw noLiveCode();
      }
      return ended;
    },

    releaseIfLive,

    async reveal(tx, deviceId, actor) {
      const live = await store.live(deviceId, tx);
      if (live === undefined) throw noLiveCode();
      await audit.append(tx, {
        actor,
        action: 'activation-code.revealed',
        objectKind: 'activation-code',
        objectId: live.id,
        objectName: live.deviceName,
      });
      return { id: live.id, code: open(live.locator, live.codeSealed), state: live.state, expiresAt: live.expiresAt };
    },

    async liveOf(deviceId, tx) {
      const live = await store.live(deviceId, tx);
      return live && { id: live.id, state: live.state, expiresAt: live.expiresAt };
    },

    async holds(deviceId, code) {
      const live = await store.live(deviceId);
      return live?.locator === locatorOf(code) && open(live.locator, live.codeSealed) === code;
    },

    async exportOutstanding(tx, page, actor) {
      const codes = await store.outstanding(page, tx);
      await audit.append(tx, {
        actor,
        action: 'activation-code.exported',
        objectKind: 'activation-code',
        detail: { count: codes.length, devices: codes.map(({ deviceName }) => deviceName) },
      });
      return codes.map(({ codeSealed, ...rest }) => ({ ...rest, code: open(rest.locator, codeSealed) }));
    },
  };
}

function withoutDigits({ code: _, ...sealed }: PreparedCode): Omit<PreparedCode, 'code'> {
  return sealed;
}
