-- What a file or a job leaves out, or what is worth knowing of a row although it is done: told wherever success is told. As row errors are kept.
ALTER TABLE bulk_file ADD COLUMN notes jsonb NOT NULL DEFAULT '[]';
ALTER TABLE bulk_job ADD COLUMN notes jsonb NOT NULL DEFAULT '[]';
ALTER TABLE bulk_job ADD COLUMN noted integer NOT NULL DEFAULT 0;
ALTER TABLE bulk_job_row ADD COLUMN notes jsonb;

-- Of headings and rows as they were read: the same rows come back, however the file was named or saved.
ALTER TABLE bulk_file ADD COLUMN rows_sha256 bytea;
ALTER TABLE bulk_job ADD COLUMN rows_sha256 bytea;
CREATE INDEX bulk_job_rows ON bulk_job (rows_sha256) WHERE rows_sha256 IS NOT NULL;
