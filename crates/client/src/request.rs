//! Sending: addresses, bodies, the token, retries, and reading answers.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use reqwest::{Method, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::query::Query;
use crate::{ApiError, Call, Client, Error, Page, Result};

pub struct Request {
    pub method: Method,
    pub url: Url,
    pub body: Option<Body>,
}

pub struct Body {
    pub kind: &'static str,
    pub bytes: Vec<u8>,
}

const JSON: &str = "application/json";
const FILE: &str = "application/octet-stream";

/// A successful answer, read to its end.
pub struct Answer {
    /// The address that was asked.
    pub url: Url,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Client {
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &[&str], query: &Query) -> Call<T> {
        Call::new(self, self.request(Method::GET, path, query), json)
    }

    /// A file.
    pub(crate) fn bytes(&self, path: &[&str]) -> Call<Vec<u8>> {
        Call::new(self, self.request(Method::GET, path, &Query::none()), |_, answer| Ok(answer.body.clone()))
    }

    pub(crate) fn page<T: DeserializeOwned>(&self, path: &[&str], query: &Query) -> Call<Page<T>> {
        Call::new(self, self.request(Method::GET, path, query), Page::read)
    }

    pub(crate) fn post<T: DeserializeOwned>(&self, path: &[&str], body: &impl Serialize) -> Call<T> {
        self.post_to(path, &Query::none(), body)
    }

    pub(crate) fn post_to<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &Query,
        body: &impl Serialize,
    ) -> Call<T> {
        Call::new(self, self.request_with_body(Method::POST, path, query, body), json)
    }

    /// Sends a file as it is.
    pub(crate) fn upload<T: DeserializeOwned>(&self, path: &[&str], file: Vec<u8>) -> Call<T> {
        let request = self.request(Method::PUT, path, &Query::none());
        Call::new(
            self,
            request.map(|request| Request { body: Some(Body { kind: FILE, bytes: file }), ..request }),
            json,
        )
    }

    /// Reads a file as it is.
    pub(crate) fn download(&self, path: &[&str], query: &Query) -> Call<Vec<u8>> {
        Call::new(self, self.request(Method::GET, path, query), |_, answer| Ok(answer.body.clone()))
    }

    pub(crate) fn put<T: DeserializeOwned>(&self, path: &[&str], body: &impl Serialize) -> Call<T> {
        self.put_to(path, &Query::none(), body)
    }

    pub(crate) fn put_to<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &Query,
        body: &impl Serialize,
    ) -> Call<T> {
        Call::new(self, self.request_with_body(Method::PUT, path, query, body), json)
    }

    /// Sends no body and expects none.
    pub(crate) fn tell(&self, method: Method, path: &[&str], query: &Query) -> Call<()> {
        Call::new(self, self.request(method, path, query), |_, _| Ok(()))
    }

    pub(crate) fn delete(&self, path: &[&str], query: &Query) -> Call<()> {
        self.tell(Method::DELETE, path, query)
    }

    /// A `DELETE` that answers with what is left.
    pub(crate) fn delete_for<T: DeserializeOwned>(&self, path: &[&str]) -> Call<T> {
        Call::new(self, self.request(Method::DELETE, path, &Query::none()), json)
    }

    fn request(&self, method: Method, path: &[&str], query: &Query) -> Result<Request> {
        let mut url = self.address(path)?;
        url.set_query(query.encode().as_deref());
        Ok(Request { method, url, body: None })
    }

    fn request_with_body(
        &self,
        method: Method,
        path: &[&str],
        query: &Query,
        body: &impl Serialize,
    ) -> Result<Request> {
        let body = serde_json::to_vec(body).map_err(|error| Error::Setting(format!("not JSON: {error}")))?;
        Ok(Request { body: Some(Body { kind: JSON, bytes: body }), ..self.request(method, path, query)? })
    }

    /// The base and `path`, whose parts are percent-encoded.
    fn address(&self, path: &[&str]) -> Result<Url> {
        // A URL drops these parts, so that the request would mean something else.
        if let Some(part) = path.iter().find(|part| matches!(**part, "" | "." | "..")) {
            return Err(Error::Setting(format!("`{part}` can't be an id")));
        }
        let mut url = self.base().clone();
        let mut parts =
            url.path_segments_mut().map_err(|()| Error::Setting("the base URL has no path".to_owned()))?;
        parts.extend(path);
        drop(parts);
        Ok(url)
    }
}

impl Request {
    /// Sends until there is an answer or an error that is not worth another try.
    pub async fn send(&self, client: &Client) -> Result<Answer> {
        let mut tries = 0;
        loop {
            let error = match self.send_once(client).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(wait) = client.retries().wait(&self.method, &error, tries) else { return Err(error) };
            tokio::time::sleep(wait).await;
            tries += 1;
        }
    }

    async fn send_once(&self, client: &Client) -> Result<Answer> {
        let response = self.build(client).send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await?;
        if !status.is_success() {
            return Err(Error::Api(Box::new(ApiError::read(status, headers, &body))));
        }
        Ok(Answer { url: self.url.clone(), status, headers, body: body.into() })
    }

    fn build(&self, client: &Client) -> reqwest::RequestBuilder {
        let mut request = client.http().request(self.method.clone(), self.url.clone());
        request = request.header(ACCEPT, "application/json");
        if let Some(token) = client.token() {
            request = request.header(AUTHORIZATION, token);
        }
        if let Some(body) = &self.body {
            request = request.header(CONTENT_TYPE, body.kind).body(body.bytes.clone());
        }
        request
    }
}

fn json<T: DeserializeOwned>(_: &Client, answer: &Answer) -> Result<T> {
    answer.json()
}

impl Answer {
    /// The value of the body. `204 No Content` is `()`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let body = if self.status == StatusCode::NO_CONTENT { b"null" } else { &*self.body };
        serde_json::from_slice(body).map_err(|source| Error::Decode {
            status: self.status,
            headers: self.headers.clone(),
            source,
        })
    }
}
