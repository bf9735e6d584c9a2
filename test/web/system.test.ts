import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverCertificate } from '../mail/support/certificate.ts';
import { startSmtpServer } from '../mail/support/smtp-server.ts';
import { issuedFromFiles, makeAuthority } from '../support/certificates.ts';
import { outcomeOf, TestPhone } from '../support/das.ts';
import { revocationList } from '../support/revocation-lists.ts';
import { browserPath, openStage, type Stage } from './support/visitor.ts';

describe.skipIf(browserPath === undefined)('pages about what the system holds', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });
  const setParameter = async (name: string, value: unknown) =>
    expect(
      (await stage.program.rest('PUT', `/enterprise-parameters/${encodeURIComponent(name)}`, { value })).status,
    ).toBe(200);

  it('sets the mail password without showing it, tries the mail server out, and hands a code over by e-mail', async () => {
    await using server = await startSmtpServer();
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/system/enterprise-parameters');
    const panel = page.locator('section', { has: page.getByRole('heading', { name: 'E-mail', exact: true }) }).last();
    await panel.getByText('Not set up').waitFor();
    await page.getByLabel('SMTP Server').fill('127.0.0.1');
    await page.getByLabel('SMTP Port').fill(String(server.port));
    await page.getByLabel('E-mail Sender Address').fill('phones@example.com');
    await page.getByRole('combobox', { name: 'SMTP Connection Security' }).click();
    await page.getByRole('option', { name: 'None' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await panel.getByText('Set up', { exact: true }).waitFor();
    await panel.getByLabel('Password for the mail server').fill('Sesame-of-the-mail');
    await panel.getByRole('button', { name: 'Set password' }).click();
    await panel.getByText('There is one; a new one takes its place.').waitFor();
    expect(await panel.getByLabel('Password for the mail server').inputValue()).toBe('');
    await panel.getByRole('button', { name: 'Remove password' }).click();
    await panel.getByText('None is set.').waitFor();
    expect(await visitor.barriers()).toEqual([]);

    await stage.program.rest('PATCH', '/users/admin', { mail: 'admin@example.com' });
    await panel.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('The mail server took the test message to admin@example.com.').waitFor();

    await stage.addUser('mia', ['end-user']);
    await stage.program.rest('PATCH', '/users/mia', { mail: 'mia@example.com' });
    const phone = { model: 'Cisco 8845', ownerUserId: 'mia', requiresActivationCode: true };
    const { name } = (await stage.program.rest('POST', '/phones', phone)).body;
    await visitor.open(`/device/phones/${name}`);
    await page.getByRole('button', { name: 'E-mail to the owner' }).click();
    await page.getByText(/^Sent to mia@example\.com on /).waitFor();
    expect(server.messages.map((each) => each.to)).toEqual([['admin@example.com'], ['mia@example.com']]);

    // An owner nobody can write to, and then a mail server that is gone: both are said, with what to do.
    await stage.program.rest('PATCH', '/users/mia', { mail: '' });
    await page.getByRole('button', { name: 'E-mail to the owner' }).click();
    await page.getByRole('alert').getByText('e-mail address', { exact: false }).first().waitFor();
    await setParameter('SMTP Server', '');
    await visitor.open('/system/enterprise-parameters');
    await panel.getByText('Not set up').waitFor();
    expect(await panel.getByRole('button', { name: 'Send a test' }).isDisabled()).toBe(true);
  });

  it('brings a deleted phone back and says that its former code does not come back', async () => {
    const phone = { model: 'Cisco 8845', description: 'Corner', requiresActivationCode: true };
    const lines = [{ directoryNumber: '7001', label: 'Corner' }];
    const { name } = (await stage.program.rest('POST', '/phones', { ...phone, lines })).body;
    const { code } = (await stage.program.rest('GET', `/phones/${name}/activation-code`)).body;
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter(`/device/phones/${name}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const question = page.getByRole('dialog');
    await question.getByText('the former code and a digest password stay lost', { exact: false }).waitFor();
    await question.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/device/phones');
    expect((await stage.program.rest('GET', `/phones/${name}`)).status).toBe(404);
    await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click();
    await page.waitForURL(/\/device\/phones\/BAT/);
    await page.getByText('The former code stays without effect; a new one was made.', { exact: false }).waitFor();
    const back = page.url().split('/').at(-1)!;
    const restored = (await stage.program.rest('GET', `/phones/${back}`)).body;
    expect(restored).toMatchObject({ description: 'Corner', requiresActivationCode: true });
    expect(restored.lines).toMatchObject([{ directoryNumber: '7001', label: 'Corner' }]);
    expect((await stage.program.rest('GET', `/phones/${back}/activation-code`)).body.code).not.toBe(code);
    expect(visitor.complaints).toEqual([]);
  });

  it('uploads, replaces, finds and deletes files for phones', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/serviceability/tftp-files');
    await page.getByText('There is no file yet').waitFor();
    const send = (content: string) =>
      page
        .locator('input[type=file]')
        .setInputFiles({ name: 'sip8845.loads', mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
    await send('first');
    await page.getByRole('row', { name: /sip8845\.loads 5 octets/ }).waitFor();
    await send('second one');
    await page.getByRole('dialog').getByRole('button', { name: 'Replace it' }).click();
    await page.getByRole('row', { name: /sip8845\.loads 10 octets/ }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download sip8845.loads' }).click(),
    ]);
    expect(await readFile(await file.path(), 'utf8')).toBe('second one');
    await page.getByRole('button', { name: 'Delete sip8845.loads' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There is no file yet').waitFor();
    expect((await stage.program.rest('GET', '/firmware-files')).body.items).toEqual([]);
  });

  it('denies a phone by its MAC address, and takes that back and back again', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/certificates/denied');
    await page.getByRole('button', { name: 'Deny a certificate' }).click();
    await page.getByRole('dialog').getByLabel('MAC address').last().fill('not a mac');
    await page.getByRole('dialog').getByRole('button', { name: 'Deny it' }).click();
    await page.locator('input[aria-invalid=true]').waitFor();
    await page.locator('input[aria-invalid=true]').fill('00:DD:00:00:00:01');
    await page.getByRole('dialog').getByLabel('Reason').fill('Stolen');
    await page.getByRole('dialog').getByRole('button', { name: 'Deny it' }).click();
    const denied = async () => (await stage.program.rest('GET', '/mic-deny-list')).body.items as { value: string }[];
    await page.getByRole('row', { name: /00DD00000001 MAC address Stolen/i }).waitFor();
    await page.getByRole('button', { name: /^Allow .* again$/ }).click();
    await page.getByText('No certificate is denied.').waitFor();
    expect(await denied()).toEqual([]);
    await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('row', { name: /Stolen/ }).waitFor();
    expect(await denied()).toHaveLength(1);
  });

  it('takes a revocation list of a manufacturer, says why another is refused, and lets a phone that failed try again', async () => {
    const issuer = await makeAuthority({ name: 'Listing Maker' });
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/certificates/denied');
    const send = (buffer: Buffer) =>
      page.locator('input[type=file]').setInputFiles({ name: 'maker.crl', mimeType: 'application/pkix-crl', buffer });
    await page.getByText('There is no revocation list.').waitFor();
    await send(revocationList({ issuer, entries: ['01', '02'] }));
    await page.getByRole('alert').getByText('Upload the certificate of the authority', { exact: false }).waitFor();
    const trusted = await stage.program.rest('POST', '/trust-certificates', { certificate: issuer.pem });
    expect(trusted.status).toBe(201);
    await send(revocationList({ issuer, entries: ['01', '02'], nextUpdate: new Date(Date.now() - 60_000) }));
    await page.getByText('Next one is due').waitFor();
    await page.getByRole('button', { name: 'Delete the list of Listing Maker' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There is no revocation list.').waitFor();
    expect((await stage.program.rest('GET', '/certificate-revocation-lists')).body.items).toEqual([]);

    await page.getByText('No phone has failed.').waitFor();
    const { endpoints, lab } = stage.program;
    const issuing = await issuedFromFiles(lab!.manufacturerCaCert, lab!.manufacturerCaKey);
    const phone = await TestPhone.make({
      listener: { port: Number(new URL(endpoints['das']!).port) } as never,
      issuing,
    });
    expect(outcomeOf(await phone.activate('1234567123456780'))).toBe('code_not_accepted');
    phone.close();
    await page.reload();
    await page.getByRole('row', { name: new RegExp(`${phone.mac} 1 .*May try again`) }).waitFor();
    await page.getByRole('button', { name: `Forget the failed proofs of ${phone.mac}` }).click();
    await page.getByText('No phone has failed.').waitFor();
    expect(visitor.complaints.filter((each) => !each.includes('422'))).toEqual([]);
  });

  it('adds a certificate to PhoneEdge-trust and takes it out again', async () => {
    const { ca } = await serverCertificate('edge.example.com');
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/certificates/phone-edge-trust');
    const items = async () => (await stage.program.rest('GET', '/phone-edge-trust')).body.items as unknown[];
    const before = (await items()).length;
    await page.getByRole('button', { name: 'Upload certificate' }).click();
    await page.getByRole('dialog').getByLabel('Certificate').fill(ca);
    await page.getByRole('dialog').getByLabel('Description').fill('Our edges');
    await page.getByRole('dialog').getByRole('button', { name: 'Add it' }).click();
    const panel = page.locator('.fr-panel', { hasText: 'Our edges' });
    await panel.waitFor();
    expect(await items()).toHaveLength(before + 1);
    expect(await visitor.barriers()).toEqual([]);
    await panel.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await panel.waitFor({ state: 'detached' });
    expect(await items()).toHaveLength(before);
  });

  it('sets auto-registration up on a node, says what is missing until then, and shows what TAPS lacks', async () => {
    await using visitor = await stage.visit();
    const { page } = visitor;
    await visitor.enter('/system/auto-registration');
    await page.getByText('What is still missing').waitFor();
    await page.getByLabel('Starting Directory Number').fill('5000');
    await page.getByLabel('Ending Directory Number').fill('499');
    await page.getByLabel('Auto-registration Disabled on this node').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('input[aria-invalid=true]').waitFor();
    await page.getByLabel('Ending Directory Number').fill('5099');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('0 of 100 used').waitFor();
    expect((await stage.program.rest('PATCH', '/call-manager-groups/Default', { autoRegistration: true })).status).toBe(
      200,
    );
    const method = { items: [{ model: 'Cisco 8811', onPremiseOnboardingMethod: 'AutoRegistration' }] };
    expect((await stage.program.rest('PUT', '/device-defaults', method)).status).toBe(200);
    await page.getByText('Auto-registration is set up.').waitFor();
    await page.getByText('Takes phones in').waitFor();
    const { name } = (await stage.program.rest('POST', '/phones', { model: 'Cisco 8811' })).body;
    await visitor.open(`/device/phones/${name}`);
    await page.getByText('This record keeps the phone from auto-registering', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'TAPS' }).click();
    await page.getByText('What is still missing').waitFor();
    await page.getByText('Nobody has called yet.').waitFor();
    const [log] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'TAPS log file' }).click(),
    ]);
    expect(log.suggestedFilename()).toBe('taps.log');
  });
});
