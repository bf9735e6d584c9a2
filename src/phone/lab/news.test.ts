import { describe, expect, it } from 'vitest';
import { NewsFeed } from './news.ts';

function feed(keep = 10) {
  return new NewsFeed<{ seq: number; text: string }>('era', keep);
}

function add(to: ReturnType<typeof feed>, ...texts: readonly string[]): void {
  for (const text of texts) to.add({ seq: to.next(), text });
}

describe('the news of the lab', () => {
  it('are what came after the cursor', () => {
    const news = feed();
    add(news, 'a', 'b');
    const cursor = news.cursor;
    add(news, 'c');
    expect(news.after(news.readCursor(cursor)!).map((each) => each.text)).toEqual(['c']);
  });

  it.each([
    ['of another run', 'other.1'],
    ['of the future', 'era.99'],
    ['that is no cursor', 'x'],
    ['that is missing', undefined],
  ])('start over for a cursor %s', (_, cursor) => {
    const news = feed();
    add(news, 'a');
    expect(news.readCursor(cursor)).toBeUndefined();
  });

  it('start over for whoever missed what is forgotten', () => {
    const news = feed(2);
    const cursor = news.cursor;
    add(news, 'a', 'b');
    expect(news.readCursor(cursor)).toBe(0);
    add(news, 'c');
    expect(news.readCursor(cursor)).toBeUndefined();
  });

  it('wake whoever waits', async () => {
    const news = feed();
    const waiting = news.wait(60_000);
    add(news, 'a');
    await waiting;
    expect(news.isNew(0)).toBe(true);
  });
});
