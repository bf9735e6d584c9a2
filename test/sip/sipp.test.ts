import { describe, expect, it } from 'vitest';
import { realClient } from '../support/real-clients.ts';
import { device, testSip } from './support/fakes.ts';
import { freeUdpPort } from './support/ports.ts';
import { credentials, runSipp } from './support/sipp.ts';

const sipp = realClient('sipp');
const one = device('SEP001122334401', ['1001']);
const two = device('SEP001122334402', ['1002']);

describe.skipIf(sipp === undefined)('SIPp', () => {
  it.each(['u1', 't1'] as const)('registers and unregisters by digest over %s', async (transport) => {
    await using sip = await testSip([one]);
    const target = (transport === 'u1' ? sip.server.ports.udp : sip.server.ports.tcp)!;
    const localPort = await freeUdpPort();
    const rows = [['1001', credentials(one.name)]];
    expect(await runSipp({ sipp: sipp!, scenario: 'register', target, localPort, rows, transport })).toMatchObject({
      code: 0,
      errors: '',
    });
    if (transport === 'u1')
      expect(sip.server.registrations()).toMatchObject([{ deviceName: one.name, numbers: ['1001'] }]);
    expect(await runSipp({ sipp: sipp!, scenario: 'unregister', target, localPort, rows, transport })).toMatchObject({
      code: 0,
    });
    expect(sip.server.registrations()).toEqual([]);
  });

  it.each([
    ['calls, renegotiates and hangs up', 'caller', 'callee'],
    ['calls and gives up while it rings', 'caller-cancels', 'callee-cancelled'],
  ])('%s through the proxy', async (_, callerScenario, calleeScenario) => {
    await using sip = await testSip([one, two]);
    const target = sip.server.ports.udp!;
    const caller = await freeUdpPort();
    const callee = await freeUdpPort();
    const register = { sipp: sipp!, scenario: 'register', target };
    const rows = { caller: [['1001', credentials(one.name)]], callee: [['1002', credentials(two.name)]] };
    expect(await runSipp({ ...register, localPort: caller, rows: rows.caller })).toMatchObject({ code: 0 });
    expect(await runSipp({ ...register, localPort: callee, rows: rows.callee })).toMatchObject({ code: 0 });
    const answering = runSipp({ sipp: sipp!, scenario: calleeScenario, target, localPort: callee, rows: [['1002']] });
    const called = [['1001', '1002', credentials(one.name)]];
    const calling = await runSipp({ sipp: sipp!, scenario: callerScenario, target, localPort: caller, rows: called });
    expect(calling).toMatchObject({ code: 0, errors: '' });
    expect(await answering).toMatchObject({ code: 0, errors: '' });
    expect(sip.complaints).toEqual([]);
  });
});
