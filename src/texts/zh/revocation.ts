import type { revocationEn } from '../en/revocation.ts';
import type { SentenceText } from '../sentence.ts';

export const revocationZh: Readonly<Record<keyof typeof revocationEn, SentenceText>> = {
  crl_forged: ['吊销列表的签名不属于所述的颁发机构。', '请重新获取该列表。'],
  crl_issuer_unknown: [
    'CallManager 信任存储区中没有签发此吊销列表并通向厂商根证书的机构。',
    '请先将签发列表的机构的证书及其根证书上传到 CallManager 信任存储区。',
  ],
  'crl_issuer_unknown.not_allowed': [
    '签发此列表的机构的证书不允许签发列表（密钥用途 cRLSign）。',
    '请上传由颁发证书的机构签名的完整列表。',
  ],
  crl_not_newer: ['已有同样新或更新的吊销列表。', '请上传厂商最新的列表。要退回到较旧的列表，请先删除现有的列表。'],
  'crl_not_newer.number': [
    '现有的吊销列表（编号 {number}，{since}）同样新或更新。',
    '请上传厂商最新的列表。要退回到较旧的列表，请先删除现有的列表。',
  ],
  crl_reader_busy: ['同时读取的吊销列表过多。', '请在一分钟后重试。'],
  crl_too_large: [
    '一个列表最多 {size} MiB (DER)，列出 {entries} 个证书。',
    '请向厂商索取不含已过期证书的列表，或按部分（分发点）的列表。',
  ],
  'crl_too_large.together': [
    '所有吊销列表合计最多列出 {entries} 个证书，共 {lists} 个列表。',
    '请删除不再使用其电话的厂商的列表。',
  ],
  'crl_unfit.attribute_certificates': ['此列表只涉及属性证书。', '请上传由颁发证书的机构签名的完整列表。'],
  'crl_unfit.delta': ['这是增量列表：只列出更改的内容。', '请上传由颁发证书的机构签名的完整列表。'],
  'crl_unfit.future': ['此列表尚未生效。', '请检查此节点的时钟；否则请在生效后上传。'],
  'crl_unfit.indirect': ['这是间接列表：涉及其他机构的证书。', '请上传由颁发证书的机构签名的完整列表。'],
  'crl_unfit.removal': [
    '此列表含有原因为 removeFromCRL 的条目，只有增量列表才能含有。',
    '请上传由颁发证书的机构签名的完整列表。',
  ],
  'crl_unfit.unknown_extension': ['此列表含有未知的关键扩展。', '请上传由颁发证书的机构签名的完整列表。'],
  'crl_unfit.weak': [
    '此列表签名所用的密钥或散列算法太弱。',
    '请上传以 SHA-256 或更强算法签名的列表，或允许其根证书使用 SHA-1 签名 (legacySha1)。',
  ],
  crl_unreadable: ['这不是恰好一个证书吊销列表。', '请上传一个 DER 或 PEM 格式的列表 (RFC 5280)。'],
};
