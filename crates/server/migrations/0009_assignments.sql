-- What a class is asked to do (crates/server/src/assignments), and what its students hand in
-- (crates/server/src/submissions). Both stay when the teacher leaves; a student's submissions go with the student.
-- Points and grades are numbers as JSON writes them: what came is what is shown.

CREATE TABLE assignments (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    class_id TEXT NOT NULL,
    creator TEXT,
    state TEXT NOT NULL, -- draft, active, archived
    type TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    description_html TEXT NOT NULL, -- made harmless
    teacher_instructions TEXT NOT NULL,
    teacher_instructions_html TEXT NOT NULL,
    options TEXT NOT NULL, -- JSON: what is stored and shown, and decides nothing here
    max_points TEXT,
    release_grades TEXT NOT NULL, -- auto, manual
    assignee_mode TEXT NOT NULL, -- everyone, selected
    scheduled_at BIGINT NOT NULL, -- 0: at once
    due_at BIGINT NOT NULL, -- 0: never
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, class_id) REFERENCES classes (organization_id, id)
);
CREATE INDEX assignments_class ON assignments (organization_id, class_id, id);
CREATE INDEX assignments_creator ON assignments (organization_id, creator) WHERE creator IS NOT NULL;

CREATE TABLE assignment_students (
    organization_id TEXT NOT NULL,
    assignment_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (organization_id, assignment_id, user_id),
    FOREIGN KEY (organization_id, assignment_id) REFERENCES assignments (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX assignment_students_user ON assignment_students (organization_id, user_id);

CREATE TABLE assignment_attachments (
    organization_id TEXT NOT NULL,
    assignment_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    type TEXT NOT NULL,
    score_id TEXT,
    sharing_mode TEXT NOT NULL, -- read, write, copy, performance: what students may do with the score
    teacher_only BOOLEAN NOT NULL, -- students don't see it
    content TEXT NOT NULL, -- JSON: what is shown, all of it but the title
    PRIMARY KEY (organization_id, assignment_id, position),
    FOREIGN KEY (organization_id, assignment_id) REFERENCES assignments (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, score_id) REFERENCES scores (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX assignment_attachments_score ON assignment_attachments (organization_id, score_id)
    WHERE score_id IS NOT NULL;

CREATE TABLE submissions (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    assignment_id TEXT NOT NULL,
    class_id TEXT NOT NULL,
    user_id TEXT NOT NULL, -- the student
    state TEXT NOT NULL, -- created, turnedIn, returned, graded
    grade TEXT,
    draft_grade TEXT,
    playback TEXT NOT NULL, -- JSON
    exercises TEXT NOT NULL, -- JSON
    created_at BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL, -- 0: not yet
    returned_at BIGINT NOT NULL,
    returned_by TEXT,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, assignment_id) REFERENCES assignments (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE UNIQUE INDEX submissions_student ON submissions (organization_id, assignment_id, user_id);
CREATE INDEX submissions_user ON submissions (organization_id, user_id, class_id, id);
CREATE INDEX submissions_returner ON submissions (organization_id, returned_by) WHERE returned_by IS NOT NULL;

CREATE TABLE submission_attachments (
    organization_id TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    type TEXT NOT NULL,
    score_id TEXT,
    content TEXT NOT NULL, -- JSON: what is shown, all of it but the title
    PRIMARY KEY (organization_id, submission_id, position),
    FOREIGN KEY (organization_id, submission_id) REFERENCES submissions (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, score_id) REFERENCES scores (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX submission_attachments_score ON submission_attachments (organization_id, score_id)
    WHERE score_id IS NOT NULL;

CREATE TABLE submission_history (
    organization_id TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT, -- who did it
    state TEXT NOT NULL, -- created, turnedIn, returned, graded, reset
    grade TEXT,
    draft_grade TEXT,
    max_points TEXT,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, submission_id, id),
    FOREIGN KEY (organization_id, submission_id) REFERENCES submissions (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX submission_history_user ON submission_history (organization_id, user_id) WHERE user_id IS NOT NULL;

CREATE TABLE submission_comments (
    organization_id TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    comment TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, submission_id, id),
    FOREIGN KEY (organization_id, submission_id) REFERENCES submissions (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE INDEX submission_comments_user ON submission_comments (organization_id, user_id, submission_id, id);

-- Up to when somebody has read the comments.
CREATE TABLE submission_readers (
    organization_id TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, submission_id, user_id),
    FOREIGN KEY (organization_id, submission_id) REFERENCES submissions (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE INDEX submission_readers_user ON submission_readers (organization_id, user_id);
