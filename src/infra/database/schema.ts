import type { ActivationTables } from './schema-activation.ts';
import type { BulkTables } from './schema-bulk.ts';
import type { ClusterTables } from './schema-cluster.ts';
import type { DevicesTables } from './schema-devices.ts';
import type { EdgeAccessTables } from './schema-edge-access.ts';
import type { FilesTables } from './schema-files.ts';
import type { IntegrationsTables } from './schema-integrations.ts';
import type { MraTables } from './schema-mra.ts';
import type { TapsTables } from './schema-taps.ts';

/** The tables of migrations/*.sql as kysely sees them. */
export interface Database
  extends ActivationTables,
    BulkTables,
    ClusterTables,
    DevicesTables,
    EdgeAccessTables,
    FilesTables,
    IntegrationsTables,
    MraTables,
    TapsTables {}
