//! The wire contract of the Organization API v2: what the server, the SDK and the command line share.
//!
//! Shapes only. Rules (lengths, who may do what) live in the server, which names the parameter that breaks one.

mod words; // the macro that the enums below are written with; first, because macros are seen in order

pub mod access_tokens;
pub mod apps;
pub mod assignments;
pub mod attachments;
pub mod audit;
pub mod class_links;
pub mod classes;
pub mod collections;
pub mod comments;
pub mod erasures;
pub mod error;
pub mod groups;
pub mod id;
pub mod invitations;
pub mod licenses;
pub mod lti;
pub mod mails;
pub mod me;
pub mod people;
pub mod points;
pub mod revisions;
pub mod rights;
pub mod role;
pub mod scope;
pub mod scores;
pub mod signin_links;
pub mod submissions;
pub mod timestamp;
pub mod update;
pub mod users;

pub use access_tokens::{AccessTokenSummary, ApiAccessToken, OrganizationUserAccessTokenCreation};
pub use apps::{AppType, IdentityScope, OrganizationApp, OrganizationAppCreation, OrganizationAppUpdate};
pub use assignments::{
    AssigneeMode, AssignmentCapabilities, AssignmentCopy, AssignmentOptions, AssignmentState, AssignmentType,
    ClassAssignment, ClassAssignmentUpdate, NewAssignmentState, RecordingType, ReleaseGrades,
    SubmissionStudentsMode,
};
pub use attachments::{AttachmentType, ClassAttachmentCreation, MediaAttachment, SharingMode};
pub use audit::{AuditEvent, AuditQuery};
pub use class_links::{
    ClassCanvas, ClassClever, ClassGoogleDrive, ClassIssues, ClassLink, ClassLinks, ClassLti,
    ClassMicrosoftGraph, ClassSyncIssue, ClassSyncReason, CleverSubject,
};
pub use classes::{
    ClassCreation, ClassDetails, ClassGradeLevel, ClassListState, ClassQuery, ClassState, ClassUpdate,
    EduSkill,
};
pub use collections::{
    Collection, CollectionApp, CollectionCapabilities, CollectionContents, CollectionCreation,
    CollectionModification, CollectionPrivacy, CollectionQuery, CollectionType, LibrarySort, ScoreQuery,
};
pub use comments::{
    CommentModeration, CommentQuery, CommentSort, CommentType, ModerationReason, ScoreComment,
    ScoreCommentContext, ScoreCommentCreation, ScoreCommentUpdate,
};
pub use erasures::{ErasureState, UserErasure};
pub use error::{ErrorBody, ErrorCode};
pub use groups::{
    GroupCreation, GroupDetails, GroupQuery, GroupRename, GroupSource, GroupType, GroupUser, GroupUserQuery,
    NewGroupType, SubGroupType,
};
pub use id::{
    AccessTokenId, AppId, AssignmentId, AuditEventId, ClassId, CollaboratorId, CollectionId, CommentId,
    GroupId, InvitationId, LicenseId, LtiCredentialsId, OrganizationId, RevisionId, ScoreId,
    SubmissionCommentId, SubmissionId, UserId,
};
pub use invitations::{
    InvitationQuery, InvitationStatus, InvitedRole, OrganizationInvitation, OrganizationInvitationCreation,
};
pub use licenses::{
    LicenseMode, LicenseReport, LicenseSettings, LicenseSource, OrganizationLicense,
    OrganizationLicenseCreation, OrganizationLicenseUpdate, UserLicense,
};
pub use lti::{LmsName, LtiCredentials, LtiCredentialsCreation};
pub use mails::{MailQuery, MailState, OrganizationMail};
pub use me::{AzureDetails, ProfileLinks, UserDetails};
pub use people::{UserPublic, UserPublicSummary};
pub use points::Points;
pub use revisions::{ScoreRevision, ScoreRevisionCreation, ScoreRevisionStatistics};
pub use rights::{
    CollaboratorType, Group, ResourceCollaborator, ResourceCollaboratorCreation, ResourceRights,
};
pub use role::Role;
pub use scope::{Scope, Scopes};
pub use scores::{
    CountsLately, DataEncoding, ScoreCommentsCounts, ScoreCounts, ScoreCreation, ScoreCreationType,
    ScoreDetails, ScoreFork, ScoreLicense, ScoreLikesCounts, ScoreMe, ScoreModification, ScorePrivacy,
    ScoreSummary,
};
pub use signin_links::{UserSigninLink, UserSigninLinkCreation};
pub use submissions::{
    AssignmentSubmission, AssignmentSubmissionComment, AssignmentSubmissionCommentCreation,
    AssignmentSubmissionComments, AssignmentSubmissionHistory, AssignmentSubmissionPlayback,
    AssignmentSubmissionUpdate, SubmissionHistoryState, SubmissionState,
};
pub use timestamp::Timestamp;
pub use update::Update;
pub use users::{
    ClassRole, Direction, Product, TestAccounts, UserAdminUpdate, UserCreation, UserDetailsAdmin, UserFilter,
    UserQuery, UserSort, UserType,
};
