/** Another node of the cluster, as its SIP door is reached. */
export interface PeerNode {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly transport: 'tcp' | 'tls';
}

/** Registrations on other nodes of the cluster. */
export interface ClusterPeers {
  /** Live registrations elsewhere, never this node's. */
  locate(
    target: { readonly number: string } | { readonly deviceName: string },
  ): Promise<readonly { readonly deviceName: string; readonly node: PeerNode }[]>;
  /** Whether host and port are a node of the cluster: the only other place that requests are relayed to. */
  peerAt(host: string, port: number): PeerNode | undefined;
}
