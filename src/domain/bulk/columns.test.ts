import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deviceFields,
  fieldOfHeading,
  headingOfField,
  lineFields,
  nearestHeading,
  normaliseHeading,
} from './columns.ts';

describe('a heading of a phone file', () => {
  it.each([
    ['MAC ADDRESS', 'mac'],
    ['Mac Address', 'mac'],
    ['MAC ADDRESS/DEVICE NAME', 'mac'],
    ['\ufeffMAC ADDRESS', 'mac'],
    ['MAC 地址', 'mac'],
    ['Device Name', 'name'],
    ['USER ID', 'ownerUserId'],
    ['USER ID 1', 'ownerUserId'],
    ['Owner User ID', 'ownerUserId'],
    ['DIRECTORY NUMBER 1', 'lines[0].directoryNumber'],
    ['Directory Number 12', 'lines[11].directoryNumber'],
    ['DIRECTORY NUMBER', 'lines[0].directoryNumber'],
    ['目录号码 2', 'lines[1].directoryNumber'],
    ['PARTITION 1', 'lines[0].partition'],
    ['Route Partition 1', 'lines[0].partition'],
    ['LINE TEXT LABEL 1', 'lines[0].label'],
    ['DISPLAY 2', 'lines[1].display'],
    ['REQUIRES_ACTIVATION_CODE_FOR_ONBOARDING', 'requiresActivationCode'],
    ['Allow Activation Code via Mobile and Remote Access', 'allowActivationCodeViaMra'],
    ['LOCATION', null],
    ['FORWARD BUSY EXTERNAL 1', null],
    ['FORWARD NO ANSWER INTERNAL DESTINATION 1', null],
    ['SPEED DIAL NUMBER 3', null],
    ['DIRECTORY NUMBER 0', undefined],
    ['DIRECTORY NUMBER 101', undefined],
    ['SHOE SIZE', undefined],
    ['', undefined],
  ])('%j means %j', (heading, field) => {
    expect(fieldOfHeading(heading)).toBe(field);
  });

  it('is found again in whatever language, case, width and spacing it is written', () => {
    const fields = [...deviceFields, ...lineFields.flatMap((field) => [`lines[0].${field}`, `lines[99].${field}`])];
    fc.assert(
      fc.property(
        fc.constantFrom(...fields),
        fc.constantFrom('en' as const, 'zh-CN' as const),
        fc.array(fc.constantFrom(' ', '\u00a0', '\t', '_', '"'), { maxLength: 3 }),
        fc.infiniteStream(fc.boolean()),
        (field, language, around, upper) => {
          const words = headingOfField(field, language);
          const mixed = [...words].map((c) => (upper.next().value ? c.toUpperCase() : c.toLowerCase())).join('');
          const wide = mixed.replace(/[A-Za-z]/g, (c) =>
            upper.next().value ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c,
          );
          expect(fieldOfHeading(`${around.join('')}${wide}${around.join('')}`)).toBe(field);
        },
      ),
    );
  });

  it('never means two things', () => {
    const seen = new Map<string, string>();
    for (const field of [...deviceFields, ...lineFields.map((each) => `lines[0].${each}`)])
      for (const language of ['en', 'zh-CN'] as const) {
        const heading = normaliseHeading(headingOfField(field, language));
        expect(seen.get(heading) ?? field, heading).toBe(field);
        seen.set(heading, field);
      }
  });

  it('that is misspelt is told the right one, and nonsense nothing', () => {
    expect(nearestHeading('MAC ADRESS')).toBe('MAC ADDRESS');
    expect(nearestHeading('Diretory Number 1')).toBe('DIRECTORY NUMBER 1');
    expect(nearestHeading('Colour of the desk')).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (heading) => {
        nearestHeading(heading);
        const field = fieldOfHeading(heading);
        expect(field === null || field === undefined || typeof field === 'string').toBe(true);
      }),
    );
  });
});
