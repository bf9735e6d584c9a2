import { readdir } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabNewsView, LabPhoneView, LabStepView } from '../../src/contract/lab.ts';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';

let program: RunningProgram;
beforeAll(async () => {
  program = await startAllInOne();
});
afterAll(async () => {
  await program?.[Symbol.asyncDispose]();
});

/** Watches one phone until its screen is as wanted; all its steps so far. */
async function watch(
  id: string,
  wanted: (phone: LabPhoneView) => boolean,
): Promise<{ phone: LabPhoneView; steps: LabStepView[] }> {
  let since = '';
  let phone: LabPhoneView | undefined;
  const steps: LabStepView[] = [];
  const patience = AbortSignal.timeout(40_000);
  for (;;) {
    patience.throwIfAborted();
    const { status, body } = await program.rest('GET', `/lab/phones?wait=10${since === '' ? '' : `&since=${since}`}`);
    expect(status).toBe(200);
    const news = body as LabNewsView;
    since = news.cursor;
    phone = news.phones.find((each) => each.id === id) ?? phone;
    steps.push(...news.steps.filter((each) => each.phone === id));
    if (phone !== undefined && wanted(phone)) return { phone, steps };
  }
}

const screen = (kind: string) => (phone: LabPhoneView) => phone.screen.kind === kind;
const withProblem = (fault: string, kind?: string) => (phone: LabPhoneView) =>
  phone.screen.problem?.fault === fault && (kind === undefined || phone.screen.kind === kind);

async function unpack(request: object): Promise<LabPhoneView[]> {
  const { status, body } = await program.rest('POST', '/lab/phones', request);
  expect(status).toBe(201);
  return body.items;
}

async function codeFor(model: string, line?: string): Promise<string> {
  const lines = line === undefined ? [] : [{ directoryNumber: line }];
  const added = await program.rest('POST', '/phones', { model, lines, requiresActivationCode: true });
  return (await program.rest('GET', `/phones/${added.body.name}/activation-code`)).body.code;
}

const enter = (id: string, text: string) => program.rest('POST', `/lab/phones/${id}/code`, { text });

describe('a phone of the lab', () => {
  it('asks for its code, takes it from a QR code, and registers with its line', async () => {
    const code = await codeFor('Cisco 8845', '2001');
    const [made] = await unpack({ model: '8845', mac: '00AB00000001' });
    expect(made).toMatchObject({ deviceName: 'SEP00AB00000001', camera: true, plugged: true });
    await watch(made!.id, screen('code'));
    expect((await enter(made!.id, `OAC1:${code}`)).status).toBe(200);
    const { phone, steps } = await watch(made!.id, screen('registered'));
    expect(phone.directoryNumbers).toEqual(['2001']);
    expect(steps.filter((each) => each.outcome === 'done').map((each) => each.step)).toEqual(
      expect.arrayContaining([
        'discover',
        'trust-list',
        'defaults',
        'code',
        'trust',
        'start',
        'prove',
        'store',
        'configuration',
        'register',
      ]),
    );
    expect(JSON.stringify(steps)).not.toContain(code);
    expect(JSON.stringify(steps)).not.toContain(code.slice(7));
    const registered = async () =>
      (await program.rest('GET', '/registrations')).body.items.map((each: { deviceName: string }) => each.deviceName);
    await expect.poll(registered, { timeout: 10_000 }).toContain('SEP00AB00000001');
  });

  it('remembers what it learned over an unplugging, and forgets it at a factory reset', async () => {
    const code = await codeFor('Cisco 8851');
    const [made] = await unpack({ model: '8851', mac: '00AB00000002' });
    const id = made!.id;
    await watch(id, screen('code'));
    await enter(id, code);
    await watch(id, screen('registered'));
    const act = (action: string) => program.rest('POST', `/lab/phones/${id}/actions`, { action });
    expect((await act('unplug')).body).toMatchObject({ plugged: false, screen: { kind: 'off' } });
    await act('plug-in');
    await watch(id, screen('registered'));
    expect(await readdir(join(program.dataDirectory, 'lab', 'phones'))).toContain(`${id}.json`);
    await act('unplug');
    await act('factory-reset');
    expect(await readdir(join(program.dataDirectory, 'lab', 'phones'))).not.toContain(`${id}.json`);
  });

  it('calls another, which rings and answers; either end hangs up', async () => {
    const [a, b] = [await codeFor('Cisco 8861', '2011'), await codeFor('Cisco 8861', '2012')];
    const [first, second] = await unpack({ model: '8861', mac: '00AB00000010', count: 2 });
    for (const [phone, code] of [
      [first!, a],
      [second!, b],
    ] as const) {
      await watch(phone.id, screen('code'));
      await enter(phone.id, code);
      await watch(phone.id, screen('registered'));
    }
    expect((await program.rest('POST', `/lab/phones/${first!.id}/calls`, { number: '2012' })).status).toBe(200);
    expect((await watch(second!.id, screen('ringing'))).phone.screen.with).toContain('2011');
    await watch(second!.id, screen('in-call'));
    await watch(first!.id, screen('in-call'));
    await program.rest('POST', `/lab/phones/${second!.id}/actions`, { action: 'hang-up' });
    await watch(first!.id, screen('registered'));
    await watch(second!.id, screen('registered'));
  });

  it('comes in tens, and takes no more than there is room for', async () => {
    const made = await unpack({ model: '7841', count: 10, plugIn: false });
    expect(new Set(made.map((each) => each.mac)).size).toBe(10);
    const taken = await program.rest('POST', '/lab/phones', { model: '7841', mac: made[3]!.mac });
    expect(taken).toMatchObject({ status: 409, body: { code: 'lab_mac_taken', field: 'mac' } });
    for (;;) {
      const { status, body } = await program.rest('POST', '/lab/phones', { model: '7841', count: 10, plugIn: false });
      if (status === 201) continue;
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'lab_full' });
      break;
    }
    const { ids, most } = (await program.rest('GET', '/lab/phones')).body as LabNewsView;
    expect(ids.length).toBeLessThanOrEqual(most);
    for (const id of ids) expect((await program.rest('DELETE', `/lab/phones/${id}`)).status).toBe(204);
    expect((await program.rest('GET', '/lab/phones')).body.ids).toEqual([]);
  });
});

describe('a phone with a mishap', () => {
  it('code-mistyped: is refused once, asks again, and takes the right code', async () => {
    const code = await codeFor('Cisco 8845');
    const [made] = await unpack({ model: '8845', mishap: 'code-mistyped' });
    await watch(made!.id, screen('code'));
    await enter(made!.id, code);
    await watch(made!.id, withProblem('code_not_accepted', 'code'));
    await enter(made!.id, code);
    await watch(made!.id, screen('registered'));
  });

  it('wrong-model: the code is for what the label says', async () => {
    const code = await codeFor('Cisco 8811');
    const [made] = await unpack({ model: '8811', mishap: 'wrong-model' });
    expect(made!.model).not.toBe('Cisco 8811');
    await watch(made!.id, screen('code'));
    await enter(made!.id, code);
    const { phone } = await watch(made!.id, withProblem('model_mismatch', 'code'));
    expect(phone.screen.problem?.remedy).toBeTruthy();
  });

  it('unknown-manufacturer: its certificate is not trusted', async () => {
    const code = await codeFor('Cisco 8845');
    const [made] = await unpack({ model: '8845', mishap: 'unknown-manufacturer' });
    await watch(made!.id, screen('code'));
    await enter(made!.id, code);
    await watch(made!.id, withProblem('mic_untrusted', 'failed'));
  });

  it('tampered-trust-list: sends the code to nobody', async () => {
    const code = await codeFor('Cisco 8845');
    const [made] = await unpack({ model: '8845', mishap: 'tampered-trust-list' });
    await watch(made!.id, screen('code'));
    await enter(made!.id, code);
    const { steps } = await watch(made!.id, withProblem('trust_mismatch', 'failed'));
    expect(steps.find((each) => each.step === 'trust-list')).toMatchObject({
      outcome: 'failed',
      fault: 'trust_mismatch',
    });
    expect(steps.some((each) => each.step === 'start')).toBe(false);
  });

  it('service-unreachable: tries again, then says that nobody answers', async () => {
    const code = await codeFor('Cisco 8845');
    const [made] = await unpack({ model: '8845', mishap: 'service-unreachable' });
    await watch(made!.id, screen('code'));
    await enter(made!.id, code);
    const { steps } = await watch(made!.id, withProblem('activation_unreachable', 'failed'));
    expect(steps.filter((each) => each.fault === 'activation_unreachable').length).toBeGreaterThan(2);
  });
});

it('takes no code when none is asked for', async () => {
  const [made] = await unpack({ model: '8845', plugIn: false });
  expect(await enter(made!.id, '1234')).toMatchObject({ status: 409, body: { code: 'lab_no_code_asked' } });
  expect(await enter('SEP00AB000000FF', '1234')).toMatchObject({ status: 404, body: { code: 'lab_phone_not_found' } });
});

it('opens to those who may change phones, and is documented', async () => {
  const password = 'long-enough-for-the-lab';
  for (const role of ['auditor', 'end-user'])
    await program.rest('POST', '/users', { userId: role, password, roles: [role], lastName: role });
  const paths = ((await program.rest('GET', '/openapi.json')).body as { paths: Record<string, object> }).paths;
  const routes = Object.keys(paths).filter((path) => path.includes('/lab/'));
  expect(routes).toHaveLength(5);
  for (const role of ['auditor', 'end-user']) {
    const { status } = await get(program, '/lab/phones', `${role}:${password}`);
    expect({ role, status }).toEqual({ role, status: 403 });
  }
});

it('stops cleanly while phones are registered and somebody watches', async () => {
  await using other = await startAllInOne();
  const added = await other.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true });
  const { code } = (await other.rest('GET', `/phones/${added.body.name}/activation-code`)).body;
  const [made] = (await other.rest('POST', '/lab/phones', { model: '8845' })).body.items;
  const screenOf = async () => (await other.rest('GET', '/lab/phones')).body.phones[0].screen.kind;
  await expect.poll(screenOf, { timeout: 20_000 }).toBe('code');
  await other.rest('POST', `/lab/phones/${made.id}/code`, { text: code });
  await expect.poll(screenOf, { timeout: 20_000 }).toBe('registered');
  const { cursor } = (await other.rest('GET', '/lab/phones')).body;
  const watching = get(other, `/lab/phones?wait=25&since=${cursor}`, `admin:${other.admin.password}`);
  const stopped = other.stop();
  // Whoever watches is answered, or hears that the door closes; nobody waits the 25 seconds.
  await watching.catch(() => undefined);
  expect(await stopped).toBe(0);
  expect(await readdir(join(other.dataDirectory, 'lab'))).not.toContain('phones');
});

/** A request on a connection of its own. */
function get(to: RunningProgram, path: string, auth: string): Promise<{ status: number | undefined }> {
  return new Promise((resolve, reject) => {
    const url = `${to.endpoints['https']}/api/v1${path}`;
    const asked = request(url, { auth, agent: false, ca: to.clusterCa }, (response) => {
      response.resume().once('end', () => resolve({ status: response.statusCode }));
    });
    asked.once('error', reject).end();
  });
}

it('is not there without --lab', async () => {
  await using plain = await startAllInOne({ lab: false });
  expect((await plain.rest('GET', '/lab/phones')).status).toBe(404);
  expect((await plain.rest('GET', '/version')).body.lab).toBe(false);
  expect((await program.rest('GET', '/version')).body.lab).toBe(true);
});
