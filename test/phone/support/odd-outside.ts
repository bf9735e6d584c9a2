import 'reflect-metadata';
import { createHash, generateKeyPairSync, scryptSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import * as x509 from '@peculiar/x509';
import { type DnsResponder, startDnsResponder } from '../../../src/infra/dns-responder/responder.ts';
import { edgeZone } from '../../../src/infra/dns-responder/zones.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { phoneCrypto } from '../../../src/phone/activation/suite-crypto.ts';
import { verifierOf } from '../../../src/phone/mra/cloud-client.ts';
import type { RemoteOptions } from '../../../src/phone/mra/drivers.ts';
import type { ActivatedResult } from '../../../src/protocol/activation/result.ts';
import { kdfInput, suiteSrp } from '../../../src/protocol/activation/suite.ts';
import { type ResolveClaims, writeAnswer } from '../../../src/protocol/cloud/answer.ts';
import { readResolve, writeResolveReply } from '../../../src/protocol/cloud/resolve.ts';
import { writeEdgeConfig } from '../../../src/protocol/edge-access/edge-config.ts';
import { type Issued, makeAuthority, makeMic } from '../../support/certificates.ts';
import { goodCode, portOf } from './odd-cluster.ts';
import { type DasBehaviour, listenAsDas } from './odd-das.ts';
import { listenAsRegistrar, type OddRegistrar, type RegistrarBehaviour } from './odd-registrar.ts';

/** A cloud, a DNS server and edges of its own that can be told to misbehave: what a phone outside must withstand. */
export interface OddOutsideOptions {
  /** Changes what the cloud signs. */
  readonly claims?: (honest: ResolveClaims) => ResolveClaims;
  /** The cloud signs with a key the phone does not pin. */
  readonly strangeKey?: boolean;
  /** The cloud answers with this text. */
  readonly cloudText?: string;
  /** How many edges the domain has. Default 1. */
  readonly edges?: number;
  /** The certificate of the edge names another host. */
  readonly otherName?: boolean;
  /** The certificate of the edge is signed by somebody else. */
  readonly strangeEdge?: boolean;
  readonly das?: DasBehaviour;
  readonly registrar?: RegistrarBehaviour;
  /** Answers of the token endpoint, used up one by one. */
  readonly tokenAnswers?: { readonly status: number; readonly body: object }[];
  /** Statuses of the configuration route, used up one by one before the honest answers. */
  readonly fileStatuses?: number[];
}

export interface OddOutside extends AsyncDisposable {
  readonly remote: RemoteOptions;
  readonly manufacturer: Issued;
  readonly registrars: readonly OddRegistrar[];
  /** Bodies the cloud got. */
  readonly asked: readonly string[];
  /** Requests the edges got: method, path, and Authorization when there was one. */
  readonly received: readonly string[];
  /** Ends an edge for good. */
  kill(edge: number): Promise<void>;
}

const domain = 'mra.example.org';
const name = 'SEP001122334455';

export async function startOddOutside(options: OddOutsideOptions = {}): Promise<OddOutside> {
  await using stack = new AsyncDisposableStack();
  const [authority, stranger, manufacturer] = await Promise.all(
    ['Odd Edge CA', 'Strange CA', 'Odd Manufacturer'].map((each) => makeAuthority({ name: each })),
  );
  const serverCertificate = (issuer: Issued, host: string) =>
    makeMic({
      issuer,
      subject: `CN=${host},O=Odd`,
      clientAuth: false,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: host === '127.0.0.1' ? 'ip' : 'dns', value: host }]),
      ],
    });
  const trust = { sha256: createHash('sha256').update(authority!.der).digest('hex'), der: authority!.der };

  const received: string[] = [];
  const edges: { server: Server; registrar: OddRegistrar; host: string; port: number }[] = [];
  for (let at = 0; at < (options.edges ?? 1); at++) {
    const host = `e${at + 1}.${domain}`;
    const shown = options.otherName === true ? `other.${domain}` : host;
    const certificate = await serverCertificate(options.strangeEdge === true ? stranger! : authority!, shown);
    const registrar = stack.use(await listenAsRegistrar(certificate, options.registrar ?? {}));
    edges.push({ ...(await startEdge({ certificate, host, registrar, received, trust, options })), registrar, host });
  }
  stack.defer(async () => {
    for (const { server } of edges) if (server.listening) await closed(server);
  });
  const targets = edges.map(({ host, port }) => ({ host, port, address: '127.0.0.1' }));
  const dns: DnsResponder = stack.use(
    await startDnsResponder({ address: '127.0.0.1', port: 0, zones: [edgeZone({ domain, targets })], log: silentLog }),
  );
  const asked: string[] = [];
  const cloud = await startCloud(await serverCertificate(authority!, '127.0.0.1'), trust.der, asked, options);
  stack.defer(() => closed(cloud.server));
  const owned = stack.move();
  return {
    remote: {
      cloud: { url: `https://127.0.0.1:${portOf(cloud.server)}`, keys: [cloud.pinned], authority: authority!.pem },
      dns: [{ host: '127.0.0.1', port: dns.port }],
    },
    manufacturer: manufacturer!,
    registrars: edges.map(({ registrar }) => registrar),
    asked,
    received,
    async kill(at) {
      await closed(edges[at]!.server);
      edges[at]!.registrar.breakConnections();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startEdge(edge: {
  readonly certificate: Issued;
  readonly host: string;
  readonly registrar: OddRegistrar;
  readonly received: string[];
  readonly trust: { readonly sha256: string };
  readonly options: OddOutsideOptions;
}): Promise<{ server: Server; port: number }> {
  const { certificate, host, options, received, registrar, trust } = edge;
  const salt = new Uint8Array(16).fill(7);
  const kdf = kdfInput(goodCode, salt);
  const x = scryptSync(kdf.password, kdf.salt, kdf.length, { N: kdf.cost, r: kdf.blockSize, p: kdf.parallelization });
  const remote = (honest: ActivatedResult): ActivatedResult => ({
    ...honest,
    trust: { ...honest.trust, phoneEdgeTrustSha256: [trust.sha256] },
    mra: { activationDomain: domain, serviceDomain: domain },
    oauth: { accessToken: 'access-1', refreshToken: 'refresh-1', tokenType: 'Bearer', expiresIn: 3600 },
  });
  const sip = registrar.nodes.at(-1)!;
  const server = await listenAsDas({
    certificate,
    verifier: { salt, verifier: suiteSrp(phoneCrypto).power(x) },
    trustList: Uint8Array.of(0),
    received: [],
    behaviour: { ...options.das, result: (honest) => options.das?.result?.(remote(honest)) ?? remote(honest) },
    onActivated: () => undefined,
    other(path, request, response) {
      const { authorization } = request.headers;
      received.push(`${request.method} ${path}${authorization === undefined ? '' : ` ${authorization}`}`);
      if (path.includes('/get_edge_config')) {
        const config = {
          services: [],
          tftpServers: [],
          sipEdgeServers: [{ address: host, tlsPort: sip.sipTlsPort }],
          httpEdgeServers: [],
          turnEdgeServers: [],
          userUdsServers: [],
        };
        response.writeHead(200).end(writeEdgeConfig(config));
        return true;
      }
      if (path.startsWith('/config/')) {
        const status = options.fileStatuses?.shift();
        if (status !== undefined) response.writeHead(status).end('{}');
        else response.writeHead(200).end(phoneFile());
        return true;
      }
      if (path !== '/oauth/token') return false;
      const answer = options.tokenAnswers?.shift() ?? {
        status: 200,
        body: { access_token: 'access-2', refresh_token: 'refresh-2', token_type: 'Bearer', expires_in: 3600 },
      };
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      return true;
    },
  });
  return { server: server as unknown as Server, port: portOf(server) };
}

function phoneFile(): string {
  return (
    `<device><fullConfig>true</fullConfig><deviceName>${name}</deviceName><devicePool><callManagerGroup><name>D</name><members>` +
    '<member priority="0"><callManager><name>n</name><ports><sipPort>5060</sipPort><securedSipPort>5061</securedSipPort></ports><processNodeName>ucm.inside</processNodeName></callManager></member>' +
    '</members></callManagerGroup></devicePool><sipProfile><sipLines><line button="1" lineIndex="1"><featureID>9</featureID><name>1001</name><contact>11111111-2222-3333-4444-555555555555</contact></line></sipLines></sipProfile>' +
    `<loadInformation></loadInformation><versionStamp>1-a</versionStamp><onboarding xmlns="urn:firstring:onboarding:1"><mra><serviceDomain>${domain}</serviceDomain></mra></onboarding></device>`
  );
}

async function startCloud(certificate: Issued, edgeTrust: Uint8Array, asked: string[], options: OddOutsideOptions) {
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = pair();
  const signing = options.strangeKey === true ? pair() : own;
  const server = createServer({ cert: certificate.pem, key: certificate.keyPem }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      asked.push(body);
      if (options.cloudText !== undefined) return void response.end(options.cloudText);
      const { cnonce, locator } = readResolve(body);
      const iat = Math.floor(Date.now() / 1000);
      const honest: ResolveClaims = {
        iss: 'https://cloud.example.org',
        iat,
        exp: iat + 3600,
        locator,
        cnonce,
        activationDomain: domain,
        phoneEdgeTrust: [edgeTrust],
        clusterHint: createHash('sha256').update('odd').digest(),
      };
      const answer = writeAnswer(options.claims?.(honest) ?? honest, {
        alg: 'ES256',
        kid: 'odd',
        sign: (input) => sign('sha256', input, { key: signing.privateKey, dsaEncoding: 'ieee-p1363' }),
      });
      response.end(writeResolveReply({ answer }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, pinned: verifierOf(JSON.stringify(own.publicKey.export({ format: 'jwk' }))) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
