import type { mraEn } from '../en/mra.ts';
import type { SentenceText } from '../sentence.ts';

export const mraZh: Readonly<Record<keyof typeof mraEn, SentenceText>> = {
  activation_domain_invalid: [
    '“{text}”不是域。',
    '请写成 mra.example.org 的形式：至少两个由字母、数字和连字符组成的部分。',
  ],
  activation_domain_missing: [
    '通过云进行激活代码自行激活需要移动和远程访问激活域。',
    '请输入其 _collab-edge._tls SRV 记录将电话引导至您的 Expressway-E 的域。',
  ],
  'activation_domain_missing.in_use': [
    '通过云进行激活代码自行激活需要移动和远程访问激活域。',
    '请先取消选中“通过云启用激活代码自行激活”，或指定另一个域。',
  ],
  already_enrolled: ['此群集已登记。', '请先断开与云的连接。'],
  'already_enrolled.address': ['此群集已在该地址的云中登记。', '请先断开与云的连接。'],
  certificate_unfit: [
    '电话无法使用此证书：它既不是证书颁发机构的证书，也不是自签名证书。',
    '请上传为 Expressway-E 证书签名的机构的证书。',
  ],
  'certificate_unfit.critical': [
    '电话无法使用此证书：它包含电话不认识的关键扩展。',
    '请上传为 Expressway-E 证书签名的机构的证书。',
  ],
  'certificate_unfit.ended': ['电话无法使用此证书：它已过期。', '请上传为 Expressway-E 证书签名的机构的证书。'],
  'certificate_unfit.twice': ['电话无法使用此证书：它出现了两次。', '请上传为 Expressway-E 证书签名的机构的证书。'],
  'certificate_unfit.unreadable': [
    '电话无法使用此证书：它不是 X.509 证书。',
    '请上传为 Expressway-E 证书签名的机构的证书。',
  ],
  'certificate_unfit.weak_hash': [
    '电话无法使用此证书：其签名所用的散列算法太弱。',
    '请上传为 Expressway-E 证书签名的机构的证书。',
  ],
  'certificate_unfit.weak_key': ['电话无法使用此证书：其密钥太弱。', '请上传为 Expressway-E 证书签名的机构的证书。'],
  'certificate_unreadable.expressway': ['这不是一个 X.509 证书。', '请以 PEM 格式提供 Expressway-C 的客户端证书。'],
  cloud_address_invalid: ['“{text}”不是地址。', '请写成 https://cloud.example.org:9447 的形式。'],
  cloud_address_missing: ['尚未设置云的地址。', '请在“云自行激活”页面输入，例如 https://cloud.example.org:9447。'],
  cloud_answer_unreadable: [
    '{address} 上的应答者不是激活服务。',
    '请检查该地址是否为激活服务的地址，以及是否有代理在代其应答。',
  ],
  'cloud_answer_unreadable.because': [
    '无法读取云的应答：{message}。',
    '请检查该地址是否为激活服务的地址，以及是否有代理在代其应答。',
  ],
  'cloud_answer_unreadable.said': [
    '云的说明：{message}',
    '请检查该地址是否为激活服务的地址，以及是否有代理在代其应答。',
  ],
  'cloud_answer_unreadable.status': [
    '应答（状态 {status}）不是激活服务的应答。',
    '请检查该地址是否为激活服务的地址，以及是否有代理在代其应答。',
  ],
  'cloud_answer_unreadable.too_long': [
    '云的应答过长。',
    '请检查该地址是否为激活服务的地址，以及是否有代理在代其应答。',
  ],
  cloud_authority_unreadable: ['这不是证书的 PEM 文本。', '请粘贴云的证书颁发机构的 PEM，包括 BEGIN 和 END 行。'],
  'cloud_busy.said': ['云的说明：{message}', '无需操作：此群集会自动重试。'],
  'cloud_failed.said': ['云的说明：{message}', '请通知云运营者；此群集会自动重试。'],
  cloud_identity_refused: ['{address} 拒绝此群集的证书。', '请断开与云的连接，向云运营者申请新的凭证，然后重新登记。'],
  'cloud_identity_refused.said': ['云的说明：{message}', '请断开与云的连接，向云运营者申请新的凭证，然后重新登记。'],
  'cloud_refused.said': ['云的说明：{message}', '请将云的说明告知云运营者。'],
  cloud_unreachable: [
    '无法连接到 {address}：{message}。',
    '请检查云的地址、名称解析，以及防火墙是否允许此节点向其打开连接。网络内部的工作不受影响。',
  ],
  'cloud_unreachable.proxy': [
    '云前面的代理应答 {status}。',
    '请检查云的地址、名称解析，以及防火墙是否允许此节点向其打开连接。网络内部的工作不受影响。',
  ],
  'cloud_unreachable.said': [
    '云的说明：{message}',
    '请检查云的地址、名称解析，以及防火墙是否允许此节点向其打开连接。网络内部的工作不受影响。',
  ],
  cloud_untrusted: [
    '{address} 的证书不受信任：{message}。',
    '请在“云自行激活”页面提供云的证书颁发机构，或使用带有其指纹的凭证。',
  ],
  'cloud_untrusted.pin': [
    '该地址的服务器不属于凭证所指的证书颁发机构。',
    '请在“云自行激活”页面提供云的证书颁发机构，或使用带有其指纹的凭证。',
  ],
  'cloud_untrusted.said': ['云的说明：{message}', '请在“云自行激活”页面提供云的证书颁发机构，或使用带有其指纹的凭证。'],
  'cluster_suspended.said': ['云的说明：{message}', '请向云运营者询问此群集为何被暂停。'],
  'edge_trust_not_accepted.said': [
    '云的说明：{message}',
    '请检查 PhoneEdge-trust 中的证书：最多 20 个，总共不超过 64 KiB。',
  ],
  'edge_trust_version_stale.said': ['云的说明：{message}', '无需操作：证书会自动重新发送。'],
  expressway_not_found: ['没有此 Expressway-C。', '请重新查看 Expressway-C 列表。'],
  grant_not_found: ['{name} 没有这样的令牌。', '请重新查看其令牌列表；令牌可能已经结束。'],
  'invalid_value.domain': [
    '“{domain}”不是域。',
    '请写成 emea.example.org 的形式，或其 SRV 记录 _collab-edge._tls.emea.example.org。',
  ],
  'locator_quota_exceeded.said': ['云的说明：{message}', '请释放无人需要的代码，或向云运营者申请更大的配额。'],
  mra_onboarding_forced: [
    '当设备默认设置使用自动注册 ({autoRegistrationModels}) 时，“允许移动和远程访问自行激活”保持选中：这些电话只能通过移动和远程访问获得激活代码。',
    '请先将这些型号的“现场自行激活方法”设为激活代码，或取消选中“通过云启用激活代码自行激活”。',
  ],
  'name_taken.expressway': ['已有名为 {name} 的 Expressway-C。', '请先移除旧条目，或为该 Expressway-C 使用其他名称。'],
  no_token_key: ['没有用于签发访问令牌的密钥。', ''],
  not_enrolled: ['此群集未在云中登记。', '请在“云自行激活”页面单击“生成凭证”，或粘贴运营者提供的凭证。'],
  trust_store_full: [
    'PhoneEdge-trust 最多容纳 {most} 个证书，总共不超过 {size} KiB：电话必须能够保存它们。',
    '请删除不再有 Expressway 使用的证书。',
  ],
  'version_conflict.cloud': ['云自行激活的设置在此期间已被他人更改。', '请重新读取后再次更改。'],
  'voucher_needed.said': ['云的说明：{message}', '请向云运营者索取凭证，并粘贴到此处。'],
  'voucher_not_accepted.said': ['云的说明：{message}', '凭证在 24 小时内可使用一次。请向云运营者索取新的凭证。'],
  voucher_unreadable: ['这不是云激活服务的凭证。', '请复制完整的凭证；它以 fsv1. 开头。'],
  'voucher_unreadable.said': ['云的说明：{message}', '请复制完整的凭证；它以 fsv1. 开头。'],
};
