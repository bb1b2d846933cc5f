-- Organizations and everything in them. One text for SQLite and PostgreSQL.
-- Instants are Unix milliseconds. In sort keys '' and 0 stand for missing, so that row values compare.
-- Every table of a tenant begins its key and its indexes with organization_id; the directory tables (…_keys)
-- are keyed by the hash or key with which a request arrives and lead to the tenant's row; queues by due time.

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    locale TEXT NOT NULL,
    lti1p1_allow_teachers BOOLEAN NOT NULL,
    roles_version BIGINT NOT NULL, -- counted up to lock the row: rules over several users hold
    site_license_id TEXT,
    site_starts_at BIGINT NOT NULL,
    site_expires_at BIGINT NOT NULL,
    licenses_change_at BIGINT NOT NULL, -- when a licence begins or ends next, 0 for never
    created_at BIGINT NOT NULL
);

-- Individual accounts live here.
INSERT INTO organizations VALUES
    ('000000000000000000000000', 'Individuals', 'individuals', 'en', FALSE, 0, NULL, 0, 0, 0, 0);

CREATE TABLE users (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,
    email TEXT,
    email_key TEXT NOT NULL,
    email_shared BOOLEAN NOT NULL,
    firstname TEXT NOT NULL,
    firstname_key TEXT NOT NULL,
    lastname TEXT NOT NULL,
    lastname_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    password_hash TEXT,
    password_by_admin BOOLEAN NOT NULL,
    role TEXT NOT NULL,
    locale TEXT NOT NULL,
    is_test BOOLEAN NOT NULL,
    last_activity_at BIGINT NOT NULL,
    seat_license_id TEXT, -- the licence that counts of those that the user holds a seat of
    seat_starts_at BIGINT NOT NULL,
    seat_expires_at BIGINT NOT NULL,
    version BIGINT NOT NULL, -- counted up to lock the row
    created_at BIGINT NOT NULL,
    removed_at BIGINT, -- set: a tombstone, until erasure ends
    PRIMARY KEY (organization_id, id)
);

CREATE UNIQUE INDEX users_username ON users (organization_id, username_key) WHERE removed_at IS NULL;
CREATE INDEX users_email ON users (organization_id, email_key) WHERE removed_at IS NULL AND email_key <> '';
CREATE INDEX users_role ON users (organization_id, role, id) WHERE removed_at IS NULL;
CREATE INDEX users_firstname ON users (organization_id, firstname_key, id) WHERE removed_at IS NULL;
CREATE INDEX users_lastname ON users (organization_id, lastname_key, id) WHERE removed_at IS NULL;
CREATE INDEX users_firstname_lastname ON users (organization_id, firstname_key, lastname_key, id)
    WHERE removed_at IS NULL;
CREATE INDEX users_lastname_firstname ON users (organization_id, lastname_key, firstname_key, id)
    WHERE removed_at IS NULL;
CREATE INDEX users_activity ON users (organization_id, last_activity_at, id) WHERE removed_at IS NULL;
CREATE INDEX users_seat ON users (organization_id, seat_expires_at, id) WHERE removed_at IS NULL;

-- Exclusive e-mail addresses, and usernames that look like one: one namespace.
CREATE TABLE signin_names (
    organization_id TEXT NOT NULL,
    name_key TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (organization_id, name_key),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX signin_names_user ON signin_names (organization_id, user_id);

CREATE TABLE groups (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    creator TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE group_users (
    organization_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (organization_id, group_id, user_id),
    FOREIGN KEY (organization_id, group_id) REFERENCES groups (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX group_users_user ON group_users (organization_id, user_id, group_id);

CREATE TABLE licenses (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    mode TEXT NOT NULL,
    source TEXT NOT NULL,
    seats BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE license_users (
    organization_id TEXT NOT NULL,
    license_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (organization_id, license_id, user_id),
    FOREIGN KEY (organization_id, license_id) REFERENCES licenses (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX license_users_user ON license_users (organization_id, user_id, license_id);

CREATE TABLE access_tokens (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL, -- the four characters after hr_
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL, -- 0 for never
    last_used_at BIGINT NOT NULL,
    delegated BOOLEAN NOT NULL,
    maker_user_id TEXT,
    maker_token_id TEXT, -- a delegated token ends with the one that made it
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, maker_token_id) REFERENCES access_tokens (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX access_tokens_user ON access_tokens (organization_id, user_id, id);
CREATE INDEX access_tokens_maker ON access_tokens (organization_id, maker_user_id) WHERE maker_user_id IS NOT NULL;
CREATE INDEX access_tokens_maker_token ON access_tokens (organization_id, maker_token_id)
    WHERE maker_token_id IS NOT NULL;
CREATE INDEX access_tokens_expiry ON access_tokens (expires_at) WHERE expires_at > 0;

CREATE TABLE access_token_keys (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    token_id TEXT NOT NULL,
    FOREIGN KEY (organization_id, token_id) REFERENCES access_tokens (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX access_token_keys_token ON access_token_keys (organization_id, token_id);

CREATE TABLE signin_links (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    destination_path TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    maker_user_id TEXT,
    maker_token_id TEXT, -- a link ends with the token that made it
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, maker_token_id) REFERENCES access_tokens (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX signin_links_user ON signin_links (organization_id, user_id);
CREATE INDEX signin_links_maker ON signin_links (organization_id, maker_user_id) WHERE maker_user_id IS NOT NULL;
CREATE INDEX signin_links_maker_token ON signin_links (organization_id, maker_token_id)
    WHERE maker_token_id IS NOT NULL;
CREATE INDEX signin_links_expiry ON signin_links (expires_at);

CREATE TABLE signin_link_keys (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    link_id TEXT NOT NULL,
    FOREIGN KEY (organization_id, link_id) REFERENCES signin_links (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX signin_link_keys_link ON signin_link_keys (organization_id, link_id);

CREATE TABLE invitations (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    email TEXT,
    email_key TEXT NOT NULL,
    role TEXT NOT NULL,
    code BYTEA, -- encrypted; absent once closed
    allow_multiple_use BOOLEAN NOT NULL,
    invited_by TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    status TEXT NOT NULL, -- open (also past expires_at, until upkeep), used, expired, revoked
    closed_at BIGINT,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX invitations_open_email ON invitations (organization_id, email_key)
    WHERE status = 'open' AND email_key <> '';
CREATE INDEX invitations_status ON invitations (organization_id, status, id);
CREATE INDEX invitations_inviter ON invitations (organization_id, invited_by) WHERE invited_by IS NOT NULL;
CREATE INDEX invitations_expiry ON invitations (expires_at) WHERE status = 'open';
CREATE INDEX invitations_closed ON invitations (closed_at) WHERE email_key <> '';

CREATE TABLE invitation_keys (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,
    FOREIGN KEY (organization_id, invitation_id) REFERENCES invitations (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX invitation_keys_invitation ON invitation_keys (organization_id, invitation_id);

CREATE TABLE invitation_uses (
    organization_id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, invitation_id, user_id),
    FOREIGN KEY (organization_id, invitation_id) REFERENCES invitations (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX invitation_uses_user ON invitation_uses (organization_id, user_id);

CREATE TABLE lti_credentials (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    lms TEXT NOT NULL,
    creator TEXT,
    by_teacher BOOLEAN NOT NULL, -- made by a teacher: ends with the teacher, and with the permission
    consumer_key TEXT NOT NULL,
    consumer_secret BYTEA NOT NULL, -- encrypted
    enable_email_matching BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX lti_credentials_creator ON lti_credentials (organization_id, creator) WHERE creator IS NOT NULL;

CREATE TABLE lti_consumer_keys (
    consumer_key TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    credentials_id TEXT NOT NULL,
    FOREIGN KEY (organization_id, credentials_id) REFERENCES lti_credentials (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX lti_consumer_keys_credentials ON lti_consumer_keys (organization_id, credentials_id);

-- What must leave the house: sent by a worker after the commit.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL, -- the row that the message is made from
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at);

-- Work that goes on after the answer, and after a crash.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    progress BIGINT NOT NULL, -- rows done so far
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (due_at);

-- Ids and events stay for ever; names, addresses, IP and device stand in the details, which erasure deletes.
CREATE TABLE audit_events (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    event TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT, -- absent: the operator, on the machine itself
    actor_token TEXT,
    target TEXT,
    details_hash BYTEA NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE TABLE audit_details (
    organization_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    actor TEXT,
    target TEXT,
    salt BYTEA NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (organization_id, event_id),
    FOREIGN KEY (organization_id, event_id) REFERENCES audit_events (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX audit_details_actor ON audit_details (organization_id, actor) WHERE actor IS NOT NULL;
CREATE INDEX audit_details_target ON audit_details (organization_id, target) WHERE target IS NOT NULL;
