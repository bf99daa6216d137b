-- Who has seen a wound: what the audit log has of it and of everything under it.
CREATE INDEX audit_by_resource ON audit (patient_id, resource);
