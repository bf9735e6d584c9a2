import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePhoneModel } from '../../src/identifiers/phone-model.ts';
import type { MicMaker } from '../../src/phone/identity/mic.ts';
import { fileStore } from '../../src/phone/state/store.ts';
import { typedOnce } from '../../src/phone/terminal/prompt.ts';
import { runPhone } from '../phone/support/phone-program.ts';
import {
  addPhone,
  aimedAt,
  eventually,
  freshMac,
  labOf,
  type RealPhone,
  type RealPhoneOptions,
  realPhone,
} from '../phone/support/real-system.ts';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { outsideOf, remotePhone, said } from './support/remote-phone.ts';

let system: RunningProgram;
let maker: MicMaker;
let folder: string;
const phones: RealPhone[] = [];

beforeAll(async () => {
  system = await startAllInOne({ mra: true });
  maker = await labOf(system);
  folder = await mkdtemp(join(tmpdir(), 'firstring-outside-'));
}, 120_000);
afterAll(async () => {
  await Promise.all(phones.map(({ phone }) => phone.unplug()));
  await system[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const mra = { allowActivationCodeViaMra: true };
let next = 2001;
const line = () => ({ lines: [{ directoryNumber: String(next++) }] });

async function outside(code: string | undefined, options: RealPhoneOptions = {}): Promise<RealPhone> {
  const phone = await remotePhone(system, maker, code, options);
  phones.push(phone);
  return phone;
}

async function inside(code: string | undefined, options: RealPhoneOptions = {}): Promise<RealPhone> {
  const phone = realPhone(system, maker, code, { remote: await outsideOf(system), outside: 'fallback', ...options });
  phones.push(phone);
  return phone;
}

describe('a phone at home', () => {
  it('rings within two seconds of its code, by command', async () => {
    const { code } = await addPhone(system, { ...mra, ...line() });
    const args = ['--mra', ...aimedAt(system), '--model', '8845', '--mac', freshMac(), '--code', code];
    const { lines, output, result, steps } = await runPhone(args);
    expect(result, output).toMatchObject({ registered: true });
    const { parts } = result as unknown as { parts: { total: number } };
    expect(parts.total).toBeLessThan(2000);
    expect(steps.filter((step) => step.endsWith('done'))).toEqual(
      expect.arrayContaining(['cloud done', 'locate done', 'edge done', 'prove done', 'store done', 'register done']),
    );
    expect(JSON.stringify(lines)).not.toContain(code.slice(7, 15));
  });

  it('registers through the edge of the domain its device pool is assigned to', async () => {
    const pool = { name: 'Outside EMEA', callManagerGroup: 'Default', mraServiceDomain: 'emea.firstring.test' };
    const base = (await system.rest('GET', '/device-pools/Default')).body as Record<string, unknown>;
    const { version: _v, id: _i, ...rest } = base;
    const added = await system.rest('POST', '/device-pools', { ...rest, ...pool });
    expect(added.status, JSON.stringify(added.body)).toBe(201);
    const { code } = await addPhone(system, { ...mra, ...line(), devicePool: pool.name });
    const phone = await outside(code);
    expect(await phone.boot(), JSON.stringify(phone.steps)).toBe('registered');
    expect(said(phone, 'mode')).toEqual([expect.stringContaining('emea.firstring.test')]);
    expect(said(phone, 'register')).toEqual([expect.stringContaining('e1.emea.firstring.test')]);
  });

  it('is told that a code for use inside is not one for outside', async () => {
    const { code } = await addPhone(system, line());
    const phone = await outside(code);
    expect(await phone.boot()).toBe('code_not_accepted');
    expect(phone.told()).not.toContain('edge done');
  });

  it('takes the service domain in place of the cloud, but knows no public root for the edges of a laboratory', async () => {
    const { code } = await addPhone(system, { ...mra, ...line() });
    const entries = ['mra.firstring.test', code];
    const phone = await outside(undefined, { askCode: async () => entries.shift() });
    expect(await phone.boot()).toBe('trust_mismatch');
    expect(phone.told()).not.toContain('start done');
  });
});

describe('calls', () => {
  const callsOf = async (caller: RealPhone, callee: RealPhone) => {
    const [number] = callee.phone.directoryNumbers;
    const signal = AbortSignal.timeout(20_000);
    await caller.phone.call({ number: number!, lasting: 20, signal });
    return callee.steps.filter(({ step, outcome }) => step === 'call' && outcome === 'done').length;
  };
  let home: RealPhone;
  let emea: RealPhone;
  let desk: RealPhone;

  beforeAll(async () => {
    const codes = await Promise.all([
      addPhone(system, { ...mra, ...line() }),
      addPhone(system, { ...mra, ...line(), mraServiceDomain: 'emea.firstring.test' }),
      addPhone(system, line()),
    ]);
    const answers = { answerAfterMs: 5, patient: true };
    home = await outside(codes[0].code, answers);
    emea = await outside(codes[1].code, answers);
    desk = await inside(codes[2].code, answers);
    expect(await Promise.all([home.boot(), emea.boot(), desk.boot()])).toEqual([
      'registered',
      'registered',
      'registered',
    ]);
  });

  it('go from inside to outside and back', async () => {
    expect(await callsOf(desk, home)).toBeGreaterThan(0);
    expect(await callsOf(home, desk)).toBeGreaterThan(0);
  });

  it('go between two phones at home behind different edges', async () => {
    expect(said(emea, 'register')).toEqual([expect.stringContaining('e1.emea')]);
    expect(await callsOf(home, emea)).toBeGreaterThan(0);
    expect(await callsOf(emea, home)).toBeGreaterThan(0);
  });
});

describe('a phone that is activated inside', () => {
  it('and marked for use outside looks at its token, goes over to MRA mode and registers through its edge', async () => {
    const { code } = await addPhone(system, { ...mra, ...line() });
    const phone = await inside(code);
    expect(await phone.boot(), JSON.stringify(phone.steps)).toBe('registered');
    expect(phone.told()).toEqual(expect.arrayContaining(['trust done', 'prove done', 'token done', 'mode done']));
    expect(said(phone, 'register')).toEqual([expect.stringContaining('e1.mra.firstring.test')]);
  });

  it('and not marked stays inside', async () => {
    const { code } = await addPhone(system, line());
    const phone = await inside(code);
    expect(await phone.boot()).toBe('registered');
    expect(phone.told()).not.toContain('mode done');
    expect(said(phone, 'register')).toEqual([expect.stringContaining('127.0.0.1')]);
  });

  it('is ready when the edge cannot be reached from inside, and registers once it is at home', async () => {
    const { code } = await addPhone(system, { ...mra, ...line() });
    const mac = freshMac();
    const store = fileStore(folder, `SEP${mac}`);
    const mic = maker.make(parsePhoneModel('8845')!, mac);
    // Inside, nobody answers for the domain.
    const remote = { ...(await outsideOf(system)), dns: [] };
    const first = await inside(code, { mac, mic, store, remote });
    expect(await first.boot()).toBe('dns_unreachable');
    expect(said(first, 'mode').at(-1)).toContain('Ready for use outside');
    expect((await store.load())?.remote?.serviceDomain).toBe('mra.firstring.test');
    const second = await outside(undefined, { mac, mic, store: fileStore(folder, `SEP${mac}`) });
    expect(await second.boot(), JSON.stringify(second.steps)).toBe('registered');
    expect(said(second, 'mode')).toEqual(['MRA mode.']);
  }, 60_000);

  it('locked by a new code for outside and shipped home comes back with that code only', async () => {
    const { code } = await addPhone(system, line());
    const mac = freshMac();
    const store = fileStore(folder, `SEP${mac}`);
    const first = await inside(code, { mac, store });
    expect(await first.boot()).toBe('registered');
    const name = `SEP${mac}`;
    const changed = await system.rest('PATCH', `/phones/${name}`, { requiresActivationCode: true, ...mra });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    const again = await inside(undefined, { mac, store: fileStore(folder, name) });
    await first.phone.unplug();
    expect(await again.boot()).toBe('code_missing');
    expect(await store.load()).toBeUndefined();
    const shown = (await system.rest('GET', `/phones/${name}/activation-code`)).body as { code: string };
    const home = await outside(shown.code, { mac, store: fileStore(folder, name) });
    expect(await home.boot(), JSON.stringify(home.steps)).toBe('registered');
  });
});

describe('a phone that is registered from outside', () => {
  it('loses its access when its code is issued anew, and comes back with the new one', async () => {
    const { code } = await addPhone(system, { ...mra, ...line() });
    const codes = [code];
    let asked: (() => void) | undefined;
    const wanted = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let type: ((text: string) => void) | undefined;
    const phone = await outside(undefined, {
      patient: true,
      askCode(problem) {
        if (codes.length > 0) return Promise.resolve(codes.shift());
        if (problem?.code === 'access_withdrawn') asked?.();
        return new Promise((resolve) => {
          type = resolve;
        });
      },
    });
    expect(await phone.boot()).toBe('registered');
    const made = await system.rest('POST', `/phones/${phone.name}/activation-code`, {});
    expect(made.status, JSON.stringify(made.body)).toBeLessThan(300);
    await wanted;
    const shown = (await system.rest('GET', `/phones/${phone.name}/activation-code`)).body as { code: string };
    expect(shown.code).not.toBe(code);
    type!(shown.code);
    await eventually(
      async () => said(phone, 'register').length,
      (times) => times === 2,
    );
  }, 70_000);

  it('tries the next edge of its domain when the first does not answer', async () => {
    const { startDnsResponder } = await import('../../src/infra/dns-responder/responder.ts');
    const { edgeZone } = await import('../../src/infra/dns-responder/zones.ts');
    const { silentLog } = await import('../../src/kernel/log.ts');
    const port = Number(new URL(system.endpoints['expresswayE']!).port);
    const targets = [
      { host: 'e0.mra.firstring.test', port: 1, address: '127.0.0.1' },
      { host: 'e1.mra.firstring.test', port, address: '127.0.0.1' },
    ];
    const zones = [edgeZone({ domain: 'mra.firstring.test', targets })];
    await using dns = await startDnsResponder({ address: '127.0.0.1', port: 0, zones, log: silentLog });
    const { code } = await addPhone(system, { ...mra, ...line() });
    const remote = { ...(await outsideOf(system)), dns: [{ host: '127.0.0.1', port: dns.port }] };
    const phone = await outside(code, { remote });
    expect(await phone.boot()).toBe('registered');
    expect(phone.steps.find(({ step, outcome }) => step === 'edge' && outcome === 'failed')?.fault).toBe(
      'edge_unreachable',
    );
  });

  it('comes in as a fleet', async () => {
    const codes = await Promise.all(Array.from({ length: 8 }, () => addPhone(system, { ...mra, ...line() })));
    const fleet = await Promise.all(codes.map(({ code }) => outside(undefined, { askCode: typedOnce(code) })));
    expect(await Promise.all(fleet.map((phone) => phone.boot()))).toEqual(codes.map(() => 'registered'));
  });
});

describe('the phone lab', () => {
  interface Seen {
    readonly id: string;
    readonly atHome: boolean;
    readonly screen: { readonly kind: string };
  }
  const until = (id: string, wanted: (phone: Seen) => boolean) =>
    eventually(
      async () => {
        const { phones: seen } = (await system.rest('GET', '/lab/phones')).body as { phones: readonly Seen[] };
        return seen.find((each) => each.id === id);
      },
      (phone) => phone !== undefined && wanted(phone),
    );
  const unpack = async (request: object) => {
    const made = await system.rest('POST', '/lab/phones', { model: 'Cisco 8845', ...request });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return (made.body as { items: readonly Seen[] }).items[0]!.id;
  };

  it('brings a phone in that is plugged in at home', async () => {
    const { code } = await addPhone(system, { ...mra, ...line() });
    const id = await unpack({ atHome: true });
    await until(id, ({ screen }) => screen.kind === 'code');
    expect((await system.rest('POST', `/lab/phones/${id}/code`, { text: code })).status).toBe(200);
    await until(id, ({ atHome, screen }) => atHome && screen.kind === 'registered');
  });

  it('carries a phone home that was activated in the office and marked for it', async () => {
    const { code } = await addPhone(system, { ...mra, ...line() });
    const id = await unpack({});
    await until(id, ({ screen }) => screen.kind === 'code');
    await system.rest('POST', `/lab/phones/${id}/code`, { text: code });
    await until(id, ({ screen }) => screen.kind === 'registered');
    expect((await system.rest('POST', `/lab/phones/${id}/actions`, { action: 'take-home' })).status).toBe(200);
    await until(id, ({ atHome, screen }) => atHome && screen.kind === 'registered');
  });
});
