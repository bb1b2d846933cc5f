//! Arguments of statements.

use std::error::Error as StdError;

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef as SqliteRef};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A value that both databases know.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Bool(bool),
    Bytes(Vec<u8>),
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => SqliteRef::Null,
            Self::Int(int) => SqliteRef::Integer(*int),
            Self::Bool(bool) => SqliteRef::Integer(i64::from(*bool)),
            Self::Text(text) => SqliteRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => SqliteRef::Blob(bytes),
        }))
    }
}

impl Value {
    /// The type of an argument whose statement is not prepared. What a NULL stands for the server finds out.
    pub(super) const fn postgres_type(&self) -> Type {
        match self {
            Self::Null => Type::UNKNOWN,
            Self::Int(_) => Type::INT8,
            Self::Text(_) => Type::TEXT,
            Self::Bool(_) => Type::BOOL,
            Self::Bytes(_) => Type::BYTEA,
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(int) if *ty == Type::INT4 => i32::try_from(*int)?.to_sql(ty, out),
            Self::Int(int) => int.to_sql(ty, out),
            Self::Bool(bool) => bool.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

macro_rules! into_value {
    ($($from:ty => |$value:ident| $to:expr;)+) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        }
    )+};
}

into_value! {
    i64 => |int| Self::Int(int);
    bool => |bool| Self::Bool(bool);
    String => |text| Self::Text(text);
    &str => |text| Self::Text(text.to_owned());
    &String => |text| Self::Text(text.clone());
    Vec<u8> => |bytes| Self::Bytes(bytes);
    &[u8] => |bytes| Self::Bytes(bytes.to_vec());
    homeroom_api::Timestamp => |instant| Self::Int(instant.as_millis());
    homeroom_api::Role => |role| role.as_str().into();
    homeroom_api::Scopes => |scopes| Self::Text(scopes.to_string());
    homeroom_api::LmsName => |lms| lms.as_str().into();
    homeroom_api::LicenseMode => |mode| mode.as_str().into();
    homeroom_api::LicenseSource => |source| source.as_str().into();
    homeroom_api::ClassState => |state| state.as_str().into();
    &homeroom_api::OrganizationId => |id| id.as_str().into();
    &homeroom_api::UserId => |id| id.as_str().into();
    &homeroom_api::GroupId => |id| id.as_str().into();
    &homeroom_api::LicenseId => |id| id.as_str().into();
    &homeroom_api::InvitationId => |id| id.as_str().into();
    &homeroom_api::AccessTokenId => |id| id.as_str().into();
    homeroom_api::ScorePrivacy => |privacy| privacy.as_str().into();
    homeroom_api::AppType => |ty| ty.as_str().into();
    &homeroom_api::AppId => |id| id.as_str().into();
    &homeroom_api::LtiCredentialsId => |id| id.as_str().into();
    &homeroom_api::ClassId => |id| id.as_str().into();
    &homeroom_api::AssignmentId => |id| id.as_str().into();
    &homeroom_api::SubmissionId => |id| id.as_str().into();
    &homeroom_api::SubmissionCommentId => |id| id.as_str().into();
    &homeroom_api::ScoreId => |id| id.as_str().into();
    &homeroom_api::RevisionId => |id| id.as_str().into();
    &homeroom_api::CollaboratorId => |id| id.as_str().into();
    &homeroom_api::CommentId => |id| id.as_str().into();
    &homeroom_api::CollectionId => |id| id.as_str().into();
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The arguments of a statement, first one `$1`: a tuple, or a list made by a [`Query`](super::Query).
pub trait Args: Send {
    fn values(self) -> Vec<Value>;
}

impl Args for Vec<Value> {
    fn values(self) -> Vec<Value> {
        self
    }
}

macro_rules! tuples {
    ($(($($t:ident)*))+) => {$(
        #[allow(non_snake_case)]
        impl<$($t: Into<Value> + Send),*> Args for ($($t,)*) {
            fn values(self) -> Vec<Value> {
                let ($($t,)*) = self;
                vec![$($t.into()),*]
            }
        }
    )+};
}

tuples! {
    () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
    (A B C D E F G H I) (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
    (A B C D E F G H I J K L M) (A B C D E F G H I J K L M N) (A B C D E F G H I J K L M N O)
    (A B C D E F G H I J K L M N O P) (A B C D E F G H I J K L M N O P Q)
    (A B C D E F G H I J K L M N O P Q R) (A B C D E F G H I J K L M N O P Q R S)
    (A B C D E F G H I J K L M N O P Q R S T)
}
