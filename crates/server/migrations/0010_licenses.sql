-- Seats that are counted, and that are given by themselves.

ALTER TABLE licenses ADD COLUMN seats_used BIGINT NOT NULL DEFAULT 0; -- as many as license_users; never above seats
ALTER TABLE organizations ADD COLUMN assigns_seats BOOLEAN NOT NULL DEFAULT TRUE; -- at a person's first sign-in
ALTER TABLE users ADD COLUMN seat_given_at BIGINT NOT NULL DEFAULT 0; -- once: a seat that was taken away stays so

UPDATE licenses SET seats_used = (SELECT count(*) FROM license_users u
                                  WHERE u.organization_id = licenses.organization_id AND u.license_id = licenses.id);
UPDATE users SET seat_given_at = created_at WHERE seat_license_id IS NOT NULL;

-- What an erasure has erased so far, by kind: JSON.
ALTER TABLE jobs ADD COLUMN erased TEXT NOT NULL DEFAULT '{}';

-- The few test accounts of a school, with all that lists of them are sorted and filtered by.
CREATE INDEX users_test ON users (organization_id, id, firstname_key, lastname_key, last_activity_at, seat_expires_at,
                                  seat_starts_at, role, removed_at) WHERE is_test AND removed_at IS NULL;
-- Of somebody who left with the account: the organization that their scores go to.
ALTER TABLE jobs ADD COLUMN destination TEXT;
CREATE INDEX jobs_moves ON jobs (subject_id) WHERE destination IS NOT NULL;
