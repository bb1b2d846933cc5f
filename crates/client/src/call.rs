//! Calls: operations that have not been sent yet.

use std::future::IntoFuture;
use std::pin::Pin;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::request::{Answer, Request};
use crate::{Client, Result};

/// An operation, sent when it is awaited.
///
/// ```no_run
/// # use homeroom_client::{Client, Result};
/// # async fn example(client: Client) -> Result<()> {
/// let me = client.me().await?;
///
/// let response = client.me().response().await?;
/// let left = response.headers.get("x-ratelimit-remaining");
/// println!("{} {}, {left:?} requests left", response.status, response.value.username);
/// # Ok(()) }
/// ```
#[must_use = "a call is sent when it is awaited"]
pub struct Call<T> {
    client: Client,
    request: Result<Request>,
    read: fn(&Client, &Answer) -> Result<T>,
}

/// A value and the answer that it came in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub value: T,
}

impl<T> Call<T> {
    pub(crate) fn new(
        client: &Client,
        request: Result<Request>,
        read: fn(&Client, &Answer) -> Result<T>,
    ) -> Self {
        Self { client: client.clone(), request, read }
    }

    /// Sends the request and gives the value with the status and headers of its answer.
    pub async fn response(self) -> Result<Response<T>> {
        let answer = self.request?.send(&self.client).await?;
        let value = (self.read)(&self.client, &answer)?;
        Ok(Response { status: answer.status, headers: answer.headers, value })
    }
}

impl<T: 'static> IntoFuture for Call<T> {
    type Output = Result<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { Ok(self.response().await?.value) })
    }
}
