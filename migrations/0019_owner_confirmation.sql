-- Who may not see activation codes must not be able to make a code visible to somebody they choose: what such a person arranged is marked,
-- and the code is withheld from the owner until somebody who may see codes confirms (docs/decisions/0009-codes-wait-for-a-confirmed-owner.md).
-- What was there before this migration counts as confirmed.

-- the owner was given to the phone by somebody who may not see codes
ALTER TABLE device ADD COLUMN owner_unconfirmed boolean NOT NULL DEFAULT false;

-- the way in, a password or the mail address that codes go to, was set by somebody who may not see codes
ALTER TABLE end_user ADD COLUMN access_unconfirmed boolean NOT NULL DEFAULT false;

-- a job acts with what its submitter might do when it was submitted; of those that wait from before, nothing is known
ALTER TABLE bulk_job ADD COLUMN submitter_sees_codes boolean NOT NULL DEFAULT false;
ALTER TABLE bulk_job ALTER COLUMN submitter_sees_codes DROP DEFAULT;
