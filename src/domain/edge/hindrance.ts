/** Why an Expressway does not serve phones now. */
export interface Hindrance {
  readonly code:
    | 'no_controller'
    | 'host_not_named'
    | 'certificate_expired'
    | 'certificate_not_yet_valid'
    | 'no_edge'
    | 'no_cluster'
    | 'edge_not_connected'
    | 'edge_silent'
    | 'not_in_force'
    | 'cluster_unreachable';
  /** The name it is about; empty when there is none. */
  readonly subject: string;
  /** In plain words. */
  readonly message: string;
}
