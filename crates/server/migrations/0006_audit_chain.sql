-- The audit log as a chain (docs/audit.md). An event is written without number; a worker then numbers and seals it
-- together with the seal before it. Lists find events by what happened, by whom and to what.

ALTER TABLE audit_events ADD COLUMN about TEXT; -- whom the details tell of, where the target is a thing of theirs
ALTER TABLE audit_events ADD COLUMN seq BIGINT; -- its place in the organization's chain; absent until it is sealed
ALTER TABLE audit_events ADD COLUMN previous_seal BYTEA; -- of the event before it; empty for the first
ALTER TABLE audit_events ADD COLUMN seal BYTEA; -- keyed hash of the place, the seal before it and all other columns

CREATE INDEX audit_events_unsealed ON audit_events (organization_id, id) WHERE seq IS NULL;
CREATE UNIQUE INDEX audit_events_chain ON audit_events (organization_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX audit_events_erasures ON audit_events (organization_id, target) WHERE event = 'user.erased';

CREATE INDEX audit_events_event ON audit_events (organization_id, event, id);
CREATE INDEX audit_events_actor ON audit_events (organization_id, actor, id) WHERE actor IS NOT NULL;
CREATE INDEX audit_events_target ON audit_events (organization_id, target, id) WHERE target IS NOT NULL;

-- Where each chain ends. The row is locked while events are added to it.
CREATE TABLE audit_ends (
    organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organizations (id),
    seq BIGINT NOT NULL,
    seal BYTEA NOT NULL,
    mark BYTEA NOT NULL -- keyed hash of the columns before it: the end can't be moved back by who has no key
);

-- Whether somebody's erasure is under way.
CREATE INDEX jobs_subject ON jobs (organization_id, subject_id);
