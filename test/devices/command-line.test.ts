import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, runProgram, startAllInOne } from '../support/all-in-one.ts';

let system: RunningProgram;
beforeAll(async () => {
  system = await startAllInOne();
});
afterAll(() => system[Symbol.asyncDispose]());

/** `firstring phones …` against the running system. */
const phones = async (...args: string[]) => {
  const { code, output } = await runProgram(['phones', ...args, '--data-dir', system.dataDirectory]);
  return { code, output };
};

describe('firstring phones', () => {
  it('adds a phone, shows its code, changes, lists and deletes it', async () => {
    const added = await phones(
      'add',
      '8845',
      '--require-code',
      '--line',
      '1001',
      '--line',
      '1002',
      '--description',
      'Front desk',
    );
    expect(added).toEqual({ code: 0, output: expect.stringMatching(/^BAT[0-9A-F]{12}\n$/) });
    const name = added.output.trim();
    const shown = await phones('code', name);
    expect(shown.output).toMatch(/^\d{4}-\d{4}-\d{4}-\d{4}\n$/);
    expect((await phones('list', '--search', 'front')).output).toMatch(
      new RegExp(`${name}\\s+Cisco 8845\\s+Front desk\\s+1001,1002\\s+active`),
    );
    expect((await phones('show', name)).output).toContain('yes: locked until it is entered');
    expect((await phones('code', name, '--release', '--generate')).output).not.toBe(shown.output);
    expect((await phones('codes')).output).toContain(name);
    const changed = await phones('change', name, '--mac', '00:11:22:33:44:55', '--no-require-code');
    expect(changed.output).toBe('SEP001122334455\n');
    expect((await phones('timeline', 'SEP001122334455')).output).toContain('The phone was added.');
    expect((await phones('restart', 'SEP001122334455')).output).toContain('not registered');
    const replaced = (await phones('replace', 'SEP001122334455')).output.trim();
    expect(replaced).toMatch(/^BAT/);
    expect(await phones('delete', replaced, '--remove-unused-lines')).toEqual({ code: 0, output: '' });
    expect(JSON.parse((await phones('list', '--json')).output)).toMatchObject({ total: 0 });
  });

  it('says what is wrong and what to do, and fails', async () => {
    expect(await phones('add', '7970')).toEqual({
      code: 1,
      output: expect.stringMatching(/cannot be onboarded[\s\S]*Choose one of the supported models/),
    });
    expect(await phones('show', 'SEP000000000001')).toEqual({
      code: 1,
      output: expect.stringContaining('There is no phone'),
    });
    expect(await runProgram(['phones', 'list', '--data-dir', '/nowhere'])).toEqual({
      code: 1,
      output: expect.stringMatching(/No system is running[\s\S]*npm start/),
    });
  });
});
