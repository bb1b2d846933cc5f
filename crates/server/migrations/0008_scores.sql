-- Scores, their revisions and what is said of them (crates/server/src/scores, collections), and the documents that
-- revisions are made of (crates/server/src/documents).

-- What was stored once, by the hash of what it is, for as long as somebody uses it.
CREATE TABLE documents (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    hash BYTEA NOT NULL, -- SHA-256 of the document itself
    size BIGINT NOT NULL, -- bytes of the document itself
    stored BOOLEAN NOT NULL, -- all of its pieces are there; until then nobody sees it
    uses BIGINT NOT NULL, -- how many revisions are made of it
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX documents_hash ON documents (organization_id, hash) WHERE stored;
CREATE INDEX documents_unused ON documents (created_at) WHERE uses = 0;

CREATE TABLE document_pieces (
    organization_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    bytes BYTEA NOT NULL, -- 256 KiB of the compressed document (zstd), the last one fewer
    PRIMARY KEY (organization_id, document_id, position),
    FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id)
);

CREATE TABLE scores (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL, -- whose it is
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    subtitle TEXT NOT NULL,
    composer TEXT NOT NULL,
    lyricist TEXT NOT NULL,
    arranger TEXT NOT NULL,
    description TEXT NOT NULL,
    tags TEXT NOT NULL, -- words with spaces between them
    creation_type TEXT NOT NULL,
    license TEXT NOT NULL,
    license_text TEXT NOT NULL,
    privacy TEXT NOT NULL,
    sharing_key BYTEA, -- encrypted; there where the privacy is privateLink
    sharing_key_hash BYTEA,
    parent_score TEXT, -- that it was forked from
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    trashed_at BIGINT NOT NULL, -- 0: not in the trash
    delete_at BIGINT NOT NULL, -- 0, or when the trash is emptied of it
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE INDEX scores_user ON scores (organization_id, user_id, id);
CREATE INDEX scores_user_modified ON scores (organization_id, user_id, modified_at, id);
CREATE INDEX scores_user_title ON scores (organization_id, user_id, title_key, id);
CREATE INDEX scores_parent ON scores (organization_id, parent_score) WHERE parent_score IS NOT NULL;
CREATE INDEX scores_deletion ON scores (delete_at) WHERE delete_at > 0;

CREATE TABLE score_revisions (
    organization_id TEXT NOT NULL,
    score_id TEXT NOT NULL,
    id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    format TEXT NOT NULL, -- musicxml, mxl or midi
    user_id TEXT, -- who wrote it
    description TEXT NOT NULL,
    autosave BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, score_id, id),
    FOREIGN KEY (organization_id, score_id) REFERENCES scores (organization_id, id),
    FOREIGN KEY (organization_id, document_id) REFERENCES documents (organization_id, id)
);
CREATE INDEX score_revisions_document ON score_revisions (organization_id, document_id);
CREATE INDEX score_revisions_user ON score_revisions (organization_id, user_id) WHERE user_id IS NOT NULL;

CREATE TABLE score_collaborators (
    organization_id TEXT NOT NULL,
    score_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT, -- a person, or
    group_id TEXT, -- all of a group
    acl_write BOOLEAN NOT NULL,
    acl_admin BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, score_id, id),
    FOREIGN KEY (organization_id, score_id) REFERENCES scores (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, group_id) REFERENCES groups (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX score_collaborators_user ON score_collaborators (organization_id, user_id, score_id)
    WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX score_collaborators_group ON score_collaborators (organization_id, group_id, score_id)
    WHERE group_id IS NOT NULL;

CREATE TABLE score_comments (
    organization_id TEXT NOT NULL,
    score_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    revision_id TEXT,
    reply_to TEXT,
    comment TEXT NOT NULL,
    raw_comment TEXT NOT NULL,
    context TEXT, -- JSON: where in the score; there for comments of type inline
    resolved BOOLEAN NOT NULL,
    resolved_by TEXT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, score_id, id),
    FOREIGN KEY (organization_id, score_id) REFERENCES scores (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE INDEX score_comments_user ON score_comments (organization_id, user_id, score_id, id);
CREATE INDEX score_comments_resolver ON score_comments (organization_id, resolved_by) WHERE resolved_by IS NOT NULL;

CREATE TABLE score_comment_mentions (
    organization_id TEXT NOT NULL,
    score_id TEXT NOT NULL,
    comment_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (organization_id, score_id, comment_id, user_id),
    FOREIGN KEY (organization_id, score_id, comment_id)
        REFERENCES score_comments (organization_id, score_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX score_comment_mentions_user ON score_comment_mentions (organization_id, user_id);

CREATE TABLE score_likes (
    organization_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    score_id TEXT NOT NULL,
    sharing_key_hash BYTEA, -- of the key that it was found by
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id, score_id),
    FOREIGN KEY (organization_id, score_id) REFERENCES scores (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE INDEX score_likes_score ON score_likes (organization_id, score_id);

CREATE TABLE collections (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    trashed_at BIGINT NOT NULL, -- 0: not in the trash
    delete_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE INDEX collections_user ON collections (organization_id, user_id, id);
CREATE INDEX collections_user_modified ON collections (organization_id, user_id, modified_at, id);
CREATE INDEX collections_user_title ON collections (organization_id, user_id, title_key, id);
CREATE INDEX collections_deletion ON collections (delete_at) WHERE delete_at > 0;

CREATE TABLE collection_scores (
    organization_id TEXT NOT NULL,
    collection_id TEXT NOT NULL,
    score_id TEXT NOT NULL,
    sharing_key_hash BYTEA, -- of the key that it was found by
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, collection_id, score_id),
    FOREIGN KEY (organization_id, collection_id) REFERENCES collections (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, score_id) REFERENCES scores (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX collection_scores_score ON collection_scores (organization_id, score_id);
