import type { cloudEn } from '../en/cloud.ts';
import type { SentenceText } from '../sentence.ts';

export const cloudZh: Readonly<Record<keyof typeof cloudEn, SentenceText>> = {
  allocation_unknown: ['群集没有该定位符，或已将其释放。', ''],
  'certificate_not_a_ca.root': ['只有证书颁发机构的证书才能用于验证电话。', '请上传厂商的根证书，而不是电话的证书。'],
  'certificate_unreadable.one': ['这不是恰好一个 X.509 证书。', '请上传一个 PEM 文本或 DER（base64）格式的证书。'],
  client_certificate_not_accepted: ['客户端证书不属于此处的群集，或已失效。', '请使用新的凭证重新登记该群集。'],
  cluster_suspended: ['云运营者已暂停此群集。', '请联系云运营者。'],
  csr_not_accepted: [
    '无法接受证书请求：{why}。',
    '请发送由其自身密钥签名的 PKCS #10 请求：ECDSA P-256 或 P-384，或 2048 到 4096 位的 RSA。',
  ],
  idempotency_conflict: ['此幂等键已用于另一数量。', '请为每个请求使用单独的键。'],
  'invalid_value.cursor': ['该位置标识不属于此列表。', '请使用上一页的 nextCursor，或不填写。'],
  limits_not_accepted: ['定位符范围为空：{first} 到 {last}。', '请同时更正两者。'],
  'limits_not_accepted.hour_above_day': ['一部电话每小时的查询次数不能多于每天：{hour} 和 {day}。', '请同时更正两者。'],
  locators_exhausted: ['云目前没有空闲的定位符。', '请稍后重试；云运营者可以缩短隔离期或扩大范围。'],
  manufacturer_root_already_there: ['此证书已存在。', ''],
  quota_exceeded: ['该群集最多可有 {quota} 个使用中的定位符。', '请释放不需要的代码，或向云运营者申请更高的配额。'],
  settings_not_accepted: ['通过云自行激活需要激活域。', '请先选择移动和远程访问激活域。'],
  trust_not_accepted: [
    'PhoneEdge-trust 中的证书 {place} 既不是证书颁发机构的证书，也不是自签名证书。',
    '请在群集上更正 PhoneEdge-trust：它包含为 Expressway-E 证书签名的机构的证书，或其自签名证书。',
  ],
  'trust_not_accepted.critical': [
    'PhoneEdge-trust 中的证书 {place} 包含电话不认识的关键扩展。',
    '请在群集上更正 PhoneEdge-trust：它包含为 Expressway-E 证书签名的机构的证书，或其自签名证书。',
  ],
  'trust_not_accepted.ended': [
    'PhoneEdge-trust 中的证书 {place} 已过期。',
    '请在群集上更正 PhoneEdge-trust：它包含为 Expressway-E 证书签名的机构的证书，或其自签名证书。',
  ],
  'trust_not_accepted.twice': [
    'PhoneEdge-trust 中的证书 {place} 出现了两次。',
    '请在群集上更正 PhoneEdge-trust：它包含为 Expressway-E 证书签名的机构的证书，或其自签名证书。',
  ],
  'trust_not_accepted.unreadable': [
    'PhoneEdge-trust 中的证书 {place} 不是 X.509 证书。',
    '请在群集上更正 PhoneEdge-trust：它包含为 Expressway-E 证书签名的机构的证书，或其自签名证书。',
  ],
  'trust_not_accepted.weak_hash': [
    'PhoneEdge-trust 中的证书 {place} 的签名所用散列算法太弱。',
    '请在群集上更正 PhoneEdge-trust：它包含为 Expressway-E 证书签名的机构的证书，或其自签名证书。',
  ],
  'trust_not_accepted.weak_key': [
    'PhoneEdge-trust 中的证书 {place} 的密钥太弱。',
    '请在群集上更正 PhoneEdge-trust：它包含为 Expressway-E 证书签名的机构的证书，或其自签名证书。',
  ],
  trust_version_stale: ['云已有 PhoneEdge-trust 的版本 {version}。', '请发送更高的版本。'],
  unknown_cluster: ['此处没有该群集。', '请查看已登记群集的列表。'],
  unknown_manufacturer_root: ['此处没有该厂商根证书。', '请查看厂商根证书列表。'],
  unknown_voucher: ['没有该凭证。', ''],
  'version_conflict.it': ['在此期间已被他人更改。', '请重新读取后再次更改。'],
  voucher_already_used: ['凭证已被使用，或已过期。', '要收回由其授予的内容，请移除或暂停该群集。'],
  voucher_not_accepted: ['凭证无效：不认识、已使用、已撤销或已过期。', '请向云运营者索取新的凭证，并在有效期内使用。'],
  'wrong_password.bare': ['当前密码错误。', ''],
};
