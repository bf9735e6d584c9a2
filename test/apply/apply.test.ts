import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, runProgram, startAllInOne } from '../support/all-in-one.ts';

let program: RunningProgram;
let folder: string;
beforeAll(async () => {
  program = await startAllInOne({ lab: false });
  folder = await mkdtemp(join(tmpdir(), 'firstring-apply-'));
});
afterAll(async () => {
  await program?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const apply = async (text: string, ...options: string[]) => {
  const file = join(folder, 'state.yaml');
  await writeFile(file, text);
  return runProgram(['apply', file, '--data-dir', program.dataDirectory, ...options]);
};
const get = async (path: string) => (await program.rest('GET', path)).body;

const office = `
routePartitions:
  - { name: Inside, description: "Numbers of the house" }
devicePools:
  - { name: Berlin, olsonTimeZone: Europe/Berlin }
users:
  - { userId: anna, firstName: Anna, lastName: Fischer, mail: anna@example.org, roles: [end-user], password: "correct horse" }
lines:
  - { directoryNumber: 7001, partition: Inside, description: Reception }
deviceDefaults:
  Cisco 8845: { onPremiseOnboardingMethod: ActivationCode }
serviceParameters:
  Device Activation Service: { "Activation Time to Live (Hours)": 72 }
enterpriseParameters:
  Show Phones Ready to Activate: false
phones:
  - { mac: "00:C0:DE:00:0D:01", model: Cisco 8845, devicePool: Berlin, ownerUserId: anna, lines: [{ directoryNumber: 7001, partition: Inside }] }
  - { description: "Reception, second desk", model: Cisco 8845, devicePool: Berlin, requiresActivationCode: true }
`;

describe('firstring apply', () => {
  it('shows the plan and changes nothing in a dry run', async () => {
    const { code, output } = await apply(office, '--dry-run');
    expect(code, output).toBe(2);
    expect(output).toContain('+ device pool Berlin');
    expect(output).toContain('+ phone SEP00C0DE000D01');
    expect(output).toContain('~ service parameter Device Activation Service: Activation Time to Live (Hours)');
    expect(output).toContain('value: "168" → "72"');
    expect((await program.rest('GET', '/device-pools/Berlin')).status).toBe(404);
  });

  it('asks nobody where nobody is there', async () => {
    const { code, output } = await apply(office);
    expect(code).toBe(1);
    expect(output).toContain('Add --yes to do it');
    expect((await program.rest('GET', '/device-pools/Berlin')).status).toBe(404);
  });

  it('brings the system to the described state, and finds nothing to do the next time', async () => {
    const first = await apply(office, '--yes');
    expect(first.code, first.output).toBe(0);
    expect(await get('/phones/SEP00C0DE000D01')).toMatchObject({
      devicePool: 'Berlin',
      ownerUserId: 'anna',
      lines: [{ directoryNumber: '7001', partition: 'Inside' }],
    });
    expect((await get('/phones?search=second')).items).toMatchObject([{ activationCode: { state: 'active' } }]);
    expect((await get('/device-defaults/Cisco%208845')).onPremiseOnboardingMethod).toBe('ActivationCode');
    const second = await apply(office, '--dry-run');
    expect(second.code, second.output).toBe(0);
    expect(second.output).toContain('0 to add, 0 to change, 0 to remove, 9 as they should be');
  });

  it('does not lock a phone again that has used its code since', async () => {
    const [{ name }] = (await get('/phones?search=second')).items;
    await program.rest('PATCH', `/phones/${name}`, { mac: '00C0DE000D02', requiresActivationCode: false });
    const { code, output } = await apply(office, '--dry-run');
    expect(code, output).toBe(0);
  });

  it('changes what differs, and removes what shall be absent, users of a thing before the thing', async () => {
    const { code, output } = await apply(
      `
devicePools: [{ name: Berlin, absent: true }]
phones:
  - { mac: 00C0DE000D01, absent: true }
  - { description: "Reception, second desk", absent: true }
lines: [{ directoryNumber: "7001", partition: Inside, description: Front desk }]
`,
      '--yes',
    );
    expect(code, output).toBe(0);
    expect(output).toContain('description: "Reception" → "Front desk"');
    expect((await program.rest('GET', '/device-pools/Berlin')).status).toBe(404);
    expect((await get('/lines/7001%40Inside')).description).toBe('Front desk');
  });

  it('names every wrong entry at once, and does nothing then', async () => {
    const { code, output } = await apply(
      `
devicePool: []
devicePools: [{ name: One, colour: red }, { olsonTimeZone: Etc/UTC }, { name: Two }, { name: Two }]
phones: [{ model: Cisco 8845 }]
users: nobody
`,
      '--yes',
    );
    expect(code).toBe(1);
    for (const line of [
      'devicePool: not a section',
      'devicePools[0]: colour: not known',
      'devicePools[1]: name is missing',
      'devicePools[3]: Two stands in the file twice',
      'phones[0]: mac is missing',
      'users: a list is wanted',
    ])
      expect(output).toContain(line);
    expect((await program.rest('GET', '/device-pools/Two')).status).toBe(404);
  });

  it('goes on after what the system refuses, says what, and can be run again', async () => {
    const { code, output } = await apply(
      `
devicePools: [{ name: Good }, { name: Bad, callManagerGroup: Nowhere }]
`,
      '--yes',
    );
    expect(code).toBe(1);
    expect(output).toContain('device pool Bad (devicePools[1])');
    expect((await program.rest('GET', '/device-pools/Good')).status).toBe(200);
  });

  it('tells programs in JSON', async () => {
    const { code, output } = await apply('devicePools: [{ name: Good }, { name: More }]', '--dry-run', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(output).plan).toEqual(expect.arrayContaining([{ do: 'add', kind: 'device pool', key: 'More' }]));
  });

  it.each([
    ['a file that is not there', undefined],
    ['a file that is not YAML', '{ [ }'],
    ['a list', '- 1'],
  ])('refuses %s in one plain sentence', async (_what, text) => {
    const { code, output } =
      text === undefined
        ? await runProgram(['apply', join(folder, 'nothing.yaml'), '--data-dir', program.dataDirectory])
        : await apply(text, '--yes');
    expect(code).toBe(1);
    expect(output).not.toContain('    at ');
  });
});
