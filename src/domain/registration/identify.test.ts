import { describe, expect, it } from 'vitest';
import { admit, startAdmission } from './admission.ts';
import { dialled } from './dialling.ts';
import { type Claim, identify } from './identify.ts';
import type { RegisteringDevice, RegistrationDirectory } from './ports.ts';
import { registrationTimeline } from './registration-timeline.ts';

const phone = (
  name: string,
  numbers: readonly string[],
  changes: Partial<RegisteringDevice> = {},
): RegisteringDevice => ({
  id: name,
  name,
  lines: numbers.map((text) => ({ number: text.split('/')[0]!, partition: text.split('/')[1] ?? '', contactUser: '' })),
  authentication: { kind: 'certificate' },
  transports: ['tls'],
  locked: false,
  enabled: true,
  keepAliveSeconds: 120,
  versionStamp: '',
  ...changes,
});
const a = phone('SEP00112233440A', ['1001', '1000']);
const b = phone('SEP00112233440B', ['1002', '1000']);
const digest = phone('SEP00112233440D', ['1004', '1000'], {
  authentication: { kind: 'digest', password: 'x' },
  transports: ['udp', 'tcp'],
});
const directory: RegistrationDirectory = {
  byName: async (name) => [a, b, digest].find((each) => each.name === name),
  byNumber: async (number) => [a, b, digest].filter((each) => each.lines.some((line) => line.number === number)),
};
const claim = (changes: Partial<Claim>): Claim => ({
  aor: '1001',
  contactDevice: undefined,
  username: undefined,
  identity: { kind: 'certificate', deviceName: a.name },
  flow: { transport: 'tls', address: '192.0.2.9', port: 1, targetPort: 1, localPort: 5061, connection: 1 },
  ...changes,
});
const udp = { ...claim({}).flow, transport: 'udp' } as const;
const none = { kind: 'none' } as const;

describe('which device registers', () => {
  it.each([
    ["the certificate's, under one of its numbers", claim({}), a.name],
    ["the certificate's, under its own name in any case", claim({ aor: a.name.toLowerCase() }), a.name],
    ["the certificate's, under a shared number", claim({ aor: '1000' }), a.name],
    ['the only one that has the number', claim({ aor: '1004', identity: none, flow: udp }), digest.name],
    [
      'the one the credentials name, of several with the number',
      claim({ aor: '1000', identity: none, flow: udp, username: digest.name.toLowerCase() }),
      digest.name,
    ],
  ])('%s', async (_, asked, name) => {
    expect(await identify(asked, directory)).toMatchObject({ kind: 'device', device: { name } });
  });

  it.each([
    [
      'a certificate of a phone that is not in the database',
      claim({ aor: 'SEP0011223344FF', identity: { kind: 'certificate', deviceName: 'SEP0011223344FF' } }),
      'unknown_device',
    ],
    ["another phone's number", claim({ aor: '1002' }), 'aor_not_of_device'],
    ["another phone's name", claim({ aor: b.name }), 'aor_not_of_device'],
    ['a contact that names another phone', claim({ contactDevice: b.name }), 'certificate_mismatch'],
    [
      'the certificate of a phone that has none of it',
      claim({ identity: { kind: 'certificate', deviceName: 'SEP0011223344FF' } }),
      'certificate_mismatch',
    ],
    [
      'the certificate of a phone that has none, under a number that nobody has, as under one that somebody has',
      claim({ aor: '4711', identity: { kind: 'certificate', deviceName: 'SEP0011223344FF' } }),
      'certificate_mismatch',
    ],
    [
      'a refused certificate, under a number that nobody has',
      claim({ aor: '4711', identity: { kind: 'refused', reason: 'mic_untrusted' } }),
      'certificate_refused',
    ],
    [
      'a secure phone whose certificate was refused',
      claim({ identity: { kind: 'refused', reason: 'mic_untrusted' } }),
      'certificate_refused',
    ],
  ])('refuses %s', async (_, asked, code) => {
    expect(await identify(asked, directory)).toMatchObject({ kind: 'refused', code });
  });

  it.each([
    ['a number that nobody has', claim({ aor: '4711', identity: none, flow: udp }), 'unknown_device'],
    ['a phone that nobody has', claim({ aor: 'SEP0011223344FF', identity: none, flow: udp }), 'unknown_device'],
    ['a secure phone without a certificate', claim({ identity: none }), 'certificate_required'],
  ])('challenges %s like any other', async (_, asked, code) => {
    expect(await identify(asked, directory)).toMatchObject({ kind: 'unproved', code });
  });

  it.each([
    ['over TLS, where its profile has none', claim({ aor: '1004', identity: none }), 'transport_not_allowed'],
    [
      'with a contact of another phone',
      claim({ aor: '1004', identity: none, flow: udp, contactDevice: a.name }),
      'certificate_mismatch',
    ],
  ])('tells a phone with digest only after its proof why it is refused %s', async (_, asked, later) => {
    expect(await identify(asked, directory)).toMatchObject({ kind: 'device', device: { name: digest.name }, later });
  });

  it('cannot tell phones of a shared number apart before one has proved itself', async () => {
    expect(await identify(claim({ aor: '1000', identity: none, flow: udp }), directory)).toEqual({ kind: 'ambiguous' });
  });
});

describe('who rings', () => {
  const [own, other, plain] = [phone('P1', ['1000/own']), phone('P2', ['1000/other']), phone('P3', ['1000'])];
  it.each([
    ["the caller's own partition first", [own, other, plain], phone('C', ['1/own']), ['P1']],
    ['then no partition', [other, plain], phone('C', ['1/own']), ['P3']],
    ['then the first by name', [own, other], phone('C', ['1']), ['P2']],
    ['every phone of a shared line', [plain, phone('P4', ['1000'])], undefined, ['P3', 'P4']],
    [
      'no locked and no disabled phone',
      [phone('P5', ['1000'], { locked: true }), phone('P6', ['1000'], { enabled: false })],
      undefined,
      [],
    ],
  ])('%s', (_, having, caller, names) => {
    expect(dialled('1000', having, caller).map((each) => each.name)).toEqual(names);
  });
});

describe('admission', () => {
  const policy = { initialRate: 10, fullRate: 1000, doublingMs: 1000, retryAfter: [3, 20] as const };
  it('lets a burst in, turns the rest away with a jittered time, and grows', () => {
    let ramp = startAdmission(policy, 0);
    const taken = (now: number, asked: number): number => {
      let count = 0;
      for (let i = 0; i < asked; i++) {
        const step = admit(ramp, policy, now, (bound) => i % bound);
        ramp = step.ramp;
        if (step.retryAfter === undefined) count++;
        else expect(step.retryAfter).toSatisfy((wait: number) => wait >= 3 && wait <= 20);
      }
      return count;
    };
    expect(taken(0, 100)).toBe(10);
    expect(taken(0, 100)).toBe(0);
    expect(taken(1000, 100)).toBe(20);
    expect(taken(20_000, 5000)).toBe(1000);
  });
});

describe('the timeline', () => {
  it('tells a refusal once a minute, and nothing of strangers', () => {
    const lines: unknown[] = [];
    let now = 0;
    const events = registrationTimeline({ record: (event) => lines.push(event) }, { now: () => now });
    const refused = {
      kind: 'refused',
      code: 'phone_locked',
      deviceName: a.name,
      aor: '1001',
      address: '192.0.2.9',
    } as const;
    for (let i = 0; i < 3; i++) events.publish(refused);
    events.publish({ ...refused, code: 'unknown_device', deviceName: undefined, aor: '4711' });
    expect(lines).toEqual([
      {
        deviceName: a.name,
        mac: '00112233440A',
        step: 'register',
        result: 'failed',
        reason: 'phone_locked',
        sourceAddress: '192.0.2.9',
      },
    ]);
    now += 61_000;
    events.publish(refused);
    expect(lines).toHaveLength(2);
  });
});
