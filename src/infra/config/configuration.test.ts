import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigurationFault, readConfiguration } from './configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'firstring-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

let number = 0;
function fileOf(text: string): string {
  const file = join(folder, `${++number}.yaml`);
  writeFileSync(file, text);
  return file;
}
const problemsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (e) => e,
  );
  expect(error).toBeInstanceOf(ConfigurationFault);
  return (error as ConfigurationFault).problems;
};

describe('configuration', () => {
  it('needs nothing for all-in-one: loopback, standard ports, embedded database', async () => {
    const read = await readConfiguration({ environment: {} });
    expect(read).toMatchObject({
      role: 'all-in-one',
      listen: { address: '127.0.0.1' },
      ports: { https: 8443, das: 9446, tftp: 6969, tvs: 2445, sip: 5060 },
      lab: false,
    });
    expect(read.database).not.toHaveProperty('url');
  });

  it('lets the environment win over the file and options over both', async () => {
    const file = fileOf('ports:\n  https: 1001\n  das: 1002\n  tvs: 1003\n');
    const environment = { FIRSTRING_PORT_DAS: '2002', FIRSTRING_PORT_TVS: '2003' };
    const read = await readConfiguration({ file, environment, options: { 'ports.tvs': '3003' } });
    expect(read.ports).toMatchObject({ https: 1001, das: 2002, tvs: 3003 });
  });

  it('numbers the listeners from the port base, but keeps a port that is set', async () => {
    const read = await readConfiguration({
      environment: { FIRSTRING_PORT_TVS: '7' },
      options: { 'listen.portBase': '20000' },
    });
    expect(read.ports).toMatchObject({
      https: 20000,
      das: 20001,
      tftp: 20002,
      tftpHttp: 20003,
      tftpHttps: 20004,
      tvs: 7,
      sip: 20006,
      sipTls: 20007,
      sipOauth: 20008,
      metrics: 20009,
      sipOauthMra: 20010,
      edgeAccess: 20011,
      cloud: 20012,
      expresswayE: 20014,
      dns: 20024,
    });
  });

  it.each([
    ['ports:\n  https: many\n', 'ports.https', 2, /whole number from 1 to 65535, is "many"/],
    ['role: manager\n', 'role', 1, /one of all-in-one, unified-cm/],
    ['\nnode:\n  adress: 10.0.0.1\n', 'node.adress', 3, /did you mean node.address\?/],
    ['lab: perhaps\n', 'lab', 1, /true or false/],
    ['ports: [1, 2]\n', 'ports', 1, /not a list/],
    ['a: b: c\n', '(syntax)', 1, /./],
    ['database:\n  url: mysql://x\n', 'database.url', 2, /postgresql:/],
  ])('names the wrong field and its line: %j', async (text, field, line, message) => {
    const file = fileOf(text);
    const [problem] = await problemsOf(readConfiguration({ file, environment: {} }));
    expect(problem).toMatchObject({ field, place: `${file} line ${line}` });
    expect(problem?.message).toMatch(message);
  });

  it('says every problem at once', async () => {
    const file = fileOf('lab: perhaps\nrole: manager\n');
    const problems = await problemsOf(readConfiguration({ file, environment: { FIRSTRING_PORT_DAS: '-1' } }));
    expect(problems.map((each) => each.field)).toEqual(['lab', 'role', 'FIRSTRING_PORT_DAS']);
  });

  it('never repeats a secret that is wrong', async () => {
    const problems = await problemsOf(
      readConfiguration({ environment: { FIRSTRING_KEK: 'hunter2', FIRSTRING_DATABASE_URL: 'hunter3' } }),
    );
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toMatch(/hunter/);
  });

  it('asks a cluster node for its name, address and database', async () => {
    const problems = await problemsOf(readConfiguration({ environment: { FIRSTRING_ROLE: 'unified-cm' } }));
    expect(problems[0]?.field).toMatch(/database.url|node.name/);
  });

  it('refuses one port for two listeners', async () => {
    const problems = await problemsOf(readConfiguration({ environment: { FIRSTRING_PORT_DAS: '8443' } }));
    expect(problems).toMatchObject([{ field: 'ports.das' }]);
  });

  it('warns of a variable it does not know', async () => {
    const { warnings } = await readConfiguration({ environment: { FIRSTRING_PORT_DSA: '1' } });
    expect(warnings).toEqual([expect.stringMatching(/FIRSTRING_PORT_DSA.*did you mean FIRSTRING_PORT_DAS/)]);
  });

  it('puts an edge of its own on the ports phones look for, and beside the others of all-in-one elsewhere', async () => {
    const environment = {
      FIRSTRING_EDGE_HOST_NAME: 'e1.example.org',
      FIRSTRING_EDGE_DOMAINS: 'example.org, EMEA.example.org',
    };
    const edge = await readConfiguration({ environment, options: { role: 'expressway-e' } });
    expect(edge.ports).toMatchObject({ expresswayE: 8443, expresswayESip: 5061 });
    expect(edge.edge).toMatchObject({ hostName: 'e1.example.org', domains: ['example.org', 'emea.example.org'] });
    expect((await readConfiguration({ environment: {} })).ports).toMatchObject({ expresswayE: 8453, https: 8443 });
  });

  it.each(['listen.address', 'listen.consoleAddress', 'listen.tunnelAddress', 'listen.metricsAddress'])(
    'knows every spelling of "all addresses" in %s',
    async (path) => {
      const options = { [path]: '0:0::0' };
      const { listen } = await readConfiguration({ environment: {}, options });
      expect(listen[path.slice('listen.'.length) as keyof typeof listen]).toBe('::');
    },
  );

  it('names what an edge lacks, and warns of fields of other roles', async () => {
    const file = fileOf('role: expressway-e\nedge:\n  hostName: e1.example.org\nports:\n  das: 1\n');
    const problems = await problemsOf(readConfiguration({ file, environment: {} }));
    expect(problems).toMatchObject([{ field: 'edge.domains', message: expect.stringContaining('expressway-e') }]);
    const read = await readConfiguration({ file, environment: { FIRSTRING_EDGE_DOMAINS: 'example.org' } });
    expect(read.warnings).toEqual([expect.stringContaining('ports.das')]);
  });

  it('wants a certificate and its key of a cloud together', async () => {
    const environment = { FIRSTRING_ROLE: 'cloud', FIRSTRING_CLOUD_TLS_CERTIFICATE: 'cloud.pem' };
    expect(await problemsOf(readConfiguration({ environment }))).toMatchObject([{ field: 'cloud.tlsKey' }]);
  });

  it('runs cloud and edges beside a cluster in a laboratory, or when it is told to', async () => {
    const mra = async (options: Record<string, string | boolean>) =>
      (await readConfiguration({ environment: {}, options })).mra.enabled;
    expect(await mra({})).toBe(false);
    expect(await mra({ lab: true })).toBe(true);
    expect(await mra({ lab: true, 'mra.enabled': 'no' })).toBe(false);
    expect(await mra({ 'mra.enabled': 'yes' })).toBe(true);
  });

  it('asks the DNS of its own laboratory about SRV records, unless another is named', async () => {
    const options = { lab: true, 'listen.portBase': '20000' };
    expect((await readConfiguration({ environment: {}, options })).mra.dnsServers).toEqual(['127.0.0.1:20024']);
    const environment = { FIRSTRING_MRA_DNS_SERVERS: '192.0.2.53' };
    expect((await readConfiguration({ environment, options })).mra.dnsServers).toEqual(['192.0.2.53']);
  });
});
