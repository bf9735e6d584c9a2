import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from '../support/all-in-one.ts';

let folder: string;
const packages = {
  '': {},
  'node_modules/needed': { version: '1.0.0' },
  'node_modules/tool': { version: '1.0.0', dev: true },
};
const write = (path: string, content: unknown) => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
};
const install = (...names: (keyof typeof packages)[]) =>
  write('node_modules/.package-lock.json', {
    packages: Object.fromEntries(names.map((name) => [name, packages[name]])),
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prepare-'));
  cpSync(join(root, 'scripts/prepare.mjs'), join(folder, 'scripts/prepare.mjs'));
  write('package-lock.json', { packages });
  // Stands for npm: writes down what it was asked, and installs all or what is not for developing.
  write(
    'npm.js',
    `const { mkdirSync, writeFileSync, readFileSync } = require('node:fs');
     const args = process.argv.slice(2);
     writeFileSync('asked', args.join(' '));
     const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
     const without = args.includes('--omit=dev');
     const all = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !(without && dev));
     mkdirSync('node_modules', { recursive: true });
     writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: Object.fromEntries(all) }));`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function prepare(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/prepare.mjs', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], npm_execpath: join(folder, 'npm.js'), ...environment },
  });
  const asked = existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8') : undefined;
  return { status, stderr, asked };
}

it('starts from an installation without what is for developing, and leaves it as it is', () => {
  install('node_modules/needed');
  expect(prepare(['--start'])).toEqual({ status: 0, stderr: '', asked: undefined });
});

it.each([{ NODE_ENV: 'production' }, { npm_config_omit: 'dev' }])(
  'installs nothing for developing under %j',
  (environment) => {
    const { status, asked } = prepare(['--start'], environment);
    expect(status).toBe(0);
    expect(asked).toContain('--omit=dev');
  },
);

it('installs what a start lacks of an installation for developing, whole', () => {
  install('node_modules/tool');
  const { status, asked } = prepare(['--start']);
  expect(status).toBe(0);
  expect(asked).not.toContain('--omit');
});

it('brings what is for developing to who tests, and says what is left out where it may not', () => {
  install('node_modules/needed');
  const refused = prepare(['--develop'], { NODE_ENV: 'production' });
  expect(refused).toMatchObject({ status: 1, asked: undefined });
  expect(refused.stderr).toContain('--include=dev');
  const { status, asked } = prepare(['--develop']);
  expect(status).toBe(0);
  expect(asked).not.toContain('--omit');
});
