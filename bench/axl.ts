/**
 * Adding phones by AXL against adding the same by REST, both over TLS to one running system, in turns; and what hostile XML costs.
 * `node bench/axl.ts [--phones N] [--at-once N]`. The ratio is the claim.
 */
import { Agent, request } from 'node:https';
import { parseArgs } from 'node:util';
import { startAllInOne } from '../test/support/all-in-one.ts';

const { values } = parseArgs({
  options: { phones: { type: 'string', default: '600' }, 'at-once': { type: 'string', default: '8' } },
});
const phones = Number(values.phones);
const atOnce = Number(values['at-once']);

await using program = await startAllInOne({ lab: false });
const origin = program.endpoints['https']!;
const agent = new Agent({ ca: program.clusterCa, keepAlive: true, maxSockets: atOnce });
const auth = `${program.admin.user}:${program.admin.password}`;

function post(path: string, type: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((done, failed) => {
    const call = request(`${origin}${path}`, {
      method: 'POST',
      agent,
      auth,
      headers: { 'content-type': type, 'content-length': Buffer.byteLength(body) },
    });
    call.once('error', failed);
    call.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => done({ status: response.statusCode ?? 0, text }));
    });
    call.end(body);
  });
}

const envelope = (operation: string, inner: string) =>
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><ns:${operation} xmlns:ns="http://www.cisco.com/AXL/API/14.0">${inner}</ns:${operation}></soapenv:Body></soapenv:Envelope>`;

let macs = 0;
const nextMac = () => `00BE${(++macs).toString(16).toUpperCase().padStart(8, '0')}`;
const doors = {
  REST: async (i: number) => {
    const body = { model: 'Cisco 8845', mac: nextMac(), description: 'Bench', lines: [{ directoryNumber: `4${i}` }] };
    const { status, text } = await post('/api/v1/phones', 'application/json', JSON.stringify(body));
    if (status !== 201) throw new Error(text);
  },
  AXL: async (i: number) => {
    const inner =
      `<phone><name>SEP${nextMac()}</name><description>Bench</description><product>Cisco 8845</product><class>Phone</class><protocol>SIP</protocol>` +
      `<devicePoolName>Default</devicePoolName><lines><line><index>1</index><dirn><pattern>4${i}</pattern></dirn></line></lines></phone>`;
    const { status, text } = await post('/axl/', 'text/xml', envelope('addPhone', inner));
    if (status !== 200) throw new Error(text);
  },
} as const;

async function rate(door: keyof typeof doors, count: number): Promise<number> {
  const from = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) await doors[door](next++);
    }),
  );
  return (count * 1000) / (performance.now() - from);
}

for (const door of ['REST', 'AXL'] as const) await rate(door, Math.min(100, phones));
const rates: Record<keyof typeof doors, number[]> = { REST: [], AXL: [] };
for (let round = 0; round < 3; round++)
  for (const door of round % 2 === 0 ? (['REST', 'AXL'] as const) : (['AXL', 'REST'] as const))
    rates[door].push(await rate(door, phones / 3));
const middle = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
const [rest, axl] = [middle(rates.REST), middle(rates.AXL)];
console.log(`POST /phones    ${rest.toFixed(0)} phones/s`);
console.log(`AXL addPhone    ${axl.toFixed(0)} phones/s`);
console.log(`AXL against REST: ${(axl / rest).toFixed(2)}`);

const hostile: Readonly<Record<string, string>> = {
  'an entity bomb': `<!DOCTYPE x [<!ENTITY a "aaaa">]>${envelope('getPhone', '&a;')}`,
  '1 MiB of nesting': envelope('getPhone', '<a>'.repeat(330_000)),
  '1 MiB of elements': envelope('getPhone', '<a/>'.repeat(250_000)),
  '1 MiB of attributes': envelope(
    'getPhone',
    `<a ${Array.from({ length: 90_000 }, (_, i) => `b${i}="1"`).join(' ')}/>`,
  ),
  '1 MiB of text': envelope('getPhone', 'x'.repeat(1_000_000)),
};
for (const [what, body] of Object.entries(hostile)) {
  const taken: number[] = [];
  for (let i = 0; i < 9; i++) {
    const from = performance.now();
    await post('/axl/', 'text/xml', body);
    taken.push(performance.now() - from);
  }
  console.log(`${what.padEnd(22)} ${middle(taken).toFixed(1)} ms (median of 9, with 1 MiB over TLS)`);
}
agent.destroy();
