import { Fault } from '../../kernel/errors.ts';

export type UserFaultCode = 'role_not_allowed' | 'last_administrator' | 'weak_password' | 'wrong_password';

export class UserFault extends Fault<UserFaultCode> {}
