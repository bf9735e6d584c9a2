import { reasonsZh } from './reasons-zh.ts';
import type { OnboardingTexts } from './texts.ts';

/** Simplified Chinese, with the terms of the field's own Chinese documents. */
export const textsZh: OnboardingTexts = {
  steps: {
    trust: { title: '信任列表', ok: '电话已获取信任列表 (ITL)。', failed: '电话无法获取信任列表 (ITL)。' },
    config: {
      title: '配置文件',
      ok: '电话已获取其配置。',
      failed: '电话请求配置，但没有得到。',
      info: '电话请求了其配置。',
    },
    discover: {
      title: '自行激活方法',
      ok: '电话已读取 XMLDefault，知道是否使用激活代码以及在何处激活。',
      failed: '电话无法读取 XMLDefault。',
    },
    firmware: { title: '固件', ok: '电话已获取固件。', failed: '电话请求了此处没有的固件。' },
    tvs: {
      title: '证书检查',
      ok: '电话向信任验证服务询问某个证书，得到的答复是可以信任。',
      failed: '电话向信任验证服务询问某个证书，该证书在此处不受信任。',
      info: '电话向信任验证服务询问了某个证书。',
    },
    start: {
      title: '已输入代码',
      ok: '有人输入了代码，电话开始证明其身份。',
      failed: '有人输入了代码，但电话在证明任何内容之前就被拒绝。',
      info: '有人输入了代码，电话开始证明其身份。',
    },
    prove: { title: '证明代码和证书', ok: '电话证明其知道代码并持有厂商预装证书 (MIC)。', failed: '证明未被接受。' },
    activated: {
      title: '代码已接受',
      ok: '代码已被接受并用完；记录现在带有真实 MAC 地址。等待电话确认已接受所获得的内容。',
      failed: '代码正确，但电话未被允许激活。',
    },
    confirm: { title: '已确认', ok: '电话已存储所获得的内容。', failed: '电话无法确认所获得的内容。' },
    token: { title: '访问令牌', ok: '外部电话已获得新的令牌。', failed: '外部电话请求新的令牌，但未获得。' },
    register: { title: '注册', ok: '电话已注册。', failed: '电话尝试注册，但被拒绝。' },
    'keep-alive': { title: '保持活动', ok: '电话已刷新其注册。', failed: '电话无法刷新其注册。' },
    'connection-lost': {
      title: '连接中断',
      info: '电话的连接中断。在注册到期之前电话仍处于注册状态，但无法呼叫。',
    },
    unregister: { title: '注册结束', info: '电话不再处于注册状态。', ok: '电话已注销。' },
    'auto-registered': {
      title: '已自动注册',
      ok: '该电话没有记录；系统已为其创建记录并分配下一个空闲目录号码，并要求其重新启动。',
    },
    taps: {
      title: 'TAPS',
      ok: '有人在此电话上拨打 TAPS 并选择了所准备的记录：该记录现在带有此电话的 MAC 地址。',
      failed: '有人在此电话上拨打 TAPS，但未获得所准备的记录。',
      info: '有人在此电话上拨打了 TAPS。',
    },
    'phone-added': { title: '已添加电话', info: '电话已添加。' },
    'phone-changed': { title: '已更改电话', info: '电话的设置已更改。' },
    'phone-renamed': { title: '已重命名电话', info: '电话的 MAC 地址已更改，设备名称随之更改。' },
    'phone-deleted': { title: '已删除电话', info: '电话已删除。' },
    'phone-locked': { title: '已锁定电话', info: '电话必须先输入激活代码才能再次注册。' },
    'phone-unlocked': { title: '已解锁电话', info: '电话不再需要激活代码。' },
    'code-waits': {
      title: '激活代码正在等待云',
      info: '该代码需可从外部使用：云应答后即会得到数字。“云自行激活”页面会显示原因。',
    },
    'code-made': { title: '已生成激活代码', info: '新的激活代码正等待在电话上输入。' },
    'code-revealed': { title: '已显示激活代码', info: '有人查看了激活代码。' },
    'code-released': { title: '已释放激活代码', info: '激活代码已释放，现已失效。' },
    'code-expired': { title: '激活代码已过期', info: '激活代码未及时输入。' },
    'code-locked': { title: '激活代码已锁定', info: '错误尝试过多，激活代码已锁定。' },
    'tokens-revoked': { title: '已撤销令牌', info: '电话的令牌已被撤销：重新激活之前无法从外部使用。' },
    'code-e-mail-queued': { title: '已请求发送邮件', info: '激活代码将通过电子邮件发送给所有者。' },
    'code-e-mailed': { title: '已发送邮件', info: '邮件服务器已接收发给所有者的邮件。' },
    'code-e-mail-delayed': { title: '邮件延迟', failed: '尚无法将发给所有者的邮件交给邮件服务器，将会重试。' },
    'code-e-mail-failed': { title: '邮件发送失败', failed: '已放弃发送给所有者的邮件。' },
    'code-e-mail-cancelled': { title: '邮件未发送', info: '发给所有者的邮件已不再需要。' },
    reset: { title: '重置', info: '已请求电话重置。' },
    restart: { title: '重新启动', info: '已请求电话重新启动。' },
  },
  reasons: reasonsZh,
  unknownStep: (step) => ({ title: step }),
  unknownReason: (reason) => ({ cause: `给出的原因是 ${reason}。`, remedy: '请在节点的日志中查找。' }),
};
