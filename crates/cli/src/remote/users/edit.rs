//! `homeroom users create` and `update`

use anyhow::Result;
use clap::Args;
use homeroom_api::{Role, Update as Change, UserAdminUpdate, UserCreation, UserId};
use homeroom_client::Client;

use super::COLUMNS;
use crate::output::Output;
use crate::remote::failure::usage;
use crate::remote::terminal::{ask_password, read_password};
use crate::remote::words::one_of;

#[derive(Args)]
pub struct Create {
    /// 1 to 30 characters, unique in the organization whatever case and accents
    #[arg(long)]
    username: String,

    #[arg(long, help = "First name", value_name = "NAME")]
    firstname: Option<String>,

    #[arg(long, help = "Last name", value_name = "NAME")]
    lastname: Option<String>,

    /// E-mail address; pupils need none
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,

    /// Language code, like `fr` [default: en]
    #[arg(long, value_name = "CODE")]
    locale: Option<String>,

    /// Role in the organization [default: user, a student]
    #[arg(long, value_parser = one_of(Role::ALL, Role::as_str))]
    role: Option<Role>,

    /// Read the password from standard input instead of asking for it
    #[arg(long)]
    password_stdin: bool,
}

impl Create {
    pub async fn run(self, client: &Client, output: Output) -> Result<()> {
        let new = UserCreation {
            password: if self.password_stdin { read_password()? } else { ask_password()? },
            username: self.username,
            firstname: self.firstname,
            lastname: self.lastname,
            email: self.email,
            locale: self.locale,
            role: self.role,
        };
        output.one(&client.users().create(&new).await?, COLUMNS)
    }
}

#[derive(Args)]
pub struct Update {
    /// Id of the user
    user: UserId,
    #[command(flatten)]
    changes: Changes,
}

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct Changes {
    /// 1 to 30 characters, unique in the organization whatever case and accents
    #[arg(long)]
    username: Option<String>,

    #[arg(long, help = "First name", value_name = "NAME")]
    firstname: Option<String>,

    #[arg(long, help = "Clear the first name", conflicts_with = "firstname")]
    no_firstname: bool,

    #[arg(long, help = "Last name", value_name = "NAME")]
    lastname: Option<String>,

    #[arg(long, help = "Clear the last name", conflicts_with = "lastname")]
    no_lastname: bool,

    /// E-mail address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,

    #[arg(long, help = "Clear the e-mail address", conflicts_with = "email")]
    no_email: bool,

    /// Role in the organization
    #[arg(long, value_parser = one_of(Role::ALL, Role::as_str))]
    role: Option<Role>,

    /// Ask for a new password
    #[arg(long, conflicts_with = "password_stdin")]
    password: bool,

    /// Read a new password from standard input
    #[arg(long)]
    password_stdin: bool,
}

impl Update {
    pub async fn run(self, client: &Client, output: Output) -> Result<()> {
        let update = self.changes.into_update()?;
        if update == UserAdminUpdate::default() {
            return Err(usage(
                "there is nothing to change: give --username, --role, --password, … (see --help)",
            ));
        }
        output.one(&client.users().update(&self.user, &update).await?, COLUMNS)
    }
}

impl Changes {
    fn into_update(self) -> Result<UserAdminUpdate> {
        Ok(UserAdminUpdate {
            password: self.new_password()?,
            organization_role: self.role,
            username: self.username,
            firstname: change(self.firstname, self.no_firstname),
            lastname: change(self.lastname, self.no_lastname),
            email: change(self.email, self.no_email),
        })
    }

    fn new_password(&self) -> Result<Option<String>> {
        match (self.password, self.password_stdin) {
            (true, _) => ask_password().map(Some),
            (_, true) => read_password().map(Some),
            _ => Ok(None),
        }
    }
}

fn change(value: Option<String>, clear: bool) -> Change<String> {
    match value {
        Some(value) => Change::Set(value),
        None if clear => Change::Clear,
        None => Change::Keep,
    }
}
