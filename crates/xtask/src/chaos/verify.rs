//! That everything acknowledged is there: through the API, as its clients see it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::http::Http;
use super::ledger::Ledger;
use crate::homeroom::{School, Server};

/// Every acknowledged write of `ledger` is there, in the state that it was left in.
pub async fn all_there(server: &Server, school: &School, ledger: &Ledger) -> Result<()> {
    let http = Http::new(&server.url(), &school.token)?;
    invitations(&http, ledger).await?;
    users(&http, ledger).await?;
    tokens(&http, ledger).await
}

async fn invitations(http: &Http, ledger: &Ledger) -> Result<()> {
    let open = by_id(http.list("/v2/organizations/invitations?limit=1000&status=open").await?);
    let revoked = by_id(http.list("/v2/organizations/invitations?limit=1000&status=revoked").await?);
    for (id, email) in &ledger.invited {
        let is_open = open.get(id);
        let found = is_open.or_else(|| revoked.get(id));
        let found = found.with_context(|| format!("the invitation {id} was acknowledged and is gone"))?;
        ensure!(found["email"] == email.as_str(), "the invitation {id} lost its address");
        let code = ledger.codes.get(id).map(String::as_str);
        let has_code = is_open.is_none_or(|open| code.is_none() || open["customCode"].as_str() == code);
        ensure!(has_code, "the code of {id} was acknowledged and is another one");
        let may_be_open = !ledger.revoked.contains(id);
        ensure!(is_open.is_none() || may_be_open, "the revocation of {id} was acknowledged and is gone");
        let must_be_open = may_be_open && !ledger.perhaps_revoked.contains(id);
        ensure!(is_open.is_some() || !must_be_open, "the invitation {id} was revoked by nobody");
    }
    Ok(())
}

async fn users(http: &Http, ledger: &Ledger) -> Result<()> {
    let there = by_id(http.list("/v2/organizations/users?limit=1000").await?);
    for (id, may_be) in &ledger.users {
        let Some(user) = there.get(id) else {
            let is_asked = ledger.removed.contains(id) || ledger.perhaps_removed.contains(id);
            ensure!(is_asked, "the user {id} was acknowledged and is gone");
            continue;
        };
        ensure!(!ledger.removed.contains(id), "the removal of {id} was acknowledged and is gone");
        let lastname = user["lastname"].as_str().unwrap_or_default();
        ensure!(may_be.iter().any(|name| name == lastname), "{id} is called {lastname}, none of {may_be:?}");
    }
    Ok(())
}

async fn tokens(http: &Http, ledger: &Ledger) -> Result<()> {
    let mut of_user: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (token, user) in &ledger.tokens {
        if !ledger.removed.contains(user) && !ledger.perhaps_removed.contains(user) {
            of_user.entry(user).or_default().push(token);
        }
    }
    for (user, tokens) in of_user {
        let path = format!("/v2/organizations/users/{user}/accessTokens?limit=1000");
        let there = by_id(http.list(&path).await?);
        for token in tokens {
            ensure!(there.contains_key(token), "the token {token} was acknowledged and is gone");
        }
    }
    Ok(())
}

fn by_id(items: Vec<Value>) -> BTreeMap<String, Value> {
    items.into_iter().filter_map(|item| Some((item["id"].as_str()?.to_owned(), item))).collect()
}
