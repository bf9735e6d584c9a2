import type { edgeEn } from '../en/edge.ts';
import type { SentenceText } from '../sentence.ts';

export const edgeZh: Readonly<Record<keyof typeof edgeEn, SentenceText>> = {
  activation_needs_oauth: [
    '激活代码自行激活需要“通过可刷新的 OAuth 令牌授权”。',
    '请同时打开它，或先关闭激活代码自行激活。',
  ],
  certificate_chain_broken: [
    '证书 {issuer} 不是证书 {place} 的颁发者。',
    '请将每个证书放在其颁发者之前，并去掉无关的证书。',
  ],
  certificate_expired: ['证书 {place} 已于 {since} 过期。', '请向其颁发者索取新证书。'],
  certificate_not_for_key: [
    '第一个证书不属于此 Expressway-E 的密钥。',
    '请让颁发机构签署此页面显示的签名请求，并将该证书放在最前。',
  ],
  'certificate_unreadable.none': ['此文本中没有证书。', '请粘贴证书及其颁发者，各带 BEGIN 和 END 行。'],
  'certificate_unreadable.one_of_them': ['其中一个证书无法读取。', '请粘贴带有 BEGIN 和 END 行的 PEM 文本。'],
  'certificate_unreadable.too_many': ['此文本中的证书超过 {most} 个。', '请只粘贴该证书及其所需的颁发者。'],
  cluster_not_trusted: [
    '{url} 未出示此群集的证书：{message}',
    '请检查地址，以及所给的颁发机构是否为此群集的颁发机构。',
  ],
  'cluster_not_trusted.no_authority': [
    '该节点未出示其颁发机构。',
    '请导出群集的颁发机构（cluster-ca.pem，或 ITL 页面）并粘贴到此处。',
  ],
  cluster_refused: ['该地址的应答不是 Unified CM 节点的应答。', '请给出节点管理界面的 HTTPS 地址。'],
  'cluster_refused.said': ['群集的说明：{message}', '请检查地址，以及该用户是否可更改系统。'],
  'cluster_refused.status': ['节点应答状态 {status}。', '请检查地址，以及该用户是否可更改系统。'],
  cluster_unknown: ['此处没有群集 {id}。', '请查看此 Expressway-C 的群集列表。'],
  cluster_unreachable: ['无法连接到 {url}：{message}', '请检查地址以及防火墙是否允许 Expressway-C 访问。'],
  'cluster_unreachable.no_node': [
    '群集已接受此 Expressway-C，但没有节点在为其准备的端口上应答。',
    '请检查防火墙是否允许 Expressway-C 访问节点的端口 8444 (edgeAccess)。',
  ],
  controller_unknown: ['此处没有名为 {name} 的 Expressway-C。', '请查看与此 Expressway-E 配对的列表。'],
  domain_invalid: ['“{text}”不是域名。', '请按 mra.example.org 的形式填写。'],
  edge_unknown: ['此处没有名为 {name} 的 Expressway-E。', '请查看与此 Expressway-C 配对的列表。'],
  edge_unreachable: [
    '无法连接 Expressway-E：{message}',
    '请检查防火墙是否允许本主机访问 Expressway-E 的隧道端口，以及配对文本是否来自该 Expressway-E。',
  ],
  pairing_refused: ['{name} 不接受此配对文本。', '文本仅可使用一次且 15 分钟内有效：请在 Expressway-E 上重新生成。'],
  pairing_text_expired: ['{name} 的配对文本已过期。', '请在 Expressway-E 上重新生成，并在 15 分钟内使用。'],
  pairing_text_invalid: [
    '这不是 Expressway-E 的配对文本。',
    '请复制 Expressway-E 显示的完整文本；它以 FREDGE1. 开头。',
  ],
  state_unreadable: [
    '{path} 的内容不是此角色所保存的内容。',
    '请从备份中恢复该文件，或将其移走以重新开始（需要重新配对）。',
  ],
  'version_conflict.mra_access': ['移动和远程访问控制在此期间已被他人更改。', '请重新读取，确认仍有必要后再次更改。'],
};
