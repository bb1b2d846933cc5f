-- Seats that are counted, and that are given by themselves.

ALTER TABLE licenses ADD COLUMN seats_used BIGINT NOT NULL DEFAULT 0; -- as many as license_users; never above seats
ALTER TABLE organizations ADD COLUMN assigns_seats BOOLEAN NOT NULL DEFAULT TRUE; -- at a person's first sign-in
ALTER TABLE users ADD COLUMN seat_given_at BIGINT NOT NULL DEFAULT 0; -- once: a seat that was taken away stays so

-- What an erasure has erased so far, by kind: JSON.
ALTER TABLE jobs ADD COLUMN erased TEXT NOT NULL DEFAULT '{}';

-- Of somebody who left with the account: the organization that their scores go to.
ALTER TABLE jobs ADD COLUMN destination TEXT;
CREATE INDEX jobs_moves ON jobs (subject_id) WHERE destination IS NOT NULL;
