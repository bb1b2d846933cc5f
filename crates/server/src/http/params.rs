//! Query parameters, in every spelling that the SDKs use.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::{App, Error, Result};

/// The most values of an array.
pub const MOST_VALUES: usize = 100;

/// The query of a request, in its order. Unknown parameters are ignored.
pub struct Params(Vec<(String, String)>);

impl FromRequestParts<App> for Params {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

impl Params {
    pub fn parse(query: &str) -> Result<Self> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        match pairs.iter().find(|(name, value)| name.contains('\0') || value.contains('\0')) {
            Some((name, _)) => {
                let name = name.replace('\0', "");
                Err(Error::invalid(name.clone(), format!("`{name}` holds a NUL character.")))
            }
            None => Ok(Self(pairs)),
        }
    }

    /// The pairs as they came.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// One value; an empty one is an absent one.
    pub fn text(&self, name: &'static str) -> Result<Option<&str>> {
        let mut values = self.0.iter().filter(|(key, value)| key == name && !value.is_empty());
        let value = values.next().map(|(_, value)| value.as_str());
        if values.next().is_some() {
            return Err(Error::invalid(name, format!("`{name}` is there twice: send it once.")));
        }
        Ok(value)
    }

    /// One word of an enum.
    pub fn word<T: FromStr<Err = String>>(&self, name: &'static str) -> Result<Option<T>> {
        self.text(name)?.map(|value| parse(name, value)).transpose()
    }

    /// `true` or `false` (`True` and `1` too: SDKs send them); absent is `false`.
    pub fn flag(&self, name: &'static str) -> Result<bool> {
        match self.text(name)?.map(str::to_ascii_lowercase).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(other) => {
                Err(Error::invalid(name, format!("`{name}` is `true` or `false`, not `{other}`.")))
            }
        }
    }

    /// A whole number from `least` to `most`.
    pub fn number(&self, name: &'static str, least: u16, most: u16) -> Result<Option<u16>> {
        let Some(value) = self.text(name)? else { return Ok(None) };
        let is_plain = value.bytes().all(|byte| byte.is_ascii_digit()); // `+5` is a number to the parser
        match value.parse() {
            Ok(number) if is_plain && (least..=most).contains(&number) => Ok(Some(number)),
            _ => Err(Error::invalid(
                name,
                format!("`{name}` is a whole number from {least} to {most}, not `{value}`."),
            )),
        }
    }

    /// An array, as `a=x&a=y`, `a[]=x&a[]=y`, `a[0]=x&a[1]=y` or `a=x,y`; empty values are left out.
    pub fn texts(&self, name: &'static str) -> Result<Vec<&str>> {
        let of_array = self.0.iter().filter(|(key, _)| is_item(key, name));
        let values: Vec<_> =
            of_array.flat_map(|(_, value)| value.split(',')).filter(|value| !value.is_empty()).collect();
        if values.len() > MOST_VALUES {
            let message = format!("`{name}` has {} values: {MOST_VALUES} are the most.", values.len());
            return Err(Error::invalid(name, message));
        }
        Ok(values)
    }

    /// An array of words of an enum, each once.
    pub fn words<T: FromStr<Err = String> + PartialEq>(&self, name: &'static str) -> Result<Vec<T>> {
        let mut words = Vec::new();
        for value in self.texts(name)? {
            let word = parse(name, value)?;
            if !words.contains(&word) {
                words.push(word);
            }
        }
        Ok(words)
    }
}

fn parse<T: FromStr<Err = String>>(name: &'static str, value: &str) -> Result<T> {
    value.parse().map_err(|problem| Error::invalid(name, format!("`{name}`: {problem}.")))
}

/// Whether `key` is `name`, `name[]` or `name[7]`.
fn is_item(key: &str, name: &str) -> bool {
    let Some(rest) = key.strip_prefix(name) else { return false };
    let index = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    rest.is_empty() || index.is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use homeroom_api::Role;

    use super::Params;

    #[test]
    fn every_spelling_of_an_array_is_read() {
        for query in [
            "role=user&role=teacher",
            "role[]=user&role[]=teacher",
            "role%5B0%5D=user&role%5B1%5D=teacher",
            "role=user,teacher",
            "role=user%2Cteacher&role=&role=user",
        ] {
            let params = Params::parse(query).unwrap();
            assert_eq!(params.words::<Role>("role").unwrap(), [Role::User, Role::Teacher], "{query}");
        }
    }

    #[test]
    fn wrong_values_name_their_parameter() {
        let params = Params::parse("limit=0&flag=maybe&role=boss&twice=1&twice=2").unwrap();
        let many = Params::parse(&"role=user&".repeat(101)).unwrap();
        for error in [
            params.number("limit", 1, 1000).unwrap_err(),
            params.flag("flag").unwrap_err(),
            params.words::<Role>("role").unwrap_err(),
            params.text("twice").unwrap_err(),
            many.words::<Role>("role").unwrap_err(),
            Params::parse("q=a%00b").err().unwrap(),
        ] {
            let param = error.param.clone().unwrap();
            assert!(error.message.contains(&*param), "{error}");
        }
    }
}
