//! An open loop: so many requests a second, whether or not the earlier ones have been answered. A latency counts
//! from when the request was due, so that a server that stalls is not asked less.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::Args;

/// Ask at a steady rate; prints the 99th percentile of the latency in milliseconds
#[derive(Args)]
pub struct Probe {
    #[arg(long)]
    url: String,
    #[arg(long)]
    token: String,
    #[arg(long)]
    path: String,
    #[arg(long, default_value_t = 50)]
    rate: u32,
    #[arg(long, default_value_t = 5)]
    seconds: u32,
}

impl Probe {
    pub async fn run(self) -> Result<()> {
        let client = reqwest::Client::builder().no_gzip().build()?;
        let (url, pause) = (format!("{}{}", self.url, self.path), Duration::from_secs(1) / self.rate);
        let mut due = Instant::now();
        let mut asked = Vec::new();
        for _ in 0..self.rate * self.seconds {
            tokio::time::sleep_until(due.into()).await;
            let request = client.get(&url).bearer_auth(&self.token);
            asked.push(tokio::spawn(async move {
                let answer = request.send().await?;
                ensure!(answer.status().is_success(), "the server answered {}", answer.status());
                answer.bytes().await?;
                Ok(due.elapsed())
            }));
            due += pause;
        }
        let mut times = Vec::new();
        for answer in asked {
            times.push(answer.await??.as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        println!("{:.2}", times.get(times.len() * 99 / 100).context("nothing was asked")?);
        Ok(())
    }
}
