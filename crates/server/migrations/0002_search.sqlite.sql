-- Search, counts, and plans that stay. Substring search: an index of the trigrams of `users.search_key`, kept by triggers.
-- A rowid of `users` is no key (VACUUM may give it another), so `user_search_rows` numbers the users.
-- What a person was called must not stay in the file: `secure-delete`.

-- It also holds what a search needs of them, in short rows that lie together.

CREATE TABLE user_search_rows (
    number INTEGER PRIMARY KEY, -- the row in user_search
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL, -- the user's
    firstname_key TEXT NOT NULL,
    lastname_key TEXT NOT NULL,
    search_key TEXT NOT NULL
);
-- With the text, so that the texts of one organization can be read one after the other.
CREATE INDEX user_search_rows_user ON user_search_rows (organization_id, id, search_key);

CREATE VIRTUAL TABLE user_search USING fts5 (
    search_key, content = '', detail = none, columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO user_search (user_search, rank) VALUES ('secure-delete', 1);

INSERT INTO user_search_rows (organization_id, id, firstname_key, lastname_key, search_key)
    SELECT organization_id, id, firstname_key, lastname_key, search_key FROM users WHERE search_key <> '';
INSERT INTO user_search (rowid, search_key) SELECT number, search_key FROM user_search_rows;

CREATE TRIGGER user_search_insert AFTER INSERT ON users WHEN new.search_key <> '' BEGIN
    INSERT INTO user_search_rows (organization_id, id, firstname_key, lastname_key, search_key)
        VALUES (new.organization_id, new.id, new.firstname_key, new.lastname_key, new.search_key);
    INSERT INTO user_search (rowid, search_key) VALUES (last_insert_rowid(), new.search_key);
END;

-- Every key is part of the text. A tombstone has none.
CREATE TRIGGER user_search_update AFTER UPDATE OF search_key ON users WHEN new.search_key <> old.search_key BEGIN
    INSERT INTO user_search (user_search, rowid, search_key)
        SELECT 'delete', number, search_key FROM user_search_rows
        WHERE organization_id = old.organization_id AND id = old.id;
    UPDATE user_search_rows
        SET firstname_key = new.firstname_key, lastname_key = new.lastname_key, search_key = new.search_key
        WHERE organization_id = old.organization_id AND id = old.id;
    INSERT INTO user_search (rowid, search_key)
        SELECT number, search_key FROM user_search_rows
        WHERE organization_id = old.organization_id AND id = old.id AND search_key <> '';
    DELETE FROM user_search_rows
        WHERE organization_id = old.organization_id AND id = old.id AND search_key = '';
END;

CREATE TRIGGER user_search_delete AFTER DELETE ON users WHEN old.search_key <> '' BEGIN
    INSERT INTO user_search (user_search, rowid, search_key)
        SELECT 'delete', number, search_key FROM user_search_rows
        WHERE organization_id = old.organization_id AND id = old.id;
    DELETE FROM user_search_rows WHERE organization_id = old.organization_id AND id = old.id;
END;

-- Counts by role, test accounts and licences are read from one index. `removed_at` is always NULL in it, and there so
-- that the planner knows that it needs nothing else.
DROP INDEX users_role;
CREATE INDEX users_role ON users (organization_id, role, id, is_test, seat_starts_at, seat_expires_at, removed_at)
    WHERE removed_at IS NULL;

-- What the planner is told of the tables whose indexes it chooses among: a school of ten thousand, of a hundred on the
-- server. Statistics of the moment, taken when the database is empty, would give plans that scan when it is full.
ANALYZE settings;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('users', 'sqlite_autoindex_users_1', '1000000 10000 1'),
    ('users', 'users_username', '1000000 10000 1'),
    ('users', 'users_email', '200000 2000 1'),
    ('users', 'users_role', '1000000 10000 1000 1 1 1 1 1'),
    ('users', 'users_firstname', '1000000 10000 20 1'),
    ('users', 'users_lastname', '1000000 10000 20 1'),
    ('users', 'users_firstname_lastname', '1000000 10000 20 2 1'),
    ('users', 'users_lastname_firstname', '1000000 10000 20 2 1'),
    ('users', 'users_activity', '1000000 10000 20 1'),
    ('users', 'users_seat', '1000000 10000 5000 1'),
    ('group_users', 'sqlite_autoindex_group_users_1', '2000000 20000 30 1'),
    ('group_users', 'group_users_user', '2000000 20000 2 1');
