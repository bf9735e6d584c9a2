import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { readDefaultFile, writeDefaultFile } from './default-file.ts';
import type { DefaultFile, PhoneFile } from './model.ts';
import { writePhoneFile, writePhoneStub } from './phone-file.ts';
import { readPhoneFile } from './phone-file-reader.ts';
import { readXml, xmlLimits } from './xml-reader.ts';

const port = fc.integer({ min: 1, max: 65535 });
/** Text as it comes back: readers trim, and XML cannot hold every character. */
const plain = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter((text) => !/[\p{Cc}\ufffe\uffff]/u.test(text) && text.isWellFormed())
  .map((text) => text.trim());
const members = fc.array(
  fc.record({
    name: plain,
    description: plain,
    processNodeName: fc.domain(),
    sipPort: port,
    securedSipPort: port,
  }),
  { maxLength: 5 },
);
const group = fc
  .record({ name: plain, tftpDefault: fc.boolean(), members })
  .map((each) => ({ ...each, members: each.members.map((member, priority) => ({ priority, ...member })) }));
const tvs = fc
  .array(fc.record({ address: fc.domain(), port }), { maxLength: 5 })
  .map((each) => each.map((member, priority) => ({ priority, ...member })));
const onboarding = fc.record({
  methods: fc.array(
    fc.record({ model: plain, method: fc.constantFrom('ActivationCode' as const, 'AutoRegistration' as const) }),
  ),
  deviceActivation: fc
    .array(fc.tuple(fc.domain(), port), { maxLength: 5 })
    .map((each) => each.map(([host, number], priority) => ({ priority, url: `https://${host}:${number}` }))),
});
const defaultFile: fc.Arbitrary<DefaultFile> = fc.record({
  autoRegistrationName: plain,
  autoRegistration: fc.boolean(),
  callManagerGroup: group,
  tvs,
  loads: fc.array(fc.record({ typeId: fc.integer({ min: 1, max: 99999 }), model: plain, load: plain }), {
    maxLength: 5,
  }),
  onboarding,
});

const phone: PhoneFile = {
  kind: 'full',
  deviceName: 'SEP001122334455',
  uuid: '11111111-2222-3333-4444-555555555555',
  description: 'Ada <Lovelace> & "co"',
  devicePool: {
    uuid: '21111111-2222-3333-4444-555555555555',
    name: 'Default',
    dateTemplate: 'D/M/Y',
    olsonTimeZone: 'Etc/UTC',
    ntpServers: ['ntp.example.org'],
    callManagerGroup: {
      name: 'Default',
      tftpDefault: true,
      members: [
        {
          priority: 0,
          name: 'a',
          description: '',
          processNodeName: 'a.example.org',
          sipPort: 5060,
          securedSipPort: 5061,
        },
      ],
    },
    connectionMonitorDuration: 120,
  },
  tvs: [{ priority: 0, address: 'a.example.org', port: 2445 }],
  timers: {
    registerExpires: 3600,
    registerDelta: 5,
    keepAliveExpires: 120,
    inviteExpires: 180,
    t1: 500,
    t2: 4000,
    retryInvite: 6,
    retryNonInvite: 10,
  },
  dtmfPayload: 101,
  startMediaPort: 16384,
  stopMediaPort: 32766,
  lines: [
    {
      button: 1,
      lineIndex: 1,
      label: 'Ada',
      name: '1001',
      displayName: 'Ada',
      contact: '31111111-2222-3333-4444-555555555555',
      maxCalls: 4,
      busyTrigger: 2,
    },
  ],
  load: 'sip8845_65.14-2-1',
  inactiveLoad: '',
  commonProfile: { backgroundImageAccess: true, callLogBlfEnabled: true },
  vendorConfig: { webAccess: 'disabled', garp: 'disabled' },
  versionStamp: '1700000000-41111111-2222-3333-4444-555555555555',
  userLocale: { name: 'English_United_States', langCode: 'en_US' },
  deviceSecurityMode: 3,
  transportLayerProtocol: 3,
  digestAuthentication: false,
  capfPort: 3804,
  servicesUrl: 'https://a.example.org:8443',
  ownerUserId: 'ada',
};

describe('XMLDefault.cnf.xml', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(defaultFile, (file) => {
        expect(readDefaultFile(writeDefaultFile(file))).toEqual(file);
      }),
    );
  });

  it('is readable without our own block, as other servers write it', () => {
    const file = readDefaultFile(
      utf8('<Default><loadinformation683 model="Cisco 8841">x</loadinformation683></Default>'),
    );
    expect(file.onboarding).toBeUndefined();
    expect(file.loads).toEqual([{ typeId: 683, model: 'Cisco 8841', load: 'x' }]);
  });

  it('ignores an onboarding block of another namespace', () => {
    const file = readDefaultFile(utf8('<Default><onboarding><deviceActivation/></onboarding></Default>'));
    expect(file.onboarding).toBeUndefined();
  });

  it.each(['http://a', 'https://a/path', 'https://user@a', 'ftp://a', ''])(
    'refuses %j as an activation service',
    (url) => {
      const text = `<Default><onboarding xmlns="urn:firstring:onboarding:1"><deviceActivation><member priority="0"><url>${url}</url></member></deviceActivation></onboarding></Default>`;
      expect(() => readDefaultFile(utf8(text))).toThrow(MalformedError);
    },
  );
});

describe('SEP<MAC>.cnf.xml', () => {
  it('tells a phone where and as whom to register', () => {
    const read = readPhoneFile(writePhoneFile(phone));
    expect(read).toMatchObject({
      kind: 'full',
      deviceName: phone.deviceName,
      versionStamp: phone.versionStamp,
      callManagerGroup: phone.devicePool.callManagerGroup,
      tvs: phone.tvs,
      lines: phone.lines,
      load: phone.load,
      deviceSecurityMode: 3,
      transportLayerProtocol: 3,
      authName: undefined,
    });
  });

  it('is the same octets for the same data, in whatever order settings arrive', () => {
    const reordered = { ...phone, vendorConfig: { garp: 'disabled', webAccess: 'disabled' } };
    expect(writePhoneFile(reordered)).toEqual(writePhoneFile(phone));
  });

  it('never has an element that could hold a secret', () => {
    const text = new TextDecoder().decode(writePhoneFile({ ...phone, digestAuthentication: true }));
    expect(text).toContain('<authName>SEP001122334455</authName>');
    expect(text).not.toMatch(/password|secret|pin>/i);
  });

  it('is well-formed whatever people typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (description, label) => {
        const file = { ...phone, description, lines: [{ ...phone.lines[0]!, label }] };
        expect(readPhoneFile(writePhoneFile(file)).kind).toBe('full');
      }),
    );
  });

  it('as a stub holds no line and no place to register', () => {
    const bytes = writePhoneStub({
      kind: 'stub',
      deviceName: phone.deviceName,
      tvs: phone.tvs,
      load: '',
      versionStamp: phone.versionStamp,
      onboarding: {
        methods: [{ model: 'Cisco 8845', method: 'ActivationCode' }],
        deviceActivation: [{ priority: 0, url: 'https://a.example.org:9446' }],
      },
    });
    expect(readPhoneFile(bytes).kind).toBe('stub');
    expect(new TextDecoder().decode(bytes)).not.toMatch(/<line|callManager|1001/);
  });
});

describe('the XML reader', () => {
  const nested = (depth: number) => utf8('<a>'.repeat(depth) + '</a>'.repeat(depth));
  it.each([
    ['a DOCTYPE', utf8('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')],
    ['an unknown entity', utf8('<a>&x;</a>')],
    ['nesting too deep', nested(xmlLimits.depth + 1)],
    ['too many elements', utf8(`<a>${'<b/>'.repeat(xmlLimits.elements)}</a>`)],
    ['too many references', utf8(`<a>${'&#65;'.repeat(xmlLimits.references + 1)}</a>`)],
    ['too many references in an attribute', utf8(`<a b="${'&amp;'.repeat(xmlLimits.references + 1)}"/>`)],
    ['too many octets', utf8(`<a>${' '.repeat(xmlLimits.octets)}</a>`)],
    ['too many attributes', utf8(`<a ${Array.from({ length: 40 }, (_, i) => `a${i}=""`).join(' ')}/>`)],
    ['two roots', utf8('<a/><b/>')],
    ['an open end', utf8('<a>')],
    ['nothing', utf8('')],
    ['octets that are no UTF-8', Uint8Array.of(0x3c, 0x61, 0xff)],
  ])('refuses %s', (_, bytes) => {
    expect(() => readXml(bytes)).toThrow(MalformedError);
  });

  it('takes documents at its limits', () => {
    expect(readXml(nested(xmlLimits.depth)).name).toBe('a');
    expect(readXml(utf8(`<a>${'&#65;'.repeat(xmlLimits.references)}</a>`)).text).toHaveLength(xmlLimits.references);
    expect(readXml(utf8('<a>1\r2\r\n3&#13;</a>')).text).toBe('1\n2\n3\r');
  });

  it('answers anything with a tree or MalformedError', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<',
      '>',
      '&',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?x?>',
      'x',
      '"',
      '=',
      ' b=""',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          readXml(utf8(pieces.join('')));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
    );
  });
});
