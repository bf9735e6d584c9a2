import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/kernel/bytes.ts';
import { memoryStore } from '../../src/phone/state/store.ts';
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
});
