import { describe, expect, it } from 'vitest';
import { presentProblem, requestProblems } from './problem.ts';

const broken = (code: string) => Object.assign(new Error('from the driver'), { code });
const codeOf = (code: string, changes: { made: boolean; inDoubt: boolean }) =>
  presentProblem(broken(code), requestProblems, changes).body['code'];

describe('what failed after a part of the request was stored', () => {
  it.each(['40001', '40P01', '55P03', '22P02', '22003'])('is not said to be safe to send again: %s', (code) => {
    expect(codeOf(code, { made: true, inDoubt: false })).toBe('broke_after_change');
    expect(codeOf(code, { made: false, inDoubt: true })).toBe('broke_after_change');
  });

  it.each(['08006', '57014', '25006'])('is said to be unknown where the database went away: %s', (code) => {
    expect(codeOf(code, { made: true, inDoubt: false })).toBe('outcome_unknown');
  });
});

it('asks to send again what lost a race before anything was stored', () => {
  expect(codeOf('40P01', { made: false, inDoubt: false })).toBe('try_again');
  expect(codeOf('22P02', { made: false, inDoubt: false })).toBe('invalid_value');
});
