import type { ColumnType } from 'kysely';

/** Kinds of columns. bigint arrives as text, an instant as Date, bytea as Buffer. */

export type Instant = ColumnType<Date, Date | string | undefined, Date | string>;
/** Without a default: whoever inserts the row says it. */
export type RequiredInstant = ColumnType<Date, Date | string, Date | string>;
export type NullableInstant = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
export type Json = ColumnType<unknown, string | undefined, string>;
