import { Fault } from '../../kernel/errors.ts';

export type AuditAlarmCode =
  | 'audit_chain_rewritten'
  | 'audit_head_unsigned'
  | 'audit_row_slipped_in'
  | 'audit_heads_changed';

/** The audit log is not what this node saw: nothing is sealed until a person has looked. */
export class AuditAlarm extends Fault<AuditAlarmCode> {
  constructor(code: AuditAlarmCode, message: string) {
    super('ours', code, message, {
      remedy:
        'Find out who changed the database: run `firstring verify-audit`. If it was a restore on purpose, stop the node and say so with `firstring audit-restored --reason "…"`.',
    });
  }
}
