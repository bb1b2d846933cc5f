//! How much of a list.

use std::mem::take;

use clap::Args;
use homeroom_client::Page;
use serde::de::DeserializeOwned;

use crate::output::note;

/// The most that the API gives at once.
const PAGE: u16 = 1000;

#[derive(Args)]
pub struct Paging {
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
    #[arg(conflicts_with = "all", help_heading = "Paging")]
    limit: u64,

    /// All, however many
    #[arg(long, help_heading = "Paging")]
    all: bool,

    /// Go on after this cursor, which an earlier list printed
    #[arg(long, value_name = "CURSOR", conflicts_with = "previous", help_heading = "Paging")]
    pub next: Option<String>,

    /// One page that ends before this cursor, which an earlier list printed
    #[arg(long, value_name = "CURSOR", conflicts_with = "all", help_heading = "Paging")]
    pub previous: Option<String>,
}

impl Paging {
    fn total(&self) -> usize {
        if self.all { usize::MAX } else { usize::try_from(self.limit).unwrap_or(usize::MAX) }
    }

    /// How many to ask for at once.
    pub fn page_size(&self) -> u16 {
        u16::try_from(self.total()).unwrap_or(PAGE).min(PAGE)
    }

    /// The items of `page` and those that follow, as many as were asked for; says how to get more.
    pub async fn collect<T: DeserializeOwned>(&self, mut page: Page<T>) -> anyhow::Result<Vec<T>> {
        let mut items = take(&mut page.items);
        let before = page.previous_cursor();
        while self.previous.is_none()
            && items.len() < self.total()
            && let Some(next) = page.next().await?
        {
            page = next;
            items.append(&mut page.items);
        }
        self.say_more(&page, before, items.len())?;
        items.truncate(self.total());
        Ok(items)
    }

    fn say_more<T>(&self, last: &Page<T>, before: Option<String>, fetched: usize) -> anyhow::Result<()> {
        if let Some(cursor) = before.filter(|_| self.next.is_some() || self.previous.is_some()) {
            note(&format!("Before these: --previous {cursor}"))?;
        }
        match last.next_cursor() {
            _ if fetched > self.total() => note("There are more: --limit N or --all shows them."),
            Some(cursor) => note(&format!("There are more: --limit N, --all, or --next {cursor}")),
            None => Ok(()),
        }
    }
}
