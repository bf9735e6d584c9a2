import type { PromptId } from '../src/domain/taps/prompt-texts.ts';

/** How the Chinese prompts are spoken: the speech tool reads Pinyin with tone numbers, one syllable a character. */
export const promptPinyin: Readonly<Record<PromptId, string>> = {
  'choose-language': 'zhong1 wen2 qing3 an4 er4.',
  welcome: 'huan1 ying2. ci3 fu2 wu4 jiang1 she4 zhi4 nin2 de5 xin1 dian4 hua4.',
  'enter-number': 'qing3 shu1 ru4 nin2 dian4 hua4 de5 mu4 lu4 hao4 ma3, ran2 hou4 an4 jing3 hao4 jian4.',
  'you-entered': 'nin2 shu1 ru4 de5 shi4',
  confirm:
    'ru2 guo3 zheng4 que4, qing3 an4 jing3 hao4 jian4. ru2 xu1 chong2 xin1 shu1 ru4, qing3 an4 xing1 hao4 jian4.',
  'enter-pin': 'qing3 shu1 ru4 nin2 de5 mi4 ma3, ran2 hou4 an4 jing3 hao4 jian4.',
  'please-wait': 'qing3 shao1 hou4.',
  success: 'nin2 de5 dian4 hua4 yi3 she4 zhi4 wan2 cheng2, ji2 jiang1 chong2 xin1 qi3 dong4. zai4 jian4.',
  'nothing-entered': 'mei2 you3 shu1 ru4 ren4 he2 nei4 rong2.',
  'not-a-number': 'zhe4 bu2 shi4 mu4 lu4 hao4 ma3.',
  'no-record': 'mei2 you3 wei4 ci3 hao4 ma3 zhun3 bei4 dian4 hua4.',
  ambiguous: 'wei4 ci3 hao4 ma3 zhun3 bei4 le5 bu4 zhi3 yi2 bu4 dian4 hua4. qing3 lian2 xi4 guan3 li3 yuan2.',
  'other-model': 'wei4 ci3 hao4 ma3 zhun3 bei4 de5 dian4 hua4 shi4 ling4 yi4 zhong3 xing2 hao4.',
  'cannot-configure': 'wu2 fa3 yi3 zhe4 zhong3 fang1 shi4 she4 zhi4 ci3 dian4 hua4. qing3 lian2 xi4 guan3 li3 yuan2.',
  'number-or-pin': 'hao4 ma3 huo4 mi4 ma3 bu2 zheng4 que4.',
  'too-many': 'cuo4 wu4 shu1 ru4 guo4 duo1. qing3 yi4 xiao3 shi2 hou4 zai4 shi4, huo4 lian2 xi4 guan3 li3 yuan2.',
  'not-auto-registered':
    'ci3 dian4 hua4 yi3 she4 zhi4 wan2 cheng2. ru2 xu1 geng1 gai3, qing3 lian2 xi4 guan3 li3 yuan2.',
  'system-failure': 'xi4 tong3 xian4 zai4 wu2 fa3 chu3 li3. qing3 shao1 hou4 zai4 shi4.',
  'try-again': 'qing3 chong2 shi4.',
  goodbye: 'zai4 jian4.',
  'digit-0': 'ling2',
  'digit-1': 'yi1',
  'digit-2': 'er4',
  'digit-3': 'san1',
  'digit-4': 'si4',
  'digit-5': 'wu3',
  'digit-6': 'liu4',
  'digit-7': 'qi1',
  'digit-8': 'ba1',
  'digit-9': 'jiu3',
  'digit-star': 'xing1 hao4',
  'digit-pound': 'jing3 hao4',
};
