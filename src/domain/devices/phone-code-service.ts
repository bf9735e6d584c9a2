import type { ActivationCode } from '../../identifiers/activation-code.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { Actor } from '../ports.ts';
import { disallow } from './faults.ts';
import { codeWithheld, confirmOwner } from './owner-confirmation.ts';
import { type CodeSummary, hasLiveCode, type Phone } from './phone.ts';
import { tellCode, withPreparedCode } from './phone-code-parts.ts';
import { makeCode, noActiveCode, releaseCode } from './phone-code-steps.ts';
import { lockPhone, type PhoneParts, phoneNotFound, tell } from './phone-parts.ts';
import type { ExportedCode, PreparedDeviceCode } from './ports.ts';

/** New codes a phone's owner may have within 24 hours, the first included. */
const ownCodesPerDay = 4;
const exportPage = 500;

/** A phone with its code; the digits only where they were revealed. */
export interface PhoneCode {
  readonly phone: Phone;
  readonly summary: CodeSummary;
  readonly code: ActivationCode | undefined;
}

/** Generate New, View and Release Activation Code. */
export class PhoneCodeService {
  private readonly parts: PhoneParts;

  constructor(parts: PhoneParts) {
    this.parts = parts;
  }

  /**
   * A new code. Ticks "Requires Activation Code" where it is not ticked: the phone is locked until the code is entered (A7).
   * @throws DeviceFault `code_already_active` while one is live
   */
  async generate(
    name: DeviceName,
    actor: Actor,
    options: {
      readonly reveal: boolean;
      readonly ifVersion?: number | undefined;
      /** User id of the owner who renews a code. */
      readonly byOwner?: string;
      /** Absent: the service parameter says it. */
      readonly timeToLiveHours?: number | undefined;
    },
  ): Promise<PhoneCode> {
    const { codes, phones, transactions } = this.parts;
    const work = async (tx: Transaction, prepared: PreparedDeviceCode) => {
      const before = await lockPhone(this.parts, tx, name, options.ifVersion);
      if (options.byOwner !== undefined) await this.checkRenewal(tx, before, options.byOwner);
      const { locks } = await makeCode(this.parts, tx, before, prepared, actor, options.timeToLiveHours);
      const phone = (await phones.byId(before.id, tx))!;
      // A code that waits for the cloud has no digits yet.
      const shows = options.reveal && phone.activationCode?.state === 'active';
      return { phone, locks, revealed: shows ? await codes.reveal(tx, before.id, actor) : undefined };
    };
    const viaMra = (await phones.find(name))?.allowActivationCodeViaMra === true;
    const made = await withPreparedCode(this.parts, viaMra, (prepared) => transactions.run((tx) => work(tx, prepared)));
    if (made.locks) tell(this.parts, made.phone, 'phone-locked');
    tellCode(this.parts, made.phone);
    return { phone: made.phone, summary: made.phone.activationCode!, code: made.revealed?.code };
  }

  /**
   * A user's own new code, when the one there was ran out or was locked. Everything else is an administrator's.
   * @throws DeviceFault `self_care_closed`, `renewal_not_due`, `too_many_renewals`
   */
  renewOwn(name: DeviceName, actor: Actor): Promise<PhoneCode> {
    return this.generate(name, actor, { reveal: true, byOwner: actor.name });
  }

  private async checkRenewal(tx: Transaction, phone: Phone, userId: string): Promise<void> {
    await this.checkSelfCare(tx);
    await this.checkOwner(phone, userId);
    const state = phone.activationCode?.state;
    if (!phone.requiresActivationCode || (state !== 'expired' && state !== 'locked')) {
      throw disallow(say('renewal_not_due', { name: phone.name }));
    }
    if ((await this.parts.references.codesOfLastDay(tx, phone.id)) >= ownCodesPerDay) {
      throw disallow(say('too_many_renewals', { name: phone.name, most: ownCodesPerDay }));
    }
  }

  /** By the row as it is locked: the phone may have been given to somebody else meanwhile. @throws DeviceFault `code_withheld`, `phone_not_found` */
  private async checkOwner(phone: Phone, userId: string): Promise<void> {
    if (phone.ownerUserId !== userId) throw await phoneNotFound(this.parts, phone.name);
    if (phone.codeWithheld) throw codeWithheld(phone);
  }

  private async checkSelfCare(tx: Transaction): Promise<void> {
    if (await this.parts.references.showPhonesReadyToActivate(tx)) return;
    throw disallow(say('self_care_closed'));
  }

  /** Export Activation Codes, page by page; the audit log keeps who took which. */
  async *export(actor: Actor): AsyncGenerator<readonly ExportedCode[]> {
    let after: string | undefined;
    for (;;) {
      const page = await this.parts.transactions.run((tx) =>
        this.parts.codes.exportOutstanding(tx, { limit: exportPage, ...(after === undefined ? {} : { after }) }, actor),
      );
      if (page.length > 0) yield page;
      if (page.length < exportPage) return;
      after = page.at(-1)!.deviceName;
    }
  }

  /**
   * View Activation Code. With `reveal` the digits are shown and the audit log keeps by whom. `byOwner`, a user id: only as far as the owner may
   * see them. `selfCare`: the caller sees the phone for no other reason than owning it.
   * @throws DeviceFault `no_active_code`; in Self Care also `self_care_closed`, `code_withheld`
   */
  async view(
    name: DeviceName,
    actor: Actor,
    options: { readonly reveal: boolean; readonly byOwner?: string; readonly selfCare?: boolean },
  ): Promise<PhoneCode> {
    const { codes, phones, transactions } = this.parts;
    const seen = await transactions.run(async (tx) => {
      const phone = options.reveal ? await phones.lock(tx, name) : await phones.find(name, tx);
      if (phone === undefined) throw await phoneNotFound(this.parts, name);
      if (options.selfCare) await this.checkSelfCare(tx);
      if (!hasLiveCode(phone)) throw noActiveCode(phone);
      if (options.selfCare) await this.checkOwner(phone, actor.name);
      const mayOwn = options.byOwner === undefined || (phone.ownerUserId === options.byOwner && !phone.codeWithheld);
      const shows = options.reveal && mayOwn && phone.activationCode?.state !== 'draft';
      const revealed = shows ? await codes.reveal(tx, phone.id, actor) : undefined;
      return { phone, summary: phone.activationCode!, code: revealed?.code };
    });
    if (seen.code !== undefined) tell(this.parts, seen.phone, 'code-revealed', { by: actor.name });
    return seen;
  }

  /** Somebody who may see codes stands for the owner of a phone. @throws DeviceFault `no_owner_to_confirm`, `version_conflict` */
  confirmOwner(name: DeviceName, actor: Actor, ifVersion?: number): Promise<Phone> {
    return confirmOwner(this.parts, name, actor, ifVersion);
  }

  /**
   * Release Activation Code. The box stays ticked, so the phone stays locked until a new code is entered or the box is unticked.
   * @throws DeviceFault `no_active_code`
   */
  async release(name: DeviceName, actor: Actor, ifVersion?: number): Promise<Phone> {
    const phone = await this.parts.transactions.run((tx) => releaseCode(this.parts, tx, name, actor, ifVersion));
    tell(this.parts, phone, 'code-released');
    return phone;
  }
}
