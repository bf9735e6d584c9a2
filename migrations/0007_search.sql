-- Finding a phone by a part of its name or description stays quick with 100,000 of them: trigrams instead of reading every row.
-- pg_trgm is a trusted extension: whoever may create objects in the database may create it. A PostgreSQL without its contrib modules
-- searches all the same, only slower.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX device_name_parts ON device USING gin (name gin_trgm_ops);
    CREATE INDEX device_description_parts ON device USING gin (description gin_trgm_ops);
  END IF;
END $$;
