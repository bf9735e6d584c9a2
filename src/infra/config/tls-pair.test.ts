import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ConfigurationFault } from './configuration.ts';
import { readTlsPair } from './tls-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'tls-pair-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

it.each([
  [
    'a certificate that is not there',
    () => join(folder, 'none.pem'),
    'cloud.tlsCertificate',
    /none\.pem does not exist/,
  ],
  ['a directory', () => folder, 'cloud.tlsCertificate', /is a directory/],
  ['no PEM', () => file('text.pem', 'hello'), 'cloud.tlsCertificate', /holds no certificate as PEM/],
  [
    'a key instead of a certificate',
    () => file('swapped.pem', key),
    'cloud.tlsCertificate',
    /holds no certificate as PEM/,
  ],
] as const)('names %s, its setting and what to do', async (_what, certificate, field, message) => {
  const failed: unknown = await readTlsPair({ certificate: certificate(), key: file('key.pem', key) }).catch(
    (error) => error,
  );
  expect(failed).toBeInstanceOf(ConfigurationFault);
  const [problem] = (failed as ConfigurationFault).problems;
  expect(problem).toMatchObject({ field });
  expect(problem!.message).toMatch(message);
});
