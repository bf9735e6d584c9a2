import { Fault } from '../../kernel/errors.ts';

export type OauthFaultCode = 'phone_not_found' | 'grant_not_found';

export class OauthFault extends Fault<OauthFaultCode> {}
