import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { realClient } from '../support/real-clients.ts';
import { Baresip } from './support/baresip.ts';

const baresip = realClient('baresip');
const nonSecure = 'Universal Device Template - Model-independent Non-Secure Profile';

describe.skipIf(baresip === undefined)('a client that never goes through an activation', () => {
  let system: RunningProgram;
  beforeAll(async () => {
    system = await startAllInOne();
  });
  afterAll(() => system?.[Symbol.asyncDispose]());

  const add = (mac: string, directoryNumber: string, digestPassword: string) =>
    system.rest('POST', '/phones', {
      model: 'Cisco 8811',
      mac,
      phoneSecurityProfile: nonSecure,
      lines: [{ directoryNumber }],
      digestPassword,
    });
  const registered = async () => {
    const { body } = await system.rest('GET', '/registrations');
    return (body as { items: { deviceName: string }[] }).items.map(({ deviceName }) => deviceName).sort();
  };

  it('registers and calls with the digest password its administrator chose, and nobody is shown it', async () => {
    const first = await add('001122334401', '1001', 'first-password');
    expect(first.status).toBe(201);
    expect((await add('001122334402', '1002', 'not-yet-right')).status).toBe(201);
    const changed = await system.rest('PATCH', '/phones/SEP001122334402', { digestPassword: 'second-password' });
    expect(changed.status).toBe(200);
    expect(JSON.stringify([first.body, changed.body])).not.toMatch(/-password"/);

    const common = {
      baresip: baresip!,
      port: Number(new URL(system.endpoints['sipUdp']!).port),
      transport: 'udp' as const,
    };
    await using caller = await Baresip.start({
      ...common,
      number: '1001',
      username: 'SEP001122334401',
      password: 'first-password',
    });
    await using callee = await Baresip.start({
      ...common,
      number: '1002',
      username: 'SEP001122334402',
      password: 'second-password',
      answers: true,
    });
    await vi.waitFor(async () => expect(await registered()).toEqual(['SEP001122334401', 'SEP001122334402']), {
      timeout: 20_000,
    });
    caller.tell('/dial 1002');
    await caller.hears(/Call established/);
    await callee.hears(/Call established/);
    caller.tell('/hangup');
    await callee.hears(/session closed|terminated|Call with .* terminated/);

    const audit = (await system.rest('GET', '/audit-events?action=phone.digest-password-set')).body as {
      items: unknown[];
    };
    expect(audit.items).toHaveLength(1);
  });

  it('is told when a password is too short or cannot be typed', async () => {
    for (const bad of ['short', 'with a space', 'wörter-und-mehr']) {
      const { status, body } = await add('001122334403', '1003', bad);
      expect([status, body.field]).toEqual([400, 'digestPassword']);
    }
  });
});
