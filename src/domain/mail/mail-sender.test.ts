import { describe, expect, it } from 'vitest';
import { silentLog } from '../../kernel/log.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { mailParameter } from '../settings/mail-parameters.ts';
import { MailSender, type MailSenderParts } from './mail-sender.ts';
import { MailSetups } from './mail-setup.ts';
import type { ClaimedMessage, Delivery, MailStore, OutgoingMessage, Settlement } from './ports.ts';

const claimed = (id: string, more: Partial<ClaimedMessage> = {}): ClaimedMessage => ({
  id,
  attempts: 1,
  requestedBy: 'admin',
  overdue: false,
  deviceId: `device-${id}`,
  deviceName: `SEP00000000000${id}`,
  code: {
    state: 'live',
    locator: '1234567',
    sealed: new TextEncoder().encode('4273819502648313'),
    expiresAt: new Date(),
    viaMra: false,
  },
  phone: { model: 'Cisco 8845', description: '', timeZone: 'Etc/UTC' },
  owner: { mail: `user${id}@example.org`, locale: 'en', withheld: false },
  ...more,
});

/** Everything around the sender, in memory. */
function bench(
  messages: ClaimedMessage[],
  more: Partial<MailSenderParts> & { parameters?: Record<string, string> } = {},
) {
  const delivered: OutgoingMessage[] = [];
  const settled: [string, Settlement][] = [];
  const waiting = [...messages];
  const store = {
    claim: async () => waiting.shift(),
    settle: async (_: Transaction, message: ClaimedMessage, settlement: Settlement) => {
      settled.push([message.id, settlement]);
      return true;
    },
  } as unknown as MailStore;
  const parameters = new Map([
    [mailParameter.server, 'mail.example.com'],
    [mailParameter.sender, 'phones@example.com'],
    ...Object.entries(more.parameters ?? {}),
  ]);
  const sealer = { seal: (_: string, plain: Uint8Array) => plain, open: (_: string, sealed: Uint8Array) => sealed };
  const given: number[] = [];
  const transactions: Transactions = { run: (work) => work({} as Transaction) };
  const sender = new MailSender({
    store,
    setups: new MailSetups({
      store: {
        parameters: async () => parameters,
        sealedPassword: async () => undefined,
        setSealedPassword: async () => {},
      },
      sealer,
      password: undefined,
      ownSelfCareUrl: 'https://ucm-a:8443/selfcare',
    }),
    transport: {
      async deliver(_, message) {
        delivered.push(message);
        return { outcome: 'accepted', serverSaid: '250 OK' };
      },
    },
    qr: { png: async () => Uint8Array.of(1) },
    sealer,
    transactions,
    audit: { append: async () => {} },
    timeline: { record() {} },
    log: silentLog,
    pause: async () => {},
    onGivenUp: () => void given.push(1),
    ...more,
  });
  return { sender, delivered, settled, given };
}
const signal = new AbortController().signal;
const answering = (...answers: Delivery[]) => {
  let calls = 0;
  return { deliver: async () => answers[Math.min(calls++, answers.length - 1)]!, calls: () => calls };
};
const refused = (problem: Extract<Delivery, { outcome: 'not-accepted' }>['problem']): Delivery => ({
  outcome: 'not-accepted',
  problem,
  serverSaid: '',
});

describe('the mail sender', () => {
  it('does not send again what it sent, when the record of it does not come through at first', async () => {
    let failures = 3;
    let runs = 0;
    const { sender, delivered, settled } = bench([claimed('1')], {
      transactions: {
        async run(work) {
          // The first transaction takes the message; then the database is away for a while.
          if (++runs > 1 && failures-- > 0) throw new Error('the database is away');
          return work({} as Transaction);
        },
      },
    });
    await sender.sendDue(signal);
    expect(delivered.length).toBe(1);
    expect(settled.map(([, { state }]) => state)).toEqual(['sent']);
  });

  it('goes on with the others when one message cannot be made', async () => {
    const { sender, delivered, settled } = bench([claimed('1'), claimed('2')], {
      parameters: { [mailParameter.containsCode]: 'true' },
      qr: {
        png: (() => {
          let calls = 0;
          return async () => {
            if (++calls === 1) throw new Error('broken');
            return Uint8Array.of(1);
          };
        })(),
      },
    });
    await sender.sendDue(signal);
    expect(delivered.map(({ to }) => to)).toEqual(['user2@example.org']);
    expect(settled).toEqual([
      ['1', { state: 'queued', reason: 'internal', serverSaid: '', again: 5000 }],
      ['2', { state: 'sent', recipient: 'user2@example.org', containsCode: true, serverSaid: '250 OK' }],
    ]);
  });

  it.each([
    ['mail_server_unreachable', false, 'queued', 1],
    ['mail_login_refused', false, 'queued', 1],
    ['mail_server_busy', false, 'queued', 2],
    ['mail_recipient_refused', false, 'failed', 2],
    ['mail_server_unreachable', true, 'failed', 1],
    ['mail_server_busy', true, 'failed', 2],
  ] as const)(
    'after %s (time over: %s) a message is %s, and two take %s calls',
    async (problem, overdue, state, calls) => {
      const transport = answering(refused(problem));
      const { sender, settled, given } = bench([claimed('1', { overdue }), claimed('2', { overdue })], { transport });
      await sender.sendDue(signal);
      expect(settled.map(([, settlement]) => settlement.state)).toEqual([state, state]);
      expect(transport.calls()).toBe(calls);
      expect(given.length).toBe(state === 'failed' ? 2 : 0);
    },
  );

  it.each([
    [
      { code: { state: 'used' as const, locator: '', sealed: undefined, expiresAt: new Date(), viaMra: false } },
      'cancelled',
      'mail_code_used',
    ],
    [{ owner: undefined }, 'cancelled', 'mail_owner_changed'],
    [{ owner: { mail: 'a@example.org', locale: 'en', withheld: true } }, 'cancelled', 'mail_owner_unconfirmed'],
    [{ owner: { mail: '', locale: 'en', withheld: false } }, 'failed', 'mail_address_missing'],
    [{ owner: { mail: 'a@b\r\nBcc: c@d', locale: 'en', withheld: false } }, 'failed', 'mail_address_invalid'],
    [{ phone: undefined }, 'cancelled', 'mail_code_ended'],
  ])('asks no mail server for %j', async (more, state, reason) => {
    const transport = answering(refused('mail_server_busy'));
    const { sender, settled } = bench([claimed('1', more)], { transport });
    await sender.sendDue(signal);
    expect(settled[0]![1]).toMatchObject({ state, reason });
    expect(transport.calls()).toBe(0);
  });

  it('sends nothing where e-mail is off, and where there is nothing to say', async () => {
    const off = bench([claimed('1')], { parameters: { [mailParameter.server]: '' } });
    await off.sender.sendDue(signal);
    expect(off.settled[0]![1]).toMatchObject({ state: 'queued', reason: 'mail_not_set_up' });
    const closed = bench([claimed('1')], { parameters: { 'Show Phones Ready to Activate': 'false' } });
    await closed.sender.sendDue(signal);
    expect(closed.settled[0]![1]).toMatchObject({ state: 'cancelled', reason: 'mail_hand_over_closed' });
    expect([...off.delivered, ...closed.delivered]).toEqual([]);
  });

  it('runs one round at a time, and looks again when asked meanwhile', async () => {
    let release = () => {};
    const held = new Promise<void>((done) => {
      release = done;
    });
    const messages = [claimed('1')];
    let under = 0;
    const { sender, settled } = bench(messages, {
      transport: {
        async deliver() {
          expect(++under).toBe(1);
          await held;
          under--;
          return { outcome: 'accepted', serverSaid: '' };
        },
      },
    });
    const round = sender.sendDue(signal);
    await sender.sendDue(signal);
    expect(settled).toEqual([]);
    release();
    await round;
    expect(settled.length).toBe(1);
  });

  it('never signs in without encryption', async () => {
    const setups = new MailSetups({
      store: {
        parameters: async () =>
          new Map([
            [mailParameter.server, 'mail.example.com'],
            [mailParameter.sender, 'phones@example.com'],
            [mailParameter.user, 'phones'],
            [mailParameter.security, 'None'],
          ]),
        sealedPassword: async () => undefined,
        setSealedPassword: async () => {},
      },
      sealer: { seal: (_, plain) => plain, open: (_, sealed) => sealed },
      password: 'secret',
      ownSelfCareUrl: '',
    });
    expect((await setups.read()).server?.login).toBeUndefined();
  });
});
