import type { Cloud } from '../../contract/client/client.ts';
import { restOf } from '../api/client.ts';

/** The operator's API of the cloud. */
export const { request } = restOf<Cloud>();
