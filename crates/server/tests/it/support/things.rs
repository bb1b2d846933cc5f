//! What people have, written straight into the tables: for tests of what becomes of it.

use homeroom_client::{OrganizationId, UserId};

use super::TestApp;

/// Instants in rows, and other numbers that nobody looks at.
const AT: &str = "1772438400000";

impl TestApp {
    /// Runs statements that are ours.
    pub async fn sql(&self, sql: String) {
        self.app.db.batch(sql.leak()).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Rows of a table of the school.
    pub async fn put(&self, table: &str, columns: &str, values: String) {
        self.put_in(&self.school.organization, table, columns, values).await;
    }

    pub async fn put_in(&self, organization: &OrganizationId, table: &str, columns: &str, values: String) {
        let values = values.replace("NOW", AT);
        self.sql(format!(
            "INSERT INTO {table} (organization_id, {columns}) VALUES ('{organization}', {values})"
        ))
        .await;
    }

    pub async fn raw_group(&self, id: &str, members: &[&UserId]) {
        self.put(
            "groups",
            "id, name, type, creator, created_at",
            format!("'{id}', 'G', 'generic', NULL, NOW"),
        )
        .await;
        for member in members {
            self.put("group_users", "group_id, user_id", format!("'{id}', '{member}'")).await;
        }
    }

    /// A class, whose groups are `{id}-s` and `{id}-t`.
    pub async fn raw_class(&self, id: &str, teachers: &[&UserId], students: &[&UserId]) {
        let owner = teachers[0];
        self.raw_group(&format!("{id}-s"), students).await;
        self.raw_group(&format!("{id}-t"), teachers).await;
        self.sql(format!("UPDATE groups SET creator = '{owner}' WHERE id IN ('{id}-s', '{id}-t')")).await;
        self.put(
            "classes",
            "id, name, section, level, skills_focused, size, state, owner, students_group, teachers_group,
             enrollment_code, enrollment_code_hash, created_at, modified_at",
            format!("'{id}', 'Class', '', '', '', NULL, 'active', '{owner}', '{id}-s', '{id}-t', '', '{id}', NOW, NOW"),
        )
        .await;
    }

    pub async fn raw_assignment(&self, id: &str, class: &str, creator: &UserId) {
        self.put(
            "assignments",
            "id, class_id, creator, state, type, title, description, description_html, teacher_instructions,
             teacher_instructions_html, options, max_points, release_grades, assignee_mode, scheduled_at, due_at, created_at",
            format!(
                "'{id}', '{class}', '{creator}', 'active', 'newScore', 'Song', '', '', '', '', '{{}}', NULL, 'auto',
                 'everyone', 0, 0, NOW"
            ),
        )
        .await;
    }

    /// A submission that `teacher` graded and the student has read.
    pub async fn raw_submission(&self, id: &str, assignment: &str, student: &UserId, teacher: &UserId) {
        self.put(
            "submissions",
            "id, assignment_id, class_id, user_id, state, grade, draft_grade, playback, exercises, created_at,
             submitted_at, returned_at, returned_by",
            format!(
                "'{id}', '{assignment}', 'class', '{student}', 'graded', '17', NULL, '{{}}', '{{}}', NOW, NOW, NOW,
                 '{teacher}'"
            ),
        )
        .await;
        for (entry, who, state) in [("1", student, "turnedIn"), ("2", teacher, "graded")] {
            self.put(
                "submission_history",
                "submission_id, id, user_id, state, grade, draft_grade, max_points, due_at, created_at",
                format!("'{id}', '{entry}', '{who}', '{state}', '17', NULL, NULL, 0, NOW"),
            )
            .await;
        }
        for who in [student, teacher] {
            self.put(
                "submission_comments",
                "submission_id, id, user_id, comment, created_at, modified_at",
                format!("'{id}', 'of-{who}', '{who}', 'Word of {who}', NOW, NOW"),
            )
            .await;
            self.put(
                "submission_readers",
                "submission_id, user_id, read_at",
                format!("'{id}', '{who}', NOW"),
            )
            .await;
        }
    }

    /// A score that is attached to an assignment or a submission.
    pub async fn raw_attachment(&self, kind: &str, to: &str, score: &str) {
        let (more, values) =
            if kind == "assignment" { (", sharing_mode, teacher_only", ", 'read', FALSE") } else { ("", "") };
        self.put(
            &format!("{kind}_attachments"),
            &format!("{kind}_id, position, type, score_id, content{more}"),
            format!("'{to}', 0, 'flat', '{score}', '{{}}'{values}"),
        )
        .await;
    }

    pub async fn raw_score(&self, id: &str, owner: &UserId) {
        self.raw_score_in(&self.school.organization.clone(), id, owner).await;
    }

    pub async fn raw_score_in(&self, organization: &OrganizationId, id: &str, owner: &UserId) {
        self.put_in(
            organization,
            "scores",
            "id, user_id, title, title_key, subtitle, composer, lyricist, arranger, description, tags, creation_type,
             license, license_text, privacy, sharing_key, sharing_key_hash, parent_score, created_at, modified_at,
             trashed_at, delete_at",
            format!(
                "'{id}', '{owner}', 'Sonatina', 'sonatina', '', 'Composeria', '', '', '', '', '', '', '',
                 'organizationPublic', NULL, NULL, NULL, NOW, NOW, 0, 0"
            ),
        )
        .await;
    }

    /// A document of some pieces, which nobody uses yet.
    pub async fn raw_document(&self, id: &str, pieces: usize) {
        self.raw_document_in(&self.school.organization.clone(), id, pieces).await;
    }

    pub async fn raw_document_in(&self, organization: &OrganizationId, id: &str, pieces: usize) {
        let blob = self.app.db.engine().pick("BLOB", "BYTEA");
        let columns = "id, hash, size, stored, uses, created_at";
        let values = format!("'{id}', CAST('{id}' AS {blob}), 9, TRUE, 0, NOW");
        self.put_in(organization, "documents", columns, values).await;
        for position in 0..pieces {
            let columns = "document_id, position, bytes";
            self.put_in(
                organization,
                "document_pieces",
                columns,
                format!("'{id}', {position}, CAST('piece {position} of {id}' AS {blob})"),
            )
            .await;
        }
    }

    pub async fn raw_revision(&self, score: &str, id: &str, document: &str, writer: &UserId) {
        self.raw_revision_in(&self.school.organization.clone(), score, id, document, writer).await;
    }

    pub async fn raw_revision_in(
        &self,
        organization: &OrganizationId,
        score: &str,
        id: &str,
        document: &str,
        writer: &UserId,
    ) {
        self.put_in(
            organization,
            "score_revisions",
            "score_id, id, document_id, format, user_id, description, autosave, created_at",
            format!("'{score}', '{id}', '{document}', 'musicxml', '{writer}', '', FALSE, NOW"),
        )
        .await;
        self.sql(format!(
            "UPDATE documents SET uses = uses + 1 WHERE organization_id = '{organization}' AND id = '{document}'"
        ))
        .await;
    }

    pub async fn raw_comment(&self, score: &str, id: &str, writer: &UserId, reply_to: Option<&str>) {
        let reply_to = reply_to.map_or("NULL".to_owned(), |id| format!("'{id}'"));
        self.put(
            "score_comments",
            "score_id, id, user_id, revision_id, reply_to, comment, raw_comment, context, resolved, resolved_by,
             created_at, modified_at",
            format!(
                "'{score}', '{id}', '{writer}', NULL, {reply_to}, 'Says {writer}', 'Says {writer}', NULL, FALSE, NULL,
                 NOW, NOW"
            ),
        )
        .await;
    }

    pub async fn raw_mention(&self, score: &str, comment: &str, whom: &UserId) {
        let columns = "score_id, comment_id, user_id";
        self.put("score_comment_mentions", columns, format!("'{score}', '{comment}', '{whom}'")).await;
    }

    pub async fn raw_like(&self, score: &str, who: &UserId) {
        self.put("score_likes", "user_id, score_id, created_at", format!("'{who}', '{score}', NOW")).await;
    }

    pub async fn raw_collaborator(&self, score: &str, who: &UserId) {
        self.put(
            "score_collaborators",
            "score_id, id, user_id, group_id, acl_write, acl_admin, created_at",
            format!("'{score}', 'of-{who}', '{who}', NULL, TRUE, FALSE, NOW"),
        )
        .await;
    }

    pub async fn raw_collection(&self, id: &str, owner: &UserId, scores: &[&str]) {
        self.put(
            "collections",
            "id, user_id, title, title_key, created_at, modified_at, trashed_at, delete_at",
            format!("'{id}', '{owner}', 'Favourites', 'favourites', NOW, NOW, 0, 0"),
        )
        .await;
        for score in scores {
            let columns = "collection_id, score_id, created_at";
            self.put("collection_scores", columns, format!("'{id}', '{score}', NOW")).await;
        }
    }

    /// A test student of a teacher in a class, who has a submission and a score.
    pub async fn raw_test_student(&self, name: &str, class: &str, teacher: &UserId) -> UserId {
        let new = homeroom_server::users::NewUser {
            profile: super::person(name),
            role: homeroom_client::Role::User,
            locale: "en".to_owned(),
            password: None,
            is_test: true,
        };
        let student = self.insert(&self.school, &new).await;
        let columns = "class_id, teacher_id, user_id";
        self.put("test_students", columns, format!("'{class}', '{teacher}', '{student}'")).await;
        self.put("group_users", "group_id, user_id", format!("'{class}-s', '{student}'")).await;
        self.raw_score(&format!("score-of-{name}"), &student).await;
        student
    }
}
