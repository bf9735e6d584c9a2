import { TapsClaims } from '../../domain/taps/taps-claims.ts';
import { TapsAgent } from '../../endpoints/taps/taps-agent.ts';
import { systemRandom } from '../../infra/crypto/random.ts';
import { tapsStore } from '../../infra/database/taps-store.ts';
import { readPrompts } from '../../infra/taps/prompt-files.ts';
import type { NodeContext } from './context.ts';
import type { NodeDomain } from './domain.ts';

/** Changes come in flocks. Milliseconds. */
const settleMs = 20;

/** The TAPS Service of this node: a user agent for its SIP part. `restart` is called once a call has given a phone another record. */
export async function startTaps(
  { configuration, db, log, node, notices }: NodeContext,
  { passwords, phones, timeline }: NodeDomain,
  restart: (deviceName: string) => void,
): Promise<TapsAgent> {
  const store = tapsStore(db, node);
  const [prompts, left] = await Promise.all([
    // An incomplete copy of the program keeps nobody from calling anybody else.
    readPrompts().catch((error: unknown) => {
      log.error({ err: error }, 'the prompts of TAPS cannot be read: the TAPS Service stays off on this node');
      return undefined;
    }),
    store.closeLeftOpen(),
  ]);
  if (left > 0) log.info({ sessions: left }, 'calls to TAPS that a stop had cut off were closed');
  let settings = await store.settings();
  let waiting = false;
  const refresh = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      store.settings().then(
        (read) => {
          settings = read;
        },
        (error: unknown) => log.warn({ err: error }, 'the settings of TAPS could not be read; the last known are used'),
      );
    }, settleMs).unref();
  };
  notices.on('config_changed', (payload) => {
    if (payload === '*') refresh();
  });
  notices.feed({ lost() {}, listening: refresh });
  return new TapsAgent({
    bind: configuration.listen.address,
    store,
    claims: new TapsClaims({ phones: phones.parts, store, pins: passwords }),
    settings: () => (prompts === undefined ? { ...settings, activated: false } : settings),
    prompts: prompts ?? { audio: () => new Uint8Array(0) },
    restart,
    failed(caller, reason, sourceAddress) {
      const { deviceId, deviceName, model } = caller;
      timeline.record({
        deviceId,
        deviceName,
        mac: deviceName.slice(3),
        model,
        step: 'taps',
        result: 'failed',
        reason,
        sourceAddress,
      });
    },
    random: systemRandom,
    log,
  });
}
