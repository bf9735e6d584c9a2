/**
 * A thousand phones are added by AXL while a fleet activates. By hand: `node test/soak/axl-load.ts [--phones N] [--fleet N]`.
 * Ends with 1 when a phone of either kind is missing, or the node logged an error.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchProgram, startAllInOne } from '../support/all-in-one.ts';

const { values } = parseArgs({
  options: { phones: { type: 'string', default: '1000' }, fleet: { type: 'string', default: '60' } },
});
const phones = Number(values.phones);
const fleet = Number(values.fleet);

await using program = await startAllInOne();
const folder = await mkdtemp(join(tmpdir(), 'firstring-soak-'));
const agent = new Agent({ ca: program.clusterCa, keepAlive: true, maxSockets: 8 });
const codes: string[] = [];
for (let i = 0; i < fleet; i++) {
  const { body } = await program.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true });
  codes.push((await program.rest('GET', `/phones/${body.name}/activation-code`)).body.code);
}
const codeFile = join(folder, 'codes');
await writeFile(codeFile, `${codes.join('\n')}\n`);

function addPhone(i: number): Promise<number> {
  const name = `SEP00AA${i.toString(16).toUpperCase().padStart(8, '0')}`;
  const text =
    `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><ns:addPhone xmlns:ns="http://www.cisco.com/AXL/API/14.0">` +
    `<phone><name>${name}</name><product>Cisco 8845</product><devicePoolName>Default</devicePoolName></phone></ns:addPhone></soapenv:Body></soapenv:Envelope>`;
  return new Promise((done, failed) => {
    const call = request(`${program.endpoints['https']}/axl/`, {
      method: 'POST',
      agent,
      auth: `${program.admin.user}:${program.admin.password}`,
      headers: { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(text) },
    });
    call.once('error', failed);
    call.once('response', (response) => response.resume().once('end', () => done(response.statusCode ?? 0)));
    call.end(text);
  });
}

const from = performance.now();
const activating = launchProgram([
  'phone',
  '--runtime',
  join(program.dataDirectory, 'runtime.json'),
  '--model',
  '8845',
  '--count',
  String(fleet),
  '--codes',
  codeFile,
]);
let next = 0;
let refused = 0;
await Promise.all(
  Array.from({ length: 8 }, async () => {
    while (next < phones) if ((await addPhone(next++)) !== 200) refused++;
  }),
);
const added = performance.now() - from;
const code = await activating.ended;
const { total } = (await program.rest('GET', '/phones?search=SEP00AA&limit=1')).body;
const failures = program
  .output()
  .split('\n')
  .filter((line) => /\bERROR\b/.test(line));
console.log(`AXL: ${total} of ${phones} phones in ${(added / 1000).toFixed(1)} s, ${refused} refused`);
console.log(`fleet of ${fleet}: ${code === 0 ? 'all registered' : `ended with ${code}`}`);
for (const line of [activating.output().trim().split('\n').at(-1) ?? '', ...failures]) console.log(line);
agent.destroy();
await rm(folder, { recursive: true, force: true });
process.exitCode = total === phones && code === 0 && failures.length === 0 ? 0 : 1;
