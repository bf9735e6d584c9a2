import { describe, expect, it } from 'vitest';
import { Fault } from '../../kernel/errors.ts';
import { Outages } from './outages.ts';

describe('lines about an outage of the database', () => {
  const away = () => ({
    err: new Fault('ours', 'database_unavailable', 'The database does not answer.'),
    file: 'a.xml',
  });

  it('are written once in a while, with the reason, and with how many were left out', () => {
    let now = 0;
    const outages = new Outages(() => now);
    expect(outages.fold([away(), 'the file could not be made'])).toEqual([
      { file: 'a.xml', reason: 'The database does not answer.' },
      'the file could not be made',
    ]);
    for (let i = 0; i < 7; i++) expect(outages.fold([away(), 'the file could not be made'])).toBeUndefined();
    expect(outages.fold([away(), 'something else'])).toBeDefined();
    now = 20_000;
    expect(outages.fold([away(), 'the file could not be made'])).toEqual([
      { file: 'a.xml', reason: 'The database does not answer.', likeItMeanwhile: 7 },
      'the file could not be made',
    ]);
  });

  it('leave every other failure as it is, also one of another system', () => {
    const outages = new Outages();
    for (const err of [new Error('a defect'), Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })]) {
      for (let i = 0; i < 3; i++) expect(outages.fold([{ err }, 'failed'])).toEqual([{ err }, 'failed']);
    }
    expect(outages.fold([{ port: 1 }, 'ready'])).toEqual([{ port: 1 }, 'ready']);
  });
});
