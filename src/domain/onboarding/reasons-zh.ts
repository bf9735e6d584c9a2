import { outsideReasonsZh } from './reasons-outside-zh.ts';
import type { OnboardingReason } from './steps.ts';
import type { ReasonText } from './texts.ts';

const mismatch = '请确认用户面前的电话就是预配置的那一部。';
const restart = '请重新启动电话，使其再次获取配置。';

export const reasonsZh: Readonly<Record<OnboardingReason, ReasonText>> = {
  bad_request: {
    cause: '电话发送了本系统无法理解的消息。',
    remedy: '请更新电话的固件。如果已是最新，请保留事件的参考号以供调查。',
  },
  unsupported_suite: {
    cause: '电话使用另一版本的激活握手。',
    remedy: '请更新电话的固件或本系统，使双方都使用 AC-SRP-1。',
  },
  mic_required: {
    cause: '电话没有出示厂商预装证书 (MIC)。',
    remedy: '只有带有厂商证书的电话才能通过激活代码自行激活。请改用 MAC 地址配置此电话。',
  },
  mic_untrusted: {
    cause: '电话的证书无法追溯到此处受信任的厂商根证书。',
    remedy: '请将厂商根证书和中间证书上传到 CallManager 信任存储区。如果已存在，则电话不是正品。',
  },
  mic_expired: {
    cause: '电话的证书已过期。',
    remedy: '请在 CallManager 信任存储区中为厂商根证书设置有期限的过期证书例外，或更换电话。',
  },
  mic_not_yet_valid: { cause: '电话的证书尚未生效。', remedy: '请检查本系统的时钟：可能走慢了。' },
  mic_revoked: {
    cause: '电话在拒绝列表中，或其厂商已吊销其证书或上级机构的证书。',
    remedy: '请勿让此电话激活。如果是误拒，请将其从拒绝列表中移除；厂商的吊销由其下一个吊销列表解除。',
  },
  mic_subject_invalid: {
    cause: '证书未指明一个受支持的型号和一个 MAC 地址。',
    remedy: '此电话不是可通过代码激活的型号，或其证书不是正品。',
  },
  mic_purpose: {
    cause: '该证书不是为电话证明自身身份而颁发的。',
    remedy: '电话出示了错误的证书：请重置其安全设置，或更换电话。',
  },
  mic_weak: {
    cause: '证书使用的算法或密钥长度不再安全。',
    remedy: '如果已知该型号带有 SHA-1 证书，请在 CallManager 信任存储区中将其根证书标记为允许 SHA-1；否则请更换电话。',
  },
  mic_proof_invalid: {
    cause: '电话知道代码，但无法证明其持有证书的密钥。',
    remedy: '请将此电话视为非正品。释放代码，并为另一部电话生成新的代码。',
  },
  code_not_accepted: {
    cause: '代码未被接受：错误、未知或已锁定。',
    remedy: '请将数字与此电话的代码核对后重新输入。如果失败，请释放代码并生成新的代码。',
  },
  session_expired: {
    cause: '电话在两个步骤之间耗时过长。',
    remedy: '请重新输入代码。如果再次发生，请检查电话与节点之间的网络。',
  },
  session_channel_mismatch: {
    cause: '电话在与开始时不同的连接上作出响应。',
    remedy: '请重新输入代码。如果再次发生，则电话与节点之间有设备拆开了 TLS 连接。',
  },
  rate_limited: { cause: '短时间内来自此地址的请求过多。', remedy: '请等待一分钟；电话会自动重试。' },
  mic_proofs_used_up: {
    cause: '此电话在一天内有 30 次证明失败（无论用的是哪些代码）。',
    remedy: '如果有人用它尝试代码，请拒绝其证书。如果是误操作，请在“被拒绝的证书”页面清除其失败记录。',
  },
  busy: {
    cause: '激活服务过载，或未在此节点上激活。',
    remedy: '电话会自动重试。请确认设备激活服务至少在一个节点上已激活。',
  },
  internal: { cause: '本系统发生错误。', remedy: '请重新输入代码。如果再次发生，请查看节点的日志。' },
  code_expired: {
    cause: '代码正确，但已过期。',
    remedy: '请释放激活代码并生成新的代码。代码的有效时间由“激活生存时间（小时）”设置。',
  },
  code_already_used: {
    cause: '代码已被另一部电话使用。',
    remedy: '代码只能使用一次。如果被错误的电话使用，请清空记录的 MAC 地址并生成新的代码。',
  },
  code_released: {
    cause: '代码在输入之前已被管理员释放。',
    remedy: '请将当前有效的代码提供给用户；如果没有，请生成一个。',
  },
  model_mismatch: {
    cause: '代码是为另一型号生成的。',
    remedy: `${mismatch}记录的型号必须与电话的型号相同；否则请添加正确型号的电话。`,
  },
  mac_mismatch: {
    cause: '代码是为某一部特定电话生成的，而这是另一部。',
    remedy: `${mismatch}若要允许该型号的任何电话，请清空记录的 MAC 地址；届时会生成新的代码。`,
  },
  mode_not_allowed: {
    cause: '电话的接入方式（现场或移动和远程访问）不允许使用该代码。',
    remedy: '对于外部电话，请选中“允许通过移动和远程访问使用激活代码”；对于现场电话则不选。',
  },
  device_name_conflict: {
    cause: '另一条记录已使用此电话的 MAC 地址。',
    remedy: '请删除另一条记录，或使用其代码。已输入的代码仍然有效。',
  },
  device_disabled: { cause: '电话的记录已禁用。', remedy: '请启用电话，然后让用户重新输入代码。' },
  code_length: { cause: '代码不是 16 位数字。', remedy: '请输入全部 16 位数字。' },
  code_check_digit: { cause: '代码中有一位数字输入错误。', remedy: '请核对数字并重新输入代码。' },
  server_proof_failed: {
    cause: '服务器无法向电话证明其知道代码。',
    remedy: '电话可能正在与冒充您系统的设备通信。请检查其 TFTP 设置和网络。',
  },
  trust_mismatch: {
    cause: '电话最初被告知应信任的内容与群集实际使用的不一致。',
    remedy: '请检查网络中是否有其他 TFTP 服务器，并确认节点的证书在信任列表中。',
  },
  cloud_unreachable: { cause: '电话无法连接到云激活服务。', remedy: '请检查电话所在位置的互联网访问、DNS 和代理。' },
  edge_unreachable: { cause: '电话无法连接到 Expressway-E。', remedy: '请检查激活域的 SRV 记录和防火墙。' },
  code_unknown: {
    cause: '没有以所输入数字开头的代码。',
    remedy: '请将数字与此电话的代码核对。电话本身只会得知代码未被接受。',
  },
  code_wrong: {
    cause: '有以此开头的代码，但其余部分错误。',
    remedy: '请将数字与此电话的代码核对。错误尝试过多后代码会锁定。',
  },
  code_locked: { cause: '错误尝试过多，代码已锁定。', remedy: '请释放激活代码并生成新的代码。请了解是否有人在猜测。' },
  service_off: { cause: '设备激活服务未在此节点上激活。', remedy: '请在“服务激活”中激活。' },
  file_not_found: { cause: '此处没有该文件。', remedy: '请上传固件负载，或在“设备默认值”中更正负载名称。' },
  phone_locked: {
    cause: '电话必须先输入其激活代码。',
    remedy: '请让用户输入代码，或取消选中“需要用于自行激活的激活代码”。',
  },
  not_provisioned: {
    cause: '没有带有此电话 MAC 地址的记录。',
    remedy: '如果电话正在等待激活代码，则一切正常；否则请添加电话。',
  },
  transfer_timeout: { cause: '电话在文件传输中途停止响应。', remedy: '请检查电话与节点之间的网络。' },
  certificate_unknown: {
    cause: '该证书不属于此群集。',
    remedy: '如果应该属于，请将其添加到信任存储区；否则有人向电话出示了外来证书。',
  },
  unknown_device: { cause: '没有该名称的设备。', remedy: '请添加电话；如果其记录已重命名，请重新启动电话。' },
  record_exists: {
    cause: '该电话可以自动注册，但带有其 MAC 地址的记录已存在，并且正在等待激活代码。',
    remedy: '请删除现有记录，然后重新启动电话；或者让用户输入激活代码。',
  },
  auto_registration_off: {
    cause: '该电话没有记录，其型号设置为自动注册，但自动注册已关闭。',
    remedy: '请添加电话；或在一个 Call Manager 组中选中自动注册，并为其第一个节点指定目录号码范围。',
  },
  auto_registration_elsewhere: {
    cause: '电话尝试向 Call Manager 组中并非第一个活动节点的节点自动注册。',
    remedy: '如果电话随后找到第一个节点，则一切正常；否则请检查电话能否访问该节点。',
  },
  auto_registration_numbers_used_up: {
    cause: '自动注册范围内的所有目录号码均已使用。',
    remedy: '请扩大节点的范围，或删除不再需要的电话。',
  },
  auto_registration_profile: {
    cause: '自动注册的通用设备模板为电话指定了该电话无法使用的安全性配置文件。',
    remedy: '请选择带有安全配置文件的模板（用于出示证书的电话），或不使用摘要式身份验证的非安全配置文件。',
  },
  taps_no_record: {
    cause: '没有为所输入的目录号码准备电话。',
    remedy: '请将号码与 BAT 记录核对；该记录必须尚无 MAC 地址。',
  },
  taps_ambiguous: {
    cause: '有多部已准备的同型号电话使用所输入的目录号码。',
    remedy: '请在正确的记录中手动填写 MAC 地址。',
  },
  taps_model: {
    cause: '为该目录号码准备的电话是另一种型号。',
    remedy: '请使用所准备型号的电话，或为此型号准备记录。',
  },
  taps_profile: {
    cause: '所准备的电话使用带摘要式身份验证的安全性配置文件，而 TAPS 无法将密码交给电话。',
    remedy: '请为所准备的电话指定安全配置文件，或不使用摘要式身份验证的配置文件。',
  },
  taps_code_required: {
    cause: '所准备的电话需要激活代码或已禁用；TAPS 不能绕过这一要求。',
    remedy: '请让用户输入代码，或取消选中“需要用于自行激活的激活代码”；请启用该电话。',
  },
  taps_pin: {
    cause: '所输入的目录号码与 PIN 不匹配。',
    remedy: '请检查所准备电话的所有者；如果忘记 PIN，请为其设置新的 PIN。',
  },
  taps_no_pin: {
    cause: '所准备的电话没有所有者，或其所有者没有 PIN，而 TAPS 已启用安全模式。',
    remedy: '请设置所准备电话的所有者以及该用户的 PIN。',
  },
  taps_too_many: {
    cause: '从此电话或针对此目录号码的错误输入过多。',
    remedy: '请等待一小时，或在记录中手动填写 MAC 地址。',
  },
  taps_not_auto_registered: {
    cause: '呼叫 TAPS 的电话不是自动注册的电话。',
    remedy: 'TAPS 仅用于自动注册的电话；请在管理界面中更改此电话。',
  },
  taps_no_input: {
    cause: '长时间未输入任何内容。',
    remedy: '请再次呼叫。如果按过按键，请检查电话是否通过 RFC 4733、SIP INFO 或 KPML 发送 DTMF。',
  },
  taps_hung_up: { cause: '呼叫者在结束之前挂断。', remedy: '请再次呼叫。' },
  taps_media: {
    cause: '无法应答呼叫：电话未提供 TAPS 支持的音频（G.711，不加密或带 SRTP 密钥），或没有空闲端口。',
    remedy: '请在电话上允许 G.711，并检查 TAPS Service 的媒体端口。',
  },
  taps_failed: {
    cause: '更改记录时出现故障。',
    remedy: '请先查看记录；请再次呼叫；如果再次发生，请查看节点的日志。',
  },
  taps_stopped: { cause: '节点在呼叫期间停止。', remedy: '请再次呼叫。' },
  digest_failed: {
    cause: '注册的用户名或密码错误。',
    remedy: '请重新启动电话，使其再次获取凭证；如果无效，请生成新的激活代码。',
  },
  certificate_mismatch: {
    cause: '电话出示的证书不属于其注册的设备。',
    remedy: '请将记录的 MAC 地址与电话上的标签核对。',
  },
  certificate_required: { cause: '电话注册时未出示其安全性配置文件所要求的证书。', remedy: restart },
  certificate_refused: {
    cause: '电话注册时出示的证书在此处不被接受。',
    remedy: '请确认其厂商根证书在 CallManager 信任存储区中，且电话既不在拒绝列表中，也未被其厂商吊销。',
  },
  transport_not_allowed: { cause: '电话使用了其安全性配置文件不允许的传输方式。', remedy: restart },
  aor_not_of_device: {
    cause: '电话尝试注册不属于其线路的目录号码。',
    remedy: '请将该线路添加到电话，或重新启动电话，使其再次获取配置。',
  },
  registered_elsewhere: {
    cause: '该设备已从另一地址注册。',
    remedy: '请检查是否有第二部电话或客户端使用相同的设备名称。',
  },
  too_many_contacts: {
    cause: '电话尝试一次注册过多地址。',
    remedy: '请重置电话；如果仍然如此，则有其他设备在使用其名称。',
  },
  too_many_wrong_passwords: {
    cause: '从该电话注册所用的地址收到了过多错误密码。',
    remedy: '如果是电话本身所致，请生成新的激活码或重新设置其摘要密码；否则请查明是谁从该地址猜测密码。',
  },
  star_without_zero: {
    cause: '电话使用“Contact: *”请求了结束注册以外的操作。',
    remedy: '请更新电话的固件，或改用符合 RFC 3261 的客户端。',
  },
  out_of_order: {
    cause: '较旧的注册请求在较新的请求之后到达。',
    remedy: '如果只有一次，则无需处理；否则请检查电话与节点之间的网络。',
  },
  interval_too_brief: {
    cause: '电话请求的注册时间短于允许的时间。',
    remedy: '请在电话的 SIP 配置文件中提高注册计时器。',
  },
  moved_to_other_node: {
    cause: '电话已改为向群集的另一个节点注册。',
    remedy: '无需处理。如果电话在节点之间反复切换，请检查它离开的那个节点。',
  },
  connection_lost: { cause: '电话的连接中断。', remedy: '如果电话恢复，则无需处理；否则请检查其电源和网络。' },
  ended_by_system: {
    cause: '注册在此处结束：电话被锁定、重命名、禁用或删除。',
    remedy: '请查看之前对电话做了哪些更改。',
  },
  expired: { cause: '电话未及时刷新其注册。', remedy: '请检查电话的电源和网络。' },
  mail_not_set_up: {
    cause: '此处未设置电子邮件。',
    remedy: '请设置企业参数“SMTP 服务器”和“电子邮件发件人地址”。',
  },
  mail_server_unreachable: {
    cause: '邮件服务器没有应答。',
    remedy: '请检查企业参数“SMTP 服务器”和“SMTP 端口”，以及邮件服务器是否在运行。邮件会等待并重试。',
  },
  mail_tls_failed: {
    cause: '无法与邮件服务器建立加密连接。',
    remedy: '请检查“SMTP 连接安全性”，并确认每个节点的操作系统都信任邮件服务器的证书。',
  },
  mail_login_refused: {
    cause: '邮件服务器拒绝了用户或密码。',
    remedy: '请检查企业参数“SMTP 用户”，并重新设置密码。',
  },
  mail_sender_refused: {
    cause: '邮件服务器不接受来自我们发件人地址的邮件。',
    remedy: '请检查企业参数“电子邮件发件人地址”以及邮件服务器允许的内容。',
  },
  mail_server_busy: {
    cause: '邮件服务器要求稍后再试。',
    remedy: '无需处理：系统会重试。',
  },
  mail_recipient_refused: {
    cause: '邮件服务器不认识所有者的地址。',
    remedy: '请更正用户的电子邮件地址，然后重新发送邮件。',
  },
  mail_message_refused: {
    cause: '邮件服务器拒绝了该邮件。',
    remedy: '请查看邮件服务器的答复及其邮件规则。',
  },
  not_confirmed: {
    cause: '代码已兑换，但电话在两分钟内没有确认其已接受所获得的内容。',
    remedy:
      '请查看电话。如果电话显示服务器不受信任 (trust_mismatch)，请检查其网络中是否有外来 TFTP 服务器。否则请重新启动电话，或为其生成新的代码。',
  },
  mail_address_missing: {
    cause: '电话的所有者没有电子邮件地址。',
    remedy: '请输入用户的电子邮件地址，然后重新发送邮件。',
  },
  mail_address_invalid: {
    cause: '所有者的电子邮件地址不是单个普通邮箱。',
    remedy: '请更正用户的电子邮件地址，然后重新发送邮件。',
  },
  mail_code_used: {
    cause: '激活代码在邮件发送之前已被使用。',
    remedy: '无需处理。',
  },
  mail_code_ended: {
    cause: '激活代码在邮件发送之前已被释放、替换或锁定。',
    remedy: '请发送带有新激活代码的邮件。',
  },
  mail_code_expired: {
    cause: '激活代码在邮件发送之前已过期。',
    remedy: '请释放激活代码，生成新代码并发送。',
  },
  mail_owner_changed: {
    cause: '在邮件发送之前，电话已分配给他人或不再有所有者。',
    remedy: '如果新所有者应获得代码，请重新发送邮件。',
  },
  mail_owner_unconfirmed: {
    cause: '电话的所有者，或该用户的密码或电子邮件地址，由无权查看激活代码的人员设置。',
    remedy: '请由有权查看激活代码的人员在电话页面上确认所有者，然后重新发送邮件。',
  },
  mail_hand_over_closed: {
    cause: '此处的邮件不包含激活代码，自助门户也不显示代码。',
    remedy: '请将“电子邮件包含激活代码”或“显示电话已做好准备激活”设置为 true。',
  },
  ...outsideReasonsZh,
};
