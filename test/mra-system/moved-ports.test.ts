import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addPhone, labOf, realPhone } from '../phone/support/real-system.ts';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { remotePhone } from './support/remote-phone.ts';

let folder: string;
let system: RunningProgram;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstring-moved-'));
});
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('a laboratory that starts again on other ports lets phones in, inside and outside', {
  timeout: 240_000,
}, async () => {
  const dataDirectory = join(folder, 'data');
  const first = await startAllInOne({ dataDirectory, mra: true });
  expect(await first.stop()).toBe(0);
  system = await startAllInOne({ dataDirectory, mra: true });
  expect(system.portBase).not.toBe(first.portBase);
  const old = Object.values(first.endpoints).map((url) => url.replace(/^.*:/, ':'));
  for (const url of Object.values(system.endpoints)) expect(old.some((port) => url.endsWith(port))).toBe(false);
  const maker = await labOf(system);
  const inside = realPhone(system, maker, (await addPhone(system, { lines: [{ directoryNumber: '2001' }] })).code);
  const outside = await remotePhone(
    system,
    maker,
    (await addPhone(system, { allowActivationCodeViaMra: true, lines: [{ directoryNumber: '2002' }] })).code,
  );
  try {
    expect(await inside.boot(), JSON.stringify(inside.steps)).toBe('registered');
    expect(await outside.boot(), JSON.stringify(outside.steps)).toBe('registered');
  } finally {
    await Promise.all([inside.phone.unplug(), outside.phone.unplug()]);
  }
});
