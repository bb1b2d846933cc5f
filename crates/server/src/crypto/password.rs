//! Password hashes: argon2id with OWASP's parameters (19 MiB, two passes, one lane), on threads of their own.

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use crossbeam_channel::{Receiver, Sender, bounded};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::oneshot;

use crate::random::Random;
use crate::{Error, Result};

/// How many wait in line before new ones are told to come back.
const WAITING: usize = 256;

/// Hashing gives way to everything else: lists stay quick while a school is being imported.
const NICENESS: i32 = 10;

/// A password's hash, in PHC format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

type Job = Box<dyn FnOnce() + Send>;

/// The hashing threads, one for each core.
#[derive(Clone)]
pub struct PasswordHasher {
    jobs: Sender<Job>,
    random: Random,
}

impl PasswordHasher {
    pub fn start(random: Random) -> Result<Self> {
        let (jobs, waiting) = bounded(WAITING);
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            let waiting = waiting.clone();
            std::thread::Builder::new()
                .name("argon2".to_owned())
                .spawn(move || work(&waiting))
                .map_err(|error| Error::internal(error.to_string()))?;
        }
        Ok(Self { jobs, random })
    }

    pub async fn hash(&self, password: SecretString) -> Result<PasswordHash> {
        let (answer, answered) = oneshot::channel();
        let salt: [u8; 16] = self.random.bytes();
        let job: Job = Box::new(move || drop(answer.send(hash(&password, &salt))));
        self.jobs
            .try_send(job)
            .map_err(|_| Error::unavailable("too many passwords are waiting to be hashed"))?;
        answered.await.map_err(|_| Error::internal("a hashing thread stopped"))?
    }
}

fn work(jobs: &Receiver<Job>) {
    let _ = rustix::process::setpriority_process(None, NICENESS); // on Linux: of this thread
    while let Ok(job) = jobs.recv() {
        job();
    }
}

fn hash(password: &SecretString, salt: &[u8]) -> Result<PasswordHash> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| Error::internal(error.to_string()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password_with_salt(password.expose_secret().as_bytes(), salt);
    Ok(PasswordHash(hash.map_err(|error| Error::internal(error.to_string()))?.to_string()))
}

#[cfg(test)]
mod tests {
    use homeroom_api::ErrorCode;

    use super::*;

    #[tokio::test]
    async fn who_comes_to_a_full_line_is_told_when_to_come_back() {
        let (jobs, _waiting) = bounded(0);
        let hasher = PasswordHasher { jobs, random: Random::seeded(1) };
        let error = hasher.hash("correct horse".into()).await.expect_err("nobody takes it");
        assert_eq!((error.code, error.retry_after), (ErrorCode::Unavailable, Some(1)));
    }
}
