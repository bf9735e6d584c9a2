import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, root, runProgram, startAllInOne } from '../support/all-in-one.ts';
import { realLibrary } from '../support/real-clients.ts';
import { clientFolder, drive, npmClients, wsdlOf } from './support/clients.ts';

/** Some clients know port 8443 only: an address of the loopback network of our own has it free. */
const host = '127.0.0.88';
const clients = await npmClients();
const zeep = clients !== undefined && realLibrary('zeep', '/usr/bin/python3', '-c', 'import zeep');
const php =
  clients !== undefined && realLibrary('PHP SoapClient', 'php', '-r', 'exit(class_exists("SoapClient") ? 0 : 1);');

let program: RunningProgram;
let ca: string;
beforeAll(async () => {
  program = await startAllInOne({
    environment: {
      FIRSTRING_LISTEN_ADDRESS: host,
      FIRSTRING_NODE_ADDRESS: host,
      FIRSTRING_PORT_HTTPS: '8443',
      FIRSTRING_NODE_NAME: 'ucm-a',
    },
  });
  ca = join(program.dataDirectory, 'cluster-ca.pem');
});
afterAll(() => program?.[Symbol.asyncDispose]());

// biome-ignore lint/suspicious/noExplicitAny: results of every shape
type Result = { readonly ok?: any; readonly fault?: string; readonly code?: string; readonly broken?: string };
type Call = readonly [operation: string, tags: object];

const given = (calls: readonly Call[], version: string) => ({
  host,
  user: program.admin.user,
  password: program.admin.password,
  version,
  calls,
  ca,
  wsdl: wsdlOf(clients!, version),
});
const inClients = (script: string) => [join(clientFolder, script)];
const drivers = {
  'cisco-axl': (calls: readonly Call[], version: string) =>
    drive<Result[]>(join(root, 'node_modules/.bin/node'), inClients('drive_cisco_axl.cjs'), given(calls, version), {
      NODE_PATH: join(clients!, 'node_modules'),
      NODE_EXTRA_CA_CERTS: ca,
    }),
  zeep: (calls: readonly Call[], version: string) =>
    drive<Result[]>('/usr/bin/python3', inClients('drive_zeep.py'), given(calls, version)),
  SoapClient: (calls: readonly Call[], version: string) =>
    drive<Result[]>('php', inClients('drive_soapclient.php'), given(calls, version)),
};

/** What the schema requires of a phone, and our part of it. */
const phone = (name: string, more: object = {}) => ({
  phone: {
    name,
    product: 'Cisco 8845',
    class: 'Phone',
    protocol: 'SIP',
    protocolSide: 'User',
    devicePoolName: 'Default',
    commonPhoneConfigName: 'Standard Common Phone Profile',
    locationName: 'Hub_None',
    useTrustedRelayPoint: 'Default',
    phoneTemplateName: 'Standard 8845 SIP',
    primaryPhoneName: '',
    builtInBridgeStatus: 'Default',
    packetCaptureMode: 'None',
    certificateOperation: 'No Pending Operation',
    deviceMobilityMode: 'Default',
    ...more,
  },
});

describe.each([
  ['cisco-axl', '14.0', '1', clients !== undefined],
  ['zeep', '12.5', '2', zeep],
  ['SoapClient', '15.0', '3', php],
] as const)('the real client %s with schema %s', (client, version, digit, there) => {
  it.skipIf(!there)('takes a phone from nothing to its code and away again', async () => {
    const bat = `BAT00C0DE00000${digit}`;
    const sep = `SEP00C0DE00000${digit}`;
    const unwrap = (result: Result | undefined) => result?.ok?.return ?? result?.ok;
    const results = await drivers[client](
      [
        ['getCCMVersion', {}],
        ['addPhone', phone(bat, { enableActivationID: true, description: 'Käse & Brot <1>' })],
        ['getPhone', { name: bat }],
        [
          'listPhoneActivationCode',
          { searchCriteria: { phoneName: bat }, returnedTags: { activationCode: '', phoneName: '' } },
        ],
        ['updatePhone', { name: bat, newName: sep, description: 'renamed' }],
        ['listPhone', { searchCriteria: { name: '%C0DE%' }, returnedTags: { name: '', description: '' } }],
        ['addPhone', phone(sep)],
        ['getPhone', { name: 'SEP0000DEADBEEF' }],
        ['listRoutePartition', { searchCriteria: { name: '%%' }, returnedTags: { name: '' } }],
        ['listProcessNode', { searchCriteria: { name: '%' }, returnedTags: { name: '', nodeUsage: '' } }],
        [
          'listDeviceDefaults',
          { searchCriteria: { Model: '%' }, returnedTags: { Model: '', PreferActCodeOverAutoReg: '' } },
        ],
        ['removePhone', { name: sep }],
      ],
      version,
    );
    for (const result of results) expect(result.broken).toBeUndefined();
    expect(unwrap(results[0]).componentVersion.version).toMatch(/^15\.0\./);
    const shown = unwrap(results[2]).phone;
    expect(shown).toMatchObject({ name: bat, description: 'Käse & Brot <1>', model: 'Cisco 8845' });
    expect(String(shown.enableActivationID)).toBe('true');
    const codes = [unwrap(results[3]).phoneActivationCode].flat();
    expect(codes).toMatchObject([{ phoneName: bat, activationCode: expect.stringMatching(/^\d{16}$/) }]);
    expect([unwrap(results[5]).phone].flat()).toContainEqual(
      expect.objectContaining({ name: sep, description: 'renamed' }),
    );
    expect(results[6]!.fault).toMatch(/^Could not insert new row - duplicate value in a UNIQUE INDEX column/);
    expect(results[7]!.fault).toBe('Item not valid: The specified Phone was not found');
    expect(results[8]!.fault).toBeUndefined();
    expect([unwrap(results[9]).processNode].flat().map((each: { name: string }) => each.name)).toContain('ucm-a');
    expect([unwrap(results[10]).deviceDefaults].flat().length).toBe(15);
    expect(results[11]!.fault).toBeUndefined();
  });
});

describe('the real clients cisco-risport and cisco-perfmon', () => {
  it.skipIf(clients === undefined)('see a phone that registered, and the activation it counted', async () => {
    const { body: added } = await program.rest('POST', '/phones', {
      model: 'Cisco 8845',
      requiresActivationCode: true,
      lines: [{ directoryNumber: '1001' }],
    });
    const { body } = await program.rest('GET', `/phones/${added.name}/activation-code`);
    const booted = await runProgram([
      'phone',
      '--runtime',
      join(program.dataDirectory, 'runtime.json'),
      '--model',
      '8845',
      '--mac',
      '00C0DE0000F1',
      '--code',
      body.code,
    ]);
    expect(booted.code, booted.output).toBe(0);
    const { ris, counters, collected } = await drive<{
      // biome-ignore lint/suspicious/noExplicitAny: results of every shape
      readonly [K in 'ris' | 'counters' | 'collected']: any;
    }>(
      join(root, 'node_modules/.bin/node'),
      inClients('drive_cisco_ris.cjs'),
      {
        host,
        user: program.admin.user,
        password: program.admin.password,
        select: ['SelectCmDeviceExt', 1000, 'Any', '', 'Any', '', 'Name', ['SEP00C0DE0000F1'], 'Any', 'Any'],
        perfmonHost: 'ucm-a',
      },
      { NODE_PATH: join(clients!, 'node_modules'), NODE_EXTRA_CA_CERTS: ca },
    );
    expect(JSON.stringify(ris)).toContain('"Name":"SEP00C0DE0000F1"');
    expect(JSON.stringify(ris)).toMatch(/"Status":"(Registered|UnRegistered)"/);
    expect(JSON.stringify(counters)).toContain('Cisco Device Activation Service');
    expect(JSON.stringify(collected)).toMatch(/InvokeAttempts/);
  });
});
