import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/kernel/bytes.ts';
import { fileStore, memoryStore } from '../../src/phone/state/store.ts';
import { refusalReasons } from '../../src/protocol/activation/answers.ts';
import { header } from '../../src/protocol/sip/message.ts';
import { labPhone } from './support/lab-phone.ts';
import { goodCode, startOddCluster } from './support/odd-cluster.ts';

const wrongCode = '4273819502648332';
const paths = (received: readonly { path: string }[]) => received.map(({ path }) => path.split('/').at(-1));

describe('a phone and a cluster that may lie', () => {
  it.each(['udp', 'tcp', 'tls'] as const)('goes from the code to registered over %s', async (transport) => {
    await using cluster = await startOddCluster({ transport });
    const { phone, boot, told } = labPhone(cluster, goodCode);
    expect(await boot()).toBe('registered');
    expect(cluster.asked).toEqual([
      'ITLSEP001122334455.tlv',
      'ITLFile.tlv',
      'SEP001122334455.cnf.xml.sgn',
      'XMLDefault.cnf.xml.sgn',
      'SEP001122334455.cnf.xml.sgn',
    ]);
    expect(told()).toContain('prove done');
    expect(paths(cluster.received)).toEqual(['start', 'prove', 'confirm']);
    await phone.powerOff();
    expect(header(cluster.registrar.registers.at(-1)!, 'expires')).toBe('0');
  });

  it('sends the locator and nothing else of the code', async () => {
    await using cluster = await startOddCluster();
    const { phone, boot } = labPhone(cluster, goodCode);
    await boot();
    await phone.unplug();
    const sent = cluster.received.map(({ body }) => body).join('\n');
    expect(sent).toContain(goodCode.slice(0, 7));
    expect(sent).not.toContain(goodCode.slice(7, 15));
  });

  it.each(['123', '4273819502648318'])('sends nothing at all for %s', async (typo) => {
    await using cluster = await startOddCluster();
    expect(await labPhone(cluster, typo).boot()).toMatch(/^code_(length|check_digit)$/);
    expect(cluster.received).toEqual([]);
  });

  describe('trust', () => {
    it('takes a service that the trust list holds', async () => {
      await using cluster = await startOddCluster({ dasIn: 'ITL' });
      const { phone, boot, steps } = labPhone(cluster, goodCode);
      expect(await boot()).toBe('registered');
      expect(steps.find(({ step }) => step === 'trust')?.text).toContain('trust list');
      await phone.unplug();
    });

    it('sends nothing to a service that neither the list nor TVS knows', async () => {
      await using cluster = await startOddCluster({ dasIn: 'nowhere' });
      expect(await labPhone(cluster, goodCode).boot()).toBe('trust_mismatch');
      expect(cluster.received).toEqual([]);
    });

    it('sends nothing when the trust list is forged', async () => {
      await using cluster = await startOddCluster({ forgedTrustList: true });
      expect(await labPhone(cluster, goodCode).boot()).toBe('trust_mismatch');
      expect(cluster.received).toEqual([]);
    });

    it('accepts nothing from a server that cannot prove that it knows the code', async () => {
      await using cluster = await startOddCluster({ das: { fakeProof: true } });
      const store = memoryStore();
      expect(await labPhone(cluster, goodCode, { store }).boot()).toBe('server_proof_failed');
      expect(await store.load()).toBeUndefined();
      expect(cluster.registrar.registers).toEqual([]);
      expect(paths(cluster.received)).toEqual(['start', 'prove']);
    });

    it.each([
      ['another trust list', { trust: { itlSha256: 'ab'.repeat(32), tvs: [], phoneEdgeTrustSha256: [] } }],
      ['another name', { deviceName: 'SEP00AABBCCDDEE' }],
    ])('forgets everything when the proved result tells of %s', async (_, lie) => {
      await using cluster = await startOddCluster({ das: { result: (honest) => ({ ...honest, ...lie }) } });
      const store = memoryStore();
      expect(await labPhone(cluster, goodCode, { store }).boot()).toBe('trust_mismatch');
      expect(await store.load()).toBeUndefined();
      expect(paths(cluster.received)).not.toContain('confirm');
    });

    it('refuses a configuration that the cluster did not sign', async () => {
      await using cluster = await startOddCluster();
      await using other = await startOddCluster();
      const forged = other.signed('SEP001122334455.cnf.xml', utf8('<device/>'));
      cluster.serve('SEP001122334455.cnf.xml.sgn', forged);
      expect(await labPhone(cluster, goodCode).boot()).toBe('configuration_untrusted');
    });

    it('refuses a file that was signed under another name', async () => {
      await using cluster = await startOddCluster();
      cluster.serve('SEP001122334455.cnf.xml.sgn', cluster.signed('SEP00AABBCCDDEE.cnf.xml', cluster.stub()));
      expect(await labPhone(cluster, goodCode).boot()).toBe('configuration_unusable');
    });

    it('does not register with a node whose certificate is not in the list', async () => {
      await using cluster = await startOddCluster({ strangeRegistrar: true });
      const { boot, steps } = labPhone(cluster, goodCode);
      expect(await boot()).toBe('registration_unreachable');
      expect(cluster.registrar.registers).toEqual([]);
      expect(steps.at(-1)?.text).toContain('not in the trust list');
    });
  });

  describe('answers', () => {
    it.each([
      'bad_request',
      'unsupported_suite',
      'mic_required',
      'mic_untrusted',
      'mic_expired',
      'mic_not_yet_valid',
      'mic_revoked',
      'mic_subject_invalid',
      'mic_purpose',
      'mic_weak',
    ] as const)('ends with %s, after one try', async (error) => {
      await using cluster = await startOddCluster({ das: { startErrors: [error] } });
      expect(await labPhone(cluster, goodCode).boot()).toBe(error);
      expect(paths(cluster.received)).toEqual(['start']);
    });

    it.each(['mic_proof_invalid', 'code_not_accepted'] as const)('ends with %s after the proof', async (error) => {
      await using cluster = await startOddCluster({ das: { proveErrors: [error] } });
      expect(await labPhone(cluster, goodCode).boot()).toBe(error);
      expect(paths(cluster.received)).toEqual(['start', 'prove']);
    });

    it.each(refusalReasons)('reads the sealed reason %s', async (reason) => {
      await using cluster = await startOddCluster({ das: { result: () => ({ status: 'refused', reason }) } });
      expect(await labPhone(cluster, goodCode).boot()).toBe(reason);
      expect(paths(cluster.received)).not.toContain('confirm');
    });

    it('is told code_not_accepted for a wrong code, once', async () => {
      await using cluster = await startOddCluster();
      expect(await labPhone(cluster, wrongCode).boot()).toBe('code_not_accepted');
      expect(paths(cluster.received)).toEqual(['start', 'prove']);
    });

    it('takes the right code after a wrong one', async () => {
      await using cluster = await startOddCluster();
      const codes = [wrongCode, goodCode];
      const { phone, boot } = labPhone(cluster, undefined, { askCode: async () => codes.shift() });
      expect(await boot()).toBe('registered');
      await phone.unplug();
    });

    it('waits and tries again when the service is busy', async () => {
      await using cluster = await startOddCluster({ das: { startErrors: ['busy', 'busy'], retryAfter: 0 } });
      const { phone, boot } = labPhone(cluster, goodCode);
      expect(await boot()).toBe('registered');
      expect(paths(cluster.received)).toEqual(['start', 'start', 'start', 'prove', 'confirm']);
      await phone.unplug();
    });

    it('makes three runs and no more when the service breaks off each time', async () => {
      await using cluster = await startOddCluster({ das: { hangUps: 9 } });
      expect(await labPhone(cluster, goodCode).boot()).toBe('activation_unreachable');
      expect(paths(cluster.received).filter((path) => path === 'prove')).toHaveLength(3);
    });

    it('goes past nodes that are down', async () => {
      await using cluster = await startOddCluster({ deadNodes: 2 });
      const { phone, boot } = labPhone(cluster, goodCode);
      expect(await boot()).toBe('registered');
      await phone.unplug();
    });

    it.each(['', '{}', '<html>', '{"v":1}', '[]', '{"v":1,"v":1}'])(
      'does not fall over start answered with %s',
      async (startText) => {
        await using cluster = await startOddCluster({ das: { startText } });
        expect(await labPhone(cluster, goodCode).boot()).toBe('protocol_error');
      },
    );

    it('registers although the confirmation is refused', async () => {
      await using cluster = await startOddCluster({ das: { confirmStatus: 500 } });
      const { phone, boot, told } = labPhone(cluster, goodCode);
      expect(await boot()).toBe('registered');
      await phone.unplug();
      expect(told()).toContain('confirm skipped');
    });
  });

  describe('registration', () => {
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

  describe('what a phone keeps', () => {
    it('lies in one file that only its owner can read, and brings it in again without a code', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'firstring-phone-'));
      try {
        await using cluster = await startOddCluster();
        const first = labPhone(cluster, goodCode, { store: fileStore(join(folder, 'state'), 'SEP001122334455') });
        expect(await first.boot()).toBe('registered');
        await first.phone.powerOff();
        expect(await readdir(join(folder, 'state'))).toEqual(['SEP001122334455.json']);
        const file = join(folder, 'state', 'SEP001122334455.json');
        expect((await stat(file)).mode & 0o777).toBe(0o600);
        expect(await readFile(file, 'utf8')).not.toContain(goodCode.slice(7, 15));
        const second = labPhone(cluster, undefined, { store: fileStore(join(folder, 'state'), 'SEP001122334455') });
        expect(await second.boot()).toBe('registered');
        await second.phone.powerOff();
        expect(paths(cluster.received)).toEqual(['start', 'prove', 'confirm']);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    it('is dropped when its file became activation-only', async () => {
      await using cluster = await startOddCluster();
      const store = memoryStore();
      const first = labPhone(cluster, goodCode, { store });
      await first.boot();
      await first.phone.powerOff();
      cluster.serve('SEP001122334455.cnf.xml.sgn', cluster.signed('SEP001122334455.cnf.xml', cluster.stub()));
      const second = labPhone(cluster, undefined, { store });
      expect(await second.boot()).toBe('code_missing');
      expect(await store.load()).toBeUndefined();
      const third = labPhone(cluster, goodCode, { store });
      expect(await third.boot()).toBe('registered');
      await third.phone.unplug();
    });

    it('is not exchanged for the trust list of a stranger', async () => {
      await using cluster = await startOddCluster();
      await using other = await startOddCluster();
      const store = memoryStore();
      const first = labPhone(cluster, goodCode, { store });
      await first.boot();
      await first.phone.unplug();
      cluster.serve('ITLFile.tlv', other.trustList);
      const second = labPhone(cluster, undefined, { store });
      expect(await second.boot()).toBe('registered');
      expect(second.told()).toContain('trust-list failed');
      await second.phone.unplug();
      const held = (await store.load())?.trust?.sha256;
      expect(held).toBe(createHash('sha256').update(cluster.trustList).digest('hex'));
    });
  });

  describe('firmware', () => {
    const image = utf8('firmware image');
    const manifest = (sha256: string) => utf8(`sip8845_65.2.sbn ${image.length} ${sha256}\n`);
    const right = createHash('sha256').update(image).digest('hex');

    it('is fetched, verified and reported to the registrar', async () => {
      await using cluster = await startOddCluster({
        load: 'sip8845_65.2',
        files: { 'sip8845_65.2.loads': manifest(right), 'sip8845_65.2.sbn': image },
      });
      const { phone, boot } = labPhone(cluster, goodCode);
      expect(await boot()).toBe('registered');
      await phone.unplug();
      expect(header(cluster.registrar.registers[0]!, 'reason')).toContain('ActiveLoad=sip8845_65.2.loads');
    });

    it.each([
      ['damaged', { 'sip8845_65.2.loads': manifest('0'.repeat(64)), 'sip8845_65.2.sbn': image }],
      ['incomplete', { 'sip8845_65.2.loads': manifest(right) }],
      ['not there', {}],
    ])('that is %s leaves the phone with what it runs', async (_, files) => {
      await using cluster = await startOddCluster({ load: 'sip8845_65.2', files });
      const { phone, boot } = labPhone(cluster, goodCode);
      expect(await boot()).toBe('registered');
      await phone.unplug();
      expect(header(cluster.registrar.registers[0]!, 'reason')).toContain('ActiveLoad=sip8845_65.1.loads');
    });
  });
});
