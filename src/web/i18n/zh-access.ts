/** Expressway-C and access tokens. */
export const zhAccess = {
  'nav.expressways': 'Expressway-C',
  'kind.expressway': 'Expressway-C',
  'kind.oauth-grant': '电话的令牌',
  'kind.oauth-key': '访问令牌的密钥',
  'auditAction.expressway.added': '已添加 Expressway-C',
  'auditAction.expressway.removed': '已移除 Expressway-C',
  'auditAction.oauth-grant.revoked': '已撤销电话的令牌',
  'auditAction.oauth-key.made': '已生成访问令牌的密钥',

  'expressway.lead': '外部电话经由它们接入。每台仅凭其证书识别，并且只能请求其电话所需的内容。',
  'expressway.none': '尚无 Expressway-C',
  'expressway.noneText':
    '请打开 Expressway-C 的控制台，转至 Unified CM 服务器，并在那里添加本群集：输入任一节点的地址以及管理员的用户名和密码（仅使用一次）。之后它会显示在此处。',
  'expressway.added': '添加时间',
  'expressway.addedBy': '{{when}}，由 {{who}} 添加',
  'expressway.certificate': '证书 (SHA-256)',
  'expressway.subject': '主题',
  'expressway.notAfter': '证书到期',
  'expressway.remove': '移除',
  'expressway.removeTitle': '移除 {{name}}？',
  'expressway.removeText': '其连接将立即关闭。经由它接入的电话会失去注册，直到找到其他接入途径。',
  'expressway.removed': '已移除。',

  'oauthKey.title': '访问令牌的密钥',
  'oauthKey.text':
    '访问令牌使用这些密钥签名。每 90 天生成一个新密钥；如果您认为密钥已泄露，请提前生成。此前签名的令牌在到期之前仍然有效。',
  'oauthKey.key': '密钥 {{number}}',
  'oauthKey.make': '生成新密钥',
  'oauthKey.made': '新密钥将在两分钟后开始签名，届时所有边缘均已获知。',
  'oauthKey.signsFrom': '自 {{when}} 起签名',
  'oauthKey.signsSoon': '将从 {{when}} 起签名',
  'oauthKey.acceptedUntil': '其令牌在 {{when}} 之前有效',
} as const;
