import { describe, expect, it } from 'vitest';
import { systemWords } from './system-words.ts';

const refused = (fields: object) => Object.assign(new Error(`raw text of the library`), fields);

describe('what the operating system refuses', () => {
  it.each(['EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EMFILE', 'ENFILE', 'ENOTDIR', 'EISDIR', 'EDQUOT', 'EIO', 'ENOENT'])(
    '%s is said with the path and what to do',
    (code) => {
      const words = systemWords(refused({ code, path: '/data/lock', syscall: 'open' }))!;
      expect(words).toContain('/data/lock');
      expect(words).toMatch(/^.+ \(E[A-Z]+\)\n[A-Z].+\.$/);
      expect(words).not.toContain('raw text');
    },
  );

  it('is said with the address for a listener, and found below another failure', () => {
    const cause = refused({ code: 'EADDRINUSE', address: '::', port: 5060, syscall: 'listen' });
    expect(systemWords(new Error('the node could not start', { cause }))).toContain(':: 5060 is in use');
  });

  it('is nothing where it did not speak', () => {
    expect(systemWords(new TypeError('a defect'))).toBeUndefined();
    expect(systemWords(refused({ code: '28P01' }))).toBeUndefined();
    expect(systemWords(refused({ code: 'toString' }))).toBeUndefined();
  });
});
