//! Arguments that are words of the contract.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Takes one of `all`, and lists them in `--help`.
pub fn one_of<T>(all: &'static [T], word: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static + FromStr<Err = String>,
{
    PossibleValuesParser::new(all.iter().map(move |value| word(*value))).try_map(|text| text.parse::<T>())
}
