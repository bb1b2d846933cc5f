DELETE FROM access_tokens
         WHERE organization_id = $1 AND (user_id = $2 OR maker_user_id = $2) AND delegated AND id IN
             (SELECT t.id FROM access_tokens t
              JOIN users u ON u.organization_id = t.organization_id AND u.id = t.user_id
              JOIN users m ON m.organization_id = t.organization_id AND m.id = t.maker_user_id
              JOIN access_tokens mt ON mt.organization_id = t.organization_id AND mt.id = t.maker_token_id
              WHERE t.organization_id = $1 AND (t.user_id = $2 OR t.maker_user_id = $2)
                AND ((CASE u.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)
                      > (CASE m.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)
                     OR (u.role = 'admin' AND ' ' || mt.scopes || ' ' NOT LIKE '% edu.admin %')))
;
DELETE FROM access_tokens WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM access_tokens
                  WHERE expires_at > 0 AND expires_at < $1 ORDER BY expires_at LIMIT $2)
;
DELETE FROM access_tokens WHERE organization_id = $1 AND maker_user_id = $2
;
DELETE FROM access_tokens WHERE organization_id = $1 AND user_id = $2
;
DELETE FROM access_tokens WHERE organization_id = $1 AND user_id = $2 AND NOT delegated
;
DELETE FROM access_tokens WHERE organization_id = $1 AND user_id = $2 AND id = $3
;
DELETE FROM audit_details WHERE organization_id = $1 AND event_id IN
                 (SELECT event_id FROM audit_details WHERE organization_id = $1 AND (actor = $2 OR target = $2)
                  LIMIT $3)
;
DELETE FROM group_users WHERE organization_id = $1 AND user_id = $2
;
DELETE FROM invitation_keys WHERE organization_id = $1 AND invitation_id = $2
;
DELETE FROM invitation_uses WHERE organization_id = $1 AND user_id = $2
;
DELETE FROM jobs WHERE id = $1
;
DELETE FROM license_users WHERE organization_id = $1 AND user_id = $2
;
DELETE FROM lti_credentials
             WHERE organization_id = $1 AND id = $2 AND ($3 OR (by_teacher AND creator = $4))
;
DELETE FROM lti_credentials WHERE organization_id = $1 AND creator = $2 AND by_teacher
;
DELETE FROM signin_links
         WHERE organization_id = $1 AND (user_id = $2 OR maker_user_id = $2) AND id IN
             (SELECT l.id FROM signin_links l
              JOIN users u ON u.organization_id = l.organization_id AND u.id = l.user_id
              JOIN users m ON m.organization_id = l.organization_id AND m.id = l.maker_user_id
              JOIN access_tokens mt ON mt.organization_id = l.organization_id AND mt.id = l.maker_token_id
              WHERE l.organization_id = $1 AND (l.user_id = $2 OR l.maker_user_id = $2)
                AND ((CASE u.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)
                      > (CASE m.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)
                     OR (u.role = 'admin' AND ' ' || mt.scopes || ' ' NOT LIKE '% edu.admin %')))
;
DELETE FROM signin_links WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM signin_links WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)
;
DELETE FROM signin_links WHERE organization_id = $1 AND maker_user_id = $2
;
DELETE FROM signin_links WHERE organization_id = $1 AND user_id = $2
;
DELETE FROM signin_links WHERE organization_id = $1 AND user_id = $2 AND used_at IS NULL
;
DELETE FROM signin_names WHERE organization_id = $1 AND user_id = $2
;
DELETE FROM users WHERE organization_id = $1 AND id = $2
;
DELETE FROM users WHERE organization_id = $1 AND id = $2 AND removed_at IS NOT NULL
;
INSERT INTO access_token_keys (token_hash, organization_id, token_id) VALUES ($1, $2, $3)
;
INSERT INTO access_tokens (organization_id, id, user_id, name, prefix, scopes, created_at, expires_at,
                                    last_used_at, delegated, maker_user_id, maker_token_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)
;
INSERT INTO audit_details (organization_id, event_id, actor, target, salt, details)
         VALUES ($1, $2, $3, $4, $5, $6)
;
INSERT INTO audit_events (organization_id, id, event, at, actor, actor_token, target, details_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
;
INSERT INTO group_users (organization_id, group_id, user_id) VALUES ($1, $2, $3)
         ON CONFLICT (organization_id, group_id, user_id) DO NOTHING
;
INSERT INTO groups (organization_id, id, name, type, creator, created_at)
         VALUES ($1, $2, $3, 'generic', NULL, $4)
;
INSERT INTO invitation_keys (code_hash, organization_id, invitation_id) VALUES ($1, $2, $3)
;
INSERT INTO invitation_uses (organization_id, invitation_id, user_id, used_at) VALUES ($1, $2, $3, $4)
;
INSERT INTO invitations (organization_id, id, email, email_key, role, code, allow_multiple_use,
                                      invited_by, created_at, expires_at, status, closed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', NULL)
             ON CONFLICT (organization_id, email_key) WHERE status = 'open' AND email_key <> '' DO NOTHING
;
INSERT INTO invitations (organization_id, id, email, email_key, role, code, allow_multiple_use, invited_by,
                                  created_at, expires_at, status, closed_at)
         VALUES ($1, $2, $3, $4, $5, NULL, FALSE, $6, $7, $7, 'used', $7)
;
INSERT INTO jobs (id, organization_id, kind, subject_id, progress, due_at, created_at)
         VALUES ($1, $2, 'erase_user', $3, 0, $4, $4)
;
INSERT INTO lti_consumer_keys (consumer_key, organization_id, credentials_id) VALUES ($1, $2, $3)
;
INSERT INTO lti_credentials (organization_id, id, name, lms, creator, by_teacher, consumer_key,
                                      consumer_secret, enable_email_matching, created_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)
;
INSERT INTO organizations (id, name, slug, locale, lti1p1_allow_teachers, roles_version, site_license_id,
                                        site_starts_at, site_expires_at, licenses_change_at, created_at)
             VALUES ($1, $2, $3, $4, FALSE, 0, NULL, 0, 0, 0, $5) ON CONFLICT (slug) DO NOTHING
;
INSERT INTO outbox (id, organization_id, kind, subject_id, due_at, attempts, created_at)
             VALUES ($1, $2, $3, $4, $5, 0, $5)
;
INSERT INTO settings (name, value) VALUES ('key_check', $1) ON CONFLICT (name) DO NOTHING
;
INSERT INTO signin_link_keys (token_hash, organization_id, link_id) VALUES ($1, $2, $3)
;
INSERT INTO signin_links (organization_id, id, user_id, destination_path, created_at, expires_at,
                                   maker_user_id, maker_token_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
;
INSERT INTO signin_names (organization_id, name_key, user_id) VALUES ($1, $2, $3)
             ON CONFLICT (organization_id, name_key) DO UPDATE SET user_id = excluded.user_id
             WHERE signin_names.user_id = excluded.user_id
;
INSERT INTO users (organization_id, id, username, username_key, email, email_key, email_shared,
                                firstname, firstname_key, lastname, lastname_key, search_key, password_hash,
                                password_by_admin, role, locale, is_test, last_activity_at, seat_license_id,
                                seat_starts_at, seat_expires_at, version, created_at, removed_at)
             SELECT $2, id, $4, $5, email, email_key, FALSE, firstname, firstname_key, lastname, lastname_key, $6,
                    password_hash, password_by_admin, 'user', locale, FALSE, last_activity_at, NULL, 0, 0, 0,
                    created_at, NULL
             FROM users WHERE organization_id = $1 AND id = $3
             ON CONFLICT (organization_id, username_key) WHERE removed_at IS NULL DO NOTHING
;
INSERT INTO users (organization_id, id, username, username_key, email, email_key, email_shared,
                                firstname, firstname_key, lastname, lastname_key, search_key, password_hash,
                                password_by_admin, role, locale, is_test, last_activity_at, seat_license_id,
                                seat_starts_at, seat_expires_at, version, created_at, removed_at)
             VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, NULL, 0, 0, 0,
                     $17, NULL)
             ON CONFLICT (organization_id, username_key) WHERE removed_at IS NULL DO NOTHING
;
SELECT 1 FROM access_tokens WHERE organization_id = $1 AND id = $2 FOR SHARE
;
SELECT 1 FROM users WHERE organization_id = $1 AND id = $2 FOR SHARE
;
SELECT CAST(current_database() AS TEXT), CAST(pg_encoding_to_char(encoding) AS TEXT),
                          CAST(datctype AS TEXT)
                   FROM pg_database WHERE datname = current_database()
;
SELECT CAST(max(version) AS BIGINT) FROM refinery_schema_history
;
SELECT count(*) FROM group_users WHERE organization_id = $1 AND group_id IN ($2)
;
SELECT count(*) FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL
;
SELECT count(*) FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (FALSE OR ((SELECT CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                                       = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
                                    THEN CASE WHEN u.seat_expires_at >= o.site_expires_at THEN u.seat_expires_at
                                              ELSE o.site_expires_at END
                                    WHEN u.seat_starts_at <= $2 AND $2 < u.seat_expires_at THEN u.seat_expires_at
                                    ELSE o.site_expires_at END
                        FROM organizations o WHERE o.id = $1) > 0 AND (SELECT CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                                       = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
                                    THEN CASE WHEN u.seat_expires_at >= o.site_expires_at THEN u.seat_expires_at
                                              ELSE o.site_expires_at END
                                    WHEN u.seat_starts_at <= $2 AND $2 < u.seat_expires_at THEN u.seat_expires_at
                                    ELSE o.site_expires_at END
                        FROM organizations o WHERE o.id = $1) / 86400000 IN ($3)))
;
SELECT count(*) FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (FALSE OR ((u.seat_expires_at > 0 OR EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_expires_at > 0)) AND NOT ((u.seat_starts_at <= $2 AND $2 < u.seat_expires_at) OR EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_starts_at <= $2
                                    AND $2 < o.site_expires_at))))
;
SELECT count(*) FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (FALSE OR (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at) OR EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_starts_at <= $2
                                    AND $2 < o.site_expires_at))
;
SELECT count(*) FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND NOT ((u.seat_starts_at <= $2 AND $2 < u.seat_expires_at) OR EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_starts_at <= $2
                                    AND $2 < o.site_expires_at))
;
SELECT count(*) FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.is_test = $2
;
SELECT count(*) FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.role IN ($2)
;
SELECT count(*) FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.role IN ($2) AND u.id IN (SELECT g.user_id FROM group_users g WHERE g.organization_id = $1 AND g.group_id IN ($3)) AND u.search_key LIKE $4 ESCAPE '\'
;
SELECT count(*) FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.search_key LIKE $2 ESCAPE '\'
;
SELECT i.id, i.organization_id, i.email, i.role, i.code, i.allow_multiple_use, i.invited_by, i.created_at,
         i.expires_at, CASE WHEN i.status = 'open' AND i.expires_at <= $2 THEN 'expired' ELSE i.status END,
         (SELECT string_agg(n.user_id, ',' ORDER BY n.used_at, n.user_id) FROM invitation_uses n
          WHERE n.organization_id = i.organization_id AND n.invitation_id = i.id) FROM invitations i WHERE i.organization_id = $1 AND i.id = $3
;
SELECT i.id, i.organization_id, i.email, i.role, i.code, i.allow_multiple_use, i.invited_by, i.created_at,
         i.expires_at, CASE WHEN i.status = 'open' AND i.expires_at <= $2 THEN 'expired' ELSE i.status END,
         (SELECT string_agg(n.user_id, ',' ORDER BY n.used_at, n.user_id) FROM invitation_uses n
          WHERE n.organization_id = i.organization_id AND n.invitation_id = i.id), i.id, 0 FROM (SELECT i.* FROM invitations i WHERE i.organization_id = $1 AND (FALSE OR (i.status = 'open' AND i.expires_at > $2) OR i.status = 'used') ORDER BY i.id LIMIT $3) i ORDER BY i.id
;
SELECT id FROM organizations WHERE id = $1 AND site_expires_at > 0
;
SELECT id FROM organizations WHERE licenses_change_at > 0 AND licenses_change_at <= $1
;
SELECT id FROM users
               WHERE organization_id = $1 AND email_key = $2 AND email_key <> '' AND email_shared AND id <> $3
                 AND removed_at IS NULL LIMIT 1
;
SELECT id, organization_id, name, lms, creator, by_teacher, consumer_key, enable_email_matching,
                    created_at, last_used_at, consumer_secret
             FROM lti_credentials WHERE organization_id = $1 AND ($2 OR (by_teacher AND creator = $3)) ORDER BY id
;
SELECT id, organization_id, subject_id, created_at FROM jobs WHERE kind = 'erase_user' AND due_at <= $1
                 ORDER BY due_at LIMIT 1
;
SELECT id, username, firstname, lastname, email, email_shared, role, password_by_admin FROM users
             WHERE organization_id = $1 AND email_key = $2 AND email_key <> '' AND removed_at IS NULL
             ORDER BY id LIMIT 1
;
SELECT pg_try_advisory_xact_lock($1)
;
SELECT role FROM users WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL
;
SELECT t.id, t.name, t.prefix, t.created_at, t.expires_at, t.last_used_at, t.scopes, t.delegated, t.id, 0 FROM (SELECT t.* FROM access_tokens t
                WHERE t.organization_id = $1 AND t.user_id = $2 AND (t.expires_at = 0 OR t.expires_at > $3) ORDER BY t.id LIMIT $4) t ORDER BY t.id
;
SELECT t.organization_id, t.user_id, u.role, t.scopes, t.id, t.expires_at, t.last_used_at, t.delegated,
                    o.lti1p1_allow_teachers, m.role
             FROM access_token_keys k
             JOIN access_tokens t ON t.organization_id = k.organization_id AND t.id = k.token_id
             JOIN users u ON u.organization_id = t.organization_id AND u.id = t.user_id AND u.removed_at IS NULL
             JOIN organizations o ON o.id = t.organization_id
             LEFT JOIN users m ON m.organization_id = t.organization_id AND m.id = t.maker_user_id
                                  AND m.removed_at IS NULL
             WHERE k.token_hash = $1
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at FROM organizations o JOIN users u ON u.organization_id = o.id AND u.removed_at IS NULL LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END WHERE o.id = $1 AND u.id = $3
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.firstname_key, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL ORDER BY u.firstname_key, u.id LIMIT $3) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.firstname_key, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.firstname_key, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.firstname_key, u.id) <= ($3, $4)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.firstname_key, u.id) > ($5, $6) ORDER BY u.firstname_key, u.id LIMIT $7) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.firstname_key, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.firstname_key, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.firstname_key, u.id) >= ($3, $4)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.firstname_key, u.id) < ($5, $6) ORDER BY u.firstname_key DESC, u.id DESC LIMIT $7) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.firstname_key DESC, u.id DESC
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (FALSE OR ((SELECT CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                                       = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
                                    THEN CASE WHEN u.seat_expires_at >= o.site_expires_at THEN u.seat_expires_at
                                              ELSE o.site_expires_at END
                                    WHEN u.seat_starts_at <= $2 AND $2 < u.seat_expires_at THEN u.seat_expires_at
                                    ELSE o.site_expires_at END
                        FROM organizations o WHERE o.id = $1) > 0 AND (SELECT CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                                       = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
                                    THEN CASE WHEN u.seat_expires_at >= o.site_expires_at THEN u.seat_expires_at
                                              ELSE o.site_expires_at END
                                    WHEN u.seat_starts_at <= $2 AND $2 < u.seat_expires_at THEN u.seat_expires_at
                                    ELSE o.site_expires_at END
                        FROM organizations o WHERE o.id = $1) / 86400000 IN ($3))) ORDER BY u.id LIMIT $4) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (FALSE OR ((u.seat_expires_at > 0 OR EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_expires_at > 0)) AND NOT ((u.seat_starts_at <= $2 AND $2 < u.seat_expires_at) OR EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_starts_at <= $2
                                    AND $2 < o.site_expires_at)))) ORDER BY u.id LIMIT $3) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (FALSE OR (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at) OR EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_starts_at <= $2
                                    AND $2 < o.site_expires_at)) ORDER BY u.id LIMIT $3) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND EXISTS (SELECT 1 FROM group_users g WHERE g.organization_id = $1 AND g.user_id = u.id AND g.group_id IN ($3)) ORDER BY u.id LIMIT $4) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND NOT ((u.seat_starts_at <= $2 AND $2 < u.seat_expires_at) OR EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_starts_at <= $2
                                    AND $2 < o.site_expires_at)) ORDER BY u.id LIMIT $3) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.is_test = $3 ORDER BY u.id LIMIT $4) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.role IN ($3) ORDER BY u.id LIMIT $4) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.search_key LIKE $3 ESCAPE '\' ORDER BY u.id LIMIT $4) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL ORDER BY u.id LIMIT $3) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.id) <= ($3)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.id) > ($4) ORDER BY u.id LIMIT $5) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.id) >= ($3)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.id) < ($4) ORDER BY u.id DESC LIMIT $5) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.id DESC
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.last_activity_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.role IN ($3) AND EXISTS (SELECT 1 FROM group_users g WHERE g.organization_id = $1 AND g.user_id = u.id AND g.group_id IN ($4)) AND u.search_key LIKE $5 ESCAPE '\' ORDER BY u.last_activity_at, u.id LIMIT $6) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.last_activity_at, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.last_activity_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.role IN ($3) ORDER BY u.last_activity_at, u.id LIMIT $4) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.last_activity_at, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.last_activity_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.search_key LIKE $3 ESCAPE '\' ORDER BY u.last_activity_at, u.id LIMIT $4) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.last_activity_at, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.last_activity_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL ORDER BY u.last_activity_at, u.id LIMIT $3) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.last_activity_at, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.last_activity_at, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.last_activity_at, u.id) <= ($3, $4)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.last_activity_at, u.id) > ($5, $6) ORDER BY u.last_activity_at, u.id LIMIT $7) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.last_activity_at, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.last_activity_at, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.last_activity_at, u.id) >= ($3, $4)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.last_activity_at, u.id) < ($5, $6) ORDER BY u.last_activity_at DESC, u.id DESC LIMIT $7) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.last_activity_at DESC, u.id DESC
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.lastname_key, u.firstname_key, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL ORDER BY u.lastname_key, u.firstname_key, u.id LIMIT $3) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.lastname_key, u.firstname_key, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.lastname_key, u.firstname_key, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.lastname_key, u.firstname_key, u.id) <= ($3, $4, $5)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.lastname_key, u.firstname_key, u.id) > ($6, $7, $8) ORDER BY u.lastname_key, u.firstname_key, u.id LIMIT $9) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.lastname_key, u.firstname_key, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.lastname_key, u.firstname_key, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.lastname_key, u.firstname_key, u.id) >= ($3, $4, $5)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.lastname_key, u.firstname_key, u.id) < ($6, $7, $8) ORDER BY u.lastname_key DESC, u.firstname_key DESC, u.id DESC LIMIT $9) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.lastname_key DESC, u.firstname_key DESC, u.id DESC
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.lastname_key, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.role IN ($3) AND EXISTS (SELECT 1 FROM group_users g WHERE g.organization_id = $1 AND g.user_id = u.id AND g.group_id IN ($4)) AND u.search_key LIKE $5 ESCAPE '\' ORDER BY u.lastname_key, u.id LIMIT $6) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.lastname_key, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.lastname_key, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.role IN ($3) ORDER BY u.lastname_key, u.id LIMIT $4) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.lastname_key, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.lastname_key, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.search_key LIKE $3 ESCAPE '\' ORDER BY u.lastname_key, u.id LIMIT $4) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.lastname_key, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.seat_expires_at, u.id, 0 FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL ORDER BY u.seat_expires_at, u.id LIMIT $3) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.seat_expires_at, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.seat_expires_at, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.seat_expires_at, u.id) <= ($3, $4)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.seat_expires_at, u.id) > ($5, $6) ORDER BY u.seat_expires_at, u.id LIMIT $7) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.seat_expires_at, u.id
;
SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at, u.seat_expires_at, u.id, CASE WHEN EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.seat_expires_at, u.id) >= ($3, $4)) THEN 1 ELSE 0 END FROM (SELECT u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND (u.seat_expires_at, u.id) < ($5, $6) ORDER BY u.seat_expires_at DESC, u.id DESC LIMIT $7) u JOIN organizations o ON o.id = u.organization_id LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END THEN u.seat_license_id ELSE o.site_license_id END ORDER BY u.seat_expires_at DESC, u.id DESC
;
SELECT value FROM settings WHERE name = 'key_check'
;
UPDATE access_tokens SET last_used_at = GREATEST(last_used_at, $3) WHERE organization_id = $1 AND id =
             (SELECT id FROM access_tokens WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE SKIP LOCKED)
;
UPDATE access_tokens SET scopes = scopes WHERE organization_id = $1 AND user_id = $2
               RETURNING id, scopes
;
UPDATE groups SET creator = NULL WHERE organization_id = $1 AND creator = $2
;
UPDATE invitations SET email = $3, role = $4, code = $5, invited_by = $6, expires_at = $7
         WHERE organization_id = $1 AND id = $2
;
UPDATE invitations SET email = NULL, email_key = ''
         WHERE organization_id = $1 AND NOT allow_multiple_use AND id IN
             (SELECT invitation_id FROM invitation_uses WHERE organization_id = $1 AND user_id = $2)
;
UPDATE invitations SET email = NULL, email_key = ''
         WHERE organization_id = $1 AND email_key =
             (SELECT email_key FROM users WHERE organization_id = $1 AND id = $2 AND email_key <> '' AND NOT email_shared)
;
UPDATE invitations SET email = NULL, email_key = '' WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM invitations WHERE email_key <> '' AND closed_at < $1
                  ORDER BY closed_at LIMIT $2)
;
UPDATE invitations SET invited_by = NULL WHERE organization_id = $1 AND invited_by = $2
;
UPDATE invitations SET status = 'expired', closed_at = expires_at, code = NULL
             WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM invitations WHERE status = 'open' AND expires_at <= $1
                  ORDER BY expires_at LIMIT $2)
;
UPDATE invitations SET status = 'open'
             WHERE organization_id = $1 AND email_key = $2 AND status = 'open'
             RETURNING id, role, expires_at
;
UPDATE invitations SET status = 'revoked', closed_at = $3, code = NULL
             WHERE organization_id = $1 AND id = $2 AND status = 'open' AND expires_at > $3
;
UPDATE invitations SET status = 'revoked', closed_at = $3, code = NULL
             WHERE organization_id = $1 AND invited_by = $2 AND status = 'open'
;
UPDATE invitations SET status = 'revoked', closed_at = $3, code = NULL
         WHERE organization_id = $1 AND status = 'open' AND email_key =
             (SELECT email_key FROM users WHERE organization_id = $1 AND id = $2 AND email_key <> '' AND NOT email_shared)
;
UPDATE jobs SET due_at = due_at WHERE id = $1 RETURNING progress
;
UPDATE jobs SET progress = $2 WHERE id = $1
;
UPDATE lti_credentials SET creator = NULL WHERE organization_id = $1 AND creator = $2
;
UPDATE organizations SET roles_version = roles_version + 1 WHERE id = $1
;
UPDATE users SET last_activity_at = GREATEST(last_activity_at, $3) WHERE organization_id = $1 AND id =
             (SELECT id FROM users WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL
              FOR NO KEY UPDATE SKIP LOCKED)
;
UPDATE users SET password_hash = $3, password_by_admin = $4 WHERE organization_id = $1 AND id = $2
;
UPDATE users SET role = $3 WHERE organization_id = $1 AND id = $2
;
UPDATE users SET username = $3, username_key = $4, email = $5, email_key = $6, email_shared = $7,
                          firstname = $8, firstname_key = $9, lastname = $10, lastname_key = $11, search_key = $12
         WHERE organization_id = $1 AND id = $2
;
UPDATE users SET username = '', username_key = '', email = NULL, email_key = '', email_shared = FALSE,
                          firstname = '', firstname_key = '', lastname = '', lastname_key = '', search_key = '',
                          password_hash = NULL, password_by_admin = FALSE, role = 'user', locale = '', is_test = FALSE,
                          last_activity_at = 0, seat_license_id = NULL, seat_starts_at = 0, seat_expires_at = 0,
                          version = 0, created_at = 0, removed_at = $3
         WHERE organization_id = $1 AND id = $2
;
UPDATE users SET version = version + 1
             WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL
             RETURNING id, username, firstname, lastname, email, email_shared, role, password_by_admin
;
