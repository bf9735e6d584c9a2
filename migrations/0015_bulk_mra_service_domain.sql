-- The MRA service domain that the phones of a template get; null: that of their device pool.
ALTER TABLE phone_template ADD COLUMN mra_service_domain_id uuid REFERENCES mra_service_domain ON DELETE RESTRICT;
CREATE INDEX phone_template_mra_service_domain ON phone_template (mra_service_domain_id);
