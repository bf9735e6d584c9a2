import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { Actor } from '../ports.ts';
import { type AddPhone, addPhone, nameTries, tellAdded } from './add-phone.ts';
import { type ChangePhone, changePhone, tellChanged } from './change-phone.ts';
import { DeviceFault } from './faults.ts';
import { ForeignAccess } from './foreign-access.ts';
import { requireModel } from './naming.ts';
import type { Phone } from './phone.ts';
import { planChange } from './phone-change.ts';
import { withPreparedCode } from './phone-code-parts.ts';
import { namesExhausted, type PhoneParts, phoneNotFound, tell } from './phone-parts.ts';
import { type FromTemplate, fromTemplate } from './phone-template.ts';
import type { PreparedDeviceCode, ServiceControlAction } from './ports.ts';
import { type RemoveOptions, removePhone } from './remove-phone.ts';

/** What a door keeps beside the phone: all of it is stored, or nothing. */
export type AlsoInTransaction = (tx: Transaction, phone: Phone) => Promise<void>;

/** The rules of the Phone Configuration page. Every door (REST, bulk, AXL) comes through here. */
export class PhoneService {
  private readonly parts: PhoneParts;
  /** Who asks for a phone of somebody else. */
  readonly foreign: ForeignAccess;

  constructor(parts: PhoneParts) {
    this.parts = parts;
    this.foreign = new ForeignAccess(parts);
  }

  /** `also` runs in the same transaction. @throws DeviceFault naming the field at fault; nothing is stored then. */
  async add(request: AddPhone, actor: Actor, also?: AlsoInTransaction): Promise<Phone> {
    requireModel(request.model);
    const phone = await this.withCodeIf(request, (prepared) =>
      this.parts.transactions.run(async (tx) => {
        const added = await addPhone(this.parts, tx, request, prepared, actor);
        await also?.(tx, added);
        return added;
      }),
    );
    tellAdded(this.parts, phone);
    return phone;
  }

  /** Add New From Template (B1): Universal Device Template, Universal Line Template for the lines that are new. */
  async addFromTemplate(request: FromTemplate, actor: Actor): Promise<Phone> {
    requireModel(request.model);
    const phone = await this.withCodeIf(request, (prepared) =>
      this.parts.transactions.run(async (tx) =>
        addPhone(this.parts, tx, await fromTemplate(this.parts.references, tx, request), prepared, actor),
      ),
    );
    tellAdded(this.parts, phone);
    return phone;
  }

  /** `also` runs in the same transaction. @throws DeviceFault; `version_conflict` when `ifVersion` is given and another change came first. */
  async change(
    name: DeviceName,
    change: ChangePhone,
    actor: Actor,
    ifVersion?: number,
    also?: AlsoInTransaction,
  ): Promise<Phone> {
    // The costly half of a code is made before any row is locked; the plan is made again under the lock.
    const first = planChange(await this.find(name), change);
    let issuesCode = first.issuesCode;
    for (let tries = 1; ; tries++) {
      try {
        const wanted = {
          requiresActivationCode: issuesCode,
          allowActivationCodeViaMra: first.allowActivationCodeViaMra,
        };
        const outcome = await this.withCodeIf(wanted, (prepared) =>
          this.parts.transactions.run(async (tx) => {
            const changed = await changePhone(this.parts, tx, name, change, prepared, actor, ifVersion);
            if (changed !== 'needs-code') await also?.(tx, changed.after);
            return changed;
          }),
        );
        if (outcome !== 'needs-code') {
          tellChanged(this.parts, outcome);
          return outcome.after;
        }
        issuesCode = true;
      } catch (error) {
        const collided =
          first.name.kind === 'bat' &&
          first.name.name === undefined &&
          error instanceof DeviceFault &&
          error.code === 'device_exists';
        if (!collided) throw error;
        if (tries >= nameTries) throw namesExhausted();
      }
    }
  }

  /** A10: the broken phone's record waits for any phone of its model; lines, owner and settings stay. */
  replace(name: DeviceName, actor: Actor, ifVersion?: number): Promise<Phone> {
    return this.change(name, { mac: null, requiresActivationCode: true }, actor, ifVersion);
  }

  /** The code dies, the registration ends; lines that no phone has any more are removed when asked. */
  async remove(name: DeviceName, actor: Actor, options: RemoveOptions = {}): Promise<void> {
    const gone = await this.parts.transactions.run((tx) => removePhone(this.parts, tx, name, actor, options));
    tell(this.parts, gone, 'phone-deleted');
  }

  /** Asks the phone to reset or restart. A phone that is not registered cannot be reached; nothing is kept for later. */
  async control(name: DeviceName, action: ServiceControlAction, actor: Actor): Promise<Phone> {
    const { serviceControl, audit, phones, transactions } = this.parts;
    const phone = await transactions.run(async (tx) => {
      const found = await phones.find(name, tx);
      if (found === undefined) throw await phoneNotFound(this.parts, name);
      await serviceControl.request(tx, found.name, action);
      await audit.append(tx, {
        actor,
        action: action === 'reset' ? 'phone.reset' : 'phone.restarted',
        objectKind: 'phone',
        objectId: found.id,
        objectName: found.name,
      });
      return found;
    });
    tell(this.parts, phone, action);
    return phone;
  }

  private withCodeIf<T>(
    wanted: Pick<AddPhone, 'requiresActivationCode' | 'allowActivationCodeViaMra'>,
    work: (prepared: PreparedDeviceCode | undefined) => Promise<T>,
  ): Promise<T> {
    const viaMra = wanted.allowActivationCodeViaMra === true;
    return wanted.requiresActivationCode === true ? withPreparedCode(this.parts, viaMra, work) : work(undefined);
  }

  /** The same phone whatever it is called today. @throws DeviceFault `phone_not_found` */
  async findById(id: string): Promise<Phone> {
    const phone = await this.parts.phones.byId(id);
    if (phone !== undefined) return phone;
    throw new DeviceFault('caller', say('phone_not_found.id'), { field: 'name' });
  }

  /** @throws DeviceFault `phone_not_found` */
  async find(name: DeviceName): Promise<Phone> {
    const phone = await this.parts.phones.find(name);
    if (phone === undefined) throw await phoneNotFound(this.parts, name);
    return phone;
  }
}
