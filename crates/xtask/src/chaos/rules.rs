//! What must agree in the database whatever happened: an operation is done with its audit event and its outbox row,
//! or not at all. Nobody sends the outbox in these runs. Each rule is one statement, so that it sees one instant.

use anyhow::{Result, ensure};

use super::database::Sql;

/// Each a sentence, and a statement that lists the ids that break it.
const RULES: &[(&str, &str)] = &[
    (
        "an invitation without its one audit event",
        "SELECT i.id FROM invitations i WHERE 1 <> (SELECT count(*) FROM audit_events e
             WHERE e.organization_id = i.organization_id AND e.event = 'invitation.created' AND e.target = i.id)",
    ),
    (
        "an invitation by mail without one outbox row for each time that it was sent",
        "SELECT i.id FROM invitations i WHERE i.email_key <> '' AND (SELECT count(*) FROM outbox o
             WHERE o.organization_id = i.organization_id AND o.kind = 'invitation' AND o.subject_id = i.id) <>
             (SELECT count(*) FROM audit_events e WHERE e.organization_id = i.organization_id
              AND e.event IN ('invitation.created', 'invitation.resent') AND e.target = i.id)",
    ),
    (
        "an open invitation by mail without a mail that waits or was sent",
        "SELECT i.id FROM invitations i WHERE i.status = 'open' AND i.email_key <> '' AND NOT EXISTS (SELECT 1
             FROM outbox o WHERE o.organization_id = i.organization_id AND o.kind = 'invitation'
             AND o.subject_id = i.id AND o.state IN ('waiting', 'sent'))",
    ),
    (
        "an open invitation without its one key, or a closed one with a code",
        "SELECT i.id FROM invitations i WHERE CASE WHEN i.status = 'open' THEN 1 ELSE 0 END <>
             CASE WHEN i.code IS NULL THEN 0 ELSE 1 END OR 1 <> (SELECT count(*) FROM invitation_keys k
             WHERE k.organization_id = i.organization_id AND k.invitation_id = i.id)",
    ),
    (
        "a mail that waits and has ended, or neither",
        "SELECT o.id FROM outbox o WHERE CASE WHEN o.state = 'waiting' THEN 1 ELSE 0 END <>
             CASE WHEN o.ended_at IS NULL THEN 1 ELSE 0 END",
    ),
    (
        "a mail that was tried, though there is no mail server",
        "SELECT o.id FROM outbox o WHERE o.state <> 'waiting' OR o.attempts <> 0",
    ),
    (
        "an outbox row without its invitation",
        "SELECT o.id FROM outbox o LEFT JOIN invitations i ON i.organization_id = o.organization_id AND i.id = o.subject_id
             WHERE o.kind = 'invitation' AND i.id IS NULL",
    ),
    (
        "an audit event of an invitation that is not there",
        "SELECT e.id FROM audit_events e LEFT JOIN invitations i ON i.organization_id = e.organization_id AND i.id = e.target
             WHERE e.event IN ('invitation.created', 'invitation.revoked') AND i.id IS NULL",
    ),
    (
        "a revocation and its audit event that do not agree",
        "SELECT i.id FROM invitations i WHERE
             CASE WHEN i.status = 'revoked' THEN 1 ELSE 0 END <> (SELECT count(*) FROM audit_events e
             WHERE e.organization_id = i.organization_id AND e.event = 'invitation.revoked' AND e.target = i.id)",
    ),
    (
        "a user without their one audit event",
        "SELECT u.id FROM users u WHERE u.username_key <> 'ada' AND 1 <> (SELECT count(*) FROM audit_events e
             WHERE e.organization_id = u.organization_id AND e.event = 'user.created' AND e.target = u.id)",
    ),
    (
        "an audit event of a user who is neither there nor removed",
        "SELECT e.id FROM audit_events e WHERE e.event IN ('user.created', 'user.updated') AND NOT EXISTS (SELECT 1
             FROM users u WHERE u.organization_id = e.organization_id AND u.id = e.target) AND NOT EXISTS (SELECT 1
             FROM audit_events r WHERE r.organization_id = e.organization_id AND r.event = 'user.removed'
             AND r.target = e.target)",
    ),
    (
        "a tombstone without its one erasure job and audit event",
        "SELECT u.id FROM users u WHERE u.removed_at IS NOT NULL AND (1 <> (SELECT count(*) FROM jobs j
             WHERE j.kind = 'erase_user' AND j.subject_id = u.id) OR 1 <> (SELECT count(*) FROM audit_events e
             WHERE e.organization_id = u.organization_id AND e.event = 'user.removed' AND e.target = u.id))",
    ),
    (
        "a removal that is neither under way nor ended with one receipt",
        "SELECT e.id FROM audit_events e WHERE e.event = 'user.removed' AND 1 <>
             (SELECT count(*) FROM users u WHERE u.organization_id = e.organization_id AND u.id = e.target
              AND u.removed_at IS NOT NULL) +
             (SELECT count(*) FROM audit_events r WHERE r.organization_id = e.organization_id
              AND r.event = 'user.erased' AND r.target = e.target)",
    ),
    (
        "an erasure job without its tombstone",
        "SELECT j.id FROM jobs j WHERE j.kind = 'erase_user' AND NOT EXISTS (SELECT 1 FROM users u
             WHERE u.organization_id = j.organization_id AND u.id = j.subject_id AND u.removed_at IS NOT NULL)",
    ),
    (
        "a token without its key, or without its one audit event",
        "SELECT t.id FROM access_tokens t WHERE t.delegated AND (1 <> (SELECT count(*) FROM access_token_keys k
             WHERE k.organization_id = t.organization_id AND k.token_id = t.id) OR 1 <> (SELECT count(*)
             FROM audit_events e WHERE e.organization_id = t.organization_id AND e.event = 'access_token.created'
             AND e.target = t.id))",
    ),
    (
        "a name to sign in with of nobody",
        "SELECT n.name_key FROM signin_names n LEFT JOIN users u ON u.organization_id = n.organization_id
             AND u.id = n.user_id AND u.removed_at IS NULL WHERE u.id IS NULL",
    ),
    (
        "an audit event that lost its details, though nobody was erased",
        "SELECT e.id FROM audit_events e LEFT JOIN audit_details d ON d.organization_id = e.organization_id
             AND d.event_id = e.id WHERE d.event_id IS NULL AND (e.event LIKE 'invitation.%' OR NOT EXISTS (SELECT 1
             FROM audit_events r WHERE r.organization_id = e.organization_id AND r.event = 'user.removed'))",
    ),
    (
        "a sealed audit event that does not follow the one before it",
        "SELECT e.id FROM audit_events e WHERE e.seq > 1 AND NOT EXISTS (SELECT 1 FROM audit_events b
             WHERE b.organization_id = e.organization_id AND b.seq = e.seq - 1 AND b.seal = e.previous_seal)",
    ),
    (
        "an audit log that ends elsewhere than it says",
        "SELECT a.organization_id FROM audit_ends a WHERE a.seq <> (SELECT coalesce(max(e.seq), 0) FROM audit_events e
             WHERE e.organization_id = a.organization_id)",
    ),
];

/// That nothing in the database is half done.
pub async fn check(sql: &Sql) -> Result<String> {
    for (broken, statement) in RULES {
        let found = sql.column(statement).await?;
        ensure!(found.is_empty(), "{broken}: {} of them, the first {:?}", found.len(), found.first());
    }
    Ok(format!("{} rules", RULES.len()))
}
