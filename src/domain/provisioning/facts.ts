/** What the stores know about one phone and its cluster, gathered in one round trip. */

export interface NodeFacts {
  readonly name: string;
  /** Host name or IP address phones use. */
  readonly address: string;
  readonly description: string;
  /** Listener name → port; absent: the field's standard port. */
  readonly ports: Readonly<Record<string, number>>;
  /** Services that are switched off on this node. */
  readonly servicesOff: readonly string[];
  /** Priority in the group asked about; undefined: not a member. */
  readonly priority: number | undefined;
}

export interface ClusterFacts {
  readonly groupName: string;
  readonly tftpDefault: boolean;
  /** This group takes in phones without a record, and one of its nodes has numbers for them. */
  readonly autoRegistration: boolean;
  /** Every node of the cluster, members of the group first, in their order. */
  readonly nodes: readonly NodeFacts[];
  /** One per supported model. */
  readonly deviceDefaults: readonly DeviceDefaultFacts[];
}

export interface DeviceDefaultFacts {
  readonly model: string;
  readonly onboardingMethod: 'ActivationCode' | 'AutoRegistration';
  readonly load: string;
  readonly inactiveLoad: string;
}

export interface LineFacts {
  readonly lineIndex: number;
  readonly directoryNumber: string;
  readonly label: string;
  readonly display: string;
  readonly contactUuid: string;
  readonly maxCalls: number;
  readonly busyTrigger: number;
}

export interface PhoneFacts {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly requiresActivationCode: boolean;
  readonly everActivated: boolean;
  readonly versionStamp: string;
  readonly ownerUserId: string | undefined;
  /** Where it registers from outside; undefined: it stays inside. */
  readonly mraServiceDomain: string | undefined;
  readonly pool: {
    readonly id: string;
    readonly name: string;
    readonly dateTemplate: string;
    readonly olsonTimeZone: string;
    readonly ntpServers: readonly string[];
    readonly userLocale: string;
    readonly connectionMonitorDuration: number;
  };
  readonly security: {
    readonly deviceSecurityMode: 'non-secure' | 'authenticated' | 'encrypted';
    readonly transport: 'udp' | 'tcp' | 'tcp+udp' | 'tls';
    readonly digestAuthentication: boolean;
  };
  readonly sip: {
    readonly registerExpires: number;
    readonly registerDelta: number;
    readonly keepAliveExpires: number;
    readonly inviteExpires: number;
    readonly t1: number;
    readonly t2: number;
    readonly retryInvite: number;
    readonly retryNonInvite: number;
    readonly startMediaPort: number;
    readonly stopMediaPort: number;
    readonly dtmfPayload: number;
  };
  readonly common: {
    readonly backgroundImageAccess: boolean;
    readonly callLogBlfEnabled: boolean;
    readonly vendorConfig: Readonly<Record<string, unknown>>;
  };
  /** What each button is, in order. */
  readonly buttons: readonly string[];
  readonly lines: readonly LineFacts[];
  readonly cluster: ClusterFacts;
}
