import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseActivationCode as parse } from '../../src/identifiers/activation-code.ts';
import type { MicMaker } from '../../src/phone/identity/mic.ts';
import { memoryStore } from '../../src/phone/state/store.ts';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { addPhone, eventually, freshMac, labOf, realPhone } from './support/real-system.ts';

/** POSTs nothing, without a certificate. Resolves with the body of the answer. */
async function knock(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const asking = request(url, { method: 'POST', headers, rejectUnauthorized: false, agent: false }).end('{}');
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return Buffer.concat(await answer.toArray()).toString();
}

describe('from the box to the first ring', () => {
  let system: RunningProgram;
  let lab: MicMaker;
  beforeAll(async () => {
    system = await startAllInOne();
    lab = await labOf(system);
  });
  afterAll(() => system?.[Symbol.asyncDispose]());

  const registrationOf = (name: string) =>
    eventually(
      async () => (await system.rest('GET', `/registrations?deviceName=${name}`)).body.items as unknown[],
      (items) => items.length > 0,
    );

  it('brings a phone without a MAC on record in, under its real name', async () => {
    const { name: prepared, code } = await addPhone(system, { lines: [{ directoryNumber: '1001' }] });
    expect(prepared).toMatch(/^BAT/);
    const { name, phone, boot } = realPhone(system, lab, code);
    expect(await boot()).toBe('registered');
    expect((await system.rest('GET', `/phones/${prepared}`)).status).toBe(404);
    expect((await system.rest('GET', `/phones/${name}`)).body).toMatchObject({ name, requiresActivationCode: false });
    expect(await registrationOf(name)).toMatchObject([
      { deviceName: name, transport: 'tls', directoryNumbers: ['1001'], model: 'Cisco 8845' },
    ]);
    await phone.powerOff();
    await eventually(
      async () => (await system.rest('GET', `/registrations?deviceName=${name}`)).body.items as unknown[],
      (items) => items.length === 0,
    );
  });

  it('registers a phone without a line under its device name', async () => {
    const { code } = await addPhone(system);
    const { phone, boot, steps, name } = realPhone(system, lab, code);
    expect(await boot()).toBe('registered');
    expect(steps.find(({ step, outcome }) => step === 'register' && outcome === 'done')?.text).toContain(name);
    await phone.powerOff();
  });

  it.each([
    ['Cisco 7811', '7811'],
    ['Cisco 8832NR', '8832NR'],
    ['Cisco 8865', '8865'],
  ])('brings a %s in', async (model, number) => {
    const { code } = await addPhone(system, { model });
    const { phone, boot } = realPhone(system, lab, code, { model: number });
    expect(await boot()).toBe('registered');
    await phone.powerOff();
  });

  it('registers a phone of a non-secure profile with the password of the sealed reply', async () => {
    const { code } = await addPhone(system, {
      phoneSecurityProfile: 'Universal Device Template - Model-independent Non-Secure Profile',
      lines: [{ directoryNumber: '1002' }],
    });
    const { phone, boot, name } = realPhone(system, lab, code);
    expect(await boot()).toBe('registered');
    expect(await registrationOf(name)).toMatchObject([{ transport: expect.stringMatching(/^(tcp|udp)$/) }]);
    await phone.powerOff();
  });

  describe('refusals', () => {
    it('tells a phone with a wrong code nothing but that, and takes the right one after it', async () => {
      const { code } = await addPhone(system);
      const { code: other } = await addPhone(system, { model: 'Cisco 7811' });
      // The locator of one, the rest of the other: a code that nobody has.
      const wrong = otherCheckDigit(code.slice(0, 7) + other.slice(7, 15));
      const entries = [wrong, code];
      const { phone, boot, told } = realPhone(system, lab, undefined, { askCode: async () => entries.shift() });
      expect(await boot()).toBe('registered');
      expect(told()).toContain('prove failed');
      await phone.powerOff();
    });

    it('no longer listens to a phone after five wrong codes, but to another one', async () => {
      const { code } = await addPhone(system);
      const wrong = [1, 2, 3, 4, 5].map((n) => otherCheckDigit(code.slice(0, 7) + String(70_000_000 + n * 137)));
      const entries = [...wrong, code];
      const guesser = realPhone(system, lab, undefined, { askCode: async () => entries.shift() });
      expect(await guesser.boot()).toBe('code_not_accepted');
      expect(guesser.steps.filter(({ fault }) => fault === 'code_not_accepted').length).toBeGreaterThanOrEqual(6);
      const honest = realPhone(system, lab, code);
      expect(await honest.boot()).toBe('registered');
      await honest.phone.powerOff();
    });

    it('tells a phone of another model so, and keeps the code for the right one', async () => {
      const { code } = await addPhone(system);
      expect(await realPhone(system, lab, code, { model: '8851' }).boot()).toBe('model_mismatch');
      const right = realPhone(system, lab, code);
      expect(await right.boot()).toBe('registered');
      await right.phone.powerOff();
    });

    it('tells another phone that the code is for a certain one', async () => {
      const mac = freshMac();
      const { code, name } = await addPhone(system, { mac });
      expect(name).toBe(`SEP${mac}`);
      expect(await realPhone(system, lab, code).boot()).toBe('mac_mismatch');
      const right = realPhone(system, lab, code, { mac });
      expect(await right.boot()).toBe('registered');
      await right.phone.powerOff();
    });

    it('tells a second phone that the code is used', async () => {
      const { code } = await addPhone(system);
      const first = realPhone(system, lab, code);
      expect(await first.boot()).toBe('registered');
      expect(await realPhone(system, lab, code).boot()).toBe('code_already_used');
      await first.phone.powerOff();
    });

    it('tells a phone whose code was released so', async () => {
      const { code, name } = await addPhone(system);
      expect((await system.rest('DELETE', `/phones/${name}/activation-code`)).status).toBeLessThan(300);
      expect(await realPhone(system, lab, code).boot()).toMatch(/^code_(released|not_accepted)$/);
    });

    it('shows what went wrong in the timeline of a phone that no record matches', async () => {
      const { code } = await addPhone(system);
      const { boot, mac } = realPhone(system, lab, code, { model: '8851' });
      expect(await boot()).toBe('model_mismatch');
      const { body } = await eventually(
        () => system.rest('GET', `/timeline?mac=${mac}`),
        (answer) => JSON.stringify(answer.body).includes('model_mismatch'),
      );
      expect(body.attempts.at(-1)).toMatchObject({ outcome: 'failed', remedy: expect.any(String) });
    });

    describe('of a service that is switched off', () => {
      const turn = async (activated: boolean) => {
        const nodes = (await system.rest('GET', '/nodes')).body.items as { name: string }[];
        const service = `/nodes/${nodes[0]!.name}/services/${encodeURIComponent('Device Activation Service')}`;
        expect((await system.rest('PUT', service, { activated })).status).toBe(200);
        // Whoever knocks without a certificate is told which of the two it is.
        await eventually(
          () => knock(`${system.endpoints.das}/das/v1/activation/start`),
          (answer) => answer.includes(activated ? 'mic_required' : 'busy'),
        );
      };
      // One failed test must not fail the others.
      afterAll(() => turn(true));

      it('say busy to a phone that comes then, which gets in once the service is on again', async () => {
        const { code } = await addPhone(system);
        await turn(false);
        const { phone, boot, steps } = realPhone(system, lab, code);
        const booted = boot();
        await eventually(
          async () => steps,
          (all) => all.some(({ fault }) => fault === 'busy'),
        );
        await turn(true);
        expect(await booted).toBe('registered');
        await phone.powerOff();
      });

      it('say busy to a phone at its prompt, which gets in once the service is on again', async () => {
        const { code } = await addPhone(system);
        const { phone, boot, steps } = realPhone(system, lab, undefined, {
          askCode: async () => {
            await turn(false);
            return code;
          },
        });
        const booted = boot();
        await eventually(
          async () => steps,
          (all) => all.some(({ fault }) => fault === 'busy'),
        );
        await turn(true);
        expect(await booted).toBe('registered');
        await phone.powerOff();
      });
    });
  });

  describe('afterwards', () => {
    it('a phone that knows its system needs no code, until it is asked for a new one', async () => {
      const { code } = await addPhone(system, { lines: [{ directoryNumber: '1003' }] });
      const store = memoryStore();
      const mac = freshMac();
      const first = realPhone(system, lab, code, { store, mac });
      expect(await first.boot()).toBe('registered');
      await first.phone.powerOff();

      const second = realPhone(system, lab, undefined, { store, mac });
      expect(await second.boot()).toBe('registered');
      expect(second.told()).not.toContain('code begun');
      await second.phone.powerOff();

      expect((await system.rest('PATCH', `/phones/SEP${mac}`, { requiresActivationCode: true })).status).toBe(200);
      // Files follow a change within a second, not at once.
      await eventually(
        async () => await (await fetch(`${system.endpoints['tftpHttp']}/SEP${mac}.cnf.xml`)).text(),
        (file) => file.includes('<fullConfig>false</fullConfig>'),
      );
      const third = realPhone(system, lab, undefined, { store, mac });
      expect(await third.boot()).toBe('code_missing');
      expect(await store.load()).toBeUndefined();

      const fresh = (await system.rest('GET', `/phones/SEP${mac}/activation-code`)).body.code as string;
      const fourth = realPhone(system, lab, fresh, { store, mac });
      expect(await fourth.boot()).toBe('registered');
      await fourth.phone.powerOff();
    });

    it('is out when a code is asked of it while it is registered, and in again with it', async () => {
      const { code } = await addPhone(system, { lines: [{ directoryNumber: '1004' }] });
      const codes: string[] = [code];
      const { promise: asked, resolve: wasAsked } = Promise.withResolvers<void>();
      const more = Promise.withResolvers<string>();
      const { phone, boot, name } = realPhone(system, lab, undefined, {
        patient: true,
        askCode: async () => {
          const next = codes.shift();
          if (next !== undefined) return next;
          wasAsked();
          return await more.promise;
        },
      });
      expect(await boot()).toBe('registered');
      await registrationOf(name);
      await system.rest('PATCH', `/phones/${name}`, { requiresActivationCode: true });
      expect((await system.rest('GET', `/registrations?deviceName=${name}`)).body.items).toEqual([]);
      await system.rest('POST', `/phones/${name}/reset`);
      await asked;
      more.resolve((await system.rest('GET', `/phones/${name}/activation-code`)).body.code as string);
      await registrationOf(name);
      await phone.powerOff();
    });

    it.each(['restart', 'reset'] as const)('obeys a %s from the administrator', async (action) => {
      const { code } = await addPhone(system);
      const { phone, boot, told, name } = realPhone(system, lab, code);
      expect(await boot()).toBe('registered');
      await registrationOf(name);
      expect((await system.rest('POST', `/phones/${name}/${action}`)).status).toBeLessThan(300);
      const count = (all: readonly string[]) => all.filter((step) => step === 'register done').length;
      await eventually(
        async () => told(),
        (all) => count(all) === 2,
      );
      expect(told()).toContain('service-control done');
      await phone.powerOff();
    });

    it('two phones that came in call each other', async () => {
      const caller = await addPhone(system, { lines: [{ directoryNumber: '2001' }] });
      const callee = await addPhone(system, { lines: [{ directoryNumber: '2002' }] });
      const one = realPhone(system, lab, caller.code);
      const other = realPhone(system, lab, callee.code, { answerAfterMs: 50 });
      expect(await one.boot()).toBe('registered');
      expect(await other.boot()).toBe('registered');
      await one.phone.call({ number: '2002', lasting: 100, signal: new AbortController().signal });
      const heard = await eventually(
        async () => other.steps.filter(({ step }) => step === 'call').map(({ text }) => text),
        (texts) => texts.length === 3,
      );
      expect(heard).toEqual(['Call from 2001 rings.', 'Call from 2001 is answered.', 'Call from 2001 has ended.']);
      await Promise.all([one.phone.powerOff(), other.phone.powerOff()]);
    });
  });
});

/** Makes 15 digits a well-formed code: what a guesser does. */
function otherCheckDigit(fifteen: string): string {
  for (let digit = 0; digit < 10; digit++) {
    const code = `${fifteen}${digit}`;
    if (isWellFormed(code)) return code;
  }
  throw new Error('one digit always fits');
}

function isWellFormed(code: string): boolean {
  return parse(code).ok;
}
