import { describe, expect, it } from 'vitest';
import type { MacAddress } from '../../src/identifiers/mac-address.ts';
import { parsePhoneModel } from '../../src/identifiers/phone-model.ts';
import { micMaker } from '../../src/phone/identity/mic.ts';
import { Phone } from '../../src/phone/phone.ts';
import type { TimedStep } from '../../src/phone/phone-options.ts';
import { memoryStore } from '../../src/phone/state/store.ts';
import { typedOnce } from '../../src/phone/terminal/prompt.ts';
import { header } from '../../src/protocol/sip/message.ts';
import { goodCode } from './support/odd-cluster.ts';
import { type OddOutside, type OddOutsideOptions, startOddOutside } from './support/odd-outside.ts';
import { eventually } from './support/real-system.ts';

const mac = '001122334455' as MacAddress;
const model = parsePhoneModel('8845')!;

function phoneOutside({ manufacturer, remote }: OddOutside, patient = false) {
  const steps: TimedStep[] = [];
  const store = memoryStore();
  const phone = new Phone({
    setup: { model, mac, deviceName: `SEP${mac}`, factoryLoad: 'sip8845_65.1', patient, remote: 'only' },
    mic: micMaker(manufacturer.pem, manufacturer.keyPem).make(model, mac),
    find: { by: 'nobody' },
    remote,
    store,
    askCode: typedOnce(goodCode),
    onStep: (step) => steps.push(step),
  });
  const boot = async () => {
    await phone.powerOn();
    return await phone.ready.then(
      () => 'registered',
      ({ code, message }: { code: string; message: string }) => (code === 'defect' ? message : code),
    );
  };
  return { boot, phone, steps, store };
}

async function endOf(options: OddOutsideOptions) {
  await using outside = await startOddOutside(options);
  const { boot, phone, steps, store } = phoneOutside(outside);
  const end = await boot();
  await phone.unplug();
  return { end, steps, outside, stored: await store.load() };
}

describe('a phone outside', () => {
  it('goes in, and shows its token to the file service and to the registrar', async () => {
    await using outside = await startOddOutside();
    const { boot, phone } = phoneOutside(outside);
    expect(await boot()).toBe('registered');
    expect(outside.received).toContain('GET /config/SEP001122334455.cnf.xml Bearer access-1');
    const [register] = outside.registrars[0]!.registers;
    expect(header(register!, 'authorization')).toBe('Bearer access-1');
    expect(register!.uri).toBe('sip:ucm.inside');
    await phone.unplug();
  });

  it('tells the cloud seven digits and nothing of the rest', async () => {
    const { outside } = await endOf({});
    expect(outside.asked.join()).toContain(goodCode.slice(0, 7));
    expect(outside.asked.join()).not.toContain(goodCode.slice(7, 15));
  });
});

describe('a cloud that lies', () => {
  it.each([
    ['signs with another key', { strangeKey: true }],
    ['answers about another code', { claims: (claims) => ({ ...claims, locator: '7654321' }) }],
    ['plays an old answer back', { claims: (claims) => ({ ...claims, cnonce: new Uint8Array(32) }) }],
    [
      'gives an answer that is over',
      { claims: (claims) => ({ ...claims, iat: claims.iat - 9000, exp: claims.iat - 5000 }) },
    ],
    ['answers nonsense', { cloudText: '<html>' }],
  ] as [string, OddOutsideOptions][])('and %s leads nowhere', async (_, options) => {
    const { end, outside, stored } = await endOf(options);
    expect(end).toBe('trust_mismatch');
    expect(outside.received).toEqual([]);
    expect(stored).toBeUndefined();
  });

  it('and leads to a rogue domain, where nobody knows the code: the phone ends with server_proof_failed', async () => {
    const { end, stored } = await endOf({ das: { fakeProof: true } });
    expect(end).toBe('server_proof_failed');
    expect(stored).toBeUndefined();
  });

  it('and names another cluster than the one that answers is found out', async () => {
    const { end, stored } = await endOf({ claims: (claims) => ({ ...claims, clusterHint: new Uint8Array(32) }) });
    expect(end).toBe('trust_mismatch');
    expect(stored).toBeUndefined();
  });

  it('and adds a certificate of its own for the edge is found out by the proved reply', async () => {
    const { end, steps } = await endOf({
      claims: (claims) => ({ ...claims, phoneEdgeTrust: [...claims.phoneEdgeTrust, Uint8Array.of(0x30, 0)] }),
    });
    expect(end).toBe('trust_mismatch');
    expect(steps.at(-1)?.text).toContain('certificates');
  });
});

describe('an edge that is not the right one', () => {
  it.each([
    ['by name', { otherName: true }],
    ['by certificate', { strangeEdge: true }],
  ])('%s gets no request', async (_, options) => {
    const { end, outside } = await endOf(options);
    expect(end).toBe('trust_mismatch');
    expect(outside.received).toEqual([]);
  });

  it.each([
    [
      'another activation domain',
      (r) => ({ ...r, mra: { activationDomain: 'evil.example.org', serviceDomain: 'evil.example.org' } }),
    ],
    ['no tokens', ({ oauth: _oauth, ...r }) => r],
  ] as [string, NonNullable<NonNullable<OddOutsideOptions['das']>['result']>][])(
    'is not followed when the proved reply has %s',
    async (_, result) => {
      const { end, stored } = await endOf({ das: { result } });
      expect(['trust_mismatch', 'tokens_missing']).toContain(end);
      expect(stored).toBeUndefined();
    },
  );

  it('breaks off in the handshake, as does the next one: the third run brings the phone in', async () => {
    const { end, steps } = await endOf({ edges: 2, das: { hangUps: 1 } });
    expect(end).toBe('registered');
    expect(steps.filter(({ outcome, step }) => step === 'edge' && outcome === 'done')).toHaveLength(3);
  });
});

describe('a phone that is in', () => {
  it('moves to the other edge when its own dies', async () => {
    await using outside = await startOddOutside({ edges: 2 });
    const { boot, phone } = phoneOutside(outside, true);
    expect(await boot()).toBe('registered');
    const [first, second] = outside.registrars;
    const used = first!.registers.length > 0 ? 0 : 1;
    await outside.kill(used);
    const other = used === 0 ? second! : first!;
    await eventually(
      async () => other.registers.length,
      (count) => count > 0,
    );
    await phone.unplug();
  });

  it('gets a new token when the old one is not taken any more', async () => {
    const { end, outside } = await endOf({ registrar: { answers: [{ status: 401 }] } });
    expect(end).toBe('registered');
    expect(outside.received).toContain('POST /oauth/token');
    const [first, second] = outside.registrars[0]!.registers;
    expect([first, second].map((request) => header(request!, 'authorization'))).toEqual([
      'Bearer access-1',
      'Bearer access-2',
    ]);
  });

  it('asks for a code when its tokens are withdrawn, and keeps what it has until that proves itself', async () => {
    const tokenAnswers = [{ status: 400, body: { error: 'invalid_grant' } }];
    const { end, stored } = await endOf({ registrar: { answers: [{ status: 403 }] }, tokenAnswers });
    expect(end).toBe('access_withdrawn');
    expect(stored?.remote?.tokens.refreshToken).toBe('refresh-1');
  });

  it('waits for its file when it is not there yet', async () => {
    const { end, outside } = await endOf({ fileStatuses: [404, 404] });
    expect(end).toBe('registered');
    expect(outside.received.filter((each) => each.includes('/config/'))).toHaveLength(3);
  });
});
