import { relative } from 'node:path';
import type { Configuration } from '../infra/config/configuration.ts';
import type { Runtime } from '../run.ts';

const labels: Readonly<Record<string, string>> = {
  https: 'administration (REST)',
  das: 'device activation',
  tftp: 'TFTP',
  tftpHttp: 'files over HTTP',
  tftpHttps: 'files over HTTPS',
  tvs: 'trust verification',
  sipUdp: 'SIP over UDP',
  sipTcp: 'SIP over TCP',
  sipTls: 'SIP over TLS',
  sipOauth: 'SIP with OAuth',
  metrics: 'metrics and health',
};

/** What a person reads once everything runs: where things are, where the password lies, and how to see a first ring. */
export function welcome(runtime: Runtime, configuration: Configuration): string {
  const here = (path: string) => {
    const short = relative(process.cwd(), path);
    return short.startsWith('..') ? path : short;
  };
  const lines = ['', `Firstring ${runtime.version} is ready.`, ''];
  for (const [name, url] of Object.entries(runtime.endpoints)) lines.push(`  ${(labels[name] ?? name).padEnd(22)} ${url}`);
  lines.push('', `  administrator ${runtime.admin.user}, password in ${here(runtime.admin.passwordFile)}`, '');
  const { https, tftp } = runtime.endpoints;
  if (https === undefined || tftp === undefined) return lines.join('\n');
  if (runtime.lab === undefined) {
    lines.push('To see a first ring without a real phone, start with: npm start -- --lab', '');
    return lines.join('\n');
  }
  const curl = `curl -s --cacert ${here(runtime.clusterCa)} -u "${runtime.admin.user}:$(cat ${here(runtime.admin.passwordFile)})"`;
  const phones = `${https}/api/v1/phones`;
  const pick = (field: string) => `sed -n 's/.*"${field}":"\\([^"]*\\)".*/\\1/p'`;
  lines.push(
    'A first ring, to paste into another terminal here (add a phone, show its code, boot the reference phone):',
    '',
    `NAME=$(${curl} -H 'Content-Type: application/json' -d '{"model":"Cisco 8845","requiresActivationCode":true,"lines":[{"directoryNumber":"1001"}]}' ${phones} | ${pick('name')}); echo $NAME`,
    `CODE=$(${curl} ${phones}/$NAME/activation-code | ${pick('code')}); echo $CODE`,
    `scripts/firstring phone --tftp ${new URL(tftp).host} --http-port ${configuration.ports.tftpHttp} --model 8845 --mac 001122334455 --lab-ca-cert ${here(runtime.lab.manufacturerCaCert)} --lab-ca-key ${here(runtime.lab.manufacturerCaKey)} --code $CODE`,
    '',
  );
  return lines.join('\n');
}
