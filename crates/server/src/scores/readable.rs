//! Who may read a score, as lists ask for it: what [`open`](super::open) says, without a sharing key and without what
//! administrators alone may look into.

/// Whether `$user` (SQL) may read the score `s`, whose organization is `$1`, at `$now`.
///
/// A score is there while its owner is, and outside the trash.
macro_rules! readable {
    ($user:literal, $now:literal) => {
        concat!("(", $crate::scores::there!(), " AND ", $crate::scores::open_to!($user, $now), ")")
    };
}

/// Whether the score `s` is out of the trash, and its owner there.
macro_rules! there {
    () => {
        "s.trashed_at = 0 AND EXISTS (SELECT 1 FROM users ro
            WHERE ro.organization_id = s.organization_id AND ro.id = s.user_id AND ro.removed_at IS NULL)"
    };
}

/// Whether `$user` owns the score `s`, or it is open to them or shared with them, or attached in a class of theirs.
macro_rules! open_to {
    ($user:literal, $now:literal) => {
        concat!(
            "(s.user_id = ",
            $user,
            " OR s.privacy = 'public'
              OR (s.privacy = 'organizationPublic' AND s.organization_id <> '000000000000000000000000')
              OR EXISTS (SELECT 1 FROM score_collaborators rc
                 WHERE rc.organization_id = $1 AND rc.score_id = s.id AND rc.user_id = ",
            $user,
            ")
              OR EXISTS (SELECT 1 FROM score_collaborators rc
                 JOIN group_users rg ON rg.organization_id = $1 AND rg.group_id = rc.group_id AND rg.user_id = ",
            $user,
            " WHERE rc.organization_id = $1 AND rc.score_id = s.id AND rc.group_id IS NOT NULL)
              OR EXISTS (SELECT 1 FROM submission_attachments rt
                 JOIN submissions rs ON rs.organization_id = $1 AND rs.id = rt.submission_id AND rs.submitted_at > 0
                 JOIN users rw ON rw.organization_id = $1 AND rw.id = rs.user_id AND rw.removed_at IS NULL
                 JOIN classes rl ON rl.organization_id = $1 AND rl.id = rs.class_id
                 JOIN group_users rg ON rg.organization_id = $1 AND rg.group_id = rl.teachers_group AND rg.user_id = ",
            $user,
            " WHERE rt.organization_id = $1 AND rt.score_id = s.id)
              OR EXISTS (SELECT 1 FROM score_collaborators rc
                 JOIN groups rp ON rp.organization_id = $1 AND rp.id = rc.group_id
                 JOIN classes rl ON rl.organization_id = $1 AND rl.id = rp.class_id
                 JOIN group_users rg ON rg.organization_id = $1 AND rg.group_id = rl.teachers_group AND rg.user_id = ",
            $user,
            " WHERE rc.organization_id = $1 AND rc.score_id = s.id)
              OR EXISTS (SELECT 1 FROM assignment_attachments rt
                 JOIN assignments ra ON ra.organization_id = $1 AND ra.id = rt.assignment_id
                 JOIN classes rl ON rl.organization_id = $1 AND rl.id = ra.class_id
                 JOIN group_users rg ON rg.organization_id = $1 AND rg.user_id = ",
            $user,
            " AND rg.group_id IN (rl.teachers_group, rl.students_group)
                 WHERE rt.organization_id = $1 AND rt.score_id = s.id
                   AND (rg.group_id = rl.teachers_group OR (
                       NOT rt.teacher_only AND ra.state = 'active' AND ra.scheduled_at <= ",
            $now,
            " AND (ra.assignee_mode = 'everyone' OR EXISTS (SELECT 1 FROM assignment_students ry
                          WHERE ry.organization_id = $1 AND ry.assignment_id = ra.id AND ry.user_id = ",
            $user,
            "))))))"
        )
    };
}

/// As [`readable`], or found by the sharing key that the score still has: `m` is the row that keeps it.
macro_rules! kept {
    ($user:literal, $now:literal) => {
        concat!(
            "(",
            $crate::scores::there!(),
            " AND (",
            $crate::scores::open_to!($user, $now),
            " OR (s.privacy = 'privateLink' AND s.sharing_key_hash = m.sharing_key_hash)))"
        )
    };
}

pub(crate) use {kept, open_to, readable, there};
