import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { listenForNotices } from '../../src/infra/notify.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { testDatabase } from '../support/database.ts';

async function eventually(look: () => boolean): Promise<void> {
  const patience = AbortSignal.timeout(30_000);
  while (!look()) {
    patience.throwIfAborted();
    await new Promise((done) => setTimeout(done, 10));
  }
}

describe('change notices', () => {
  it('come with their payload, and only those of the channels asked for', async () => {
    await using database = await testDatabase();
    const seen: string[] = [];
    await using notices = await listenForNotices({
      url: database.url,
      channels: ['config_changed'],
      onNotice: (channel, payload) => seen.push(`${channel} ${payload}`),
      log: silentLog,
    });
    expect(notices.listening).toBe(true);
    await sql`select pg_notify('other', 'x'), pg_notify('config_changed', 'SEP001122334455')`.execute(database.db);
    await eventually(() => seen.length > 0);
    expect(seen).toEqual(['config_changed SEP001122334455']);
  });

  it('say when some may have been missed, and when they come again', async () => {
    await using database = await testDatabase();
    const story: string[] = [];
    await using notices = await listenForNotices({
      url: database.url,
      channels: ['config_changed'],
      onNotice: (_, payload) => story.push(payload),
      onLost: () => story.push('lost'),
      onListening: () => story.push('listening'),
      log: silentLog,
    });
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'firstring notices' and datname = current_database()`.execute(
      database.db,
    );
    await eventually(() => story.length === 3 && notices.listening);
    await sql`select pg_notify('config_changed', 'again')`.execute(database.db);
    await eventually(() => story.length === 4);
    expect(story).toEqual(['listening', 'lost', 'listening', 'again']);
  });
});
