import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeActivationCode, locatorOf } from '../../src/identifiers/activation-code.ts';
import { type RunningProgram, runProgram, startAllInOne } from '../support/all-in-one.ts';

let system: RunningProgram;
beforeAll(async () => {
  system = await startAllInOne();
});
afterAll(() => system[Symbol.asyncDispose]());

const mac = '001122334455';
/** Boots the reference phone against the running system until it is registered or gives up. */
const boot = (...args: string[]) =>
  runProgram([
    'phone',
    '--runtime',
    join(system.dataDirectory, 'runtime.json'),
    '--model',
    '8845',
    '--mac',
    mac,
    ...args,
  ]);
const get = async (path: string) => (await system.rest('GET', path)).body;
const codeOf = async (name: string) => (await get(`/phones/${name}/activation-code`)).code as string;
/** Asks until the answer fits: registrations and timelines are written a moment after the fact. */
async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    await new Promise((done) => setTimeout(done, 100));
  }
}

describe('a phone from the box to the ring and back behind its lock', () => {
  let name = '';

  it('gets in with its code, and its record says so', async () => {
    const phone = (
      await system.rest('POST', '/phones', {
        model: 'Cisco 8845',
        lines: [{ directoryNumber: '1001' }],
        requiresActivationCode: true,
      })
    ).body;
    const { code, output } = await boot('--code', await codeOf(phone.name));
    expect(code, output).toBe(0);
    name = `SEP${mac}`;
    expect(await get(`/phones/${name}`)).toMatchObject({
      id: phone.id,
      requiresActivationCode: false,
      activationCode: { state: expect.stringMatching(/^(consumed|confirmed)$/) },
    });
    const story = await until(
      () => get(`/phones/${name}/timeline`),
      (answer) => answer.attempts.some((each: { outcome: string }) => each.outcome === 'registered'),
    );
    const steps = story.attempts.flatMap((attempt: { steps: { step: string }[] }) =>
      attempt.steps.map((step) => step.step),
    );
    for (const step of ['phone-added', 'code-made', 'discover', 'start', 'activated', 'register'])
      expect(steps).toContain(step);
  });

  it('is locked when a new code is made: without it, it does not register', async () => {
    const made = await system.rest('POST', `/phones/${name}/activation-code`);
    expect(made).toMatchObject({ status: 201, body: { boundMac: mac } });
    expect(
      await until(
        () => get('/registrations'),
        (answer) => answer.total === 0,
      ),
    ).toMatchObject({ items: [] });
    // The right beginning and a right check digit: only the handshake can tell.
    const wrong = composeActivationCode(
      locatorOf(made.body.code),
      made.body.code.slice(7, 15) === '20481632' ? '20481633' : '20481632',
    );
    const refused = await boot('--code', wrong);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('code_not_accepted');
    expect(await get(`/phones/${name}`)).toMatchObject({ requiresActivationCode: true, registration: null });
  });

  it('gets in again with the new code, and with no code once the box is unticked', async () => {
    const again = await boot('--code', await codeOf(name));
    expect(again.code, again.output).toBe(0);
    await system.rest('PATCH', `/phones/${name}`, { requiresActivationCode: true });
    await system.rest('PATCH', `/phones/${name}`, { requiresActivationCode: false });
    const free = await boot();
    expect(free.code, free.output).toBe(0);
  });

  it('that is replaced stays out, while another phone takes its place', async () => {
    const replaced = (await system.rest('POST', `/phones/${name}/replace`)).body;
    expect(replaced.name).toMatch(/^BAT/);
    const code = await codeOf(replaced.name);
    const other = await runProgram([
      'phone',
      '--runtime',
      join(system.dataDirectory, 'runtime.json'),
      '--model',
      '8845',
      '--mac',
      '00AABBCCDDEE',
      '--code',
      code,
    ]);
    expect(other.code, other.output).toBe(0);
    expect(await get('/phones/SEP00AABBCCDDEE')).toMatchObject({
      id: replaced.id,
      lines: [{ directoryNumber: '1001' }],
    });
    // The code is used up: the broken phone cannot come back with it.
    expect((await boot('--code', code)).code).not.toBe(0);
    const story = await until(
      () => get(`/timeline?mac=${mac}`),
      (answer) => answer.attempts.at(-1)?.outcome === 'failed',
    );
    expect(story.attempts.at(-1)).toMatchObject({ cause: expect.any(String), remedy: expect.any(String) });
  });
});
