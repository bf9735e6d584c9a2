import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import { type AdmissionPolicy, type AdmissionRamp, admit, startAdmission } from './admission.ts';
import { type Binding, flowKey, isReachable } from './binding.ts';
import { BindingTable } from './binding-table.ts';
import { type Decision, decide, type Registering } from './decide.ts';
import { type Claim, type Identified, identify, unknownPhoneOf } from './identify.ts';
import type {
  AutoRegistration,
  BindingStore,
  RefusalCode,
  RegisteringDevice,
  RegistrationDirectory,
  RegistrationEvents,
} from './ports.ts';

export interface RegistrarParts {
  readonly directory: RegistrationDirectory;
  readonly store: BindingStore;
  readonly events: RegistrationEvents;
  readonly clock: Clock;
  readonly random: Random;
  readonly admission: AdmissionPolicy;
  /** Left out: phones without a record are refused. */
  readonly autoRegistration?: AutoRegistration | undefined;
}

export type RegisterOutcome = Decision | { readonly kind: 'busy'; readonly retryAfter: number };

/** The node's registrar: bindings in memory, written behind, read back at the start. */
export class Registrar {
  readonly table = new BindingTable();
  readonly #parts: RegistrarParts;
  #ramp: AdmissionRamp;

  constructor(parts: RegistrarParts) {
    this.#parts = parts;
    this.#ramp = startAdmission(parts.admission, parts.clock.now());
  }

  /** Reads back what the last process of this node had bound. Streams are gone, so those phones cannot be called until they are back. */
  async restore(): Promise<number> {
    const bindings = await this.#parts.store.load();
    for (const binding of bindings) {
      this.table.put(binding);
      if (!isReachable(binding)) this.#parts.store.put(binding, false);
    }
    return bindings.length;
  }

  async identify(claim: Claim): Promise<Identified> {
    const identified = await this.#identify(claim);
    if (identified.kind === 'refused' || identified.kind === 'unproved') {
      this.refused(identified.code, identified.deviceName, claim.aor, claim.flow.address);
    }
    return identified;
  }

  async #identify(claim: Claim): Promise<Identified> {
    const { directory, autoRegistration } = this.#parts;
    const found = await identify(claim, directory);
    const isMissing = (found.kind === 'refused' || found.kind === 'unproved') && found.code === 'unknown_device';
    if (!isMissing || autoRegistration === undefined) return found;
    const phone = unknownPhoneOf(claim);
    if (phone === undefined) return found;
    const answer = await autoRegistration.admit(phone);
    if (answer === 'unknown') return found;
    if (answer === 'look-again') return identify(claim, directory);
    // Who shows no certificate gets the answer that a phone with a record gets.
    if (answer !== 'added')
      return { kind: phone.proved ? 'refused' : 'unproved', code: answer.refused, deviceName: phone.name };
    const device = await directory.byName(phone.name);
    if (device === undefined) return found;
    // Its profile counts from its next REGISTER on, after it has read its file.
    const authentication = phone.proved ? ({ kind: 'certificate' } as const) : ({ kind: 'none' } as const);
    return { kind: 'device', device: { ...device, authentication }, newcomer: true };
  }

  /** For a sender that has proved to be `device`. */
  register(device: RegisteringDevice, request: Registering): RegisterOutcome {
    const now = this.#parts.clock.now();
    const existing = this.table.ofDevice(device.name);
    const decision = decide(device, existing, request, now);
    if (decision.kind === 'refused') this.refused(decision.code, device.name, request.aor, request.flow.address);
    if (decision.kind !== 'accepted') return decision;
    if (decision.put.length > 0 && existing.length === 0) {
      const { ramp, retryAfter } = admit(this.#ramp, this.#parts.admission, now, (bound) =>
        this.#parts.random.below(bound),
      );
      this.#ramp = ramp;
      if (retryAfter !== undefined) {
        this.refused('busy', device.name, request.aor, request.flow.address);
        return { kind: 'busy', retryAfter };
      }
    }
    this.#apply(decision);
    return decision;
  }

  #apply(decision: Decision & { kind: 'accepted' }): void {
    const { store, events } = this.#parts;
    for (const binding of decision.remove) {
      // The same contact again is replaced, not removed.
      if (decision.put.some((fresh) => fresh.contact === binding.contact)) continue;
      if (this.table.remove(binding)) store.remove(binding);
    }
    for (const binding of decision.put) {
      this.table.put(binding);
      store.put(binding, decision.fresh);
      events.publish({ kind: decision.fresh ? 'registered' : 'refreshed', binding });
    }
    // Nothing granted: bindings were ended, and not replaced by newer ones.
    if (decision.expires > 0) return;
    for (const binding of decision.remove) {
      if (!decision.put.some((kept) => kept.contact === binding.contact))
        events.publish({ kind: 'unregistered', binding });
    }
  }

  refused(code: RefusalCode, deviceName: string | undefined, aor: string, address: string): void {
    this.#parts.events.publish({ kind: 'refused', code, deviceName, aor, address });
  }

  /** Removes what has expired, a part of the table a call: `rounds` calls see all of it. */
  expire(rounds: number): void {
    const limit = Math.ceil(this.table.size / rounds) + 1;
    for (const binding of this.table.expired(this.#parts.clock.now(), limit)) this.#drop(binding, 'expired');
  }

  /** A connection is gone. What was registered over it stays registered until its time is over, for the phone may be back at any moment. */
  connectionLost(connection: number): void {
    const key = `#${connection}`;
    for (const name of this.table.devicesOfFlow(key)) {
      for (const binding of this.table.ofDevice(name)) {
        if (flowKey(binding.flow) !== key) continue;
        const detached: Binding = { ...binding, flow: { ...binding.flow, connection: undefined } };
        this.table.put(detached);
        this.#parts.store.put(detached, false);
        this.#parts.events.publish({ kind: 'lost', binding: detached });
      }
    }
  }

  /** Ends whatever the device has bound here: locked, deleted, renamed, or told to. Returns what was bound. */
  end(deviceName: string): readonly Binding[] {
    const bindings = this.table.ofDevice(deviceName);
    for (const binding of bindings) this.#drop(binding, 'ended');
    return bindings;
  }

  /** The device has registered with another node: forget it here without touching that node's rows. */
  takenElsewhere(deviceName: string): void {
    for (const binding of this.table.ofDevice(deviceName)) {
      if (this.table.remove(binding)) this.#parts.events.publish({ kind: 'moved', binding });
    }
  }

  #drop(binding: Binding, kind: 'expired' | 'ended'): void {
    if (!this.table.remove(binding)) return;
    this.#parts.store.remove(binding);
    this.#parts.events.publish({ kind, binding });
  }
}
