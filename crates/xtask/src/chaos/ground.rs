//! Where a part runs: the program, a folder, a database of its own.

use std::path::Path;

use anyhow::{Context as _, Result};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::database::{Database, Engine, connect};
use crate::homeroom::{Homeroom, School, Server};
use crate::postgres::Postgres;

pub struct Ground<'a> {
    pub homeroom: &'a Homeroom,
    pub folder: &'a Path,
    /// Absent: the parts run on SQLite.
    pub postgres: Option<&'a Postgres>,
    pub seed: u64,
    pub rounds: u32,
}

/// A school on a running server.
pub struct Running {
    pub database: Database,
    pub school: School,
    pub server: Server,
}

impl Ground<'_> {
    pub const fn engine(&self) -> Engine {
        match self.postgres {
            None => Engine::Sqlite,
            Some(_) => Engine::Postgres,
        }
    }

    pub fn postgres(&self) -> Result<&Postgres> {
        self.postgres.context("this part is PostgreSQL's")
    }

    /// A source of choices: the same for the same seed and name.
    pub fn random(&self, name: &str) -> StdRng {
        let name = name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        StdRng::seed_from_u64(self.seed ^ (name << 20))
    }

    /// An empty database.
    pub async fn database(&self, name: &str) -> Result<Database> {
        let Some(postgres) = self.postgres else {
            return Ok(Database::Sqlite(self.folder.join(name).with_extension("db")));
        };
        connect(&postgres.url()).await?.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        Ok(Database::Postgres(postgres.url_of(name)))
    }

    pub fn school(&self, database: &Database, name: &str) -> Result<School> {
        self.homeroom.school(&database.url(), name)
    }

    pub fn serve(&self, database: &Database) -> Result<Server> {
        self.homeroom.serve(&database.url(), &[])
    }

    pub async fn running(&self, name: &str) -> Result<Running> {
        let database = self.database(name).await?;
        let school = self.school(&database, name)?;
        let server = self.serve(&database)?;
        Ok(Running { database, school, server })
    }
}
