import type { OutsideReason } from './steps-outside.ts';
import type { ReasonText } from './texts.ts';

/** What stops a phone outside: Simplified Chinese. */
export const outsideReasonsZh: Readonly<Record<OutsideReason, ReasonText>> = {
  oauth_off: {
    cause: '外部电话使用令牌接入，而“带刷新登录流程的 OAuth”已关闭。',
    remedy: '请将企业参数“带刷新登录流程的 OAuth”设为已启用，然后重新输入激活代码。',
  },
  mra_activation_off: {
    cause: '整个群集已关闭从外部激活。',
    remedy: '请将设备激活服务的服务参数“启用移动和远程访问激活”设为“真”，然后重新输入激活代码。',
  },
  mra_not_allowed: {
    cause: '此电话的记录不允许从外部使用。',
    remedy: '请在电话上选中“允许通过移动和远程访问使用激活代码”，并生成新的激活代码。',
  },
  foreign_file: {
    cause: '电话请求了不属于它的文件。',
    remedy: '如果再次发生，请撤销该电话的令牌并查明电话在谁手中。',
  },
  token_required: {
    cause: '电话未出示访问令牌。',
    remedy: '请更新电话固件；如果仍不行，请使用新的激活代码重新激活电话。',
  },
  token_invalid: {
    cause: '访问令牌不是由本群集签发，或不属于此电话。',
    remedy: '请使用新的激活代码重新激活电话。',
  },
  token_expired: {
    cause: '访问令牌已过期。',
    remedy: '如果电话自行恢复，则无需处理；否则请检查电话、边缘和节点的时钟。',
  },
  token_revoked: {
    cause: '电话的令牌已被撤销。',
    remedy: '如果电话要再次从外部使用，请为其生成新的激活代码。',
  },
  token_wrong_certificate: {
    cause: '令牌所绑定的证书与电话出示的证书不同：令牌可能已被复制。',
    remedy: '请撤销该令牌所属电话的令牌，并重新激活该电话。',
  },
  token_wrong_audience: {
    cause: '访问令牌不用于此服务。',
    remedy: '请更新电话固件。',
  },
  refresh_reused: {
    cause: '刷新令牌被使用了两次：可能已被复制。电话的所有令牌均已撤销。',
    remedy: '请查明电话在谁手中，然后使用新的激活代码重新激活。',
  },
  refresh_expired: {
    cause: '电话离线的时间超过了其刷新令牌的有效期。',
    remedy: '请为电话生成新的激活代码。',
  },
};
