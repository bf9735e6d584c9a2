import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, runProgram, startAllInOne } from '../support/all-in-one.ts';

/** The cluster's rules about phones outside, with a real phone, a real cloud and real edges. */

let system: RunningProgram;
beforeAll(async () => {
  system = await startAllInOne({ mra: true });
}, 60_000);
afterAll(() => system?.[Symbol.asyncDispose]());

const phone = (mac: string, code: string, where: 'inside' | 'outside') =>
  runProgram([
    'phone',
    '--runtime',
    join(system.dataDirectory, 'runtime.json'),
    ...(where === 'outside' ? ['--mra'] : []),
    '--model',
    '8845',
    '--mac',
    mac,
    '--code',
    code,
  ]);
const rest = async (method: string, path: string, body?: unknown) => {
  const answer = await system.rest(method, path, body);
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
};
const add = (more: object = {}) =>
  rest('POST', '/phones', {
    model: 'Cisco 8845',
    requiresActivationCode: true,
    allowActivationCodeViaMra: true,
    ...more,
  });
const codeOf = async (name: string): Promise<string> => (await rest('GET', `/phones/${name}/activation-code`)).code;

describe('a phone outside', () => {
  it('rings with its code; then the cloud forgets the code, and the record says where the phone came in', async () => {
    const { name, activationCode } = await add();
    expect(activationCode).toMatchObject({ state: 'active', viaMra: true, cloud: 'known' });
    const { code, output } = await phone('001122330001', await codeOf(name), 'outside');
    expect(code, output).toBe(0);
    await expect
      .poll(async () => (await rest('GET', '/phones/SEP001122330001')).activationCode.cloud, { timeout: 10_000 })
      .toBe('released');
    expect(await rest('GET', '/phones/SEP001122330001')).toMatchObject({
      mra: { activatedVia: 'mra', serviceDomain: 'mra.firstring.test', serviceDomainFrom: 'default' },
      activationCode: { state: 'confirmed' },
    });
  });

  it('that was activated inside first is locked by a new code, which works outside, for that phone only (A7)', async () => {
    const { name } = await add({ allowActivationCodeViaMra: false });
    const inside = await phone('001122330002', await codeOf(name), 'inside');
    expect(inside.code, inside.output).toBe(0);
    const locked = await rest('PATCH', '/phones/SEP001122330002', {
      requiresActivationCode: true,
      allowActivationCodeViaMra: true,
    });
    expect(locked).toMatchObject({
      registration: null,
      mra: { activatedVia: 'onprem' },
      activationCode: { state: 'active', viaMra: true, boundMac: '001122330002' },
    });
    const code = await codeOf('SEP001122330002');
    const stranger = await phone('001122330003', code, 'outside');
    expect(stranger.code, stranger.output).toBe(15);
    const shipped = await phone('001122330002', code, 'outside');
    expect(shipped.code, shipped.output).toBe(0);
    expect((await rest('GET', '/phones/SEP001122330002')).mra.activatedVia).toBe('mra');
  });

  it('gets in with the newest code only: the released one is forgotten by cloud and cluster (A8)', async () => {
    const { name } = await add();
    const old = await codeOf(name);
    await rest('DELETE', `/phones/${name}/activation-code`);
    const made = await rest('POST', `/phones/${name}/activation-code`);
    expect(made).toMatchObject({ state: 'active', viaMra: true, waitsForCloud: false });
    const refused = await phone('001122330004', old, 'outside');
    expect(refused.code, refused.output).toBe(15);
    const accepted = await phone('001122330004', made.code, 'outside');
    expect(accepted.code, accepted.output).toBe(0);
  });

  it('registers through the edge of its own service domain', async () => {
    const { items } = await rest('GET', '/mra-service-domains');
    const { name: second } = items.find(({ domain }: { domain: string }) => domain === 'emea.firstring.test');
    const { name } = await add({ mraServiceDomain: second });
    const { code, output } = await phone('001122330005', await codeOf(name), 'outside');
    expect(code, output).toBe(0);
    expect(output).toContain('e1.emea.firstring.test');
  });

  it('does not get in where the box is not ticked, or was unticked after the code was made (D11)', async () => {
    const { name } = await add({ allowActivationCodeViaMra: false });
    const unknown = await phone('001122330006', await codeOf(name), 'outside');
    expect(unknown.code, unknown.output).toBe(15);
    const other = await add();
    const code = await codeOf(other.name);
    await rest('PATCH', `/phones/${other.name}`, { allowActivationCodeViaMra: false });
    const unticked = await phone('001122330006', code, 'outside');
    expect(unticked.code, unticked.output).toBe(15);
    const inside = await phone('001122330006', code, 'inside');
    expect(inside.code, inside.output).toBe(0);
  });

  it('is refused with the reason while "Enable MRA Activation" is off; the code stays good (D13)', async () => {
    const { name } = await add();
    const code = await codeOf(name);
    const path = '/service-parameters/Device%20Activation%20Service/Enable%20MRA%20Activation';
    await rest('PUT', path, { value: false });
    try {
      await expect.poll(async () => (await phone('001122330007', code, 'outside')).code, { timeout: 15_000 }).toBe(15);
      expect((await rest('GET', '/cloud-onboarding')).readiness).toBe('mra_onboarding_off');
    } finally {
      await rest('PUT', path, { value: null });
    }
    await expect.poll(async () => (await phone('001122330007', code, 'outside')).code, { timeout: 15_000 }).toBe(0);
  });
});
