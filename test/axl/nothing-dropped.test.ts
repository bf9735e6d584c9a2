import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ElementRule } from '../../src/endpoints/axl/elements.ts';
import { lineElements, userElements } from '../../src/endpoints/axl/other-elements.ts';
import { newPhone } from '../../src/endpoints/axl/phone-elements.ts';
import { startRest, type TestRest } from '../rest/support/rest.ts';
import { axlFault, axlReturn } from './support/soap.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(async () => {
  expect(rest.errors).toEqual([]);
  await rest[Symbol.asyncDispose]();
});

let phones = 0;
const newName = () => `SEP00D0DE${(++phones).toString(16).toUpperCase().padStart(6, '0')}`;
const phoneXml = (name: string, more = '') =>
  `<phone><name>${name}</name><product>Cisco 8845</product><class>Phone</class><protocol>SIP</protocol>${more}</phone>`;
const exists = async (name: string) => (await rest.call('GET', `/phones/${name}`)).status === 200;

describe('what AXL cannot keep is refused by name, and nothing is done', () => {
  it.each([
    ['an element that no phone has', '<nmae>x</nmae>', 'nmae'],
    ['a calling search space', '<callingSearchSpaceName>CSS_LON</callingSearchSpaceName>', 'callingSearchSpaceName'],
    ['a location', '<locationName>Berlin</locationName>', 'locationName'],
    ['a softkey template', '<softkeyTemplateName>Sales</softkeyTemplateName>', 'softkeyTemplateName'],
    ['extension mobility', '<enableExtensionMobility>true</enableExtensionMobility>', 'enableExtensionMobility'],
    [
      'a speed dial',
      '<speeddials><speeddial><dirn>2001</dirn><label>Desk</label></speeddial></speeddials>',
      'speeddials',
    ],
    [
      'an external mask of a line',
      '<lines><line><index>1</index><dirn><pattern>7001</pattern></dirn><e164Mask>+49301XXXX</e164Mask></line></lines>',
      'e164Mask',
    ],
    [
      'a user of a line',
      '<lines><line><index>1</index><dirn><pattern>7001</pattern></dirn><associatedEndusers><enduser><userId>anna</userId></enduser></associatedEndusers></line></lines>',
      'associatedEndusers',
    ],
  ])('of addPhone: %s', async (_what, more, element) => {
    const name = newName();
    const fault = await axlFault(rest, 'addPhone', phoneXml(name, more));
    expect(fault.axlcode).toBe(5003);
    expect(fault.message).toContain(element);
    expect(await exists(name)).toBe(false);
  });

  it('of a change: the phone stays as it was', async () => {
    const name = newName();
    await axlReturn(rest, 'addPhone', phoneXml(name));
    for (const wrap of ['', 'phone']) {
      const change = `<description>changed</description><userLocale>German Germany</userLocale>`;
      const inner = wrap === '' ? change : `<phone>${change}</phone>`;
      expect((await axlFault(rest, 'updatePhone', `<name>${name}</name>${inner}`)).message).toContain('userLocale');
    }
    expect((await rest.call('GET', `/phones/${name}`)).body).toMatchObject({ description: '', version: 1 });
  });

  it.each([
    ['addLine', '<line><pattern>7100</pattern><callForwardAll><destination>2000</destination></callForwardAll></line>'],
    ['addLine', '<line><pattern>7100</pattern><voiceMailProfileName>VM</voiceMailProfileName></line>'],
    ['addLine', '<line><pattern>7100</pattern><usage>Translation</usage></line>'],
    [
      'addUser',
      '<user><lastName>A</lastName><userid>assoc</userid><associatedDevices><device>SEP001122334455</device></associatedDevices></user>',
    ],
    [
      'addUser',
      '<user><lastName>A</lastName><userid>assoc</userid><associatedGroups><userGroup><name>Standard CCM End Users</name></userGroup></associatedGroups></user>',
    ],
    [
      'addUser',
      '<user><lastName>A</lastName><userid>assoc</userid><primaryExtension><pattern>1001</pattern></primaryExtension></user>',
    ],
    ['addDevicePool', '<devicePool><name>Dropped</name><regionName>Berlin</regionName></devicePool>'],
    [
      'addDevicePool',
      '<devicePool><name>Dropped</name><dateTimeSettingName>Berlin group</dateTimeSettingName></devicePool>',
    ],
    [
      'addRoutePartition',
      '<routePartition><name>Dropped</name><timeScheduleIdName>Day</timeScheduleIdName></routePartition>',
    ],
    [
      'addPhoneSecurityProfile',
      '<phoneSecurityProfile><name>Dropped</name><tftpEncryptedConfig>true</tftpEncryptedConfig></phoneSecurityProfile>',
    ],
    [
      'addPhoneSecurityProfile',
      '<phoneSecurityProfile><name>Dropped</name><transportType>SCTP</transportType></phoneSecurityProfile>',
    ],
    ['doDeviceReset', '<deviceName>SEP001122334455</deviceName><isHardRest>true</isHardRest>'],
  ])('of %s: %s', async (operation, inner) => {
    expect((await axlFault(rest, operation, inner)).axlcode).toBe(5003);
    for (const path of ['/lines/7100', '/users/assoc', '/device-pools/Dropped', '/route-partitions/Dropped'])
      expect((await rest.call('GET', path)).status, path).toBe(404);
  });

  it('whatever element of the field it is: every one is read, or documented as passed over, or refused', async () => {
    const refusedWith = (rule: ElementRule) => rule === 'absent' || (typeof rule === 'object' && 'always' in rule);
    for (const [element, rule] of Object.entries(newPhone)) {
      if (!refusedWith(rule)) continue;
      const fault = await axlFault(rest, 'addPhone', phoneXml(newName(), `<${element}>Something</${element}>`));
      expect(fault.message, element).toContain(element);
    }
    for (const [element, rule] of Object.entries(lineElements)) {
      if (!refusedWith(rule)) continue;
      const fault = await axlFault(
        rest,
        'addLine',
        `<line><pattern>7200</pattern><${element}>Something</${element}></line>`,
      );
      expect(fault.message, element).toContain(element);
    }
    for (const [element, rule] of Object.entries(userElements)) {
      if (!refusedWith(rule)) continue;
      const user = `<user><lastName>A</lastName><userid>dropped</userid><${element}>Something</${element}></user>`;
      expect((await axlFault(rest, 'addUser', user)).message, element).toContain(element);
    }
  });

  it('and what says that there is none, or the usual, is no reason to refuse', async () => {
    const usual =
      '<protocolSide>User</protocolSide><locationName>Hub_None</locationName><callingSearchSpaceName/><useTrustedRelayPoint>Default</useTrustedRelayPoint>' +
      '<builtInBridgeStatus>Default</builtInBridgeStatus><packetCaptureMode>None</packetCaptureMode><certificateOperation>No Pending Operation</certificateOperation>' +
      '<deviceMobilityMode>Default</deviceMobilityMode><enableExtensionMobility>f</enableExtensionMobility><speeddials/><userLocale>&lt;None></userLocale>' +
      '<confidentialAccess><confidentialAccessMode/><confidentialAccessLevel>-1</confidentialAccessLevel></confidentialAccess>';
    const name = newName();
    await axlReturn(rest, 'addPhone', phoneXml(name, usual));
    expect(await exists(name)).toBe(true);
  });

  it('and what getPhone says may be sent back as it is', async () => {
    const name = newName();
    await axlReturn(rest, 'addPhone', phoneXml(name, '<description>Desk</description>'));
    const { writeElement } = await import('../../src/protocol/soap/envelope.ts');
    const { copied } = await import('../../src/endpoints/axl/values.ts');
    const shown = (await axlReturn(rest, 'getPhone', `<name>${name}</name>`)).children[0]!;
    const again = shown.children.map((child) => writeElement(copied(child))).join('');
    await axlReturn(rest, 'updatePhone', again);
    expect((await rest.call('GET', `/phones/${name}`)).body.description).toBe('Desk');
  });
});

describe('removeLines', () => {
  it('of a line that is not there is refused, and the others stay', async () => {
    const name = newName();
    const lines = '<lines><line><index>1</index><dirn><pattern>7501</pattern></dirn></line></lines>';
    await axlReturn(rest, 'addPhone', phoneXml(name, lines));
    const gone = (number: string) =>
      `<name>${name}</name><removeLines><line><dirn><pattern>${number}</pattern></dirn></line></removeLines>`;
    expect((await axlFault(rest, 'updatePhone', gone('7502'))).message).toContain('7502');
    expect((await rest.call('GET', `/phones/${name}`)).body.lines).toHaveLength(1);
    await axlReturn(rest, 'updatePhone', gone('7501'));
    expect((await rest.call('GET', `/phones/${name}`)).body.lines).toHaveLength(0);
  });
});

describe('a list', () => {
  beforeAll(async () => {
    await axlReturn(rest, 'addLine', '<line><pattern>7300</pattern></line>');
    await axlReturn(rest, 'addUser', '<user><lastName>Found</lastName><userid>found</userid></user>');
  });

  it.each([
    ['listPhone', 'callingSearchSpaceName', 'CSS_LON'],
    ['listPhone', 'ownerUserName', 'nosuch'],
    ['listPhone', 'nmae', 'SEP%'],
    ['listUser', 'department', 'Sales'],
    ['listUser', 'mail', 'x%'],
    ['listLine', 'patern', '7%'],
    ['listRoutePartition', 'timeScheduleIdName', 'Day'],
    ['listDeviceDefaults', 'DevicePoolName', 'Default'],
    ['listProcessNode', 'nodeUsage', 'Publisher'],
    ['listServiceParameter', 'value', '1'],
  ])('%s cannot be searched by %s, and says so instead of giving everything', async (operation, field, pattern) => {
    const fault = await axlFault(rest, operation, `<searchCriteria><${field}>${pattern}</${field}></searchCriteria>`);
    expect(fault.message).toContain(field);
  });

  it.each([
    ['listLine', 'usage', 'Translation'],
    ['listDevicePool', 'regionName', 'Berlin'],
    ['listPhone', 'protocol', 'SCCP'],
  ])('%s by %s finds nothing where nothing fits', async (operation, field, pattern) => {
    const rows = await axlReturn(rest, operation, `<searchCriteria><${field}>${pattern}</${field}></searchCriteria>`);
    expect(rows.children).toEqual([]);
  });

  it('asks for nothing by a criterion that fits everything, whatever it is called', async () => {
    const criteria =
      '<searchCriteria><pattern>73%</pattern><callingSearchSpaceName>%</callingSearchSpaceName></searchCriteria>';
    expect((await axlReturn(rest, 'listLine', criteria)).children).toHaveLength(1);
  });

  it('does not return what is misspelt', async () => {
    const asked = '<searchCriteria><name>SEP%</name></searchCriteria><returnedTags><name/><descripton/></returnedTags>';
    expect((await axlFault(rest, 'listPhone', asked)).message).toContain('descripton');
  });
});

describe('AXL and REST', () => {
  it.each([
    ['DevicePool', 'devicePool', 'device-pools', ''],
    ['RoutePartition', 'routePartition', 'route-partitions', ''],
    ['PhoneSecurityProfile', 'phoneSecurityProfile', 'phone-security-profiles', ''],
    ['CommonPhoneConfig', 'commonPhoneConfig', 'common-phone-profiles', ''],
    ['UniversalDeviceTemplate', 'universalDeviceTemplate', 'universal-device-templates', ''],
    ['UniversalLineTemplate', 'universalLineTemplate', 'universal-line-templates', ''],
  ])('give a new %s the same defaults', async (operation, element, path, more) => {
    await axlReturn(rest, `add${operation}`, `<${element}><name>By AXL</name>${more}</${element}>`);
    expect((await rest.call('POST', `/${path}`, { body: { name: 'By REST' } })).status).toBe(201);
    const [axl, own] = await Promise.all(
      ['By%20AXL', 'By%20REST'].map(async (name) => (await rest.call('GET', `/${path}/${name}`)).body),
    );
    expect({ ...axl, name: '' }).toEqual({ ...own, name: '' });
  });

  it('keep the settings of a tool in the transaction of the phone: both, or neither', async () => {
    const name = newName();
    const settings = '<vendorConfig><webAccess>0</webAccess></vendorConfig>';
    await rest.database.asOwner(`alter table device_extra add constraint refused check (vendor_config = '')`);
    try {
      const fault = await axlFault(rest, 'addPhone', phoneXml(name, settings));
      expect(fault.axlcode).toBe(5000);
    } finally {
      await rest.database.asOwner('alter table device_extra drop constraint refused');
    }
    expect(rest.errors.splice(0)).toHaveLength(1);
    expect(await exists(name)).toBe(false);

    await axlReturn(rest, 'addPhone', phoneXml(name, settings));
    const { body } = await rest.call('GET', `/audit-events?action=phone.vendor-config-kept`);
    expect(body.items).toMatchObject([{ objectName: name }]);
  });

  it('keep every line that many add to one phone at once', async () => {
    const name = newName();
    const template = { name: 'Six lines', model: 'Cisco 8845', buttons: Array(6).fill('line') };
    expect((await rest.call('POST', '/phone-button-templates', { body: template })).status).toBe(201);
    await axlReturn(rest, 'addPhone', phoneXml(name, '<phoneTemplateName>Six lines</phoneTemplateName>'));
    const numbers = ['7401', '7402', '7403', '7404'];
    await Promise.all(
      numbers.map((number) =>
        axlReturn(
          rest,
          'updatePhone',
          `<name>${name}</name><addLines><line><dirn><pattern>${number}</pattern></dirn></line></addLines>`,
        ),
      ),
    );
    const { lines } = (await rest.call('GET', `/phones/${name}`)).body as { lines: { directoryNumber: string }[] };
    expect(lines.map((line) => line.directoryNumber).toSorted()).toEqual(numbers);
  });
});
