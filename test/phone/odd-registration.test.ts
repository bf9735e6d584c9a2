import { describe, expect, it } from 'vitest';
import { header } from '../../src/protocol/sip/message.ts';
import { labPhone } from './support/lab-phone.ts';
import { goodCode, startOddCluster } from './support/odd-cluster.ts';

const _wrongCode = '4273819502648332';
const _paths = (received: readonly { path: string }[]) => received.map(({ path }) => path.split('/').at(-1));

describe('a registered phone', () => {
  it('answers a digest challenge with the password of the sealed reply', async () => {
    await using cluster = await startOddCluster({ transport: 'udp', registrar: { password: 'a digest password' } });
    const { phone, boot } = labPhone(cluster, goodCode);
    expect(await boot()).toBe('registered');
    await phone.unplug();
  });

  it('says what the field says of itself', async () => {
    await using cluster = await startOddCluster({ transport: 'tcp' });
    const { phone, boot } = labPhone(cluster, goodCode);
    await boot();
    await phone.unplug();
    const [register] = cluster.registrar.registers;
    const contact = header(register!, 'contact')!;
    expect(contact).toContain('+u.sip!devicename.ccm.cisco.com="SEP001122334455"');
    expect(contact).toContain('+u.sip!model.ccm.cisco.com="36224"');
    expect(contact).toContain('urn:uuid:00000000-0000-0000-0000-001122334455');
    expect(contact).toMatch(/^<sip:11111111-2222-3333-4444-555555555555@127\.0\.0\.1:\d+;transport=tcp>/);
    expect(header(register!, 'reason')).toContain('ActiveLoad=sip8845_65.1.loads');
    expect(header(register!, 'to')).toBe('<sip:1001@127.0.0.1>');
    expect(header(register!, 'cseq')).toBe('101 REGISTER');
  });

  it.each(['udp', 'tcp', 'tls'] as const)('goes past nodes that are down over %s', async (transport) => {
    await using cluster = await startOddCluster({ transport, registrar: { deadNodes: 1 } });
    const { phone, boot } = labPhone(cluster, goodCode, { sipPatienceMs: 1000 });
    expect(await boot()).toBe('registered');
    await phone.unplug();
  });

  it('tells what the server says when it is refused for good', async () => {
    const answers = Array.from({ length: 5 }, () => ({
      status: 403,
      headers: [['Warning', '399 odd "Unable to find device/user in database"']] as const,
    }));
    await using cluster = await startOddCluster({ registrar: { answers } });
    const { boot, steps } = labPhone(cluster, goodCode);
    expect(await boot()).toBe('registration_refused');
    expect(steps.at(-1)?.text).toContain('Unable to find device/user in database');
  });

  it('refreshes before its registration ends, in the same dialog', async () => {
    await using cluster = await startOddCluster({ registrar: { expires: 6 } });
    const { phone, boot } = labPhone(cluster, goodCode);
    await boot();
    await cluster.registrar.nextRegister();
    const [first, second] = cluster.registrar.registers;
    expect(header(second!, 'call-id')).toBe(header(first!, 'call-id'));
    expect(header(second!, 'cseq')).toBe('102 REGISTER');
    await phone.powerOff();
  });

  it('registers again when its connection breaks', async () => {
    await using cluster = await startOddCluster();
    const { phone, boot } = labPhone(cluster, goodCode);
    await boot();
    const again = cluster.registrar.nextRegister();
    cluster.registrar.breakConnections();
    await again;
    await phone.powerOff();
  });

  it.each(['udp', 'tls'] as const)('restarts when the server says so over %s', async (transport) => {
    await using cluster = await startOddCluster({ transport });
    const { phone, boot } = labPhone(cluster, goodCode);
    await boot();
    const files = cluster.asked.length;
    expect((await cluster.registrar.restart('restart')).status).toBe(200);
    await cluster.registrar.nextRegister();
    // The one that ends the registration, then the new one.
    const after = cluster.registrar.registers.slice(1).map((register) => header(register, 'expires'));
    expect(after[0]).toBe('0');
    if (after.length === 1) await cluster.registrar.nextRegister();
    expect(cluster.asked.slice(files)).toEqual(['SEP001122334455.cnf.xml.sgn']);
    await phone.powerOff();
  });

  it('boots from the start on a reset, and needs no code', async () => {
    await using cluster = await startOddCluster();
    const { phone, boot } = labPhone(cluster, goodCode);
    await boot();
    const files = cluster.asked.length;
    await cluster.registrar.restart('reset');
    await cluster.registrar.nextRegister();
    if (header(cluster.registrar.registers.at(-1)!, 'expires') === '0') await cluster.registrar.nextRegister();
    expect(cluster.asked.slice(files)[0]).toBe('ITLSEP001122334455.tlv');
    await phone.powerOff();
  });

  it('ignores a restart that names another registration', async () => {
    await using cluster = await startOddCluster();
    const { phone, boot, told } = labPhone(cluster, goodCode);
    await boot();
    expect((await cluster.registrar.restart('restart', 'another@odd')).status).toBe(200);
    expect(told()).not.toContain('service-control done');
    await phone.powerOff();
  });

  it.each([
    ['OPTIONS', 200],
    ['REFER', 202],
    ['INVITE', 486],
    ['BYE', 481],
    ['NOTIFY', 489],
    ['PUBLISH', 405],
  ])('answers %s out of the blue with %i', async (method, status) => {
    await using cluster = await startOddCluster();
    const { phone, boot } = labPhone(cluster, goodCode);
    await boot();
    expect((await cluster.registrar.ask(method)).status).toBe(status);
    await phone.powerOff();
  });
});
