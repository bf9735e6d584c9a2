import { randomBytes } from 'node:crypto';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority, makeMic } from '../support/certificates.ts';
import { basic, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest[Symbol.asyncDispose]());

const ttl = `/service-parameters/${encodeURIComponent('Device Activation Service')}/${encodeURIComponent('Activation Time to Live (Hours)')}`;
const notices = async (channel: string, work: () => Promise<unknown>): Promise<string[]> => {
  const client = await rest.database.pool.connect();
  const heard: string[] = [];
  try {
    client.on('notification', (notice) => heard.push(notice.payload ?? ''));
    await client.query(`listen ${channel}`);
    await work();
    // The notice was sent with the commit, so it arrives before this answer.
    await client.query('select 1');
    await client.query(`unlisten ${channel}`);
    return heard;
  } finally {
    client.removeAllListeners('notification');
    client.release();
  }
};

describe('service parameters', () => {
  it('show what they do, what they take, and the default', async () => {
    const shown = await rest.call('GET', ttl);
    expect(shown.body).toMatchObject({
      value: '168',
      isDefault: true,
      defaultValue: '168',
      type: { kind: 'number', minimum: 1, maximum: 8760 },
      perNode: false,
    });
    const all = await rest.call('GET', '/service-parameters?service=Device%20Activation%20Service');
    expect(all.body.items.map((each: { name: string }) => each.name)).toEqual(
      expect.arrayContaining(['Activation Time to Live (Hours)', 'Enable MRA Activation', 'MRA Activation Domain']),
    );
  });

  it('are set, tell every node, and go back to the default', async () => {
    const heard = await notices('config_changed', async () => {
      const set = await rest.call('PUT', ttl, { body: { value: 72 } });
      expect(set.body).toMatchObject({ value: '72', isDefault: false });
    });
    expect(heard).toContain('*');
    const { rows } = await rest.database.pool.query(
      `select value from service_parameter where name like 'Activation Time%'`,
    );
    expect(rows).toEqual([{ value: '72' }]);
    expect((await rest.call('PUT', ttl, { body: { value: null } })).body).toMatchObject({
      value: '168',
      isDefault: true,
    });
    const [, change] = (await rest.call('GET', '/audit-events?action=service-parameter.changed')).body.items;
    expect(change.detail).toEqual({ node: null, before: '168', after: '72' });
  });

  it.each([0, 8761, 1.5, 'soon', true, ''])('refuse %j', async (value) => {
    expect((await rest.call('PUT', ttl, { body: { value } })).body).toMatchObject({
      status: 400,
      code: 'invalid_value',
      field: 'value',
    });
  });

  it('are not set over the change of somebody else; of two at once that read the same, one is told', async () => {
    const read = await rest.call('GET', ttl);
    const headers = { 'if-match': String(read.headers['etag']) };
    const both = await Promise.all([71, 72].map((value) => rest.call('PUT', ttl, { body: { value }, headers })));
    expect(both.map((each) => each.status).toSorted()).toEqual([200, 412]);
    expect(both.find((each) => each.status === 412)!.body.code).toBe('version_conflict');
    const saved = both.find((each) => each.status === 200)!;
    expect((await rest.call('GET', ttl)).body).toMatchObject({ value: saved.body.value, version: saved.body.version });
    expect((await rest.call('PUT', ttl, { body: { value: null } })).status).toBe(200);
  });

  it('refuse a value for one node where nodes cannot differ, and parameters that do not exist', async () => {
    expect((await rest.call('PUT', ttl, { body: { value: 5, node: 'node-a' } })).body).toMatchObject({
      code: 'invalid_value',
      field: 'node',
    });
    expect((await rest.call('GET', '/service-parameters/CallManager/Nothing')).body.code).toBe('not_found');
    const domain = '/service-parameters/Device%20Activation%20Service/MRA%20Activation%20Domain';
    expect((await rest.call('PUT', domain, { body: { value: 'not a domain' } })).body.code).toBe('invalid_value');
    expect((await rest.call('PUT', domain, { body: { value: 'mra.example.org' } })).status).toBe(200);
  });
});

describe('enterprise parameters', () => {
  it('hold the OAuth timers and the Self Care switch of the field', async () => {
    const { body } = await rest.call('GET', '/enterprise-parameters');
    expect(
      Object.fromEntries(body.items.map((each: { name: string; value: string }) => [each.name, each.value])),
    ).toMatchObject({
      'OAuth with Refresh Login Flow': 'Disabled',
      'OAuth Access Token Expiry Timer (minutes)': '60',
      'OAuth Refresh Token Expiry Timer (days)': '60',
      'Physical Phone OAuth Refresh Token Expiry Timer (days)': '60',
      'Show Phones Ready to Activate': 'true',
    });
  });

  it('take only what they can be', async () => {
    const url = '/enterprise-parameters/OAuth%20with%20Refresh%20Login%20Flow';
    expect((await rest.call('PUT', url, { body: { value: 'Perhaps' } })).body).toMatchObject({
      code: 'invalid_value',
      field: 'value',
    });
    expect((await rest.call('PUT', url, { body: { value: 'Enabled' } })).body).toMatchObject({
      value: 'Enabled',
      isDefault: false,
    });
    const show = '/enterprise-parameters/Show%20Phones%20Ready%20to%20Activate';
    expect((await rest.call('PUT', show, { body: { value: false } })).body.value).toBe('false');
  });
});

describe('nodes and services', () => {
  it('shows every service of the catalogue, TAPS alone off by default', async () => {
    const { body } = await rest.call('GET', '/nodes/node-a/services');
    expect(body.items.map((each: { name: string; activated: boolean }) => [each.name, each.activated])).toEqual([
      ['CallManager', true],
      ['TFTP', true],
      ['Device Activation Service', true],
      ['Trust Verification Service', true],
      ['UDS', true],
      ['TAPS Service', false],
    ]);
  });

  it('switches a service of one node, and every node learns of it', async () => {
    const url = '/nodes/node-a/services/Device%20Activation%20Service';
    const heard = await notices('config_changed', async () => {
      expect((await rest.call('PUT', url, { body: { activated: false } })).body).toMatchObject({ activated: false });
    });
    expect(heard).toContain('*');
    const { rows } = await rest.database.pool.query('select service, activated from node_service');
    expect(rows).toEqual([{ service: 'Device Activation Service', activated: false }]);
    expect((await rest.call('PUT', url, { body: { activated: true } })).body).toMatchObject({ activated: true });
    const trail = (await rest.call('GET', '/audit-events?objectKind=node-service')).body.items;
    expect(trail.map((each: { action: string }) => each.action)).toEqual(['service.activated', 'service.deactivated']);
  });

  it('warns that onboarding over MRA wants UDS and CallManager on the same node', async () => {
    await rest.call('PUT', '/nodes/node-a/services/UDS', { body: { activated: false } });
    const { body } = await rest.call('GET', '/nodes/node-a/services');
    expect(body.items[2]).toMatchObject({ name: 'Device Activation Service', missingForMra: ['UDS'] });
    await rest.call('PUT', '/nodes/node-a/services/UDS', { body: { activated: true } });
  });

  it('knows neither services nor nodes that do not exist', async () => {
    expect(
      (await rest.call('PUT', '/nodes/node-a/services/Espresso', { body: { activated: true } })).body,
    ).toMatchObject({ code: 'not_found', field: 'service' });
    expect((await rest.call('PUT', '/nodes/node-z/services/UDS', { body: { activated: true } })).body).toMatchObject({
      code: 'not_found',
      field: 'name',
    });
  });

  it('forgets a publisher that is gone too: another node becomes it', async () => {
    const name = (await rest.call('GET', '/nodes')).body.items[0].name;
    await rest.database.pool.query(`update node set is_publisher = false where name = $1`, [name]);
    await rest.database.pool.query(
      `insert into node (name, address, is_publisher, last_seen_at) values ('node-gone', '192.0.2.3', true, now() - interval '1 hour')`,
    );
    expect((await rest.call('DELETE', '/nodes/node-gone')).status).toBe(204);
    expect((await rest.call('GET', '/nodes')).body.items).toMatchObject([{ name, publisher: true }]);
  });

  it('forgets a node that is gone, but neither the only one, nor one that runs, nor one in a group', async () => {
    expect((await rest.call('DELETE', '/nodes/node-a')).body.code).toBe('protected');
    await rest.database.pool.query(
      `insert into node (name, address, last_seen_at) values ('node-b', '192.0.2.2', now())`,
    );
    expect((await rest.call('DELETE', '/nodes/node-b')).body.code).toBe('protected');
    await rest.database.pool.query(`update node set last_seen_at = now() - interval '1 hour' where name = 'node-b'`);
    await rest.call('POST', '/call-manager-groups', {
      body: { name: 'B', members: [{ node: 'node-b', priority: 0 }] },
    });
    expect((await rest.call('DELETE', '/nodes/node-b')).body).toMatchObject({
      code: 'in_use',
      dependencies: [{ kind: 'call-manager-group', count: 1, names: ['B'] }],
    });
    await rest.call('DELETE', '/call-manager-groups/B');
    expect((await rest.call('PATCH', '/nodes/node-b', { body: { description: 'spare' } })).body).toMatchObject({
      description: 'spare',
      up: false,
    });
    expect((await rest.call('DELETE', '/nodes/node-b')).status).toBe(204);
  });
});

describe('CallManager-trust', () => {
  it('takes a certificate as PEM or DER, shows what it says, and tells who asks for trust', async () => {
    const root = await makeAuthority({ name: 'Maker Root' });
    const heard = await notices('trust_changed', async () => {
      const added = await rest.call('POST', '/trust-certificates', {
        body: { certificate: root.pem, description: 'Maker' },
      });
      expect(added.status, added.text).toBe(201);
      expect(added.body).toMatchObject({
        purpose: 'CallManager-trust',
        subject: expect.stringContaining('Maker Root'),
        expired: false,
        micRoot: true,
        legacySha1: false,
        expiredMicsUntil: null,
        phones: 0,
      });
      expect(added.headers['location']).toBe(`/api/v1/trust-certificates/CallManager-trust/${added.body.sha256}`);
    });
    expect(heard.length).toBeGreaterThan(0);
    const twice = await rest.call('POST', '/trust-certificates', {
      body: { certificate: Buffer.from(root.der).toString('base64') },
    });
    expect(twice.body).toMatchObject({ status: 409, code: 'name_taken', field: 'certificate' });
    const edge = await rest.call('POST', '/trust-certificates', {
      body: { purpose: 'PhoneEdge-trust', certificate: Buffer.from(root.der).toString('base64') },
    });
    expect(edge.status).toBe(201);
    expect((await rest.call('GET', '/trust-certificates?purpose=PhoneEdge-trust')).body.items).toHaveLength(1);
  });

  it.each([
    ['junk', 'certificate_unreadable'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'certificate_unreadable'],
    ['-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'certificate_unreadable'],
  ])('refuses %j', async (certificate, code) => {
    expect((await rest.call('POST', '/trust-certificates', { body: { certificate } })).body).toMatchObject({
      status: 422,
      code,
      field: 'certificate',
    });
  });

  it('refuses two certificates at once, and one that is no authority', async () => {
    const root = await makeAuthority({ name: 'Twin' });
    const mic = await makeMic({ issuer: root });
    expect(
      (await rest.call('POST', '/trust-certificates', { body: { certificate: root.pem + mic.pem } })).body.code,
    ).toBe('certificate_unreadable');
    expect((await rest.call('POST', '/trust-certificates', { body: { certificate: mic.pem } })).body).toMatchObject({
      status: 422,
      code: 'certificate_not_a_ca',
    });
  });

  it('carries dated exceptions', async () => {
    const { sha256 } = (
      await rest.call('POST', '/trust-certificates', {
        body: { certificate: (await makeAuthority({ name: 'Old' })).pem },
      })
    ).body;
    const url = `/trust-certificates/CallManager-trust/${sha256}`;
    const changed = await rest.call('PATCH', url, {
      body: { legacySha1: true, expiredMicsUntil: '2027-01-31T00:00:00Z' },
    });
    expect(changed.body).toMatchObject({ legacySha1: true, expiredMicsUntil: '2027-01-31T00:00:00.000Z' });
    expect((await rest.call('PATCH', url, { body: { expiredMicsUntil: 'later' } })).body).toMatchObject({
      status: 400,
      field: 'expiredMicsUntil',
    });
    expect((await rest.call('PATCH', url, { body: { expiredMicsUntil: null } })).body.expiredMicsUntil).toBe(null);
    expect((await rest.call('DELETE', url)).status).toBe(204);
    expect((await rest.call('GET', url)).body.code).toBe('not_found');
  });

  it('warns before a root is deleted under which phones were let in', async () => {
    const { sha256 } = (
      await rest.call('POST', '/trust-certificates', {
        body: { certificate: (await makeAuthority({ name: 'Used' })).pem },
      })
    ).body;
    const phone = await rest.call('POST', '/phones', {
      body: {
        model: 'Cisco 8845',
        mac: '001122334455',
        requiresActivationCode: false,
        allowActivationCodeViaMra: false,
      },
    });
    await rest.database.pool.query(
      `with d as (select id, name from device where name = $1), c as (
         insert into activation_code (device_id, device_name, model, locator, state, expires_at, consumed_at, ended_at)
         select id, name, 'Cisco 8845', '1234567', 'confirmed', now(), now(), now() from d returning id)
       insert into activation (code_id, device_id, device_name, previous_name, mac, model, mode, mic_sha256, mic_der, mic_root_sha256,
                               transcript_hash, m1, mic_alg, mic_sig, confirm_by)
       select c.id, d.id, d.name, d.name, '001122334455', 'Cisco 8845', 'onprem', '\\x00', '\\x00', $2, '\\x00', '\\x00', 'x', '\\x00', now() from c, d`,
      [phone.body.name, Buffer.from(sha256, 'hex')],
    );
    const url = `/trust-certificates/CallManager-trust/${sha256}`;
    expect((await rest.call('GET', url)).body.phones).toBe(1);
    const refused = await rest.call('DELETE', url);
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'in_use',
      dependencies: [{ kind: 'phone', count: 1, names: ['SEP001122334455'] }],
    });
    expect((await rest.call('GET', `${url}/dependencies`)).body.items).toEqual(refused.body.dependencies);
    expect((await rest.call('DELETE', `${url}?evenIfUsed=true`)).status).toBe(204);
  });
});

describe('the deny list', () => {
  it('holds serial numbers, keys and MAC addresses in the form the handshake compares', async () => {
    const deny = (kind: string, value: string) =>
      rest.call('POST', '/mic-deny-list', { body: { kind, value, reason: 'stolen' } });
    expect((await deny('mac', '00:11:22:aa:bb:cc')).body).toMatchObject({
      kind: 'mac',
      value: '001122AABBCC',
      reason: 'stolen',
    });
    expect((await deny('serial', '00:0A:BC')).body).toMatchObject({ value: '0abc' });
    expect((await deny('serial', 'ABC')).body).toMatchObject({ status: 409, code: 'name_taken', field: 'value' });
    expect((await deny('key', 'F'.repeat(64))).body).toMatchObject({ value: 'f'.repeat(64) });
    expect((await rest.call('GET', '/mic-deny-list')).body.total).toBe(3);
    expect((await rest.call('GET', '/mic-deny-list?kind=mac&search=aabb')).body.items).toMatchObject([
      { value: '001122AABBCC' },
    ]);
    expect((await rest.call('DELETE', '/mic-deny-list/mac/001122aabbcc')).status).toBe(204);
    expect((await rest.call('DELETE', '/mic-deny-list/mac/001122aabbcc')).body.code).toBe('not_found');
  });

  it.each([
    ['mac', '0011'],
    ['serial', 'xyz'],
    ['key', 'abcd'],
  ])('refuses the %s %s', async (kind, value) => {
    expect((await rest.call('POST', '/mic-deny-list', { body: { kind, value } })).body).toMatchObject({
      status: 400,
      code: 'invalid_value',
      field: 'value',
    });
  });
});

describe('firmware files', () => {
  const octets = randomBytes(1_500_000);
  const put = (name: string, content: Uint8Array, query = '', type = 'application/octet-stream') =>
    rest.call('PUT', `/firmware-files/${name}${query}`, { raw: { text: content, type } });

  it('are stored whole, shown, given back octet for octet, and deleted', async () => {
    const added = await put('sip8845_65.14-2-1.loads', octets);
    expect(added.status, added.text).toBe(201);
    expect(added.body).toMatchObject({ name: 'sip8845_65.14-2-1.loads', size: octets.length });
    expect((await rest.call('GET', '/firmware-files')).body.items).toHaveLength(1);
    const content = await rest.call('GET', '/firmware-files/sip8845_65.14-2-1.loads/content');
    expect(content.headers['content-type']).toBe('application/octet-stream');
    expect((await put('sip8845_65.14-2-1.loads', octets)).body).toMatchObject({ status: 409, code: 'firmware_exists' });
    expect((await put('sip8845_65.14-2-1.loads', octets.subarray(9), '?replace=true')).body.size).toBe(
      octets.length - 9,
    );
    expect((await rest.call('DELETE', '/firmware-files/sip8845_65.14-2-1.loads')).status).toBe(204);
    expect((await rest.call('GET', '/firmware-files/sip8845_65.14-2-1.loads/content')).body.code).toBe('not_found');
    const trail = (await rest.call('GET', '/audit-events?objectKind=firmware-file')).body.items;
    expect(trail.map((each: { action: string }) => each.action)).toEqual([
      'firmware-file.deleted',
      'firmware-file.uploaded',
      'firmware-file.uploaded',
    ]);
  });

  it('are kept while Device Defaults name them', async () => {
    await put('sip8845_65.kept.loads', octets.subarray(0, 100));
    const defaults = await rest.call('PUT', '/device-defaults/Cisco%208845', {
      body: { loadInformation: 'sip8845_65.kept' },
    });
    expect(defaults.status, defaults.text).toBe(200);
    expect((await rest.call('DELETE', '/firmware-files/sip8845_65.kept.loads')).body).toMatchObject({
      status: 409,
      code: 'firmware_in_use',
      dependencies: [{ kind: 'device-default', count: 1, names: ['Cisco 8845'] }],
    });
    await rest.call('PUT', '/device-defaults/Cisco%208845', { body: { loadInformation: '' } });
    expect((await rest.call('DELETE', '/firmware-files/sip8845_65.kept.loads')).status).toBe(204);
  });

  it('that are cut off while they come leave nothing behind', async () => {
    const half = connect({ host: '127.0.0.1', port: rest.port, rejectUnauthorized: false });
    const gone = new Promise((resolve) => half.once('close', resolve));
    half.write(
      `PUT /api/v1/firmware-files/half.loads HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('super')}\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000000\r\n\r\n`,
    );
    half.write(octets.subarray(0, 600_000), () => half.destroy());
    await gone;
    // Its transaction holds the name until it is rolled back: this upload waits for that.
    expect((await put('half.loads', octets.subarray(0, 10))).body).toMatchObject({ size: 10 });
  });

  it('refuse names phones cannot ask for, nothing, and what is not octets', async () => {
    expect((await put('SEP001122334455.cnf.xml', octets)).body).toMatchObject({
      status: 400,
      code: 'firmware_name_invalid',
      field: 'name',
    });
    expect((await put('..%2Fetc%2Fpasswd', octets)).body.code).toBe('firmware_name_invalid');
    expect((await put('empty.loads', new Uint8Array())).body.code).toBe('firmware_empty');
    expect((await put('x.loads', Buffer.from('{}'), '', 'application/json')).body).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
  });
});
