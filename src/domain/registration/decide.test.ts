import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Binding, BindingFlow } from './binding.ts';
import { BindingTable } from './binding-table.ts';
import { decide, graceSeconds, type OfferedContact, type Registering } from './decide.ts';
import type { RegisteringDevice } from './ports.ts';

const flow: BindingFlow = {
  transport: 'tcp',
  address: '192.0.2.9',
  port: 49_200,
  targetPort: 49_200,
  localPort: 5060,
  connection: 7,
};
const device: RegisteringDevice = {
  id: 'id',
  name: 'SEP001122334401',
  lines: ['1003', '1001'].map((number) => ({ number, partition: '', contactUser: '' })),
  authentication: { kind: 'digest', password: 'x' },
  transports: ['tcp'],
  locked: false,
  enabled: true,
  keepAliveSeconds: 120,
  versionStamp: '',
};
const contact = (changes: Partial<OfferedContact> = {}): OfferedContact => ({
  uri: 'sip:1001@192.0.2.9',
  expires: undefined,
  instance: '',
  keepAlive: false,
  ...changes,
});
const register = (changes: Partial<Registering> = {}): Registering => ({
  aor: '1001',
  contacts: [contact()],
  expires: 3600,
  callId: 'a',
  cseq: 101,
  flow,
  byCertificate: false,
  bulk: false,
  userAgent: '',
  activeLoad: '',
  inactiveLoad: '',
  repeated: false,
  ...changes,
});
const now = 1_000_000;
const held = (changes: Partial<Registering> = {}, at = now): Binding => {
  const decision = decide(device, [], register(changes), at);
  if (decision.kind !== 'accepted') throw new Error(decision.kind);
  return decision.put[0]!;
};

describe('a REGISTER whose sender is known', () => {
  it.each([
    ['3600 asked, 120 granted', 3600, 120],
    ['less asked, that granted', 60, 60],
    ['the least', 30, 30],
    ['nothing said, 120 granted', undefined, 120],
  ])('is granted the clamped time: %s', (_, expires, granted) => {
    const decision = decide(device, [], register({ expires }), now);
    expect(decision).toMatchObject({ kind: 'accepted', expires: granted, fresh: true });
    expect(decision).toMatchObject({ put: [{ expiresAt: now + (granted + graceSeconds) * 1000, registeredAt: now }] });
  });

  it.each([
    ['locked', { locked: true }, 'phone_locked'],
    ['disabled', { enabled: false }, 'device_disabled'],
  ] as const)('is refused while the phone is %s, even to unregister', (_, changes, code) => {
    for (const expires of [3600, 0]) {
      expect(decide({ ...device, ...changes }, [], register({ expires }), now)).toEqual({ kind: 'refused', code });
    }
  });

  it.each([
    ['too little time', { expires: 29 }, { kind: 'refused', code: 'interval_too_brief', minimum: 30 }],
    ['* with a time', { contacts: undefined }, { kind: 'refused', code: 'star_without_zero' }],
    ['* without any time', { contacts: undefined, expires: undefined }, { kind: 'refused', code: 'star_without_zero' }],
    [
      'too many contacts',
      { contacts: Array.from({ length: 5 }, (_, i) => contact({ uri: `sip:${i}` })) },
      { kind: 'refused', code: 'too_many_contacts' },
    ],
  ])('is refused for %s', (_, changes, expected) => {
    expect(decide(device, [], register(changes), now)).toEqual(expected);
  });

  it('binds the line it names, all lines in lineIndex order in bulk or under the device name', () => {
    expect(held().numbers).toEqual(['1001']);
    expect(held({ bulk: true }).numbers).toEqual(['1003', '1001']);
    expect(held({ aor: device.name }).numbers).toEqual(['1003', '1001']);
  });

  it('keeps two lines that were registered one by one', () => {
    const first = held();
    const second = decide(
      device,
      [first],
      register({ aor: '1003', contacts: [contact({ uri: 'sip:1003@192.0.2.9' })], callId: 'b' }),
      now,
    );
    expect(second).toMatchObject({
      kind: 'accepted',
      remove: [],
      bound: [{ numbers: ['1001'] }, { numbers: ['1003'] }],
    });
  });

  it('is no news when the same registration is refreshed, and keeps its beginning and its loads', () => {
    const first = held({ activeLoad: 'sip88xx.14' });
    expect(decide(device, [first], register({ cseq: 102 }), now + 115_000)).toMatchObject({
      kind: 'accepted',
      fresh: false,
      put: [{ registeredAt: now, refreshedAt: now + 115_000, activeLoad: 'sip88xx.14' }],
    });
  });

  it('changes nothing when it comes twice, and is refused when a later one came first', () => {
    const first = held({ cseq: 105 });
    expect(decide(device, [first], register({ cseq: 105 }), now + 20_000)).toMatchObject({
      kind: 'accepted',
      put: [],
      remove: [],
      expires: 100,
    });
    expect(decide(device, [first], register({ cseq: 104 }), now)).toEqual({ kind: 'refused', code: 'out_of_order' });
  });

  it('cannot change anything with credentials that were used before', () => {
    expect(decide(device, [], register({ repeated: true }), now)).toEqual({ kind: 'challenge' });
    const first = held();
    expect(decide(device, [first], register({ repeated: true, expires: 0, cseq: 102 }), now)).toEqual({
      kind: 'challenge',
    });
    // The retransmission of what made the binding is answered.
    expect(decide(device, [first], register({ repeated: true }), now)).toMatchObject({ kind: 'accepted', put: [] });
  });

  it('gives up the one contact, or all', () => {
    const first = held();
    expect(decide(device, [first], register({ expires: 0, cseq: 102 }), now)).toMatchObject({
      remove: [first],
      bound: [],
      expires: 0,
    });
    expect(decide(device, [first], register({ contacts: undefined, expires: 0, cseq: 102 }), now)).toMatchObject({
      remove: [first],
      bound: [],
    });
    expect(
      decide(device, [first], register({ contacts: [contact({ uri: 'sip:other@x' })], expires: 0 }), now),
    ).toMatchObject({ remove: [], bound: [first] });
  });

  it('ends with * only what its address of record has bound', () => {
    const first = held();
    const second = { ...held({ aor: '1003', callId: 'b' }), contact: 'sip:1003@192.0.2.9' };
    const star = { contacts: undefined, expires: 0, cseq: 102 };
    expect(decide(device, [first, second], register(star), now)).toMatchObject({
      remove: [first],
      bound: [second],
      listed: [],
    });
    expect(decide(device, [first, second], register({ ...star, aor: device.name }), now)).toMatchObject({
      remove: [first, second],
      bound: [],
    });
    // Registered in bulk: another line than the first leaves the rest bound.
    const bulk = held({ bulk: true });
    expect(decide(device, [bulk], register(star), now)).toMatchObject({ bound: [{ numbers: ['1003'] }] });
    expect(decide(device, [bulk], register({ ...star, aor: '1003' }), now)).toMatchObject({ bound: [] });
    expect(decide(device, [first], register({ ...star, cseq: 100 }), now)).toEqual({
      kind: 'refused',
      code: 'out_of_order',
    });
  });

  it('tells of each contact the seconds that it has left', () => {
    const first = held();
    const second = { ...held({ callId: 'b' }), contact: 'sip:1001@192.0.2.9:5070', expiresAt: now + 40_000 };
    const asked = decide(device, [first, second], register({ contacts: [], cseq: 102 }), now + 20_000);
    expect(asked).toMatchObject({ put: [], remove: [], listed: [{ seconds: 100 }, { seconds: 10 }] });
    const ended = decide(device, [first, second], register({ expires: 0, cseq: 102 }), now + 20_000);
    expect(ended).toMatchObject({ remove: [first], listed: [{ binding: second, seconds: 10 }] });
  });

  it('takes several contacts, each with its own time, and the last of the same', () => {
    const contacts = [
      contact({ uri: 'sip:a@192.0.2.9', expires: 60 }),
      contact({ uri: 'sip:b@192.0.2.9', expires: 90 }),
      contact({ uri: 'sip:a@192.0.2.9', expires: 80 }),
    ];
    expect(decide(device, [], register({ contacts }), now)).toMatchObject({
      expires: 60,
      listed: [
        { binding: { contact: 'sip:b@192.0.2.9' }, seconds: 90 },
        { binding: { contact: 'sip:a@192.0.2.9' }, seconds: 80 },
      ],
    });
  });

  it('binds nothing and takes nothing as a keep-alive', () => {
    const first = held();
    expect(
      decide(device, [first], register({ contacts: [contact({ keepAlive: true })], expires: 0, cseq: 102 }), now),
    ).toEqual({ kind: 'keep-alive' });
  });

  it('only asks when it names no contact', () => {
    const first = held();
    expect(decide(device, [first], register({ contacts: [] }), now)).toMatchObject({
      kind: 'accepted',
      put: [],
      remove: [],
      bound: [first],
    });
  });
});

describe('one client a line', () => {
  const elsewhere: BindingFlow = { ...flow, address: '198.51.100.4', connection: 8 };
  const rival = (changes: Partial<Registering> = {}) =>
    register({ callId: 'b', flow: elsewhere, contacts: [contact({ uri: 'sip:1001@198.51.100.4' })], ...changes });

  it('refuses another client while the first holds the line', () => {
    expect(decide(device, [held()], rival(), now)).toEqual({ kind: 'refused', code: 'registered_elsewhere' });
  });

  it.each([
    ['its certificate is the same', held(), rival({ byCertificate: true })],
    [
      'its instance is the same',
      held({ contacts: [contact({ instance: 'urn:uuid:1' })] }),
      rival({ contacts: [contact({ uri: 'sip:x', instance: 'urn:uuid:1' })] }),
    ],
    ['it comes from the same address', held(), rival({ flow: { ...flow, port: 1, connection: 9 } })],
    ['the connection of the first is gone', held({ flow: { ...flow, connection: undefined } }), rival()],
  ])('lets it in when %s', (_, first, request) => {
    expect(decide(device, [first], request, now)).toMatchObject({
      kind: 'accepted',
      remove: [first],
      bound: [{ callId: 'b' }],
    });
  });

  it('refuses another instance at the same address', () => {
    const first = held({ contacts: [contact({ instance: 'urn:uuid:1' })] });
    const other = register({ callId: 'b', contacts: [contact({ uri: 'sip:x', instance: 'urn:uuid:2' })] });
    expect(decide(device, [first], other, now)).toEqual({ kind: 'refused', code: 'registered_elsewhere' });
  });
});

describe('the table of bindings', () => {
  it('finds by device, number and flow exactly what is in it, whatever happened before', () => {
    const item = fc.record({
      device: fc.constantFrom('A', 'B', 'C'),
      contact: fc.constantFrom('x', 'y'),
      numbers: fc.subarray(['1', '2', '3']),
      connection: fc.integer({ min: 1, max: 3 }),
      remove: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 30 }), (items) => {
        const table = new BindingTable();
        const model = new Map<string, Binding>();
        for (const { device: deviceName, contact: uri, numbers, connection, remove } of items) {
          const key = `${deviceName} ${uri}`;
          const known = model.get(key);
          if (remove) {
            expect(known !== undefined && table.remove(known)).toBe(known !== undefined);
            model.delete(key);
            continue;
          }
          const binding: Binding = { ...held(), deviceName, contact: uri, numbers, flow: { ...flow, connection } };
          table.put(binding);
          model.set(key, binding);
        }
        const all = [...model.values()];
        expect(table.size).toBe(all.length);
        for (const number of ['1', '2', '3']) {
          expect(new Set(table.ofNumber(number))).toEqual(new Set(all.filter((each) => each.numbers.includes(number))));
        }
        for (const connection of [1, 2, 3]) {
          const names = new Set(
            all.filter((each) => each.flow.connection === connection).map((each) => each.deviceName),
          );
          expect(new Set(table.devicesOfFlow(`#${connection}`))).toEqual(names);
        }
      }),
    );
  });

  it('finds all that has expired in as many pieces as it takes, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (expired, limit) => {
        const table = new BindingTable();
        for (const [i, over] of expired.entries()) {
          table.put({ ...held(), deviceName: `D${i}`, expiresAt: over ? now : now + 1 });
        }
        const found = new Set<string>();
        for (let call = 0; call <= expired.length; call++) {
          for (const binding of table.expired(now, limit)) {
            found.add(binding.deviceName);
            table.remove(binding);
          }
        }
        expect([...found].toSorted()).toEqual(expired.flatMap((over, i) => (over ? [`D${i}`] : [])).toSorted());
      }),
    );
  });
});
