//! What an LMS says a person is, and what this makes of them here. One reading for the vocabularies of LTI 1.1
//! (`Instructor`, `urn:lti:role:ims/lis/Instructor/Lecturer`) and 1.3 (`http://purl.imsglobal.org/vocab/…`, Core §A.2).
//!
//! Names are compared whole and without regard to case, so that an institution's `…/person#Instructor` is no teacher of
//! the class. Unknown ones are passed over. A launch makes nobody an admin.

/// What a person is in the class of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClassRole {
    Student,
    Teacher,
}

/// What a new account may do in the organization. One that there is keeps its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountRole {
    User,
    Teacher,
}

/// What the roles of a launch come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// Absent for those who only look on, as mentors do.
    pub class: Option<ClassRole>,
    pub account: AccountRole,
    /// They teach as assistants or graders and as nothing else.
    pub assistant: bool,
    /// The student whom a teacher plays: never in rosters or grades.
    pub test_user: bool,
}

/// One role, as far as it means something here. The order is that in which they win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// Faculty, staff or administrator of the school, whatever they are in the class.
    Staff,
    Onlooker,
    Student,
    Assistant,
    /// `Instructor` without a sub-role: those of assistants say more.
    Instructor,
    Teacher,
}

const MEMBERSHIP: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership";
const INSTITUTION: [&str; 3] = [
    "urn:lti:instrole:ims/lis/",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#",
    "http://purl.imsglobal.org/vocab/lis/v2/person#",
];
const TEST_USER: &str = "http://purl.imsglobal.org/vocab/lti/system/person#testuser";

impl Roles {
    /// Of the comma list of LTI 1.1.
    pub fn of_list(list: &str) -> Self {
        Self::of(list.split(','))
    }

    /// Of the names in LTI 1.3's `roles`.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<_> = names.into_iter().map(|name| name.trim().to_ascii_lowercase()).collect();
        let roles: Vec<_> = names.iter().filter_map(|name| role(name)).collect();
        let highest = roles.iter().max().copied();
        let helps = roles.contains(&Role::Assistant);
        Self {
            class: highest.and_then(class_role),
            account: account_role(highest),
            assistant: helps && highest <= Some(Role::Instructor),
            test_user: names.iter().any(|name| name == TEST_USER),
        }
    }
}

fn class_role(highest: Role) -> Option<ClassRole> {
    match highest {
        Role::Staff | Role::Onlooker => None,
        Role::Student => Some(ClassRole::Student),
        Role::Assistant | Role::Instructor | Role::Teacher => Some(ClassRole::Teacher),
    }
}

fn account_role(highest: Option<Role>) -> AccountRole {
    match highest {
        None | Some(Role::Onlooker | Role::Student) => AccountRole::User,
        Some(Role::Staff | Role::Assistant | Role::Instructor | Role::Teacher) => AccountRole::Teacher,
    }
}

/// What a name in lower case means.
fn role(name: &str) -> Option<Role> {
    if let Some(role) = INSTITUTION.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        return matches!(role, "faculty" | "staff" | "administrator").then_some(Role::Staff);
    }
    if let Some(rest) = name.strip_prefix(MEMBERSHIP) {
        return match rest.strip_prefix('/') {
            Some(sub) => sub.split_once('#').and_then(|(role, sub)| context_role(role, sub)),
            None => rest.strip_prefix('#').and_then(|role| context_role(role, "")),
        };
    }
    let short = name.strip_prefix("urn:lti:role:ims/lis/").unwrap_or(name);
    let (role, sub) = short.split_once('/').unwrap_or((short, ""));
    context_role(role, sub)
}

/// A role in the class, with its sub-role or "".
fn context_role(role: &str, sub: &str) -> Option<Role> {
    match role {
        "instructor" if helps(sub) => Some(Role::Assistant),
        "instructor" if sub.is_empty() => Some(Role::Instructor),
        "instructor" | "contentdeveloper" | "administrator" | "manager" => Some(Role::Teacher),
        "teachingassistant" => Some(Role::Assistant),
        "learner" | "student" => Some(Role::Student),
        "mentor" | "observer" | "member" | "officer" => Some(Role::Onlooker),
        _ => None,
    }
}

fn helps(sub: &str) -> bool {
    sub.starts_with("teachingassistant") || sub == "grader"
}
