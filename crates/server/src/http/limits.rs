//! Rate limits: so many requests an hour for each user, and for each address without a valid token. Each is a
//! bucket that refills evenly. They live in this process's memory: with several replicas each counts its own.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use homeroom_api::{ErrorCode, Timestamp};

use super::peer::limited;
use crate::Error;

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

pub struct RateLimits {
    users: Option<Limiter<Arc<str>>>,
    addresses: Option<Limiter<IpAddr>>,
}

/// What the limit says of one request.
pub struct Allowance {
    limit: u32,
    remaining: u32,
    /// Until the bucket is full again.
    full_in: Duration,
    /// Set: this request is over the limit, and when the next is not.
    retry_in: Option<Duration>,
}

impl RateLimits {
    /// Requests an hour; 0 is no limit.
    pub fn new(for_user: u32, for_address: u32) -> Self {
        Self { users: limiter(for_user), addresses: limiter(for_address) }
    }

    pub fn user(&self, user: &str) -> Option<Allowance> {
        self.users.as_ref().map(|limiter| check(limiter, &Arc::from(user)))
    }

    pub fn address(&self, address: IpAddr) -> Option<Allowance> {
        self.addresses.as_ref().map(|limiter| check(limiter, &limited(address)))
    }

    /// Forgets those whose buckets are full.
    pub fn forget_idle(&self) {
        self.users.iter().for_each(RateLimiter::retain_recent);
        self.addresses.iter().for_each(RateLimiter::retain_recent);
    }
}

fn limiter<K: Clone + Eq + std::hash::Hash>(per_hour: u32) -> Option<Limiter<K>> {
    let quota = Quota::per_hour(NonZeroU32::new(per_hour)?);
    Some(RateLimiter::dashmap(quota).with_middleware())
}

fn check<K: Clone + Eq + std::hash::Hash>(limiter: &Limiter<K>, key: &K) -> Allowance {
    let (quota, remaining, retry_in) = match limiter.check_key(key) {
        Ok(state) => (state.quota(), state.remaining_burst_capacity(), None),
        Err(not_until) => {
            (not_until.quota(), 0, Some(not_until.wait_time_from(DefaultClock::default().now())))
        }
    };
    let limit = quota.burst_size().get();
    Allowance { limit, remaining, full_in: quota.replenish_interval() * (limit - remaining), retry_in }
}

impl Allowance {
    pub fn exceeded(&self) -> Option<Error> {
        let seconds = self.retry_in?.as_secs() + 1;
        let message =
            format!("Too many requests: {} an hour are allowed. Try again in {seconds} s.", self.limit);
        Some(Error { retry_after: Some(seconds), ..Error::new(ErrorCode::ApiRateLimitExceeded, message) })
    }

    /// Adds `X-RateLimit-Limit`, `-Remaining` and `-Reset` (Unix seconds at which the allowance is whole again).
    pub fn write(&self, headers: &mut HeaderMap, now: Timestamp) {
        let reset = (now + self.full_in).as_millis().div_euclid(1000) + 1;
        headers.insert("x-ratelimit-limit", HeaderValue::from(self.limit));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(self.remaining));
        headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
    }
}
