/** What a message says, in one language. */
export interface MailWords {
  /** BCP 47, also for dates. */
  readonly language: string;
  readonly subject: string;
  readonly greeting: string;
  /** `description` may be empty. */
  waiting(model: string, description: string): string;
  readonly codeIs: string;
  readonly qrAlternative: string;
  readonly codeInSelfCare: string;
  readonly selfCareToo: string;
  readonly stepsTitle: string;
  /** `camera`: the phone can read a QR code; `qr`: the message carries one; `outside`: the phone may be anywhere. */
  steps(options: { readonly camera: boolean; readonly qr: boolean; readonly outside: boolean }): readonly string[];
  /** Self Care is not reached through the edge. */
  readonly selfCareOutside: string;
  expires(at: string, zone: string): string;
  readonly caution: string;
  readonly automatic: string;
  readonly test: { readonly subject: string; readonly text: string };
}

const english: MailWords = {
  language: 'en',
  subject: 'Your desk phone is ready to activate',
  greeting: 'Hello,',
  waiting: (model, description) =>
    `your desk phone (${model}${description === '' ? '' : `, “${description}”`}) waits to be activated.`,
  codeIs: 'Activation code:',
  qrAlternative: 'QR code of the activation code',
  codeInSelfCare: 'Sign in to Self Care to see your activation code:',
  selfCareToo: 'You also find it in Self Care:',
  stepsTitle: 'What to do',
  steps: ({ camera, qr, outside }) => [
    outside
      ? 'Connect the phone to power and to your network at home, or wherever you are: it needs nothing but the Internet. Wait until it asks for the activation code.'
      : 'Connect the phone to the network and to power, and wait until it asks for the activation code.',
    camera
      ? `Enter the code on the phone${qr ? ', or hold the QR code in front of its camera' : ', or hold the QR code that Self Care shows in front of its camera'}.`
      : 'Enter the code on the phone.',
    'Wait until the phone shows your number. It may start again meanwhile; that takes a few minutes.',
  ],
  selfCareOutside: 'From outside the company you may need its VPN for Self Care; the phone itself needs none.',
  expires: (at, zone) => `The code works once, on a phone of this model only, until ${at} (${zone}).`,
  caution: 'Do not pass the code on. If you do not expect a phone, tell your telephone administrator.',
  automatic: 'This message was sent automatically.',
  test: {
    subject: 'Test message of the telephone system',
    text: 'This is a test: the telephone system can send e-mail to you.',
  },
};

const chinese: MailWords = {
  language: 'zh-CN',
  subject: '您的桌面电话已做好准备激活',
  greeting: '您好！',
  waiting: (model, description) =>
    `您的桌面电话（${model}${description === '' ? '' : `，“${description}”`}）正在等待激活。`,
  codeIs: '激活代码：',
  qrAlternative: '激活代码的二维码',
  codeInSelfCare: '请登录自助门户查看您的激活代码：',
  selfCareToo: '您也可以在自助门户中查看：',
  stepsTitle: '操作步骤',
  steps: ({ camera, qr, outside }) => [
    outside
      ? '将电话连接到电源和您家中（或您所在之处）的网络：只需要互联网。等待电话要求输入激活代码。'
      : '将电话连接到网络和电源，等待电话要求输入激活代码。',
    camera
      ? `在电话上输入代码，${qr ? '或将二维码对准电话的摄像头' : '或将自助门户显示的二维码对准电话的摄像头'}。`
      : '在电话上输入代码。',
    '等待电话显示您的号码。期间电话可能会重新启动，这需要几分钟时间。',
  ],
  selfCareOutside: '在公司外部访问自助门户可能需要 VPN；电话本身不需要。',
  expires: (at, zone) => `该代码只能使用一次，仅适用于此型号的电话，有效期至 ${at}（${zone}）。`,
  caution: '请勿将代码转交他人。如果您并未在等待电话，请告知电话管理员。',
  automatic: '此邮件由系统自动发送。',
  test: { subject: '电话系统的测试邮件', text: '这是一封测试邮件：电话系统可以向您发送电子邮件。' },
};

/** By a user's locale; English where there is no catalogue. */
export function mailWordsIn(locale: string): MailWords {
  return /^zh/i.test(locale) ? chinese : english;
}
