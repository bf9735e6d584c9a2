import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { issuedFromFiles, makeMic } from '../support/certificates.ts';
import { nextMac, outcomeOf, TestPhone } from '../support/das.ts';

/** What becomes of a phone with a certificate of the laboratory. */
async function activate(program: RunningProgram, directory: string): Promise<string> {
  const issuing = await issuedFromFiles(
    join(directory, 'lab/manufacturer-ca.pem'),
    join(directory, 'lab/manufacturer-ca.key.pem'),
  );
  const created = await program.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true });
  const { body } = await program.rest('GET', `/phones/${created.body.name}/activation-code`);
  const mac = nextMac();
  const node = { listener: { port: Number(new URL(program.endpoints['das']!).port) } as never, issuing };
  const phone = await TestPhone.make(node, { mac, mic: await makeMic({ issuer: issuing, mac }) });
  onTestFinished(() => phone.close());
  return outcomeOf(await phone.activate(body.code.replaceAll('-', '')));
}

it('a laboratory counts only while it is open: its phones are let in with --lab, refused without, and let in again', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'closed-lab-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const dataDirectory = join(parent, 'data');
  {
    await using open = await startAllInOne({ dataDirectory });
    expect(await activate(open, dataDirectory)).toBe('activated');
  }
  {
    await using closed = await startAllInOne({ dataDirectory, lab: false });
    expect(await activate(closed, dataDirectory)).toBe('mic_untrusted');
    expect(closed.output()).toMatch(/not trusted without --lab/);
    expect(closed.output()).toMatch(/phones of a laboratory are still configured/);
    expect((await closed.rest('GET', '/lab/phones')).status).toBe(404);
    const { body } = await closed.rest('GET', '/trust-certificates');
    expect(body.items.map((each: { laboratory: boolean }) => each.laboratory)).toEqual([true, true]);
    // An administrator's own word for it counts.
    for (const { pem, micRoot } of body.items)
      expect((await closed.rest('POST', '/trust-certificates', { certificate: pem, micRoot })).status).toBe(201);
    await expect.poll(() => activate(closed, dataDirectory), { timeout: 30_000, interval: 300 }).toBe('activated');
    for (const { purpose, sha256 } of body.items)
      await closed.rest('DELETE', `/trust-certificates/${purpose}/${sha256}?evenIfUsed=true`);
  }
  await using again = await startAllInOne({ dataDirectory });
  expect(await activate(again, dataDirectory)).toBe('activated');
});
