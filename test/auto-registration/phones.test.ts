import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MicMaker } from '../../src/phone/identity/mic.ts';
import { eventually, freshMac, labOf, type RealPhone, realPhone } from '../phone/support/real-system.ts';
import { type RunningProgram, runProgram, startAllInOne } from '../support/all-in-one.ts';

let system: RunningProgram;
let maker: MicMaker;
let node: string;
const running: RealPhone[] = [];

beforeAll(async () => {
  system = await startAllInOne();
  maker = await labOf(system);
  node = (await system.rest('GET', '/nodes')).body.items[0].name;
});
afterAll(async () => {
  await Promise.all(running.map(({ phone }) => phone.unplug()));
  await system?.[Symbol.asyncDispose]();
});

const start = (options: Parameters<typeof realPhone>[3] = {}) => {
  const phone = realPhone(system, maker, undefined, { model: '7841', ...options });
  running.push(phone);
  return phone;
};
const method = (onPremiseOnboardingMethod: string) =>
  system.rest('PUT', '/device-defaults/7841', { onPremiseOnboardingMethod });
const range = (body: Record<string, unknown>) => system.rest('PUT', `/nodes/${node}/auto-registration`, body);
const reasons = async (name: string): Promise<string[]> => {
  const { body } = await system.rest('GET', `/timeline?mac=${name.slice(3)}`);
  return body.attempts.flatMap(({ steps }: { steps: { reason: string | null }[] }) =>
    steps.flatMap(({ reason }) => reason ?? []),
  );
};

describe('auto-registration', () => {
  it('is off until the group, the range, the box and the model say otherwise, and tells what is missing', async () => {
    const codes = async () =>
      (await system.rest('GET', '/auto-registration')).body.problems.map(({ code }: { code: string }) => code);
    expect(await codes()).toEqual(['no_model', 'no_group']);
    await method('AutoRegistration');
    const newcomer = start();
    expect(await newcomer.boot()).toBe('not_offered');

    await system.rest('PATCH', '/call-manager-groups/Default', { autoRegistration: true });
    expect(await codes()).toEqual(['node_off']);
    expect((await range({ startingDirectoryNumber: '5000', endingDirectoryNumber: '5049' })).body.on).toBe(false);
    const on = await range({ disabled: false });
    expect(on.body).toMatchObject({ on: true, serving: true, nextDirectoryNumber: '5000', numbersTotal: 50 });
    expect(await codes()).toEqual([]);
  });

  it('gives a phone without a record or a code a number, its file and a call', async () => {
    const [one, two] = [start(), start({ answerAfterMs: 0 })];
    expect(await one.boot()).toBe('registered');
    expect(await two.boot()).toBe('registered');
    expect([one.phone.directoryNumbers, two.phone.directoryNumbers]).toEqual([['5000'], ['5001']]);
    expect(one.told()).toContain('service-control done');

    const body = await eventually(
      async () => (await system.rest('GET', `/phones/${one.name}`)).body,
      ({ registration }) => registration !== null,
    );
    expect(body).toMatchObject({
      model: 'Cisco 7841',
      autoRegistered: true,
      description: 'Auto 5000',
      ownerUserId: null,
      registration: { transport: 'tls' },
    });
    await one.phone.call({ number: '5001', lasting: 50, signal: AbortSignal.timeout(10_000) });

    const audit = (await system.rest('GET', `/audit-events?action=phone.created&search=${one.name}`)).body.items;
    expect(audit[0]).toMatchObject({ actor: `phone:${one.mac}` });
    const { attempts } = (await system.rest('GET', `/phones/${one.name}/timeline?language=zh-CN`)).body;
    const titles = attempts.flatMap(({ steps }: { steps: { step: string; title: string }[] }) =>
      steps.filter(({ step }) => step === 'auto-registered').map(({ title }) => title),
    );
    expect(titles).toEqual(['已自动注册']);
  });

  it('gives each of many phones that come at once a number of its own', async () => {
    const phones = Array.from({ length: 12 }, () => start());
    expect(await Promise.all(phones.map((each) => each.boot()))).toEqual(phones.map(() => 'registered'));
    const numbers = phones.flatMap(({ phone }) => phone.directoryNumbers);
    expect(new Set(numbers).size).toBe(12);
    for (const number of numbers) expect(Number(number)).toBeGreaterThan(5001);
  });

  it('says that the old record must be deleted first, and takes the phone in once it is', async () => {
    const mac = freshMac();
    const name = `SEP${mac}`;
    await system.rest('POST', '/phones', { model: 'Cisco 7841', mac, requiresActivationCode: true });
    const kept = start({ mac });
    void kept.boot();
    await eventually(
      () => reasons(name),
      (seen) => seen.includes('record_exists'),
    );
    expect(kept.steps.findLast(({ outcome }) => outcome === 'failed')?.text).toMatch(/delete it before/);
    await kept.phone.unplug();
    await system.rest('DELETE', `/phones/${name}`);
    const again = start({ mac });
    expect(await again.boot()).toBe('registered');
    expect((await system.rest('GET', `/phones/${name}`)).body.autoRegistered).toBe(true);
  });

  it('is closed to phones whose model is switched to Activation Code, and leaves those that are in', async () => {
    const before = start();
    expect(await before.boot()).toBe('registered');
    await method('ActivationCode');
    const later = start();
    expect(await later.boot()).toBe('code_missing');
    await eventually(
      async () => (await system.rest('GET', `/phones/${before.name}`)).body.registration,
      (registration) => registration !== null,
    );
    await method('AutoRegistration');
  });

  it('is shown and set from the command line', async () => {
    const args = ['--data-dir', system.dataDirectory];
    const set = await runProgram(['auto-registration', 'set', node, '--start', '6000', '--end', '6001', ...args]);
    expect(set).toMatchObject({ code: 0 });
    const shown = await runProgram(['auto-registration', 'show', ...args]);
    expect(shown.output).toMatch(/6000/);
    const wrong = await runProgram(['auto-registration', 'set', node, '--start', '6000', '--end', '59', ...args]);
    expect(wrong.code).toBe(1);
    expect(wrong.output).toMatch(/same number of digits/);
  });

  it('takes no phone in when all numbers are used, and a number is free again when its phone is gone', async () => {
    const phones = [start(), start()];
    for (const each of phones) expect(await each.boot()).toBe('registered');
    const third = start();
    void third.boot();
    await eventually(
      () => reasons(third.name),
      (seen) => seen.includes('auto_registration_numbers_used_up'),
    );
    await third.phone.unplug();
    // Else it would be told to start again, and be the first to ask for the number.
    await phones[0]!.phone.unplug();
    await system.rest('DELETE', `/phones/${phones[0]!.name}`);
    const fourth = start();
    expect(await fourth.boot()).toBe('registered');
    expect(fourth.phone.directoryNumbers).toEqual(['6000']);
  });
});

describe('the way from the box over auto-registration and TAPS', () => {
  const parameter = (name: string, value: string) =>
    system.rest('PUT', `/service-parameters/${encodeURIComponent('TAPS Service')}/${encodeURIComponent(name)}`, {
      value,
    });

  it('ends with the phone that was prepared, and the PIN of its owner opens it', async () => {
    await method('AutoRegistration');
    await range({
      startingDirectoryNumber: '7000',
      endingDirectoryNumber: '7099',
      disabled: false,
    });
    await system.rest('POST', '/users', { userId: 'ann', firstName: 'Ann', lastName: 'Example', pin: '24681' });
    const prepared = await system.rest('POST', '/phones/from-template', {
      model: 'Cisco 7841',
      ownerUserId: 'ann',
      lines: [{ directoryNumber: '1001' }],
    });
    expect(prepared.status).toBe(201);
    expect((await parameter('TAPS Directory Number', '8277')).status).toBe(200);
    await parameter('Secure TAPS', 'true');

    const one = start();
    expect(await one.boot()).toBe('registered');
    expect(one.phone.directoryNumbers).toEqual(['7000']);
    const dial = (keys: string) =>
      one.phone.call({ number: '8277', keys, lasting: 60_000, signal: AbortSignal.timeout(60_000) });
    // Off until it is activated.
    await expect(dial('')).rejects.toThrow(/480/);
    expect((await system.rest('GET', '/taps')).body.problems[0].code).toBe('not_activated');
    const service = await system.rest('PUT', `/nodes/${node}/services/TAPS%20Service`, { activated: true });
    expect(service.body).toMatchObject({ activated: true, group: 'Database and Admin Services' });

    await eventually(
      () =>
        dial('1001##24681#').then(
          () => 'called',
          (error: Error) => error.message,
        ),
      (outcome) => outcome === 'called',
    );
    // It was told to start again, read its new file and registered with its own line.
    await eventually(
      async () => (await system.rest('GET', `/phones/${one.name}`)).body,
      (body) => body.registration !== null && body.lines[0].directoryNumber === '1001',
    );
    await eventually(
      async () => one.phone.directoryNumbers,
      (numbers) => numbers[0] === '1001',
    );
    expect((await system.rest('GET', `/phones/${one.name}`)).body).toMatchObject({
      ownerUserId: 'ann',
      autoRegistered: false,
      description: 'Ann Example (Cisco 7841)',
    });
    expect((await system.rest('GET', `/phones/${prepared.body.name}`)).status).toBe(404);
    const { attempts } = (await system.rest('GET', `/phones/${one.name}/timeline`)).body;
    const steps = attempts.flatMap((each: { steps: { step: string }[] }) => each.steps.map(({ step }) => step));
    expect(steps).toEqual(expect.arrayContaining(['auto-registered', 'taps', 'phone-renamed', 'register']));
    const listed = await runProgram(['taps', 'sessions', '--data-dir', system.dataDirectory]);
    expect(listed.output).toMatch(new RegExp(`${one.name} +7000 +1001 +${prepared.body.name} +mapped`));
    await one.phone.powerOff();
  }, 60_000);
});
