import type { Language } from '../../i18n/i18n.ts';

/** The phone's sentences, which are English, and what they are in Chinese. `$1` is what the phone filled in. */
const chinese: readonly (readonly [RegExp, string])[] = [
  [/^(SEP\w+), (.+)\.$/, '$1，$2。'],
  [/^TFTP server (.+) \(set by hand\)\.$/, 'TFTP 服务器 $1（手动设置）。'],
  [/^TFTP server (.+) \(stored\)\.$/, 'TFTP 服务器 $1（已存储）。'],
  [/^Trust list of (\d+) certificates, provisional .+\.$/, '包含 $1 个证书的信任列表，在服务器证明自己之前为暂定。'],
  [/^Trust list of (\d+) certificates, signed .+\.$/, '包含 $1 个证书的信任列表，由此电话信任的密钥签名。'],
  [/^No trust list on the server\.$/, '服务器上没有信任列表。'],
  [/^The trust list is not signed by its own signer\.$/, '信任列表不是由其自身的签名者签名的。'],
  [/^No file for (\w+): .+\.$/, '没有 $1 的文件：此电话在这里是新的。'],
  [/^The server asks for an activation code; .+\.$/, '服务器要求激活代码；电话已清除所知的内容。'],
  [/^The server no longer has a file .+\.$/, '服务器已没有此电话的文件：电话已清除所记住的内容。'],
  [/^Activation codes are in use for (.+); (\d+) activation services?\.$/, '$1 使用激活代码；有 $2 个激活服务。'],
  [/^(.+) registers by itself here\.$/, '$1 在这里自动注册。'],
  [/^Enter the activation code\.$/, '请输入激活代码。'],
  [/^The code is well formed\.$/, '代码格式正确。'],
  [/^(\S+) is trusted: it is in the trust list\.$/, '$1 受信任：它在信任列表中。'],
  [/^(\S+) is trusted: TVS vouches for it\.$/, '$1 受信任：TVS 为其担保。'],
  [/^The activation service answers\.$/, '激活服务已应答。'],
  [/^The server knows the code too; this phone is (\w+) already\.$/, '服务器也知道此代码；此电话已经是 $1。'],
  [/^The server knows the code too; this phone is (\w+)\.$/, '服务器也知道此代码；此电话是 $1。'],
  [/^The result is stored\.$/, '结果已保存。'],
  [/^The server knows that the phone has it all\.$/, '服务器已知电话得到了全部内容。'],
  [/^Configuration (\S*), no line\.$/, '配置 $1，没有线路。'],
  [/^Configuration (\S*), lines? (.+)\.$/, '配置 $1，线路 $2。'],
  [/^Firmware (\S+) is up to date\.$/, '固件 $1 是最新的。'],
  [/^Firmware (\S+) is asked for, (\S+) is running\.$/, '要求固件 $1，正在运行 $2。'],
  [/^Firmware (\S+) is installed: (\d+) octets.*$/, '已安装固件 $1：$2 字节。'],
  [/^Registering with (\S+) over (\w+)\.$/, '正在通过 $2 向 $1 注册。'],
  [/^Registered with (\S+) as (\S+) for (\d+) s\.$/, '已向 $1 注册为 $2，有效 $3 秒。'],
  [/^Registration refreshed with (\S+) for (\d+) s\.$/, '已在 $1 刷新注册，有效 $2 秒。'],
  [/^The server asks for a reset\.$/, '服务器要求重置。'],
  [/^The server asks for a restart\.$/, '服务器要求重新启动。'],
  [/^The server asks for a apply-config\.$/, '服务器要求应用配置。'],
  [/^Unregistering\.$/, '正在取消注册。'],
  [/^Unregistered\.$/, '已取消注册。'],
  [/^Call from (\S+) rings\.$/, '$1 来电振铃。'],
  [/^Call to (\S+) rings\.$/, '呼叫 $1，对方振铃。'],
  [/^Call (?:from|to) (\S+) is answered\.$/, '与 $1 的通话已接通。'],
  [/^Call (?:from|to) (\S+) has ended\.$/, '与 $1 的通话已结束。'],
];

/** A sentence of the phone in the reader's language; undefined: it is only there in the phone's own. */
export function phoneWords(language: Language, text: string): string | undefined {
  if (language === 'en') return text;
  const found = chinese.find(([pattern]) => pattern.test(text));
  return found === undefined ? undefined : text.replace(found[0], found[1]);
}
