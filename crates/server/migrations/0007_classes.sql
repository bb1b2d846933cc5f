-- Classes (crates/server/src/classes) and the groups that they make: one of students, one of teachers, and groups
-- within the first. Who is in a class is in one of the two. Classes are archived and never deleted.

CREATE TABLE classes (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    section TEXT NOT NULL,
    level TEXT NOT NULL, -- '' for none
    skills_focused TEXT NOT NULL, -- words with spaces between them
    size BIGINT, -- how many students are expected
    state TEXT NOT NULL, -- inactive, active, archived
    owner TEXT, -- who leads it
    students_group TEXT NOT NULL,
    teachers_group TEXT NOT NULL,
    enrollment_code BYTEA NOT NULL, -- encrypted
    enrollment_code_hash BYTEA NOT NULL, -- keyed
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, students_group) REFERENCES groups (organization_id, id),
    FOREIGN KEY (organization_id, teachers_group) REFERENCES groups (organization_id, id)
);
CREATE UNIQUE INDEX classes_enrollment_code ON classes (organization_id, enrollment_code_hash);
CREATE UNIQUE INDEX classes_students_group ON classes (organization_id, students_group);
CREATE UNIQUE INDEX classes_teachers_group ON classes (organization_id, teachers_group);
CREATE INDEX classes_owner ON classes (organization_id, owner) WHERE owner IS NOT NULL;
CREATE INDEX classes_state ON classes (organization_id, state, id);

ALTER TABLE groups ADD COLUMN class_id TEXT; -- of which it is a group; absent for those of type generic
ALTER TABLE groups ADD COLUMN assignment_id TEXT; -- whose students are in it, where it was made for one
ALTER TABLE groups ADD COLUMN parent_id TEXT; -- the group that its members are among
ALTER TABLE groups ADD COLUMN name_key TEXT; -- of a group within a class: the fold of its name, unique there
CREATE UNIQUE INDEX groups_name ON groups (organization_id, class_id, name_key) WHERE name_key IS NOT NULL;
CREATE INDEX groups_class ON groups (organization_id, class_id, type, id) WHERE class_id IS NOT NULL;
CREATE INDEX groups_parent ON groups (organization_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX groups_creator ON groups (organization_id, creator) WHERE creator IS NOT NULL;

-- The test students: one for each teacher and class.
CREATE TABLE test_students (
    organization_id TEXT NOT NULL,
    class_id TEXT NOT NULL,
    teacher_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (organization_id, class_id, teacher_id),
    FOREIGN KEY (organization_id, class_id) REFERENCES classes (organization_id, id),
    FOREIGN KEY (organization_id, teacher_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX test_students_teacher ON test_students (organization_id, teacher_id);
CREATE INDEX test_students_user ON test_students (organization_id, user_id);
