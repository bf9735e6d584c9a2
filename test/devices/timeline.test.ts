import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OnboardingEvent } from '../../src/domain/ports.ts';
import { openDatabase } from '../../src/infra/database/connect.ts';
import { timelineRecorder } from '../../src/infra/database/timeline-recorder.ts';
import { forgetTimeline } from '../../src/infra/database/timeline-store.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type PhoneBench, phoneBench } from './phone-bench.ts';

let bench: PhoneBench;
beforeAll(async () => {
  bench = await phoneBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

let macs = 0;
const newMac = () => `00A1B5${(++macs).toString(16).toUpperCase().padStart(6, '0')}`;
const add = async (phone: object = {}) => (await bench.call('POST', '/phones', { model: 'Cisco 8845', ...phone })).body;
/** Records in order; each is told from the one before by its time. */
const tell = async (...events: OnboardingEvent[]) => {
  for (const event of events) bench.timeline.record(event);
  await bench.timeline.flush();
};
const timelineOf = async (path: string) => {
  await bench.timeline.flush();
  const answer = await bench.call('GET', path);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as {
    name: string | null;
    mac: string | null;
    attempts: {
      kind: string;
      outcome: string | null;
      cause: string | null;
      remedy: string | null;
      steps: { step: string; result: string; title: string; text: string }[];
    }[];
  };
};

describe('the timeline of a phone', () => {
  it('tells what was done to it and what it did, before and after it had its name', async () => {
    const phone = await add({ requiresActivationCode: true });
    const mac = newMac();
    await tell(
      { mac, step: 'trust', result: 'ok' },
      { mac, step: 'config', result: 'failed', reason: 'not_provisioned' },
      { mac, step: 'discover', result: 'ok' },
      { mac, attempt: 's1', step: 'start', result: 'info', deviceId: phone.id },
      { mac, attempt: 's1', step: 'prove', result: 'ok', deviceId: phone.id },
    );
    await bench.redeem(phone.name, mac, 's1');
    await tell({ mac, deviceName: `SEP${mac}`, step: 'register', result: 'ok' });
    const story = await timelineOf(`/phones/SEP${mac}/timeline`);
    expect(story).toMatchObject({ name: `SEP${mac}`, mac });
    expect(story.attempts.map((attempt) => [attempt.outcome, attempt.steps.map((step) => step.step)])).toEqual([
      [null, ['phone-added', 'code-made']],
      ['registered', ['trust', 'config', 'discover', 'start', 'prove', 'activated', 'register']],
    ]);
  });

  it('says of a failure what stopped it and what to do, in plain words', async () => {
    const phone = await add({ requiresActivationCode: true });
    const mac = newMac();
    await tell({
      mac,
      attempt: 's2',
      deviceId: phone.id,
      model: 'Cisco 8851',
      step: 'activated',
      result: 'failed',
      reason: 'model_mismatch',
      sourceAddress: '10.0.0.7',
    });
    const [, attempt] = (await timelineOf(`/phones/${phone.name}/timeline`)).attempts;
    expect(attempt).toMatchObject({
      outcome: 'failed',
      cause: 'The code was made for another model.',
      remedy: expect.stringContaining('model'),
      steps: [
        {
          title: 'Code accepted',
          result: 'failed',
          reason: 'model_mismatch',
          sourceAddress: '10.0.0.7',
          model: 'Cisco 8851',
          node: 'test-node',
        },
      ],
    });
  });

  it('is kept for phones that match no record, by MAC address', async () => {
    const mac = newMac();
    await tell(
      { mac, step: 'discover', result: 'ok' },
      { mac, attempt: 's3', step: 'prove', result: 'failed', reason: 'code_not_accepted' },
    );
    const written = mac.replace(/(..)(?=.)/g, '$1:').toLowerCase();
    for (const path of [`/timeline?mac=${encodeURIComponent(written)}`, `/phones/SEP${mac}/timeline`]) {
      expect(await timelineOf(path)).toMatchObject({
        name: null,
        mac,
        attempts: [{ outcome: 'failed', steps: [{ step: 'discover' }, { step: 'prove' }] }],
      });
    }
    const strangers = (await bench.call('GET', '/timeline/strangers')).body.items;
    expect(strangers).toContainEqual(
      expect.objectContaining({
        mac,
        lastStep: 'prove',
        lastResult: 'failed',
        lastReason: 'code_not_accepted',
        events: 2,
      }),
    );
    await add({ mac });
    expect(
      (await bench.call('GET', '/timeline/strangers')).body.items.map((each: { mac: string }) => each.mac),
    ).not.toContain(mac);
    expect(
      (await timelineOf(`/phones/SEP${mac}/timeline`)).attempts.flatMap((each) => each.steps.map((step) => step.step)),
    ).toEqual(['discover', 'prove', 'phone-added']);
  });

  it('of a phone nobody knows and nobody saw does not exist', async () => {
    expect(await bench.call('GET', '/phones/SEP00FFFFFFFFFF/timeline')).toMatchObject({
      status: 404,
      body: { code: 'phone_not_found' },
    });
    expect(await bench.call('GET', '/phones/BAT00FFFFFFFFFF/timeline')).toMatchObject({ status: 404 });
    expect(await timelineOf('/timeline?mac=00FFFFFFFFFF')).toMatchObject({ name: null, attempts: [] });
    expect(await bench.call('GET', '/timeline?mac=zz')).toMatchObject({
      status: 422,
      body: { code: 'mac_invalid', field: 'mac' },
    });
    expect(await bench.call('GET', '/timeline')).toMatchObject({
      status: 400,
      body: { code: 'missing_field', field: 'mac' },
    });
  });

  it('keeps two records apart that had the same name one after the other', async () => {
    const mac = newMac();
    const first = await add({ mac });
    await tell({ mac, deviceId: first.id, step: 'register', result: 'ok' });
    await bench.call('PATCH', `/phones/SEP${mac}`, { mac: '' });
    const second = await add({ mac });
    const renamed = await bench.database.db
      .selectFrom('device')
      .select('name')
      .where('id', '=', first.id)
      .executeTakeFirstOrThrow();
    const steps = (await timelineOf(`/phones/${renamed.name}/timeline`)).attempts.flatMap((each) =>
      each.steps.map((step) => step.step),
    );
    expect(steps).toEqual(['phone-added', 'register', 'phone-renamed']);
    expect(second.id).not.toBe(first.id);
  });

  it('forgets what is older than asked', async () => {
    const phone = await add();
    await bench.timeline.flush();
    await bench.database.db
      .updateTable('onboarding_event')
      .set({ at: new Date(Date.now() - 100 * 86_400_000) })
      .where('device_id', '=', phone.id)
      .execute();
    expect(await forgetTimeline(bench.database.db, 90, 1)).toBe(1);
    expect((await timelineOf(`/phones/${phone.name}/timeline`)).attempts).toEqual([]);
  });
});

describe('the summary of all phones', () => {
  it('counts where phones stand, and groups what stopped them', async () => {
    await using own = await phoneBench();
    const call = (path: string) => own.call('GET', path);
    const [got, stuck, silent, busy, mute] = [newMac(), newMac(), newMac(), newMac(), newMac()];
    const phone = (await own.call('POST', '/phones', { model: '8845', requiresActivationCode: true })).body;
    await own.redeem(phone.name, got);
    expect((await call('/onboarding/summary?hours=1')).body.numbers.activated).toBe(0);
    await own.database.db
      .updateTable('activation')
      .set({ confirmed_at: new Date(), confirm_key_sealed: null })
      .execute();
    await own.call('POST', '/phones', { model: '8845', requiresActivationCode: true });
    const released = (await own.call('POST', '/phones', { model: '8845', requiresActivationCode: true })).body;
    await own.call('DELETE', `/phones/${released.name}/activation-code`);
    const events: OnboardingEvent[] = [
      { mac: got, step: 'discover', result: 'ok' },
      { mac: got, step: 'start', result: 'ok' },
      { mac: got, step: 'activated', result: 'ok' },
      { mac: got, step: 'register', result: 'ok' },
      { mac: stuck, step: 'start', result: 'ok' },
      { mac: stuck, deviceName: `SEP${stuck}`, step: 'prove', result: 'failed', reason: 'model_mismatch' },
      { mac: silent, step: 'start', result: 'ok' },
      { mac: mute, step: 'activated', result: 'ok' },
      { mac: busy, step: 'start', result: 'ok' },
    ];
    for (const event of events) own.timeline.record(event);
    await own.timeline.flush();
    await own.database.db
      .updateTable('onboarding_event')
      .set({ at: new Date(Date.now() - 3600_000) })
      .where('mac', 'in', [silent, mute])
      .execute();
    const { body } = await call('/onboarding/summary');
    expect(body).toMatchObject({
      hours: 24,
      numbers: { waiting: 1, withoutCode: 1, underWay: 1, stuck: 3, activated: 1, registered: 0 },
      failures: [
        {
          reason: 'model_mismatch',
          phones: 1,
          cause: expect.stringContaining('another model'),
          examples: [{ mac: stuck, deviceName: `SEP${stuck}` }],
        },
        {
          reason: 'not_confirmed',
          phones: 1,
          cause: expect.stringContaining('did not confirm'),
          examples: [{ mac: mute }],
        },
      ],
    });
    expect(body.funnel.map((each: { step: string; phones: number }) => [each.step, each.phones])).toEqual([
      ['discover', 1],
      ['start', 4],
      ['activated', 2],
      ['confirm', 0],
      ['register', 1],
    ]);
    expect(body.newest[0]).toMatchObject({ mac: busy, step: 'start', title: 'Code entered' });
    expect((await call('/onboarding/summary?hours=0')).status).toBe(400);
  });
});

describe('the recorder', () => {
  const record = (step: string): OnboardingEvent => ({ mac: '00A1B5FFFFFF', step, result: 'info' });

  it('stores everything it took before it is disposed, in order', async () => {
    const recorder = timelineRecorder({ db: bench.database.db, node: 'n', log: silentLog, delay: 60_000 });
    for (let i = 0; i < 1200; i++) recorder.record(record(`s${i}`));
    await recorder[Symbol.asyncDispose]();
    const rows = await bench.database.db
      .selectFrom('onboarding_event')
      .select('step')
      .where('mac', '=', '00A1B5FFFFFF')
      .orderBy('id')
      .execute();
    expect(rows.map((row) => row.step)).toEqual(Array.from({ length: 1200 }, (_, i) => `s${i}`));
    expect(recorder).toMatchObject({ dropped: 0, waiting: 0 });
    recorder.record(record('late'));
    expect(recorder.dropped).toBe(1);
  });

  it('drops the oldest when too much waits, and counts them', async () => {
    const recorder = timelineRecorder({
      db: bench.database.db,
      node: 'n',
      log: silentLog,
      delay: 60_000,
      capacity: 10,
    });
    for (let i = 0; i < 25; i++) recorder.record({ mac: '00A1B5FFFFFE', step: `s${i}`, result: 'info' });
    expect(recorder).toMatchObject({ dropped: 15, waiting: 10 });
    await recorder[Symbol.asyncDispose]();
    const rows = await bench.database.db
      .selectFrom('onboarding_event')
      .select('step')
      .where('mac', '=', '00A1B5FFFFFE')
      .orderBy('id')
      .execute();
    expect(rows.map((row) => row.step)).toEqual(Array.from({ length: 10 }, (_, i) => `s${i + 15}`));
  });

  it('never throws when the database is away, and says how many were lost', async () => {
    await using away = openDatabase('postgres://nobody@127.0.0.1:1/none', { max: 1 });
    const recorder = timelineRecorder({ db: away.db, node: 'n', log: silentLog });
    recorder.record(record('lost'));
    await recorder.flush();
    expect(recorder.dropped).toBe(1);
    await recorder[Symbol.asyncDispose]();
  });
});
