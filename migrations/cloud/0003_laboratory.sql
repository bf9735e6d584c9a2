-- A manufacturer that a start as laboratory put here counts only while it is one.
ALTER TABLE manufacturer_root ADD COLUMN laboratory boolean NOT NULL DEFAULT false;
UPDATE manufacturer_root SET laboratory = true WHERE description = 'Laboratory manufacturer';
