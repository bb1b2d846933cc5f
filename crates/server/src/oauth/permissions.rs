//! What an app may do, in plain words.

use homeroom_api::{IdentityScope, Scope, Scopes};

use super::grant::Grant;
use crate::text::Language;

/// A line for each thing that a grant allows. What another one of its scopes covers is not said twice.
pub fn lines(language: Language, grant: &Grant) -> Vec<&'static str> {
    let identity =
        IdentityScope::ALL.iter().filter(|scope| grant.has(**scope)).filter_map(|s| of_identity(*s));
    let is_said = |scope: Scope| grant.api.without(Scopes::of(&[scope])).covers(scope);
    let api = grant.api.iter().filter(|scope| !is_said(*scope)).map(of_scope);
    let mut keys: Vec<&'static str> = identity.chain(api).collect();
    keys.dedup();
    keys.into_iter().map(|key| language.text(key)).collect()
}

/// `offline_access` is not said: every app may stay until it is told to go.
const fn of_identity(scope: IdentityScope) -> Option<&'static str> {
    match scope {
        IdentityScope::Openid => Some("permission.openid"),
        IdentityScope::Profile => Some("permission.profile"),
        IdentityScope::Email => Some("permission.email"),
        IdentityScope::OfflineAccess => None,
    }
}

const fn of_scope(scope: Scope) -> &'static str {
    match scope {
        Scope::AccountPublicProfile => "permission.account_public_profile",
        Scope::AccountEmail => "permission.email",
        Scope::AccountEducationProfile => "permission.account_education_profile",
        Scope::ScoresReadonly => "permission.scores_readonly",
        Scope::ScoresSocial => "permission.scores_social",
        Scope::Scores => "permission.scores",
        Scope::CollectionsReadonly => "permission.collections_readonly",
        Scope::CollectionsAddScores => "permission.collections_add_scores",
        Scope::Collections => "permission.collections",
        Scope::NotificationsReadonly => "permission.notifications_readonly",
        Scope::EduResources => "permission.edu_resources",
        Scope::EduResourcesReadonly => "permission.edu_resources_readonly",
        Scope::EduClasses => "permission.edu_classes",
        Scope::EduClassesReadonly => "permission.edu_classes_readonly",
        Scope::EduAssignments => "permission.edu_assignments",
        Scope::EduAssignmentsReadonly => "permission.edu_assignments_readonly",
        Scope::EduAdmin => "permission.edu_admin",
        Scope::EduAdminLti => "permission.edu_admin_lti",
        Scope::EduAdminLtiReadonly => "permission.edu_admin_lti_readonly",
        Scope::EduAdminUsers => "permission.edu_admin_users",
        Scope::EduAdminUsersReadonly => "permission.edu_admin_users_readonly",
        Scope::TasksReadonly => "permission.tasks_readonly",
        Scope::Omr => "permission.omr",
    }
}
