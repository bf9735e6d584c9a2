import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openStage, type Stage, type Visitor } from './support/visitor.ts';

/** A page with a form: where it is, what is typed there, and how somebody else changes the same thing meanwhile. */
interface Form {
  readonly page: string;
  /** Opens the form on its page, where it is not there at once. */
  readonly open?: (visitor: Visitor) => Promise<void>;
  readonly label: string | RegExp;
  readonly mine: string;
  readonly theirs: string;
  readonly change: (value: string) => readonly [method: string, path: string, body: object];
  readonly held: () => Promise<unknown>;
}

describe.skipIf(browserPath === undefined)('two administrators on one form', () => {
  let stage: Stage;
  let next = 1;
  const rest = (method: string, path: string, body?: object) => stage.program.rest(method, path, body);
  const newPhone = async (more: Readonly<Record<string, unknown>> = {}) => {
    const mac = `00CC${String(next++).padStart(8, '0')}`;
    return (await rest('POST', '/phones', { model: 'Cisco 8845', mac, ...more })).body.name as string;
  };
  const nodeName = async () => (await rest('GET', '/nodes')).body.items[0].name as string;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  it('never save over each other: the change of the first is shown, and the second one decides', async () => {
    const name = await newPhone({ description: 'before' });
    await using second = await stage.visit();
    const { page } = second;
    await second.enter(`/device/phones/${name}`);
    await page.getByLabel('Description').fill('of the second');
    {
      await using first = await stage.visit();
      await first.enter(`/device/phones/${name}`);
      await first.page.getByLabel('Description').fill('of the first');
      await first.page.getByRole('button', { name: 'Save' }).click();
      await first.page.getByText('Everything is saved').waitFor();
    }
    await page.getByText('was “before”, is now “of the first”', { exact: false }).waitFor();
    expect(await page.getByLabel('Description').inputValue()).toBe('of the second');
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    expect(await second.barriers()).toEqual([]);
    expect((await rest('GET', `/phones/${name}`)).body.description).toBe('of the first');

    await page.getByRole('button', { name: 'Keep mine: of the second' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Everything is saved').waitFor();
    expect((await rest('GET', `/phones/${name}`)).body.description).toBe('of the second');
  });

  it('keep the line that one adds while the other labels another one', async () => {
    const name = await newPhone({ lines: [{ directoryNumber: '299990' }] });
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/device/phones/${name}`);
    await page.getByLabel('Line Text Label').first().fill('Front desk');
    await rest('PATCH', `/phones/${name}`, { lines: [{ directoryNumber: '299990' }, { directoryNumber: '299991' }] });
    await page.getByText('Changed meanwhile').waitFor();
    await page.getByText('Line 2', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Everything is saved').waitFor();
    expect((await rest('GET', `/phones/${name}`)).body.lines).toMatchObject([
      { directoryNumber: '299990', label: 'Front desk' },
      { directoryNumber: '299991' },
    ]);
  });

  it('count every change that a form shows, lists within an object included', async () => {
    await rest('POST', '/users', { userId: 'counted', lastName: 'Counted', roles: ['end-user'] });
    await rest('POST', '/phone-button-templates', {
      name: 'Counted',
      model: 'Cisco 8845',
      buttons: ['line'],
    });
    const node = await nodeName();
    await rest('POST', '/call-manager-groups', { name: 'Counted', members: [{ node, priority: 0 }] });
    const changes: readonly (readonly [string, object])[] = [
      ['/users/counted', { roles: ['end-user', 'auditor'] }],
      ['/call-manager-groups/Counted', { members: [] }],
      ['/phone-button-templates/Counted', { buttons: ['line', 'line'] }],
      ['/common-phone-profiles/Standard%20Common%20Phone%20Profile', { vendorConfig: { webAccess: 'enabled' } }],
      [`/phones/${await newPhone({ lines: [{ directoryNumber: '299995' }] })}`, { lines: [] }],
    ];
    for (const [path, change] of changes) {
      const before = await rest('GET', path);
      const changed = await rest('PATCH', path, change);
      expect(changed.status, `${path}: ${JSON.stringify(changed.body)}`).toBe(200);
      expect(changed.headers['etag'], path).not.toBe(before.headers['etag']);
    }
  });

  const named = (path: string, field: string) => async () => (await rest('GET', path)).body[field];
  const forms: Readonly<Record<string, () => Promise<Form>>> = {
    'a user': async () => {
      await rest('POST', '/users', { userId: 'two', lastName: 'Two', roles: ['end-user'] });
      return {
        page: '/users/two',
        label: 'First name',
        mine: 'Mine',
        theirs: 'Theirs',
        change: (firstName) => ['PATCH', '/users/two', { firstName }],
        held: named('/users/two', 'firstName'),
      };
    },
    'a route partition': async () => {
      await rest('POST', '/route-partitions', { name: 'Two' });
      return {
        page: '/call-routing/route-partitions/Two',
        label: 'Description',
        mine: 'Mine',
        theirs: 'Theirs',
        change: (description) => ['PATCH', '/route-partitions/Two', { description }],
        held: named('/route-partitions/Two', 'description'),
      };
    },
    'Device Defaults': async () => ({
      page: '/device/defaults',
      label: 'Cisco 8845: Load Information',
      mine: 'sip8845_65.14-2-1-0101-7',
      theirs: 'sip8845_65.14-2-1-0101-8',
      change: (loadInformation) => ['PUT', '/device-defaults/Cisco%208845', { loadInformation }],
      held: named('/device-defaults/Cisco%208845', 'loadInformation'),
    }),
    'service parameters': async () => {
      const path = '/service-parameters/Device%20Activation%20Service/Activation%20Time%20to%20Live%20(Hours)';
      return {
        page: '/system/service-parameters',
        label: 'Activation Time to Live (Hours)',
        mine: '71',
        theirs: '72',
        change: (value) => ['PUT', path, { value: Number(value) }],
        held: named(path, 'value'),
      };
    },
    'enterprise parameters': async () => {
      const { items } = (await rest('GET', '/enterprise-parameters')).body as {
        items: { name: string; type: { kind: string }; value: string }[];
      };
      const { name } = items.find((each) => each.type.kind === 'text')!;
      const path = `/enterprise-parameters/${encodeURIComponent(name)}`;
      return {
        page: '/system/enterprise-parameters',
        label: name,
        mine: 'mine.example.org',
        theirs: 'theirs.example.org',
        change: (value) => ['PUT', path, { value }],
        held: named(path, 'value'),
      };
    },
    'auto-registration': async () => {
      const node = encodeURIComponent(await nodeName());
      return {
        page: '/system/auto-registration',
        label: 'Ending Directory Number',
        mine: '1998',
        theirs: '1999',
        change: (endingDirectoryNumber) => ['PUT', `/nodes/${node}/auto-registration`, { endingDirectoryNumber }],
        held: named(`/nodes/${node}/auto-registration`, 'endingDirectoryNumber'),
      };
    },
    'Cloud Onboarding': async () => ({
      page: '/advanced-features/cloud-onboarding',
      label: 'MRA Activation Domain',
      mine: 'mine.example.org',
      theirs: 'theirs.example.org',
      change: (mraActivationDomain) => ['PATCH', '/cloud-onboarding', { mraActivationDomain }],
      held: named('/cloud-onboarding', 'mraActivationDomain'),
    }),
    'a webhook': async () => {
      const made = await rest('POST', '/webhooks', {
        name: 'two',
        url: 'https://old.example.org/',
        events: ['code.used'],
      });
      const path = `/webhooks/${made.body.webhook?.id ?? made.body.id}`;
      return {
        page: '/serviceability/webhooks',
        open: async ({ page }) => page.getByRole('button', { name: 'Change' }).click(),
        label: /^Address/,
        mine: 'https://mine.example.org/',
        theirs: 'https://theirs.example.org/',
        change: (url) => ['PATCH', path, { url }],
        held: named(path, 'url'),
      };
    },
  };

  it.each(Object.keys(forms))('%s: what the first one saved stays until the second one has seen it', async (kind) => {
    const form = await forms[kind]!();
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(form.page);
    await form.open?.(visitor);
    const field = page.getByLabel(form.label).first();
    await field.fill(form.mine);
    const [method, path, body] = form.change(form.theirs);
    expect((await rest(method, path, body)).status).toBe(200);
    const save = page.getByRole('button', { name: 'Save' }).last();
    const takeTheirs = page.getByRole('button', { name: /^Take theirs/ });
    // A page that asks again by itself knows already, and its button waits for the decision.
    await save.click({ timeout: 2_000 }).catch(() => undefined);
    await takeTheirs.waitFor();
    expect(await form.held()).toBe(form.theirs);
    expect(await field.inputValue()).toContain(form.mine);
    await takeTheirs.click();
    await takeTheirs.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toContain(form.theirs);
    expect(await form.held()).toBe(form.theirs);
  });
});
