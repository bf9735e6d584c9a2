import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePhoneModel } from '../../src/identifiers/phone-model.ts';
import { type DnsResponder, startDnsResponder } from '../../src/infra/dns-responder/responder.ts';
import { edgeZone } from '../../src/infra/dns-responder/zones.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type MicMaker, micMaker } from '../../src/phone/identity/mic.ts';
import { verifierOf } from '../../src/phone/mra/cloud-client.ts';
import type { RemoteOptions } from '../../src/phone/mra/drivers.ts';
import { Phone } from '../../src/phone/phone.ts';
import type { PhoneOptions, TimedStep } from '../../src/phone/phone-options.ts';
import { memoryStore } from '../../src/phone/state/store.ts';
import { typedOnce } from '../../src/phone/terminal/prompt.ts';
import { eventually, freshMac } from '../phone/support/real-system.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { freePortBase } from '../support/ports.ts';
import { realClient } from '../support/real-clients.ts';
import { type RunningRole, setUp, startRole } from './support/deployment.ts';

const curl = realClient('curl');
const domain = 'mra.example.org';
const model = parsePhoneModel('8845')!;

describe.skipIf(curl === undefined)('every role in its own process, joined by what an administrator does', () => {
  let folder: string;
  let databases: TestDatabase[] = [];
  let cluster: RunningRole;
  let cloud: RunningRole;
  let c: RunningRole;
  let e1: RunningRole;
  let e2: RunningRole;
  let dns: DnsResponder;
  let maker: MicMaker;
  let remote: RemoteOptions;
  const phones: Phone[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firstring-apart-'));
    databases = await Promise.all([testDatabase(), testDatabase({ empty: true })]);
    const host = { address: '127.0.0.1' };
    const base = await freePortBase(25);
    const start = (name: string, role: string, at: number, environment: Record<string, string>) =>
      startRole({
        host,
        curl: curl!,
        dataDirectory: join(folder, name),
        arguments: ['--role', role, '--node-name', name, '--listen', '127.0.0.1'],
        environment: { ...environment, ...portsOf(base + at) },
      });
    const edge = (name: string, at: number) =>
      start(name, 'expressway-e', at, {
        FIRSTRING_EDGE_HOST_NAME: `${name}.${domain}`,
        FIRSTRING_EDGE_DOMAINS: domain,
        // Its certificate is signed by an authority of its own, which goes to PhoneEdge-trust by hand.
        FIRSTRING_LAB: 'true',
      });
    [cluster, cloud, c, e1, e2] = await Promise.all([
      startRole({
        host,
        curl: curl!,
        dataDirectory: join(folder, 'cluster'),
        arguments: [
          ...['--role', 'unified-cm', '--node-name', 'ucm-a', '--node-address', '127.0.0.1', '--lab'],
          ...['--listen', '127.0.0.1', '--port-base', String(await freePortBase(12))],
        ],
        environment: { FIRSTRING_DATABASE_URL: databases[0]!.url, FIRSTRING_KEK: randomBytes(32).toString('base64') },
      }),
      start('cloud', 'cloud', 0, {
        FIRSTRING_DATABASE_URL: databases[1]!.url,
        FIRSTRING_CLOUD_HOST_NAMES: '127.0.0.1',
      }),
      start('c1', 'expressway-c', 5, {}),
      edge('e1', 10),
      edge('e2', 15),
    ]);
    await setUp({ cluster, cloud, c, edges: [e1, e2], domain });
    const targets = [e1, e2].map(({ endpoints }, at) => ({
      host: `e${at + 1}.${domain}`,
      port: Number(new URL(endpoints['expresswayE']!).port),
      address: '127.0.0.1',
    }));
    const zones = [edgeZone({ domain, targets })];
    dns = await startDnsResponder({ address: '127.0.0.1', port: 0, zones, log: silentLog });
    const lab = cluster.runtime.lab!;
    maker = micMaker(await readFile(lab.manufacturerCaCert, 'utf8'), await readFile(lab.manufacturerCaKey, 'utf8'));
    const { cloudCa, cloudKey } = cloud.runtime.cloud!;
    remote = {
      cloud: {
        url: cloud.endpoints['cloud']!,
        keys: [verifierOf(JSON.stringify(cloudKey))],
        authority: await readFile(cloudCa, 'utf8'),
      },
      dns: [{ host: '127.0.0.1', port: dns.port }],
    };
  }, 120_000);

  afterAll(async () => {
    await Promise.all(phones.map((phone) => phone.unplug()));
    await Promise.allSettled([cluster, cloud, c, e1, e2].map((role) => role?.[Symbol.asyncDispose]()));
    await dns?.[Symbol.asyncDispose]();
    for (const database of databases) await database[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** A code for a new phone outside. */
  async function newCode(): Promise<string> {
    const phone = { model: 'Cisco 8845', requiresActivationCode: true, allowActivationCodeViaMra: true };
    const { name } = await cluster.ask('POST', '/phones', phone);
    return (await cluster.ask('GET', `/phones/${name}/activation-code`)).code as string;
  }

  function phoneAtHome(code: string, patient = false, changes: Partial<PhoneOptions> = {}) {
    const mac = freshMac();
    const steps: TimedStep[] = [];
    const setup = {
      model,
      mac,
      deviceName: `SEP${mac}`,
      factoryLoad: 'sip8845_65.1',
      patient,
      remote: 'only',
    } as const;
    const phone = new Phone({
      setup,
      mic: maker.make(model, mac),
      find: { by: 'nobody' },
      remote,
      store: memoryStore(),
      askCode: typedOnce(code),
      onStep: (step) => steps.push(step),
      ...changes,
    });
    phones.push(phone);
    const registered = (host: string) =>
      steps.filter(({ outcome, step, text }) => step === 'register' && outcome === 'done' && text.includes(host))
        .length;
    return { phone, steps, registered };
  }

  async function ringing(patient = false) {
    const home = phoneAtHome(await newCode(), patient);
    await home.phone.powerOn();
    await home.phone.ready;
    return home;
  }

  it('brings a phone in, by certificates that were uploaded by hand', async () => {
    const { registered } = await ringing();
    expect(registered(`e1.${domain}`)).toBe(1);
  });

  it('goes on through the other Expressway-E when one is killed, for phones that are in and for new ones', async () => {
    const old = await ringing(true);
    await e1.kill();
    await eventually(
      async () => old.registered(`e2.${domain}`),
      (times) => times === 1,
    );
    const fresh = await ringing();
    expect(fresh.registered(`e2.${domain}`)).toBe(1);
    await e1.again();
  }, 60_000);

  it('waits while Expressway-C is away, and goes on by itself when it is back', async () => {
    const old = await ringing(true);
    const before = old.registered(domain);
    const code = await newCode();
    await c.kill();
    const fresh = phoneAtHome(code, true);
    await fresh.phone.powerOn();
    await eventually(
      async () => fresh.steps.filter(({ outcome }) => outcome === 'failed').length,
      (failures) => failures > 0,
    );
    await c.again();
    await fresh.phone.ready;
    await eventually(
      async () => old.registered(domain),
      (times) => times > before,
    );
  }, 60_000);

  it('says that the cloud cannot be reached, and brings the phone in when it is back', async () => {
    const codes = [await newCode(), await newCode()] as const;
    await cloud.kill();
    const impatient = phoneAtHome(codes[0]);
    await impatient.phone.powerOn();
    await expect(impatient.phone.ready).rejects.toMatchObject({ code: 'cloud_unreachable' });
    const patient = phoneAtHome(codes[1], true);
    await patient.phone.powerOn();
    // Inside, work goes on meanwhile.
    const inside = { model: 'Cisco 8845', requiresActivationCode: true };
    expect((await cluster.ask('POST', '/phones', inside)).name).toMatch(/^BAT/);
    await cloud.again();
    await patient.phone.ready;
    expect(patient.steps.some(({ fault }) => fault === 'cloud_unreachable')).toBe(true);
  }, 60_000);
});

/** Ports of a process that runs one role of the edge or the cloud. */
function portsOf(base: number): Record<string, string> {
  return {
    FIRSTRING_PORT_CLOUD: String(base),
    FIRSTRING_PORT_CLOUD_CONSOLE: String(base + 1),
    FIRSTRING_PORT_METRICS: String(base + 2),
    FIRSTRING_PORT_EXPRESSWAY_E: String(base),
    FIRSTRING_PORT_EXPRESSWAY_E_SIP: String(base + 1),
    FIRSTRING_PORT_EXPRESSWAY_E_TUNNEL: String(base + 2),
    FIRSTRING_PORT_EXPRESSWAY_E_CONSOLE: String(base + 3),
    FIRSTRING_PORT_EXPRESSWAY_C_CONSOLE: String(base),
  };
}
