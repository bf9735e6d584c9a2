import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/all-in-one.ts';

/** The rule of .dependency-cruiser.cjs is worth nothing unless it sees TypeScript: these trees break it in every way there is. */
describe('import rule', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'firstring-imports-'));
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      cpSync(join(root, file), join(folder, file));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function cruise(files: Readonly<Record<string, string>>): { status: number | null; output: string } {
    rmSync(join(folder, 'src'), { recursive: true, force: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const tool = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [tool, '--config', '.dependency-cruiser.cjs', 'src'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    return { status, output: stdout + stderr };
  }
  const value = 'export const value: number = 1;\n';
  const takes = (from: string) => `import { value } from '${from}';\nexport const taken: number = value;\n`;

  it('lets a tree pass that keeps it', () => {
    const { status, output } = cruise({
      'src/kernel/a.ts': value,
      'src/domain/b.ts': takes('../kernel/a.ts'),
      'src/infra/c.ts': takes('../kernel/a.ts'),
    });
    expect(output).toMatch(/no dependency violations found \(3 modules/);
    expect(status).toBe(0);
  });

  const forbidden = [
    ['src/domain/x.ts', '../protocol/a.ts', 'src/protocol/a.ts', 'domain-imports'],
    ['src/protocol/x.ts', '../domain/a.ts', 'src/domain/a.ts', 'protocol-imports'],
    ['src/endpoints/x.ts', '../infra/a.ts', 'src/infra/a.ts', 'endpoints-imports'],
    ['src/infra/x.ts', '../endpoints/a.ts', 'src/endpoints/a.ts', 'infra-imports'],
    ['src/phone/x.ts', '../domain/a.ts', 'src/domain/a.ts', 'phone-imports'],
    ['src/web/x.ts', '../domain/a.ts', 'src/domain/a.ts', 'web-imports'],
    ['src/kernel/x.ts', '../identifiers/a.ts', 'src/identifiers/a.ts', 'kernel-imports'],
    ['src/roles/one/x.ts', '../two/a.ts', 'src/roles/two/a.ts', 'roles-never-import-roles'],
  ] as const;
  it('catches every import that a layer may not have', () => {
    const { status, output } = cruise(
      Object.fromEntries(
        forbidden.flatMap(([from, to, target]) => [
          [target, value],
          [from, takes(to)],
        ]),
      ),
    );
    const caught = forbidden.map(([from, , target, rule]) => `${rule}: ${from} → ${target}`);
    expect(output.split('\n').map((line) => line.trim().replace(/^error /, ''))).toEqual(
      expect.arrayContaining(caught),
    );
    expect(status).not.toBe(0);
  });

  it('catches node: in a pure layer, but lets its types in', () => {
    const bad = cruise({
      'src/domain/x.ts': "import { hash } from 'node:crypto';\nexport const h: typeof hash = hash;\n",
    });
    expect(bad.output).toContain('pure-layers-import-no-node');
    const good = cruise({
      'src/domain/x.ts': "import type { KeyObject } from 'node:crypto';\nexport type Key = KeyObject;\n",
    });
    expect(good.output).toContain('no dependency violations found');
  });

  it('catches type-only imports across layers and cycles', () => {
    const types = cruise({
      'src/protocol/x.ts': "import type { Value } from '../domain/a.ts';\nexport type Other = Value;\n",
      'src/domain/a.ts': 'export type Value = number;\n',
    });
    expect(types.output).toContain('protocol-imports');
    const cycle = cruise({ 'src/kernel/a.ts': takes('./b.ts'), 'src/kernel/b.ts': `${takes('./a.ts')}${value}` });
    expect(cycle.output).toContain('no-cycles');
  });
});
