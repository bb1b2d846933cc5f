-- How people get in: sessions, failures, second factors, links sent by mail.

CREATE TABLE sessions (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    began_with TEXT NOT NULL, -- password, link, invitation, mail
    confirmed BOOLEAN NOT NULL, -- the person has shown that the account is theirs, not only that they have a link
    maker_user_id TEXT, -- who made the link that it began with
    maker_token_id TEXT,
    device TEXT NOT NULL, -- the User-Agent
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (organization_id, user_id, id);
CREATE INDEX sessions_maker ON sessions (organization_id, maker_user_id) WHERE maker_user_id IS NOT NULL;
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE session_keys (
    session_hash BYTEA NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    FOREIGN KEY (organization_id, session_id) REFERENCES sessions (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX session_keys_session ON session_keys (organization_id, session_id);

-- Failures to sign in, by the keyed hash of the name that was tried or of the address that tried it.
CREATE TABLE signin_failures (
    key_hash BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    since BIGINT NOT NULL,
    wait_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX signin_failures_expiry ON signin_failures (expires_at);

-- An e-mail address with such a domain signs in to the organization.
CREATE TABLE organization_domains (
    domain TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id)
);
CREATE INDEX organization_domains_organization ON organization_domains (organization_id);

CREATE TABLE second_factors (
    organization_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    secret BYTEA NOT NULL, -- encrypted
    last_step BIGINT NOT NULL, -- of the last code that was used: none works twice
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE recovery_codes (
    organization_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (organization_id, user_id, code_hash),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);

-- One-time links that leave by mail, to set a password or to confirm an address.
CREATE TABLE mailed_links (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL, -- reset, setup, confirm_email
    email TEXT NOT NULL, -- where it goes
    token BYTEA, -- encrypted, for the mail; absent once used
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX mailed_links_user ON mailed_links (organization_id, user_id, kind);
CREATE INDEX mailed_links_expiry ON mailed_links (expires_at);

CREATE TABLE mailed_link_keys (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    link_id TEXT NOT NULL,
    FOREIGN KEY (organization_id, link_id) REFERENCES mailed_links (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX mailed_link_keys_link ON mailed_link_keys (organization_id, link_id);

-- Who made the token or the sign-in link that the actor came with.
ALTER TABLE audit_events ADD COLUMN maker TEXT;
