//! Writers that make, change and end things at random, and record what they were told is done; and readers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::http::{Http, Outcome};
use super::ledger::Ledger;
use crate::homeroom::School;

const USERS: &str = "/v2/organizations/users";
const INVITATIONS: &str = "/v2/organizations/invitations";
/// After a refusal for now: `Retry-After` is longer, but these shall press.
const PAUSE: Duration = Duration::from_millis(20);

pub struct Load {
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<Ledger>>,
}

impl Load {
    /// Starts `writers` and `readers` on the server at `url`. The names that they make begin with `name`.
    pub fn start(
        url: &str,
        school: &School,
        name: &str,
        seed: u64,
        writers: u64,
        readers: u64,
    ) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = Vec::new();
        for number in 0..writers {
            let random = StdRng::seed_from_u64(seed.wrapping_mul(1009).wrapping_add(number));
            let http = Http::new(url, &school.token)?;
            let writer =
                Writer { http, random, name: format!("{name}-{number}"), made: 0, ledger: Ledger::default() };
            tasks.push(tokio::spawn(writer.run(stop.clone())));
        }
        for _ in 0..readers {
            tasks.push(tokio::spawn(read(Http::new(url, &school.token)?, stop.clone())));
        }
        Ok(Self { stop, tasks })
    }

    /// Lets each end its request; what they were told.
    pub async fn stop(self) -> Result<Ledger> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Ledger::default();
        for task in self.tasks {
            all.merge(task.await?);
        }
        Ok(all)
    }
}

async fn read(http: Http, stop: Arc<AtomicBool>) -> Ledger {
    let mut ledger = Ledger::default();
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        let outcome = http.send(Method::GET, USERS, None).await;
        ledger.note(began, &outcome);
        let pause = if matches!(outcome, Outcome::Done(_)) { PAUSE / 4 } else { PAUSE };
        tokio::time::sleep(pause).await;
    }
    ledger
}

struct Writer {
    http: Http,
    random: StdRng,
    name: String,
    made: u32,
    ledger: Ledger,
}

impl Writer {
    async fn run(mut self, stop: Arc<AtomicBool>) -> Ledger {
        while !stop.load(Ordering::Relaxed) {
            match self.random.random_range(0..100) {
                0..50 => self.invite().await,
                50..60 => self.revoke().await,
                60..65 => self.resend().await,
                65..70 => self.revoke_again().await,
                70..80 => self.delegate().await,
                80..90 => self.rename().await,
                90..94 => self.remove().await,
                _ => self.create().await,
            }
        }
        self.ledger
    }

    async fn invite(&mut self) {
        let email = format!("{}@school.example", self.new_name());
        let body = json!({ "email": email, "organizationRole": "teacher" });
        if let Outcome::Done(made) = self.send(Method::POST, INVITATIONS, Some(body)).await {
            self.ledger.invited.insert(id(&made), email);
            self.ledger.codes.insert(id(&made), code(&made));
        }
    }

    /// One that this writer made and did not touch since in a way that may have closed it.
    fn open_invitation(&self) -> Option<String> {
        let Ledger { invited, revoked, perhaps_revoked, .. } = &self.ledger;
        let is_open = |id: &&String| !revoked.contains(*id) && !perhaps_revoked.contains(*id);
        invited.keys().rev().find(is_open).cloned()
    }

    async fn resend(&mut self) {
        let Some(id) = self.open_invitation() else { return self.invite().await };
        match self.send(Method::POST, &format!("{INVITATIONS}/{id}/resend"), None).await {
            Outcome::Done(made) => drop(self.ledger.codes.insert(id, code(&made))),
            _ => drop(self.ledger.codes.remove(&id)),
        }
    }

    async fn revoke(&mut self) {
        let Some(id) = self.open_invitation() else { return self.invite().await };
        match self.send(Method::DELETE, &format!("{INVITATIONS}/{id}"), None).await {
            Outcome::Done(_) => drop(self.ledger.revoked.insert(id)),
            _ => drop(self.ledger.perhaps_revoked.insert(id)),
        }
    }

    /// A neighbour in the group commit that is rolled back.
    async fn revoke_again(&mut self) {
        let Some(id) = self.ledger.revoked.last().cloned() else { return self.revoke().await };
        let outcome = self.send(Method::DELETE, &format!("{INVITATIONS}/{id}"), None).await;
        if matches!(outcome, Outcome::Done(_)) {
            let now = Instant::now();
            self.ledger.note(now, &Outcome::Wrong(format!("{id} was revoked twice")));
        }
    }

    async fn create(&mut self) {
        let name = self.new_name();
        let body = json!({ "username": name, "password": "correct horse", "lastname": "0" });
        if let Outcome::Done(made) = self.send(Method::POST, USERS, Some(body)).await {
            self.ledger.users.insert(id(&made), vec!["0".to_owned()]);
        }
    }

    async fn delegate(&mut self) {
        let Some(user) = self.any_user() else { return self.invite().await };
        let body = json!({ "scopes": ["account.public_profile"] });
        let made = self.send(Method::POST, &format!("{USERS}/{user}/accessToken"), Some(body)).await;
        if let Outcome::Done(made) = made {
            self.ledger.tokens.insert(id(&made), user);
        }
    }

    async fn rename(&mut self) {
        let Some(user) = self.any_user() else { return self.invite().await };
        self.made += 1;
        let lastname = self.made.to_string();
        let body = json!({ "lastname": lastname });
        let outcome = self.send(Method::PUT, &format!("{USERS}/{user}"), Some(body)).await;
        let may_be = self.ledger.users.entry(user).or_default();
        match outcome {
            Outcome::Done(_) => *may_be = vec![lastname],
            _ => may_be.push(lastname),
        }
    }

    async fn remove(&mut self) {
        let Some(user) = self.any_user() else { return self.invite().await };
        match self.send(Method::DELETE, &format!("{USERS}/{user}"), None).await {
            Outcome::Done(_) => drop(self.ledger.removed.insert(user)),
            _ => drop(self.ledger.perhaps_removed.insert(user)),
        }
    }

    /// One of the users that this writer made and did not touch since in a way that may have removed them.
    fn any_user(&mut self) -> Option<String> {
        let Ledger { users, removed, perhaps_removed, .. } = &self.ledger;
        let there: Vec<&String> = users
            .keys()
            .filter(|user| !removed.contains(*user) && !perhaps_removed.contains(*user))
            .collect();
        if there.is_empty() {
            return None;
        }
        Some(there[self.random.random_range(0..there.len())].clone())
    }

    fn new_name(&mut self) -> String {
        self.made += 1;
        format!("{}-{}", self.name, self.made)
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Outcome {
        let began = Instant::now();
        let outcome = self.http.send(method, path, body).await;
        self.ledger.note(began, &outcome);
        if matches!(outcome, Outcome::Later | Outcome::Nothing(_)) {
            tokio::time::sleep(PAUSE).await;
        }
        outcome
    }
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap_or_default().to_owned()
}

fn code(made: &Value) -> String {
    made["customCode"].as_str().unwrap_or_default().to_owned()
}
