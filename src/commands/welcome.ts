import { join, relative } from 'node:path';
import type { Configuration } from '../infra/config/configuration.ts';
import { labManufacturerFiles } from '../infra/pki/lab-manufacturer.ts';
import type { Runtime } from '../run.ts';

/** In the order in which they are printed. */
const labels: Readonly<Record<string, string>> = {
  https: 'console and REST',
  das: 'device activation',
  tftp: 'TFTP',
  tftpHttp: 'files over HTTP',
  tftpHttps: 'files over HTTPS',
  tvs: 'trust verification',
  sipUdp: 'SIP over UDP',
  sipTcp: 'SIP over TCP',
  sipTls: 'SIP over TLS',
  sipOauth: 'SIP with OAuth',
  sipOauthMra: 'SIP from Expressway-C',
  edgeAccess: 'for Expressway-C',
  metrics: 'metrics and health',
  cloud: 'activation cloud',
  cloudConsole: "the cloud's console",
  cloudMetrics: 'metrics and health',
  expresswayE: 'Expressway-E',
  expresswayESip: 'its SIP',
  expresswayETunnel: 'its tunnel',
  expresswayEConsole: 'its console',
  expresswayCConsole: 'Expressway-C, console',
  expresswayE2: 'second Expressway-E',
  expresswayE2Sip: 'its SIP',
  expresswayE2Tunnel: 'its tunnel',
  expresswayE2Console: 'its console',
  expresswayC2Console: 'second C, console',
  dns: 'DNS of the laboratory',
};

/** What a person reads once everything runs: where things are, where the password lies, and how to see a first ring. */
export function welcome(runtime: Runtime, configuration: Configuration): string {
  const here = (path: string) => {
    const short = relative(process.cwd(), path);
    return short.startsWith('..') ? path : short;
  };
  const lines = ['', `Firstring ${runtime.version} is ready.`, ''];
  const names = [...new Set([...Object.keys(labels), ...Object.keys(runtime.endpoints)])];
  for (const name of names) {
    const url = runtime.endpoints[name];
    if (url !== undefined) lines.push(`  ${(labels[name] ?? name).padEnd(22)} ${url}`);
  }
  const { passwordFile, user } = runtime.admin;
  const password = passwordFile === undefined ? '' : `, password in ${here(passwordFile)}`;
  lines.push('', `  administrator ${user}${password}`, '');
  if (runtime.cloud !== undefined) lines.push(`  what phones pin is in runtime.json: cloud.cloudKey`, '');
  const { https, tftp } = runtime.endpoints;
  if (https === undefined || tftp === undefined) return lines.join('\n');
  const command = 'scripts/firstring';
  const directory = here(configuration.dataDirectory);
  const where = directory === 'data' ? '' : ` --data-dir ${directory}`;
  // Without --lab nothing trusts a reference phone's certificate; pasting the line is the administrator's word that it may.
  const lab = join(configuration.dataDirectory, 'lab', labManufacturerFiles.certificate);
  const labKey = join(configuration.dataDirectory, 'lab', labManufacturerFiles.key);
  const identity = runtime.lab === undefined ? ` --lab-ca-cert ${here(lab)} --lab-ca-key ${here(labKey)}` : '';
  const trust = runtime.lab === undefined ? `${command} lab${where} && ` : '';
  if (runtime.lab !== undefined) lines.push(`  phone lab: a first ring on a page, at ${https}/lab`, '');
  lines.push(
    'A first ring, to paste into another terminal here (add a phone, show its code, boot the reference phone):',
    '',
    `NAME=$(${command} phones add 8845 --require-code --line 1001${where}); echo $NAME`,
    `CODE=$(${command} phones code $NAME${where}); echo $CODE`,
    `${trust}${command} phone --runtime ${here(join(configuration.dataDirectory, 'runtime.json'))}${identity} --model 8845 --mac 001122334455 --code $CODE`,
    '',
  );
  if (runtime.lab?.cloudKey !== undefined) {
    lines.push(
      'A phone at home: the same through the cloud and an edge, with nothing but the Internet:',
      '',
      `NAME=$(${command} phones add 8845 --require-code --allow-mra --line 1002${where}); echo $NAME`,
      `CODE=$(${command} phones code $NAME${where}); echo $CODE`,
      `${command} phone --mra --runtime ${here(join(configuration.dataDirectory, 'runtime.json'))} --model 8845 --mac 001122334466 --code $CODE`,
      '',
    );
  }
  if (trust !== '')
    lines.push(
      'The third line also makes a laboratory manufacturer that this system trusts from then on: not for a system of real phones.',
      '',
    );
  return lines.join('\n');
}
