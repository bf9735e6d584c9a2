import { type Binding, flowKey, flowKeys } from './binding.ts';

const none: readonly Binding[] = [];

/** The node's live bindings, found by device, directory number and flow. */
export class BindingTable {
  readonly #byDevice = new Map<string, readonly Binding[]>();
  readonly #byNumber = new Map<string, Set<string>>();
  readonly #byFlow = new Map<string, Set<string>>();
  #round: Iterator<readonly Binding[]> = [].values();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  ofDevice(name: string): readonly Binding[] {
    return this.#byDevice.get(name) ?? none;
  }

  ofNumber(number: string): Binding[] {
    const found: Binding[] = [];
    for (const name of this.#byNumber.get(number) ?? []) {
      for (const binding of this.ofDevice(name)) if (binding.numbers.includes(number)) found.push(binding);
    }
    return found;
  }

  /** Devices that are registered over this flow. */
  devicesOfFlow(key: string): readonly string[] {
    const names = this.#byFlow.get(key);
    return names === undefined ? [] : [...names];
  }

  /** Adds, or replaces the binding of the same device and contact. */
  put(binding: Binding): void {
    const old = this.ofDevice(binding.deviceName);
    const same = old.find((each) => each.contact === binding.contact);
    const fresh = same === undefined ? [...old, binding] : old.map((each) => (each === same ? binding : each));
    // A refresh: nothing that is indexed changes.
    if (same !== undefined && sameIndexes(same, binding)) this.#byDevice.set(binding.deviceName, fresh);
    else this.#replace(binding.deviceName, old, fresh);
  }

  /** False when it was not (or no longer) there: a newer registration of the same contact stays. */
  remove(binding: Binding): boolean {
    const old = this.ofDevice(binding.deviceName);
    const kept = old.filter((each) => each !== binding);
    if (kept.length === old.length) return false;
    this.#replace(binding.deviceName, old, kept);
    return true;
  }

  *all(): Generator<Binding> {
    for (const bindings of this.#byDevice.values()) yield* bindings;
  }

  /** Looks at the next `limit` devices, going round: a large table is searched in pieces, so that nothing else has to wait for it. */
  expired(now: number, limit: number): Binding[] {
    const found: Binding[] = [];
    for (let looked = 0; looked < Math.min(limit, this.#byDevice.size); looked++) {
      let next = this.#round.next();
      if (next.done) {
        this.#round = this.#byDevice.values();
        next = this.#round.next();
        if (next.done) break;
      }
      for (const binding of next.value) if (binding.expiresAt <= now) found.push(binding);
    }
    return found;
  }

  #replace(name: string, old: readonly Binding[], fresh: readonly Binding[]): void {
    for (const binding of old) {
      for (const number of binding.numbers) drop(this.#byNumber, number, name);
      for (const key of flowKeys(binding.flow)) drop(this.#byFlow, key, name);
    }
    for (const binding of fresh) {
      for (const number of binding.numbers) add(this.#byNumber, number, name);
      for (const key of flowKeys(binding.flow)) add(this.#byFlow, key, name);
    }
    this.#size += fresh.length - old.length;
    if (fresh.length === 0) this.#byDevice.delete(name);
    else this.#byDevice.set(name, fresh);
  }
}

function sameIndexes(a: Binding, b: Binding): boolean {
  return (
    flowKey(a.flow) === flowKey(b.flow) &&
    a.flow.targetPort === b.flow.targetPort &&
    a.numbers.length === b.numbers.length &&
    a.numbers.every((number, i) => number === b.numbers[i])
  );
}

function add(index: Map<string, Set<string>>, key: string, name: string): void {
  const names = index.get(key);
  if (names === undefined) index.set(key, new Set([name]));
  else names.add(name);
}

function drop(index: Map<string, Set<string>>, key: string, name: string): void {
  const names = index.get(key);
  if (names === undefined) return;
  names.delete(name);
  if (names.size === 0) index.delete(key);
}
