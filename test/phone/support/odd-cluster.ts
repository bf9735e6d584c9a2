import { scryptSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { signerOf, trustRecordOf } from '../../../src/infra/provisioning/certificate-facts.ts';
import { rsaSigner, signFile } from '../../../src/infra/provisioning/signing.ts';
import { utf8 } from '../../../src/kernel/bytes.ts';
import { phoneCrypto } from '../../../src/phone/activation/suite-crypto.ts';
import type { FileServer } from '../../../src/phone/files/servers.ts';
import { kdfInput, suiteSrp } from '../../../src/protocol/activation/suite.ts';
import { writeDefaultFile } from '../../../src/protocol/phone-config/default-file.ts';
import { writePhoneStub } from '../../../src/protocol/phone-config/phone-file.ts';
import { layOutTrustList, type TrustRole, trustRole } from '../../../src/protocol/trust-list/trust-list.ts';
import { decodeTvsRequest, encodeTvsResponse, tvsMessageLength } from '../../../src/protocol/tvs/messages.ts';
import { type Issued, makeAuthority, makeMic } from '../../support/certificates.ts';
import { type DasBehaviour, listenAsDas } from './odd-das.ts';
import { listenAsRegistrar, type OddRegistrar, type RegistrarBehaviour } from './odd-registrar.ts';

/**
 * A small cluster of its own, made of the protocol layer, that can be told to misbehave: what a phone must withstand cannot be had from the
 * real system.
 */
export interface OddClusterOptions {
  /** Where the trust list stands for the activation service. */
  readonly dasIn?: 'ITL' | 'TVS' | 'nowhere';
  /** The trust list is signed by a key that is not in it. */
  readonly forgedTrustList?: boolean;
  /** Nodes of the activation service that are listed before the real one and refuse connections. */
  readonly deadNodes?: number;
  readonly das?: DasBehaviour;
  readonly registrar?: RegistrarBehaviour;
  /** The registrar's certificate is not in the trust list. */
  readonly strangeRegistrar?: boolean;
  readonly transport?: 'udp' | 'tcp' | 'tls';
  /** Other answers for these files; undefined: absent. */
  readonly files?: Readonly<Record<string, Uint8Array | undefined>>;
  readonly load?: string;
  /** Model names of which nothing is said. */
  readonly unlisted?: boolean;
}

export interface OddCluster extends AsyncDisposable {
  readonly server: FileServer;
  readonly manufacturer: Issued;
  readonly registrar: OddRegistrar;
  /** File names in the order they were asked for. */
  readonly asked: readonly string[];
  /** Bodies that arrived at the activation service, by path. */
  readonly received: readonly { readonly path: string; readonly body: string }[];
  /** From now on this file is served; undefined: absent. */
  serve(name: string, bytes: Uint8Array | undefined): void;
  /** Signs a file as the cluster does. */
  signed(name: string, content: Uint8Array): Uint8Array;
  stub(): Uint8Array;
  /** Its phone file with this versionStamp and line. */
  configuration(versionStamp: string, line: string): Uint8Array;
  /** A trust list of this time, rightly signed, of the records of these roles. */
  list(timestamp: number, roles: readonly TrustRole[]): Uint8Array;
  readonly trustList: Uint8Array;
  /** What is served, by name. */
  names(): readonly string[];
  file(name: string): Uint8Array | undefined;
}

const name = 'SEP001122334455';
export const goodCode = '4273819502648313';

export async function startOddCluster(options: OddClusterOptions = {}): Promise<OddCluster> {
  await using stack = new AsyncDisposableStack();
  const authority = await makeAuthority({ name: 'Odd Cluster' });
  const manufacturer = await makeAuthority({ name: 'Odd Manufacturer' });
  const certificate = (cn: string, algorithm: 'p256' | 'rsa2048') =>
    makeMic({ issuer: authority, subject: `CN=${cn},O=Odd`, algorithm, clientAuth: false });
  const [recovery, callManager, tvs, das, stranger] = await Promise.all([
    certificate('Recovery', 'rsa2048'),
    certificate('CallManager', 'rsa2048'),
    certificate('TVS', 'rsa2048'),
    certificate('DAS', 'p256'),
    certificate('Stranger', 'rsa2048'),
  ]);
  const roles: [Issued, TrustRole][] = [
    [recovery, 'SAST'],
    [callManager, 'CCM+TFTP'],
    [tvs, 'TVS'],
    ...(options.dasIn === 'ITL' ? [[das, 'APP-SERVER'] as [Issued, TrustRole]] : []),
  ];
  const records = roles.map(([issued, role]) => trustRecordOf(issued.der, role));
  const layOut = (timestamp: number, listed: typeof records) =>
    layOutTrustList(
      {
        signerVersion: '1.1',
        signer: signerOf(recovery.der),
        hash: 'sha512',
        modulusBits: 2048,
        fileName: 'ITLFile.tlv',
        timestamp,
      },
      listed,
    );
  const list = layOut(1_700_000_000, records);
  const signer = rsaSigner(recovery.der, recovery.keyPem);
  const listSigner = options.forgedTrustList === true ? rsaSigner(stranger.der, stranger.keyPem) : signer;
  const trustList = list.assemble(listSigner.sign(list.toBeSigned));

  const tvsServer = stack.adopt(
    await listenAsTvs(tvs, options.dasIn === 'TVS' || options.dasIn === undefined ? das : undefined),
    close,
  );
  const registrar = stack.use(
    await listenAsRegistrar(options.strangeRegistrar === true ? stranger : callManager, options.registrar ?? {}),
  );
  const files = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const http = stack.adopt(await listenForFiles(files, asked), close);
  const received: { path: string; body: string }[] = [];
  const dead = await Promise.all(Array.from({ length: options.deadNodes ?? 0 }, () => deadPort()));

  const tvsMembers = [{ priority: 0, address: '127.0.0.1', port: portOf(tvsServer) }];
  const phoneFile = () => fullFile(options, registrar, tvsMembers);
  const signed = (file: string, content: Uint8Array) => signFile(signer, file, 1_700_000_000, content);
  const dasServer = stack.adopt(
    await listenAsDas({
      certificate: das,
      verifier: verifierOf(goodCode),
      trustList,
      received,
      behaviour: options.das ?? {},
      onActivated: () => files.set(`${name}.cnf.xml.sgn`, signed(`${name}.cnf.xml`, phoneFile())),
    }),
    close,
  );
  const onboarding = {
    methods: options.unlisted === true ? [] : [{ model: 'Cisco 8845', method: 'ActivationCode' as const }],
    deviceActivation: [...dead, portOf(dasServer)].map((port, priority) => ({
      priority,
      url: `https://127.0.0.1:${port}`,
    })),
  };
  const defaults = writeDefaultFile({
    autoRegistrationName: '',
    autoRegistration: false,
    callManagerGroup: { name: 'Default', tftpDefault: true, members: [] },
    tvs: tvsMembers,
    loads: [],
    onboarding,
  });
  files.set('ITLFile.tlv', trustList);
  files.set('XMLDefault.cnf.xml', defaults);
  files.set('XMLDefault.cnf.xml.sgn', signed('XMLDefault.cnf.xml', defaults));
  for (const [file, bytes] of Object.entries(options.files ?? {})) {
    if (bytes === undefined) files.delete(file);
    else files.set(file, bytes);
  }
  const owned = stack.move();
  return {
    server: { tftp: { host: '127.0.0.1', port: 9 }, http: { host: '127.0.0.1', port: portOf(http) } },
    manufacturer,
    registrar,
    asked,
    received,
    trustList,
    names: () => [...files.keys()],
    file: (file) => files.get(file),
    signed,
    configuration: (versionStamp, line) => fullFile(options, registrar, tvsMembers, { versionStamp, line }),
    list(timestamp, wanted) {
      const made = layOut(
        timestamp,
        records.filter(({ role }) => wanted.includes(role)),
      );
      return made.assemble(signer.sign(made.toBeSigned));
    },
    stub: () =>
      writePhoneStub({ kind: 'stub', deviceName: name, tvs: tvsMembers, load: '', versionStamp: '2-a', onboarding }),
    serve(file, bytes) {
      if (bytes === undefined) files.delete(file);
      else files.set(file, bytes);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Only what a phone reads: the elements of reference files, in their nesting. */
function fullFile(
  options: OddClusterOptions,
  registrar: OddRegistrar,
  tvs: readonly { priority: number; address: string; port: number }[],
  { versionStamp, line } = { versionStamp: '1-a', line: '1001' },
): Uint8Array {
  const transport = { tcp: 1, udp: 2, tls: 3 }[options.transport ?? 'tls'];
  const members = registrar.nodes.map(
    ({ sipPort, sipTlsPort }, priority) =>
      `<member priority="${priority}"><callManager><name>n${priority}</name><ports><sipPort>${sipPort}</sipPort><securedSipPort>${sipTlsPort}</securedSipPort></ports><processNodeName>127.0.0.1</processNodeName></callManager></member>`,
  );
  return utf8(
    `<?xml version="1.0" encoding="UTF-8"?><device><fullConfig>true</fullConfig><deviceName>${name}</deviceName>` +
      `<devicePool><callManagerGroup><name>Default</name><members>${members.join('')}</members></callManagerGroup></devicePool>` +
      `<TVS><members>${tvs.map(({ priority, address, port }) => `<member priority="${priority}"><port>${port}</port><address>${address}</address></member>`).join('')}</members></TVS>` +
      `<sipProfile><sipLines><line button="1" lineIndex="1"><featureID>9</featureID><name>${line}</name><contact>11111111-2222-3333-4444-555555555555</contact></line></sipLines></sipProfile>` +
      `<loadInformation>${options.load ?? ''}</loadInformation><versionStamp>${versionStamp}</versionStamp>` +
      `<deviceSecurityMode>${transport === 3 ? 3 : 1}</deviceSecurityMode><transportLayerProtocol>${transport}</transportLayerProtocol></device>`,
  );
}

function verifierOf(code: string): { salt: Uint8Array; verifier: Uint8Array } {
  const salt = new Uint8Array(16).fill(7);
  const kdf = kdfInput(code, salt);
  const x = scryptSync(kdf.password, kdf.salt, kdf.length, { N: kdf.cost, r: kdf.blockSize, p: kdf.parallelization });
  return { salt, verifier: suiteSrp(phoneCrypto).power(x) };
}

async function listenForFiles(files: ReadonlyMap<string, Uint8Array>, asked: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const file = decodeURIComponent((request.url ?? '/').slice(1));
    asked.push(file);
    const bytes = files.get(file);
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Vouches for one certificate, as an application server. */
async function listenAsTvs(own: Issued, vouched: Issued | undefined): Promise<TlsServer> {
  const server = createTlsServer({ cert: own.pem, key: own.keyPem }, (socket) => {
    let held = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      const length = tvsMessageLength(held);
      if (length === undefined || held.length < length) return;
      const { type, sessionId, certificate } = decodeTvsRequest(held.subarray(0, length));
      const known = vouched !== undefined && Buffer.compare(certificate, vouched.der) === 0;
      const verdict = known ? { roles: [trustRole['APP-SERVER']], ttl: 60 } : undefined;
      socket.end(encodeTvsResponse({ type, sessionId, verdict }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export function portOf(server: { address(): AddressInfo | string | null }): number {
  return (server.address() as AddressInfo).port;
}

async function deadPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  await close(server);
  return port;
}

export function close(server: Server | TlsServer): Promise<void> {
  if ('closeAllConnections' in server) server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
