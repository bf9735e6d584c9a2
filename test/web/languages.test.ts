import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enterpriseParameters } from '../../src/domain/settings/enterprise-parameters.ts';
import { serviceParameters } from '../../src/domain/settings/service-parameters.ts';
import { services } from '../../src/domain/settings/services.ts';
import { en } from '../../src/web/i18n/en.ts';
import { labFaultsZh } from '../../src/web/i18n/lab-faults-zh.ts';
import { serverTextsZh } from '../../src/web/i18n/server-zh.ts';
import { zhCN } from '../../src/web/i18n/zh-cn.ts';
import { definitions } from '../../src/web/pages/resources/definitions.ts';
import { root } from '../support/all-in-one.ts';

const texts: Readonly<Record<string, string>> = en;
const chinese: Readonly<Record<string, string>> = zhCN;
const sources = readdirSync(join(root, 'src/web'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/^(?:i18n|cloud|edge)[\\/]/.test(path))
  .map((path) => readFileSync(join(root, 'src/web', path), 'utf8'))
  .join('\n');

/** What the server says in English itself; only other languages have texts for it. */
const said = new Set(Object.keys({ ...serverTextsZh, ...labFaultsZh }).map((key) => key.split('.')[0]!));

/** `phones_one` and `phones_other` are one text in two forms. */
const base = (key: string) => key.replace(/_(?:one|other)$/, '');
const placeholders = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort();

describe('languages', () => {
  it('say the same things: every key is in both', () => {
    const missing = Object.keys(texts).filter((key) => !(key in chinese));
    const left = Object.keys(chinese).filter((key) => !(key in texts) && !said.has(key.split('.')[0]!));
    expect({ missing, left }).toEqual({ missing: [], left: [] });
  });

  it('fill in the same values', () => {
    const different = Object.keys(texts).filter(
      (key) => placeholders(texts[key]!).join() !== placeholders(chinese[key]!).join() && !key.endsWith('_one'),
    );
    expect(different).toEqual([]);
  });

  it('hold Chinese where English is a sentence', () => {
    const untranslated = Object.keys(texts).filter(
      (key) => /[a-z]{3,} [a-z]{3,}/.test(texts[key]!) && !/\p{Script=Han}/u.test(chinese[key]!),
    );
    expect(untranslated).toEqual([]);
  });

  it('have every text the pages ask for', () => {
    const asked = [...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1]!);
    expect(asked.length).toBeGreaterThan(200);
    const missing = asked.filter((key) => !(key in texts) && !(`${key}_other` in texts));
    expect(missing).toEqual([]);
  });

  it('have no text that no page asks for', () => {
    const literals = new Set([...sources.matchAll(/['"]([A-Za-z]+\.[\w.+ -]+)['"]/g)].map((match) => match[1]!));
    // Families whose last part comes from the API: lookup('codeState', …), lookup(`field.${id}`, …), t(`auditVerb.${verb}`).
    const families = new Set([
      ...[...sources.matchAll(/lookup\(\s*'([A-Za-z.]+)'/g)].map((match) => match[1]!),
      ...[...sources.matchAll(/[`']([A-Za-z.]+)\.\$\{/g)].map((match) => match[1]!),
    ]);
    const inFamily = (key: string) =>
      key.split('.').some((_, index, parts) => index > 0 && families.has(parts.slice(0, index).join('.')));
    const unused = Object.keys(texts).filter((key) => !literals.has(base(key)) && !inFamily(key));
    expect(unused).toEqual([]);
  });

  it('name and explain every field of every kind of object', () => {
    const nameless = Object.values(definitions).flatMap(({ id, fields }) =>
      fields
        .filter(({ name }) => !(`field.${id}.${name}` in texts) && !(`field.common.${name}` in texts))
        .map(({ name }) => `${id}.${name}`),
    );
    const unexplained = Object.values(definitions).flatMap(({ id, fields }) =>
      fields
        .filter(({ name }) => name !== 'name' && !(`help.${id}.${name}` in texts) && !(`help.common.${name}` in texts))
        .map(({ name }) => `${id}.${name}`),
    );
    expect({ nameless, unexplained }).toEqual({ nameless: [], unexplained: [] });
  });

  it('know in Chinese every parameter and service the server explains in English', () => {
    const wanted = [
      ...[...serviceParameters, ...enterpriseParameters].flatMap(({ name, type }) => [
        `parameter.${name}`,
        `parameterHelp.${name}`,
        ...(type.kind === 'number' && type.unit !== undefined ? [`unit.${type.unit}`] : []),
      ]),
      ...enterpriseParameters.map(({ group }) => `group.${group}`),
      ...serviceParameters.map(({ service }) => `group.${service}`),
      ...services.flatMap(({ name, group }) => [`service.${name}`, `serviceHelp.${name}`, `group.${group}`]),
    ];
    expect(wanted.filter((key) => !(key in chinese))).toEqual([]);
  });
});
