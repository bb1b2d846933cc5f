//! `homeroom users list` and `count`

use anyhow::Result;
use clap::Args;
use homeroom_api::{Direction, GroupId, Role, TestAccounts, UserFilter, UserQuery, UserSort};
use homeroom_client::Client;

use super::{COLUMNS, print_ids};
use crate::output::Output;
use crate::remote::paging::Paging;
use crate::remote::words::one_of;

/// Different filters are combined with *and*, values of one with *or*.
#[derive(Args)]
pub struct Filter {
    /// Only users with this role; may be repeated
    #[arg(long, value_delimiter = ',', value_parser = one_of(Role::ALL, Role::as_str), help_heading = "Filters")]
    role: Vec<Role>,

    /// Only members of this group, by its id; may be repeated
    #[arg(long, value_delimiter = ',', value_name = "ID", help_heading = "Filters")]
    group: Vec<GroupId>,

    /// Every word must be found in username, names or e-mail, whatever case and accents
    #[arg(long, short = 'q', visible_alias = "q", value_name = "WORDS", help_heading = "Filters")]
    search: Option<String>,

    /// Only users without a licence that is active
    #[arg(long, help_heading = "Filters")]
    no_active_license: bool,

    /// Leave out teachers' test accounts, or list nothing else
    #[arg(long, value_parser = one_of(TestAccounts::ALL, TestAccounts::as_str), help_heading = "Filters")]
    test_accounts: Option<TestAccounts>,

    /// `active`, `notActive`, or the day YYYY-MM-DD on which the licence ends; may be repeated
    #[arg(long, value_delimiter = ',', value_name = "WHEN", help_heading = "Filters")]
    license_expiration_date: Vec<String>,
}

impl From<Filter> for UserFilter {
    fn from(args: Filter) -> Self {
        Self {
            role: args.role,
            group: args.group,
            q: args.search,
            no_active_license: args.no_active_license,
            test_accounts: args.test_accounts,
            license_expiration_date: args.license_expiration_date,
        }
    }
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    filter: Filter,

    /// Sort by this, and by the next one where it is equal; may be repeated [default: order of creation]
    #[arg(long, value_delimiter = ',', value_parser = one_of(UserSort::ALL, UserSort::as_str))]
    sort: Vec<UserSort>,

    /// Direction of the sort [default: asc]
    #[arg(long, value_parser = one_of(Direction::ALL, Direction::as_str))]
    direction: Option<Direction>,

    /// Ids alone, one on each line; with --json the shortest objects
    #[arg(long)]
    only_ids: bool,

    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub async fn run(self, client: &Client, output: Output) -> Result<()> {
        let query = UserQuery {
            filter: self.filter.into(),
            sort: self.sort,
            direction: self.direction,
            only_ids: self.only_ids,
            limit: Some(self.paging.page_size()),
            next: self.paging.next.clone(),
            previous: self.paging.previous.clone(),
        };
        let page = client.users().list(&query).await?;
        let users = self.paging.collect(page).await?;
        if self.only_ids && output == Output::Text { print_ids(&users) } else { output.list(&users, COLUMNS) }
    }
}
