import { Fault } from '../../kernel/errors.ts';

/** What can go wrong when somebody administers Expressway-C or Expressway-E. */
export type EdgeFaultCode =
  | 'pairing_text_invalid'
  | 'pairing_text_expired'
  | 'pairing_refused'
  | 'edge_unreachable'
  | 'edge_unknown'
  | 'cluster_unreachable'
  | 'cluster_not_trusted'
  | 'cluster_refused'
  | 'cluster_unknown'
  | 'cluster_already_added'
  | 'activation_needs_oauth'
  | 'domain_invalid'
  | 'certificate_unreadable'
  | 'certificate_not_for_key'
  | 'certificate_chain_broken'
  | 'certificate_expired'
  | 'controller_unknown'
  | 'name_taken'
  | 'version_conflict'
  | 'state_unreadable'
  | 'weak_password';

export class EdgeFault extends Fault<EdgeFaultCode> {}
