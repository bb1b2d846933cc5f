//! Texts of statements.

use std::fmt::Write as _;
use std::sync::Arc;

use super::Value;

/// The text of a statement. It is made from literals alone: values are arguments.
#[derive(Clone)]
pub struct Sql {
    text: Text,
    /// Whether the plan should be made for the arguments, each time. PostgreSQL.
    pub(super) plan_anew: bool,
}

#[derive(Clone)]
enum Text {
    Literal(&'static str),
    Built(Arc<str>),
}

impl Sql {
    /// A text with names of tables and columns in it, as the schema has them.
    pub(super) fn of_names(text: String) -> Self {
        Self { text: Text::Built(text.into()), plan_anew: false }
    }

    pub(super) fn text(&self) -> &str {
        match &self.text {
            Text::Literal(text) => text,
            Text::Built(text) => text,
        }
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self { text: Text::Literal(text), plan_anew: false }
    }
}

/// A statement put together from literal parts and numbered arguments.
pub struct Query {
    text: String,
    args: Vec<Value>,
    plan_anew: bool,
}

impl Query {
    /// An empty text whose parts may name `args` as `$1…$n`.
    pub const fn new(args: Vec<Value>) -> Self {
        Self { text: String::new(), args, plan_anew: false }
    }

    /// How many arguments there are so far.
    pub const fn args(&self) -> usize {
        self.args.len()
    }

    /// Has PostgreSQL plan the statement for its arguments instead of remembering a plan: which is good depends on
    /// how many rows they find.
    pub const fn plan_anew(&mut self) -> &mut Self {
        self.plan_anew = true;
        self
    }

    /// Adds a part of the text.
    pub fn push(&mut self, part: &'static str) -> &mut Self {
        self.text.push_str(part);
        self
    }

    /// Adds names of tables and columns, as the schema has them.
    pub(super) fn name(&mut self, names: &str) -> &mut Self {
        self.text.push_str(names);
        self
    }

    /// Adds an argument, and its placeholder to the text.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.args.push(value.into());
        let _ = write!(self.text, "${}", self.args.len()); // writing to a String does not fail
        self
    }

    /// Adds arguments with commas between them.
    pub fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.bind(value);
        }
        self
    }

    /// The statement and its arguments.
    pub fn done(self) -> (Sql, Vec<Value>) {
        (Sql { text: Text::Built(self.text.into()), plan_anew: self.plan_anew }, self.args)
    }
}
