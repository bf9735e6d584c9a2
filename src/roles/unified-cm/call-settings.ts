import { type CallSettings, readCallSettings } from '../../infra/database/call-settings.ts';
import type { NodeContext } from './context.ts';

/** Changes come in flocks. Milliseconds. */
const settleMs = 20;

/** What the relay of calls is set to, kept current: the last that could be read counts. */
export async function followCallSettings({ db, log, notices }: NodeContext): Promise<() => CallSettings> {
  let settings = await readCallSettings(db);
  let waiting = false;
  const refresh = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      readCallSettings(db).then(
        (read) => {
          settings = read;
        },
        (error: unknown) =>
          log.warn({ err: error }, 'the settings of calls could not be read; the last known are used'),
      );
    }, settleMs).unref();
  };
  notices.on('config_changed', (payload) => {
    if (payload === '*') refresh();
  });
  notices.feed({ lost() {}, listening: refresh });
  return () => settings;
}
