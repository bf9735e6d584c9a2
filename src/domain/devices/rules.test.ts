import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDeviceName } from '../../identifiers/device-name.ts';
import { parsePhoneModel, phoneModels } from '../../identifiers/phone-model.ts';
import { readLines, requireFit } from './lines.ts';
import { readLoadName } from './load-names.ts';
import { nameChange, randomBatName, readMac, requireModel } from './naming.ts';
import { fillTags } from './template-tags.ts';

const fault = (code: string, field?: string) =>
  expect.objectContaining({ code, ...(field === undefined ? {} : { field }), remedy: expect.any(String) });
const random = { bytes: (length: number) => new Uint8Array(length).fill(0xab), below: () => 0, uuid: () => '' };

describe('models', () => {
  it('are the fifteen', () => {
    expect(phoneModels.map((model) => requireModel(model.product).number)).toHaveLength(15);
    expect(() => requireModel('8875')).toThrow(fault('model_not_supported', 'model'));
    expect(() => requireModel('')).toThrow(fault('model_not_supported', 'model'));
  });
});

describe('MAC addresses of phones', () => {
  it.each([undefined, null, '', '   '])('may be blank: %j', (text) => {
    expect(readMac(text)).toBeUndefined();
  });

  it('are refused in any other form', () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 1 })
          .filter((text) => text.trim() !== '' && !/^[0-9a-f]{2}([:.-]?[0-9a-f]{2}){5}$/i.test(text.trim())),
        (text) => {
          expect(() => readMac(text)).toThrow(fault('mac_invalid', 'mac'));
        },
      ),
    );
  });

  it('decide the name', () => {
    const name = randomBatName(random);
    expect(name).toBe('BATABABABABABAB');
    expect(isDeviceName(name)).toBe(true);
    expect(nameChange(name, undefined)).toEqual({ kind: 'keep' });
    expect(nameChange(name, '00abababABab')).toEqual({ kind: 'sep', name: 'SEP00ABABABABAB', mac: '00ABABABABAB' });
  });
});

describe('lines asked for', () => {
  it('get sensible call limits', () => {
    expect(readLines([{ directoryNumber: '+4930123' }])).toMatchObject([
      { partition: '', maxCalls: 4, busyTrigger: 2 },
    ]);
    expect(readLines([{ directoryNumber: '1', maxCalls: 1 }])).toMatchObject([{ maxCalls: 1, busyTrigger: 1 }]);
  });

  it('may repeat a number in another partition only', () => {
    expect(readLines([{ directoryNumber: '1' }, { directoryNumber: '1', partition: 'P' }])).toHaveLength(2);
    expect(() => readLines([{ directoryNumber: '1', partition: '' }, { directoryNumber: '1' }])).toThrow(
      fault('line_duplicate', 'lines[1].directoryNumber'),
    );
  });

  it('must fit the button template, and the template the model', () => {
    const template = { name: 'T', model: 'Cisco 8845', lines: 2 };
    requireFit(template, 'Cisco 8845', 2);
    requireFit({ ...template, model: undefined }, 'Cisco 7811', 0);
    expect(() => requireFit(template, 'Cisco 8845', 3)).toThrow(fault('too_many_lines', 'lines[2]'));
    expect(() => requireFit(template, 'Cisco 8851', 0)).toThrow(
      fault('button_template_mismatch', 'phoneButtonTemplate'),
    );
  });
});

describe('firmware loads', () => {
  const model = parsePhoneModel('8865')!;
  it('belong to the family of the model', () => {
    expect(readLoadName(' sip8845_65.14-2-1 ', model, 'f')).toBe('sip8845_65.14-2-1');
    expect(readLoadName('sip8845_65.14-2-1.loads', model, 'f')).toBe('sip8845_65.14-2-1');
    expect(readLoadName('', model, 'f')).toBe('');
    expect(() => readLoadName('sip88xx.14-2-1', model, 'f')).toThrow(fault('load_family_mismatch', 'f'));
  });

  it.each(['a b', '../x', 'sip8845_65.é', '.loads.loads', '-x'])('are names, not %j', (text) => {
    expect(() => readLoadName(text, model, 'f')).toThrow(fault('load_name_invalid', 'f'));
  });
});

describe('tags of universal templates', () => {
  const values = {
    firstName: 'Wei',
    lastName: 'Li',
    userId: 'wei.li',
    directoryNumber: '1001',
    product: 'Cisco 8845',
    mail: 'w@x',
  };
  it.each([
    ['#FirstName# #LastName# (#Product#)', 'Wei Li (Cisco 8845)'],
    ['#firstname#', 'Wei'],
    ['#DisplayName# #Extension# #DirectoryNumber# #UserID# #Protocol#', 'Wei Li 1001 1001 wei.li SIP'],
    ['#Unknown# stays', '#Unknown# stays'],
    ['no tags at all', 'no tags at all'],
    ['##', '##'],
  ])('%s', (template, filled) => {
    expect(fillTags(template, values, 128)).toBe(filled);
  });

  it('leave no gaps where there is nothing to say', () => {
    expect(fillTags('#FirstName# #LastName# (#Product#)', { product: 'Cisco 8845' }, 128)).toBe('(Cisco 8845)');
  });

  it('never read a value for tags again, and never exceed the field', () => {
    expect(fillTags('#FirstName#', { firstName: '#LastName#', lastName: 'x' }, 128)).toBe('#LastName#');
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 60 }), (template, firstName, longest) => {
        expect(Array.from(fillTags(template, { firstName }, longest)).length).toBeLessThanOrEqual(longest);
      }),
    );
  });
});
