//! The claims of a token, read one by one. Unknown ones are passed over (Core §4.3).

use std::fmt;

use serde_json::{Map, Value};

use super::CLAIM;
use super::refusal::Refusal;
use crate::person::line;
use crate::place::LONGEST_ID;

/// The claims of a token whose signature holds, or an object within them.
#[derive(Clone, Default, PartialEq)]
pub struct Claims(pub(super) Map<String, Value>);

/// Without what it holds: it is about a person, and logs outlive them.
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims").finish_non_exhaustive()
    }
}

impl Claims {
    /// The claim of LTI that is named in full by its prefix and `name`.
    pub(super) fn lti(&self, name: &str) -> Option<&Value> {
        self.get(&format!("{CLAIM}{name}"))
    }

    /// A claim; absent where it is missing or `null`.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// An object that is a claim of LTI; empty where it is missing.
    pub(super) fn lti_object(&self, name: &'static str) -> Result<Self, Refusal> {
        object(self.lti(name), name)
    }

    /// An object by the full name of its claim, `name` in short; empty where it is missing.
    pub(super) fn full_object(&self, full_name: &str, name: &'static str) -> Result<Self, Refusal> {
        object(self.get(full_name), name)
    }

    /// A line for people; "" where it is missing or no text.
    pub(super) fn line(&self, name: &str) -> String {
        self.get(name).and_then(Value::as_str).map(line).unwrap_or_default()
    }

    /// Text as it came; absent where it is missing, empty or no text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The texts of a list; what is no text in it is passed over.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let items = self.get(name).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub(super) fn is_true(&self, name: &str) -> Option<bool> {
        self.get(name).and_then(Value::as_bool)
    }

    /// Seconds since 1970.
    pub(super) fn seconds(&self, name: &'static str) -> Result<i64, Refusal> {
        let value = self.get(name).ok_or(Refusal::Missing(name))?;
        // An instant with a fraction is cut; what is out of range is at its end.
        #[allow(clippy::cast_possible_truncation)]
        let cut = || value.as_f64().map(|seconds| seconds as i64);
        let seconds = value.as_i64().or_else(cut).ok_or(Refusal::Shape(name))?;
        Ok(seconds.clamp(0, i64::from(u32::MAX) * 100))
    }
}

fn object(value: Option<&Value>, name: &'static str) -> Result<Claims, Refusal> {
    match value {
        None => Ok(Claims::default()),
        Some(Value::Object(object)) => Ok(Claims(object.clone())),
        Some(_) => Err(Refusal::Shape(name)),
    }
}

/// An id, exactly as it came.
pub(super) fn id(value: Option<&Value>, name: &'static str) -> Result<String, Refusal> {
    match value {
        None => Err(Refusal::Missing(name)),
        Some(Value::String(id)) if id.is_empty() => Err(Refusal::Missing(name)),
        Some(Value::String(id)) if id.chars().count() > LONGEST_ID => Err(Refusal::TooLong(name, LONGEST_ID)),
        Some(Value::String(id)) => Ok(id.clone()),
        Some(_) => Err(Refusal::Shape(name)),
    }
}

/// Whether there is text in `value` that databases do not take.
pub(super) fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(object) => object.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}
