import { type AccessControl, initialAccessControl } from '../../domain/edge/access-control.ts';
import type { StoredCluster } from './cluster-link.ts';
import type { PairedEdge } from './pair.ts';

/** What Expressway-C keeps between two runs. */
export interface ControllerRecord {
  readonly accessControl: AccessControl;
  readonly edges: readonly PairedEdge[];
  readonly clusters: readonly StoredCluster[];
}

export const firstControllerRecord: ControllerRecord = { accessControl: initialAccessControl, edges: [], clusters: [] };

export function isControllerRecord(value: unknown): value is ControllerRecord {
  const record = value as ControllerRecord | null;
  return (
    typeof record === 'object' &&
    record !== null &&
    typeof record.accessControl?.allowActivationCodeOnboarding === 'boolean' &&
    typeof record.accessControl.authorizeByOauthTokenWithRefresh === 'boolean' &&
    Array.isArray(record.accessControl.domains) &&
    Array.isArray(record.edges) &&
    record.edges.every((each) => typeof each?.address === 'string' && /^[0-9a-f]{64}$/.test(each.certificateSha256)) &&
    Array.isArray(record.clusters) &&
    record.clusters.every((each) => typeof each?.id === 'string' && Array.isArray(each.places))
  );
}
