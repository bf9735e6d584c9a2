import type { ExpresswayC, ExpresswayE } from '../../contract/client/client.ts';
import { restOf } from '../api/client.ts';

/** What both halves offer: signing in, passwords, which half it is. */
type Both = Pick<ExpresswayC, keyof ExpresswayC & keyof ExpresswayE>;

export const { request } = restOf<Both>();
export const requestC = restOf<ExpresswayC>().request;
export const requestE = restOf<ExpresswayE>().request;
