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
    expect(read.ports).toEqual({
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
});
