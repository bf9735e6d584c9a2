-- Whether the password was strong enough for an administrator when it was set: only its hash is kept, so later nobody can tell. Of passwords
-- set before, nothing is known: who is given a role beyond the own phones gets a new one with it.
ALTER TABLE end_user ADD COLUMN password_for_administrators boolean NOT NULL DEFAULT false;
