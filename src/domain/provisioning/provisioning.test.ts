import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleDefault } from './cluster-view.ts';
import type { ClusterFacts, NodeFacts, PhoneFacts } from './facts.ts';
import { assemblePhone, fileStateOf } from './phone-configuration.ts';
import { cacheKey, isUploadName, parseServedName } from './served-name.ts';
import { rolesOfTrusted, trustListContent } from './trust.ts';

describe('names that phones may ask for', () => {
  it.each([
    ['SEP001122334455.cnf.xml', 'phone'],
    ['/SEP001122334455.cnf.xml.sgn', 'phone'],
    ['XMLDefault.cnf.xml', 'default'],
    ['XMLDefault.cnf.xml.sgn', 'default'],
    ['ITLFile.tlv', 'trust-list'],
    ['ITLSEP001122334455.tlv', 'trust-list'],
    ['CTLSEP001122334455.tlv', 'trust-list'],
    ['sip8845_65.14-2-1.loads', 'uploaded'],
    ['g3-tones.xml', 'uploaded'],
  ])('%s is a %s', (name, kind) => {
    expect(parseServedName(name)?.kind).toBe(kind);
  });

  it('are never a path, whatever is asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const name = parseServedName(text);
        if (name !== undefined) expect(cacheKey(name)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
      }),
    );
  });

  it('of the same file share one place in the cache, and a key is its own name', () => {
    expect(cacheKey(parseServedName('ITLSEP001122334455.tlv')!)).toBe('ITLFile.tlv');
    for (const key of ['ITLFile.tlv', 'XMLDefault.cnf.xml.sgn', 'SEP001122334455.cnf.xml', 'x.sbn']) {
      expect(cacheKey(parseServedName(key)!)).toBe(key);
    }
  });

  it('of the system’s own files cannot be uploaded over', () => {
    for (const name of [
      'SEP001122334455.cnf.xml',
      'XMLDefault.cnf.xml.SGN',
      'foo.CNF.XML',
      'itlfile.tlv',
      'CTLFile.tlv',
    ]) {
      expect(isUploadName(name)).toBe(false);
    }
  });
});

describe('whether a phone has a file', () => {
  it.each([
    [{ enabled: true, requiresActivationCode: false, everActivated: false }, 'full'],
    [{ enabled: true, requiresActivationCode: false, everActivated: true }, 'full'],
    [{ enabled: true, requiresActivationCode: true, everActivated: false }, 'absent'],
    [{ enabled: true, requiresActivationCode: true, everActivated: true }, 'stub'],
    [{ enabled: false, requiresActivationCode: false, everActivated: true }, 'absent'],
  ])('%o → %s', (phone, state) => {
    expect(fileStateOf(phone)).toBe(state);
  });
});

const node = (name: string, priority: number | undefined, more: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  address: `${name}.example.org`,
  description: '',
  ports: {},
  servicesOff: [],
  priority,
  ...more,
});
const cluster = (...nodes: NodeFacts[]): ClusterFacts => ({
  groupName: 'Default',
  tftpDefault: true,
  autoRegistration: false,
  nodes,
  deviceDefaults: [
    { model: 'Cisco 8845', onboardingMethod: 'ActivationCode', load: 'sip8845_65.14-2-1', inactiveLoad: '' },
    { model: 'Cisco 7841', onboardingMethod: 'AutoRegistration', load: '', inactiveLoad: '' },
  ],
});
const phone: PhoneFacts = {
  id: 'id',
  name: 'SEP001122334455',
  model: 'Cisco 8845',
  description: '',
  enabled: true,
  requiresActivationCode: false,
  everActivated: true,
  versionStamp: '1-u',
  mraServiceDomain: undefined,
  ownerUserId: undefined,
  pool: {
    id: 'p',
    name: 'Default',
    dateTemplate: 'D/M/Y',
    olsonTimeZone: 'Etc/UTC',
    ntpServers: [],
    userLocale: 'Klingon',
    connectionMonitorDuration: 120,
  },
  security: { deviceSecurityMode: 'non-secure', transport: 'tcp+udp', digestAuthentication: true },
  sip: {
    registerExpires: 1,
    registerDelta: 1,
    keepAliveExpires: 1,
    inviteExpires: 1,
    t1: 1,
    t2: 1,
    retryInvite: 1,
    retryNonInvite: 1,
    startMediaPort: 1,
    stopMediaPort: 1,
    dtmfPayload: 1,
  },
  common: { backgroundImageAccess: true, callLogBlfEnabled: true, vendorConfig: {} },
  buttons: ['line', 'speed-dial', 'line'],
  lines: [],
  cluster: cluster(node('a', 0)),
};

describe('what files say of the cluster', () => {
  it('keeps the order of the group, and nodes outside of it serve activations after its members', () => {
    const file = assembleDefault(cluster(node('b', 0), node('a', 1), node('c', undefined)));
    expect(file.callManagerGroup.members.map((member) => member.name)).toEqual(['b', 'a']);
    expect(file.onboarding.deviceActivation.map(({ url }) => url)).toEqual([
      'https://b.example.org:9446',
      'https://a.example.org:9446',
      'https://c.example.org:9446',
    ]);
  });

  it('names no node whose service is off', () => {
    const off = node('a', 0, {
      servicesOff: ['CallManager', 'Device Activation Service', 'Trust Verification Service'],
    });
    const file = assembleDefault(cluster(off, node('b', 1)));
    expect(file.callManagerGroup.members.map(({ priority, name }) => [priority, name])).toEqual([[0, 'b']]);
    expect(file.tvs.map(({ address }) => address)).toEqual(['b.example.org']);
    expect(file.onboarding.deviceActivation).toHaveLength(1);
  });

  it('lists every node when activation is off everywhere, so that a phone is told instead of left alone', () => {
    const off = { servicesOff: ['Device Activation Service'] };
    const file = assembleDefault(cluster(node('a', 0, off), node('b', 1, off)));
    expect(file.onboarding.deviceActivation).toHaveLength(2);
  });

  it('uses each node’s own ports and brackets IPv6 addresses', () => {
    const file = assembleDefault(
      cluster(node('a', 0, { address: '2001:db8::1', ports: { das: 7001, tvs: 7002, sip: 7003, sipTls: 7004 } })),
    );
    expect(file.onboarding.deviceActivation[0]?.url).toBe('https://[2001:db8::1]:7001');
    expect(file.tvs[0]).toMatchObject({ address: '2001:db8::1', port: 7002 });
    expect(file.callManagerGroup.members[0]).toMatchObject({ sipPort: 7003, securedSipPort: 7004 });
  });

  it('lists a load only for models that have one', () => {
    expect(assembleDefault(cluster()).loads).toEqual([
      { typeId: 36224, model: 'Cisco 8845', load: 'sip8845_65.14-2-1' },
    ]);
  });

  it('names at most five members, as phones read no more', () => {
    const many = Array.from({ length: 9 }, (_, i) => node(`n${i}`, i));
    const file = assembleDefault(cluster(...many));
    expect([file.callManagerGroup.members.length, file.tvs.length, file.onboarding.deviceActivation.length]).toEqual([
      5, 5, 9,
    ]);
  });
});

describe('a phone’s file', () => {
  it('puts lines on the line buttons of the template, and further lines behind the last button', () => {
    const line = (lineIndex: number) => ({
      lineIndex,
      directoryNumber: `100${lineIndex}`,
      label: '',
      display: '',
      contactUuid: 'c',
      maxCalls: 4,
      busyTrigger: 2,
    });
    const file = assemblePhone({ ...phone, lines: [line(1), line(2), line(3)] });
    expect(file?.kind === 'full' && file.lines.map(({ button, label }) => [button, label])).toEqual([
      [1, '1001'],
      [3, '1002'],
      [4, '1003'],
    ]);
  });

  it('leaves out settings that could be a secret or no element', () => {
    const vendorConfig = {
      webAccess: 'disabled',
      garp: true,
      sshPassword: 'x',
      'a b': '1',
      nested: { a: 1 },
      adminPin: '1',
      list: [],
    };
    const file = assemblePhone({ ...phone, common: { ...phone.common, vendorConfig } });
    expect(file?.kind === 'full' && file.vendorConfig).toEqual({ webAccess: 'disabled', garp: 'true' });
  });

  it('falls back to English for a locale it does not know', () => {
    const file = assemblePhone(phone);
    expect(file?.kind === 'full' && file.userLocale).toEqual({ name: 'Klingon', langCode: 'en_US' });
  });
});

describe('the records of the ITL', () => {
  const held = (purpose: Parameters<typeof trustListContent>[0][number]['purpose'], nodeName?: string) => ({
    purpose,
    nodeName,
    der: new TextEncoder().encode(`${purpose} ${nodeName}`),
  });
  const certificates = [
    held('tvs', 'b'),
    held('tomcat', 'a'),
    held('call-manager', 'a'),
    held('cluster-ca'),
    held('call-manager-signing'),
    held('tvs', 'a'),
    held('itl-recovery'),
  ];

  it('are the same whatever order the certificates come in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(certificates, { minLength: certificates.length }), (shuffled) => {
        expect(trustListContent(shuffled).map(({ role, der }) => `${role} ${new TextDecoder().decode(der)}`)).toEqual([
          'SAST itl-recovery undefined',
          'SAST call-manager-signing undefined',
          'TFTP call-manager-signing undefined',
          'CCM+TFTP call-manager a',
          'TVS tvs a',
          'TVS tvs b',
        ]);
      }),
    );
  });
});

describe('what TVS says of CallManager-trust', () => {
  it('lets a root for phones’ certificates speak for no server', () => {
    expect(rolesOfTrusted({ micRoot: true })).toEqual(['CAPF']);
    expect(rolesOfTrusted({ micRoot: false })).toContain('APP-SERVER');
  });
});
