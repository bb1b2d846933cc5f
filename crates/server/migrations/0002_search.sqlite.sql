-- Search, counts, and plans that stay. Substring search: an index of the trigrams of `users.search_key`, kept by triggers.
-- A rowid of `users` is no key (VACUUM may give it another), so `user_search_rows` numbers the users.
-- What a person was called must not stay in the file: `secure-delete`.

CREATE TABLE user_search_rows (
    id INTEGER PRIMARY KEY, -- the row in user_search
    organization_id TEXT NOT NULL,
    user_id TEXT NOT NULL
);
CREATE UNIQUE INDEX user_search_rows_user ON user_search_rows (organization_id, user_id);

CREATE VIRTUAL TABLE user_search USING fts5 (
    search_key, content = '', detail = none, columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO user_search (user_search, rank) VALUES ('secure-delete', 1);

INSERT INTO user_search_rows (organization_id, user_id) SELECT organization_id, id FROM users WHERE search_key <> '';
INSERT INTO user_search (rowid, search_key)
    SELECT r.id, u.search_key FROM user_search_rows r
    JOIN users u ON u.organization_id = r.organization_id AND u.id = r.user_id;

CREATE TRIGGER user_search_insert AFTER INSERT ON users WHEN new.search_key <> '' BEGIN
    INSERT INTO user_search_rows (organization_id, user_id) VALUES (new.organization_id, new.id);
    INSERT INTO user_search (rowid, search_key) VALUES (last_insert_rowid(), new.search_key);
END;

CREATE TRIGGER user_search_update AFTER UPDATE OF search_key ON users WHEN new.search_key <> old.search_key BEGIN
    INSERT INTO user_search (user_search, rowid, search_key)
        SELECT 'delete', id, old.search_key FROM user_search_rows
        WHERE organization_id = old.organization_id AND user_id = old.id;
    INSERT INTO user_search (rowid, search_key)
        SELECT id, new.search_key FROM user_search_rows
        WHERE organization_id = old.organization_id AND user_id = old.id AND new.search_key <> '';
    DELETE FROM user_search_rows
        WHERE organization_id = old.organization_id AND user_id = old.id AND new.search_key = '';
END;

CREATE TRIGGER user_search_delete AFTER DELETE ON users WHEN old.search_key <> '' BEGIN
    INSERT INTO user_search (user_search, rowid, search_key)
        SELECT 'delete', id, old.search_key FROM user_search_rows
        WHERE organization_id = old.organization_id AND user_id = old.id;
    DELETE FROM user_search_rows WHERE organization_id = old.organization_id AND user_id = old.id;
END;

-- Counts by role, test accounts and licences are read from one index.
DROP INDEX users_role;
CREATE INDEX users_role ON users (organization_id, role, id, is_test, seat_starts_at, seat_expires_at)
    WHERE removed_at IS NULL;

-- What the planner is told of the tables whose indexes it chooses among: a school of ten thousand, of a hundred on the
-- server. Statistics of the moment, taken when the database is empty, would give plans that scan when it is full.
ANALYZE settings;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('users', 'sqlite_autoindex_users_1', '1000000 10000 1'),
    ('users', 'users_username', '1000000 10000 1'),
    ('users', 'users_email', '200000 2000 1'),
    ('users', 'users_role', '1000000 10000 1000 1 1 1 1'),
    ('users', 'users_firstname', '1000000 10000 20 1'),
    ('users', 'users_lastname', '1000000 10000 20 1'),
    ('users', 'users_firstname_lastname', '1000000 10000 20 2 1'),
    ('users', 'users_lastname_firstname', '1000000 10000 20 2 1'),
    ('users', 'users_activity', '1000000 10000 20 1'),
    ('users', 'users_seat', '1000000 10000 5000 1'),
    ('group_users', 'sqlite_autoindex_group_users_1', '2000000 20000 30 1'),
    ('group_users', 'group_users_user', '2000000 20000 2 1');
