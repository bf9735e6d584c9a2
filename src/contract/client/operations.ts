/** Generated from the OpenAPI document by scripts/generate-client.ts: every operation with its types. Not to be edited. */

/** The activation code of a phone */
export type ActivationCode = {
  /** Device name */
  readonly name: string;
  /** The code works on phones of this model only */
  readonly model: string;
  /** 16 digits; null for callers who may not see codes */
  readonly code: string | null;
  /** The code in groups of four; dots for callers who may not see codes */
  readonly formatted: string;
  /** What a QR code for the camera of the phone holds */
  readonly qr: string | null;
  /** `active`: waits to be entered; `draft`: waits for the cloud */
  readonly state: string;
  /** When the code stops working */
  readonly expiresAt: string;
  /** The one MAC address the code fits; null: any phone of the model */
  readonly boundMac: string | null;
  /** Whether it works from outside too */
  readonly viaMra: boolean;
  /** It has no digits yet: it gets them, and its time to live, when the cloud answers */
  readonly waitsForCloud: boolean;
  /** User id of the owner of the phone */
  readonly ownerUserId: string | null;
};

/** Steps that belong together */
export type Attempt = {
  /** One try of a phone, or what people did */
  readonly kind: "attempt" | "administration";
  /** First step */
  readonly startedAt: string;
  /** Last step */
  readonly endedAt: string;
  /** Which phone tried */
  readonly mac: string | null;
  /** How it ended; null for administration. `proved`: the code was redeemed and the phone has not confirmed yet */
  readonly outcome: "registered" | "activated" | "proved" | "failed" | "under-way" | null;
  /** Why it failed */
  readonly cause: string | null;
  /** What to do now */
  readonly remedy: string | null;
  readonly steps: readonly TimelineStep[];
};

/** Something somebody did */
export type AuditEvent = {
  /** Identity of the event */
  readonly id: string;
  /** When, in UTC with microseconds */
  readonly at: string;
  /** User id, phone:<MAC>, or system */
  readonly actor: string;
  /** Where the request came from */
  readonly sourceAddress: string;
  /** What was done: <object>.<what> */
  readonly action: string;
  /** To what kind of object */
  readonly objectKind: string;
  /** To which one */
  readonly objectId: string;
  /** What it was called then */
  readonly objectName: string;
  /** What changed; never a secret */
  readonly detail: Readonly<Record<string, unknown>>;
  /** Where it was done */
  readonly node: string;
  /** Place in the chain; null until sealed, within a second */
  readonly seq: number | null;
  /** Its hash in the chain, in hex */
  readonly hash: string | null;
};

/** One page of a list */
export type AuditEventList = {
  readonly items: readonly AuditEvent[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** The key that signs the audit log */
export type AuditKey = {
  /** How checkpoints name the key */
  readonly keyId: string;
  /** Ed25519 public key; keep it somewhere else to verify against */
  readonly publicKeyPem: string;
};

/** What a look at the whole chain found */
export type AuditVerification = {
  /** Whether nothing was changed, removed, moved or cut off */
  readonly intact: boolean;
  /** Events looked at */
  readonly events: number;
  /** Signatures looked at */
  readonly checkpoints: number;
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  /** Hash of the last event: written down elsewhere, it later proves that nothing was cut off */
  readonly head: string | null;
  readonly findings: readonly {
    readonly seq: number | null;
    /** changed, removed, out_of_order, relinked, rechained, checkpoint_forged, checkpoint_contradicts, truncated, unsealed, heads_changed */
    readonly problem: string;
    /** In plain words */
    readonly message: string;
  }[];
  /** Heads kept by this node outside of the database that were compared */
  readonly keptHeads: number;
  /** What a person should know: restores that were stated */
  readonly notes: readonly string[];
  /** How the sealing of new events goes on this node */
  readonly sealing: {
    /** False: this node signs nothing until a person has looked */
    readonly goesOn: boolean;
    /** Why it does not, in plain words */
    readonly reason: string | null;
  };
};

/** Auto-registration of the whole cluster */
export type AutoRegistration = {
  /** The Call Manager group that takes in phones without a record */
  readonly group: string | null;
  /** Its nodes, by priority; the first active one serves */
  readonly members: readonly string[];
  /** Only phones that show their manufacturer-installed certificate come in */
  readonly certificateRequired: boolean;
  /** Models whose onboarding method is Auto Registration */
  readonly models: readonly string[];
  /** Every node of the cluster */
  readonly nodes: readonly NodeAutoRegistration[];
  /** Why no phone comes in now; empty: phones come in */
  readonly problems: readonly SetupProblem[];
};

/** When a job goes on */
export type BulkActivation = {
  /** When it shall begin; left out: now */
  readonly runAt?: string;
};

/** What is wrong in one cell or row of a file */
export type BulkError = {
  /** Line of a CSV file, row of a sheet, as an editor counts them; the heading is the first */
  readonly line: number;
  /** Heading of the column at fault as the file writes it; null: the row as a whole */
  readonly column: string | null;
  /** Stable name of what is wrong */
  readonly code: string;
  /** What stands there */
  readonly value: string | null;
  /** What is wrong, in plain words */
  readonly detail: string;
  /** What to do */
  readonly remedy: string | null;
};

/** An uploaded file */
export type BulkFile = {
  /** What the file is called here */
  readonly name: string;
  /** Target */
  readonly target: "phones";
  /** Transaction type. `insert-phones-specific-details`: "Insert Phones - Specific Details", with a phone template; `insert-phones-all-details`: "Insert Phones - All Details", as GET /bulk/phones.csv writes it; `update-phones`: "Update Phones - Custom File"; `phones`: "Phones - Custom File", a list of phones to delete or whose codes are meant. A job offers only files of its own transaction type */
  readonly transaction: "insert-phones-specific-details" | "insert-phones-all-details" | "update-phones" | "phones";
  /** What was uploaded */
  readonly format: "csv" | "xlsx";
  /** Octets */
  readonly size: number;
  /** Of its octets, hex */
  readonly sha256: string;
  /** Rows below the heading */
  readonly rows: number;
  /** In the order of the file */
  readonly columns: readonly {
    /** As the file writes it */
    readonly heading: string;
    /** What the column is taken for, e.g. `mac` or `lines[0].directoryNumber`; null: it is known, but there is nothing here that it could set */
    readonly field: string | null;
    /** Rows that hold something there */
    readonly filled: number;
  }[];
  /** Rows after the first blank one: a blank row ends the file */
  readonly ignoredRows: number;
  /** What the file holds that will not be done: rows after a blank one, columns that nothing is set by, rows that will be refused as they stand, other sheets; and hidden rows and columns, which are read. In the language asked for */
  readonly notes: readonly BulkNote[];
  /** User id */
  readonly uploadedBy: string;
  /** When */
  readonly uploadedAt: string;
};

/** One page of a list */
export type BulkFilePage = {
  readonly items: readonly BulkFile[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** A job of the Job Scheduler */
export type BulkJob = {
  /** Job id */
  readonly id: number;
  /** What the job does */
  readonly kind: "insert-phones" | "update-phones" | "delete-phones" | "generate-codes" | "release-codes" | "e-mail-codes" | "undo";
  /** Job description */
  readonly description: string;
  /** `pending`: waits for its turn or its time; `hold`: waits until it is activated; `processing`: runs, one job at a time in the whole cluster; `completed`: ended */
  readonly state: "pending" | "hold" | "processing" | "completed";
  /** Null until it has ended */
  readonly result: "success" | "with-errors" | "refused" | "failed" | null;
  /** How far it is */
  readonly phase: "waiting" | "reading" | "checking" | "working" | "ended";
  /** Whether it only shows what would be done */
  readonly dryRun: boolean;
  /** It was asked to stop and ends what it is at */
  readonly stopping: boolean;
  /** Name of the file; null: none */
  readonly file: string | null;
  /** Name of the phone template; null: none. What it said when the job was submitted counts */
  readonly template: string | null;
  /** "Create Dummy MAC Address" */
  readonly createDummyMacAddress: boolean;
  /** "Override the existing configuration" */
  readonly override: boolean;
  /** Does nothing when any row has an error */
  readonly refuseOnErrors: boolean;
  /** Which phones; null: those of the file */
  readonly selection: PhoneSelection | null;
  /** What all of them get; null: nothing */
  readonly change: BulkPhoneChange | null;
  readonly progress: {
    /** Rows */
    readonly total: number;
    /** Rows looked at */
    readonly checked: number;
    /** Rows that are dealt with, well or not */
    readonly done: number;
    /** Rows done, or that would be */
    readonly succeeded: number;
    /** Rows refused */
    readonly failed: number;
    /** Undo only: rows left as they are, because what they made has been used since */
    readonly kept: number;
    /** Rows that are done and have notes; counted once the job has ended */
    readonly noted: number;
    /** For the progress bar */
    readonly percent: number;
    /** How fast it goes; null: it does not run */
    readonly rowsPerSecond: number | null;
    /** About how long it will take; null: not known */
    readonly secondsLeft: number | null;
  };
  /** Why the job as a whole was refused or failed; null: it was not */
  readonly refusal: {
    /** Stable name */
    readonly code: string;
    /** Why, in plain words */
    readonly detail: string;
    /** What to do */
    readonly remedy: string | null;
  } | null;
  /** What success alone would not tell: what its file leaves out, columns the job does not use, and that rows have notes */
  readonly notes: readonly BulkNote[];
  /** User id */
  readonly submittedBy: string;
  /** When */
  readonly submittedAt: string;
  /** When it begins by itself; null: as soon as it can, or on hold */
  readonly runAt: string | null;
  /** When it first began */
  readonly startedAt: string | null;
  /** When it ended */
  readonly endedAt: string | null;
  /** Node that works on it, or did */
  readonly node: string | null;
  /** `<jobId>#<mmddyyyyhhmmss>.txt`; null until it began */
  readonly logFileName: string | null;
  /** Undo only: the job that is taken back */
  readonly undoOf: number | null;
  /** The job that took this one back */
  readonly undoneBy: number | null;
  /** What can be done with it now */
  readonly may: {
    /** POST …/hold */
    readonly hold: boolean;
    /** POST …/activate */
    readonly activate: boolean;
    /** POST …/stop */
    readonly stop: boolean;
    /** POST …/run: what a dry run showed */
    readonly run: boolean;
    /** POST …/undo */
    readonly undo: boolean;
    /** DELETE */
    readonly delete: boolean;
  };
};

/** One page of a list */
export type BulkJobPage = {
  readonly items: readonly BulkJob[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** What is left out, or worth knowing although all went well */
export type BulkNote = {
  /** Heading of the column it is about; null: none in particular */
  readonly column: string | null;
  /** Stable name of what is noted */
  readonly code: string;
  /** What it is about: a heading, a number of rows, a directory number */
  readonly value: string | null;
  /** What is left out or done otherwise than one may think, in plain words */
  readonly detail: string;
  /** What to do if that is not meant */
  readonly remedy: string | null;
};

/** What all selected phones shall have; members left out stay */
export type BulkPhoneChange = {
  /** What people call the phones */
  readonly description?: string;
  /** Device pool */
  readonly devicePool?: string;
  /** Phone button template */
  readonly phoneButtonTemplate?: string;
  /** Phone security profile */
  readonly phoneSecurityProfile?: string;
  /** SIP profile */
  readonly sipProfile?: string;
  /** Common phone profile */
  readonly commonPhoneProfile?: string;
  /** MRA service domain; null: that of the device pool */
  readonly mraServiceDomain?: string | null;
  /** User id of the owner; null: nobody */
  readonly ownerUserId?: string | null;
  /** True makes a code and locks the phones: those that are registered drop out of service */
  readonly requiresActivationCode?: boolean;
  /** "Allow Activation Code via MRA" */
  readonly allowActivationCodeViaMra?: boolean;
  /** Whether the phones are served at all */
  readonly enabled?: boolean;
};

/** One row of a job */
export type BulkRow = {
  /** Line of the file; of a selection, its place */
  readonly line: number;
  /** `waiting`: not looked at yet; `ready`: without errors, to be done; `done`: done, or in a dry run: would be; `failed`: refused; `kept`: undo left it, see its errors */
  readonly state: "waiting" | "ready" | "done" | "failed" | "kept";
  /** Null until it is known */
  readonly action: "add" | "change" | "delete" | "nothing" | "code" | "release" | "e-mail" | "restore" | null;
  /** Device name; of a BAT phone that a dry run shows: null */
  readonly name: string | null;
  /** MAC address of the row */
  readonly mac: string | null;
  /** Row by row what differs before and after */
  readonly changes: readonly {
    /** Member of the phone */
    readonly field: string;
    /** What it is; null: there is none yet */
    readonly from: string | null;
    /** What it becomes; null: nothing */
    readonly to: string | null;
  }[];
  /** Everything that is wrong with the row; of very many the first 20 */
  readonly errors: readonly BulkError[];
  /** What is worth knowing although the row is not refused, such as a directory number that becomes a shared line */
  readonly notes: readonly BulkNote[];
};

/** One page of a list */
export type BulkRowPage = {
  readonly items: readonly BulkRow[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** Takes back a whole job */
export type BulkUndo = {
  /** Only show what would be taken back. Default false */
  readonly dryRun?: boolean;
};

/** The nodes a phone registers with, in order */
export type CallManagerGroup = {
  /** What the group is called */
  readonly name: string;
  /** Its nodes */
  readonly members: readonly {
    /** Name of the node */
    readonly node: string;
    /** 0 is tried first */
    readonly priority: number;
  }[];
  /** Whether phones without a configuration are told this group; making one the default takes it from the other */
  readonly tftpDefault: boolean;
  /** Whether unknown phones may register with its nodes */
  readonly autoRegistration: boolean;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type CallManagerGroupChange = {
  /** What the group is called */
  readonly name?: string;
  /** Its nodes */
  readonly members?: readonly {
    /** Name of the node */
    readonly node: string;
    /** 0 is tried first */
    readonly priority: number;
  }[];
  /** Whether phones without a configuration are told this group; making one the default takes it from the other */
  readonly tftpDefault?: boolean;
  /** Whether unknown phones may register with its nodes */
  readonly autoRegistration?: boolean;
};

/** One page of a list */
export type CallManagerGroupList = {
  readonly items: readonly CallManagerGroup[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** How it is with the cloud */
export type CloudConnectionStatus = {
  /** How it is with the cloud */
  readonly state: "not-set-up" | "not-enrolled" | "connecting" | "connected" | "suspended" | "failing";
  /** When it last answered */
  readonly lastSuccessAt: string | null;
  /** Since when nothing works; null: it does */
  readonly failingSince: string | null;
  /** When something last went wrong */
  readonly lastErrorAt: string | null;
  /** Stable name of that */
  readonly lastErrorCode: string | null;
  /** The same in plain words */
  readonly lastError: string | null;
  /** What to do about it; null: nothing is wrong now */
  readonly remedy: string | null;
  /** Whether the cloud has these settings */
  readonly settingsSent: boolean;
  /** Whether the cloud has PhoneEdge-trust as it is */
  readonly phoneEdgeTrustSent: boolean;
};

/** Who this cluster is at the cloud */
export type CloudEnrolment = {
  /** What the cloud calls this cluster */
  readonly clusterId: string;
  /** Name of the cloud in its signed answers */
  readonly issuer: string;
  /** Public key (JWK) that phones pin */
  readonly cloudKey: Readonly<Record<string, unknown>>;
  /** Since when */
  readonly enrolledAt: string;
  /** When the certificate ends; it is renewed by itself 30 days before */
  readonly certificateNotAfter: string;
};

/** Generate Voucher: makes a key, and exchanges the voucher for a certificate */
export type CloudEnrolmentRequest = {
  /** As the operator of the cloud gave it. Left out: the cloud is asked for one, which it gives where self-service is on */
  readonly voucher?: string;
};

/** This cluster is not enrolled any more */
export type CloudLeaving = {
  /** false: the cloud did not answer; its operator has to delete the cluster there */
  readonly toldCloud: boolean;
  readonly onboarding: CloudOnboarding;
};

/** First seven digits of codes, which the cloud gives */
export type CloudLocators = {
  /** Lie ready for new codes */
  readonly stock: number;
  /** Belong to codes that wait to be entered */
  readonly inUse: number;
  /** On their way back to the cloud */
  readonly releasing: number;
  /** Codes that wait for the cloud */
  readonly drafts: number;
  /** Given to this cluster, as the cloud counts */
  readonly allocated: number | null;
  /** The most it gives */
  readonly quota: number | null;
};

/** How this cluster and the cloud activation service work together */
export type CloudOnboarding = {
  /** Where the cloud is: https://host:port. Empty: not set up */
  readonly address: string;
  /** PEM of the authorities that the certificate of the cloud must chain to. Empty: the one a voucher names, else public ones */
  readonly certificateAuthority: string;
  /** "Enable Activation Code Onboarding with Cloud" */
  readonly enableActivationCodeOnboarding: boolean;
  /** "Allow MRA Onboarding". The same as the service parameter "Enable MRA Activation" */
  readonly allowMraOnboarding: boolean;
  /** On and not to be changed, because Device Defaults of some model use auto-registration */
  readonly allowMraOnboardingForced: boolean;
  /** Those models */
  readonly autoRegistrationModels: readonly string[];
  /** "MRA Activation Domain": the one domain where all phones outside are activated. The same as the service parameter */
  readonly mraActivationDomain: string | null;
  /** Whether "OAuth with Refresh Login Flow" is enabled: without it phones outside are refused */
  readonly oauthRefreshLoginFlow: boolean;
  /** ready: codes are made that work from outside; else what is missing first */
  readonly readiness: "ready" | "cloud_onboarding_off" | "not_enrolled" | "activation_domain_missing" | "mra_onboarding_off";
  /** Null: not enrolled */
  readonly enrolment: CloudEnrolment | null;
  readonly connection: CloudConnectionStatus;
  readonly locators: CloudLocators;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type CloudOnboardingChange = {
  /** Where the cloud is: https://host:port. Empty: not set up */
  readonly address?: string;
  /** PEM of the authorities that the certificate of the cloud must chain to. Empty: the one a voucher names, else public ones */
  readonly certificateAuthority?: string;
  /** Needs mraActivationDomain, here or before */
  readonly enableActivationCodeOnboarding?: boolean;
  /** Cannot be false while Device Defaults of some model use auto-registration */
  readonly allowMraOnboarding?: boolean;
  /** Copied to the MRA service domains. Null or empty: none */
  readonly mraActivationDomain?: string | null;
};

/** Activation codes of many phones */
export type CodeJob = {
  /** `generate`: a new code for each phone, which locks phones that are in service; `release`: the codes there are work no more; `e-mail`: each owner is sent the code of the phone */
  readonly action: "generate" | "release" | "e-mail";
  readonly selection: PhoneSelection;
  /** Job description */
  readonly description?: string;
  /** "Run Immediately", as soon as no other job runs; "Run Later": the job waits in the Job Scheduler until `runAt`, or on hold until it is activated. Default `immediately` */
  readonly run?: "immediately" | "later";
  /** When a later job begins by itself */
  readonly runAt?: string;
  /** Only show, row by row, what would be made, changed or refused. Default false */
  readonly dryRun?: boolean;
  /** Do nothing at all when any row has an error. Default false: the rows without errors are done */
  readonly refuseOnErrors?: boolean;
};

/** The live code, else the last one, without its digits */
export type CodeSummary = {
  /** `active`: waits to be entered */
  readonly state: "draft" | "active" | "consumed" | "confirmed" | "expired" | "locked" | "revoked" | "released" | "free";
  /** When the code stops working */
  readonly expiresAt: string;
  /** The one MAC address the code fits; null: any phone of the model */
  readonly boundMac: string | null;
  /** Whether it works from outside too */
  readonly viaMra: boolean;
  /** What the cloud knows. none: it is for inside only; waiting: nothing yet; known: its first seven digits; releasing, released: it is told to forget them, it has */
  readonly cloud: "none" | "waiting" | "known" | "releasing" | "released";
};

/** What many phones may or may not do */
export type CommonPhoneProfile = {
  /** What the profile is called */
  readonly name: string;
  /** For people */
  readonly description: string;
  /** Whether people may choose the background */
  readonly backgroundImageAccess: boolean;
  /** Whether call lists show who is busy */
  readonly callLogBlfEnabled: boolean;
  /** Product specific settings by name, e.g. webAccess, sshAccess, pcPort, garp */
  readonly vendorConfig: Readonly<Record<string, string>>;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type CommonPhoneProfileChange = {
  /** What the profile is called */
  readonly name?: string;
  /** For people */
  readonly description?: string;
  /** Whether people may choose the background */
  readonly backgroundImageAccess?: boolean;
  /** Whether call lists show who is busy */
  readonly callLogBlfEnabled?: boolean;
  /** Product specific settings by name, e.g. webAccess, sshAccess, pcPort, garp */
  readonly vendorConfig?: Readonly<Record<string, string>>;
};

/** One page of a list */
export type CommonPhoneProfileList = {
  readonly items: readonly CommonPhoneProfile[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** Bulk Administration > Phones > Delete Phones */
export type DeletePhones = {
  readonly selection: PhoneSelection;
  /** Also removes lines that no other phone has. Default false */
  readonly removeUnusedLines?: boolean;
  /** Job description */
  readonly description?: string;
  /** "Run Immediately", as soon as no other job runs; "Run Later": the job waits in the Job Scheduler until `runAt`, or on hold until it is activated. Default `immediately` */
  readonly run?: "immediately" | "later";
  /** When a later job begins by itself */
  readonly runAt?: string;
  /** Only show, row by row, what would be made, changed or refused. Default false */
  readonly dryRun?: boolean;
  /** Do nothing at all when any row has an error. Default false: the rows without errors are done */
  readonly refuseOnErrors?: boolean;
};

/** What of one kind depends on an object */
export type DependencyRecord = {
  /** What depends on it: `phone`, `device-pool`, … */
  readonly kind: string;
  /** How many of that kind */
  readonly count: number;
  /** Some of them, at most ten */
  readonly names: readonly string[];
};

/** Everything that depends on an object; while there is something, it cannot be deleted */
export type DependencyRecords = {
  readonly items: readonly DependencyRecord[];
};

/** Device Defaults of one model */
export type DeviceDefault = {
  /** Model */
  readonly model: string;
  /** "On-Premise Onboarding Method" */
  readonly onPremiseOnboardingMethod: "ActivationCode" | "AutoRegistration";
  /** Firmware load of the active bank, without .loads; must be of the family of the model. Empty: the phone keeps what it runs */
  readonly loadInformation: string;
  /** Firmware load of the inactive bank, without .loads; must be of the family of the model. Empty: the phone keeps what it runs */
  readonly inactiveLoadInformation: string;
  /** Device pool of new phones */
  readonly devicePool: string;
  /** Phone button template of new phones */
  readonly phoneButtonTemplate: string;
  /** Phones of the model there are */
  readonly phones: number;
  /** What to know about the change that was just made */
  readonly notices?: readonly Notice[];
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What shall be different; members left out stay as they are */
export type DeviceDefaultChange = {
  /** "On-Premise Onboarding Method" */
  readonly onPremiseOnboardingMethod?: "ActivationCode" | "AutoRegistration";
  /** Firmware load of the active bank, without .loads; must be of the family of the model. Empty: the phone keeps what it runs */
  readonly loadInformation?: string;
  /** Firmware load of the inactive bank, without .loads; must be of the family of the model. Empty: the phone keeps what it runs */
  readonly inactiveLoadInformation?: string;
  /** Device pool of new phones */
  readonly devicePool?: string;
  /** Phone button template of new phones; must fit the model */
  readonly phoneButtonTemplate?: string;
};

/** Device Defaults of several models at once */
export type DeviceDefaultChanges = {
  /** All are changed, or none */
  readonly items: readonly DeviceDefaultItem[];
};

/** One model and what shall be different */
export type DeviceDefaultItem = {
  /** Model */
  readonly model: string;
  /** "On-Premise Onboarding Method" */
  readonly onPremiseOnboardingMethod?: "ActivationCode" | "AutoRegistration";
  /** Firmware load of the active bank, without .loads; must be of the family of the model. Empty: the phone keeps what it runs */
  readonly loadInformation?: string;
  /** Firmware load of the inactive bank, without .loads; must be of the family of the model. Empty: the phone keeps what it runs */
  readonly inactiveLoadInformation?: string;
  /** Device pool of new phones */
  readonly devicePool?: string;
  /** Phone button template of new phones; must fit the model */
  readonly phoneButtonTemplate?: string;
  /** The version that was read: with another one nothing is changed */
  readonly version?: number;
};

/** Device Defaults of every model */
export type DeviceDefaults = {
  readonly items: readonly DeviceDefault[];
};

/** What phones of one place have in common */
export type DevicePool = {
  /** What the pool is called */
  readonly name: string;
  /** The Call Manager group whose nodes its phones use */
  readonly callManagerGroup: string;
  /** Time zone of its phones, as in the time zone database */
  readonly olsonTimeZone: string;
  /** How phones show a date, e.g. D/M/Y; A at the end: 12-hour clock */
  readonly dateTemplate: string;
  /** Time servers for its phones */
  readonly ntpServers: readonly string[];
  /** Language of its phones, e.g. English_United_States */
  readonly userLocale: string;
  /** Seconds a phone watches its first node before it goes back to it */
  readonly connectionMonitorDuration: number;
  /** Service domain of its phones over MRA; null: the default one */
  readonly mraServiceDomain: string | null;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type DevicePoolChange = {
  /** What the pool is called */
  readonly name?: string;
  /** The Call Manager group whose nodes its phones use */
  readonly callManagerGroup?: string;
  /** Time zone of its phones, as in the time zone database */
  readonly olsonTimeZone?: string;
  /** How phones show a date, e.g. D/M/Y; A at the end: 12-hour clock */
  readonly dateTemplate?: string;
  /** Time servers for its phones */
  readonly ntpServers?: readonly string[];
  /** Language of its phones, e.g. English_United_States */
  readonly userLocale?: string;
  /** Seconds a phone watches its first node before it goes back to it */
  readonly connectionMonitorDuration?: number;
  /** Service domain of its phones over MRA; null: the default one */
  readonly mraServiceDomain?: string | null;
};

/** One page of a list */
export type DevicePoolList = {
  readonly items: readonly DevicePool[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** An Expressway-C that was added, and what it needs to know of the cluster */
export type EnrolledExpressway = {
  /** Identity */
  readonly id: string;
  /** What the Expressway-C is called */
  readonly name: string;
  /** SHA-256 of its client certificate, in hex: what the nodes know it by */
  readonly sha256: string;
  /** Subject of its certificate */
  readonly subject: string;
  /** When its certificate says it ends */
  readonly notAfter: string;
  /** Who added it */
  readonly createdBy: string;
  /** Since when */
  readonly createdAt: string;
  /** PEM of the CA that the nodes’ server certificates chain to */
  readonly clusterCa: string;
  /** Where to reach the nodes from now on */
  readonly edgeAccess: readonly {
    /** Name of the node */
    readonly node: string;
    /** Its address */
    readonly host: string;
    /** Where it listens for Expressway-Cs: TLS 1.3, HTTP/2 */
    readonly port: number;
  }[];
};

/** A parameter that holds for the whole enterprise */
export type EnterpriseParameter = {
  /** What the parameter is called */
  readonly name: string;
  /** Heading it stands under */
  readonly group: string;
  /** What it does, in plain words */
  readonly help: string;
  /** What values it takes */
  readonly type: {
    readonly kind: "number";
    readonly minimum: number;
    readonly maximum: number;
    readonly unit?: string;
  } | {
    readonly kind: "boolean";
  } | {
    readonly kind: "choice";
    readonly choices: readonly string[];
  } | {
    readonly kind: "text";
    readonly maxLength: number;
    readonly pattern?: string;
  };
  /** What holds when nothing is set */
  readonly defaultValue: string;
  /** What holds; numbers in decimal, booleans as true or false */
  readonly value: string;
  /** Whether nothing is set */
  readonly isDefault: boolean;
  /** Made from what holds, the same for the same content; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** A new value */
export type EnterpriseParameterSetting = {
  /** The new value; null: back to the default */
  readonly value: string | number | boolean | null;
};

/** All enterprise parameters */
export type EnterpriseParameters = {
  readonly items: readonly EnterpriseParameter[];
};

/** An Expressway-C that may speak for phones outside */
export type Expressway = {
  /** Identity */
  readonly id: string;
  /** What the Expressway-C is called */
  readonly name: string;
  /** SHA-256 of its client certificate, in hex: what the nodes know it by */
  readonly sha256: string;
  /** Subject of its certificate */
  readonly subject: string;
  /** When its certificate says it ends */
  readonly notAfter: string;
  /** Who added it */
  readonly createdBy: string;
  /** Since when */
  readonly createdAt: string;
};

/** Every Expressway-C of the cluster */
export type Expressways = {
  readonly items: readonly Expressway[];
};

/** A phone that did not know the code */
export type FailedProofs = {
  /** SHA-256 of the manufacturing certificate, in hex */
  readonly micSha256: string;
  /** MAC address it names */
  readonly mac: string;
  /** Proofs it failed within the last 24 hours, for whatever codes */
  readonly failed: number;
  /** When the last of them was */
  readonly newest: string;
  /** When it may try again; null: it may now */
  readonly refusedUntil: string | null;
};

/** One page of a list */
export type FailedProofsList = {
  readonly items: readonly FailedProofs[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** A file that phones can fetch: firmware load, locale, tones */
export type FirmwareFile = {
  /** What phones ask for */
  readonly name: string;
  /** Octets */
  readonly size: number;
  /** SHA-256 in hex */
  readonly sha256: string;
  /** When it was uploaded */
  readonly createdAt: string;
};

/** All files */
export type FirmwareFiles = {
  readonly items: readonly FirmwareFile[];
};

/** How many phones got this far */
export type FunnelStep = {
  /** Stable name of the step */
  readonly step: string;
  /** The step in a few words */
  readonly title: string;
  /** Different phones that got through it */
  readonly phones: number;
};

/** The tokens that one activation gave a phone. Never the tokens themselves */
export type Grant = {
  /** Identity */
  readonly id: string;
  /** What the phone was called when it was last used */
  readonly deviceName: string;
  /** The activation that gave it */
  readonly activationId: string | null;
  /** SHA-256 of the manufacturing certificate that its tokens are good with, in hex */
  readonly micSha256: string;
  /** When it was given */
  readonly createdAt: string;
  /** When its refresh token was last used; null: never */
  readonly refreshedAt: string | null;
  /** When the newest refresh token ends */
  readonly expiresAt: string;
  /** When the last access token ends */
  readonly accessUntil: string;
  /** Whether the phone can still use it */
  readonly state: "live" | "revoked" | "expired";
  /** When it was revoked */
  readonly revokedAt: string | null;
  /** Why: a stable code; empty while it is good */
  readonly revokeReason: string;
};

/** What a phone holds and held, newest first */
export type Grants = {
  readonly items: readonly Grant[];
};

/** Bulk Administration > Phones > Insert Phones */
export type InsertPhones = {
  /** Uploaded file, of an "Insert Phones" transaction */
  readonly file: string;
  /** Phone template; needed for "Specific Details", not taken for "All Details" */
  readonly template?: string;
  /** "Create Dummy MAC Address": every phone is BAT. A MAC address in any row refuses the whole job. Default false */
  readonly createDummyMacAddress?: boolean;
  /** "Override the existing configuration": a row whose phone exists changes it, instead of being an error. Default false */
  readonly override?: boolean;
  /** Only with Create Dummy MAC Address: do it although a job of the last 30 days inserts the same rows, which makes every phone a second time. Default false: such a job is refused with `bulk_file_done_before` */
  readonly again?: boolean;
  /** Job description */
  readonly description?: string;
  /** "Run Immediately", as soon as no other job runs; "Run Later": the job waits in the Job Scheduler until `runAt`, or on hold until it is activated. Default `immediately` */
  readonly run?: "immediately" | "later";
  /** When a later job begins by itself */
  readonly runAt?: string;
  /** Only show, row by row, what would be made, changed or refused. Default false */
  readonly dryRun?: boolean;
  /** Do nothing at all when any row has an error. Default false: the rows without errors are done */
  readonly refuseOnErrors?: boolean;
};

/** The newest step of a phone */
export type LastStep = {
  /** Stable name of the step */
  readonly step: string;
  /** How it went */
  readonly result: "ok" | "failed" | "info";
  /** When */
  readonly at: string;
};

/** A directory number in a partition. In addresses it is called 1001, or 1001@Internal in a partition */
export type Line = {
  /** The number, e.g. 1001 or +4930123 */
  readonly directoryNumber: string;
  /** Route partition; empty: <None> */
  readonly partition: string;
  /** For people */
  readonly description: string;
  /** Name shown while a call to it rings */
  readonly alertingName: string;
  /** What the line is called in addresses */
  readonly name: string;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type LineChange = {
  /** The number, e.g. 1001 or +4930123 */
  readonly directoryNumber?: string;
  /** Route partition; empty: <None> */
  readonly partition?: string;
  /** For people */
  readonly description?: string;
  /** Name shown while a call to it rings */
  readonly alertingName?: string;
};

/** One page of a list */
export type LineList = {
  readonly items: readonly Line[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** Phones whose owners get their activation codes */
export type MailList = {
  /** Device names */
  readonly names: readonly string[];
};

/** What became of each phone */
export type MailListOutcome = {
  readonly items: readonly {
    /** Device name */
    readonly name: string;
    /** Whether a message is on its way */
    readonly queued: boolean;
    /** Stable name of why not */
    readonly code: string | null;
    /** The same in plain words */
    readonly detail: string | null;
    /** What to do */
    readonly remedy: string | null;
  }[];
};

/** How e-mail is set up, and how it goes */
export type MailOverview = {
  /** Whether messages can be sent */
  readonly setUp: boolean;
  /** Host and port of the mail server */
  readonly server: string | null;
  /** How the connection is protected */
  readonly security: "STARTTLS" | "TLS" | "None";
  /** Who signs in there */
  readonly user: string | null;
  /** Address that messages come from */
  readonly sender: string | null;
  /** Whether there is a password */
  readonly passwordSet: boolean;
  /** Where it is set; the environment wins */
  readonly passwordFrom: "environment" | "database" | null;
  /** Whether messages carry the activation code */
  readonly containsCode: boolean;
  /** Where messages send people */
  readonly selfCareUrl: string;
  /** Messages that wait */
  readonly queued: number;
  /** Sent within 24 hours */
  readonly sentLastDay: number;
  /** Given up within 24 hours */
  readonly failedLastDay: number;
  /** Since when the oldest one waits */
  readonly oldestQueuedAt: string | null;
  /** The newest that were given up */
  readonly failures: readonly MailStatus[];
};

/** The password of the user at the mail server */
export type MailPassword = {
  /** Set, never shown; null: none */
  readonly password: string | null;
};

/** The newest message about the activation code of a phone */
export type MailStatus = {
  /** Device name */
  readonly name: string;
  /** none: no message was asked for; queued: waits, or is being sent; sent: the mail server took it; failed: given up; cancelled: not needed any more, e.g. because the code was used */
  readonly state: "none" | "queued" | "sent" | "failed" | "cancelled";
  /** Where it was sent to; null until then */
  readonly to: string | null;
  /** Whether it carried the code; null until it was sent */
  readonly containsCode: boolean | null;
  /** Tries so far */
  readonly attempts: number;
  /** User id of who asked for it */
  readonly requestedBy: string | null;
  /** When it was asked for */
  readonly queuedAt: string | null;
  /** When it is tried next; null unless it waits */
  readonly nextAttemptAt: string | null;
  /** When it was sent, given up or cancelled */
  readonly endedAt: string | null;
  /** Stable name of why it is not sent (yet) */
  readonly reason: string | null;
  /** The same in plain words */
  readonly cause: string | null;
  /** What to do */
  readonly remedy: string | null;
  /** What the mail server said last */
  readonly serverSaid: string | null;
};

/** The mail server took the test message */
export type MailTest = {
  /** Where the test message went: the address of who asked */
  readonly to: string;
  /** What the mail server said */
  readonly serverSaid: string;
};

/** Who is signed in */
export type Me = {
  /** User id */
  readonly userId: string;
  /** Identity that never changes */
  readonly userUuid: string;
  /** First name */
  readonly firstName: string;
  /** Last name */
  readonly lastName: string;
  /** Language of the pages */
  readonly locale: string;
  /** Roles held */
  readonly roles: readonly ("super" | "device-admin" | "bulk-admin" | "code-reveal" | "auditor" | "end-user")[];
  /** What these roles allow */
  readonly permissions: readonly string[];
};

/** A manufacturing certificate that is never accepted */
export type MicDenial = {
  /** serial: serial number of the certificate; key: SHA-256 of its public key; mac: MAC address it names */
  readonly kind: "serial" | "key" | "mac";
  /** In hex digits */
  readonly value: string;
  /** Why */
  readonly reason: string;
  /** Since when */
  readonly createdAt: string;
};

/** One page of a list */
export type MicDenialList = {
  readonly items: readonly MicDenial[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** Whether phones outside find an edge by this domain and can trust it */
export type MraDomainCheck = {
  /** The domain that was checked */
  readonly domain: string;
  /** The SRV record phones look up */
  readonly record: string;
  /** When */
  readonly checkedAt: string;
  /** partly: phones get through, but something is wrong; failed: no phone gets through */
  readonly outcome: "ok" | "partly" | "failed";
  /** About the record itself */
  readonly findings: readonly MraDomainFinding[];
  /** In the order phones try them */
  readonly targets: readonly MraEdgeTarget[];
};

/** Something that is wrong with a service domain */
export type MraDomainFinding = {
  /** Stable name of what was found */
  readonly code: string;
  /** error: phones do not get through */
  readonly severity: "error" | "warning";
  /** In plain words */
  readonly text: string;
  /** What to do */
  readonly remedy: string;
};

/** What the server showed */
export type MraEdgeCertificate = {
  /** Whose it is */
  readonly subject: string;
  /** DNS names in it */
  readonly names: readonly string[];
  /** Valid until */
  readonly notAfter: string;
  /** Whether the name of the SRV record is in it */
  readonly fitsHost: boolean;
  /** What makes phones trust it */
  readonly trust: "phone-edge-trust" | "public" | "untrusted";
};

/** One server behind the SRV record */
export type MraEdgeTarget = {
  /** Name of an Expressway-E */
  readonly host: string;
  /** Its port */
  readonly port: number;
  /** Lower is tried first */
  readonly priority: number;
  /** Share among equal priorities */
  readonly weight: number;
  /** Where the name leads to */
  readonly addresses: readonly string[];
  /** Null when the server was not reached */
  readonly certificate: MraEdgeCertificate | null;
  /** About this server */
  readonly findings: readonly MraDomainFinding[];
};

/** A domain by which phones outside find an Expressway cluster */
export type MraServiceDomain = {
  /** What the service domain is called */
  readonly name: string;
  /** The domain whose `_collab-edge._tls` SRV record leads to the Expressway-E cluster; the whole record may be written too */
  readonly domain: string;
  /** Whether phones use it whose device pool says `<None>`. Exactly one is the default: the first one, until another one is made it */
  readonly isDefault: boolean;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type MraServiceDomainChange = {
  /** What the service domain is called */
  readonly name?: string;
  /** The domain whose `_collab-edge._tls` SRV record leads to the Expressway-E cluster; the whole record may be written too */
  readonly domain?: string;
  /** Whether phones use it whose device pool says `<None>`. Exactly one is the default: the first one, until another one is made it */
  readonly isDefault?: boolean;
};

/** One page of a list */
export type MraServiceDomainList = {
  readonly items: readonly MraServiceDomain[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** The nodes a phone registers with, in order. What is left out gets its default */
export type NewCallManagerGroup = {
  /** What the group is called */
  readonly name: string;
  /** Its nodes */
  readonly members?: readonly {
    /** Name of the node */
    readonly node: string;
    /** 0 is tried first */
    readonly priority: number;
  }[];
  /** Whether phones without a configuration are told this group; making one the default takes it from the other */
  readonly tftpDefault?: boolean;
  /** Whether unknown phones may register with its nodes */
  readonly autoRegistration?: boolean;
};

/** What many phones may or may not do. What is left out gets its default */
export type NewCommonPhoneProfile = {
  /** What the profile is called */
  readonly name: string;
  /** For people */
  readonly description?: string;
  /** Whether people may choose the background */
  readonly backgroundImageAccess?: boolean;
  /** Whether call lists show who is busy */
  readonly callLogBlfEnabled?: boolean;
  /** Product specific settings by name, e.g. webAccess, sshAccess, pcPort, garp */
  readonly vendorConfig?: Readonly<Record<string, string>>;
};

/** What phones of one place have in common. What is left out gets its default */
export type NewDevicePool = {
  /** What the pool is called */
  readonly name: string;
  /** The Call Manager group whose nodes its phones use */
  readonly callManagerGroup?: string;
  /** Time zone of its phones, as in the time zone database */
  readonly olsonTimeZone?: string;
  /** How phones show a date, e.g. D/M/Y; A at the end: 12-hour clock */
  readonly dateTemplate?: string;
  /** Time servers for its phones */
  readonly ntpServers?: readonly string[];
  /** Language of its phones, e.g. English_United_States */
  readonly userLocale?: string;
  /** Seconds a phone watches its first node before it goes back to it */
  readonly connectionMonitorDuration?: number;
  /** Service domain of its phones over MRA; null: the default one */
  readonly mraServiceDomain?: string | null;
};

/** An Expressway-C to take phones from */
export type NewExpressway = {
  /** What to call it */
  readonly name: string;
  /** Its client certificate as PEM. It need not be signed by anyone in particular */
  readonly certificate: string;
};

/** A directory number in a partition. In addresses it is called 1001, or 1001@Internal in a partition. What is left out gets its default */
export type NewLine = {
  /** The number, e.g. 1001 or +4930123 */
  readonly directoryNumber: string;
  /** Route partition; empty: <None> */
  readonly partition?: string;
  /** For people */
  readonly description?: string;
  /** Name shown while a call to it rings */
  readonly alertingName?: string;
};

/** A line; what is left out comes from the Universal Line Template */
export type NewLineFromTemplate = {
  /** 1 to 24 digits; `*`, `#` and a leading `+` are allowed */
  readonly directoryNumber: string;
  /** Route partition; empty or left out: `<None>` */
  readonly partition?: string;
  /** Text beside the line key */
  readonly label?: string;
  /** Caller ID shown to the other side */
  readonly display?: string;
  /** Calls on the line at once, at most. Default 4 */
  readonly maxCalls?: number;
  /** From how many calls on the line is busy. Default 2 */
  readonly busyTrigger?: number;
  /** Description of a line that is made */
  readonly description?: string;
  /** Alerting name of a line that is made */
  readonly alertingName?: string;
  /** Universal Line Template of this line */
  readonly lineTemplate?: string;
};

/** What to refuse from now on */
export type NewMicDenial = {
  /** serial: serial number of the certificate; key: SHA-256 of its public key; mac: MAC address it names */
  readonly kind: "serial" | "key" | "mac";
  /** In hex digits */
  readonly value: string;
  /** Why */
  readonly reason?: string;
};

/** A domain by which phones outside find an Expressway cluster. What is left out gets its default */
export type NewMraServiceDomain = {
  /** What the service domain is called */
  readonly name: string;
  /** The domain whose `_collab-edge._tls` SRV record leads to the Expressway-E cluster; the whole record may be written too */
  readonly domain: string;
  /** Whether phones use it whose device pool says `<None>`. Exactly one is the default: the first one, until another one is made it */
  readonly isDefault?: boolean;
};

/** A phone to add; `model` is all that is needed */
export type NewPhone = {
  /** One of the models of GET /phone-models */
  readonly model: string;
  /** 12 hex digits, with or without separators: the phone is SEP and its code fits that MAC address only. Blank, null or left out: the phone is BAT and its code fits any phone of the model */
  readonly mac?: string | null;
  /** What people call the phone */
  readonly description?: string;
  /** User id of the owner; null or empty: nobody */
  readonly ownerUserId?: string | null;
  /** Device pool. Default: that of the Device Defaults of the model */
  readonly devicePool?: string;
  /** Phone button template; must fit the model. Default: that of the Device Defaults of the model */
  readonly phoneButtonTemplate?: string;
  /** Phone security profile. Default: the model-independent secure profile */
  readonly phoneSecurityProfile?: string;
  /** SIP profile. Default: Standard SIP Profile */
  readonly sipProfile?: string;
  /** Common phone profile. Default: Standard Common Phone Profile */
  readonly commonPhoneProfile?: string;
  /** Lines in the order of the line keys. Without one, the phone registers under its device name */
  readonly lines?: readonly NewLine[];
  /** "Requires Activation Code for Onboarding": makes a code; the phone does not register before it is entered. Default false */
  readonly requiresActivationCode?: boolean;
  /** "Allow Activation Code via MRA". Needs requiresActivationCode. Default false */
  readonly allowActivationCodeViaMra?: boolean;
  /** MRA service domain of this very phone; null, empty or left out: that of its device pool */
  readonly mraServiceDomain?: string | null;
  /** A phone that is not enabled gets no file and does not register. Default true */
  readonly enabled?: boolean;
  /** SIP digest password of a phone with a non-secure profile; its digest user is the device name. For clients that never go through an activation: an activation makes a new one and delivers it sealed. Never shown again */
  readonly digestPassword?: string;
};

/** What each button of a phone does. What is left out gets its default */
export type NewPhoneButtonTemplate = {
  /** What the template is called */
  readonly name: string;
  /** Only for this model; null: for any */
  readonly model?: string | null;
  /** The buttons, in order; the first is a line */
  readonly buttons: readonly ("line" | "speed-dial" | "blf-speed-dial" | "privacy" | "service-url" | "none")[];
};

/** A certificate to send to phones outside, through the cloud */
export type NewPhoneEdgeCertificate = {
  /** One certificate: PEM, or base64 of DER */
  readonly certificate: string;
  /** For people */
  readonly description?: string;
};

/** A phone to add from a Universal Device Template; its tags (#FirstName#, #LastName#, #UserID#, #Product#, #DirectoryNumber# …) are filled in. Members given here win */
export type NewPhoneFromTemplate = {
  /** One of the models of GET /phone-models */
  readonly model: string;
  /** 12 hex digits, with or without separators: the phone is SEP and its code fits that MAC address only. Blank, null or left out: the phone is BAT and its code fits any phone of the model */
  readonly mac?: string | null;
  /** Universal Device Template. Default: Default Universal Device Template */
  readonly deviceTemplate?: string;
  /** Universal Line Template of new lines. Default: Default Universal Line Template */
  readonly lineTemplate?: string;
  /** Instead of what the template says */
  readonly description?: string;
  /** User id of the owner; null or empty: nobody */
  readonly ownerUserId?: string | null;
  /** Device pool. Default: that of the Device Defaults of the model */
  readonly devicePool?: string;
  /** Phone button template; must fit the model. Default: that of the Device Defaults of the model */
  readonly phoneButtonTemplate?: string;
  /** Phone security profile. Default: the model-independent secure profile */
  readonly phoneSecurityProfile?: string;
  /** SIP profile. Default: Standard SIP Profile */
  readonly sipProfile?: string;
  /** Common phone profile. Default: Standard Common Phone Profile */
  readonly commonPhoneProfile?: string;
  /** Lines in the order of the line keys */
  readonly lines?: readonly NewLineFromTemplate[];
  /** "Requires Activation Code for Onboarding": makes a code; the phone does not register before it is entered. Default false */
  readonly requiresActivationCode?: boolean;
  /** "Allow Activation Code via MRA". Needs requiresActivationCode. Default false */
  readonly allowActivationCodeViaMra?: boolean;
  /** MRA service domain of this very phone; null, empty or left out: that of its device pool */
  readonly mraServiceDomain?: string | null;
  /** A phone that is not enabled gets no file and does not register. Default true */
  readonly enabled?: boolean;
};

/** How a phone proves who it is and how its signalling travels. What is left out gets its default */
export type NewPhoneSecurityProfile = {
  /** What the profile is called */
  readonly name: string;
  /** For people */
  readonly description?: string;
  /** authenticated: TLS, audio in the clear; encrypted: TLS, audio encrypted */
  readonly deviceSecurityMode?: "non-secure" | "authenticated" | "encrypted";
  /** tls with a secure mode, and only then */
  readonly transport?: "udp" | "tcp" | "tcp+udp" | "tls";
  /** Whether the registrar asks for digest credentials; only without TLS */
  readonly digestAuthentication?: boolean;
  /** Whether phones outside show an OAuth token */
  readonly enableOauthAuthentication?: boolean;
};

/** What the phones of one bulk job have in common; a row of the file wins over it. What is left out gets its default */
export type NewPhoneTemplate = {
  /** What the template is called */
  readonly name: string;
  /** Phone type: one of the models of GET /phone-models. All rows of a job are phones of this model */
  readonly model: string;
  /** Description of the phones; #FirstName#, #LastName#, #UserID# and #Product# are filled in */
  readonly description?: string;
  /** "Requires Activation Code for Onboarding" */
  readonly requiresActivationCode?: boolean;
  /** "Allow Activation Code via MRA". Needs requiresActivationCode */
  readonly allowActivationCodeViaMra?: boolean;
  /** Device pool */
  readonly devicePool?: string;
  /** Button template; null: the one of the model */
  readonly phoneButtonTemplate?: string | null;
  /** User id of the owner; null: nobody */
  readonly ownerUserId?: string | null;
  /** Device security profile */
  readonly phoneSecurityProfile?: string;
  /** SIP profile */
  readonly sipProfile?: string;
  /** Common phone profile */
  readonly commonPhoneProfile?: string;
  /** MRA service domain; null: that of the device pool */
  readonly mraServiceDomain?: string | null;
  /** Whether the phones are served at all */
  readonly enabled?: boolean;
  /** Lines in the order of the line keys. A row may have as many lines as there are here, not more */
  readonly lines?: readonly PhoneTemplateLine[];
};

/** A set of lines that are reached alike. The one without a name is called <None> in addresses. What is left out gets its default */
export type NewRoutePartition = {
  /** What the partition is called; only <None> has an empty name */
  readonly name: string;
  /** For people */
  readonly description?: string;
};

/** Timers and ports of SIP on a phone. What is left out gets its default */
export type NewSipProfile = {
  /** What the profile is called */
  readonly name: string;
  /** For people */
  readonly description?: string;
  /** Seconds a registration is asked for */
  readonly timerRegisterExpires?: number;
  /** Seconds before the end at which the phone registers again */
  readonly timerRegisterDelta?: number;
  /** Seconds between the keep-alives of a phone */
  readonly timerKeepAliveExpires?: number;
  /** Seconds a call rings at most */
  readonly timerInviteExpires?: number;
  /** Milliseconds until the first retransmission (RFC 3261) */
  readonly timerT1?: number;
  /** Milliseconds between retransmissions at most (RFC 3261) */
  readonly timerT2?: number;
  /** How often an INVITE is repeated */
  readonly retryInvite?: number;
  /** How often any other request is repeated */
  readonly retryNonInvite?: number;
  /** First port for audio and video */
  readonly startMediaPort?: number;
  /** Last port for audio and video */
  readonly stopMediaPort?: number;
  /** RTP payload type of telephone events */
  readonly dtmfPayload?: number;
  /** Whether its phones may ask other phones to pick up by themselves */
  readonly intercomAllowed?: boolean;
};

/** A certificate to trust, for CallManager-trust where nothing is said */
export type NewTrustCertificate = {
  /** The trust store */
  readonly purpose?: "CallManager-trust" | "PhoneEdge-trust";
  /** One certificate: PEM, or base64 of DER */
  readonly certificate: string;
  /** For people */
  readonly description?: string;
  /** Whether it may vouch for manufacturing certificates */
  readonly micRoot?: boolean;
  /** Whether chains under it may carry SHA-1 signatures */
  readonly legacySha1?: boolean;
  /** A dated exception; null: expired manufacturing certificates are refused */
  readonly expiredMicsUntil?: string | null;
};

/** What a new phone is made from, whatever its model. What is left out gets its default */
export type NewUniversalDeviceTemplate = {
  /** What the template is called */
  readonly name: string;
  /** Description of phones made from it; #FirstName#, #LastName#, #UserID# and #Product# are filled in */
  readonly deviceDescription?: string;
  /** Device pool of phones made from it */
  readonly devicePool?: string;
  /** Button template; null: the one of the model */
  readonly phoneButtonTemplate?: string | null;
  /** Phone security profile */
  readonly phoneSecurityProfile?: string;
  /** SIP profile */
  readonly sipProfile?: string;
  /** Common phone profile */
  readonly commonPhoneProfile?: string;
};

/** What a new line is made from. What is left out gets its default */
export type NewUniversalLineTemplate = {
  /** What the template is called */
  readonly name: string;
  /** Route partition; empty: <None> */
  readonly partition?: string;
  /** Description of lines made from it; #FirstName#, #LastName# and #UserID# are filled in */
  readonly lineDescription?: string;
  /** Name shown while a call to it rings */
  readonly alertingName?: string;
  /** Calls the line holds at once */
  readonly maxCalls?: number;
  /** Calls from which a further one finds it busy */
  readonly busyTrigger?: number;
};

/** A person; roles: end-user where nothing is said */
export type NewUser = {
  /** Name to sign in with; upper and lower case are the same */
  readonly userId: string;
  /** First name */
  readonly firstName?: string;
  /** Last name */
  readonly lastName?: string;
  /** One plain mailbox, or empty */
  readonly mail?: "" | string;
  /** Language of the pages */
  readonly locale?: "en" | "zh-CN";
  /** What the user may do */
  readonly roles?: readonly ("super" | "device-admin" | "bulk-admin" | "code-reveal" | "auditor" | "end-user")[];
  /** Whether the user can sign in */
  readonly enabled?: boolean;
  /** Set, never shown; null: cannot sign in with a password. Hard to guess: at least 8 characters, 12 for whoever holds a role beyond end-user */
  readonly password?: string | null;
  /** Digits for sign-in at a phone; set, never shown; null: none */
  readonly pin?: string | null;
};

/** Whom to tell what */
export type NewWebhook = {
  /** What it is called */
  readonly name: string;
  /** Where to POST to: https://…; http:// only for this machine itself */
  readonly url: string;
  /** What to tell it */
  readonly events: readonly ("code.made" | "code.revealed" | "code.used" | "code.expired" | "code.refused" | "phone.registered" | "phone.lost" | "audit.sealed" | "audit.alarm")[];
  /** PEM of authorities to trust besides public ones. Empty: public ones only */
  readonly certificateAuthority?: string;
  /** Whether it is told anything now; what happens meanwhile is not kept */
  readonly enabled?: boolean;
};

/** A server of the cluster */
export type Node = {
  /** What the node is called */
  readonly name: string;
  /** Host name or IP address where phones reach it */
  readonly address: string;
  /** For people */
  readonly description: string;
  /** Whether it was the first node of the cluster */
  readonly publisher: boolean;
  /** What it listens on */
  readonly ports: Readonly<Record<string, number>>;
  /** Version it runs */
  readonly version: string;
  readonly lastSeenAt: string | null;
  /** Whether it was seen within the last ten seconds */
  readonly up: boolean;
};

/** Auto-registration on one node */
export type NodeAutoRegistration = {
  /** What the node is called */
  readonly node: string;
  /** "Starting Directory Number"; the same as the ending one switches auto-registration off */
  readonly startingDirectoryNumber: string;
  /** "Ending Directory Number"; with as many digits as the starting one */
  readonly endingDirectoryNumber: string;
  /** "Auto-registration Disabled on this Cisco Unified Communications Manager" */
  readonly disabled: boolean;
  /** "Universal Device Template" of phones that auto-register; null: the default one */
  readonly universalDeviceTemplate: string | null;
  /** "Universal Line Template" of their lines; null: the default one */
  readonly universalLineTemplate: string | null;
  /** It has numbers to give and the box is clear */
  readonly on: boolean;
  /** Phones without a record are taken in by this node now */
  readonly serving: boolean;
  /** Directory numbers of the range */
  readonly numbersTotal: number;
  /** How many of them phones have */
  readonly numbersUsed: number;
  /** What the next phone gets; null: off, or none is left */
  readonly nextDirectoryNumber: string | null;
  /** What was given last */
  readonly lastDirectoryNumber: string | null;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What shall be different; members left out stay as they are */
export type NodeAutoRegistrationChange = {
  /** "Starting Directory Number"; the same as the ending one switches auto-registration off */
  readonly startingDirectoryNumber?: string;
  /** "Ending Directory Number"; with as many digits as the starting one */
  readonly endingDirectoryNumber?: string;
  /** "Auto-registration Disabled on this Cisco Unified Communications Manager" */
  readonly disabled?: boolean;
  /** "Universal Device Template" of phones that auto-register; null: the default one */
  readonly universalDeviceTemplate?: string | null;
  /** "Universal Line Template" of their lines; null: the default one */
  readonly universalLineTemplate?: string | null;
};

/** What to change */
export type NodeChange = {
  /** Host name or IP address where phones reach it */
  readonly address?: string;
  /** For people */
  readonly description?: string;
};

/** A service on a node */
export type NodeService = {
  /** What the service is called */
  readonly name: string;
  /** Heading it stands under */
  readonly group: string;
  /** What it does */
  readonly description: string;
  /** Whether it runs on this node */
  readonly activated: boolean;
  readonly changedAt: string | null;
  /** Services it cannot run without on the same node */
  readonly needs: readonly string[];
  /** Services that should run on this node too, for onboarding over MRA */
  readonly missingForMra: readonly string[];
};

/** Service Activation */
export type NodeServiceSwitch = {
  /** On or off; takes effect at once */
  readonly activated: boolean;
};

/** All services of a node */
export type NodeServices = {
  readonly items: readonly NodeService[];
};

/** All nodes */
export type Nodes = {
  readonly items: readonly Node[];
};

/** Something to know about a change that was made */
export type Notice = {
  /** Stable name of the notice */
  readonly code: string;
  /** In plain words */
  readonly message: string;
};

/** What stopped phones, and how many */
export type OnboardingFailure = {
  /** Stable code of what stopped them */
  readonly reason: string;
  /** What stopped them, in plain words */
  readonly cause: string;
  /** What to do now */
  readonly remedy: string;
  /** Phones whose last try ended so */
  readonly phones: number;
  /** When it last happened */
  readonly lastAt: string;
  /** The latest few */
  readonly examples: readonly {
    /** MAC address */
    readonly mac: string;
    /** Device name, where there is a record */
    readonly deviceName: string | null;
  }[];
};

/** How many phones stand where */
export type OnboardingNumbers = {
  /** Codes that wait to be entered */
  readonly waiting: number;
  /** Phones that must enter a code and have none that works */
  readonly withoutCode: number;
  /** Phones in the middle of it: seen in the last ten minutes, not yet registered, nothing failed */
  readonly underWay: number;
  /** Phones whose last try failed, or that began and went silent */
  readonly stuck: number;
  /** Phones activated in that time, and confirmed by the phone */
  readonly activated: number;
  /** Phones registered now */
  readonly registered: number;
};

/** How the onboarding of all phones goes */
export type OnboardingSummary = {
  /** How far back it looks */
  readonly hours: number;
  readonly numbers: OnboardingNumbers;
  /** In the order a phone goes through */
  readonly funnel: readonly FunnelStep[];
  /** The most frequent first */
  readonly failures: readonly OnboardingFailure[];
  /** The latest steps of all phones, newest first */
  readonly newest: readonly TimelineStep[];
};

/** A code that waits to be entered, without its digits */
export type OutstandingCode = {
  /** Device name */
  readonly name: string;
  /** Description of the phone */
  readonly description: string;
  /** Model */
  readonly model: string;
  /** User id of the owner */
  readonly ownerUserId: string | null;
  /** Whether the code still works */
  readonly state: "active" | "expired";
  /** The one MAC address the code fits; null: any phone of the model */
  readonly boundMac: string | null;
  /** When it was made */
  readonly createdAt: string;
  /** Who made it */
  readonly createdBy: string;
  /** When it stops working */
  readonly expiresAt: string;
};

/** One page of a list */
export type OutstandingCodePage = {
  readonly items: readonly OutstandingCode[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** A change of one's own password */
export type PasswordChange = {
  /** The password as it is */
  readonly currentPassword: string;
  /** The password as it shall be, hard to guess: at least 8 characters, 12 for administrators */
  readonly newPassword: string;
};

/** A phone */
export type Phone = {
  /** Stays the same when the phone is renamed */
  readonly id: string;
  /** `SEP` and the MAC address, or `BAT` and 12 random hex digits */
  readonly name: string;
  /** One of the models of GET /phone-models */
  readonly model: string;
  /** 12 hex digits; null while the phone is BAT */
  readonly mac: string | null;
  /** What people call the phone */
  readonly description: string;
  /** Device pool */
  readonly devicePool: string;
  /** Phone button template */
  readonly phoneButtonTemplate: string;
  /** Phone security profile */
  readonly phoneSecurityProfile: string;
  /** SIP profile */
  readonly sipProfile: string;
  /** Common phone profile */
  readonly commonPhoneProfile: string;
  /** User id of the owner */
  readonly ownerUserId: string | null;
  /** The owner is shown no activation code: the owner, or that user’s password or e-mail address, was set by somebody who may not see codes */
  readonly codeWithheld: boolean;
  /** In the order of the line keys */
  readonly lines: readonly Line[];
  /** While true the phone is locked until its code is entered; the activation sets it to false */
  readonly requiresActivationCode: boolean;
  /** "Allow Activation Code via MRA" */
  readonly allowActivationCodeViaMra: boolean;
  /** The MRA service domain of this very phone; null: that of its device pool */
  readonly mraServiceDomain: string | null;
  readonly mra: PhoneMra;
  /** Whether the phone is served at all */
  readonly enabled: boolean;
  /** The live code, else the last one; null when there never was one */
  readonly activationCode: CodeSummary | null;
  /** Null while the phone is not registered */
  readonly registration: RegistrationSummary | null;
  /** The newest step of its timeline; null before anything happened */
  readonly lastStep: LastStep | null;
  /** When the phone first got in */
  readonly firstActivatedAt: string | null;
  /** Whether the record was made by auto-registration */
  readonly autoRegistered: boolean;
  /** Firmware the phone runs, as it last said */
  readonly activeLoad: string;
  /** Firmware in its other bank */
  readonly inactiveLoad: string;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
  /** When it was added */
  readonly createdAt: string;
  /** When it was last changed */
  readonly updatedAt: string;
};

/** What each button of a phone does */
export type PhoneButtonTemplate = {
  /** What the template is called */
  readonly name: string;
  /** Only for this model; null: for any */
  readonly model: string | null;
  /** The buttons, in order; the first is a line */
  readonly buttons: readonly ("line" | "speed-dial" | "blf-speed-dial" | "privacy" | "service-url" | "none")[];
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type PhoneButtonTemplateChange = {
  /** What the template is called */
  readonly name?: string;
  /** Only for this model; null: for any */
  readonly model?: string | null;
  /** The buttons, in order; the first is a line */
  readonly buttons?: readonly ("line" | "speed-dial" | "blf-speed-dial" | "privacy" | "service-url" | "none")[];
};

/** One page of a list */
export type PhoneButtonTemplateList = {
  readonly items: readonly PhoneButtonTemplate[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** What shall be different; members left out stay as they are. Changing `mac` renames the phone and ends its registration. While a code is required, a rename also replaces the code: a code fits what the phone was when it was made. The model of a phone does not change. */
export type PhoneChange = {
  /** One of the models of GET /phone-models */
  readonly model?: string;
  /** 12 hex digits, with or without separators: the phone is SEP and its code fits that MAC address only. Blank, null or left out: the phone is BAT and its code fits any phone of the model */
  readonly mac?: string | null;
  /** What people call the phone */
  readonly description?: string;
  /** User id of the owner; null or empty: nobody */
  readonly ownerUserId?: string | null;
  /** Device pool. Default: that of the Device Defaults of the model */
  readonly devicePool?: string;
  /** Phone button template; must fit the model. Default: that of the Device Defaults of the model */
  readonly phoneButtonTemplate?: string;
  /** Phone security profile. Default: the model-independent secure profile */
  readonly phoneSecurityProfile?: string;
  /** SIP profile. Default: Standard SIP Profile */
  readonly sipProfile?: string;
  /** Common phone profile. Default: Standard Common Phone Profile */
  readonly commonPhoneProfile?: string;
  /** All lines the phone shall have, in order */
  readonly lines?: readonly NewLine[];
  /** "Requires Activation Code for Onboarding": makes a code; the phone does not register before it is entered. Default false */
  readonly requiresActivationCode?: boolean;
  /** "Allow Activation Code via MRA". Needs requiresActivationCode. Default false */
  readonly allowActivationCodeViaMra?: boolean;
  /** MRA service domain of this very phone; null, empty or left out: that of its device pool */
  readonly mraServiceDomain?: string | null;
  /** A phone that is not enabled gets no file and does not register. Default true */
  readonly enabled?: boolean;
  /** SIP digest password of a phone with a non-secure profile; its digest user is the device name. For clients that never go through an activation: an activation makes a new one and delivers it sealed. Never shown again */
  readonly digestPassword?: string;
};

/** A certificate by which phones outside trust Expressway-E */
export type PhoneEdgeCertificate = {
  /** SHA-256 of the certificate in hex: its name */
  readonly sha256: string;
  /** Whose it is */
  readonly subject: string;
  /** Who signed it */
  readonly issuer: string;
  /** Serial number in hex */
  readonly serialNumber: string;
  /** Valid from */
  readonly notBefore: string;
  /** Valid until */
  readonly notAfter: string;
  /** Whether that is over */
  readonly expired: boolean;
  /** For people */
  readonly description: string;
  /** The certificate itself */
  readonly pem: string;
  /** When it was uploaded */
  readonly createdAt: string;
};

/** Everything in PhoneEdge-trust; empty: phones trust public authorities */
export type PhoneEdgeTrust = {
  readonly items: readonly PhoneEdgeCertificate[];
  /** Counts the changes of the set */
  readonly version: number;
  /** The version the cloud has; lower: it is on its way */
  readonly sentVersion: number;
};

/** A model that can be onboarded by activation code */
export type PhoneModel = {
  /** As administrators write it */
  readonly model: string;
  /** As the certificate of the phone says it */
  readonly product: string;
  /** Unified CM type id */
  readonly typeId: number;
  /** What its firmware load names begin with */
  readonly loadFamily: string;
  /** Line keys of the phone itself */
  readonly lineKeys: number;
  /** Can read the QR code of its activation code */
  readonly camera: boolean;
};

/** Every model that is supported */
export type PhoneModels = {
  readonly items: readonly PhoneModel[];
};

/** How the phone stands outside */
export type PhoneMra = {
  /** Where it was activated last; null: never */
  readonly activatedVia: "onprem" | "mra" | null;
  /** The domain where it registers from outside; null: none is set up */
  readonly serviceDomain: string | null;
  /** What says so: the phone itself, its device pool, or the default */
  readonly serviceDomainFrom: "phone" | "device-pool" | "default" | null;
};

/** One page of a list */
export type PhonePage = {
  readonly items: readonly Phone[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** How a phone proves who it is and how its signalling travels */
export type PhoneSecurityProfile = {
  /** What the profile is called */
  readonly name: string;
  /** For people */
  readonly description: string;
  /** authenticated: TLS, audio in the clear; encrypted: TLS, audio encrypted */
  readonly deviceSecurityMode: "non-secure" | "authenticated" | "encrypted";
  /** tls with a secure mode, and only then */
  readonly transport: "udp" | "tcp" | "tcp+udp" | "tls";
  /** Whether the registrar asks for digest credentials; only without TLS */
  readonly digestAuthentication: boolean;
  /** Whether phones outside show an OAuth token */
  readonly enableOauthAuthentication: boolean;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type PhoneSecurityProfileChange = {
  /** What the profile is called */
  readonly name?: string;
  /** For people */
  readonly description?: string;
  /** authenticated: TLS, audio in the clear; encrypted: TLS, audio encrypted */
  readonly deviceSecurityMode?: "non-secure" | "authenticated" | "encrypted";
  /** tls with a secure mode, and only then */
  readonly transport?: "udp" | "tcp" | "tcp+udp" | "tls";
  /** Whether the registrar asks for digest credentials; only without TLS */
  readonly digestAuthentication?: boolean;
  /** Whether phones outside show an OAuth token */
  readonly enableOauthAuthentication?: boolean;
};

/** One page of a list */
export type PhoneSecurityProfileList = {
  readonly items: readonly PhoneSecurityProfile[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** Which phones are meant; exactly one of the three */
export type PhoneSelection = {
  readonly query?: {
    /** Every phone; needed where no other member of the query is given */
    readonly all?: boolean;
    /** As in the list of phones */
    readonly search?: string;
    /** Only this model */
    readonly model?: string;
    /** Only this device pool */
    readonly devicePool?: string;
    /** Only phones of this user */
    readonly ownerUserId?: string;
    /** Only phones whose code is in this state */
    readonly codeState?: "active" | "expired" | "locked" | "none";
    /** Only phones that are registered now, or only others */
    readonly registered?: boolean;
    /** Only phones that must enter a code, or only others */
    readonly requiresActivationCode?: boolean;
    /** Only phones this bulk job added or changed */
    readonly job?: number;
  };
  /** Device names */
  readonly names?: readonly string[];
  /** Uploaded file that lists them */
  readonly file?: string;
};

/** What the phones of one bulk job have in common; a row of the file wins over it */
export type PhoneTemplate = {
  /** What the template is called */
  readonly name: string;
  /** Phone type: one of the models of GET /phone-models. All rows of a job are phones of this model */
  readonly model: string;
  /** Description of the phones; #FirstName#, #LastName#, #UserID# and #Product# are filled in */
  readonly description: string;
  /** "Requires Activation Code for Onboarding" */
  readonly requiresActivationCode: boolean;
  /** "Allow Activation Code via MRA". Needs requiresActivationCode */
  readonly allowActivationCodeViaMra: boolean;
  /** Device pool */
  readonly devicePool: string;
  /** Button template; null: the one of the model */
  readonly phoneButtonTemplate: string | null;
  /** User id of the owner; null: nobody */
  readonly ownerUserId: string | null;
  /** Device security profile */
  readonly phoneSecurityProfile: string;
  /** SIP profile */
  readonly sipProfile: string;
  /** Common phone profile */
  readonly commonPhoneProfile: string;
  /** MRA service domain; null: that of the device pool */
  readonly mraServiceDomain: string | null;
  /** Whether the phones are served at all */
  readonly enabled: boolean;
  /** Lines in the order of the line keys. A row may have as many lines as there are here, not more */
  readonly lines: readonly PhoneTemplateLine[];
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type PhoneTemplateChange = {
  /** What the template is called */
  readonly name?: string;
  /** Phone type: one of the models of GET /phone-models. All rows of a job are phones of this model */
  readonly model?: string;
  /** Description of the phones; #FirstName#, #LastName#, #UserID# and #Product# are filled in */
  readonly description?: string;
  /** "Requires Activation Code for Onboarding" */
  readonly requiresActivationCode?: boolean;
  /** "Allow Activation Code via MRA". Needs requiresActivationCode */
  readonly allowActivationCodeViaMra?: boolean;
  /** Device pool */
  readonly devicePool?: string;
  /** Button template; null: the one of the model */
  readonly phoneButtonTemplate?: string | null;
  /** User id of the owner; null: nobody */
  readonly ownerUserId?: string | null;
  /** Device security profile */
  readonly phoneSecurityProfile?: string;
  /** SIP profile */
  readonly sipProfile?: string;
  /** Common phone profile */
  readonly commonPhoneProfile?: string;
  /** MRA service domain; null: that of the device pool */
  readonly mraServiceDomain?: string | null;
  /** Whether the phones are served at all */
  readonly enabled?: boolean;
  /** Lines in the order of the line keys. A row may have as many lines as there are here, not more */
  readonly lines?: readonly PhoneTemplateLine[];
};

/** What a line of a row takes where the row says nothing */
export type PhoneTemplateLine = {
  /** Route partition; empty: `<None>` */
  readonly partition: string;
  /** Text beside the line key; #FirstName#, #LastName#, #UserID#, #DirectoryNumber# are filled in */
  readonly label: string;
  /** Caller ID; the same tags are filled in */
  readonly display: string;
  /** Calls on the line at once, at most */
  readonly maxCalls: number;
  /** From how many calls on the line is busy */
  readonly busyTrigger: number;
};

/** One page of a list */
export type PhoneTemplateList = {
  readonly items: readonly PhoneTemplate[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** Why a request failed (RFC 9457) */
export type Problem = {
  /** Where this problem is explained */
  readonly type: string;
  /** The kind of problem, always the same for one code */
  readonly title: string;
  /** The HTTP status */
  readonly status: number;
  /** Stable name of the problem: programs decide by it */
  readonly code: string;
  /** What went wrong this time, in plain words */
  readonly detail: string;
  /** The field at fault, as the request wrote it */
  readonly field?: string;
  /** What to do now */
  readonly remedy?: string;
};

/** One kind of problem */
export type ProblemKind = {
  /** The stable code */
  readonly code: string;
  /** The HTTP status it comes with */
  readonly status: number;
  /** What kind of problem it is */
  readonly title: string;
};

/** All kinds of problems */
export type ProblemKinds = {
  readonly items: readonly ProblemKind[];
};

/** A registration there is now */
export type Registration = {
  /** Device name */
  readonly deviceName: string;
  /** Description of the phone */
  readonly description: string;
  /** Model */
  readonly model: string;
  /** User id of the owner */
  readonly ownerUserId: string | null;
  /** Node that holds the registration */
  readonly node: string;
  /** Where calls are sent */
  readonly contact: string;
  /** `udp`, `tcp` or `tls` */
  readonly transport: string;
  /** Address of the phone */
  readonly sourceAddress: string;
  /** Port of the phone */
  readonly sourcePort: number;
  /** The Expressway-E it came over; null: it is inside the network */
  readonly edge: string | null;
  /** Lines that ring there */
  readonly directoryNumbers: readonly string[];
  /** False: its connection broke; it counts as registered until it runs out */
  readonly reachable: boolean;
  /** What the phone calls itself */
  readonly userAgent: string;
  /** Firmware it runs */
  readonly activeLoad: string;
  /** Firmware in its other bank */
  readonly inactiveLoad: string;
  /** Since when */
  readonly registeredAt: string;
  /** When it was last refreshed */
  readonly refreshedAt: string;
  /** Until when, unless refreshed */
  readonly expiresAt: string;
};

/** One page of a list */
export type RegistrationPage = {
  readonly items: readonly Registration[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** The registration there is now */
export type RegistrationSummary = {
  /** Node the phone is registered with */
  readonly node: string;
  /** `udp`, `tcp` or `tls` */
  readonly transport: string;
  /** Address of the phone */
  readonly sourceAddress: string;
  /** Since when */
  readonly registeredAt: string;
  /** Until when, unless refreshed */
  readonly expiresAt: string;
};

/** What a manufacturer says it revoked */
export type RevocationList = {
  /** Its name, in hex: of the same issuer, key and scope there is one list */
  readonly id: string;
  /** Who signed it */
  readonly issuer: string;
  /** SHA-256 of the certificate in CallManager-trust whose key signed it */
  readonly issuerSha256: string;
  /** CRL number, decimal; null: it has none */
  readonly number: string | null;
  /** When it was made */
  readonly thisUpdate: string;
  /** When its issuer will have made the next one; null: it does not say */
  readonly nextUpdate: string | null;
  /** The next one is due and is not here. This one still refuses what it lists, and nothing else */
  readonly overdue: boolean;
  /** Speaks for a part of the issuer's certificates only */
  readonly partial: boolean;
  /** How many certificates it revokes */
  readonly entries: number;
  /** SHA-256 of the list in hex */
  readonly sha256: string;
  /** When it was uploaded */
  readonly createdAt: string;
};

/** Certificate revocation lists of manufacturers */
export type RevocationLists = {
  readonly items: readonly RevocationList[];
};

/** A set of lines that are reached alike. The one without a name is called <None> in addresses */
export type RoutePartition = {
  /** What the partition is called; only <None> has an empty name */
  readonly name: string;
  /** For people */
  readonly description: string;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type RoutePartitionChange = {
  /** What the partition is called; only <None> has an empty name */
  readonly name?: string;
  /** For people */
  readonly description?: string;
};

/** One page of a list */
export type RoutePartitionList = {
  readonly items: readonly RoutePartition[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** What was asked of a phone */
export type ServiceControl = {
  /** `SEP` and the MAC address, or `BAT` and 12 random hex digits */
  readonly name: string;
  /** What was asked for */
  readonly action: "reset" | "restart";
  /** A phone that is not registered cannot be reached; nothing is kept for later */
  readonly registered: boolean;
};

/** A parameter of a service */
export type ServiceParameter = {
  /** The service it belongs to */
  readonly service: string;
  /** What the parameter is called */
  readonly name: string;
  /** Heading it stands under */
  readonly group: string;
  /** What it does, in plain words */
  readonly help: string;
  /** What values it takes */
  readonly type: {
    readonly kind: "number";
    readonly minimum: number;
    readonly maximum: number;
    readonly unit?: string;
  } | {
    readonly kind: "boolean";
  } | {
    readonly kind: "choice";
    readonly choices: readonly string[];
  } | {
    readonly kind: "text";
    readonly maxLength: number;
    readonly pattern?: string;
  };
  /** What holds when nothing is set */
  readonly defaultValue: string;
  /** What holds; numbers in decimal, booleans as true or false */
  readonly value: string;
  /** Whether nothing is set */
  readonly isDefault: boolean;
  /** Made from what holds, the same for the same content; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
  /** Whether nodes may differ */
  readonly perNode: boolean;
  /** Node → the value that holds there instead */
  readonly nodeValues: Readonly<Record<string, string>>;
};

/** A new value */
export type ServiceParameterSetting = {
  /** The new value; null: back to the default */
  readonly value: string | number | boolean | null;
  /** Set it for this node only */
  readonly node?: string;
};

/** All parameters of all services */
export type ServiceParameters = {
  readonly items: readonly ServiceParameter[];
};

/** Who is signed in, and what changes must carry */
export type Session = {
  /** User id */
  readonly userId: string;
  /** Identity that never changes */
  readonly userUuid: string;
  /** First name */
  readonly firstName: string;
  /** Last name */
  readonly lastName: string;
  /** Language of the pages */
  readonly locale: string;
  /** Roles held */
  readonly roles: readonly ("super" | "device-admin" | "bulk-admin" | "code-reveal" | "auditor" | "end-user")[];
  /** What these roles allow */
  readonly permissions: readonly string[];
  /** Send it as `X-CSRF-Token` with every change */
  readonly csrfToken: string;
};

/** A change of one's own settings */
export type SessionChange = {
  /** Language of the pages */
  readonly locale: "en" | "zh-CN";
};

/** Something that keeps a feature from working */
export type SetupProblem = {
  /** Stable name */
  readonly code: string;
  /** What is missing, in plain words */
  readonly message: string;
  /** What to do */
  readonly remedy: string;
};

/** Who wants to sign in */
export type SignIn = {
  /** User id */
  readonly userId: string;
  /** Password */
  readonly password: string;
};

/** Timers and ports of SIP on a phone */
export type SipProfile = {
  /** What the profile is called */
  readonly name: string;
  /** For people */
  readonly description: string;
  /** Seconds a registration is asked for */
  readonly timerRegisterExpires: number;
  /** Seconds before the end at which the phone registers again */
  readonly timerRegisterDelta: number;
  /** Seconds between the keep-alives of a phone */
  readonly timerKeepAliveExpires: number;
  /** Seconds a call rings at most */
  readonly timerInviteExpires: number;
  /** Milliseconds until the first retransmission (RFC 3261) */
  readonly timerT1: number;
  /** Milliseconds between retransmissions at most (RFC 3261) */
  readonly timerT2: number;
  /** How often an INVITE is repeated */
  readonly retryInvite: number;
  /** How often any other request is repeated */
  readonly retryNonInvite: number;
  /** First port for audio and video */
  readonly startMediaPort: number;
  /** Last port for audio and video */
  readonly stopMediaPort: number;
  /** RTP payload type of telephone events */
  readonly dtmfPayload: number;
  /** Whether its phones may ask other phones to pick up by themselves */
  readonly intercomAllowed: boolean;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type SipProfileChange = {
  /** What the profile is called */
  readonly name?: string;
  /** For people */
  readonly description?: string;
  /** Seconds a registration is asked for */
  readonly timerRegisterExpires?: number;
  /** Seconds before the end at which the phone registers again */
  readonly timerRegisterDelta?: number;
  /** Seconds between the keep-alives of a phone */
  readonly timerKeepAliveExpires?: number;
  /** Seconds a call rings at most */
  readonly timerInviteExpires?: number;
  /** Milliseconds until the first retransmission (RFC 3261) */
  readonly timerT1?: number;
  /** Milliseconds between retransmissions at most (RFC 3261) */
  readonly timerT2?: number;
  /** How often an INVITE is repeated */
  readonly retryInvite?: number;
  /** How often any other request is repeated */
  readonly retryNonInvite?: number;
  /** First port for audio and video */
  readonly startMediaPort?: number;
  /** Last port for audio and video */
  readonly stopMediaPort?: number;
  /** RTP payload type of telephone events */
  readonly dtmfPayload?: number;
  /** Whether its phones may ask other phones to pick up by themselves */
  readonly intercomAllowed?: boolean;
};

/** One page of a list */
export type SipProfileList = {
  readonly items: readonly SipProfile[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** A phone that was seen and matches no record */
export type Stranger = {
  /** MAC address */
  readonly mac: string;
  /** Model, where it was said */
  readonly model: string | null;
  /** When it was last seen */
  readonly lastSeenAt: string;
  /** Its last step */
  readonly lastStep: string;
  /** How it went */
  readonly lastResult: "ok" | "failed" | "info";
  /** What stopped it */
  readonly lastReason: string | null;
  /** Steps seen lately */
  readonly events: number;
};

/** Phones that were seen lately and match no record, latest first */
export type Strangers = {
  readonly items: readonly Stranger[];
};

/** What answers here */
export type SystemVersion = {
  /** What this is */
  readonly product: string;
  /** Its version */
  readonly version: string;
  /** The node that answers */
  readonly node: string;
  /** Whether the phone lab is there */
  readonly lab: boolean;
};

/** The Tool for Auto-Registered Phones Support */
export type Taps = {
  /** The number people dial; null: none is set */
  readonly directoryNumber: string | null;
  /** Callers must enter the PIN of the prepared phone’s owner */
  readonly secured: boolean;
  /** Languages of the prompts */
  readonly locales: readonly ("en" | "zh")[];
  /** Calls each node takes at once */
  readonly ports: number;
  /** Records without a MAC address that TAPS may give away */
  readonly preparedPhones: number;
  /** Phones with a temporary record */
  readonly autoRegisteredPhones: number;
  /** Every node */
  readonly nodes: readonly TapsNode[];
  /** Why TAPS does not work now; empty: it works */
  readonly problems: readonly SetupProblem[];
};

/** TAPS on one node */
export type TapsNode = {
  /** What the node is called */
  readonly node: string;
  /** Whether the TAPS Service is activated there */
  readonly activated: boolean;
  /** Whether the node runs */
  readonly up: boolean;
  /** Calls under way */
  readonly openSessions: number;
};

/** One call to TAPS */
export type TapsSession = {
  /** Identity of the call */
  readonly id: string;
  /** Node that took it */
  readonly node: string;
  /** When it was answered */
  readonly startedAt: string;
  /** When it ended; null: it is under way */
  readonly endedAt: string | null;
  /** Phone somebody called from */
  readonly deviceName: string;
  /** Its MAC address */
  readonly mac: string;
  /** Its model */
  readonly model: string;
  /** Its temporary number */
  readonly autoDirectoryNumber: string;
  /** What was entered last */
  readonly directoryNumber: string | null;
  /** The record that was found */
  readonly preparedName: string | null;
  /** Language of the prompts */
  readonly language: string | null;
  /** open: the call is under way; mapped: the phone has the prepared record now; refused; abandoned: hung up, or nothing entered */
  readonly outcome: "open" | "mapped" | "refused" | "abandoned";
  /** Stable name of the reason */
  readonly reason: string | null;
  /** The reason in plain words */
  readonly cause: string | null;
  /** What to do */
  readonly remedy: string | null;
  /** Where the phone is */
  readonly sourceAddress: string;
};

/** One page of a list */
export type TapsSessions = {
  readonly items: readonly TapsSession[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** The story of one phone */
export type Timeline = {
  /** Device name of the record, if there is one */
  readonly name: string | null;
  /** MAC address */
  readonly mac: string | null;
  /** In the order they happened */
  readonly attempts: readonly Attempt[];
};

/** One step */
export type TimelineStep = {
  /** When */
  readonly at: string;
  /** Stable name of the step */
  readonly step: string;
  /** The step in a few words */
  readonly title: string;
  /** How it went */
  readonly result: "ok" | "failed" | "info";
  /** What happened, in plain words */
  readonly text: string;
  /** Stable code of what stopped it */
  readonly reason: string | null;
  /** What stopped it, in plain words */
  readonly cause: string | null;
  /** What to do now */
  readonly remedy: string | null;
  /** What the device was called then */
  readonly deviceName: string | null;
  /** MAC address of the phone */
  readonly mac: string | null;
  /** Model */
  readonly model: string | null;
  /** Node that saw it */
  readonly node: string;
  /** Where the phone was */
  readonly sourceAddress: string;
  /** Further particulars */
  readonly detail: Readonly<Record<string, unknown>>;
};

/** A key that signs access tokens */
export type TokenKey = {
  /** Key id, as in the header of a token */
  readonly kid: string;
  /** When it begins to sign */
  readonly signsFrom: string;
  /** Until when its tokens are accepted; null: it has no successor yet */
  readonly acceptedUntil: string | null;
};

/** Every key that access tokens may be signed with, newest first */
export type TokenKeys = {
  readonly items: readonly TokenKey[];
};

/** A certificate that counts */
export type TrustCertificate = {
  /** The trust store */
  readonly purpose: "CallManager-trust" | "PhoneEdge-trust";
  /** SHA-256 of the certificate in hex: its name */
  readonly sha256: string;
  /** Whose it is */
  readonly subject: string;
  /** Who signed it */
  readonly issuer: string;
  /** Serial number in hex */
  readonly serialNumber: string;
  /** Valid from */
  readonly notBefore: string;
  /** Valid until */
  readonly notAfter: string;
  /** Whether that is over */
  readonly expired: boolean;
  /** The certificate itself */
  readonly pem: string;
  /** How many phones were let in under it */
  readonly phones: number;
  /** Put there by a start with --lab: counts only on nodes that run as a laboratory */
  readonly laboratory: boolean;
  /** When it was uploaded */
  readonly createdAt: string;
  /** For people */
  readonly description: string;
  /** Whether it may vouch for manufacturing certificates */
  readonly micRoot: boolean;
  /** Whether chains under it may carry SHA-1 signatures */
  readonly legacySha1: boolean;
  /** A dated exception; null: expired manufacturing certificates are refused */
  readonly expiredMicsUntil: string | null;
};

/** What to change */
export type TrustCertificateChange = {
  /** For people */
  readonly description?: string;
  /** Whether it may vouch for manufacturing certificates */
  readonly micRoot?: boolean;
  /** Whether chains under it may carry SHA-1 signatures */
  readonly legacySha1?: boolean;
  /** A dated exception; null: expired manufacturing certificates are refused */
  readonly expiredMicsUntil?: string | null;
};

/** Trusted certificates */
export type TrustCertificates = {
  readonly items: readonly TrustCertificate[];
};

/** The initial trust list as phones fetch it */
export type TrustList = {
  /** ITL */
  readonly kind: string;
  /** Subject of the certificate that signed the list */
  readonly signer: string;
  /** When the list was made, as it says itself */
  readonly builtAt: string;
  /** Size of the file */
  readonly octets: number;
  /** SHA-256 of the file in hex, as phones compare it */
  readonly sha256: string;
  /** Its certificates, in order */
  readonly records: readonly TrustListRecord[];
};

/** A certificate in the trust list */
export type TrustListRecord = {
  /** What phones may trust it for: SAST, CCM+TFTP, TVS, APP-SERVER, … */
  readonly role: string;
  /** Whose it is */
  readonly subject: string;
  /** Who signed it */
  readonly issuer: string;
  /** Serial number in hex */
  readonly serialNumber: string;
  /** SHA-256 of the certificate in hex */
  readonly sha256: string;
};

/** What a new phone is made from, whatever its model */
export type UniversalDeviceTemplate = {
  /** What the template is called */
  readonly name: string;
  /** Description of phones made from it; #FirstName#, #LastName#, #UserID# and #Product# are filled in */
  readonly deviceDescription: string;
  /** Device pool of phones made from it */
  readonly devicePool: string;
  /** Button template; null: the one of the model */
  readonly phoneButtonTemplate: string | null;
  /** Phone security profile */
  readonly phoneSecurityProfile: string;
  /** SIP profile */
  readonly sipProfile: string;
  /** Common phone profile */
  readonly commonPhoneProfile: string;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type UniversalDeviceTemplateChange = {
  /** What the template is called */
  readonly name?: string;
  /** Description of phones made from it; #FirstName#, #LastName#, #UserID# and #Product# are filled in */
  readonly deviceDescription?: string;
  /** Device pool of phones made from it */
  readonly devicePool?: string;
  /** Button template; null: the one of the model */
  readonly phoneButtonTemplate?: string | null;
  /** Phone security profile */
  readonly phoneSecurityProfile?: string;
  /** SIP profile */
  readonly sipProfile?: string;
  /** Common phone profile */
  readonly commonPhoneProfile?: string;
};

/** One page of a list */
export type UniversalDeviceTemplateList = {
  readonly items: readonly UniversalDeviceTemplate[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** What a new line is made from */
export type UniversalLineTemplate = {
  /** What the template is called */
  readonly name: string;
  /** Route partition; empty: <None> */
  readonly partition: string;
  /** Description of lines made from it; #FirstName#, #LastName# and #UserID# are filled in */
  readonly lineDescription: string;
  /** Name shown while a call to it rings */
  readonly alertingName: string;
  /** Calls the line holds at once */
  readonly maxCalls: number;
  /** Calls from which a further one finds it busy */
  readonly busyTrigger: number;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type UniversalLineTemplateChange = {
  /** What the template is called */
  readonly name?: string;
  /** Route partition; empty: <None> */
  readonly partition?: string;
  /** Description of lines made from it; #FirstName#, #LastName# and #UserID# are filled in */
  readonly lineDescription?: string;
  /** Name shown while a call to it rings */
  readonly alertingName?: string;
  /** Calls the line holds at once */
  readonly maxCalls?: number;
  /** Calls from which a further one finds it busy */
  readonly busyTrigger?: number;
};

/** One page of a list */
export type UniversalLineTemplateList = {
  readonly items: readonly UniversalLineTemplate[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** Bulk Administration > Phones > Update Phones: by query or by names with `change`; by a file of the transaction `update-phones`, whose columns say what each row changes (a blank cell leaves it, `<None>` clears it), with or without `change` */
export type UpdatePhones = {
  readonly selection: PhoneSelection;
  readonly change?: BulkPhoneChange;
  /** Job description */
  readonly description?: string;
  /** "Run Immediately", as soon as no other job runs; "Run Later": the job waits in the Job Scheduler until `runAt`, or on hold until it is activated. Default `immediately` */
  readonly run?: "immediately" | "later";
  /** When a later job begins by itself */
  readonly runAt?: string;
  /** Only show, row by row, what would be made, changed or refused. Default false */
  readonly dryRun?: boolean;
  /** Do nothing at all when any row has an error. Default false: the rows without errors are done */
  readonly refuseOnErrors?: boolean;
};

/** A person */
export type User = {
  /** Name to sign in with; upper and lower case are the same */
  readonly userId: string;
  /** First name */
  readonly firstName: string;
  /** Last name */
  readonly lastName: string;
  /** One plain mailbox, or empty */
  readonly mail: "" | string;
  /** Language of the pages */
  readonly locale: "en" | "zh-CN";
  /** What the user may do */
  readonly roles: readonly ("super" | "device-admin" | "bulk-admin" | "code-reveal" | "auditor" | "end-user")[];
  /** Whether the user can sign in */
  readonly enabled: boolean;
  /** Whether there is a password */
  readonly hasPassword: boolean;
  /** Whether there is a PIN */
  readonly hasPin: boolean;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type UserChange = {
  /** Name to sign in with; upper and lower case are the same */
  readonly userId?: string;
  /** First name */
  readonly firstName?: string;
  /** Last name */
  readonly lastName?: string;
  /** One plain mailbox, or empty */
  readonly mail?: "" | string;
  /** Language of the pages */
  readonly locale?: "en" | "zh-CN";
  /** What the user may do */
  readonly roles?: readonly ("super" | "device-admin" | "bulk-admin" | "code-reveal" | "auditor" | "end-user")[];
  /** Whether the user can sign in */
  readonly enabled?: boolean;
  /** Set, never shown; null: cannot sign in with a password. Hard to guess: at least 8 characters, 12 for whoever holds a role beyond end-user */
  readonly password?: string | null;
  /** Digits for sign-in at a phone; set, never shown; null: none */
  readonly pin?: string | null;
};

/** One page of a list */
export type UserList = {
  readonly items: readonly User[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** A system that is told of what happens */
export type Webhook = {
  /** Its id */
  readonly id: string;
  /** What it is called */
  readonly name: string;
  /** Where to POST to: https://…; http:// only for this machine itself */
  readonly url: string;
  /** What to tell it */
  readonly events: readonly ("code.made" | "code.revealed" | "code.used" | "code.expired" | "code.refused" | "phone.registered" | "phone.lost" | "audit.sealed" | "audit.alarm")[];
  /** PEM of authorities to trust besides public ones. Empty: public ones only */
  readonly certificateAuthority: string;
  /** Whether it is told anything now; what happens meanwhile is not kept */
  readonly enabled: boolean;
  /** Deliveries that wait */
  readonly waiting: number;
  readonly lastDeliveredAt: string | null;
  /** What went wrong in the newest attempt; empty: nothing */
  readonly lastError: string;
  /** Counts the changes of this object; send it back as `If-Match: "<version>"` to change only what was read */
  readonly version: number;
};

/** What to change; what is left out stays */
export type WebhookChange = {
  /** What it is called */
  readonly name?: string;
  /** Where to POST to: https://…; http:// only for this machine itself */
  readonly url?: string;
  /** What to tell it */
  readonly events?: readonly ("code.made" | "code.revealed" | "code.used" | "code.expired" | "code.refused" | "phone.registered" | "phone.lost" | "audit.sealed" | "audit.alarm")[];
  /** PEM of authorities to trust besides public ones. Empty: public ones only */
  readonly certificateAuthority?: string;
  /** Whether it is told anything now; what happens meanwhile is not kept */
  readonly enabled?: boolean;
};

/** Something that was told, or will be */
export type WebhookDelivery = {
  /** Its id */
  readonly id: string;
  /** What happened; `test` for a test */
  readonly event: string;
  /** What was told */
  readonly payload: Readonly<Record<string, unknown>>;
  /** How it stands */
  readonly state: "waiting" | "delivered" | "given-up";
  /** So far */
  readonly attempts: number;
  /** HTTP status of the last answer */
  readonly lastStatus: number | null;
  /** What went wrong in the last attempt */
  readonly lastError: string;
  /** When it happened */
  readonly createdAt: string;
  readonly lastAttemptAt: string | null;
  /** When it is tried next, while it waits */
  readonly nextAttemptAt: string;
};

/** One page of a list */
export type WebhookDeliveryList = {
  readonly items: readonly WebhookDelivery[];
  /** How many match, over all pages */
  readonly total: number;
  /** Send it as `cursor` for the next page */
  readonly nextCursor?: string;
};

/** All of them */
export type WebhookList = {
  readonly items: readonly Webhook[];
};

/** What a receiver checks the signature with */
export type WebhookSecret = {
  /** Its id */
  readonly id: string;
  /** Key of the signature, shown this once: HMAC-SHA256 over `<Firstring-Timestamp>.<body>`, in hex */
  readonly secret: string;
};

/** How a test went */
export type WebhookTest = {
  /** Whether it was taken */
  readonly delivered: boolean;
  /** HTTP status; null: no answer came */
  readonly status: number | null;
  /** What went wrong, in plain words; empty: nothing */
  readonly error: string;
};

export interface Operations {
  /** Delete: uploaded file */
  readonly deleteBulkFilesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: undefined };
  /** Delete a job */
  readonly deleteBulkJobsById: { readonly input: { readonly path: { readonly "id": number } }; readonly answer: undefined };
  /** Delete: Call Manager group */
  readonly deleteCallManagerGroupsByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete: certificate revocation list */
  readonly deleteCertificateRevocationListsById: { readonly input: { readonly path: { readonly "id": string } }; readonly answer: undefined };
  /** Disconnect from the cloud */
  readonly deleteCloudOnboardingEnrolment: { readonly input: {  }; readonly answer: CloudLeaving };
  /** Delete: common phone profile */
  readonly deleteCommonPhoneProfilesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete: device pool */
  readonly deleteDevicePoolsByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Remove: Expressway-C */
  readonly deleteExpresswaysById: { readonly input: { readonly path: { readonly "id": string } }; readonly answer: undefined };
  /** Forget: failed proofs */
  readonly deleteFailedProofsByMicSha256: { readonly input: { readonly path: { readonly "micSha256": string } }; readonly answer: undefined };
  /** Delete: firmware file */
  readonly deleteFirmwareFilesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: undefined };
  /** Delete: line */
  readonly deleteLinesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Allow a manufacturing certificate again */
  readonly deleteMicDenyListByKindByValue: { readonly input: { readonly path: { readonly "kind": "serial" | "key" | "mac"; readonly "value": string } }; readonly answer: undefined };
  /** Delete: MRA service domain */
  readonly deleteMraServiceDomainsByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete: node */
  readonly deleteNodesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: undefined };
  /** Delete: phone button template */
  readonly deletePhoneButtonTemplatesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete: PhoneEdge-trust certificate */
  readonly deletePhoneEdgeTrustBySha256: { readonly input: { readonly path: { readonly "sha256": string } }; readonly answer: undefined };
  /** Delete: phone security profile */
  readonly deletePhoneSecurityProfilesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete: phone template */
  readonly deletePhoneTemplatesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete a phone */
  readonly deletePhonesByName: { readonly input: { readonly path: { readonly "name": string }; readonly query?: { readonly "removeUnusedLines"?: boolean }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Release the activation code */
  readonly deletePhonesByNameActivationCode: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Revoke the tokens of a phone */
  readonly deletePhonesByNameGrants: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: undefined };
  /** Revoke one grant of a phone */
  readonly deletePhonesByNameGrantsById: { readonly input: { readonly path: { readonly "name": string; readonly "id": string } }; readonly answer: undefined };
  /** Delete: route partition */
  readonly deleteRoutePartitionsByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Sign out */
  readonly deleteSession: { readonly input: {  }; readonly answer: undefined };
  /** Delete: SIP profile */
  readonly deleteSipProfilesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete: trusted certificate */
  readonly deleteTrustCertificatesByPurposeBySha256: { readonly input: { readonly path: { readonly "purpose": "CallManager-trust" | "PhoneEdge-trust"; readonly "sha256": string }; readonly query?: { readonly "evenIfUsed"?: boolean } }; readonly answer: undefined };
  /** Delete: universal device template */
  readonly deleteUniversalDeviceTemplatesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete: universal line template */
  readonly deleteUniversalLineTemplatesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete: user */
  readonly deleteUsersByUserId: { readonly input: { readonly path: { readonly "userId": string }; readonly ifMatch?: string }; readonly answer: undefined };
  /** Delete: webhook */
  readonly deleteWebhooksById: { readonly input: { readonly path: { readonly "id": string } }; readonly answer: undefined };
  /** List outstanding activation codes */
  readonly getActivationCodes: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "expiresAt" | "-expiresAt" | "deviceName" | "-deviceName" | "createdAt" | "-createdAt"; readonly "limit"?: number; readonly "cursor"?: string; readonly "state"?: "active" | "expired" } }; readonly answer: OutstandingCodePage };
  /** Export activation codes */
  readonly getActivationCodesCsv: { readonly input: {  }; readonly answer: Uint8Array };
  /** List: audit event */
  readonly getAuditEvents: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "at" | "-at"; readonly "limit"?: number; readonly "cursor"?: string; readonly "actor"?: string; readonly "action"?: string; readonly "objectKind"?: string; readonly "objectId"?: string; readonly "objectName"?: string; readonly "from"?: string; readonly "to"?: string } }; readonly answer: AuditEventList };
  /** Export the audit log */
  readonly getAuditEventsExport: { readonly input: { readonly query?: { readonly "fromSeq"?: number } }; readonly answer: Uint8Array };
  /** Show the key of the audit log */
  readonly getAuditEventsPublicKey: { readonly input: {  }; readonly answer: AuditKey };
  /** Verify the audit log */
  readonly getAuditEventsVerification: { readonly input: {  }; readonly answer: AuditVerification };
  /** Show auto-registration of the cluster */
  readonly getAutoRegistration: { readonly input: {  }; readonly answer: AutoRegistration };
  /** Export activation codes of a selection */
  readonly getBulkActivationCodesCsv: { readonly input: { readonly query?: { readonly "search"?: string; readonly "model"?: string; readonly "devicePool"?: string; readonly "ownerUserId"?: string; readonly "codeState"?: "active" | "expired" | "locked" | "none"; readonly "registered"?: boolean; readonly "requiresActivationCode"?: boolean; readonly "job"?: number } }; readonly answer: Uint8Array };
  /** List: uploaded file */
  readonly getBulkFiles: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "uploadedAt" | "-uploadedAt" | "name" | "-name"; readonly "limit"?: number; readonly "cursor"?: string; readonly "language"?: "en" | "zh-CN"; readonly "transaction"?: "insert-phones-specific-details" | "insert-phones-all-details" | "update-phones" | "phones" } }; readonly answer: BulkFilePage };
  /** Show: uploaded file */
  readonly getBulkFilesByName: { readonly input: { readonly path: { readonly "name": string }; readonly query?: { readonly "language"?: "en" | "zh-CN" } }; readonly answer: BulkFile };
  /** Download: uploaded file */
  readonly getBulkFilesByNameContent: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: Uint8Array };
  /** List: bulk job */
  readonly getBulkJobs: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "id" | "-id"; readonly "limit"?: number; readonly "cursor"?: string; readonly "state"?: "pending" | "hold" | "processing" | "completed"; readonly "kind"?: "insert-phones" | "update-phones" | "delete-phones" | "generate-codes" | "release-codes" | "e-mail-codes" | "undo"; readonly "showCompleted"?: boolean; readonly "language"?: "en" | "zh-CN" } }; readonly answer: BulkJobPage };
  /** Show: bulk job */
  readonly getBulkJobsById: { readonly input: { readonly path: { readonly "id": number }; readonly query?: { readonly "language"?: "en" | "zh-CN" } }; readonly answer: BulkJob };
  /** Download: log of a bulk job */
  readonly getBulkJobsByIdLog: { readonly input: { readonly path: { readonly "id": number }; readonly query?: { readonly "language"?: "en" | "zh-CN" } }; readonly answer: Uint8Array };
  /** Download: result of a bulk job */
  readonly getBulkJobsByIdResultCsv: { readonly input: { readonly path: { readonly "id": number } }; readonly answer: Uint8Array };
  /** List: row of a bulk job */
  readonly getBulkJobsByIdRows: { readonly input: { readonly path: { readonly "id": number }; readonly query?: { readonly "search"?: string; readonly "sort"?: "line" | "-line"; readonly "limit"?: number; readonly "cursor"?: string; readonly "state"?: "waiting" | "ready" | "done" | "failed" | "kept"; readonly "action"?: string; readonly "noted"?: boolean; readonly "language"?: "en" | "zh-CN" } }; readonly answer: BulkRowPage };
  /** Export phones */
  readonly getBulkPhonesCsv: { readonly input: { readonly query?: { readonly "search"?: string; readonly "model"?: string; readonly "devicePool"?: string; readonly "ownerUserId"?: string; readonly "codeState"?: "active" | "expired" | "locked" | "none"; readonly "registered"?: boolean; readonly "requiresActivationCode"?: boolean; readonly "job"?: number } }; readonly answer: Uint8Array };
  /** Download: template spreadsheet */
  readonly getBulkTemplateXlsx: { readonly input: { readonly query?: { readonly "transaction"?: "insert-phones-specific-details" | "insert-phones-all-details" | "update-phones" | "phones"; readonly "lines"?: number; readonly "language"?: "en" | "zh-CN" } }; readonly answer: Uint8Array };
  /** List: Call Manager group */
  readonly getCallManagerGroups: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name"; readonly "limit"?: number; readonly "cursor"?: string } }; readonly answer: CallManagerGroupList };
  /** Show: Call Manager group */
  readonly getCallManagerGroupsByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: CallManagerGroup };
  /** Dependency records: Call Manager group */
  readonly getCallManagerGroupsByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List: certificate revocation list */
  readonly getCertificateRevocationLists: { readonly input: {  }; readonly answer: RevocationLists };
  /** Show: certificate revocation list */
  readonly getCertificateRevocationListsById: { readonly input: { readonly path: { readonly "id": string } }; readonly answer: RevocationList };
  /** Download: certificate revocation list */
  readonly getCertificateRevocationListsByIdContent: { readonly input: { readonly path: { readonly "id": string } }; readonly answer: Uint8Array };
  /** Show Cloud Onboarding */
  readonly getCloudOnboarding: { readonly input: {  }; readonly answer: CloudOnboarding };
  /** List: common phone profile */
  readonly getCommonPhoneProfiles: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name"; readonly "limit"?: number; readonly "cursor"?: string } }; readonly answer: CommonPhoneProfileList };
  /** Show: common phone profile */
  readonly getCommonPhoneProfilesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: CommonPhoneProfile };
  /** Dependency records: common phone profile */
  readonly getCommonPhoneProfilesByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List the Device Defaults */
  readonly getDeviceDefaults: { readonly input: {  }; readonly answer: DeviceDefaults };
  /** Show the Device Defaults of a model */
  readonly getDeviceDefaultsByModel: { readonly input: { readonly path: { readonly "model": string } }; readonly answer: DeviceDefault };
  /** List: device pool */
  readonly getDevicePools: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name"; readonly "limit"?: number; readonly "cursor"?: string; readonly "callManagerGroup"?: string } }; readonly answer: DevicePoolList };
  /** Show: device pool */
  readonly getDevicePoolsByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DevicePool };
  /** Dependency records: device pool */
  readonly getDevicePoolsByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List: enterprise parameter */
  readonly getEnterpriseParameters: { readonly input: {  }; readonly answer: EnterpriseParameters };
  /** Show: enterprise parameter */
  readonly getEnterpriseParametersByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: EnterpriseParameter };
  /** List: Expressway-C */
  readonly getExpressways: { readonly input: {  }; readonly answer: Expressways };
  /** Show: Expressway-C */
  readonly getExpresswaysById: { readonly input: { readonly path: { readonly "id": string } }; readonly answer: Expressway };
  /** List: failed proofs */
  readonly getFailedProofs: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "mac" | "-mac"; readonly "limit"?: number; readonly "cursor"?: string; readonly "refused"?: boolean } }; readonly answer: FailedProofsList };
  /** List: firmware file */
  readonly getFirmwareFiles: { readonly input: {  }; readonly answer: FirmwareFiles };
  /** Show: firmware file */
  readonly getFirmwareFilesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: FirmwareFile };
  /** Download: firmware file */
  readonly getFirmwareFilesByNameContent: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: Uint8Array };
  /** List: line */
  readonly getLines: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "directoryNumber" | "-directoryNumber" | "partition" | "-partition" | "description" | "-description"; readonly "limit"?: number; readonly "cursor"?: string; readonly "partition"?: string; readonly "assigned"?: boolean } }; readonly answer: LineList };
  /** Show: line */
  readonly getLinesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: Line };
  /** Dependency records: line */
  readonly getLinesByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** Show how e-mail goes */
  readonly getMail: { readonly input: { readonly query?: { readonly "language"?: "en" | "zh-CN" } }; readonly answer: MailOverview };
  /** Show who is signed in */
  readonly getMe: { readonly input: {  }; readonly answer: Me };
  /** List: denied manufacturing certificate */
  readonly getMicDenyList: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "value" | "-value" | "kind" | "-kind"; readonly "limit"?: number; readonly "cursor"?: string; readonly "kind"?: "serial" | "key" | "mac" } }; readonly answer: MicDenialList };
  /** List: MRA service domain */
  readonly getMraServiceDomains: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name" | "domain" | "-domain"; readonly "limit"?: number; readonly "cursor"?: string } }; readonly answer: MraServiceDomainList };
  /** Show: MRA service domain */
  readonly getMraServiceDomainsByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: MraServiceDomain };
  /** Check: MRA service domain */
  readonly getMraServiceDomainsByNameCheck: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: MraDomainCheck };
  /** Dependency records: MRA service domain */
  readonly getMraServiceDomainsByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List: node */
  readonly getNodes: { readonly input: {  }; readonly answer: Nodes };
  /** Show: node */
  readonly getNodesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: Node };
  /** Show auto-registration of a node */
  readonly getNodesByNameAutoRegistration: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: NodeAutoRegistration };
  /** Dependency records: node */
  readonly getNodesByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List: service of a node */
  readonly getNodesByNameServices: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: NodeServices };
  /** List the keys of access tokens */
  readonly getOauthKeys: { readonly input: {  }; readonly answer: TokenKeys };
  /** Show how the onboarding of all phones goes */
  readonly getOnboardingSummary: { readonly input: { readonly query?: { readonly "language"?: "en" | "zh-CN"; readonly "hours"?: number } }; readonly answer: OnboardingSummary };
  /** List: phone button template */
  readonly getPhoneButtonTemplates: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name" | "model" | "-model"; readonly "limit"?: number; readonly "cursor"?: string; readonly "model"?: string } }; readonly answer: PhoneButtonTemplateList };
  /** Show: phone button template */
  readonly getPhoneButtonTemplatesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: PhoneButtonTemplate };
  /** Dependency records: phone button template */
  readonly getPhoneButtonTemplatesByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List: PhoneEdge-trust certificate */
  readonly getPhoneEdgeTrust: { readonly input: {  }; readonly answer: PhoneEdgeTrust };
  /** Show: PhoneEdge-trust certificate */
  readonly getPhoneEdgeTrustBySha256: { readonly input: { readonly path: { readonly "sha256": string } }; readonly answer: PhoneEdgeCertificate };
  /** List the supported models */
  readonly getPhoneModels: { readonly input: {  }; readonly answer: PhoneModels };
  /** List: phone security profile */
  readonly getPhoneSecurityProfiles: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name"; readonly "limit"?: number; readonly "cursor"?: string; readonly "deviceSecurityMode"?: "non-secure" | "authenticated" | "encrypted" } }; readonly answer: PhoneSecurityProfileList };
  /** Show: phone security profile */
  readonly getPhoneSecurityProfilesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: PhoneSecurityProfile };
  /** Dependency records: phone security profile */
  readonly getPhoneSecurityProfilesByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List: phone template */
  readonly getPhoneTemplates: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name" | "model" | "-model"; readonly "limit"?: number; readonly "cursor"?: string; readonly "model"?: string } }; readonly answer: PhoneTemplateList };
  /** Show: phone template */
  readonly getPhoneTemplatesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: PhoneTemplate };
  /** Dependency records: phone template */
  readonly getPhoneTemplatesByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List phones */
  readonly getPhones: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name" | "description" | "-description" | "model" | "-model" | "devicePool" | "-devicePool" | "owner" | "-owner" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt"; readonly "limit"?: number; readonly "cursor"?: string; readonly "model"?: string; readonly "devicePool"?: string; readonly "ownerUserId"?: string; readonly "codeState"?: "active" | "expired" | "locked" | "none"; readonly "registered"?: boolean; readonly "requiresActivationCode"?: boolean } }; readonly answer: PhonePage };
  /** Show a phone */
  readonly getPhonesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: Phone };
  /** View the activation code */
  readonly getPhonesByNameActivationCode: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: ActivationCode };
  /** Show what became of the e-mail */
  readonly getPhonesByNameActivationCodeEMail: { readonly input: { readonly path: { readonly "name": string }; readonly query?: { readonly "language"?: "en" | "zh-CN" } }; readonly answer: MailStatus };
  /** List the tokens of a phone */
  readonly getPhonesByNameGrants: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: Grants };
  /** Show the story of a phone */
  readonly getPhonesByNameTimeline: { readonly input: { readonly path: { readonly "name": string }; readonly query?: { readonly "language"?: "en" | "zh-CN" } }; readonly answer: Timeline };
  /** List every kind of problem */
  readonly getProblems: { readonly input: {  }; readonly answer: ProblemKinds };
  /** Explain a problem code */
  readonly getProblemsByCode: { readonly input: { readonly path: { readonly "code": string } }; readonly answer: ProblemKind };
  /** List registrations */
  readonly getRegistrations: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "deviceName" | "-deviceName" | "registeredAt" | "-registeredAt" | "refreshedAt" | "-refreshedAt"; readonly "limit"?: number; readonly "cursor"?: string; readonly "node"?: string; readonly "deviceName"?: string } }; readonly answer: RegistrationPage };
  /** List: route partition */
  readonly getRoutePartitions: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name"; readonly "limit"?: number; readonly "cursor"?: string } }; readonly answer: RoutePartitionList };
  /** Show: route partition */
  readonly getRoutePartitionsByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: RoutePartition };
  /** Dependency records: route partition */
  readonly getRoutePartitionsByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List: service parameter */
  readonly getServiceParameters: { readonly input: { readonly query?: { readonly "service"?: string } }; readonly answer: ServiceParameters };
  /** Show: service parameter */
  readonly getServiceParametersByServiceByName: { readonly input: { readonly path: { readonly "service": string; readonly "name": string } }; readonly answer: ServiceParameter };
  /** Show the session */
  readonly getSession: { readonly input: {  }; readonly answer: Session };
  /** List: SIP profile */
  readonly getSipProfiles: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name"; readonly "limit"?: number; readonly "cursor"?: string } }; readonly answer: SipProfileList };
  /** Show: SIP profile */
  readonly getSipProfilesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: SipProfile };
  /** Dependency records: SIP profile */
  readonly getSipProfilesByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** Show TAPS */
  readonly getTaps: { readonly input: {  }; readonly answer: Taps };
  /** View TAPS Log File */
  readonly getTapsLog: { readonly input: {  }; readonly answer: Uint8Array };
  /** List: call to TAPS */
  readonly getTapsSessions: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "startedAt" | "-startedAt"; readonly "limit"?: number; readonly "cursor"?: string; readonly "outcome"?: "open" | "mapped" | "refused" | "abandoned"; readonly "language"?: "en" | "zh-CN" } }; readonly answer: TapsSessions };
  /** Show the story of a MAC address */
  readonly getTimeline: { readonly input: { readonly query: { readonly "language"?: "en" | "zh-CN"; readonly "mac": string } }; readonly answer: Timeline };
  /** List phones that match no record */
  readonly getTimelineStrangers: { readonly input: {  }; readonly answer: Strangers };
  /** List: trusted certificate */
  readonly getTrustCertificates: { readonly input: { readonly query?: { readonly "purpose"?: "CallManager-trust" | "PhoneEdge-trust" } }; readonly answer: TrustCertificates };
  /** Show: trusted certificate */
  readonly getTrustCertificatesByPurposeBySha256: { readonly input: { readonly path: { readonly "purpose": "CallManager-trust" | "PhoneEdge-trust"; readonly "sha256": string } }; readonly answer: TrustCertificate };
  /** Dependency records: trusted certificate */
  readonly getTrustCertificatesByPurposeBySha256Dependencies: { readonly input: { readonly path: { readonly "purpose": "CallManager-trust" | "PhoneEdge-trust"; readonly "sha256": string } }; readonly answer: DependencyRecords };
  /** Show the trust list of phones */
  readonly getTrustList: { readonly input: {  }; readonly answer: TrustList };
  /** List: universal device template */
  readonly getUniversalDeviceTemplates: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name"; readonly "limit"?: number; readonly "cursor"?: string } }; readonly answer: UniversalDeviceTemplateList };
  /** Show: universal device template */
  readonly getUniversalDeviceTemplatesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: UniversalDeviceTemplate };
  /** Dependency records: universal device template */
  readonly getUniversalDeviceTemplatesByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List: universal line template */
  readonly getUniversalLineTemplates: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "name" | "-name"; readonly "limit"?: number; readonly "cursor"?: string } }; readonly answer: UniversalLineTemplateList };
  /** Show: universal line template */
  readonly getUniversalLineTemplatesByName: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: UniversalLineTemplate };
  /** Dependency records: universal line template */
  readonly getUniversalLineTemplatesByNameDependencies: { readonly input: { readonly path: { readonly "name": string } }; readonly answer: DependencyRecords };
  /** List: user */
  readonly getUsers: { readonly input: { readonly query?: { readonly "search"?: string; readonly "sort"?: "userId" | "-userId" | "lastName" | "-lastName" | "firstName" | "-firstName" | "mail" | "-mail"; readonly "limit"?: number; readonly "cursor"?: string; readonly "role"?: "super" | "device-admin" | "bulk-admin" | "code-reveal" | "auditor" | "end-user"; readonly "enabled"?: boolean } }; readonly answer: UserList };
  /** Show: user */
  readonly getUsersByUserId: { readonly input: { readonly path: { readonly "userId": string } }; readonly answer: User };
  /** Dependency records: user */
  readonly getUsersByUserIdDependencies: { readonly input: { readonly path: { readonly "userId": string } }; readonly answer: DependencyRecords };
  /** Show the version */
  readonly getVersion: { readonly input: {  }; readonly answer: SystemVersion };
  /** List: webhook */
  readonly getWebhooks: { readonly input: {  }; readonly answer: WebhookList };
  /** Show: webhook */
  readonly getWebhooksById: { readonly input: { readonly path: { readonly "id": string } }; readonly answer: Webhook };
  /** List: delivery of a webhook */
  readonly getWebhooksByIdDeliveries: { readonly input: { readonly path: { readonly "id": string }; readonly query?: { readonly "limit"?: number; readonly "cursor"?: string } }; readonly answer: WebhookDeliveryList };
  /** Change: Call Manager group */
  readonly patchCallManagerGroupsByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: CallManagerGroupChange }; readonly answer: CallManagerGroup };
  /** Change Cloud Onboarding */
  readonly patchCloudOnboarding: { readonly input: { readonly ifMatch?: string; readonly body: CloudOnboardingChange }; readonly answer: CloudOnboarding };
  /** Change: common phone profile */
  readonly patchCommonPhoneProfilesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: CommonPhoneProfileChange }; readonly answer: CommonPhoneProfile };
  /** Change: device pool */
  readonly patchDevicePoolsByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: DevicePoolChange }; readonly answer: DevicePool };
  /** Change: line */
  readonly patchLinesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: LineChange }; readonly answer: Line };
  /** Change: MRA service domain */
  readonly patchMraServiceDomainsByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: MraServiceDomainChange }; readonly answer: MraServiceDomain };
  /** Change: node */
  readonly patchNodesByName: { readonly input: { readonly path: { readonly "name": string }; readonly body: NodeChange }; readonly answer: Node };
  /** Change: phone button template */
  readonly patchPhoneButtonTemplatesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: PhoneButtonTemplateChange }; readonly answer: PhoneButtonTemplate };
  /** Change: phone security profile */
  readonly patchPhoneSecurityProfilesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: PhoneSecurityProfileChange }; readonly answer: PhoneSecurityProfile };
  /** Change: phone template */
  readonly patchPhoneTemplatesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: PhoneTemplateChange }; readonly answer: PhoneTemplate };
  /** Change a phone */
  readonly patchPhonesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: PhoneChange }; readonly answer: Phone };
  /** Change: route partition */
  readonly patchRoutePartitionsByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: RoutePartitionChange }; readonly answer: RoutePartition };
  /** Change one's own settings */
  readonly patchSession: { readonly input: { readonly body: SessionChange }; readonly answer: Me };
  /** Change: SIP profile */
  readonly patchSipProfilesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: SipProfileChange }; readonly answer: SipProfile };
  /** Change: trusted certificate */
  readonly patchTrustCertificatesByPurposeBySha256: { readonly input: { readonly path: { readonly "purpose": "CallManager-trust" | "PhoneEdge-trust"; readonly "sha256": string }; readonly body: TrustCertificateChange }; readonly answer: TrustCertificate };
  /** Change: universal device template */
  readonly patchUniversalDeviceTemplatesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: UniversalDeviceTemplateChange }; readonly answer: UniversalDeviceTemplate };
  /** Change: universal line template */
  readonly patchUniversalLineTemplatesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: UniversalLineTemplateChange }; readonly answer: UniversalLineTemplate };
  /** Change: user */
  readonly patchUsersByUserId: { readonly input: { readonly path: { readonly "userId": string }; readonly ifMatch?: string; readonly body: UserChange }; readonly answer: User };
  /** Change: webhook */
  readonly patchWebhooksById: { readonly input: { readonly path: { readonly "id": string }; readonly ifMatch?: string; readonly body: WebhookChange }; readonly answer: Webhook };
  /** Send activation codes to owners by e-mail */
  readonly postActivationCodesEMail: { readonly input: { readonly idempotencyKey?: string; readonly body: MailList }; readonly answer: MailListOutcome };
  /** Upload: file */
  readonly postBulkFiles: { readonly input: { readonly query: { readonly "name": string; readonly "target"?: "phones"; readonly "transaction": "insert-phones-specific-details" | "insert-phones-all-details" | "update-phones" | "phones"; readonly "replace"?: boolean; readonly "language"?: "en" | "zh-CN" }; readonly idempotencyKey?: string; readonly octets: { readonly type: "text/csv" | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" | "application/octet-stream"; readonly bytes: Uint8Array<ArrayBuffer> } }; readonly answer: BulkFile };
  /** Activate a job */
  readonly postBulkJobsByIdActivate: { readonly input: { readonly path: { readonly "id": number }; readonly idempotencyKey?: string; readonly body: BulkActivation }; readonly answer: BulkJob };
  /** Hold a job */
  readonly postBulkJobsByIdHold: { readonly input: { readonly path: { readonly "id": number }; readonly idempotencyKey?: string }; readonly answer: BulkJob };
  /** Run what a dry run showed */
  readonly postBulkJobsByIdRun: { readonly input: { readonly path: { readonly "id": number }; readonly query?: { readonly "again"?: boolean }; readonly idempotencyKey?: string }; readonly answer: BulkJob };
  /** Stop a job */
  readonly postBulkJobsByIdStop: { readonly input: { readonly path: { readonly "id": number }; readonly idempotencyKey?: string }; readonly answer: BulkJob };
  /** Undo a job */
  readonly postBulkJobsByIdUndo: { readonly input: { readonly path: { readonly "id": number }; readonly idempotencyKey?: string; readonly body: BulkUndo }; readonly answer: BulkJob };
  /** Generate, release or e-mail activation codes */
  readonly postBulkJobsCodes: { readonly input: { readonly idempotencyKey?: string; readonly body: CodeJob }; readonly answer: BulkJob };
  /** Delete phones */
  readonly postBulkJobsDeletePhones: { readonly input: { readonly idempotencyKey?: string; readonly body: DeletePhones }; readonly answer: BulkJob };
  /** Insert phones */
  readonly postBulkJobsInsertPhones: { readonly input: { readonly idempotencyKey?: string; readonly body: InsertPhones }; readonly answer: BulkJob };
  /** Update phones */
  readonly postBulkJobsUpdatePhones: { readonly input: { readonly idempotencyKey?: string; readonly body: UpdatePhones }; readonly answer: BulkJob };
  /** Add: Call Manager group */
  readonly postCallManagerGroups: { readonly input: { readonly idempotencyKey?: string; readonly body: NewCallManagerGroup }; readonly answer: CallManagerGroup };
  /** Upload: certificate revocation list */
  readonly postCertificateRevocationLists: { readonly input: { readonly idempotencyKey?: string; readonly octets: { readonly type: "application/pkix-crl" | "application/x-pem-file" | "application/octet-stream"; readonly bytes: Uint8Array<ArrayBuffer> } }; readonly answer: RevocationList };
  /** Check the connection with the cloud */
  readonly postCloudOnboardingCheck: { readonly input: { readonly idempotencyKey?: string }; readonly answer: CloudOnboarding };
  /** Generate Voucher */
  readonly postCloudOnboardingEnrolment: { readonly input: { readonly idempotencyKey?: string; readonly body: CloudEnrolmentRequest }; readonly answer: CloudOnboarding };
  /** Add: common phone profile */
  readonly postCommonPhoneProfiles: { readonly input: { readonly idempotencyKey?: string; readonly body: NewCommonPhoneProfile }; readonly answer: CommonPhoneProfile };
  /** Add: device pool */
  readonly postDevicePools: { readonly input: { readonly idempotencyKey?: string; readonly body: NewDevicePool }; readonly answer: DevicePool };
  /** Add: Expressway-C */
  readonly postExpressways: { readonly input: { readonly idempotencyKey?: string; readonly body: NewExpressway }; readonly answer: EnrolledExpressway };
  /** Add: line */
  readonly postLines: { readonly input: { readonly idempotencyKey?: string; readonly body: NewLine }; readonly answer: Line };
  /** Send a test message to oneself */
  readonly postMailTest: { readonly input: { readonly idempotencyKey?: string }; readonly answer: MailTest };
  /** Deny a manufacturing certificate */
  readonly postMicDenyList: { readonly input: { readonly idempotencyKey?: string; readonly body: NewMicDenial }; readonly answer: MicDenial };
  /** Add: MRA service domain */
  readonly postMraServiceDomains: { readonly input: { readonly idempotencyKey?: string; readonly body: NewMraServiceDomain }; readonly answer: MraServiceDomain };
  /** Make a new key for access tokens */
  readonly postOauthKeys: { readonly input: { readonly idempotencyKey?: string }; readonly answer: TokenKeys };
  /** Add: phone button template */
  readonly postPhoneButtonTemplates: { readonly input: { readonly idempotencyKey?: string; readonly body: NewPhoneButtonTemplate }; readonly answer: PhoneButtonTemplate };
  /** Upload: PhoneEdge-trust certificate */
  readonly postPhoneEdgeTrust: { readonly input: { readonly idempotencyKey?: string; readonly body: NewPhoneEdgeCertificate }; readonly answer: PhoneEdgeCertificate };
  /** Add: phone security profile */
  readonly postPhoneSecurityProfiles: { readonly input: { readonly idempotencyKey?: string; readonly body: NewPhoneSecurityProfile }; readonly answer: PhoneSecurityProfile };
  /** Add: phone template */
  readonly postPhoneTemplates: { readonly input: { readonly idempotencyKey?: string; readonly body: NewPhoneTemplate }; readonly answer: PhoneTemplate };
  /** Add a phone */
  readonly postPhones: { readonly input: { readonly idempotencyKey?: string; readonly body: NewPhone }; readonly answer: Phone };
  /** Generate a new activation code */
  readonly postPhonesByNameActivationCode: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly idempotencyKey?: string }; readonly answer: ActivationCode };
  /** Send the activation code to the owner by e-mail */
  readonly postPhonesByNameActivationCodeEMail: { readonly input: { readonly path: { readonly "name": string }; readonly query?: { readonly "language"?: "en" | "zh-CN" }; readonly idempotencyKey?: string }; readonly answer: MailStatus };
  /** Confirm the owner */
  readonly postPhonesByNameOwnerConfirmation: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly idempotencyKey?: string }; readonly answer: Phone };
  /** Replace a broken phone */
  readonly postPhonesByNameReplace: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly idempotencyKey?: string }; readonly answer: Phone };
  /** Reset a phone */
  readonly postPhonesByNameReset: { readonly input: { readonly path: { readonly "name": string }; readonly idempotencyKey?: string }; readonly answer: ServiceControl };
  /** Restart a phone */
  readonly postPhonesByNameRestart: { readonly input: { readonly path: { readonly "name": string }; readonly idempotencyKey?: string }; readonly answer: ServiceControl };
  /** Add a phone from templates */
  readonly postPhonesFromTemplate: { readonly input: { readonly idempotencyKey?: string; readonly body: NewPhoneFromTemplate }; readonly answer: Phone };
  /** Add: route partition */
  readonly postRoutePartitions: { readonly input: { readonly idempotencyKey?: string; readonly body: NewRoutePartition }; readonly answer: RoutePartition };
  /** Sign in */
  readonly postSession: { readonly input: { readonly body: SignIn }; readonly answer: Session };
  /** Add: SIP profile */
  readonly postSipProfiles: { readonly input: { readonly idempotencyKey?: string; readonly body: NewSipProfile }; readonly answer: SipProfile };
  /** Upload: trusted certificate */
  readonly postTrustCertificates: { readonly input: { readonly idempotencyKey?: string; readonly body: NewTrustCertificate }; readonly answer: TrustCertificate };
  /** Add: universal device template */
  readonly postUniversalDeviceTemplates: { readonly input: { readonly idempotencyKey?: string; readonly body: NewUniversalDeviceTemplate }; readonly answer: UniversalDeviceTemplate };
  /** Add: universal line template */
  readonly postUniversalLineTemplates: { readonly input: { readonly idempotencyKey?: string; readonly body: NewUniversalLineTemplate }; readonly answer: UniversalLineTemplate };
  /** Add: user */
  readonly postUsers: { readonly input: { readonly idempotencyKey?: string; readonly body: NewUser }; readonly answer: User };
  /** Add: webhook */
  readonly postWebhooks: { readonly input: { readonly idempotencyKey?: string; readonly body: NewWebhook }; readonly answer: WebhookSecret };
  /** Repeat a delivery */
  readonly postWebhooksByIdDeliveriesByDeliveryIdRepeat: { readonly input: { readonly path: { readonly "id": string; readonly "deliveryId": string }; readonly idempotencyKey?: string }; readonly answer: undefined };
  /** Renew the secret of a webhook */
  readonly postWebhooksByIdSecret: { readonly input: { readonly path: { readonly "id": string }; readonly idempotencyKey?: string }; readonly answer: WebhookSecret };
  /** Test a webhook */
  readonly postWebhooksByIdTest: { readonly input: { readonly path: { readonly "id": string }; readonly idempotencyKey?: string }; readonly answer: WebhookTest };
  /** Change several Device Defaults */
  readonly putDeviceDefaults: { readonly input: { readonly body: DeviceDefaultChanges }; readonly answer: DeviceDefaults };
  /** Change the Device Defaults of a model */
  readonly putDeviceDefaultsByModel: { readonly input: { readonly path: { readonly "model": string }; readonly ifMatch?: string; readonly body: DeviceDefaultChange }; readonly answer: DeviceDefault };
  /** Set: enterprise parameter */
  readonly putEnterpriseParametersByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: EnterpriseParameterSetting }; readonly answer: EnterpriseParameter };
  /** Upload: firmware file */
  readonly putFirmwareFilesByName: { readonly input: { readonly path: { readonly "name": string }; readonly query?: { readonly "replace"?: boolean }; readonly octets: { readonly type: "application/octet-stream"; readonly bytes: Uint8Array<ArrayBuffer> } }; readonly answer: FirmwareFile };
  /** Set the password for the mail server */
  readonly putMailPassword: { readonly input: { readonly body: MailPassword }; readonly answer: undefined };
  /** Change one's own password */
  readonly putMePassword: { readonly input: { readonly body: PasswordChange }; readonly answer: undefined };
  /** Change auto-registration of a node */
  readonly putNodesByNameAutoRegistration: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: NodeAutoRegistrationChange }; readonly answer: NodeAutoRegistration };
  /** Activate or deactivate a service on a node */
  readonly putNodesByNameServicesByService: { readonly input: { readonly path: { readonly "name": string; readonly "service": string }; readonly body: NodeServiceSwitch }; readonly answer: NodeService };
  /** Change a phone */
  readonly putPhonesByName: { readonly input: { readonly path: { readonly "name": string }; readonly ifMatch?: string; readonly body: PhoneChange }; readonly answer: Phone };
  /** Set: service parameter */
  readonly putServiceParametersByServiceByName: { readonly input: { readonly path: { readonly "service": string; readonly "name": string }; readonly ifMatch?: string; readonly body: ServiceParameterSetting }; readonly answer: ServiceParameter };
}

export const routes: { readonly [K in keyof Operations]: readonly [method: string, path: string] } = {
  deleteBulkFilesByName: ['DELETE', '/api/v1/bulk/files/{name}'],
  deleteBulkJobsById: ['DELETE', '/api/v1/bulk/jobs/{id}'],
  deleteCallManagerGroupsByName: ['DELETE', '/api/v1/call-manager-groups/{name}'],
  deleteCertificateRevocationListsById: ['DELETE', '/api/v1/certificate-revocation-lists/{id}'],
  deleteCloudOnboardingEnrolment: ['DELETE', '/api/v1/cloud-onboarding/enrolment'],
  deleteCommonPhoneProfilesByName: ['DELETE', '/api/v1/common-phone-profiles/{name}'],
  deleteDevicePoolsByName: ['DELETE', '/api/v1/device-pools/{name}'],
  deleteExpresswaysById: ['DELETE', '/api/v1/expressways/{id}'],
  deleteFailedProofsByMicSha256: ['DELETE', '/api/v1/failed-proofs/{micSha256}'],
  deleteFirmwareFilesByName: ['DELETE', '/api/v1/firmware-files/{name}'],
  deleteLinesByName: ['DELETE', '/api/v1/lines/{name}'],
  deleteMicDenyListByKindByValue: ['DELETE', '/api/v1/mic-deny-list/{kind}/{value}'],
  deleteMraServiceDomainsByName: ['DELETE', '/api/v1/mra-service-domains/{name}'],
  deleteNodesByName: ['DELETE', '/api/v1/nodes/{name}'],
  deletePhoneButtonTemplatesByName: ['DELETE', '/api/v1/phone-button-templates/{name}'],
  deletePhoneEdgeTrustBySha256: ['DELETE', '/api/v1/phone-edge-trust/{sha256}'],
  deletePhoneSecurityProfilesByName: ['DELETE', '/api/v1/phone-security-profiles/{name}'],
  deletePhoneTemplatesByName: ['DELETE', '/api/v1/phone-templates/{name}'],
  deletePhonesByName: ['DELETE', '/api/v1/phones/{name}'],
  deletePhonesByNameActivationCode: ['DELETE', '/api/v1/phones/{name}/activation-code'],
  deletePhonesByNameGrants: ['DELETE', '/api/v1/phones/{name}/grants'],
  deletePhonesByNameGrantsById: ['DELETE', '/api/v1/phones/{name}/grants/{id}'],
  deleteRoutePartitionsByName: ['DELETE', '/api/v1/route-partitions/{name}'],
  deleteSession: ['DELETE', '/api/v1/session'],
  deleteSipProfilesByName: ['DELETE', '/api/v1/sip-profiles/{name}'],
  deleteTrustCertificatesByPurposeBySha256: ['DELETE', '/api/v1/trust-certificates/{purpose}/{sha256}'],
  deleteUniversalDeviceTemplatesByName: ['DELETE', '/api/v1/universal-device-templates/{name}'],
  deleteUniversalLineTemplatesByName: ['DELETE', '/api/v1/universal-line-templates/{name}'],
  deleteUsersByUserId: ['DELETE', '/api/v1/users/{userId}'],
  deleteWebhooksById: ['DELETE', '/api/v1/webhooks/{id}'],
  getActivationCodes: ['GET', '/api/v1/activation-codes'],
  getActivationCodesCsv: ['GET', '/api/v1/activation-codes.csv'],
  getAuditEvents: ['GET', '/api/v1/audit-events'],
  getAuditEventsExport: ['GET', '/api/v1/audit-events/export'],
  getAuditEventsPublicKey: ['GET', '/api/v1/audit-events/public-key'],
  getAuditEventsVerification: ['GET', '/api/v1/audit-events/verification'],
  getAutoRegistration: ['GET', '/api/v1/auto-registration'],
  getBulkActivationCodesCsv: ['GET', '/api/v1/bulk/activation-codes.csv'],
  getBulkFiles: ['GET', '/api/v1/bulk/files'],
  getBulkFilesByName: ['GET', '/api/v1/bulk/files/{name}'],
  getBulkFilesByNameContent: ['GET', '/api/v1/bulk/files/{name}/content'],
  getBulkJobs: ['GET', '/api/v1/bulk/jobs'],
  getBulkJobsById: ['GET', '/api/v1/bulk/jobs/{id}'],
  getBulkJobsByIdLog: ['GET', '/api/v1/bulk/jobs/{id}/log'],
  getBulkJobsByIdResultCsv: ['GET', '/api/v1/bulk/jobs/{id}/result.csv'],
  getBulkJobsByIdRows: ['GET', '/api/v1/bulk/jobs/{id}/rows'],
  getBulkPhonesCsv: ['GET', '/api/v1/bulk/phones.csv'],
  getBulkTemplateXlsx: ['GET', '/api/v1/bulk/template.xlsx'],
  getCallManagerGroups: ['GET', '/api/v1/call-manager-groups'],
  getCallManagerGroupsByName: ['GET', '/api/v1/call-manager-groups/{name}'],
  getCallManagerGroupsByNameDependencies: ['GET', '/api/v1/call-manager-groups/{name}/dependencies'],
  getCertificateRevocationLists: ['GET', '/api/v1/certificate-revocation-lists'],
  getCertificateRevocationListsById: ['GET', '/api/v1/certificate-revocation-lists/{id}'],
  getCertificateRevocationListsByIdContent: ['GET', '/api/v1/certificate-revocation-lists/{id}/content'],
  getCloudOnboarding: ['GET', '/api/v1/cloud-onboarding'],
  getCommonPhoneProfiles: ['GET', '/api/v1/common-phone-profiles'],
  getCommonPhoneProfilesByName: ['GET', '/api/v1/common-phone-profiles/{name}'],
  getCommonPhoneProfilesByNameDependencies: ['GET', '/api/v1/common-phone-profiles/{name}/dependencies'],
  getDeviceDefaults: ['GET', '/api/v1/device-defaults'],
  getDeviceDefaultsByModel: ['GET', '/api/v1/device-defaults/{model}'],
  getDevicePools: ['GET', '/api/v1/device-pools'],
  getDevicePoolsByName: ['GET', '/api/v1/device-pools/{name}'],
  getDevicePoolsByNameDependencies: ['GET', '/api/v1/device-pools/{name}/dependencies'],
  getEnterpriseParameters: ['GET', '/api/v1/enterprise-parameters'],
  getEnterpriseParametersByName: ['GET', '/api/v1/enterprise-parameters/{name}'],
  getExpressways: ['GET', '/api/v1/expressways'],
  getExpresswaysById: ['GET', '/api/v1/expressways/{id}'],
  getFailedProofs: ['GET', '/api/v1/failed-proofs'],
  getFirmwareFiles: ['GET', '/api/v1/firmware-files'],
  getFirmwareFilesByName: ['GET', '/api/v1/firmware-files/{name}'],
  getFirmwareFilesByNameContent: ['GET', '/api/v1/firmware-files/{name}/content'],
  getLines: ['GET', '/api/v1/lines'],
  getLinesByName: ['GET', '/api/v1/lines/{name}'],
  getLinesByNameDependencies: ['GET', '/api/v1/lines/{name}/dependencies'],
  getMail: ['GET', '/api/v1/mail'],
  getMe: ['GET', '/api/v1/me'],
  getMicDenyList: ['GET', '/api/v1/mic-deny-list'],
  getMraServiceDomains: ['GET', '/api/v1/mra-service-domains'],
  getMraServiceDomainsByName: ['GET', '/api/v1/mra-service-domains/{name}'],
  getMraServiceDomainsByNameCheck: ['GET', '/api/v1/mra-service-domains/{name}/check'],
  getMraServiceDomainsByNameDependencies: ['GET', '/api/v1/mra-service-domains/{name}/dependencies'],
  getNodes: ['GET', '/api/v1/nodes'],
  getNodesByName: ['GET', '/api/v1/nodes/{name}'],
  getNodesByNameAutoRegistration: ['GET', '/api/v1/nodes/{name}/auto-registration'],
  getNodesByNameDependencies: ['GET', '/api/v1/nodes/{name}/dependencies'],
  getNodesByNameServices: ['GET', '/api/v1/nodes/{name}/services'],
  getOauthKeys: ['GET', '/api/v1/oauth-keys'],
  getOnboardingSummary: ['GET', '/api/v1/onboarding/summary'],
  getPhoneButtonTemplates: ['GET', '/api/v1/phone-button-templates'],
  getPhoneButtonTemplatesByName: ['GET', '/api/v1/phone-button-templates/{name}'],
  getPhoneButtonTemplatesByNameDependencies: ['GET', '/api/v1/phone-button-templates/{name}/dependencies'],
  getPhoneEdgeTrust: ['GET', '/api/v1/phone-edge-trust'],
  getPhoneEdgeTrustBySha256: ['GET', '/api/v1/phone-edge-trust/{sha256}'],
  getPhoneModels: ['GET', '/api/v1/phone-models'],
  getPhoneSecurityProfiles: ['GET', '/api/v1/phone-security-profiles'],
  getPhoneSecurityProfilesByName: ['GET', '/api/v1/phone-security-profiles/{name}'],
  getPhoneSecurityProfilesByNameDependencies: ['GET', '/api/v1/phone-security-profiles/{name}/dependencies'],
  getPhoneTemplates: ['GET', '/api/v1/phone-templates'],
  getPhoneTemplatesByName: ['GET', '/api/v1/phone-templates/{name}'],
  getPhoneTemplatesByNameDependencies: ['GET', '/api/v1/phone-templates/{name}/dependencies'],
  getPhones: ['GET', '/api/v1/phones'],
  getPhonesByName: ['GET', '/api/v1/phones/{name}'],
  getPhonesByNameActivationCode: ['GET', '/api/v1/phones/{name}/activation-code'],
  getPhonesByNameActivationCodeEMail: ['GET', '/api/v1/phones/{name}/activation-code/e-mail'],
  getPhonesByNameGrants: ['GET', '/api/v1/phones/{name}/grants'],
  getPhonesByNameTimeline: ['GET', '/api/v1/phones/{name}/timeline'],
  getProblems: ['GET', '/api/v1/problems'],
  getProblemsByCode: ['GET', '/api/v1/problems/{code}'],
  getRegistrations: ['GET', '/api/v1/registrations'],
  getRoutePartitions: ['GET', '/api/v1/route-partitions'],
  getRoutePartitionsByName: ['GET', '/api/v1/route-partitions/{name}'],
  getRoutePartitionsByNameDependencies: ['GET', '/api/v1/route-partitions/{name}/dependencies'],
  getServiceParameters: ['GET', '/api/v1/service-parameters'],
  getServiceParametersByServiceByName: ['GET', '/api/v1/service-parameters/{service}/{name}'],
  getSession: ['GET', '/api/v1/session'],
  getSipProfiles: ['GET', '/api/v1/sip-profiles'],
  getSipProfilesByName: ['GET', '/api/v1/sip-profiles/{name}'],
  getSipProfilesByNameDependencies: ['GET', '/api/v1/sip-profiles/{name}/dependencies'],
  getTaps: ['GET', '/api/v1/taps'],
  getTapsLog: ['GET', '/api/v1/taps/log'],
  getTapsSessions: ['GET', '/api/v1/taps/sessions'],
  getTimeline: ['GET', '/api/v1/timeline'],
  getTimelineStrangers: ['GET', '/api/v1/timeline/strangers'],
  getTrustCertificates: ['GET', '/api/v1/trust-certificates'],
  getTrustCertificatesByPurposeBySha256: ['GET', '/api/v1/trust-certificates/{purpose}/{sha256}'],
  getTrustCertificatesByPurposeBySha256Dependencies: ['GET', '/api/v1/trust-certificates/{purpose}/{sha256}/dependencies'],
  getTrustList: ['GET', '/api/v1/trust-list'],
  getUniversalDeviceTemplates: ['GET', '/api/v1/universal-device-templates'],
  getUniversalDeviceTemplatesByName: ['GET', '/api/v1/universal-device-templates/{name}'],
  getUniversalDeviceTemplatesByNameDependencies: ['GET', '/api/v1/universal-device-templates/{name}/dependencies'],
  getUniversalLineTemplates: ['GET', '/api/v1/universal-line-templates'],
  getUniversalLineTemplatesByName: ['GET', '/api/v1/universal-line-templates/{name}'],
  getUniversalLineTemplatesByNameDependencies: ['GET', '/api/v1/universal-line-templates/{name}/dependencies'],
  getUsers: ['GET', '/api/v1/users'],
  getUsersByUserId: ['GET', '/api/v1/users/{userId}'],
  getUsersByUserIdDependencies: ['GET', '/api/v1/users/{userId}/dependencies'],
  getVersion: ['GET', '/api/v1/version'],
  getWebhooks: ['GET', '/api/v1/webhooks'],
  getWebhooksById: ['GET', '/api/v1/webhooks/{id}'],
  getWebhooksByIdDeliveries: ['GET', '/api/v1/webhooks/{id}/deliveries'],
  patchCallManagerGroupsByName: ['PATCH', '/api/v1/call-manager-groups/{name}'],
  patchCloudOnboarding: ['PATCH', '/api/v1/cloud-onboarding'],
  patchCommonPhoneProfilesByName: ['PATCH', '/api/v1/common-phone-profiles/{name}'],
  patchDevicePoolsByName: ['PATCH', '/api/v1/device-pools/{name}'],
  patchLinesByName: ['PATCH', '/api/v1/lines/{name}'],
  patchMraServiceDomainsByName: ['PATCH', '/api/v1/mra-service-domains/{name}'],
  patchNodesByName: ['PATCH', '/api/v1/nodes/{name}'],
  patchPhoneButtonTemplatesByName: ['PATCH', '/api/v1/phone-button-templates/{name}'],
  patchPhoneSecurityProfilesByName: ['PATCH', '/api/v1/phone-security-profiles/{name}'],
  patchPhoneTemplatesByName: ['PATCH', '/api/v1/phone-templates/{name}'],
  patchPhonesByName: ['PATCH', '/api/v1/phones/{name}'],
  patchRoutePartitionsByName: ['PATCH', '/api/v1/route-partitions/{name}'],
  patchSession: ['PATCH', '/api/v1/session'],
  patchSipProfilesByName: ['PATCH', '/api/v1/sip-profiles/{name}'],
  patchTrustCertificatesByPurposeBySha256: ['PATCH', '/api/v1/trust-certificates/{purpose}/{sha256}'],
  patchUniversalDeviceTemplatesByName: ['PATCH', '/api/v1/universal-device-templates/{name}'],
  patchUniversalLineTemplatesByName: ['PATCH', '/api/v1/universal-line-templates/{name}'],
  patchUsersByUserId: ['PATCH', '/api/v1/users/{userId}'],
  patchWebhooksById: ['PATCH', '/api/v1/webhooks/{id}'],
  postActivationCodesEMail: ['POST', '/api/v1/activation-codes/e-mail'],
  postBulkFiles: ['POST', '/api/v1/bulk/files'],
  postBulkJobsByIdActivate: ['POST', '/api/v1/bulk/jobs/{id}/activate'],
  postBulkJobsByIdHold: ['POST', '/api/v1/bulk/jobs/{id}/hold'],
  postBulkJobsByIdRun: ['POST', '/api/v1/bulk/jobs/{id}/run'],
  postBulkJobsByIdStop: ['POST', '/api/v1/bulk/jobs/{id}/stop'],
  postBulkJobsByIdUndo: ['POST', '/api/v1/bulk/jobs/{id}/undo'],
  postBulkJobsCodes: ['POST', '/api/v1/bulk/jobs/codes'],
  postBulkJobsDeletePhones: ['POST', '/api/v1/bulk/jobs/delete-phones'],
  postBulkJobsInsertPhones: ['POST', '/api/v1/bulk/jobs/insert-phones'],
  postBulkJobsUpdatePhones: ['POST', '/api/v1/bulk/jobs/update-phones'],
  postCallManagerGroups: ['POST', '/api/v1/call-manager-groups'],
  postCertificateRevocationLists: ['POST', '/api/v1/certificate-revocation-lists'],
  postCloudOnboardingCheck: ['POST', '/api/v1/cloud-onboarding/check'],
  postCloudOnboardingEnrolment: ['POST', '/api/v1/cloud-onboarding/enrolment'],
  postCommonPhoneProfiles: ['POST', '/api/v1/common-phone-profiles'],
  postDevicePools: ['POST', '/api/v1/device-pools'],
  postExpressways: ['POST', '/api/v1/expressways'],
  postLines: ['POST', '/api/v1/lines'],
  postMailTest: ['POST', '/api/v1/mail/test'],
  postMicDenyList: ['POST', '/api/v1/mic-deny-list'],
  postMraServiceDomains: ['POST', '/api/v1/mra-service-domains'],
  postOauthKeys: ['POST', '/api/v1/oauth-keys'],
  postPhoneButtonTemplates: ['POST', '/api/v1/phone-button-templates'],
  postPhoneEdgeTrust: ['POST', '/api/v1/phone-edge-trust'],
  postPhoneSecurityProfiles: ['POST', '/api/v1/phone-security-profiles'],
  postPhoneTemplates: ['POST', '/api/v1/phone-templates'],
  postPhones: ['POST', '/api/v1/phones'],
  postPhonesByNameActivationCode: ['POST', '/api/v1/phones/{name}/activation-code'],
  postPhonesByNameActivationCodeEMail: ['POST', '/api/v1/phones/{name}/activation-code/e-mail'],
  postPhonesByNameOwnerConfirmation: ['POST', '/api/v1/phones/{name}/owner-confirmation'],
  postPhonesByNameReplace: ['POST', '/api/v1/phones/{name}/replace'],
  postPhonesByNameReset: ['POST', '/api/v1/phones/{name}/reset'],
  postPhonesByNameRestart: ['POST', '/api/v1/phones/{name}/restart'],
  postPhonesFromTemplate: ['POST', '/api/v1/phones/from-template'],
  postRoutePartitions: ['POST', '/api/v1/route-partitions'],
  postSession: ['POST', '/api/v1/session'],
  postSipProfiles: ['POST', '/api/v1/sip-profiles'],
  postTrustCertificates: ['POST', '/api/v1/trust-certificates'],
  postUniversalDeviceTemplates: ['POST', '/api/v1/universal-device-templates'],
  postUniversalLineTemplates: ['POST', '/api/v1/universal-line-templates'],
  postUsers: ['POST', '/api/v1/users'],
  postWebhooks: ['POST', '/api/v1/webhooks'],
  postWebhooksByIdDeliveriesByDeliveryIdRepeat: ['POST', '/api/v1/webhooks/{id}/deliveries/{deliveryId}/repeat'],
  postWebhooksByIdSecret: ['POST', '/api/v1/webhooks/{id}/secret'],
  postWebhooksByIdTest: ['POST', '/api/v1/webhooks/{id}/test'],
  putDeviceDefaults: ['PUT', '/api/v1/device-defaults'],
  putDeviceDefaultsByModel: ['PUT', '/api/v1/device-defaults/{model}'],
  putEnterpriseParametersByName: ['PUT', '/api/v1/enterprise-parameters/{name}'],
  putFirmwareFilesByName: ['PUT', '/api/v1/firmware-files/{name}'],
  putMailPassword: ['PUT', '/api/v1/mail/password'],
  putMePassword: ['PUT', '/api/v1/me/password'],
  putNodesByNameAutoRegistration: ['PUT', '/api/v1/nodes/{name}/auto-registration'],
  putNodesByNameServicesByService: ['PUT', '/api/v1/nodes/{name}/services/{service}'],
  putPhonesByName: ['PUT', '/api/v1/phones/{name}'],
  putServiceParametersByServiceByName: ['PUT', '/api/v1/service-parameters/{service}/{name}'],
};

