import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { RegisteringDevice } from '../../../src/domain/registration/ports.ts';
import type { SipServerOptions } from '../../../src/endpoints/sip/options.ts';
import { systemClock } from '../../../src/infra/crypto/random.ts';
import { accessTokenVerifier } from '../../../src/infra/oauth/access-token-verifier.ts';
import { issueMic, labIssuer } from '../../../src/infra/pki/lab-manufacturer.ts';
import { writeSipPreface } from '../../../src/protocol/edge-access/sip-preface.ts';
import { RemotePhone, sipConnection, TestExpressway } from '../../edge-access/support/expressway.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { testIssuer, testTokens } from '../../support/tokens.ts';
import { Agent } from './agent.ts';
import { manufacturer, nodeMaterial, trusting } from './certificates.ts';
import { device, type TestSip, testSip } from './fakes.ts';

export const doors = ['udp', 'tcp', 'tls', 'oauth', 'edge'] as const;
export type Door = (typeof doors)[number];

/** A registered phone behind one of the doors. */
export interface DoorPhone {
  readonly agent: Agent;
  readonly device: RegisteringDevice;
  readonly number: string;
  /** Digest user name, where the door asks for a password. */
  readonly username: string | undefined;
}

export interface Doors extends AsyncDisposable {
  readonly sip: TestSip;
  /** Phone 300x of this door, registered once; `Line of <door>` on its display. */
  phone(door: Door): Promise<DoorPhone>;
  /** The phone that everybody calls: 1002, "Reception", over TCP. */
  readonly callee: DoorPhone;
}

/** A server with every listener there is. */
export async function openDoors(
  options: Partial<SipServerOptions> & {
    readonly callee?: Partial<RegisteringDevice>;
    readonly callers?: Partial<RegisteringDevice>;
    readonly others?: readonly RegisteringDevice[];
  } = {},
): Promise<Doors> {
  const { callee: calleeIs, callers: callersAre, others, ...rest } = options;
  const lab = await manufacturer();
  const certificate = await makeAuthority({ name: 'expressway-c' });
  const tokens = await testTokens();
  const remote = new Map<Door, RemotePhone>();
  const devices = new Map<Door, RegisteringDevice>();
  for (const [at, door] of doors.entries()) {
    const mac = `0211223355${at.toString().padStart(2, '0')}`;
    const { certificate: der, key } = await issueMic(await labIssuer(lab), { product: 'CP-8845', mac, kind: 'p-256' });
    const pem = key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    remote.set(door, new RemotePhone(mac, [der, lab.issuing], pem));
    const made = device(`SEP${mac}`, [`300${at + 1}`], {
      mraAllowed: true,
      ...(door === 'tls' && { authentication: { kind: 'certificate' }, transports: ['tls'] }),
      ...callersAre,
    });
    const display = `Line of ${door}`;
    devices.set(door, { ...made, lines: made.lines.map((line) => ({ ...line, display })) });
  }
  const called = device('SEP001122334402', ['1002'], calleeIs);
  const reception = { ...called, lines: called.lines.map((line) => ({ ...line, display: 'Reception' })) };
  const tls = await nodeMaterial();
  const print = createHash('sha256').update(certificate.der).digest('hex');
  const verifier = accessTokenVerifier({
    trust: () => ({ issuer: testIssuer, jwks: tokens.keys.jwks }),
    revoked: () => false,
    clock: systemClock,
  });
  const sip = await testSip([reception, ...devices.values(), ...(others ?? [])], {
    ports: { udp: 0, tcp: 0, tls: 0, oauth: 0, edge: 0 },
    tls,
    verifyClient: trusting(lab),
    access: {
      tls,
      isExpressway: (sha256) => sha256 === print,
      verifyToken: (token, sha256) => verifier.verify(token, 'sip', sha256),
    },
    ...rest,
  });
  const c = await TestExpressway.make({ endpoints: { edgeAccess: 'https://127.0.0.1:1' } }, certificate);
  const open: Agent[] = [];
  const enter = async (door: Door, number: string): Promise<Agent> => {
    const { ports } = sip.server;
    if (door === 'udp' || door === 'tcp') return Agent[door](number, ports[door]!);
    const its = remote.get(door)!;
    if (door !== 'edge') {
      const cert = its.chain.map((der) => pemOf(der)).join('');
      return Agent.tls(number, ports[door]!, { cert, key: its.micKeyPem });
    }
    const socket = await sipConnection(ports.edge!, c);
    socket.write(writeSipPreface(its.vouch({ connection: `conn-${randomBytes(4).toString('hex')}` })));
    return Agent.over(number, socket);
  };
  const phone = async (door: Door): Promise<DoorPhone> => {
    const its = devices.get(door)!;
    const number = its.lines[0]!.number;
    const agent = await enter(door, number);
    open.push(agent);
    const username = door === 'udp' || door === 'tcp' ? its.name : undefined;
    const headers: (readonly [string, string])[] = [];
    if (door === 'oauth' || door === 'edge') {
      const { accessToken } = await tokens.tokens.access({
        familyId: randomUUID(),
        deviceId: its.id,
        deviceName: its.name,
        micSha256: remote.get(door)!.micSha256,
        audiences: ['sip'],
      });
      headers.push(['Authorization', `Bearer ${accessToken}`]);
    }
    const { status } = await agent.register(username, { headers });
    if (status !== 200) throw new Error(`${door}: REGISTER was answered ${status}`);
    return { agent, device: its, number, username };
  };
  const calleeAgent = await Agent.tcp('1002', sip.server.ports.tcp!);
  open.push(calleeAgent);
  await calleeAgent.register(reception.name);
  return {
    sip,
    phone,
    callee: { agent: calleeAgent, device: reception, number: '1002', username: reception.name },
    async [Symbol.asyncDispose]() {
      for (const agent of open) await agent[Symbol.asyncDispose]();
      await sip.server.close();
      await lab[Symbol.asyncDispose]();
    },
  };
}

function pemOf(der: Uint8Array): string {
  const text = Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
}
