import { type DeviceName, macOf } from '../../identifiers/device-name.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { addPhone } from '../devices/add-phone.ts';
import { DeviceFault } from '../devices/faults.ts';
import type { Phone } from '../devices/phone.ts';
import type { PhoneParts } from '../devices/phone-parts.ts';
import { fromTemplate } from '../devices/phone-template.ts';
import { searchOrder } from './number-range.ts';
import type { AutoRegistrationStore, NodeRange } from './ports.ts';
import { isOn, servingNode } from './serving.ts';

/** A phone that registers and has no record. */
export interface Newcomer {
  readonly name: DeviceName;
  /** `Cisco 8845`: as its certificate says, else as it says itself. Undefined: it did not say, or the model cannot be onboarded. */
  readonly model: string | undefined;
  /** Its manufacturer-installed certificate stands behind the connection. */
  readonly proved: boolean;
  readonly sourceAddress: string;
}

export type AutoRegistrationRefusal =
  | 'auto_registration_off'
  | 'auto_registration_elsewhere'
  | 'auto_registration_numbers_used_up'
  | 'auto_registration_profile'
  | 'certificate_required';

export type AutoRegistrationOutcome =
  | { readonly kind: 'registered'; readonly phone: Phone; readonly directoryNumber: string }
  /** Somebody made its record meanwhile: look again. */
  | { readonly kind: 'exists' }
  /** Its model does not come in this way. */
  | { readonly kind: 'not-offered' }
  /** Too many phones at once: this one may come back. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'refused'; readonly code: AutoRegistrationRefusal };

export interface AutoRegistrarParts {
  readonly phones: PhoneParts;
  readonly store: AutoRegistrationStore;
  /** `node.id` of this node. */
  readonly nodeId: string;
  readonly clock: Clock;
}

class Refused extends Error {
  readonly outcome: AutoRegistrationOutcome;

  constructor(outcome: AutoRegistrationOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

const refuse = (code: AutoRegistrationRefusal) => new Refused({ kind: 'refused', code });

/** What turns a phone away before anything is locked. Read once in a while, so that junk on the SIP ports does not become transactions. */
interface Gate {
  readonly models: ReadonlySet<string>;
  readonly withoutCertificate: boolean;
  /** Undefined: this node gives numbers. */
  readonly closed: 'auto_registration_off' | 'auto_registration_elsewhere' | undefined;
  readonly until: number;
}

/** Changes of settings are told by `forget`; that another node came or went is not. Milliseconds. */
const gateMs = 3000;
/** How long "no number is left" is believed, ms. */
const usedUpMs = 2000;
/** Phones of one node that wait for a number at once. */
const maxWaiting = 500;
/** A number may be given to a phone by hand in the same moment; then the next one is taken. */
const numberTries = 20;

/** Gives phones without a record a record and a number (reference/field-facts.md §14), one at a time in the whole cluster. */
export class AutoRegistrar {
  readonly #parts: AutoRegistrarParts;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #gate: Promise<Gate> | undefined;
  #usedUpUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: AutoRegistrarParts) {
    this.#parts = parts;
  }

  /** Never rejects for the phone's fault; rejects when the store cannot be asked. */
  async register(newcomer: Newcomer): Promise<AutoRegistrationOutcome> {
    const { model } = newcomer;
    if (model === undefined) return { kind: 'not-offered' };
    const gate = await this.#openGate();
    if (!gate.models.has(model)) return { kind: 'not-offered' };
    if (gate.closed !== undefined) return { kind: 'refused', code: gate.closed };
    if (!newcomer.proved && !gate.withoutCertificate) return { kind: 'refused', code: 'certificate_required' };
    if (this.#parts.clock.now() < this.#usedUpUntil) {
      return { kind: 'refused', code: 'auto_registration_numbers_used_up' };
    }
    if (this.#waiting >= maxWaiting) return { kind: 'busy' };
    this.#waiting++;
    // One transaction of this node at a time: the others would only hold connections while they wait for the group's row.
    const result = this.#turn.then(() => this.#inTurn(newcomer, model));
    this.#turn = result.catch(() => {});
    return result.finally(() => {
      this.#waiting--;
    });
  }

  /** A record changed: a number may be free again. `all`: the settings may have changed too. */
  forget(all: boolean): void {
    this.#usedUpUntil = Number.NEGATIVE_INFINITY;
    if (all) this.#gate = undefined;
  }

  async #openGate(): Promise<Gate> {
    const now = this.#parts.clock.now();
    const held = this.#gate;
    if (held !== undefined) {
      const gate = await held.catch(() => undefined);
      if (gate !== undefined && gate.until > now) return gate;
      if (this.#gate === held) this.#gate = undefined;
    }
    this.#gate ??= this.#readGate(now);
    return this.#gate;
  }

  async #readGate(now: number): Promise<Gate> {
    const { store, nodeId } = this.#parts;
    const [models, withoutCertificate, group, own] = await Promise.all([
      store.models(),
      store.withoutCertificate(),
      store.group(),
      store.range(nodeId),
    ]);
    const serving = servingNode(group);
    const closed =
      serving === undefined || (serving === nodeId && (own === undefined || !isOn(own)))
        ? 'auto_registration_off'
        : serving === nodeId
          ? undefined
          : 'auto_registration_elsewhere';
    return { models: new Set(models), withoutCertificate, closed, until: now + gateMs };
  }

  async #inTurn(newcomer: Newcomer, model: string): Promise<AutoRegistrationOutcome> {
    const { transactions } = this.#parts.phones;
    try {
      const phone = await transactions.run((tx) => this.#give(tx, newcomer, model));
      const directoryNumber = phone.lines[0]!.directoryNumber;
      const mac = macOf(phone.name);
      this.#parts.phones.timeline.record({
        deviceId: phone.id,
        deviceName: phone.name,
        model: phone.model,
        ...(mac === undefined ? {} : { mac }),
        step: 'auto-registered',
        result: 'ok',
        detail: { directoryNumber },
        sourceAddress: newcomer.sourceAddress,
      });
      return { kind: 'registered', phone, directoryNumber };
    } catch (error) {
      if (error instanceof Refused) {
        const { outcome } = error;
        if (outcome.kind === 'refused' && outcome.code === 'auto_registration_numbers_used_up')
          this.#usedUpUntil = this.#parts.clock.now() + usedUpMs;
        return outcome;
      }
      if (error instanceof DeviceFault && error.code === 'device_exists') return { kind: 'exists' };
      throw error;
    }
  }

  async #give(tx: Transaction, newcomer: Newcomer, model: string): Promise<Phone> {
    const { store, phones } = this.#parts;
    const settings = await this.#serving(tx);
    // What was true before the lock may have changed.
    if ((await store.methodOf(model, tx)) !== 'AutoRegistration') throw new Refused({ kind: 'not-offered' });
    if (!newcomer.proved && !(await store.withoutCertificate(tx))) throw refuse('certificate_required');
    const deviceTemplate = settings.universalDeviceTemplate ?? undefined;
    const lineTemplate = settings.universalLineTemplate ?? undefined;
    const profile = await store.profileOf(tx, deviceTemplate);
    // A phone that nobody prepared cannot be given a digest password, and without a certificate it cannot use a secure profile.
    if (profile === undefined || profile.digest || (profile.secure && !newcomer.proved)) {
      throw refuse('auto_registration_profile');
    }
    const partition = await store.partitionOf(tx, lineTemplate);
    const taken = [...(await store.reservedNumbers(tx))];
    for (let tries = 0; tries < numberTries; tries++) {
      const directoryNumber = await this.#next(tx, settings, partition, taken);
      if (directoryNumber === undefined) throw refuse('auto_registration_numbers_used_up');
      const request = await fromTemplate(phones.references, tx, {
        model,
        mac: macOf(newcomer.name),
        description: `Auto ${directoryNumber}`,
        deviceTemplate,
        lineTemplate,
        lines: [{ directoryNumber }],
        autoRegistered: true,
      });
      if ((await store.holders(tx, directoryNumber, partition)) > 0) {
        taken.push(directoryNumber);
        continue;
      }
      const actor = { name: `phone:${macOf(newcomer.name) ?? newcomer.name}`, sourceAddress: newcomer.sourceAddress };
      const phone = await addPhone(phones, tx, request, undefined, actor);
      // Given by hand in the same moment, and committed before our line was made.
      if ((await store.holders(tx, directoryNumber, partition)) > 1) throw new Refused({ kind: 'busy' });
      await store.setLast(tx, settings.nodeId, directoryNumber);
      return phone;
    }
    throw new Refused({ kind: 'busy' });
  }

  async #serving(tx: Transaction): Promise<NodeRange> {
    const { store, nodeId } = this.#parts;
    if (!(await store.lockGroup(tx))) throw refuse('auto_registration_off');
    const group = await store.group(tx);
    const serving = servingNode(group);
    if (serving !== nodeId)
      throw refuse(serving === undefined ? 'auto_registration_off' : 'auto_registration_elsewhere');
    const settings = await store.range(nodeId, tx);
    if (settings === undefined || !isOn(settings)) throw refuse('auto_registration_off');
    return settings;
  }

  async #next(
    tx: Transaction,
    settings: NodeRange,
    partition: string,
    taken: readonly string[],
  ): Promise<string | undefined> {
    const range = { start: settings.startingDirectoryNumber, end: settings.endingDirectoryNumber };
    for (const part of searchOrder(range, settings.lastDirectoryNumber)) {
      const free = await this.#parts.store.firstFree(tx, part, partition, taken);
      if (free !== undefined) return free;
    }
    return undefined;
  }
}
