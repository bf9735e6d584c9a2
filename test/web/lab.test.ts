import { PNG } from 'pngjs';
import { create } from 'qrcode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, openStage, type Stage, type Visitor } from './support/visitor.ts';

/** A picture of a QR code as somebody might have taken it: with room around it. */
function picture(text: string): Buffer {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const [scale, quiet] = [6, 6];
  const side = (modules.size + 2 * quiet) * scale;
  const png = new PNG({ width: side, height: side });
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [row, column] = [Math.floor(y / scale) - quiet, Math.floor(x / scale) - quiet];
      const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      const shade = inside && modules.get(row, column) ? 20 : 245;
      png.data.set([shade, shade, shade, 255], (y * side + x) * 4);
    }
  return PNG.sync.write(png);
}

describe.skipIf(browserPath === undefined)('the phone lab', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  async function codeFor(model: string, more: object = {}): Promise<string> {
    const added = await stage.program.rest('POST', '/phones', { model, requiresActivationCode: true, ...more });
    return (await stage.program.rest('GET', `/phones/${added.body.name}/activation-code`)).body.code;
  }

  const screen = ({ page }: Visitor, kind: string) => page.locator(`.lab-screen[data-kind="${kind}"]`).waitFor();

  async function unpack({ page }: Visitor, options: { model?: string; mishap?: string } = {}): Promise<void> {
    await page.getByRole('button', { name: 'New phone' }).click();
    const dialog = page.getByRole('dialog');
    if (options.model !== undefined) {
      await dialog.getByLabel('Model on the box').fill(options.model);
      await page.getByRole('option', { name: options.model, exact: true }).click();
    }
    if (options.mishap !== undefined) {
      await dialog.getByLabel('What is wrong with it').click();
      await page.getByRole('option', { name: options.mishap }).click();
    }
    await dialog.getByRole('button', { name: 'Plug in' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  async function clear(): Promise<void> {
    const { ids } = (await stage.program.rest('GET', '/lab/phones')).body as { ids: string[] };
    for (const id of ids) await stage.program.rest('DELETE', `/lab/phones/${id}`);
  }

  it('lets a newcomer unpack a phone, press the code on its keys, and see it register, step by step', async () => {
    const code = await codeFor('Cisco 8845', { lines: [{ directoryNumber: '3001' }] });
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter();
    await page.getByRole('link', { name: 'Phone lab' }).click();
    expect(await visitor.barriers()).toEqual([]);
    await page.getByRole('button', { name: 'Unpack the first phone' }).click();
    await page.getByRole('dialog').getByLabel('Model on the box').waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Plug in' }).click();
    await screen(visitor, 'code');
    expect(await visitor.barriers()).toEqual([]);
    // By mouse the first half, by keyboard the second.
    for (const digit of code.slice(0, 8)) await page.getByRole('button', { name: new RegExp(`^${digit}`) }).click();
    await page.keyboard.type(code.slice(8));
    expect(await page.getByLabel('Activation code', { exact: true }).inputValue()).toBe(
      code.replace(/(\d{4})(?=\d)/g, '$1-'),
    );
    await page.getByRole('button', { name: 'Continue' }).click();
    await screen(visitor, 'registered');
    await page.locator('.lab-title').getByText('3001').waitFor();
    const steps = page.getByRole('region', { name: 'Step by step' });
    for (const each of [
      'Finding the server',
      'Trust list',
      'Handshake: start',
      'Handshake: proof',
      'Configuration file',
    ])
      await steps.locator('.fr-step-title', { hasText: each }).first().waitFor();
    await steps.getByText(/^Registered with .* as 3001/).waitFor();
    expect(await visitor.barriers()).toEqual([]);
    await page.getByRole('link', { name: 'Its record' }).click();
    await page.getByRole('heading', { name: /^SEP02/ }).waitFor();
    expect(visitor.complaints).toEqual([]);
    await clear();
  });

  it('reads the QR code of an uploaded picture, and says when there is none', async () => {
    const code = await codeFor('Cisco 8865');
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/lab');
    await unpack(visitor, { model: 'Cisco 8865' });
    await screen(visitor, 'code');
    await page.getByRole('button', { name: 'Scan', exact: true }).click();
    const files = page.locator('input[type=file]');
    const upload = (name: string, buffer: Buffer) => files.setInputFiles({ name, mimeType: 'image/png', buffer });
    await upload('empty.png', PNG.sync.write(new PNG({ width: 40, height: 40 })));
    await page.getByText('No QR code was found').waitFor();
    await upload('text.png', Buffer.from('no picture at all'));
    await page.getByText('That file is not a picture.').waitFor();
    await upload('code.png', picture(`OAC1:${code}`));
    await screen(visitor, 'registered');
    expect(visitor.complaints).toEqual([]);
    await clear();
  });

  it('reads the QR code with the camera, and says when there is no camera', async () => {
    const code = await codeFor('Cisco 8845');
    const { modules } = create(`OAC1:${code}`, { errorCorrectionLevel: 'M' });
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/lab');
    await unpack(visitor);
    await screen(visitor, 'code');
    await page.getByRole('button', { name: 'Scan', exact: true }).click();
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await page.getByText('There is no camera').waitFor();
    // A camera that sees the code: a real video stream, painted by a canvas.
    await page.evaluate(
      `navigator.mediaDevices.getUserMedia = async () => {
         const dark = ${JSON.stringify([...modules.data])}, size = ${modules.size}, scale = 8, quiet = 6;
         const canvas = Object.assign(document.createElement('canvas'), { width: (size + 2 * quiet) * scale, height: (size + 2 * quiet) * scale });
         const paint = () => {
           const context = canvas.getContext('2d');
           context.fillStyle = '#eeeeee';
           context.fillRect(0, 0, canvas.width, canvas.height);
           context.fillStyle = '#111111';
           dark.forEach((each, at) => each && context.fillRect((at % size + quiet) * scale, (Math.floor(at / size) + quiet) * scale, scale, scale));
           requestAnimationFrame(paint);
         };
         paint();
         return canvas.captureStream(10);
       }`,
    );
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await screen(visitor, 'registered');
    expect(visitor.complaints).toEqual([]);
    await clear();
  });

  it('has no scan key on a model without a camera', async () => {
    await using visitor = await stage.visit();
    await visitor.enter('/lab');
    await unpack(visitor, { model: 'Cisco 7841' });
    await screen(visitor, 'code');
    expect(await visitor.page.getByRole('button', { name: 'Scan', exact: true }).count()).toBe(0);
    await clear();
  });

  it('brings in ten at once with their records and lines, and one calls another', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/lab');
    await page.getByRole('button', { name: 'Ten at once' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Directory Number').fill('3100');
    await dialog.getByRole('button', { name: 'Plug in' }).click();
    await expect.poll(() => page.locator('.lab-tile', { hasText: 'Registered' }).count(), { timeout: 60_000 }).toBe(10);
    await page.locator('.lab-tile', { hasText: '3109' }).click();
    await page.locator('.lab-large', { hasText: '3109' }).waitFor();
    await page.getByLabel('Number to call').fill('3100');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await screen(visitor, 'calling');
    await page.locator('.lab-tile', { hasText: '3100' }).click();
    await page.getByText('3109 is calling').waitFor();
    await screen(visitor, 'in-call');
    await page.getByRole('button', { name: 'Hang up' }).click();
    await screen(visitor, 'registered');
    await page.getByRole('button', { name: 'Take all away' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take all away' }).click();
    await page.getByText('No phone is plugged in').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('writes the code down for a phone, and tells a mistyped code from the right one', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/lab');
    await unpack(visitor, { mishap: 'A mistyped code' });
    await screen(visitor, 'code');
    await page.getByRole('button', { name: 'Add a record with a code' }).click();
    await page.getByRole('button', { name: 'Type it in' }).click();
    await page.getByText('Enter the code again').waitFor();
    await page.locator('.lab-problem').getByText('Compare the code with the one you were given').waitFor();
    expect(await visitor.barriers()).toEqual([]);
    // The keyboard stays with the phone when its screen changes: digits and Enter are all it takes.
    const code = (await page.getByTestId('lab-code').textContent())!.replaceAll('-', '');
    await page.getByRole('button', { name: /^1/ }).focus();
    await page.keyboard.type(code);
    await page.getByRole('button', { name: 'Continue' }).press('Enter');
    await screen(visitor, 'registered');
    await expect.poll(() => page.evaluate('document.activeElement.className')).toContain('lab-phone');
    await page.getByText('This code was used').waitFor();
    expect(visitor.complaints).toEqual([]);
    await clear();
  });

  for (const [mishap, told, screenKind] of [
    ['Another model in the box', 'The code belongs to another phone model', 'code'],
    ['An unknown manufacturer', 'Add the manufacturer', 'failed'],
    ['A forged trust list', 'Do not enter the code again', 'failed'],
    ['The activation service is out of reach', 'Check that a Device Activation Service runs', 'failed'],
  ] as const)
    it(`shows cause and remedy on the phone: ${mishap}`, async () => {
      await using visitor = await stage.visit();
      const { page } = visitor;
      await visitor.enter('/lab');
      await unpack(visitor, { mishap });
      await screen(visitor, 'code');
      await page.getByRole('button', { name: 'Add a record with a code' }).click();
      await page.getByRole('button', { name: 'Type it in' }).click();
      await page.locator(`.lab-screen[data-kind="${screenKind}"] .lab-problem`, { hasText: told }).waitFor();
      await page.locator('.lab-live .fr-step-cause', { hasText: told }).first().waitFor();
      expect(await visitor.barriers()).toEqual([]);
      expect(visitor.complaints).toEqual([]);
      await clear();
    });

  it('works in Chinese, dark, on the screen of a mobile phone', async () => {
    const code = await codeFor('Cisco 8845');
    await using visitor = await stage.visit({ language: 'zh-CN', colours: 'dark', width: 390, height: 844 });
    const { page } = visitor;
    await visitor.enter('/lab');
    await page.getByRole('button', { name: '新电话' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '接通' }).click();
    await screen(visitor, 'code');
    await page.getByLabel('激活代码', { exact: true }).fill(code);
    await page.getByRole('button', { name: '继续' }).click();
    await screen(visitor, 'registered');
    expect(await visitor.barriers()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    // On the good path the phone says nothing that this page cannot say in Chinese.
    expect(await page.locator('.lab-live [lang=en]').allTextContents()).toEqual([]);
    // What is left in English elsewhere are the phone's own words, and says so.
    const english = await page
      .locator('main :not([lang=en])')
      .evaluateAll((all) =>
        all.flatMap((each) =>
          [...each.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent ?? ''),
        ),
      );
    expect(english.filter((text) => /[a-z]+ [a-z]+ [a-z]+/.test(text))).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await clear();
  });

  it('shows nobody the lab who may not change phones', async () => {
    const auditor = await stage.addUser('lab-auditor', ['auditor']);
    await using visitor = await stage.visit();
    await visitor.enter('/', auditor);
    await visitor.page.getByRole('link', { name: 'Audit Log' }).waitFor();
    expect(await visitor.page.getByRole('link', { name: 'Phone lab' }).count()).toBe(0);
  });
});
