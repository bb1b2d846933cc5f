//! Whether and when a request is tried again.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};

use crate::Error;

/// The wait before the first retry; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(200);

#[derive(Debug, Clone)]
pub struct Retries {
    pub max: u32,
    pub max_wait: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self { max: 3, max_wait: Duration::from_mins(1) }
    }
}

impl Retries {
    /// How long to wait before trying again after `error`, or `None` to give up. `tries` counts the retries so far.
    pub fn wait(&self, method: &Method, error: &Error, tries: u32) -> Option<Duration> {
        if tries >= self.max || !may_repeat(method, error) {
            return None;
        }
        match error.headers().and_then(retry_after) {
            Some(wait) => (wait <= self.max_wait).then_some(wait),
            None => Some(back_off(tries).min(self.max_wait)),
        }
    }
}

/// A POST is repeated only after an error that means that nothing was done.
fn may_repeat(method: &Method, error: &Error) -> bool {
    let nothing_done = error.is_connect() || error.api().is_some_and(crate::ApiError::is_rate_limit);
    let passing =
        matches!(error, Error::Transport(_)) || error.status() == Some(StatusCode::SERVICE_UNAVAILABLE);
    nothing_done || (passing && method.is_idempotent())
}

#[expect(clippy::disallowed_methods, reason = "a client has no other clock")]
/// Seconds or a date (RFC 9110 §10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = text.parse().map(Duration::from_secs).ok();
    seconds.or_else(|| {
        let date = httpdate::parse_http_date(text).ok()?;
        Some(date.duration_since(SystemTime::now()).unwrap_or_default())
    })
}

/// Half of the doubled wait, and up to as much again by chance, so that clients that failed together don't come back
/// together.
fn back_off(tries: u32) -> Duration {
    let wait = FIRST_WAIT.saturating_mul(2u32.saturating_pow(tries));
    wait.mul_f64(rand::random_range(0.5..=1.0))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // dates are relative to now
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn headers(retry_after: &str) -> HeaderMap {
        HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(retry_after).unwrap())])
    }

    #[test]
    fn a_wait_is_read_from_seconds_or_a_date() {
        let later = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(90));
        let wait = retry_after(&headers(&later)).unwrap();
        assert!((85..=90).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(retry_after(&headers("7")), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(&headers("Thu, 01 Jan 1970 00:00:00 GMT")), Some(Duration::ZERO));
        assert_eq!(retry_after(&headers("soon")), None);
    }

    #[test]
    fn the_wait_doubles_within_its_jitter() {
        for tries in 0..40 {
            let whole = FIRST_WAIT.saturating_mul(2u32.saturating_pow(tries));
            let wait = back_off(tries);
            assert!(wait >= whole / 2 && wait <= whole, "{tries}: {wait:?}");
        }
    }
}
