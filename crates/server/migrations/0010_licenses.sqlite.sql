-- What the planner is told of test accounts: one in a hundred.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('users', 'users_test', '10000 100 1 1 1 1 1 1 1 1');
