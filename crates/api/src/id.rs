//! Ids: 24 lower-case hexadecimal digits here; opaque strings to a client of another server.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(examples("000001a3f2c07e00c0ffee01")))]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }
    )+};
}

ids! {
    /// An organization: a school or district.
    OrganizationId,
    /// A user: an account.
    UserId,
    /// A group of users.
    GroupId,
    /// A class.
    ClassId,
    /// What a class is asked to do.
    AssignmentId,
    /// What a student hands in for an assignment.
    SubmissionId,
    /// A comment of a submission.
    SubmissionCommentId,
    /// A score.
    ScoreId,
    /// A version of a score.
    RevisionId,
    /// Who else may read or write a score.
    CollaboratorId,
    /// A comment of a score.
    CommentId,
    /// A collection of scores.
    CollectionId,
    /// A licence.
    LicenseId,
    /// An invitation to join an organization.
    InvitationId,
    /// An access token (not the token itself).
    AccessTokenId,
    /// An app, which is its OAuth2 `client_id`.
    AppId,
    /// An event of the audit log.
    AuditEventId,
    /// LTI 1.x credentials (not the consumer key).
    LtiCredentialsId,
}
