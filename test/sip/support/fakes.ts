import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Binding } from '../../../src/domain/registration/binding.ts';
import type {
  BindingStore,
  RegisteringDevice,
  RegistrationDirectory,
  RegistrationEvent,
} from '../../../src/domain/registration/ports.ts';
import type { SipServerOptions } from '../../../src/endpoints/sip/options.ts';
import { type SipServer, startSipServer } from '../../../src/endpoints/sip/sip-server.ts';
import type { Log } from '../../../src/kernel/log.ts';
import type { Random } from '../../../src/kernel/random.ts';

export const nodeRandom: Random = {
  bytes: (length) => randomBytes(length),
  below: (bound) => randomInt(bound),
  uuid: () => randomUUID(),
};

export function device(
  name: string,
  numbers: readonly string[],
  changes: Partial<RegisteringDevice> = {},
): RegisteringDevice {
  return {
    id: randomUUID(),
    name,
    lines: numbers.map((number) => ({ number, partition: '', contactUser: '' })),
    authentication: { kind: 'digest', password: 'secret' },
    transports: ['udp', 'tcp'],
    locked: false,
    enabled: true,
    keepAliveSeconds: 120,
    versionStamp: '1700000000-00000000-0000-0000-0000-000000000000',
    ...changes,
  };
}

/** Device records in memory, changeable while the server runs. */
export class FakeDirectory implements RegistrationDirectory {
  readonly devices = new Map<string, RegisteringDevice>();

  constructor(...devices: readonly RegisteringDevice[]) {
    for (const each of devices) this.devices.set(each.name, each);
  }

  change(name: string, changes: Partial<RegisteringDevice>): void {
    this.devices.set(name, { ...this.devices.get(name)!, ...changes });
  }

  async byName(name: string): Promise<RegisteringDevice | undefined> {
    return this.devices.get(name);
  }

  async byNumber(number: string): Promise<readonly RegisteringDevice[]> {
    return [...this.devices.values()].filter((each) => each.lines.some((line) => line.number === number));
  }
}

/** What a database would hold. Survives the server it was given to. */
export class FakeStore implements BindingStore {
  readonly rows = new Map<string, Binding>();

  put(binding: Binding): void {
    this.rows.set(`${binding.deviceName} ${binding.contact}`, binding);
  }

  remove(binding: Binding): void {
    this.rows.delete(`${binding.deviceName} ${binding.contact}`);
  }

  async load(): Promise<readonly Binding[]> {
    return [...this.rows.values()].map((each) => ({ ...each, flow: { ...each.flow, connection: undefined } }));
  }

  async flush(): Promise<void> {}
}

export interface TestSip extends AsyncDisposable {
  readonly server: SipServer;
  readonly directory: FakeDirectory;
  readonly store: FakeStore;
  readonly events: RegistrationEvent[];
  /** What was logged as warning or error. */
  readonly complaints: string[];
}

/** A server on loopback over device records in memory. */
export async function testSip(
  devices: readonly RegisteringDevice[],
  options: Partial<SipServerOptions> & { readonly memory?: FakeStore } = {},
): Promise<TestSip> {
  const directory = new FakeDirectory(...devices);
  const store = options.memory ?? new FakeStore();
  const events: RegistrationEvent[] = [];
  const complaints: string[] = [];
  const complain = (fields: object, message: string): void => {
    complaints.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log: Log = { debug() {}, info() {}, warn: complain, error: complain };
  const server = await startSipServer({
    bind: '127.0.0.1',
    ports: { udp: 0, tcp: 0 },
    directory,
    store,
    events: { publish: (event) => events.push(event) },
    clock: { now: () => Date.now() },
    random: nodeRandom,
    log,
    ...options,
  });
  return { server, directory, store, events, complaints, [Symbol.asyncDispose]: () => server.close() };
}
