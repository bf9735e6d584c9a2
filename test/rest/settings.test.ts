import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest[Symbol.asyncDispose]());

/** Each kind: a whole new one, a change of it, and a URL name. */
const kinds = [
  {
    path: 'device-pools',
    make: { name: 'Berlin / Mitte', olsonTimeZone: 'Europe/Berlin' },
    change: { dateTemplate: 'D.M.Y' },
  },
  {
    path: 'call-manager-groups',
    make: { name: 'Branch', members: [{ node: 'node-a', priority: 2 }] },
    change: { members: [] },
  },
  {
    path: 'phone-button-templates',
    make: { name: 'Two', buttons: ['line', 'line'] },
    change: { buttons: ['line', 'none'] },
  },
  {
    path: 'phone-security-profiles',
    make: { name: 'Lobby', deviceSecurityMode: 'non-secure', transport: 'udp' },
    change: { digestAuthentication: true },
  },
  { path: 'sip-profiles', make: { name: 'Slow' }, change: { timerT1: 1000 } },
  { path: 'common-phone-profiles', make: { name: 'Rooms' }, change: { vendorConfig: { webAccess: 'enabled' } } },
  { path: 'universal-device-templates', make: { name: 'Sales' }, change: { deviceDescription: '#UserID#' } },
  { path: 'universal-line-templates', make: { name: 'Sales' }, change: { maxCalls: 6 } },
  { path: 'route-partitions', make: { name: 'Internal' }, change: { description: 'Inside' } },
  {
    path: 'lines',
    make: { directoryNumber: '+4930123', alertingName: 'Zürich 大' },
    change: { description: 'Reception' },
    name: '+4930123',
  },
];

describe.each(kinds)('$path', ({ path, make, change, name = (make as { name: string }).name }) => {
  const url = `/${path}/${encodeURIComponent(name)}`;

  it('lists, adds, shows, changes and deletes one, with an audit row for each change', async () => {
    const before = await rest.call('GET', `/${path}`);
    expect(before.status).toBe(200);

    const added = await rest.call('POST', `/${path}`, { body: make });
    expect(added.status, added.text).toBe(201);
    expect(added.headers['location']).toBe(`/api/v1${url}`);
    expect(added.headers['etag']).toBe('"1"');
    expect(added.body).toMatchObject({ ...make, version: 1 });

    const shown = await rest.call('GET', url);
    expect(shown.body).toEqual(added.body);
    const after = await rest.call('GET', `/${path}`);
    expect(after.body.total).toBe(before.body.total + 1);

    const changed = await rest.call('PATCH', url, { body: change, headers: { 'if-match': '"1"' } });
    expect(changed.status, changed.text).toBe(200);
    expect(changed.body).toEqual({ ...added.body, ...change, version: 2 });
    expect(changed.headers['etag']).toBe('"2"');

    expect((await rest.call('GET', `${url}/dependencies`)).body).toEqual({ items: [] });
    expect((await rest.call('DELETE', url, { headers: { 'if-match': '"2"' } })).status).toBe(204);
    expect((await rest.call('GET', url)).body.code).toBe('not_found');

    const trail = await rest.call('GET', `/audit-events?objectName=${encodeURIComponent(name)}&limit=3`);
    expect(trail.body.items.map((each: { action: string }) => each.action.split('.')[1])).toEqual([
      'deleted',
      'changed',
      'created',
    ]);
    const field = Object.keys(change)[0]!;
    expect(trail.body.items[1].detail.changed[field][1]).toEqual((change as Record<string, unknown>)[field]);
  });

  it('refuses a change of what somebody else changed meanwhile', async () => {
    await rest.call('POST', `/${path}`, { body: make });
    await rest.call('PATCH', url, { body: change });
    const late = await rest.call('PATCH', url, { body: change, headers: { 'if-match': '"1"' } });
    expect(late.status).toBe(412);
    expect(late.body).toMatchObject({ code: 'version_conflict', version: 2 });
    expect((await rest.call('DELETE', url, { headers: { 'if-match': '"1"' } })).body.code).toBe('version_conflict');
    expect((await rest.call('DELETE', url)).status).toBe(204);
  });

  it('refuses a name that is taken, and names the field', async () => {
    await rest.call('POST', `/${path}`, { body: make });
    const again = await rest.call('POST', `/${path}`, { body: make });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'name_taken', field: path === 'lines' ? 'directoryNumber' : 'name' });
    await rest.call('DELETE', url);
  });

  it('refuses what it does not know, naming the field as it was written', async () => {
    const unknown = await rest.call('POST', `/${path}`, { body: { ...make, nmae: 'x' } });
    expect(unknown.body).toMatchObject({ status: 400, code: 'unknown_field', field: 'nmae' });
    const empty = await rest.call('POST', `/${path}`, { body: {} });
    expect(empty.body).toMatchObject({ code: 'missing_field', field: Object.keys(make)[0] });
    const nothing = await rest.call('PATCH', url, { body: {} });
    expect(nothing.body).toMatchObject({ status: 400, code: 'invalid_value' });
  });
});

describe('settings', () => {
  it('has defaults that one phone can stand on', async () => {
    for (const url of [
      '/device-pools/Default',
      '/call-manager-groups/Default',
      '/phone-security-profiles/Universal%20Device%20Template%20-%20Model-independent%20Secure%20Profile',
      '/sip-profiles/Standard%20SIP%20Profile',
      '/common-phone-profiles/Standard%20Common%20Phone%20Profile',
      '/universal-device-templates/Default%20Universal%20Device%20Template',
      '/universal-line-templates/Default%20Universal%20Line%20Template',
      '/phone-button-templates/Standard%208845%20SIP',
      '/route-partitions/%3CNone%3E',
    ])
      expect((await rest.call('GET', url)).status, url).toBe(200);
  });

  it('refuses to delete what is in use and says what uses it', async () => {
    await rest.call('POST', '/device-pools', { body: { name: 'Used' } });
    await rest.call('POST', '/universal-device-templates', { body: { name: 'Uses it', devicePool: 'Used' } });
    for (const line of ['2001', '2002'])
      await rest.call('POST', '/phones', {
        body: {
          model: 'Cisco 8845',
          devicePool: 'Used',
          lines: [{ directoryNumber: line }],
          requiresActivationCode: false,
          allowActivationCodeViaMra: false,
        },
      });
    const refused = await rest.call('DELETE', '/device-pools/Used');
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'in_use',
      dependencies: [
        { kind: 'phone', count: 2, names: [expect.stringMatching(/^BAT/), expect.stringMatching(/^BAT/)] },
        { kind: 'universal-device-template', count: 1, names: ['Uses it'] },
      ],
    });
    expect((await rest.call('GET', '/device-pools/Used/dependencies')).body.items).toEqual(refused.body.dependencies);
    expect((await rest.call('GET', '/device-pools/Used')).status).toBe(200);
    const line = await rest.call('DELETE', '/lines/2001');
    expect(line.body).toMatchObject({ code: 'in_use', dependencies: [{ kind: 'phone', count: 1 }] });
  });

  it('refuses a reference to nothing, naming the field', async () => {
    const pool = await rest.call('POST', '/device-pools', { body: { name: 'P', callManagerGroup: 'Nowhere' } });
    expect(pool.body).toMatchObject({ status: 422, code: 'unknown_reference', field: 'callManagerGroup' });
    const group = await rest.call('POST', '/call-manager-groups', {
      body: {
        name: 'G',
        members: [
          { node: 'node-a', priority: 0 },
          { node: 'node-z', priority: 1 },
        ],
      },
    });
    expect(group.body).toMatchObject({ code: 'unknown_reference', field: 'members[1].node' });
    expect((await rest.call('GET', '/call-manager-groups/G')).status).toBe(404);
    const line = await rest.call('POST', '/lines', { body: { directoryNumber: '1', partition: 'Nowhere' } });
    expect(line.body).toMatchObject({ code: 'unknown_reference', field: 'partition' });
  });

  it('keeps exactly one Call Manager group the default for TFTP', async () => {
    await rest.call('POST', '/call-manager-groups', { body: { name: 'New default', tftpDefault: true } });
    expect((await rest.call('GET', '/call-manager-groups/Default')).body.tftpDefault).toBe(false);
    expect((await rest.call('DELETE', '/call-manager-groups/New%20default')).body.code).toBe('protected');
    const taken = await rest.call('PATCH', '/call-manager-groups/New%20default', { body: { tftpDefault: false } });
    expect(taken.body).toMatchObject({ status: 409, code: 'protected', field: 'tftpDefault' });
    expect((await rest.call('PATCH', '/call-manager-groups/Default', { body: { tftpDefault: true } })).status).toBe(
      200,
    );
    expect((await rest.call('DELETE', '/call-manager-groups/New%20default')).status).toBe(204);
  });

  it('refuses two members with one priority or one node twice', async () => {
    for (const members of [
      [
        { node: 'node-a', priority: 1 },
        { node: 'node-b', priority: 1 },
      ],
      [
        { node: 'node-a', priority: 1 },
        { node: 'node-a', priority: 2 },
      ],
    ])
      expect(
        (await rest.call('POST', '/call-manager-groups', { body: { name: 'Twice', members } })).body,
      ).toMatchObject({
        code: 'invalid_value',
        field: 'members',
      });
    const outside = await rest.call('POST', '/call-manager-groups', {
      body: { name: 'Five', members: [{ node: 'node-a', priority: 5 }] },
    });
    expect(outside.body).toMatchObject({ code: 'invalid_value', field: 'members[0].priority' });
  });

  it('keeps what the system itself needs', async () => {
    for (const url of [
      '/route-partitions/%3CNone%3E',
      '/universal-device-templates/Default%20Universal%20Device%20Template',
      '/universal-line-templates/Default%20Universal%20Line%20Template',
    ]) {
      expect((await rest.call('DELETE', url)).body.code, url).toBe('protected');
      expect((await rest.call('PATCH', url, { body: { name: 'Other' } })).body, url).toMatchObject({
        code: 'protected',
        field: 'name',
      });
    }
  });

  it.each([
    ['/device-pools', { name: 'X', olsonTimeZone: 'Mars/Olympus' }, 'olsonTimeZone'],
    ['/device-pools', { name: ' leading' }, 'name'],
    ['/device-pools', { name: 'two\nlines' }, 'name'],
    ['/device-pools', { name: 'x'.repeat(51) }, 'name'],
    ['/device-pools', { name: '<None>' }, 'name'],
    ['/phone-security-profiles', { name: 'X', deviceSecurityMode: 'encrypted', transport: 'udp' }, 'transport'],
    ['/phone-security-profiles', { name: 'X', deviceSecurityMode: 'non-secure', transport: 'tls' }, 'transport'],
    ['/phone-security-profiles', { name: 'X', digestAuthentication: true }, 'digestAuthentication'],
    ['/sip-profiles', { name: 'X', startMediaPort: 30000, stopMediaPort: 20000 }, 'stopMediaPort'],
    ['/sip-profiles', { name: 'X', timerRegisterExpires: 59 }, 'timerRegisterExpires'],
    ['/phone-button-templates', { name: 'X', buttons: ['speed-dial'] }, 'buttons'],
    ['/phone-button-templates', { name: 'X', buttons: ['line', 'laser'] }, 'buttons[1]'],
    ['/phone-button-templates', { name: 'X', buttons: ['line'], model: 'Cisco 9999' }, 'model'],
    ['/lines', { directoryNumber: '12a' }, 'directoryNumber'],
    ['/lines', { directoryNumber: '1'.repeat(25) }, 'directoryNumber'],
    ['/route-partitions', { name: '' }, 'name'],
    ['/route-partitions', { name: 'a@b' }, 'name'],
    ['/common-phone-profiles', { name: 'X', vendorConfig: { 'bad key': 'x' } }, 'vendorConfig.bad key'],
  ])('refuses %s %j, naming %s', async (url, body, field) => {
    const refused = await rest.call('POST', url, { body });
    expect(refused.status, refused.text).toBe(400);
    expect(refused.body.field).toBe(field);
  });

  it.each([
    ['/device-pools', { name: 7 }, 'name'],
    ['/device-pools', { name: 'X', connectionMonitorDuration: '120' }, 'connectionMonitorDuration'],
    ['/call-manager-groups', { name: 'X', tftpDefault: 'yes' }, 'tftpDefault'],
    ['/call-manager-groups', { name: 'X', members: [{ node: 'node-a', priority: '0' }] }, 'members[0].priority'],
  ])('does not turn one type into another in a body: %s %j', async (url, body, field) => {
    expect((await rest.call('POST', url, { body })).body).toMatchObject({ status: 400, code: 'wrong_type', field });
  });
});
