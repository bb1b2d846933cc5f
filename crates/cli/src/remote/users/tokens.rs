//! `homeroom users token`, `tokens` and `signin-link`

use anyhow::Result;
use clap::Args;
use homeroom_api::{
    AccessTokenSummary, OrganizationUserAccessTokenCreation, Scope, UserId, UserSigninLinkCreation,
};
use homeroom_client::{AccessTokenQuery, Client};

use crate::output::{Columns, Output, minute, minute_if};
use crate::remote::paging::Paging;
use crate::remote::words::one_of;

#[derive(Args)]
pub struct Token {
    /// Id of the user
    user: UserId,

    /// What the token may do, like `account.public_profile`; may be repeated (`--scope help` lists all)
    #[arg(long, required = true, value_delimiter = ',', hide_possible_values = true)]
    #[arg(value_parser = one_of(Scope::ALL, Scope::as_str))]
    scope: Vec<Scope>,
}

impl Token {
    pub async fn run(self, client: &Client, output: Output) -> Result<()> {
        let new = OrganizationUserAccessTokenCreation { scopes: self.scope };
        let token = client.users().create_access_token(&self.user, &new).await?;
        let end = token
            .expiration_date
            .map_or("until it is revoked".into(), |end| format!("until {}", minute(end)));
        let about = format!("Token {} for {}, {end}. It is shown this once:", token.id, token.scopes);
        output.value(&token, &token.token, &about)
    }
}

#[derive(Args)]
pub struct Tokens {
    /// Id of the user
    user: UserId,
    #[command(flatten)]
    paging: Paging,
}

const COLUMNS: &Columns<AccessTokenSummary> = &[
    ("Id", |token| token.id.to_string()),
    ("Name", |token| token.name.clone()),
    ("Begins with", |token| format!("hr_{}", token.prefix)),
    ("Made", |token| minute(token.issued_date)),
    ("Until", |token| minute_if(token.expiration_date)),
    ("Last used", |token| minute_if(token.last_usage)),
    ("Delegated", |token| if token.delegated { "yes".into() } else { "no".into() }),
    ("Scopes", |token| token.scopes.to_string()),
];

impl Tokens {
    pub async fn run(self, client: &Client, output: Output) -> Result<()> {
        let query = AccessTokenQuery {
            limit: Some(self.paging.page_size()),
            next: self.paging.next.clone(),
            previous: self.paging.previous.clone(),
        };
        let page = client.users().list_access_tokens(&self.user, &query).await?;
        output.list(&self.paging.collect(page).await?, COLUMNS)
    }
}

#[derive(Args)]
pub struct SigninLink {
    /// Id of the user
    user: UserId,

    /// Where the user goes once signed in: a path on this site [default: /]
    #[arg(long, value_name = "PATH")]
    destination_path: Option<String>,
}

impl SigninLink {
    pub async fn run(self, client: &Client, output: Output) -> Result<()> {
        let new = UserSigninLinkCreation { destination_path: self.destination_path };
        let link = client.users().create_signin_link(&self.user, &new).await?;
        let about = format!("Signs the user in once, until {}:", minute(link.expiration_date));
        output.value(&link, &link.url, &about)
    }
}
