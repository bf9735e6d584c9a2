-- The data directory (one process at a time) that runs the node; null: it was stopped in order, and its name is free.
ALTER TABLE node ADD COLUMN instance uuid;
