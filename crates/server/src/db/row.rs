//! Rows of results.

use std::cell::Cell;

use tokio_postgres::types::Type;

use super::{Error, Result, Value};

/// One column of a row, borrowed from the driver.
#[derive(Debug, Clone, Copy)]
pub enum ValueRef<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Bool(bool),
    Bytes(&'a [u8]),
}

/// A row. Its columns are taken from left to right, as the statement lists them.
pub struct Row<'a> {
    source: Source<'a>,
    next: Cell<usize>,
}

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> Row<'a> {
    pub(super) const fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self { source: Source::Sqlite(row), next: Cell::new(0) }
    }

    pub(super) const fn postgres(row: &'a tokio_postgres::Row) -> Self {
        Self { source: Source::Postgres(row), next: Cell::new(0) }
    }

    /// The next column.
    pub fn take<T: FromColumn>(&self) -> Result<T> {
        let column = self.next.replace(self.next.get() + 1);
        T::from_column(self.value(column)?)
    }

    /// All the columns that are left.
    pub fn rest<T: FromColumn>(&self) -> Result<Vec<T>> {
        let columns = match self.source {
            Source::Sqlite(row) => row.as_ref().column_count(),
            Source::Postgres(row) => row.len(),
        };
        (self.next.get()..columns).map(|_| self.take()).collect()
    }

    fn value(&self, column: usize) -> Result<ValueRef<'a>> {
        match self.source {
            Source::Sqlite(row) => sqlite_value(row, column),
            Source::Postgres(row) => postgres_value(row, column),
        }
    }
}

fn sqlite_value<'a>(row: &'a rusqlite::Row<'a>, column: usize) -> Result<ValueRef<'a>> {
    use rusqlite::types::ValueRef as V;
    Ok(match row.get_ref(column)? {
        V::Null => ValueRef::Null,
        V::Integer(int) => ValueRef::Int(int),
        V::Text(text) => ValueRef::Text(std::str::from_utf8(text).map_err(|e| Error::Failed(e.to_string()))?),
        V::Blob(bytes) => ValueRef::Bytes(bytes),
        V::Real(_) => return Err(Error::bug("no column of ours is a floating-point number")),
    })
}

fn postgres_value(row: &tokio_postgres::Row, column: usize) -> Result<ValueRef<'_>> {
    let ty = row
        .columns()
        .get(column)
        .ok_or_else(|| Error::bug("a row has fewer columns than its struct"))?
        .type_();
    Ok(match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map_or(ValueRef::Null, ValueRef::Int),
        Type::INT4 => {
            row.try_get::<_, Option<i32>>(column)?.map_or(ValueRef::Null, |i| ValueRef::Int(i.into()))
        }
        Type::BOOL => row.try_get::<_, Option<bool>>(column)?.map_or(ValueRef::Null, ValueRef::Bool),
        Type::BYTEA => row.try_get::<_, Option<&[u8]>>(column)?.map_or(ValueRef::Null, ValueRef::Bytes),
        _ => row.try_get::<_, Option<&str>>(column)?.map_or(ValueRef::Null, ValueRef::Text),
    })
}

/// A type that a column can be read as.
pub trait FromColumn: Sized {
    fn from_column(value: ValueRef<'_>) -> Result<Self>;
}

fn wrong<T>(value: ValueRef<'_>) -> Result<T> {
    Err(Error::Failed(format!("a column holds {value:?}, not a {}", std::any::type_name::<T>())))
}

impl FromColumn for i64 {
    fn from_column(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Int(int) => Ok(int),
            other => wrong(other),
        }
    }
}

impl FromColumn for bool {
    fn from_column(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Bool(bool) => Ok(bool),
            ValueRef::Int(int) => Ok(int != 0),
            other => wrong(other),
        }
    }
}

impl FromColumn for String {
    fn from_column(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Text(text) => Ok(text.to_owned()),
            other => wrong(other),
        }
    }
}

impl FromColumn for Vec<u8> {
    fn from_column(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Bytes(bytes) => Ok(bytes.to_vec()),
            other => wrong(other),
        }
    }
}

impl FromColumn for Value {
    fn from_column(value: ValueRef<'_>) -> Result<Self> {
        Ok(match value {
            ValueRef::Null => Self::Null,
            ValueRef::Int(int) => Self::Int(int),
            ValueRef::Text(text) => Self::Text(text.to_owned()),
            ValueRef::Bool(bool) => Self::Bool(bool),
            ValueRef::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
        })
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: ValueRef<'_>) -> Result<Self> {
        match value {
            ValueRef::Null => Ok(None),
            other => T::from_column(other).map(Some),
        }
    }
}

impl FromColumn for homeroom_api::Timestamp {
    fn from_column(value: ValueRef<'_>) -> Result<Self> {
        i64::from_column(value).map(Self::from_millis)
    }
}

macro_rules! from_text {
    ($(parsed $parsed:ident)* $(id $id:ident)*) => {
        $(impl FromColumn for homeroom_api::$parsed {
            fn from_column(value: ValueRef<'_>) -> Result<Self> {
                let ValueRef::Text(text) = value else { return wrong(value) };
                text.parse().map_err(Error::Failed)
            }
        })*
        $(impl FromColumn for homeroom_api::$id {
            fn from_column(value: ValueRef<'_>) -> Result<Self> {
                let ValueRef::Text(text) = value else { return wrong(value) };
                Ok(text.into())
            }
        })*
    };
}

from_text! {
    parsed Role
    parsed Scopes
    parsed LmsName
    parsed LicenseMode
    parsed LicenseSource
    parsed AppType
    parsed ClassState
    parsed ClassRole
    parsed GroupType
    parsed ScorePrivacy
    parsed AssignmentType
    parsed AssignmentState
    parsed ReleaseGrades
    parsed AssigneeMode
    parsed SubmissionState
    parsed SubmissionHistoryState
    parsed Points
    id OrganizationId
    id UserId
    id GroupId
    id LicenseId
    id InvitationId
    id AccessTokenId
    id AppId
    id LtiCredentialsId
    id ClassId
    id AssignmentId
    id SubmissionId
    id SubmissionCommentId
    id ScoreId
    id RevisionId
    id CollaboratorId
    id CommentId
    id CollectionId
    id AuditEventId
}

/// A type that a row can be read as.
pub trait FromRow: Sized + Send + 'static {
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

macro_rules! tuples {
    ($(($($t:ident)+))+) => {$(
        impl<$($t: FromColumn + Send + 'static),+> FromRow for ($($t,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self> {
                Ok(($(row.take::<$t>()?,)+))
            }
        }
    )+};
}

tuples! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }
