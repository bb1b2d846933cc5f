//! What is held about a person, kind by kind. `$1` is the organization, `$2` the person; a page begins behind the key of
//! the last row before it, `$3` (and `$4`), which the first columns are.

/// One kind of thing, and the file with its rows.
pub struct Kind {
    pub name: &'static str,
    /// How many of the first columns are the key, in whose order they come.
    pub keys: usize,
    /// Those whose rows name the person.
    #[cfg_attr(not(debug_assertions), expect(dead_code, reason = "a test asks, in a debug build"))]
    pub tables: &'static [&'static str],
    /// Names, with a type where it does not show: `time`, `bool`, `json`, and `origin` of an event's details.
    pub columns: &'static str,
    pub sql: &'static str,
}

/// The documents of the person's scores: score, revision, document, format.
pub const DOCUMENTS: &str = "SELECT r.score_id, r.id, r.document_id, r.format FROM scores s
    JOIN score_revisions r ON r.organization_id = s.organization_id AND r.score_id = s.id
    WHERE s.organization_id = $1 AND s.user_id = $2 AND (r.score_id, r.id) > ($3, $4)
    ORDER BY r.score_id, r.id LIMIT 500";

/// Tables that name people and are not in the export, each with the reason.
#[cfg(debug_assertions)]
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("signin_names", "username and e-mail, which stand in the account"),
    ("recovery_codes", "hashes of codes: secret"),
    ("jobs", "work on somebody who has been removed"),
    ("user_search_rows", "the names of the account once more, for the search"),
];

/// The tables that are in the export.
#[cfg(debug_assertions)]
pub fn tables() -> impl Iterator<Item = &'static str> {
    KINDS.iter().flat_map(|kind| kind.tables.iter().copied())
}

pub const KINDS: &[Kind] = &[
    Kind {
        name: "account",
        keys: 1,
        tables: &["users"],
        columns: "id username firstname lastname email role locale password_by_admin:bool is_test:bool last_activity_at:time created_at:time",
        sql: "SELECT id, username, firstname, lastname, email, role, locale, password_by_admin, is_test, last_activity_at, created_at
              FROM users WHERE organization_id = $1 AND id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "sessions",
        keys: 1,
        tables: &["sessions"],
        columns: "id began_with confirmed:bool maker_user_id device address created_at:time last_seen_at:time expires_at:time",
        sql: "SELECT id, began_with, confirmed, maker_user_id, device, address, created_at, last_seen_at, expires_at
              FROM sessions WHERE organization_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "access_tokens",
        keys: 1,
        tables: &["access_tokens"],
        columns: "id name prefix scopes created_at:time expires_at:time last_used_at:time delegated:bool app_id maker_user_id",
        sql: "SELECT id, name, prefix, scopes, created_at, expires_at, last_used_at, delegated, app_id, maker_user_id
              FROM access_tokens WHERE organization_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "access_tokens_made",
        keys: 1,
        tables: &["access_tokens"],
        columns: "id user_id name scopes created_at:time expires_at:time",
        sql: "SELECT id, user_id, name, scopes, created_at, expires_at
              FROM access_tokens WHERE organization_id = $1 AND maker_user_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "signin_links",
        keys: 1,
        tables: &["signin_links"],
        columns: "id destination_path created_at:time expires_at:time used_at:time maker_user_id",
        sql: "SELECT id, destination_path, created_at, expires_at, used_at, maker_user_id
              FROM signin_links WHERE organization_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "mailed_links",
        keys: 1,
        tables: &["mailed_links"],
        columns: "id kind email created_at:time expires_at:time",
        sql: "SELECT id, kind, email, created_at, expires_at
              FROM mailed_links WHERE organization_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "second_factor",
        keys: 1,
        tables: &["second_factors"],
        columns: "user_id created_at:time",
        sql: "SELECT user_id, created_at
              FROM second_factors WHERE organization_id = $1 AND user_id = $2 AND user_id > $3 ORDER BY user_id LIMIT 500",
    },
    Kind {
        name: "consents",
        keys: 1,
        tables: &["consents"],
        columns: "app_id scope created_at:time updated_at:time",
        sql: "SELECT app_id, scope, created_at, updated_at
              FROM consents WHERE organization_id = $1 AND user_id = $2 AND app_id > $3 ORDER BY app_id LIMIT 500",
    },
    Kind {
        name: "authorizations",
        keys: 1,
        tables: &["authorizations"],
        columns: "id app_id scope redirect_uri signed_in_at:time created_at:time code_used_at:time expires_at:time",
        sql: "SELECT id, app_id, scope, redirect_uri, signed_in_at, created_at, code_used_at, expires_at
              FROM authorizations WHERE organization_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "groups",
        keys: 1,
        tables: &["group_users"],
        columns: "group_id name type class_id",
        sql: "SELECT m.group_id, g.name, g.type, g.class_id
              FROM group_users m
              JOIN groups g ON g.organization_id = m.organization_id AND g.id = m.group_id
              WHERE m.organization_id = $1 AND m.user_id = $2 AND m.group_id > $3 ORDER BY m.group_id LIMIT 500",
    },
    Kind {
        name: "groups_made",
        keys: 1,
        tables: &["groups"],
        columns: "id name type created_at:time",
        sql: "SELECT id, name, type, created_at
              FROM groups WHERE organization_id = $1 AND creator = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "classes_led",
        keys: 1,
        tables: &["classes"],
        columns: "id name section level state created_at:time",
        sql: "SELECT id, name, section, level, state, created_at
              FROM classes WHERE organization_id = $1 AND owner = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "test_students",
        keys: 1,
        tables: &["test_students"],
        columns: "class_id user_id",
        sql: "SELECT class_id, user_id
              FROM test_students WHERE organization_id = $1 AND teacher_id = $2 AND class_id > $3 ORDER BY class_id LIMIT 500",
    },
    Kind {
        name: "licences",
        keys: 1,
        tables: &["license_users"],
        columns: "license_id mode source starts_at:time expires_at:time",
        sql: "SELECT m.license_id, l.mode, l.source, l.starts_at, l.expires_at
              FROM license_users m
              JOIN licenses l ON l.organization_id = m.organization_id AND l.id = m.license_id
              WHERE m.organization_id = $1 AND m.user_id = $2 AND m.license_id > $3 ORDER BY m.license_id LIMIT 500",
    },
    Kind {
        name: "invitations_made",
        keys: 1,
        tables: &["invitations"],
        columns: "id role status created_at:time expires_at:time",
        sql: "SELECT id, role, status, created_at, expires_at
              FROM invitations WHERE organization_id = $1 AND invited_by = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "invitations_used",
        keys: 1,
        tables: &["invitation_uses"],
        columns: "invitation_id used_at:time",
        sql: "SELECT invitation_id, used_at
              FROM invitation_uses WHERE organization_id = $1 AND user_id = $2 AND invitation_id > $3 ORDER BY invitation_id LIMIT 500",
    },
    Kind {
        name: "lti_credentials_made",
        keys: 1,
        tables: &["lti_credentials"],
        columns: "id name lms created_at:time last_used_at:time",
        sql: "SELECT id, name, lms, created_at, last_used_at
              FROM lti_credentials WHERE organization_id = $1 AND creator = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "apps_made",
        keys: 1,
        tables: &["apps"],
        columns: "id name type scopes role created_at:time",
        sql: "SELECT id, name, type, scopes, role, created_at
              FROM apps WHERE organization_id = $1 AND maker = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "mails",
        keys: 1,
        tables: &["outbox"],
        columns: "id kind state attempts error created_at:time due_at:time ended_at:time",
        sql: "SELECT id, kind, state, attempts, error, created_at, due_at, ended_at
              FROM outbox WHERE organization_id = $1 AND subject_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "audit_events_by",
        keys: 1,
        tables: &["audit_events"],
        columns: "id event at:time target maker details:origin",
        sql: "SELECT e.id, e.event, e.at, e.target, e.maker, d.details
              FROM audit_events e
              LEFT JOIN audit_details d ON d.organization_id = e.organization_id AND d.event_id = e.id
              WHERE e.organization_id = $1 AND e.actor = $2 AND e.id > $3 ORDER BY e.id LIMIT 500",
    },
    Kind {
        name: "audit_events_about",
        keys: 1,
        tables: &["audit_details"],
        columns: "id event at:time actor target details:json",
        sql: "SELECT d.event_id, e.event, e.at, e.actor, e.target, d.details
              FROM audit_details d
              JOIN audit_events e ON e.organization_id = d.organization_id AND e.id = d.event_id
              WHERE d.organization_id = $1 AND d.target = $2 AND d.event_id > $3 ORDER BY d.event_id LIMIT 500",
    },
    Kind {
        name: "scores",
        keys: 1,
        tables: &["scores"],
        columns: "id title subtitle composer lyricist arranger description tags creation_type license license_text privacy parent_score created_at:time modified_at:time trashed_at:time",
        sql: "SELECT id, title, subtitle, composer, lyricist, arranger, description, tags, creation_type, license, license_text, privacy, parent_score, created_at, modified_at, trashed_at
              FROM scores WHERE organization_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "score_revisions",
        keys: 2,
        tables: &["score_revisions"],
        columns: "score_id id document_id format user_id description autosave:bool created_at:time",
        sql: "SELECT r.score_id, r.id, r.document_id, r.format, r.user_id, r.description, r.autosave, r.created_at
              FROM scores s
              JOIN score_revisions r ON r.organization_id = s.organization_id AND r.score_id = s.id
              WHERE s.organization_id = $1 AND s.user_id = $2 AND (r.score_id, r.id) > ($3, $4) ORDER BY r.score_id, r.id LIMIT 500",
    },
    Kind {
        name: "score_revisions_written",
        keys: 2,
        tables: &["score_revisions"],
        columns: "score_id id format description created_at:time",
        sql: "SELECT score_id, id, format, description, created_at
              FROM score_revisions WHERE organization_id = $1 AND user_id = $2 AND (score_id, id) > ($3, $4) ORDER BY score_id, id LIMIT 500",
    },
    Kind {
        name: "score_comments",
        keys: 2,
        tables: &["score_comments"],
        columns: "score_id id comment raw_comment context:json reply_to resolved:bool created_at:time modified_at:time",
        sql: "SELECT score_id, id, comment, raw_comment, context, reply_to, resolved, created_at, modified_at
              FROM score_comments WHERE organization_id = $1 AND user_id = $2 AND (score_id, id) > ($3, $4) ORDER BY score_id, id LIMIT 500",
    },
    Kind {
        name: "score_comments_resolved",
        keys: 2,
        tables: &["score_comments"],
        columns: "score_id id",
        sql: "SELECT score_id, id
              FROM score_comments WHERE organization_id = $1 AND resolved_by = $2 AND (score_id, id) > ($3, $4) ORDER BY score_id, id LIMIT 500",
    },
    Kind {
        name: "score_mentions",
        keys: 2,
        tables: &["score_comment_mentions"],
        columns: "score_id comment_id",
        sql: "SELECT score_id, comment_id
              FROM score_comment_mentions WHERE organization_id = $1 AND user_id = $2 AND (score_id, comment_id) > ($3, $4) ORDER BY score_id, comment_id LIMIT 500",
    },
    Kind {
        name: "score_collaborations",
        keys: 1,
        tables: &["score_collaborators"],
        columns: "score_id acl_write:bool acl_admin:bool created_at:time",
        sql: "SELECT score_id, acl_write, acl_admin, created_at
              FROM score_collaborators WHERE organization_id = $1 AND user_id = $2 AND score_id > $3 ORDER BY score_id LIMIT 500",
    },
    Kind {
        name: "score_likes",
        keys: 1,
        tables: &["score_likes"],
        columns: "score_id created_at:time",
        sql: "SELECT score_id, created_at
              FROM score_likes WHERE organization_id = $1 AND user_id = $2 AND score_id > $3 ORDER BY score_id LIMIT 500",
    },
    Kind {
        name: "collections",
        keys: 1,
        tables: &["collections"],
        columns: "id title created_at:time modified_at:time trashed_at:time",
        sql: "SELECT id, title, created_at, modified_at, trashed_at
              FROM collections WHERE organization_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "collection_scores",
        keys: 2,
        tables: &["collection_scores"],
        columns: "collection_id score_id created_at:time",
        sql: "SELECT m.collection_id, m.score_id, m.created_at
              FROM collections c
              JOIN collection_scores m ON m.organization_id = c.organization_id AND m.collection_id = c.id
              WHERE c.organization_id = $1 AND c.user_id = $2 AND (m.collection_id, m.score_id) > ($3, $4) ORDER BY m.collection_id, m.score_id LIMIT 500",
    },
    Kind {
        name: "assignments_made",
        keys: 1,
        tables: &["assignments"],
        columns: "id class_id state type title description teacher_instructions created_at:time",
        sql: "SELECT id, class_id, state, type, title, description, teacher_instructions, created_at
              FROM assignments WHERE organization_id = $1 AND creator = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "assignments_given",
        keys: 1,
        tables: &["assignment_students"],
        columns: "assignment_id",
        sql: "SELECT assignment_id
              FROM assignment_students WHERE organization_id = $1 AND user_id = $2 AND assignment_id > $3 ORDER BY assignment_id LIMIT 500",
    },
    Kind {
        name: "submissions",
        keys: 1,
        tables: &["submissions"],
        columns: "id assignment_id class_id state grade draft_grade playback:json exercises:json created_at:time submitted_at:time returned_at:time returned_by",
        sql: "SELECT id, assignment_id, class_id, state, grade, draft_grade, playback, exercises, created_at, submitted_at, returned_at, returned_by
              FROM submissions WHERE organization_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "submissions_returned",
        keys: 1,
        tables: &["submissions"],
        columns: "id assignment_id returned_at:time",
        sql: "SELECT id, assignment_id, returned_at
              FROM submissions WHERE organization_id = $1 AND returned_by = $2 AND id > $3 ORDER BY id LIMIT 500",
    },
    Kind {
        name: "submission_attachments",
        keys: 1,
        tables: &["submission_attachments"],
        columns: "place submission_id type score_id content:json",
        sql: "SELECT a.submission_id || '/' || CAST(1000000 + a.position AS TEXT), a.submission_id, a.type, a.score_id, a.content
              FROM submissions s
              JOIN submission_attachments a ON a.organization_id = s.organization_id AND a.submission_id = s.id
              WHERE s.organization_id = $1 AND s.user_id = $2 AND a.submission_id || '/' || CAST(1000000 + a.position AS TEXT) > $3 ORDER BY a.submission_id || '/' || CAST(1000000 + a.position AS TEXT) LIMIT 500",
    },
    Kind {
        name: "submission_history",
        keys: 2,
        tables: &["submission_history"],
        columns: "submission_id id state grade draft_grade max_points due_at:time user_id created_at:time",
        sql: "SELECT h.submission_id, h.id, h.state, h.grade, h.draft_grade, h.max_points, h.due_at, h.user_id, h.created_at
              FROM submissions s
              JOIN submission_history h ON h.organization_id = s.organization_id AND h.submission_id = s.id
              WHERE s.organization_id = $1 AND s.user_id = $2 AND (h.submission_id, h.id) > ($3, $4) ORDER BY h.submission_id, h.id LIMIT 500",
    },
    Kind {
        name: "submission_history_made",
        keys: 2,
        tables: &["submission_history"],
        columns: "submission_id id state created_at:time",
        sql: "SELECT submission_id, id, state, created_at
              FROM submission_history WHERE organization_id = $1 AND user_id = $2 AND (submission_id, id) > ($3, $4) ORDER BY submission_id, id LIMIT 500",
    },
    Kind {
        name: "submission_comments",
        keys: 2,
        tables: &["submission_comments"],
        columns: "submission_id id comment created_at:time modified_at:time",
        sql: "SELECT submission_id, id, comment, created_at, modified_at
              FROM submission_comments WHERE organization_id = $1 AND user_id = $2 AND (submission_id, id) > ($3, $4) ORDER BY submission_id, id LIMIT 500",
    },
    Kind {
        name: "submission_comments_received",
        keys: 2,
        tables: &["submission_comments"],
        columns: "submission_id id user_id comment created_at:time",
        sql: "SELECT c.submission_id, c.id, c.user_id, c.comment, c.created_at
              FROM submissions s
              JOIN submission_comments c ON c.organization_id = s.organization_id AND c.submission_id = s.id
              WHERE s.organization_id = $1 AND s.user_id = $2 AND c.user_id <> $2 AND (c.submission_id, c.id) > ($3, $4) ORDER BY c.submission_id, c.id LIMIT 500",
    },
    Kind {
        name: "submissions_read",
        keys: 1,
        tables: &["submission_readers"],
        columns: "submission_id read_at:time",
        sql: "SELECT submission_id, read_at
              FROM submission_readers WHERE organization_id = $1 AND user_id = $2 AND submission_id > $3 ORDER BY submission_id LIMIT 500",
    },
];
