//! Password hashes: argon2id with OWASP's parameters (19 MiB, two passes, one lane), on threads of their own.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
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
        let salt: [u8; 16] = self.random.bytes();
        self.run(move || hash(&password, &salt)).await?
    }

    /// Whether `password` is the one. Where there is none to compare with it takes as long, and is not.
    pub async fn verify(&self, password: SecretString, known: Option<PasswordHash>) -> Result<bool> {
        self.run(move || {
            let is_known = known.is_some();
            let hash = known.map_or_else(|| NOBODYS.to_owned(), |hash| hash.0);
            argon2().is_ok_and(|argon2| {
                argon2.verify_password(password.expose_secret().as_bytes(), hash.as_str()).is_ok()
            }) && is_known
        })
        .await
    }

    /// Work that takes long, in line with the hashes.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move || drop(answer.send(work())));
        self.jobs
            .try_send(job)
            .map_err(|_| Error::unavailable("too many passwords are waiting to be hashed"))?;
        answered.await.map_err(|_| Error::internal("a hashing thread stopped"))
    }
}

fn work(jobs: &Receiver<Job>) {
    let _ = rustix::process::setpriority_process(None, NICENESS); // on Linux: of this thread
    while let Ok(job) = jobs.recv() {
        job();
    }
}

/// A hash of no password that anybody knows, with the same parameters.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &SecretString, salt: &[u8]) -> Result<PasswordHash> {
    let hash = argon2()?.hash_password_with_salt(password.expose_secret().as_bytes(), salt);
    Ok(PasswordHash(hash.map_err(|error| Error::internal(error.to_string()))?.to_string()))
}

#[cfg(test)]
mod tests {
    use homeroom_api::ErrorCode;

    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_nobodys_takes_the_same_work() {
        let hasher = PasswordHasher::start(Random::seeded(1)).expect("threads");
        let known = hasher.hash("correct horse".into()).await.expect("a hash");
        assert!(hasher.verify("correct horse".into(), Some(known.clone())).await.expect("an answer"));
        assert!(!hasher.verify("wrong horse".into(), Some(known.clone())).await.expect("an answer"));
        assert!(!hasher.verify("correct horse".into(), None).await.expect("an answer"));
        let parameters = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parameters(NOBODYS), parameters(&known.0));
        assert!(argon2::PasswordHash::new(NOBODYS).is_ok());
    }

    #[tokio::test]
    async fn who_comes_to_a_full_line_is_told_when_to_come_back() {
        let (jobs, _waiting) = bounded(0);
        let hasher = PasswordHasher { jobs, random: Random::seeded(1) };
        let error = hasher.hash("correct horse".into()).await.expect_err("nobody takes it");
        assert_eq!((error.code, error.retry_after), (ErrorCode::Unavailable, Some(1)));
    }
}
