-- Whether phones of a SIP profile may ask other phones to pick up by themselves.
ALTER TABLE sip_profile ADD COLUMN intercom_allowed boolean NOT NULL DEFAULT false;
