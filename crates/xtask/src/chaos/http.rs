//! Requests to the server, and what came of them.

use std::time::Duration;

use anyhow::{Result, bail};
use reqwest::header::{LINK, RETRY_AFTER};
use reqwest::{Client, Method, Response};
use serde_json::Value;

/// Longer than the server lets a request take.
const TIMEOUT: Duration = Duration::from_secs(40);

/// A client with a connection of its own, as the admin of a school.
#[derive(Clone)]
pub struct Http {
    client: Client,
    url: String,
    token: String,
}

#[derive(Debug, Clone)]
pub enum Outcome {
    /// It was done.
    Done(Value),
    /// It was refused as one that can't be done: 4xx.
    Refused,
    /// 503, with `Retry-After`.
    Later,
    /// An answer that must never come: what it is.
    Wrong(String),
    /// No answer: what happened.
    Nothing(String),
}

impl Http {
    pub fn new(url: &str, token: &str) -> Result<Self> {
        let client = Client::builder().timeout(TIMEOUT).build()?;
        Ok(Self { client, url: url.to_owned(), token: token.to_owned() })
    }

    /// As [`Self::new`], with a new connection for each request.
    pub fn without_reuse(url: &str, token: &str) -> Result<Self> {
        let client = Client::builder().timeout(TIMEOUT).pool_max_idle_per_host(0).build()?;
        Ok(Self { client, ..Self::new(url, token)? })
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Outcome {
        match self.answer(method, path, body).await {
            Ok(answer) => outcome(answer).await,
            Err(error) => Outcome::Nothing(format!("{:#}", anyhow::Error::from(error))),
        }
    }

    async fn answer(&self, method: Method, path: &str, body: Option<Value>) -> reqwest::Result<Response> {
        let request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        match body {
            Some(body) => request.json(&body).send().await,
            None => request.send().await,
        }
    }

    /// Everything in a list, page by page.
    pub async fn list(&self, path: &str) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        let mut next = Some(format!("{}{path}", self.url));
        while let Some(address) = next {
            let answer = self.client.get(&address).bearer_auth(&self.token).send().await?;
            if !answer.status().is_success() {
                bail!("{path}: {}", answer.status());
            }
            next = next_page(&answer).map(|address| self.at(&address));
            found.extend(answer.json::<Vec<Value>>().await?);
        }
        Ok(found)
    }

    /// The public URL of a server may be another than where it listens.
    fn at(&self, address: &str) -> String {
        address
            .find("/v2/")
            .map_or_else(|| address.to_owned(), |path| format!("{}{}", self.url, &address[path..]))
    }
}

async fn outcome(answer: Response) -> Outcome {
    let status = answer.status().as_u16();
    let has_time = answer.headers().contains_key(RETRY_AFTER);
    match (status, answer.text().await) {
        (_, Err(error)) => Outcome::Wrong(format!("{status}, cut short: {error}")),
        (200..300, Ok(body)) => Outcome::Done(serde_json::from_str(&body).unwrap_or_default()),
        (400..500, Ok(_)) => Outcome::Refused,
        (503, Ok(_)) if has_time => Outcome::Later,
        (503, Ok(_)) => Outcome::Wrong("503 without Retry-After".to_owned()),
        (_, Ok(body)) => Outcome::Wrong(format!("{status} {body}")),
    }
}

fn next_page(answer: &Response) -> Option<String> {
    let links = answer.headers().get(LINK)?.to_str().ok()?;
    let next = links.split(", <").find(|link| link.contains("rel=\"next\""))?;
    Some(next.trim_start_matches('<').split('>').next()?.to_owned())
}
