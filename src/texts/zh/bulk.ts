import type { bulkEn } from '../en/bulk.ts';
import type { SentenceText } from '../sentence.ts';

export const bulkZh: Readonly<Record<keyof typeof bulkEn, SentenceText>> = {
  bulk_already_undone: ['作业 {id} 已由作业 {undoneBy} 撤消。', '请查看该作业，了解保留了哪些内容及原因。'],
  bulk_cannot_undo: ['作业 {id} 无法撤消。', '只有已完成的插入、更新、删除电话或生成激活代码的作业可以撤消。'],
  bulk_file_done_before: [
    '作业 {earlier} 插入了相同的行。再次执行时，每一行都会再创建一部电话和一个激活代码。',
    '请查看作业 {earlier}。如确实需要再次插入，请确认，否则请先撤消作业 {earlier}。',
  ],
  bulk_file_exists: ['已有文件 {name}。', '请选择其他名称，或替换现有文件。'],
  bulk_file_in_use: ['作业计划程序中有作业需要文件 {name}。', '请等待作业读取完该文件，或删除该作业。'],
  bulk_file_not_found: ['没有文件“{name}”。', '请在“批量管理 > 上传/下载文件”中上传该文件。'],
  'bulk_file_not_found.deleted': ['文件 {name} 已被删除。', '请重新上传并再次提交作业。'],
  bulk_file_refused: ['第 {line} 行：{message}', '{remedy}'],
  'bulk_file_refused.unread': ['无法读取该文件。', ''],
  bulk_file_wrong_transaction: [
    '文件 {name} 是为其他事务类型上传的：{transaction}。',
    '请为以下事务类型重新上传：{wanted}。',
  ],
  bulk_job_not_found: ['没有批量作业 {id}。', '请查看作业计划程序。'],
  'bulk_job_state.activated': ['作业 {id} 的状态为{state}：现在不能激活。', '请在作业计划程序中查看其状态。'],
  'bulk_job_state.activated.stopping': ['作业 {id} 即将停止：现在不能激活。', '请在作业计划程序中查看其状态。'],
  'bulk_job_state.deleted': ['作业 {id} 的状态为{state}：现在不能删除。', '请在作业计划程序中查看其状态。'],
  'bulk_job_state.deleted.stopping': ['作业 {id} 即将停止：现在不能删除。', '请在作业计划程序中查看其状态。'],
  'bulk_job_state.held': ['作业 {id} 的状态为{state}：现在不能挂起。', '请在作业计划程序中查看其状态。'],
  'bulk_job_state.held.stopping': ['作业 {id} 即将停止：现在不能挂起。', '请在作业计划程序中查看其状态。'],
  'bulk_job_state.stopped': ['作业 {id} 的状态为{state}：现在不能停止。', '请在作业计划程序中查看其状态。'],
  'bulk_job_state.stopped.stopping': ['作业 {id} 即将停止：现在不能再次停止。', '请在作业计划程序中查看其状态。'],
  bulk_not_a_dry_run: ['作业 {id} 不是已结束的试运行。', '请重新提交作业。'],
  bulk_nothing_to_change: ['没有说明要更改的内容。', '请填写要更改的内容，或使用说明更改内容的文件。'],
  bulk_reader_busy: ['同时读取的文件过多。', '请一分钟后重试。'],
  bulk_run_at_past: ['作业开始的时间已过。', '请选择更晚的时间，或立即运行。'],
  bulk_selection_too_wide: ['查询没有任何条件，将包括所有电话。', '请给出条件，或明确选择所有电话。'],
  bulk_selection_unclear: ['选择不明确。', '请只使用查询、名称和文件中的一种。'],
  bulk_template_needed: ['“插入电话 - 特定详细信息”需要电话模板。', '请选择与文件中型号相符的电话模板。'],
  bulk_template_not_found: ['没有电话模板“{name}”。', '请选择现有的电话模板，或先添加。'],
  bulk_template_not_taken: ['“插入电话 - 所有详细信息”不使用电话模板：文件已说明全部内容。', '请不要选择电话模板。'],
};
