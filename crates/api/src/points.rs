//! Points and grades.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Number;

/// A number as JSON writes it: `17` stays `17`, and `17.5` is no other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = f64))]
#[serde(transparent)]
pub struct Points(Number);

impl Points {
    /// The number, for sums and comparisons.
    pub fn value(&self) -> f64 {
        self.0.as_f64().unwrap_or_default() // every number of JSON that was read has one
    }
}

impl From<u32> for Points {
    fn from(points: u32) -> Self {
        Self(points.into())
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Points {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text).map(Self).map_err(|_| format!("`{text}` is not a number"))
    }
}

#[cfg(test)]
mod tests {
    use super::Points;

    #[test]
    fn what_was_read_is_what_is_written() {
        for text in ["0", "17", "17.5", "0.1"] {
            let points: Points = text.parse().unwrap();
            assert_eq!(points.to_string(), text);
            assert_eq!(serde_json::to_string(&points).unwrap(), text);
        }
        assert!("seventeen".parse::<Points>().is_err());
    }
}
