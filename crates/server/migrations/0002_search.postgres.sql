-- Search and counts. Substring search: an index of the trigrams of `users.search_key`. The extensions come with PostgreSQL, and the
-- owner of a database may add them.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX users_search ON users USING gin (organization_id, search_key gin_trgm_ops) WHERE removed_at IS NULL;
-- How common a search word is, the planner estimates from these.
ALTER TABLE users ALTER COLUMN search_key SET STATISTICS 1000;

-- Counts by role, test accounts and licences are read from one index, which needs all that they look at.
DROP INDEX users_role;
CREATE INDEX users_role ON users (organization_id, role, id, is_test, seat_starts_at, seat_expires_at, removed_at)
    WHERE removed_at IS NULL;
