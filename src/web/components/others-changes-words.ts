/** The sentences of the note on what somebody else changed; every console has it. */
export interface OthersChangesWords {
  readonly title: string;
  readonly kept: string;
  readonly decide: string;
  /** Beside a Save button that waits for that. */
  readonly decideFirst: string;
  readonly yes: string;
  readonly no: string;
  readonly empty: string;
  fromTo(was: string, theirs: string): string;
  keepMine(mine: string): string;
  takeTheirs(theirs: string): string;
}

export const othersChangesWords: Readonly<Record<'en' | 'zh-CN', OthersChangesWords>> = {
  en: {
    title: 'Changed meanwhile',
    kept: 'What you typed in other fields is kept.',
    decide: 'You changed this too. Which one holds?',
    decideFirst: 'Somebody else changed the same: choose above which value holds.',
    yes: 'Yes',
    no: 'No',
    empty: '(empty)',
    fromTo: (was, theirs) => `was “${was}”, is now “${theirs}”`,
    keepMine: (mine) => `Keep mine: ${mine}`,
    takeTheirs: (theirs) => `Take theirs: ${theirs}`,
  },
  'zh-CN': {
    title: '此期间已更改',
    kept: '您在其他字段输入的内容均已保留。',
    decide: '您也更改了此项。以哪一个为准？',
    decideFirst: '其他人更改了同一项：请先在上方选择以哪个值为准。',
    yes: '是',
    no: '否',
    empty: '（空）',
    fromTo: (was, theirs) => `原为“${was}”，现为“${theirs}”`,
    keepMine: (mine) => `保留我的：${mine}`,
    takeTheirs: (theirs) => `采用对方的：${theirs}`,
  },
};
