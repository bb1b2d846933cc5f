-- OAuth2 and OpenID Connect: apps, what people let them do, codes, refresh tokens, and the keys that sign id_tokens.

CREATE TABLE apps (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL, -- the client_id
    name TEXT NOT NULL,
    type TEXT NOT NULL, -- confidential, public
    redirect_uris TEXT NOT NULL, -- one a line
    scopes TEXT NOT NULL, -- at most
    role TEXT, -- of its own tokens; absent: it gets none
    legacy BOOLEAN NOT NULL,
    maker TEXT, -- who answers for it: its own tokens rank no higher
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX apps_maker ON apps (organization_id, maker) WHERE maker IS NOT NULL;

CREATE TABLE app_clients (
    client_id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    secret_hash BYTEA, -- absent: a public app
    FOREIGN KEY (organization_id, client_id) REFERENCES apps (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX app_clients_app ON app_clients (organization_id, client_id);

-- What a person let an app do, so that it need not ask again.
CREATE TABLE consents (
    organization_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id, app_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, app_id) REFERENCES apps (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX consents_app ON consents (organization_id, app_id);

-- One authorization: a code, and the family of tokens that come from it and end with it.
CREATE TABLE authorizations (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT, -- S256
    nonce TEXT,
    signed_in_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    code_used_at BIGINT,
    expires_at BIGINT NOT NULL, -- of the code; once it is used, of the last token
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, app_id) REFERENCES apps (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX authorizations_user ON authorizations (organization_id, user_id, app_id);
CREATE INDEX authorizations_app ON authorizations (organization_id, app_id);
CREATE INDEX authorizations_expiry ON authorizations (expires_at);

CREATE TABLE authorization_code_keys (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    authorization_id TEXT NOT NULL,
    FOREIGN KEY (organization_id, authorization_id) REFERENCES authorizations (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX authorization_code_keys_authorization ON authorization_code_keys (organization_id, authorization_id);

-- A used one stays until it would have ended: whoever comes with it again has a copy.
CREATE TABLE refresh_token_keys (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    authorization_id TEXT NOT NULL,
    used_at BIGINT,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (organization_id, authorization_id) REFERENCES authorizations (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_token_keys_authorization ON refresh_token_keys (organization_id, authorization_id);
CREATE INDEX refresh_token_keys_expiry ON refresh_token_keys (expires_at);

ALTER TABLE access_tokens ADD COLUMN app_id TEXT; -- the app that it was given to
ALTER TABLE access_tokens ADD COLUMN as_app BOOLEAN NOT NULL DEFAULT FALSE; -- stands for the app, not for its user
ALTER TABLE access_tokens ADD COLUMN family_id TEXT; -- the authorization that it came from
CREATE INDEX access_tokens_app ON access_tokens (organization_id, app_id, user_id) WHERE app_id IS NOT NULL;
CREATE INDEX access_tokens_family ON access_tokens (organization_id, family_id) WHERE family_id IS NOT NULL;

CREATE TABLE signing_keys (
    id TEXT NOT NULL PRIMARY KEY,
    follows TEXT NOT NULL UNIQUE, -- the key before it, '' for the first: of several made at once one stays
    private_key BYTEA NOT NULL, -- encrypted
    created_at BIGINT NOT NULL
);
