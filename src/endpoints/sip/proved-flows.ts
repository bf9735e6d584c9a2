import { flowKey } from '../../domain/registration/binding.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Flow } from './flow.ts';

/** How long a flow counts as its phone's without a REGISTER over it, ms. Phones refresh every two minutes. */
const lifeMs = 600_000;
const remembered = 20_000;

/**
 * Flows over which a registered phone has proved itself by digest without registering over them: after a NAT took another port, or a new connection was
 * opened in the middle of a call, and until the next REGISTER.
 */
export class ProvedFlows {
  readonly #clock: Clock;
  readonly #byFlow = new Map<string, { readonly deviceName: string; readonly flow: Flow; readonly until: number }>();
  readonly #ofDevice = new Map<string, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(flow: Flow, deviceName: string): void {
    const key = flowKey(flow);
    this.#drop(key);
    this.#byFlow.set(key, { deviceName, flow, until: this.#clock.now() + lifeMs });
    this.#ofDevice.set(deviceName, key);
    if (this.#byFlow.size > remembered) this.#drop(this.#byFlow.keys().next().value!);
  }

  deviceOf(flow: Flow): string | undefined {
    return this.#live(flowKey(flow))?.deviceName;
  }

  /** The last one of this device. */
  flowOf(deviceName: string): Flow | undefined {
    const key = this.#ofDevice.get(deviceName);
    return key === undefined ? undefined : this.#live(key)?.flow;
  }

  connectionLost(connection: number): void {
    this.#drop(`#${connection}`);
  }

  #live(key: string): { readonly deviceName: string; readonly flow: Flow } | undefined {
    const held = this.#byFlow.get(key);
    if (held === undefined || held.until > this.#clock.now()) return held;
    this.#drop(key);
    return undefined;
  }

  #drop(key: string): void {
    const held = this.#byFlow.get(key);
    if (held === undefined) return;
    this.#byFlow.delete(key);
    if (this.#ofDevice.get(held.deviceName) === key) this.#ofDevice.delete(held.deviceName);
  }
}
