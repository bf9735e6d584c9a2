import type { phonesEn } from '../en/phones.ts';
import type { SentenceText } from '../sentence.ts';

export const phonesZh: Readonly<Record<keyof typeof phonesEn, SentenceText>> = {
  busy_trigger_too_high: [
    '忙碌触发值 {busyTrigger} 高于最大呼叫数 {maxCalls}。',
    '请将忙碌触发值设为不高于最大呼叫数。',
  ],
  button_template_mismatch: [
    '电话按键模板“{template}”适用于 {templateModel}，不适用于 {model}。',
    '请选择 {model} 的模板，或不填写该字段以使用该型号的默认模板。',
  ],
  'button_template_mismatch.default': [
    '电话按键模板“{template}”适用于 {templateModel}，不适用于 {model}。',
    '请选择 {model} 的模板。',
  ],
  code_already_active: ['{name} 已有一个激活代码。', '请先释放激活代码，然后生成新的代码。'],
  'code_already_active.until': ['{name} 已有一个激活代码，有效期至 {until}。', '请先释放激活代码，然后生成新的代码。'],
  code_collision: ['准备好的代码在此期间已被占用。', '请重试。'],
  'code_withheld.yours': [
    '{name} 的激活代码不向您显示：为您准备电话或帐户的人员无权查看代码。',
    '请由有权查看激活代码的管理员确认此电话属于您。',
  ],
  common_phone_profile_not_found: ['没有通用电话配置文件“{name}”。', '请选择现有的通用电话配置文件，或先添加。'],
  'common_phone_profile_not_found.standard': [
    '标准通用电话配置文件已不存在。',
    '请在 {field} 中指定通用电话配置文件。',
  ],
  'database_unavailable.code_changing': ['该代码在兑换期间不断变化。', ''],
  device_exists: ['已有电话 {name}。', '请使用现有电话，或先删除其记录。要重新自动注册的电话也需要先删除旧记录。'],
  device_name_exhausted: ['未能找到空闲的 BAT 设备名称。', '请重试。'],
  device_pool_not_found: ['没有设备池“{name}”。', '请选择现有的设备池，或先添加。'],
  'device_pool_not_found.standard': ['标准设备池已不存在。', '请在 {field} 中指定设备池。'],
  device_template_not_found: ['没有通用设备模板“{name}”。', '请选择现有的通用设备模板，或先添加。'],
  'device_template_not_found.default': ['默认的通用设备模板已不存在。', '请在 {field} 中指定通用设备模板。'],
  directory_number_invalid: ['“{directoryNumber}”不是目录号码。', '请输入 1 到 24 位数字；允许使用 *、# 和开头的 +。'],
  line_duplicate: [
    '线路 {line} 与线路 {earlier} 相同：{directoryNumber}。',
    '同一线路在电话上只能出现一次。请移除其中之一，或使用另一个分区。',
  ],
  'line_duplicate.partition': [
    '线路 {line} 与线路 {earlier} 相同：分区 {partition} 中的 {directoryNumber}。',
    '同一线路在电话上只能出现一次。请移除其中之一，或使用另一个分区。',
  ],
  line_template_not_found: ['没有通用线路模板“{name}”。', '请选择现有的通用线路模板，或先添加。'],
  'line_template_not_found.default': ['默认的通用线路模板已不存在。', '请在 {field} 中指定通用线路模板。'],
  load_family_mismatch: [
    '{name} 不是 {model} 的固件；其固件加载以 {family} 开头。',
    '请选择以 {family} 开头的固件加载。',
  ],
  load_name_invalid: ['“{text}”不是固件加载的名称。', '请按发行说明书写，例如 {family}14-2-1-0101-7。'],
  mac_invalid: [
    '“{text}”不是电话的 MAC 地址。',
    '请输入电话或包装盒标签上的 12 位十六进制数字；留空则允许该型号的任何电话激活。',
  ],
  model_fixed: ['{name} 是 {model}；电话的型号不能更改。', '请删除此电话并添加另一型号的电话；其线路会保留。'],
  model_not_supported: ['{text} 无法自行激活；可自行激活的型号有 {models}。', '请选择受支持的型号。'],
  mra_needs_activation_code: [
    '“允许通过移动和远程访问使用激活代码”需要“需要用于自行激活的激活代码”。',
    '请同时选中两项，或都不选。',
  ],
  mra_service_domain_not_found: [
    '没有移动和远程访问服务域“{name}”。',
    '请选择一个移动和远程访问服务域，或留空：则使用设备池的域。',
  ],
  no_active_code: [
    '{name} 没有可输入的激活代码。',
    '请生成新的激活代码，或在选中“需要用于自行激活的激活代码”后保存电话。',
  ],
  'no_active_code.expired': [
    '{name} 的激活代码已于 {since} 过期。',
    '请先释放激活代码，然后生成新的代码。服务参数“激活生存时间（小时）”可设置更长的有效期。',
  ],
  no_live_code: ['电话没有可用的激活代码。', '请生成新的激活代码。'],
  no_owner_to_confirm: ['{name} 没有所有者。', '请先设置电话的所有者用户 ID。'],
  partition_not_found: ['没有分区“{name}”。', '请先添加该分区，或留空。'],
  phone_button_template_not_found: ['没有电话按键模板“{name}”。', '请选择现有的电话按键模板，或先添加。'],
  'phone_button_template_not_found.standard': ['标准电话按键模板已不存在。', '请在 {field} 中指定电话按键模板。'],
  phone_not_found: ['没有电话 {name}。', '请检查设备名称，或搜索电话列表。'],
  'phone_not_found.at_address': ['没有电话 {text}。', '请检查设备名称。'],
  'phone_not_found.id': ['没有该标识的电话。', '请搜索电话列表。'],
  'phone_not_found.not_a_name': ['没有电话“{text}”。', '设备名称为 SEP 或 BAT 加 12 位十六进制数字。'],
  'phone_not_found.not_yours': ['{name} 不是您的电话。', '请检查设备名称。'],
  'phone_not_found.renamed': ['{name} 现在的名称是 {today}。', '请使用 {today}。'],
  phone_security_profile_not_found: ['没有电话安全性配置文件“{name}”。', '请选择现有的电话安全性配置文件，或先添加。'],
  'phone_security_profile_not_found.standard': [
    '标准电话安全性配置文件已不存在。',
    '请在 {field} 中指定电话安全性配置文件。',
  ],
  reference_gone: ['电话引用的内容在此期间被删除。', '请选择其他内容并重试。'],
  renewal_not_due: ['{name} 的激活代码既未过期也未锁定。', '请使用现有的代码，或向管理员索取新的代码。'],
  self_care_closed: ['激活代码由管理员提供。', '请向管理员索取您电话的激活代码。'],
  sip_profile_not_found: ['没有 SIP 配置文件“{name}”。', '请选择现有的 SIP 配置文件，或先添加。'],
  'sip_profile_not_found.standard': ['标准 SIP 配置文件已不存在。', '请在 {field} 中指定 SIP 配置文件。'],
  too_many_lines: [
    '容纳不下 {lines} 条线路：电话按键模板“{template}”有 {buttons} 个线路按键。',
    '请移除线路，或选择有更多线路按键的电话按键模板。',
  ],
  too_many_renewals: ['一天内已为 {name} 生成 {most} 个代码。', '请向管理员索取新的代码。'],
  user_not_found: ['没有用户“{user}”。', '请先添加该用户，或不填写所有者。'],
  'version_conflict.device_defaults': ['{model} 的设备默认设置在此期间已被他人更改。', '请重新读取后再次更改。'],
  'version_conflict.phone': ['{name} 在此期间已被他人更改。', '请重新读取该电话后再次更改。'],
};
