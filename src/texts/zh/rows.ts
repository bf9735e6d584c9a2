import type { rowsEn } from '../en/rows.ts';
import type { SentenceText } from '../sentence.ts';

export const rowsZh: Readonly<Record<keyof typeof rowsEn, SentenceText>> = {
  activated_since: ['{name} 此后已激活。', '保持原样。如有需要，请手动更改或删除。'],
  cannot_be_taken_back: ['此操作无法撤消。', '如有需要，请手动更改电话。'],
  cell_boolean: [
    '单元格中是逻辑值而不是文本：工作表显示 {stored}，或所用程序语言中的对应词。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  cell_date: [
    '单元格是日期：工作表显示“{shown}”，而存储的是“{stored}”。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  'cell_date.number_format': [
    '单元格是日期：数字格式 {format} 改变了显示方式，而存储的是“{stored}”。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  'cell_date.shows_nothing': [
    '单元格是日期：工作表没有显示内容，而存储的是“{stored}”。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  'cell_date.stores_nothing': [
    '单元格是日期：工作表显示“{shown}”，而没有存储内容。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  cell_error: ['单元格中是错误值：工作表显示 {stored}。', '请更正公式，或直接输入值。'],
  'cell_error.typed': ['单元格中是电子表格的错误值：{value}。', '请更正公式，或直接输入值。'],
  cell_format: [
    '显示的与存储的不同：工作表显示“{shown}”，而存储的是“{stored}”。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  'cell_format.number_format': [
    '显示的与存储的不同：数字格式 {format} 改变了显示方式，而存储的是“{stored}”。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  'cell_format.shows_nothing': [
    '显示的与存储的不同：工作表没有显示内容，而存储的是“{stored}”。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  'cell_format.stores_nothing': [
    '显示的与存储的不同：工作表显示“{shown}”，而没有存储内容。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  cell_formula: ['单元格中是公式，文件中没有其结果。', '请在电子表格程序中打开、计算并保存，或将公式替换为值。'],
  cell_merged: [
    '第 {from} 行到第 {to} 行有合并的单元格：工作表为所有行显示同一个值，但只有第一行包含它。',
    '请取消合并，并在每个单元格中填写值。',
  ],
  cell_rounded: [
    '数字的位数超过电子表格能保存的位数：工作表显示“{shown}”，而存储的是“{stored}”。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  'cell_rounded.number_format': [
    '数字的位数超过电子表格能保存的位数：数字格式 {format} 改变了显示方式，而存储的是“{stored}”。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  'cell_rounded.shows_nothing': [
    '数字的位数超过电子表格能保存的位数：工作表没有显示内容，而存储的是“{stored}”。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  'cell_rounded.stores_nothing': [
    '数字的位数超过电子表格能保存的位数：工作表显示“{shown}”，而没有存储内容。',
    '请将该列设为文本格式，然后按应有的样子重新输入。',
  ],
  cell_too_long: ['某个单元格的文本过长。', '请缩短文本：一个单元格最多 {most} 个字符。'],
  changed_since: ['{name} 此后已更改。', '保持原样。如有需要，请手动更改或删除。'],
  code_used_since: ['{name} 的激活代码此后已被使用。', '保持原样。如有需要，请手动更改或删除。'],
  column_ignored: ['列“{heading}”被忽略：这里没有与之对应的设置；其中 {rows} 行有内容。', ''],
  'column_ignored.one': ['列“{heading}”被忽略：这里没有与之对应的设置；其中 1 行有内容。', ''],
  column_not_used: ['未使用列“{heading}”：该文件只说明涉及哪些电话。', ''],
  column_without_heading: [
    '第 {column} 列没有标题，因此被忽略；其中 {rows} 行有内容。',
    '如果需要该列，请在其上方填写标题。',
  ],
  'column_without_heading.one': [
    '第 {column} 列没有标题，因此被忽略；其中 1 行有内容。',
    '如果需要该列，请在其上方填写标题。',
  ],
  damaged: ['工作簿已损坏。', '请重新保存。'],
  'directory_number_invalid.apostrophe': ['“{value}”不是目录号码：它以撇号开头。', '请从文件中删除撇号。'],
  'directory_number_invalid.date': [
    '“{value}”不是目录号码：电子表格把它当作日期了。',
    '请将该列设为文本格式并重新输入。',
  ],
  'directory_number_invalid.decimal': [
    '“{value}”不是目录号码：某个程序把它当作数字并添加了小数。',
    '请将该列设为文本格式并重新输入；请检查开头的零是否也已丢失。',
  ],
  'directory_number_invalid.invisible': [
    '“{value}”不是目录号码：其中包含看不见的字符，从邮件或网页复制时会带入。',
    '请手动输入，或以纯文本粘贴。',
  ],
  'directory_number_invalid.letter_o': ['“{value}”不是目录号码：数字 0 的位置上是字母 O。', '请输入数字 0。'],
  'directory_number_invalid.rounded': [
    '“{value}”不是目录号码：电子表格把它当作数字并四舍五入了。',
    '请将该列设为文本格式，并从原处重新输入；丢失的位数无法找回。',
  ],
  'directory_number_invalid.separators': [
    '“{value}”不是目录号码：分隔符不一致，或位置不对。',
    '请连续输入数字，不要使用分隔符。',
  ],
  'directory_number_invalid.zeros_lost': [
    '“{value}”不是目录号码：电子表格可能把它当作数字并去掉了开头的零。',
    '请将该列设为文本格式，并输入全部数字。',
  ],
  duplicate_in_file: ['第 {line} 行已经包含 {value}。', '请删除两行中的一行。'],
  duplicate_column: ['标题“{heading}”与“{other}”含义相同。', '请删除两列中的一列。'],
  external_links: ['工作簿引用了其他工作簿。', '请将引用替换为值，然后再次保存。'],
  field_too_long: ['某个单元格过长。', '请检查引号是否关闭。'],
  file_empty: ['文件为空。', '第一行应为标题；请参阅模板。'],
  flag_invalid: ['“{value}”既不是“是”也不是“否”。', '请输入 t 表示是，f 表示否，或将单元格留空。'],
  hidden_columns: ['隐藏的列与其他列一样被读取：{headings}。', '如果不需要，请从工作表中删除。'],
  hidden_rows: ['工作表中有 {rows} 个隐藏的行，它们与其他行一样被读取。', '如果不需要，请从工作表中删除。'],
  'hidden_rows.one': ['工作表中有 1 个隐藏的行，它与其他行一样被读取。', '如果不需要，请从工作表中删除。'],
  identity_conflict: ['该行的 MAC 地址和设备名称属于两部电话。', '请更正其中一个，或将一个留空。'],
  'internal.job': [
    '此处发生错误。已完成的行保持完成；其余的行未开始。',
    '请查看节点的日志。请用缺少的行重新提交作业。',
  ],
  line_settings_stay: ['线路 {line} 已存在：其线路说明和振铃名称保持不变。', '如需更改，请在该目录号码的页面上更改。'],
  line_without_number: ['线路 {place} 没有目录号码。', '请输入目录号码，或将该线路的其他单元格留空。'],
  'mac_invalid.apostrophe': ['“{value}”不是电话的 MAC 地址：它以撇号开头。', '请从文件中删除撇号。'],
  'mac_invalid.cell': [
    '“{value}”不是电话的 MAC 地址。',
    '请以文本形式输入电话或包装盒标签上的 12 位十六进制数字，或将单元格留空并使用“创建虚拟 MAC 地址”。',
  ],
  'mac_invalid.date': ['“{value}”不是电话的 MAC 地址：电子表格把它当作日期了。', '请将该列设为文本格式并重新输入。'],
  'mac_invalid.decimal': [
    '“{value}”不是电话的 MAC 地址：某个程序把它当作数字并添加了小数。',
    '请将该列设为文本格式并重新输入；请检查开头的零是否也已丢失。',
  ],
  'mac_invalid.invisible': [
    '“{value}”不是电话的 MAC 地址：其中包含看不见的字符，从邮件或网页复制时会带入。',
    '请手动输入，或以纯文本粘贴。',
  ],
  'mac_invalid.letter_o': ['“{value}”不是电话的 MAC 地址：数字 0 的位置上是字母 O。', '请输入数字 0。'],
  'mac_invalid.rounded': [
    '“{value}”不是电话的 MAC 地址：电子表格把它当作数字并四舍五入了。',
    '请将该列设为文本格式，并从原处重新输入；丢失的位数无法找回。',
  ],
  'mac_invalid.separators': [
    '“{value}”不是电话的 MAC 地址：分隔符不一致，或位置不对。',
    '请连续输入 12 位十六进制数字，或写作 00:11:22:33:44:55。',
  ],
  'mac_invalid.zeros_lost': [
    '“{value}”不是电话的 MAC 地址：少于 12 位十六进制数字，电子表格可能把它当作数字并去掉了开头的零。',
    '请将该列设为文本格式，并按电话或包装盒标签输入全部 12 位。',
  ],
  mac_missing: ['该行没有 MAC 地址。', '请输入电话的 MAC 地址，或为整个作业选中“创建虚拟 MAC 地址”。'],
  mac_with_dummy: [
    '该行有 MAC 地址，而已选中“创建虚拟 MAC 地址”。',
    '请将所有行的 MAC 地址留空，或不要选中“创建虚拟 MAC 地址”。',
  ],
  'mac_with_dummy.rows': [
    '已选中“创建虚拟 MAC 地址”，而有 {rows} 行包含 MAC 地址；未执行任何操作。',
    '请将所有行的 MAC 地址留空，或不要选中“创建虚拟 MAC 地址”。',
  ],
  macros: ['工作簿包含宏。', '请另存为不带宏的 Excel 工作簿 (.xlsx)。'],
  missing_column: ['没有说明是哪部电话的列。', '请添加列 DEVICE NAME 或 MAC ADDRESS。'],
  'missing_column.model': [
    '没有说明电话型号的列 DEVICE TYPE。',
    '请添加该列，或以“插入电话 - 特定详细信息”上传文件并使用电话模板。',
  ],
  model_differs: [
    '该行的型号为 {model}，而电话模板“{template}”的型号为 {templateModel}。',
    '一个作业的所有行都是模板型号的电话：请为每个型号使用单独的文件和模板。',
  ],
  model_missing: ['该行没有说明电话的型号。', '请输入型号，例如 Cisco 8845。'],
  more_lines_than_template: [
    '该行有线路 {place}，而电话模板“{template}”只有 {templateLines} 条线路。',
    '请在电话模板中添加线路，或删除该线路。',
  ],
  name_taken_since: ['电话 {name} 已再次存在。', '保持原样。'],
  no_heading: [
    '第一行不包含电话文件的标题。',
    '第一行应为标题，例如 MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1；请参阅模板。',
  ],
  no_rows: ['标题下面没有行。', '请为每部电话添加一行。'],
  not_utf8: ['文件不是 UTF-8 编码。', '请在电子表格程序中另存为“CSV UTF-8”，或上传 .xlsx。'],
  not_xlsx: ['这不是 .xlsx 工作簿。', '请另存为 Excel 工作簿 (.xlsx)。'],
  number_invalid: ['“{value}”不是 {least} 到 {most} 的数字。', '请输入 {least} 到 {most} 的数字。'],
  other_sheets: ['只读取一个工作表；其他工作表被忽略：{sheets}。', '如果需要，请将每个工作表作为单独的文件上传。'],
  phone_gone: ['电话 {name} 此后已被删除。', '没有可撤消的内容。'],
  phone_not_named: ['该行没有说明是哪部电话。', '请输入设备名称或 MAC 地址。'],
  quote_garbage: ['右引号与逗号之间还有内容。', '请在文本内部将引号写两次。'],
  quote_open: ['引号已打开但从未关闭。', '请关闭引号。'],
  registered_since: ['{name} 此后已注册。', '保持原样。如有需要，请手动更改或删除。'],
  row_too_long: ['该行的文本超过允许的长度。', '这是电话文件吗？请删除无关内容，或拆分文件。'],
  rows_after_blank: [
    '第一个空白行之后的 {rows} 行被忽略：空白行表示文件结束。',
    '如果需要这些行，请删除空白行并重新上传。',
  ],
  'rows_after_blank.one': [
    '第一个空白行之后的 1 行被忽略：空白行表示文件结束。',
    '如果需要该行，请删除空白行并重新上传。',
  ],
  rows_will_be_refused: [
    '有 {rows} 行按现在的内容会被拒绝，首先是第 {line} 行：{message}',
    '试运行会逐行说明。请更正后重新上传。',
  ],
  'rows_will_be_refused.one': [
    '有 1 行按现在的内容会被拒绝，即第 {line} 行：{message}',
    '试运行会逐行说明。请更正后重新上传。',
  ],
  rows_with_errors: [
    '有 {rows} 行存在错误，而作业被设置为此时不执行任何操作；未执行任何操作。',
    '请更正这些行并重新提交作业。',
  ],
  rows_with_notes: ['有 {rows} 行带有注意事项，例如目录号码成为共享线路。', '请阅读各行的注意事项。'],
  'rows_with_notes.one': ['有 1 行带有注意事项，例如目录号码成为共享线路。', '请阅读该行的注意事项。'],
  shared_line: [
    '共享线路：{line} 已是 {phones} 的线路；这些电话会同时振铃。',
    '如果不是有意为之，请输入另一个目录号码。',
  ],
  'shared_line.others': [
    '共享线路：{line} 已是 {phones} 等电话的线路；这些电话会同时振铃。',
    '如果不是有意为之，请输入另一个目录号码。',
  ],
  shared_line_in_file: [
    '共享线路：{line} 也出现在第 {first} 行中，因此两部电话共用该线路并同时振铃。',
    '如果不是有意为之，请输入另一个目录号码。',
  ],
  text_invalid: ['文本包含无法显示的字符。', '请重新输入文本。'],
  'text_invalid.stored': ['单元格包含无法存储的字符。', '请重新输入文本。'],
  text_too_long: ['文本超过 {most} 个字符。', '请缩短文本。'],
  too_large: ['工作簿的内容超过允许的大小。', '请拆分为多个文件。'],
  'too_large.memory': ['读取文件所需的内存超过允许的大小。', '请拆分为多个文件。'],
  'too_large.text': ['文件的文本超过允许的大小。', '这是电话文件吗？请删除无关内容，或拆分文件。'],
  too_many_fields: ['有 {headings} 个标题，但第 {column} 列还有内容。', '是否多了一个逗号？包含逗号的文本需要加引号。'],
  'too_many_fields.csv': ['某一行的单元格过多。', '这是电话文件吗？'],
  too_many_rows: ['文件超过 {most} 行。', '请拆分为多个文件，并删除空白行。'],
  too_slow: ['读取文件用时超过 {seconds} 秒。', '请只将电话的行复制到新的工作簿，或将工作表另存为 CSV UTF-8。'],
  unknown_column: ['不认识标题“{heading}”。', '请使用模板中的标题，或删除该列。'],
  'unknown_column.near': ['不认识标题“{heading}”。', '您是指 {near} 吗？请更正，或删除该列。'],
  value_refused: ['数据库不接受该行的某个值。', '请检查该行；节点日志中有更多信息。'],
  xls_or_password: ['这是旧的 .xls 工作簿或受密码保护的工作簿。', '请另存为不带密码的 Excel 工作簿 (.xlsx)。'],
};
