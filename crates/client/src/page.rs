//! Pages of lists.

use futures_util::stream::{self, BoxStream, StreamExt};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode, Url};
use serde::de::DeserializeOwned;

use crate::request::{Answer, Request};
use crate::{Call, Client, Result, link};

/// One page of a list, and the way to its neighbours.
///
/// ```no_run
/// # use homeroom_client::{Client, Result, UserQuery};
/// # async fn example(client: Client) -> Result<()> {
/// let mut page = client.users().list(&UserQuery::default()).await?;
/// while let Some(next) = page.next().await? {
///     println!("{} more", next.items.len());
///     page = next;
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<T>,
    client: Client,
    status: StatusCode,
    headers: HeaderMap,
    next: Option<Url>,
    previous: Option<Url>,
}

impl<T> Page<T> {
    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }

    pub fn has_previous(&self) -> bool {
        self.previous.is_some()
    }

    /// The cursor of the next page, to be kept and put into a query later.
    pub fn next_cursor(&self) -> Option<String> {
        cursor(self.next.as_ref()?, "next")
    }

    /// The cursor of the previous page, to be kept and put into a query later.
    pub fn previous_cursor(&self) -> Option<String> {
        cursor(self.previous.as_ref()?, "previous")
    }
}

impl<T: DeserializeOwned> Page<T> {
    /// Fetches the next page. `None` if this is the last one.
    pub async fn next(&self) -> Result<Option<Self>> {
        fetch(&self.client, self.next.clone()).await
    }

    /// Fetches the previous page. `None` if this is the first one.
    pub async fn previous(&self) -> Result<Option<Self>> {
        fetch(&self.client, self.previous.clone()).await
    }

    pub(crate) fn read(client: &Client, answer: &Answer) -> Result<Self> {
        Ok(Self {
            items: answer.json()?,
            client: client.clone(),
            status: answer.status,
            headers: answer.headers.clone(),
            next: neighbour(answer, "next"),
            previous: neighbour(answer, "previous"),
        })
    }
}

impl<T: DeserializeOwned + Send + 'static> Page<T> {
    /// All items of this and the following pages, which are fetched when they are needed. It ends with the first
    /// error.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, UserQuery};
    /// use futures_util::TryStreamExt;
    /// # async fn example(client: Client) -> Result<()> {
    /// let query = UserQuery { limit: Some(1000), ..Default::default() };
    /// let everybody: Vec<_> = client.users().list(&query).await?.into_stream().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn into_stream(self) -> BoxStream<'static, Result<T>> {
        let Self { items, client, next, .. } = self;
        let state = (client, items.into_iter(), next);
        stream::try_unfold(state, |(client, mut items, mut next)| async move {
            loop {
                if let Some(item) = items.next() {
                    return Ok(Some((item, (client, items, next))));
                }
                let Some(page) = fetch::<T>(&client, next).await? else { return Ok(None) };
                (items, next) = (page.items.into_iter(), page.next);
            }
        })
        .boxed()
    }
}

async fn fetch<T: DeserializeOwned>(client: &Client, url: Option<Url>) -> Result<Option<Page<T>>> {
    let Some(url) = url else { return Ok(None) };
    let request = Request { method: Method::GET, url, body: None };
    let page = Call::new(client, Ok(request), Page::read).response().await?;
    Ok(Some(page.value))
}

/// Where a neighbour is: the address that was asked, with the query of the link. The rest of the link is not trusted
/// with the token, and a server behind a proxy may not know its own address.
fn neighbour(answer: &Answer, rel: &str) -> Option<Url> {
    let target = answer.url.join(link::find(&answer.headers, rel)?).ok()?;
    let mut url = answer.url.clone();
    url.set_query(Some(target.query()?));
    Some(url)
}

fn cursor(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
