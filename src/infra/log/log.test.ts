import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

function lines(json: boolean): { log: ReturnType<typeof createLog>; written: string[] } {
  const written: string[] = [];
  return { log: createLog({ level: 'info', json, node: 'ucm-a', write: (line) => written.push(line) }), written };
}

describe('log', () => {
  it.each([true, false])('never writes a secret (json: %s)', (json) => {
    const { log, written } = lines(json);
    log.info(
      {
        password: 'hunter2',
        nested: { adminPassword: 'hunter2', refresh_token: 'hunter2' },
        list: [{ cookie: 'hunter2' }],
      },
      'x',
    );
    log.info({ note: 'typed 1234567812345675 and 1234-5678-1234-5675' }, 'code 1234567812345675');
    log.info({ url: 'postgresql://firstring:hunter2@db/firstring' }, 'at postgresql://firstring:hunter2@db/firstring');
    log.error({ err: new Error('at postgresql://firstring:hunter2@db/firstring') }, 'lost');
    const all = written.join('');
    expect(written).toHaveLength(4);
    expect(all).not.toMatch(/hunter2|1234567812345675|1234-5678-1234-5675/);
  });

  it('keeps numbers that are no codes', () => {
    const { log, written } = lines(true);
    log.info({ id: '1234567812345678' }, 'x');
    expect(written[0]).toContain('1234567812345678');
  });

  it('writes one JSON object a line, with time, level, node and message', () => {
    const { log, written } = lines(true);
    log.warn({ port: 1 }, 'hello');
    expect(JSON.parse(written[0]!)).toMatchObject({ level: 'warn', node: 'ucm-a', message: 'hello', port: 1 });
  });
});
