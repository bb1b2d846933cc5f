//! Async client of the Organization API v2: accounts, invitations, tokens and LTI keys of a school.
//!
//! It works against any server of this API. It retries what may be retried, follows pages, and tells what went
//! wrong as an [`Error`] with the code, sentence and headers of the answer.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use homeroom_client::{Client, ErrorCode, Role, UserCreation, UserFilter, UserQuery};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let client = Client::new("http://127.0.0.1:8080", std::env::var("HOMEROOM_TOKEN")?)?;
//!
//!     let ada = UserCreation { username: "ada".into(), password: "a long secret".into(), ..Default::default() };
//!     match client.users().create(&ada).await {
//!         Ok(user) => println!("{} is {}", user.username, user.id),
//!         Err(error) if error.code() == Some(ErrorCode::UsernameTaken) => println!("ada is here already"),
//!         Err(error) => return Err(error.into()),
//!     }
//!
//!     let filter = UserFilter { role: vec![Role::Teacher], ..Default::default() };
//!     let query = UserQuery { filter, limit: Some(1000), ..Default::default() };
//!     let mut teachers = client.users().list(&query).await?.into_stream();
//!     while let Some(teacher) = teachers.try_next().await? {
//!         println!("{}", teacher.username);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Each operation gives a [`Call`]: `.await` it for its value, or `.response().await` it for status and headers too.
//! The shapes of requests and answers are those of `homeroom-api`, which this crate re-exports.

mod access_tokens;
mod apps;
mod assignments;
mod audit_log;
mod call;
mod classes;
mod client;
mod collaborators;
mod collections;
mod comments;
mod error;
mod groups;
mod invitations;
mod licenses;
mod link;
mod lti_credentials;
mod mails;
mod me;
mod page;
mod query;
mod request;
mod retry;
mod score_lists;
mod scores;
mod submissions;
mod users;

pub use access_tokens::AccessTokenQuery;
pub use apps::Apps;
pub use assignments::Assignments;
pub use audit_log::AuditLog;
pub use call::{Call, Response};
pub use classes::Classes;
pub use client::{Client, ClientBuilder};
pub use collaborators::Collaborators;
pub use collections::Collections;
pub use comments::Comments;
pub use error::{ApiError, Error, Result};
pub use groups::Groups;
pub use homeroom_api::{
    AccessTokenId, AccessTokenSummary, ApiAccessToken, AppId, AppType, AssigneeMode, AssignmentCapabilities,
    AssignmentCopy, AssignmentId, AssignmentOptions, AssignmentState, AssignmentSubmission,
    AssignmentSubmissionComment, AssignmentSubmissionCommentCreation, AssignmentSubmissionComments,
    AssignmentSubmissionHistory, AssignmentSubmissionPlayback, AssignmentSubmissionUpdate, AssignmentType,
    AttachmentType, AuditEvent, AuditEventId, AuditQuery, AzureDetails, ClassAssignment,
    ClassAssignmentUpdate, ClassAttachmentCreation, ClassCreation, ClassDetails, ClassGradeLevel, ClassId,
    ClassLinks, ClassListState, ClassQuery, ClassRole, ClassState, ClassUpdate, CollaboratorId,
    CollaboratorType, Collection, CollectionCreation, CollectionId, CollectionModification, CollectionQuery,
    CollectionType, CommentId, CommentQuery, CommentType, DataEncoding, Direction, EduSkill, ErasureState,
    ErrorCode, Group, GroupCreation, GroupDetails, GroupId, GroupQuery, GroupRename, GroupSource, GroupType,
    GroupUser, GroupUserQuery, InvitationId, InvitationQuery, InvitationStatus, InvitedRole, LibrarySort,
    LicenseId, LicenseMode, LicenseReport, LicenseSettings, LicenseSource, LmsName, LtiCredentials,
    LtiCredentialsCreation, LtiCredentialsId, MailQuery, MailState, MediaAttachment, NewAssignmentState,
    NewGroupType, OrganizationApp, OrganizationAppCreation, OrganizationAppUpdate, OrganizationId,
    OrganizationInvitation, OrganizationInvitationCreation, OrganizationLicense, OrganizationLicenseCreation,
    OrganizationLicenseUpdate, OrganizationMail, OrganizationUserAccessTokenCreation, Points, Product,
    ProfileLinks, RecordingType, ReleaseGrades, ResourceCollaborator, ResourceCollaboratorCreation,
    ResourceRights, RevisionId, Role, Scope, Scopes, ScoreComment, ScoreCommentContext, ScoreCommentCreation,
    ScoreCommentUpdate, ScoreCreation, ScoreCreationType, ScoreDetails, ScoreFork, ScoreId, ScoreLicense,
    ScoreModification, ScorePrivacy, ScoreQuery, ScoreRevision, ScoreRevisionCreation, ScoreSummary,
    SharingMode, SubGroupType, SubmissionCommentId, SubmissionHistoryState, SubmissionId, SubmissionState,
    SubmissionStudentsMode, TestAccounts, Timestamp, Update, UserAdminUpdate, UserCreation, UserDetails,
    UserDetailsAdmin, UserErasure, UserFilter, UserId, UserLicense, UserPublic, UserQuery, UserSigninLink,
    UserSigninLinkCreation, UserSort, UserType,
};
pub use invitations::Invitations;
pub use licenses::Licenses;
pub use lti_credentials::LtiCredentialsApi;
pub use mails::Mails;
pub use page::Page;
pub use reqwest::StatusCode;
pub use reqwest::header::HeaderMap;
pub use score_lists::ScoreLists;
pub use scores::Scores;
pub use submissions::Submissions;
pub use users::Users;
