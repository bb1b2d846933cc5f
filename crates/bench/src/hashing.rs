//! How many passwords the cores can hash, with nothing around it.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use clap::Args;

/// Hash passwords on all cores; prints how many a second
#[derive(Args)]
pub struct Hashing {
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

impl Hashing {
    pub fn run(self) -> Result<()> {
        let cores = std::thread::available_parallelism()?.get();
        let until = Instant::now() + Duration::from_secs(self.seconds);
        let hashed: u64 = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..cores).map(|_| scope.spawn(move || hash_until(until))).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().map_err(|_| anyhow!("a thread ended"))?)
                .sum::<Result<u64>>()
        })?;
        println!("{:.1}", hashed as f64 / self.seconds as f64);
        Ok(())
    }
}

/// With the server's parameters, which stand in its `crypto/password.rs`.
fn hash_until(until: Instant) -> Result<u64> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| anyhow!("{error}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hashed = 0;
    while Instant::now() < until {
        argon2.hash_password_with_salt(b"correct horse", &[7; 16]).map_err(|error| anyhow!("{error}"))?;
        hashed += 1;
    }
    Ok(hashed)
}
