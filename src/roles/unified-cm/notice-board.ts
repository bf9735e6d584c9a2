import type { Notices } from './notices.ts';

export interface NoticeBoard extends Notices {
  deliver(channel: string, payload: string): void;
  lost(): void;
  found(): void;
}

/** Hands the notices of one LISTEN connection to the parts that asked for them. */
export function noticeBoard(): NoticeBoard {
  const receivers = new Map<string, ((payload: string) => void)[]>();
  const fed: { lost(): void; listening(): void }[] = [];
  let listening = false;
  return {
    on(channel, receive) {
      receivers.set(channel, [...(receivers.get(channel) ?? []), receive]);
    },
    feed(copies) {
      fed.push(copies);
      if (listening) copies.listening();
    },
    get listening() {
      return listening;
    },
    deliver(channel, payload) {
      for (const receive of receivers.get(channel) ?? []) receive(payload);
    },
    lost() {
      listening = false;
      for (const each of fed) each.lost();
    },
    found() {
      listening = true;
      for (const each of fed) each.listening();
    },
  };
}
