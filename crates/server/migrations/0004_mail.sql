-- How far the sending of each mail has come. A row names what it is about: no address and no secret stands in it.

ALTER TABLE outbox ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting'; -- waiting, sent, dead, dropped
ALTER TABLE outbox ADD COLUMN error TEXT; -- what the last attempt met
ALTER TABLE outbox ADD COLUMN ended_at BIGINT; -- when it was sent, given up or dropped

CREATE INDEX outbox_waiting ON outbox (due_at) WHERE state = 'waiting';
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX outbox_organization ON outbox (organization_id, id);
CREATE INDEX outbox_subject ON outbox (organization_id, subject_id);
