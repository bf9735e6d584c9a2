import type { ActivationTables } from './schema-activation.ts';
import type { ClusterTables } from './schema-cluster.ts';
import type { DevicesTables } from './schema-devices.ts';
import type { FilesTables } from './schema-files.ts';

/** The tables of migrations/*.sql as kysely sees them. */
export interface Database extends ActivationTables, ClusterTables, DevicesTables, FilesTables {}
