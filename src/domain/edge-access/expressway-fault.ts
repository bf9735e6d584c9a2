import { Fault } from '../../kernel/errors.ts';

export type ExpresswayFaultCode = 'expressway_not_found' | 'certificate_unreadable' | 'name_taken';

export class ExpresswayFault extends Fault<ExpresswayFaultCode> {}
