import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sepName } from '../identifiers/device-name.ts';
import { type MacAddress, parseMacAddress } from '../identifiers/mac-address.ts';
import { type PhoneModel, parsePhoneModel, phoneModels } from '../identifiers/phone-model.ts';
import { PhoneFault } from './boot/faults.ts';
import type { BootSetup, HostPort } from './boot/types.ts';
import { type RemoteArguments, type RemoteRuntime, remoteOf } from './command-remote.ts';
import { fileServer, hostPort } from './files/servers.ts';
import { keptMic } from './identity/kept-mic.ts';
import { identityOf, loadMic, loadMicMaker, type Mic, type MicKeyType, type MicMaker } from './identity/mic.ts';
import type { RemoteOptions } from './mra/drivers.ts';
import type { PhoneOptions } from './phone-options.ts';

/** The options of `firstring phone` as commander gives them. */
export interface PhoneArguments extends RemoteArguments {
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
  readonly erase?: boolean;
  readonly resetServiceMode?: boolean;
  readonly stay?: boolean;
  readonly call?: string;
  readonly callSeconds: string;
  readonly press?: string;
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
  /** Undefined: it has no way in from outside. */
  readonly remote: RemoteOptions | undefined;
  readonly maker: MicMaker | undefined;
}

interface RuntimeFile extends RemoteRuntime {
  readonly endpoints?: RemoteRuntime['endpoints'] & { readonly tftp?: string; readonly tftpHttp?: string };
  readonly lab?: RemoteRuntime['lab'] & { readonly manufacturerCaCert?: string; readonly manufacturerCaKey?: string };
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
  return { find: finding(args, runtime), remote: await remoteOf(args, runtime), maker };
}

function finding(args: PhoneArguments, runtime: RuntimeFile | undefined): PhoneOptions['find'] {
  if (args.mra === true) return { by: 'nobody' };
  if (args.dhcp !== undefined) return { by: 'dhcp', interfaceName: args.dhcp };
  const named = (args.tftp ?? []).flatMap((text) => text.split(','));
  if (named.length > 0) {
    // The HTTP port belongs to the first server; the others follow the rule.
    const servers = named.map((text, at) => fileServer(text, at === 0 ? httpOf(args.http, text) : undefined));
    return { by: 'hand', servers };
  }
  const tftp = runtime?.endpoints?.tftp;
  if (tftp === undefined)
    throw usage(
      'Say where the system is: --tftp HOST[:PORT], --dhcp INTERFACE, --runtime FILE, or --mra from outside.',
    );
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
    const { cloudCa, manufacturerCaCert, manufacturerCaKey } = runtime.lab ?? {};
    const [authority, certificate, key] = [cloudCa, manufacturerCaCert, manufacturerCaKey].map(near);
    return {
      ...runtime,
      lab: {
        ...runtime.lab,
        ...(authority === undefined ? {} : { cloudCa: authority }),
        ...(certificate === undefined ? {} : { manufacturerCaCert: certificate }),
        ...(key === undefined ? {} : { manufacturerCaKey: key }),
      },
    };
  } catch (cause) {
    throw usage(`${file} tells of no running system: ${(cause as Error).message}.`);
  }
}

/** One phone's certificate and identity: from its MIC, or as it is asked for. Throws PhoneFault. */
export async function onePhone(
  args: PhoneArguments,
  { maker, remote }: Surroundings,
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
    return { mic, setup: setupOf(model, mac, args, remote) };
  }
  if (maker === undefined) {
    throw usage(
      'A phone needs a certificate: --mic-cert and --mic-key, or --lab-ca-cert and --lab-ca-key, or --runtime.',
    );
  }
  if (wantedModel === undefined) throw usage('Say which --model the phone is.');
  const mac = wantedMac ?? randomMac();
  return { mic: await madeMic(args, maker, wantedModel, mac), setup: setupOf(wantedModel, mac, args, remote) };
}

/** A certificate made on the spot; with a state directory the one of before, when there is one. */
export async function madeMic(
  { stateDir }: PhoneArguments,
  maker: MicMaker,
  model: PhoneModel,
  mac: MacAddress,
): Promise<Mic> {
  return stateDir === undefined ? maker.make(model, mac) : await keptMic(stateDir, maker, model, mac);
}

export function setupOf(
  model: PhoneModel,
  mac: MacAddress,
  args: PhoneArguments,
  remote: RemoteOptions | undefined,
): BootSetup {
  return {
    model,
    mac,
    deviceName: sepName(mac),
    factoryLoad: args.load ?? `${model.loadFamily}14-2-1-0001-1`,
    patient: args.stay === true,
    ...(remote === undefined ? {} : { remote: args.mra === true ? 'only' : 'fallback' }),
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
