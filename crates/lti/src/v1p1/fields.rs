//! The fields of a verified message, read one by one.

use std::collections::BTreeMap;

use super::refusal::Refusal;
use super::request::Verified;
use crate::person::{Person, line};
use crate::place::{LONGEST_ID, Platform};
use crate::return_url::ReturnUrl;

impl Verified {
    /// The value of a field; absent where it is missing or empty. Errors if it has two.
    pub(super) fn get(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.fields.iter().filter(|(of, _)| of == name).map(|(_, value)| value.as_str());
        let first = values.next();
        if values.any(|value| Some(value) != first) {
            return Err(Refusal::Repeated(name.to_owned()));
        }
        Ok(first.filter(|value| !value.trim().is_empty()))
    }

    /// A line for people; "" where it is missing.
    pub(super) fn line(&self, name: &str) -> Result<String, Refusal> {
        Ok(self.get(name)?.map(line).unwrap_or_default())
    }

    /// An id, exactly as it came.
    pub(super) fn id(&self, name: &'static str) -> Result<Option<String>, Refusal> {
        match self.get(name)? {
            Some(id) if id.chars().count() > LONGEST_ID => Err(Refusal::TooLong(name, LONGEST_ID)),
            id => Ok(id.map(str::to_owned)),
        }
    }

    pub(super) fn required_id(&self, name: &'static str) -> Result<String, Refusal> {
        self.id(name)?.ok_or(Refusal::Missing(name))
    }

    /// Where to return to; what is no web address is passed over.
    pub(super) fn return_url(&self, name: &str) -> Result<Option<ReturnUrl>, Refusal> {
        Ok(self.get(name)?.and_then(ReturnUrl::read))
    }

    /// A list `a,b`, trimmed.
    pub(super) fn list(&self, name: &str) -> Result<Vec<String>, Refusal> {
        let items = self.get(name)?.unwrap_or_default().split(',').map(str::trim);
        Ok(items.filter(|item| !item.is_empty()).map(str::to_owned).collect())
    }

    /// The fields that begin with `prefix`, without it, in lower case.
    pub(super) fn beginning_with(&self, prefix: &str) -> BTreeMap<String, String> {
        let fields = self.fields.iter();
        let found = fields.filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
        found.map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect()
    }

    pub(super) fn person(&self) -> Result<Person, Refusal> {
        Ok(Person {
            given_name: self.line("lis_person_name_given")?,
            family_name: self.line("lis_person_name_family")?,
            full_name: self.line("lis_person_name_full")?,
            email: self.line("lis_person_contact_email_primary")?,
        })
    }

    pub(super) fn platform(&self) -> Result<Platform, Refusal> {
        Ok(Platform {
            guid: self.id("tool_consumer_instance_guid")?.unwrap_or_default(),
            product: self.line("tool_consumer_info_product_family_code")?,
            version: self.line("tool_consumer_info_version")?,
            name: self.line("tool_consumer_instance_name")?,
            url: self.line("tool_consumer_instance_url")?,
            contact_email: self.line("tool_consumer_instance_contact_email")?,
        })
    }
}
