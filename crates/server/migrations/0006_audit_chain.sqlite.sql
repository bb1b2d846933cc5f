-- What the planner is told of the log: a hundred thousand events of an organization, five thousand of a kind, a
-- thousand by one person, a few about one thing.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('audit_events', 'sqlite_autoindex_audit_events_1', '10000000 100000 1'),
    ('audit_events', 'audit_events_event', '10000000 100000 5000 1'),
    ('audit_events', 'audit_events_actor', '10000000 100000 1000 1'),
    ('audit_events', 'audit_events_target', '10000000 100000 5 1'),
    ('audit_events', 'audit_events_chain', '10000000 100000 1'),
    ('audit_events', 'audit_events_unsealed', '100 10 1'),
    ('audit_events', 'audit_events_erasures', '100000 1000 1'),
    ('audit_details', 'sqlite_autoindex_audit_details_1', '10000000 100000 1'),
    ('audit_details', 'audit_details_actor', '10000000 100000 1000'),
    ('audit_details', 'audit_details_target', '10000000 100000 5');
ANALYZE sqlite_schema; -- reads them
