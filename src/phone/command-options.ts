import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sepName } from '../identifiers/device-name.ts';
import { type MacAddress, parseMacAddress } from '../identifiers/mac-address.ts';
import { type PhoneModel, parsePhoneModel, phoneModels } from '../identifiers/phone-model.ts';
import { PhoneFault } from './boot/faults.ts';
import type { BootSetup, HostPort } from './boot/types.ts';
import { fileServer, hostPort } from './files/servers.ts';
import { identityOf, loadMic, loadMicMaker, type Mic, type MicKeyType, type MicMaker } from './identity/mic.ts';
import type { PhoneOptions } from './phone-options.ts';

/** The options of `firstring phone` as commander gives them. */
export interface PhoneArguments {
  readonly tftp?: readonly string[];
  readonly http?: string;
  readonly dhcp?: string;
  readonly runtime?: string;
  readonly model?: string;
  readonly mac?: string;
  readonly micCert?: string;
  readonly micKey?: string;
  readonly labCaCert?: string;
  readonly labCaKey?: string;
  readonly micKeyType: string;
  readonly code?: string;
  readonly load?: string;
  readonly stateDir?: string;
  readonly stay?: boolean;
  readonly call?: string;
  readonly callSeconds: string;
  readonly answer?: string;
  readonly json?: boolean;
  readonly count?: string;
  readonly codes?: string;
  readonly concurrency: string;
  readonly spread?: string;
}

/** Where the phone looks for its system, and the manufacturer that may make its MIC. */
export interface Surroundings {
  readonly find: PhoneOptions['find'];
  readonly maker: MicMaker | undefined;
}

interface RuntimeFile {
  readonly endpoints?: { readonly tftp?: string; readonly tftpHttp?: string };
  readonly lab?: { readonly manufacturerCaCert?: string; readonly manufacturerCaKey?: string };
}

/** Throws PhoneFault `usage` or `mic_unusable`. */
export async function surroundingsOf(args: PhoneArguments): Promise<Surroundings> {
  const runtime = args.runtime === undefined ? undefined : await readRuntime(args.runtime);
  const certificate = args.labCaCert ?? runtime?.lab?.manufacturerCaCert;
  const key = args.labCaKey ?? runtime?.lab?.manufacturerCaKey;
  if ((certificate === undefined) !== (key === undefined)) {
    throw usage('A lab manufacturer needs its certificate and its key: --lab-ca-cert and --lab-ca-key.');
  }
  const maker =
    certificate === undefined || key === undefined
      ? undefined
      : await loadMicMaker(certificate, key, keyTypeOf(args.micKeyType));
  return { find: finding(args, runtime), maker };
}

function finding(args: PhoneArguments, runtime: RuntimeFile | undefined): PhoneOptions['find'] {
  if (args.dhcp !== undefined) return { by: 'dhcp', interfaceName: args.dhcp };
  const named = (args.tftp ?? []).flatMap((text) => text.split(','));
  if (named.length > 0) {
    // The HTTP port belongs to the first server; the others follow the rule.
    const servers = named.map((text, at) => fileServer(text, at === 0 ? httpOf(args.http, text) : undefined));
    return { by: 'hand', servers };
  }
  const tftp = runtime?.endpoints?.tftp;
  if (tftp === undefined)
    throw usage('Say where the system is: --tftp HOST[:PORT], --dhcp INTERFACE or --runtime FILE.');
  return { by: 'hand', servers: [fileServer(tftp, httpOf(args.http ?? runtime?.endpoints?.tftpHttp, tftp))] };
}

/** `HOST:PORT`, or a port on the TFTP server's host. */
function httpOf(text: string | undefined, tftp: string): HostPort | undefined {
  if (text === undefined) return undefined;
  return hostPort(/^\d+$/.test(text) ? `${hostPort(tftp, 69).host}:${text}` : text, 6970);
}

async function readRuntime(file: string): Promise<RuntimeFile> {
  try {
    const runtime = JSON.parse(await readFile(file, 'utf8')) as RuntimeFile;
    const near = (path: string | undefined) => (path === undefined ? undefined : resolve(dirname(file), path));
    const [certificate, key] = [near(runtime.lab?.manufacturerCaCert), near(runtime.lab?.manufacturerCaKey)];
    return {
      ...runtime,
      ...(certificate === undefined || key === undefined
        ? {}
        : { lab: { manufacturerCaCert: certificate, manufacturerCaKey: key } }),
    };
  } catch (cause) {
    throw usage(`${file} tells of no running system: ${(cause as Error).message}.`);
  }
}

/** One phone's certificate and identity: from its MIC, or as it is asked for. Throws PhoneFault. */
export async function onePhone(
  args: PhoneArguments,
  maker: MicMaker | undefined,
): Promise<{ mic: Mic; setup: BootSetup }> {
  const wantedModel = args.model === undefined ? undefined : modelOf(args.model);
  const wantedMac = args.mac === undefined ? undefined : macOf(args.mac);
  if (args.micCert !== undefined || args.micKey !== undefined) {
    if (args.micCert === undefined || args.micKey === undefined) throw usage('A MIC needs --mic-cert and --mic-key.');
    const mic = await loadMic(args.micCert, args.micKey);
    const identity = identityOf(mic);
    const [model, mac] = [wantedModel ?? identity?.model, wantedMac ?? identity?.mac];
    if (model === undefined) throw usage('The certificate names no supported model: say --model.');
    if (mac === undefined) throw usage('The certificate names no MAC address: say --mac.');
    return { mic, setup: setupOf(model, mac, args) };
  }
  if (maker === undefined) {
    throw usage(
      'A phone needs a certificate: --mic-cert and --mic-key, or --lab-ca-cert and --lab-ca-key, or --runtime.',
    );
  }
  if (wantedModel === undefined) throw usage('Say which --model the phone is.');
  const mac = wantedMac ?? randomMac();
  return { mic: maker.make(wantedModel, mac), setup: setupOf(wantedModel, mac, args) };
}

export function setupOf(model: PhoneModel, mac: MacAddress, args: PhoneArguments): BootSetup {
  return {
    model,
    mac,
    deviceName: sepName(mac),
    factoryLoad: args.load ?? `${model.loadFamily}14-2-1-0001-1`,
    patient: args.stay === true,
  };
}

export function modelOf(text: string): PhoneModel {
  const model = parsePhoneModel(text);
  if (model === undefined) {
    throw usage(`${text} is not a supported model; these are: ${phoneModels.map(({ number }) => number).join(', ')}.`);
  }
  return model;
}

export function macOf(text: string): MacAddress {
  const mac = parseMacAddress(text);
  if (mac === undefined) throw usage(`${text} is not a unicast MAC address.`);
  return mac;
}

/** Locally administered, so that it is nobody's. */
export function randomMac(): MacAddress {
  return macOf(`02${randomBytes(5).toString('hex')}`);
}

export function numberOf(name: string, text: string, bounds: { min: number; max: number }): number {
  const value = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || value < bounds.min || value > bounds.max) {
    throw usage(`--${name} is a number from ${bounds.min} to ${bounds.max}, not ${text}.`);
  }
  return value;
}

function keyTypeOf(text: string): MicKeyType {
  if (text === 'p256' || text === 'rsa2048') return text;
  throw usage(`--mic-key-type is p256 or rsa2048, not ${text}.`);
}

export function usage(message: string): PhoneFault {
  return new PhoneFault('usage', message);
}
