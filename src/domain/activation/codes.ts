import {
  type ActivationCode,
  composeActivationCode,
  type Locator,
  locatorOf,
  randomLocator,
  randomSecret,
} from '../../identifiers/activation-code.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import { fromUtf8, utf8 } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor, Counters, Sealer, Timeline } from '../ports.ts';
import { ActivationCodeFault, codeAlreadyActive, codeCollision, noLiveCode } from './faults.ts';
import type { ActivationCodeStore, CodeFingerprints, CodeKdf, EndedCode, OutstandingCode } from './ports.ts';

/** Purposes under which a code's secrets are sealed. The locator is in it: a sealed value cannot be moved to another code. */
export const sealPurpose = {
  code: (locator: Locator) => `activation-code ${locator}`,
  salt: (locator: Locator) => `activation-salt ${locator}`,
  verifier: (locator: Locator) => `activation-verifier ${locator}`,
  confirmKey: 'activation-confirm-key',
  digestPassword: 'device-digest-password',
} as const;

/** Everything costly or random about a code, made outside of the transaction. Use it once. */
export interface PreparedCode {
  readonly code: ActivationCode;
  readonly locator: Locator;
  readonly codeSealed: Uint8Array;
  readonly saltSealed: Uint8Array;
  readonly verifierSealed: Uint8Array;
  readonly fingerprint: Uint8Array;
}

export interface IssueRequest {
  readonly deviceId: string;
  readonly deviceName: DeviceName;
  /** `Cisco 8845`. */
  readonly model: string;
  /** Set when the device has its real MAC: the code then fits that MAC only. */
  readonly boundMac?: MacAddress;
  readonly viaMra: boolean;
  readonly timeToLiveHours: number;
  readonly actor: Actor;
}

export interface IssuedCode {
  readonly id: string;
  readonly code: ActivationCode;
  readonly expiresAt: Date;
}

export interface ShownCode {
  readonly id: string;
  readonly code: ActivationCode;
  readonly state: 'active' | 'expired';
  readonly expiresAt: Date;
}

/** The life of codes outside of the handshake. Every method that changes something also appends its audit row. */
export interface ActivationCodes {
  prepare(): Promise<PreparedCode>;
  prepareMany(count: number): Promise<readonly PreparedCode[]>;
  /** @throws ActivationCodeFault `code_already_active`, or `code_collision`: then prepare again and repeat the transaction. */
  issue(tx: Transaction, prepared: PreparedCode, request: IssueRequest): Promise<IssuedCode>;
  /** @throws ActivationCodeFault `no_live_code`. */
  release(tx: Transaction, deviceId: string, actor: Actor): Promise<EndedCode>;
  /** The same, without complaint when there is nothing to release. */
  releaseIfLive(tx: Transaction, deviceId: string, actor: Actor): Promise<EndedCode | undefined>;
  /** @throws ActivationCodeFault `no_live_code`. */
  reveal(tx: Transaction, deviceId: string, actor: Actor): Promise<ShownCode>;
  /** Without the digits. */
  liveOf(deviceId: string, tx?: Transaction): Promise<Omit<ShownCode, 'code'> | undefined>;
  /** Export Activation Codes: with the digits, so it is audited as a whole. */
  exportOutstanding(
    tx: Transaction,
    page: { limit: number; after?: string },
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
}

export function activationCodes(parts: ActivationCodesParts): ActivationCodes {
  const { store, sealer, kdf, fingerprints, random, audit, counters } = parts;

  const freeLocator = async (): Promise<Locator> => {
    for (;;) {
      const locator = randomLocator(random);
      if (!(await store.locatorTaken(locator))) return locator;
    }
  };

  const prepare = async (): Promise<PreparedCode> => {
    const code = composeActivationCode(await freeLocator(), randomSecret(random));
    const locator = locatorOf(code);
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

  return {
    prepare,

    async prepareMany(count) {
      const prepared: Promise<PreparedCode>[] = [];
      for (let i = 0; i < count; i++) prepared.push(prepare());
      return Promise.all(prepared);
    },

    async issue(tx, prepared, request) {
      counters?.count('ActivationCodeAttempts');
      try {
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
        const { boundMac, actor, ...rest } = request;
        const { code, ...sealed } = prepared;
        const outcome = await store.insert(tx, { ...rest, ...sealed, boundMac, createdBy: actor.name });
        if (outcome.kind === 'already-active') throw codeAlreadyActive(request.deviceName);
        if (outcome.kind === 'collision') throw codeCollision();
        await audit.append(tx, {
          actor,
          action: 'activation-code.issued',
          objectKind: 'activation-code',
          objectId: outcome.id,
          objectName: request.deviceName,
          detail: {
            model: request.model,
            boundMac: boundMac ?? null,
            viaMra: request.viaMra,
            expiresAt: outcome.expiresAt.toISOString(),
          },
        });
        return { id: outcome.id, code, expiresAt: outcome.expiresAt };
      } catch (error) {
        if (error instanceof ActivationCodeFault) counters?.count('ActivationCodeFails');
        throw error;
      }
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
