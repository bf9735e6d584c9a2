import type { ActivationCode } from '../../identifiers/activation-code.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Actor } from '../ports.ts';
import { disallow } from './faults.ts';
import { canReleaseCode, type CodeSummary, hasLiveCode, type Phone } from './phone.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { PreparedDeviceCode } from './ports.ts';
import { endAccess, issueCode, lockPhone, type PhoneParts, phoneNotFound, tell, withPreparedCode } from './phone-parts.ts';

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
  async generate(name: DeviceName, actor: Actor, options: { readonly reveal: boolean; readonly ifVersion?: number | undefined }): Promise<PhoneCode> {
    const { codes, audit, phones, transactions } = this.parts;
    const work = async (tx: Transaction, prepared: PreparedDeviceCode) => {
      const before = await lockPhone(this.parts, tx, name, options.ifVersion);
      if (hasLiveCode(before)) {
        throw disallow('code_already_active', `${name} has an activation code already, valid until ${before.activationCode!.expiresAt.toISOString()}.`, {
          remedy: 'Release the activation code first, then generate a new one.',
          detail: { expiresAt: before.activationCode!.expiresAt.toISOString() },
        });
      }
      const locks = !before.requiresActivationCode;
      if (locks) {
        await endAccess(this.parts, tx, before);
        await phones.update(tx, before.id, { requiresActivationCode: true });
        await audit.append(tx, { actor, action: 'phone.locked', objectKind: 'phone', objectId: before.id, objectName: before.name });
      }
      // An overdue code that nothing has swept up yet must not stand in the way.
      await codes.releaseIfLive(tx, before.id, actor);
      await issueCode(this.parts, tx, before, prepared, actor);
      const revealed = options.reveal ? await codes.reveal(tx, before.id, actor) : undefined;
      return { phone: (await phones.byId(before.id, tx))!, locks, revealed };
    };
    const made = await withPreparedCode(this.parts, (prepared) => transactions.run((tx) => work(tx, prepared)));
    if (made.locks) tell(this.parts, made.phone, 'phone-locked');
    tell(this.parts, made.phone, 'code-made');
    return { phone: made.phone, summary: made.phone.activationCode!, code: made.revealed?.code };
  }

  /** View Activation Code. With `reveal` the digits are shown and the audit log keeps by whom. @throws DeviceFault `no_active_code` */
  async view(name: DeviceName, actor: Actor, options: { readonly reveal: boolean }): Promise<PhoneCode> {
    const { codes, phones, transactions } = this.parts;
    const seen = await transactions.run(async (tx) => {
      const phone = options.reveal ? await phones.lock(tx, name) : await phones.find(name, tx);
      if (phone === undefined) throw await phoneNotFound(this.parts, name);
      if (!hasLiveCode(phone)) throw noActiveCode(phone);
      const revealed = options.reveal ? await codes.reveal(tx, phone.id, actor) : undefined;
      return { phone, summary: phone.activationCode!, code: revealed?.code };
    });
    if (options.reveal) tell(this.parts, seen.phone, 'code-revealed', { by: actor.name });
    return seen;
  }

  /**
   * Release Activation Code. The box stays ticked, so the phone stays locked until a new code is entered or the box is unticked.
   * @throws DeviceFault `no_active_code`
   */
  async release(name: DeviceName, actor: Actor, ifVersion?: number): Promise<Phone> {
    const { codes, transactions } = this.parts;
    const phone = await transactions.run(async (tx) => {
      const before = await lockPhone(this.parts, tx, name, ifVersion);
      if (!canReleaseCode(before)) throw noActiveCode(before);
      await codes.releaseIfLive(tx, before.id, actor);
      return before;
    });
    tell(this.parts, phone, 'code-released');
    return phone;
  }
}

function noActiveCode(phone: Phone) {
  const last = phone.activationCode;
  const expired = last?.state === 'expired';
  return disallow(
    'no_active_code',
    expired ? `The activation code of ${phone.name} expired at ${last.expiresAt.toISOString()}.` : `${phone.name} has no activation code to enter.`,
    {
      remedy: expired
        ? 'Release the activation code, then generate a new one. A longer life is set by the service parameter "Activation Time to Live (Hours)".'
        : 'Generate a new activation code, or save the phone with "Requires Activation Code for Onboarding" ticked.',
      ...(last === undefined ? {} : { detail: { lastState: last.state, expiresAt: last.expiresAt.toISOString() } }),
    },
  );
}
