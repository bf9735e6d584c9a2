/** Everything TAPS says. The audio files in prompts/ are made from these texts by scripts/build-prompts.ts; a test tells when they are not in step. */

export const promptLanguages = ['en', 'zh'] as const;
export type PromptLanguage = (typeof promptLanguages)[number];

const digitNames = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'star', 'pound'] as const;

export const promptIds = [
  'choose-language',
  'welcome',
  'enter-number',
  'you-entered',
  'confirm',
  'enter-pin',
  'please-wait',
  'success',
  'nothing-entered',
  'not-a-number',
  'no-record',
  'ambiguous',
  'other-model',
  'cannot-configure',
  'number-or-pin',
  'too-many',
  'not-auto-registered',
  'system-failure',
  'try-again',
  'goodbye',
  ...digitNames.map((name) => `digit-${name}` as const),
] as const;
export type PromptId = (typeof promptIds)[number];

export const promptTexts: Readonly<Record<PromptLanguage, Readonly<Record<PromptId, string>>>> = {
  en: {
    'choose-language': 'For English, press 1.',
    welcome: 'Welcome. This service sets up your new phone.',
    'enter-number': 'Enter the directory number of your phone, then press the pound key.',
    'you-entered': 'You entered',
    confirm: 'If that is right, press the pound key. To enter it again, press the star key.',
    'enter-pin': 'Enter your PIN, then press the pound key.',
    'please-wait': 'Please wait.',
    success: 'Your phone is set up. It restarts now. Goodbye.',
    'nothing-entered': 'Nothing was entered.',
    'not-a-number': 'That is not a directory number.',
    'no-record': 'No phone is prepared with this number.',
    ambiguous: 'More than one phone is prepared with this number. Please call your administrator.',
    'other-model': 'The phone that is prepared with this number is another model.',
    'cannot-configure': 'This phone cannot be set up this way. Please call your administrator.',
    'number-or-pin': 'The number or the PIN is not right.',
    'too-many': 'There were too many wrong entries. Please try again in one hour, or call your administrator.',
    'not-auto-registered': 'This phone is set up already. Please call your administrator to change it.',
    'system-failure': 'The system cannot do this now. Please try again later.',
    'try-again': 'Please try again.',
    goodbye: 'Goodbye.',
    'digit-0': 'zero',
    'digit-1': 'one',
    'digit-2': 'two',
    'digit-3': 'three',
    'digit-4': 'four',
    'digit-5': 'five',
    'digit-6': 'six',
    'digit-7': 'seven',
    'digit-8': 'eight',
    'digit-9': 'nine',
    'digit-star': 'star',
    'digit-pound': 'pound',
  },
  zh: {
    'choose-language': '中文请按二。',
    welcome: '欢迎。此服务将设置您的新电话。',
    'enter-number': '请输入您电话的目录号码，然后按井号键。',
    'you-entered': '您输入的是',
    confirm: '如果正确，请按井号键。如需重新输入，请按星号键。',
    'enter-pin': '请输入您的密码，然后按井号键。',
    'please-wait': '请稍候。',
    success: '您的电话已设置完成，即将重新启动。再见。',
    'nothing-entered': '没有输入任何内容。',
    'not-a-number': '这不是目录号码。',
    'no-record': '没有为此号码准备电话。',
    ambiguous: '为此号码准备了不止一部电话。请联系管理员。',
    'other-model': '为此号码准备的电话是另一种型号。',
    'cannot-configure': '无法以这种方式设置此电话。请联系管理员。',
    'number-or-pin': '号码或密码不正确。',
    'too-many': '错误输入过多。请一小时后再试，或联系管理员。',
    'not-auto-registered': '此电话已设置完成。如需更改，请联系管理员。',
    'system-failure': '系统现在无法处理。请稍后再试。',
    'try-again': '请重试。',
    goodbye: '再见。',
    'digit-0': '零',
    'digit-1': '一',
    'digit-2': '二',
    'digit-3': '三',
    'digit-4': '四',
    'digit-5': '五',
    'digit-6': '六',
    'digit-7': '七',
    'digit-8': '八',
    'digit-9': '九',
    'digit-star': '星号',
    'digit-pound': '井号',
  },
};

/** How a key is said. */
export function promptOfDigit(digit: string): PromptId | undefined {
  const name = digit === '*' ? 'star' : digit === '#' ? 'pound' : digit;
  return (digitNames as readonly string[]).includes(name) ? (`digit-${name}` as PromptId) : undefined;
}
