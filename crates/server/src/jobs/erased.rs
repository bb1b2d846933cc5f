use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How many rows of each kind an erasure has erased: what its receipt says.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Erased(BTreeMap<String, u64>);

impl Erased {
    pub fn of(kind: &str, rows: u64) -> Self {
        let mut erased = Self::default();
        erased.add(kind, rows);
        erased
    }

    pub fn add(&mut self, kind: &str, rows: u64) {
        if rows > 0 {
            *self.0.entry(kind.to_owned()).or_default() += rows;
        }
    }

    pub fn merge(&mut self, other: Self) {
        for (kind, rows) in other.0 {
            self.add(&kind, rows);
        }
    }

    /// Rows of all kinds.
    pub fn rows(&self) -> u64 {
        self.0.values().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn into_counts(self) -> BTreeMap<String, u64> {
        self.0
    }
}
