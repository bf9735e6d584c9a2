import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isActivationCode } from '../../src/identifiers/activation-code.ts';
import { startRest, type TestRest } from '../rest/support/rest.ts';
import { axlFault, axlReturn, tags, textIn } from './support/soap.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(async () => {
  expect(rest.errors).toEqual([]);
  await rest[Symbol.asyncDispose]();
});

let macs = 0;
const nextName = (kind = 'SEP') => `${kind}00C0DE${(++macs).toString(16).toUpperCase().padStart(6, '0')}`;
const uuidForm = /^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/;
const phoneXml = (name: string, more = '') =>
  `<phone><name>${name}</name><product>Cisco 8845</product><class>Phone</class><protocol>SIP</protocol><protocolSide>User</protocolSide>` +
  `<devicePoolName>Default</devicePoolName>${more}</phone>`;
const add = async (name: string, more = '') => (await axlReturn(rest, 'addPhone', phoneXml(name, more))).text;
const get = async (name: string, wanted = '') =>
  (await axlReturn(rest, 'getPhone', `<name>${name}</name>${wanted}`)).children[0]!;
const byRest = async (name: string) => (await rest.call('GET', `/phones/${name}`)).body;

describe('addPhone', () => {
  it('adds what REST shows, and answers the uuid', async () => {
    const name = nextName();
    const uuid = await add(
      name,
      '<description>Desk</description><lines><line><index>1</index><label>Me</label><dirn><pattern>3001</pattern><routePartitionName/></dirn></line></lines>',
    );
    expect(uuid).toMatch(uuidForm);
    expect(await byRest(name)).toMatchObject({
      name,
      model: 'Cisco 8845',
      description: 'Desk',
      devicePool: 'Default',
      lines: [{ directoryNumber: '3001', label: 'Me' }],
      requiresActivationCode: false,
    });
  });

  it('keeps the BAT name a script chose, and makes the code with enableActivationID', async () => {
    const name = nextName('BAT');
    await add(name, '<enableActivationID>True</enableActivationID>');
    expect(await byRest(name)).toMatchObject({ name, mac: null, activationCode: { state: 'active' } });
  });

  it('takes elements in any order, passes over what it does not know, and takes a uuid for a reference', async () => {
    const pool = await axlReturn(rest, 'getDevicePool', '<name>Default</name>');
    const uuid = pool.children[0]!.attributes['uuid'];
    const name = nextName();
    await axlReturn(
      rest,
      'addPhone',
      `<phone><unknown><deep/></unknown><devicePoolName uuid="${uuid}"/><model>Cisco 7841</model><name>${name.toLowerCase()}</name><product>Cisco 7841</product></phone>`,
    );
    expect(await byRest(name)).toMatchObject({ model: 'Cisco 7841', devicePool: 'Default' });
  });

  it('keeps vendorConfig as it was', async () => {
    const name = nextName();
    await add(name, '<vendorConfig><webAccess>0</webAccess><nested a="1"><b>x &amp; y</b></nested></vendorConfig>');
    const config = (await get(name)).children.find((each) => each.name === 'vendorConfig')!;
    expect(tags(config)).toEqual(['webAccess', 'nested']);
    expect(config.children[1]!.attributes['a']).toBe('1');
    expect(config.children[1]!.children[0]!.text).toBe('x & y');
  });

  it.each([
    ['a name that is taken', -239, () => phoneXml('SEP00C0DEFFFFFF')],
    ['a device pool that is not there', -691, () => phoneXml(nextName()).replace('>Default<', '>Nowhere<')],
    ['an owner who is not there', -691, () => phoneXml(nextName(), '<ownerUserName>ghost</ownerUserName>')],
    ['a model that cannot be onboarded', 5003, () => phoneXml(nextName()).replace('8845', '9971')],
    ['a name that is none', 5003, () => phoneXml('CSFjane')],
    ['no phone at all', 5003, () => ''],
    ['a phone template', 5003, () => phoneXml(nextName()).replace('>Phone<', '>Phone Template<')],
    ['SCCP', 5003, () => phoneXml(nextName()).replace('>SIP<', '>SCCP<')],
    ['a boolean that is none', 5003, () => phoneXml(nextName(), '<enableActivationID>maybe</enableActivationID>')],
  ])('refuses %s with the number clients know', async (_what, axlcode, xml) => {
    await axlReturn(rest, 'addPhone', phoneXml('SEP00C0DEFFFFFF')).catch(() => undefined);
    expect(await axlFault(rest, 'addPhone', xml())).toMatchObject({
      status: 500,
      axlcode,
      faultcode: 'soapenv:Client',
    });
  });
});

describe('getPhone', () => {
  it('answers everything in the order of the schema', async () => {
    const name = nextName();
    await add(name);
    const phone = await get(name);
    expect(phone.attributes['uuid']).toMatch(uuidForm);
    expect(tags(phone)).toEqual([
      'name',
      'description',
      'product',
      'model',
      'class',
      'protocol',
      'protocolSide',
      'callingSearchSpaceName',
      'devicePoolName',
      'commonDeviceConfigName',
      'commonPhoneConfigName',
      'networkLocation',
      'locationName',
      'vendorConfig',
      'securityProfileName',
      'sipProfileName',
      'lines',
      'numberOfButtons',
      'phoneTemplateName',
      'ownerUserName',
      'isActive',
      'enableActivationID',
      'activationIDStatus',
      'mraServiceDomain',
      'allowMraMode',
    ]);
    const pool = phone.children.find((each) => each.name === 'devicePoolName')!;
    expect(pool).toMatchObject({ text: 'Default' });
    expect(pool.attributes['uuid']).toMatch(uuidForm);
  });

  it('answers only the returnedTags, in the order of the schema, and by uuid with or without braces', async () => {
    const name = nextName();
    const uuid = await add(name);
    for (const key of [uuid, uuid.slice(1, -1).toLowerCase()]) {
      const found = await axlReturn(
        rest,
        'getPhone',
        `<uuid>${key}</uuid><returnedTags><model/><name/><devicePoolName/></returnedTags>`,
      );
      expect(tags(found.children[0]!)).toEqual(['name', 'model', 'devicePoolName']);
    }
  });

  it('says what is not there in the words clients look for', async () => {
    expect(await axlFault(rest, 'getPhone', '<name>SEP0000DEADBEEF</name>')).toMatchObject({
      status: 500,
      axlcode: 5007,
      faultcode: 'soapenv:Server',
      message: 'Item not valid: The specified Phone was not found',
    });
  });

  it('tells where onboarding stands', async () => {
    const name = nextName('BAT');
    await add(name, '<enableActivationID>t</enableActivationID>');
    expect(textIn(await get(name), 'activationIDStatus')).toMatch(/^Waiting for the activation code, until /);
  });
});

describe('listPhone', () => {
  it('finds by patterns in any case, all of them, and %% finds everything', async () => {
    const name = nextName();
    await add(name, '<description>Needle in the hay</description>');
    await add(nextName(), '<description>hay</description>');
    const names = async (criteria: string) =>
      (
        await axlReturn(
          rest,
          'listPhone',
          `<searchCriteria>${criteria}</searchCriteria><returnedTags><name/></returnedTags>`,
        )
      ).children.map((each) => textIn(each, 'name'));
    expect(await names('<description>%NEEDLE%</description>')).toEqual([name]);
    expect(await names(`<name>${name}</name><description>hay</description>`)).toEqual([]);
    expect(await names(`<name>${name.slice(0, -1)}_</name><description>needle%</description>`)).toEqual([name]);
    expect((await names('<name>%%</name><callingSearchSpaceName>%%</callingSearchSpaceName>')).length).toBeGreaterThan(
      2,
    );
  });
});

describe('updatePhone', () => {
  it('changes what is named, clears what is empty, renames by newName', async () => {
    const name = nextName('BAT');
    await add(name, '<description>Old</description><ownerUserName>end-user</ownerUserName>');
    const newName = nextName();
    await axlReturn(
      rest,
      'updatePhone',
      `<name>${name}</name><newName>${newName}</newName><description/><ownerUserName></ownerUserName>`,
    );
    expect(await byRest(newName)).toMatchObject({ name: newName, description: '', ownerUserId: null });
    const back = nextName('BAT');
    await axlReturn(rest, 'updatePhone', `<name>${newName}</name><newName>${back}</newName>`);
    expect(await byRest(back)).toMatchObject({ name: back, mac: null });
  });

  it('adds and removes lines beside those there are', async () => {
    const name = nextName();
    const line = (number: string) => `<line><dirn><pattern>${number}</pattern></dirn></line>`;
    await add(name, `<lines>${line('3101')}</lines>`);
    const numbers = async () =>
      (await byRest(name)).lines.map((each: { directoryNumber: string }) => each.directoryNumber);
    await axlReturn(rest, 'updatePhone', `<name>${name}</name><addLines>${line('3103')}</addLines>`);
    expect(await numbers()).toEqual(['3101', '3103']);
    await axlReturn(rest, 'updatePhone', `<name>${name}</name><removeLines>${line('3101')}</removeLines>`);
    expect(await numbers()).toEqual(['3103']);
    await axlReturn(rest, 'updatePhone', `<name>${name}</name><lines>${line('3104')}</lines>`);
    expect(await numbers()).toEqual(['3104']);
  });

  it('of a phone that is not there is not found', async () => {
    const fault = await axlFault(rest, 'updatePhone', '<name>SEP0000DEADBEEF</name><description>x</description>');
    expect([5003, 5007]).toContain(fault.axlcode);
  });
});

describe('removePhone, resetPhone, doDeviceReset', () => {
  it('remove once, and then there is nothing to remove', async () => {
    const name = nextName();
    const uuid = await add(name);
    expect((await axlReturn(rest, 'removePhone', `<name>${name}</name>`)).text).toBe(uuid);
    expect(await axlFault(rest, 'removePhone', `<name>${name}</name>`)).toMatchObject({ axlcode: 5007 });
  });

  it('are asked of the node that has the phone, and audited', async () => {
    const name = nextName();
    await add(name);
    for (const operation of ['resetPhone', 'restartPhone', 'applyPhone'])
      expect((await axlReturn(rest, operation, `<name>${name}</name>`)).text).toMatch(uuidForm);
    await axlReturn(rest, 'doDeviceReset', `<deviceName>${name}</deviceName><deviceResetType>Reset</deviceResetType>`);
    const events = (await rest.call('GET', `/audit-events?search=${name}`)).body.items;
    expect(events.map((each: { action: string }) => each.action)).toEqual(
      expect.arrayContaining(['phone.reset', 'phone.restarted', 'phone.created']),
    );
  });
});

describe('activation codes', () => {
  const list = async (criteria: string) =>
    (await axlReturn(rest, 'listPhoneActivationCode', `<searchCriteria>${criteria}</searchCriteria><returnedTags/>`))
      .children;

  it('are made, listed with sixteen digits and an instant, and removed by their digits', async () => {
    const name = nextName('BAT');
    await add(name, '<ownerUserName>end-user</ownerUserName>');
    const uuid = (
      await axlReturn(
        rest,
        'addPhoneActivationCode',
        `<phoneActivationCode><activationCodeExpiry>3600</activationCodeExpiry><phoneName>${name}</phoneName></phoneActivationCode>`,
      )
    ).text;
    const [row] = await list(`<phoneName>${name}</phoneName>`);
    expect(row!.attributes['uuid']).toBe(uuid);
    expect(tags(row!)).toEqual([
      'activationCode',
      'activationCodeExpiry',
      'phoneName',
      'phoneDescription',
      'phoneModel',
      'enableActivationId',
      'userId',
    ]);
    const code = textIn(row!, 'activationCode')!;
    expect(isActivationCode(code)).toBe(true);
    const shown = (await byRest(name)).activationCode;
    expect(Number(textIn(row!, 'activationCodeExpiry'))).toBe(Math.floor(Date.parse(shown.expiresAt) / 1000));
    expect(Date.parse(shown.expiresAt)).toBeLessThan(Date.now() + 3_700_000);
    expect(textIn(row!, 'userId')).toBe('end-user');
    await axlReturn(rest, 'removePhoneActivationCode', `<activationCode>${code}</activationCode>`);
    expect(await list(`<phoneName>${name}</phoneName>`)).toEqual([]);
    expect(await axlFault(rest, 'removePhoneActivationCode', `<activationCode>${code}</activationCode>`)).toMatchObject(
      {
        axlcode: 5007,
      },
    );
  });

  it('are one per phone', async () => {
    const name = nextName('BAT');
    await add(name, '<enableActivationID>true</enableActivationID>');
    expect(
      await axlFault(
        rest,
        'addPhoneActivationCode',
        `<phoneActivationCode><phoneName>${name}</phoneName></phoneActivationCode>`,
      ),
    ).toMatchObject({ axlcode: -239 });
  });

  it('of a phone that is not there are not made', async () => {
    expect(
      await axlFault(
        rest,
        'addPhoneActivationCode',
        '<phoneActivationCode><phoneName>SEP0000DEADBEEF</phoneName></phoneActivationCode>',
      ),
    ).toMatchObject({ status: 500 });
  });

  it('that were seen are in the audit log, each with who saw it', async () => {
    const name = nextName('BAT');
    await add(name, '<enableActivationID>true</enableActivationID>');
    await axlReturn(
      rest,
      'listPhoneActivationCode',
      `<searchCriteria><phoneName>${name}</phoneName></searchCriteria><returnedTags><activationCode/></returnedTags>`,
      { as: 'code-reveal' },
    );
    const events = (await rest.call('GET', `/audit-events?search=${name}`)).body.items;
    expect(events).toContainEqual(
      expect.objectContaining({ action: 'activation-code.revealed', actor: 'code-reveal' }),
    );
  });
});
