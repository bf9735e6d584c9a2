import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealPending } from '../../src/infra/database/audit-sealer.ts';
import { readXml } from '../../src/protocol/phone-config/xml-reader.ts';
import { password, startRest, type TestRest } from '../rest/support/rest.ts';
import { axl, axlFault, axlReturn, tags, textIn } from './support/soap.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(async () => {
  expect(rest.errors).toEqual([]);
  await rest[Symbol.asyncDispose]();
});

const uuidForm = /^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/;

/** Each object goes through its life: added, found, changed, renamed where it has a name, removed, gone. */
describe.each([
  {
    name: 'RoutePartition',
    element: 'routePartition',
    fields: '<name>Inside</name><description>In</description>',
    key: '<name>Inside</name>',
    change: '<newName>Inner</newName><description>Inner</description>',
    changedKey: '<name>Inner</name>',
    order: ['name', 'description'],
  },
  {
    name: 'DevicePool',
    element: 'devicePool',
    fields:
      '<name>Berlin</name><dateTimeSettingName>Europe/Berlin</dateTimeSettingName><callManagerGroupName>Default</callManagerGroupName><regionName>Default</regionName><srstName>Disable</srstName>',
    key: '<name>Berlin</name>',
    change: '<newName>Potsdam</newName><connectionMonitorDuration>60</connectionMonitorDuration>',
    changedKey: '<name>Potsdam</name>',
    order: [
      'name',
      'autoSearchSpaceName',
      'dateTimeSettingName',
      'callManagerGroupName',
      'regionName',
      'networkLocale',
      'srstName',
      'connectionMonitorDuration',
      'locationName',
      'mraServiceDomain',
    ],
  },
  {
    name: 'Line',
    element: 'line',
    fields: '<pattern>4001</pattern><usage>Device</usage><description>A line</description>',
    key: '<pattern>4001</pattern><routePartitionName/>',
    change: '<newPattern>4002</newPattern><alertingName>Bell</alertingName>',
    changedKey: '<pattern>4002</pattern>',
    order: ['pattern', 'description', 'usage', 'routePartitionName', 'alertingName'],
  },
  {
    name: 'PhoneSecurityProfile',
    element: 'phoneSecurityProfile',
    fields:
      '<phoneType>Cisco 8845</phoneType><protocol>SIP</protocol><name>Sealed</name><deviceSecurityMode>Encrypted</deviceSecurityMode><transportType>TLS</transportType>',
    key: '<name>Sealed</name>',
    change: '<newName>Sealed 2</newName><description>x</description>',
    changedKey: '<name>Sealed 2</name>',
    order: [
      'phoneType',
      'protocol',
      'name',
      'description',
      'deviceSecurityMode',
      'transportType',
      'digestAuthentication',
      'EnableOAuthAuthentication',
    ],
  },
  {
    name: 'CommonPhoneConfig',
    element: 'commonPhoneConfig',
    fields: '<name>Quiet</name>',
    key: '<name>Quiet</name>',
    change: '<newName>Quieter</newName><description>x</description>',
    changedKey: '<name>Quieter</name>',
    order: ['name', 'description', 'backgroundImage'],
  },
  {
    name: 'UniversalDeviceTemplate',
    element: 'universalDeviceTemplate',
    fields:
      '<name>Desk</name><devicePool>Default</devicePool><deviceSecurityProfile>Universal Device Template - Model-independent Secure Profile</deviceSecurityProfile><sipProfile>Standard SIP Profile</sipProfile><phoneButtonTemplate/><commonPhoneProfile>Standard Common Phone Profile</commonPhoneProfile>',
    key: '<name>Desk</name>',
    change: '<newName>Desks</newName><deviceDescription>of #FirstName#</deviceDescription>',
    changedKey: '<name>Desks</name>',
    order: [
      'name',
      'deviceDescription',
      'devicePool',
      'deviceSecurityProfile',
      'sipProfile',
      'phoneButtonTemplate',
      'commonPhoneProfile',
    ],
  },
  {
    name: 'UniversalLineTemplate',
    element: 'universalLineTemplate',
    fields: '<name>Plain</name>',
    key: '<name>Plain</name>',
    change: '<newName>Plainer</newName><maxNumCalls>6</maxNumCalls>',
    changedKey: '<name>Plainer</name>',
    order: ['name', 'routePartition', 'lineDescription', 'alertingName', 'maxNumCalls', 'busyTrigger'],
  },
])('$name', ({ name, element, fields, key, change, changedKey, order }) => {
  it('is added, found, changed and removed', async () => {
    const added = await axlReturn(rest, `add${name}`, `<${element}>${fields}</${element}>`);
    expect(added.text).toMatch(uuidForm);
    expect(await axlFault(rest, `add${name}`, `<${element}>${fields}</${element}>`)).toMatchObject({ axlcode: -239 });
    const [found] = (await axlReturn(rest, `get${name}`, key)).children;
    expect(found!.attributes['uuid']).toBe(added.text);
    expect(tags(found!)).toEqual(order);
    const listed = await axlReturn(rest, `list${name}`, '<searchCriteria><name>%%</name></searchCriteria>');
    expect(listed.children.map((each) => each.attributes['uuid'])).toContain(added.text);
    expect((await axlReturn(rest, `update${name}`, key + change)).text).toBe(added.text);
    expect((await axlReturn(rest, `get${name}`, changedKey)).children[0]!.attributes['uuid']).toBe(added.text);
    expect(await axlFault(rest, `get${name}`, key)).toMatchObject({ axlcode: 5007 });
    expect((await axlReturn(rest, `remove${name}`, `<uuid>${added.text}</uuid>`)).text).toBe(added.text);
    expect(await axlFault(rest, `remove${name}`, changedKey)).toMatchObject({ axlcode: 5007 });
  });
});

it('what is in use is not removed, and the fault says by what', async () => {
  const fault = await axlFault(rest, 'removeDevicePool', '<name>Default</name>');
  expect(fault.axlcode).toBe(5003);
  expect(fault.message).toMatch(/Default/);
});

describe('DeviceDefaults', () => {
  it('are switched per model, by the names and capitals of AXL', async () => {
    const key = '<Model>Cisco 8845</Model><Protocol>SIP</Protocol>';
    const uuid = (
      await axlReturn(rest, 'updateDeviceDefaults', `${key}<PreferActCodeOverAutoReg>true</PreferActCodeOverAutoReg>`)
    ).text;
    expect(uuid).toMatch(uuidForm);
    const [row] = (await axlReturn(rest, 'getDeviceDefaults', `<uuid>${uuid}</uuid>`)).children;
    expect(tags(row!)).toEqual([
      'Model',
      'Protocol',
      'LoadInformation',
      'InactiveLoadInformation',
      'DevicePoolName',
      'PhoneButtonTemplate',
      'VersionStamp',
      'PreferActCodeOverAutoReg',
    ]);
    expect(textIn(row!, 'PreferActCodeOverAutoReg')).toBe('true');
    expect((await rest.call('GET', '/device-defaults/Cisco%208845')).body.onPremiseOnboardingMethod).toBe(
      'ActivationCode',
    );
    await axlReturn(rest, 'updateDeviceDefaults', `${key}<PreferActCodeOverAutoReg>false</PreferActCodeOverAutoReg>`);
    const list = await axlReturn(
      rest,
      'listDeviceDefaults',
      '<searchCriteria><Model>cisco 88%</Model></searchCriteria>',
    );
    expect(list.children.length).toBeGreaterThan(5);
    expect(list.children.every((each) => !tags(each).includes('VersionStamp'))).toBe(true);
  });
});

describe('ServiceParameter', () => {
  const ttl =
    '<processNodeName>node-a</processNodeName><name>Activation Time to Live (Hours)</name><service>Cisco Device Activation Service</service>';
  it('is read and set by the names of the pages', async () => {
    await axlReturn(rest, 'updateServiceParameter', `${ttl}<value>72</value>`);
    const [row] = (await axlReturn(rest, 'getServiceParameter', ttl)).children;
    expect(tags(row!)).toEqual(['processNodeName', 'name', 'service', 'value', 'valueType']);
    expect([textIn(row!, 'value'), textIn(row!, 'valueType')]).toEqual(['72', 'long']);
    expect(await axlFault(rest, 'updateServiceParameter', `${ttl}<value>never</value>`)).toMatchObject({
      axlcode: 5003,
    });
    await axlReturn(rest, 'updateServiceParameter', `${ttl}<value></value>`);
    expect(textIn((await axlReturn(rest, 'getServiceParameter', ttl)).children[0]!, 'value')).toBe('168');
  });

  it('holds the enterprise parameters under Enterprise Wide, booleans as T and F', async () => {
    const key =
      '<processNodeName>EnterpriseWideData</processNodeName><name>Show Phones Ready to Activate</name><service>Enterprise Wide</service>';
    expect(textIn((await axlReturn(rest, 'getServiceParameter', key)).children[0]!, 'value')).toBe('T');
    await axlReturn(rest, 'updateServiceParameter', `${key}<value>F</value>`);
    const all = await axlReturn(
      rest,
      'listServiceParameter',
      '<searchCriteria><processNodeName>%</processNodeName><service>Enterprise%</service></searchCriteria>',
    );
    expect(all.children.find((each) => textIn(each, 'name') === 'Show Phones Ready to Activate')).toBeDefined();
    const shown = (await rest.call('GET', '/enterprise-parameters')).body.items;
    expect(shown.find((each: { name: string }) => each.name === 'Show Phones Ready to Activate').value).toBe('false');
  });
});

describe('User', () => {
  it('is added with a password that signs in, changed, found with the phones owned, and removed', async () => {
    await axlReturn(
      rest,
      'addUser',
      '<user><lastName>Doe</lastName><userid>jdoe</userid><password>correct horse</password><presenceGroupName>Standard Presence group</presenceGroupName></user>',
    );
    await axlReturn(
      rest,
      'addPhone',
      '<phone><name>SEP00C0DE00AA01</name><product>Cisco 8845</product><devicePoolName>Default</devicePoolName><ownerUserName>jdoe</ownerUserName></phone>',
    );
    await axlReturn(rest, 'updateUser', '<userid>jdoe</userid><firstName>Jane</firstName>');
    const [user] = (await axlReturn(rest, 'getUser', '<userid>JDOE</userid>')).children;
    expect(textIn(user!, 'displayName')).toBe('Jane Doe');
    expect(user!.children.find((each) => each.name === 'associatedDevices')!.children[0]!.text).toBe('SEP00C0DE00AA01');
    const check = (given: string) =>
      axlReturn(rest, 'doAuthenticateUser', `<userid>jdoe</userid><password>${given}</password>`);
    expect(textIn(await check('correct horse'), 'userAuthenticated')).toBe('true');
    expect(textIn(await check('wrong'), 'userAuthenticated')).toBe('false');
    expect(textIn(await check(password), 'userAuthenticated')).toBe('false');
    const found = await axlReturn(rest, 'listUser', '<searchCriteria><lastName>do_</lastName></searchCriteria>');
    expect(found.children.map((each) => textIn(each, 'userid'))).toEqual(['jdoe']);
    await axlReturn(rest, 'updatePhone', '<name>SEP00C0DE00AA01</name><ownerUserName/>');
    await axlReturn(rest, 'removeUser', '<userid>jdoe</userid>');
    expect(await axlFault(rest, 'getUser', '<userid>jdoe</userid>')).toMatchObject({ axlcode: 5007 });
  });
});

describe('nodes and services', () => {
  it('list the nodes, and the one that holds enterprise data', async () => {
    const list = await axlReturn(
      rest,
      'listProcessNode',
      '<searchCriteria><name>%</name></searchCriteria><returnedTags><name/><nodeUsage/></returnedTags>',
    );
    expect(list.children.map((each) => [textIn(each, 'name'), textIn(each, 'nodeUsage')])).toEqual([
      ['EnterpriseWideData', 'Subscriber'],
      ['node-a', 'Publisher'],
    ]);
  });

  it('list the services of a node by the names tools know', async () => {
    const list = await axlReturn(
      rest,
      'listProcessNodeService',
      '<searchCriteria><processNodeName>node-a</processNodeName><service>%Activation%</service></searchCriteria>',
    );
    expect(list.children.map((each) => textIn(each, 'service'))).toEqual(['Cisco Device Activation Service']);
  });
});

describe('MRA', () => {
  const domains = async () =>
    (await axlReturn(rest, 'listMraServiceDomain', '<searchCriteria><name>%</name></searchCriteria>')).children.map(
      (each) => [textIn(each, 'name'), textIn(each, 'isDefault'), textIn(each, 'serviceDomains')],
    );

  it('service domains are added, one is the default, and false does not unmake it', async () => {
    const add = (name: string, more = '') =>
      axlReturn(
        rest,
        'addMraServiceDomain',
        `<mraServiceDomain><name>${name}</name>${more}<serviceDomains>${name}.example.org</serviceDomains></mraServiceDomain>`,
      );
    await add('emea', '<isDefault>true</isDefault>');
    await add('apac');
    await axlReturn(rest, 'updateMraServiceDomain', '<name>emea</name><isDefault>false</isDefault>');
    expect(await domains()).toEqual([
      ['apac', 'false', 'apac.example.org'],
      ['emea', 'true', 'emea.example.org'],
    ]);
    await axlReturn(rest, 'updateMraServiceDomain', '<name>apac</name><isDefault>true</isDefault>');
    expect((await domains()).filter(([, isDefault]) => isDefault === 'true')).toEqual([
      ['apac', 'true', 'apac.example.org'],
    ]);
    await axlReturn(rest, 'removeMraServiceDomain', '<name>emea</name>');
  });

  it('the activation domain is set and listed, and a voucher needs a cloud first', async () => {
    await axlReturn(rest, 'updateCiscoCloudOnboarding', '<mraActivationDomain>mra.example.org</mraActivationDomain>');
    const [row] = (await axlReturn(rest, 'listCiscoCloudOnboarding', '<searchCriteria/><returnedTags/>')).children;
    expect(textIn(row!, 'mraActivationDomain')).toBe('mra.example.org');
    expect(textIn(row!, 'voucherExists')).toBe('false');
    const fault = await axlFault(rest, 'updateCiscoCloudOnboarding', '<voucherExists>true</voucherExists>');
    expect(fault.axlcode).toBe(5003);
    expect((await rest.call('GET', '/cloud-onboarding')).body.mraActivationDomain).toBe('mra.example.org');
  });
});

describe('listChange', () => {
  it('tells where to begin, and then what came since', async () => {
    await rest.database.db.insertInto('cluster').values({ das_id: 'test' }).execute();
    await sealPending(rest.database.db, rest.signer);
    const ask = async (inner: string) => {
      const { text } = await axl(rest, 'listChange', inner);
      const response = readXml(new TextEncoder().encode(text)).children[0]!.children[0]!;
      return { queue: response.children[0]!, changes: response.children[1]!.children };
    };
    const { queue } = await ask('');
    const [next, queueId] = [textIn(queue, 'nextStartChangeId'), textIn(queue, 'queueId')];
    await axlReturn(rest, 'addRoutePartition', '<routePartition><name>Watched</name></routePartition>');
    await axlReturn(rest, 'updateRoutePartition', '<name>Watched</name><description>seen</description>');
    await sealPending(rest.database.db, rest.signer);
    const since = `<startChangeId queueId="${queueId}">${next}</startChangeId>`;
    const { changes } = await ask(`${since}<objectList><object>RoutePartition</object></objectList>`);
    expect(changes.map((each) => [each.attributes['type'], textIn(each, 'action')])).toEqual([
      ['RoutePartition', 'a'],
      ['RoutePartition', 'u'],
    ]);
    expect(changes[1]!.children.find((each) => each.name === 'changedTags')!.children[0]!.attributes['name']).toBe(
      'description',
    );
    expect((await ask(`${since}<objectList><object>Phone</object></objectList>`)).changes).toEqual([]);
    const wrong = '<startChangeId queueId="00000000-0000-0000-0000-000000000000">1</startChangeId>';
    expect(await axlFault(rest, 'listChange', wrong)).toMatchObject({ axlcode: 5007 });
  });
});
