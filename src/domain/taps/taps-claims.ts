import { macOf } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { type ChangedPhone, changePhone, tellChanged } from '../devices/change-phone.ts';
import { DeviceFault } from '../devices/faults.ts';
import type { Phone } from '../devices/phone.ts';
import type { PhoneParts } from '../devices/phone-parts.ts';
import { removePhone } from '../devices/remove-phone.ts';
import type { Actor } from '../ports.ts';
import type { TapsReason } from './dialogue.ts';
import type { PreparedPhone, TapsCaller, TapsSettings, TapsStore } from './ports.ts';

/** Checks a PIN against its hash; undefined: the same work, and no. */
export interface PinVerifier {
  verify(pin: string, hash: string | undefined): Promise<boolean>;
}

export interface TapsClaimParts {
  readonly phones: PhoneParts;
  readonly store: TapsStore;
  readonly pins: PinVerifier;
}

export interface TapsClaim {
  readonly caller: TapsCaller;
  readonly directoryNumber: string;
  /** Undefined exactly when TAPS is not secured. */
  readonly pin: string | undefined;
  readonly sourceAddress: string;
}

export type ClaimOutcome =
  | { readonly kind: 'mapped'; readonly preparedName: string; readonly phone: Phone }
  | { readonly kind: 'refused'; readonly reason: TapsReason; readonly proved: boolean; readonly preparedName: string };

/**
 * Gives the calling phone the record that was prepared for it: the record takes the phone's MAC address, the phone's temporary record goes, in one
 * transaction and by the rules of the Phone Configuration page.
 */
export class TapsClaims {
  readonly #parts: TapsClaimParts;

  constructor(parts: TapsClaimParts) {
    this.#parts = parts;
  }

  /** Rejects only when the store cannot be asked. */
  async claim(claim: TapsClaim, settings: TapsSettings): Promise<ClaimOutcome> {
    const { store } = this.#parts;
    const { caller, directoryNumber, pin } = claim;
    const secured = settings.secured || pin !== undefined;
    // Entries are charged before anything is looked at, and given back when they were right.
    if (!(await store.charge('phone', caller.deviceName, settings.attemptsPerPhone))) return refuse('taps_too_many');
    if (secured && !(await store.charge('number', directoryNumber, settings.attemptsPerNumber))) {
      return refuse('taps_too_many');
    }
    const right = async () => {
      await store.credit('phone', caller.deviceName);
      if (secured) await store.credit('number', directoryNumber);
    };
    const found = await store.prepared(directoryNumber);
    const fitting = found.filter((each) => each.model === caller.model);
    const chosen = fitting.length === 1 ? fitting[0] : undefined;
    if (secured) {
      const hash = chosen?.ownerPinHash;
      // What was not looked at is not charged.
      const proved = await this.#parts.pins.verify(pin ?? '', hash).catch(async (error: unknown) => {
        await right();
        throw error;
      });
      if (!proved) return refuse(reasonUnproved(found, fitting, chosen), false, chosen?.name);
    }
    if (chosen === undefined) return refuse(found.length === 0 ? 'taps_no_record' : reasonOf(fitting), true);
    await right();
    const barred = barrierOf(chosen);
    if (barred !== undefined) return refuse(barred, true, chosen.name);
    return this.#map(claim, chosen);
  }

  async #map(claim: TapsClaim, chosen: PreparedPhone): Promise<ClaimOutcome> {
    const { phones, store } = this.#parts;
    const { caller, sourceAddress } = claim;
    const mac = macOf(caller.deviceName);
    if (mac === undefined) return refuse('taps_not_auto_registered', true, chosen.name);
    const actor: Actor = { name: `phone:${mac}`, sourceAddress };
    let changed: ChangedPhone | undefined;
    try {
      changed = await phones.transactions.run(async (tx) => {
        if (!(await store.stillAutoRegistered(tx, caller))) throw new Refusal('taps_not_auto_registered');
        return this.#exchange(tx, claim, chosen, mac, actor);
      });
    } catch (error) {
      if (error instanceof Refusal) return refuse(error.reason, true, chosen.name);
      // Renamed, deleted or taken by somebody else in the same moment.
      if (error instanceof DeviceFault) return refuse('taps_failed', true, chosen.name);
      throw error;
    }
    tellChanged(phones, changed);
    phones.timeline.record({
      deviceId: changed.after.id,
      deviceName: changed.after.name,
      mac,
      model: changed.after.model,
      step: 'taps',
      result: 'ok',
      detail: {
        previousName: changed.before.name,
        directoryNumber: claim.directoryNumber,
        autoDirectoryNumber: caller.directoryNumber,
      },
      sourceAddress,
    });
    return { kind: 'mapped', preparedName: changed.before.name, phone: changed.after };
  }

  async #exchange(
    tx: Transaction,
    { caller, directoryNumber }: TapsClaim,
    chosen: PreparedPhone,
    mac: string,
    actor: Actor,
  ): Promise<ChangedPhone> {
    const { phones } = this.#parts;
    // The call still runs over the phone's registration: whoever holds the call ends it and resets the phone.
    const quietly: PhoneParts = { ...phones, access: { end: async () => {} } };
    await removePhone(quietly, tx, caller.deviceName, actor, { removeUnusedLines: true });
    const changed = await changePhone(phones, tx, chosen.name, { mac }, undefined, actor, undefined);
    if (changed === 'needs-code') throw new Refusal('taps_code_required');
    const { before, after } = changed;
    // What was looked up without a lock may have changed: the row is locked now.
    if (before.id !== chosen.id || before.model !== caller.model) throw new Refusal('taps_failed');
    if (before.requiresActivationCode || !before.enabled) throw new Refusal('taps_code_required');
    if (!before.lines.some((line) => line.directoryNumber === directoryNumber)) throw new Refusal('taps_failed');
    await phones.audit.append(tx, {
      actor,
      action: 'phone.mapped-by-taps',
      objectKind: 'phone',
      objectId: after.id,
      objectName: after.name,
      detail: { previousName: before.name, directoryNumber, temporaryDirectoryNumber: caller.directoryNumber },
    });
    return changed;
  }
}

class Refusal extends Error {
  readonly reason: TapsReason;

  constructor(reason: TapsReason) {
    super(reason);
    this.reason = reason;
  }
}

function refuse(reason: TapsReason, proved = false, preparedName = ''): ClaimOutcome {
  return { kind: 'refused', reason, proved, preparedName };
}

/** Some records have the number, but not exactly one of the phone's model. */
function reasonOf(fitting: readonly PreparedPhone[]): TapsReason {
  return fitting.length === 0 ? 'taps_model' : 'taps_ambiguous';
}

/** For the log: the caller hears one and the same. */
function reasonUnproved(
  found: readonly PreparedPhone[],
  fitting: readonly PreparedPhone[],
  chosen: PreparedPhone | undefined,
): TapsReason {
  if (found.length === 0) return 'taps_no_record';
  if (chosen === undefined) return reasonOf(fitting);
  return chosen.ownerPinHash === undefined ? 'taps_no_pin' : 'taps_pin';
}

function barrierOf({ enabled, requiresActivationCode, digest }: PreparedPhone): TapsReason | undefined {
  if (requiresActivationCode || !enabled) return 'taps_code_required';
  return digest ? 'taps_profile' : undefined;
}
