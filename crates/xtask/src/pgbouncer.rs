//! pgbouncer before the tests' PostgreSQL: it hands out another connection for each transaction.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::postgres::{Postgres, install_package, unprivileged};

/// Ends it when dropped.
pub struct Pgbouncer {
    child: Child,
    port: u16,
}

impl Pgbouncer {
    /// Starts it; nothing, where there is none and none can be installed.
    pub fn start(server: &Postgres) -> Result<Option<Self>> {
        let Some(program) = find().or_else(|| install_package("pgbouncer").ok().and_then(|()| find())) else {
            return Ok(None);
        };
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let settings = server.folder().join("pgbouncer.ini");
        fs::write(&settings, text(server.port(), port))?;
        let log = fs::File::create(server.folder().join("pgbouncer.log"))?;
        let child = unprivileged(&program).arg(&settings).stdin(Stdio::null()).stderr(log).spawn()?;
        let started = Self { child, port };
        started.wait()?;
        Ok(Some(started))
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&self) -> Result<()> {
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("pgbouncer does not answer")
    }
}

/// Few connections for each database, which go soon: each test has a database of its own.
fn text(server: u16, port: u16) -> String {
    format!(
        "[databases]
* = host=127.0.0.1 port={server} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 900
server_idle_timeout = 1
"
    )
}

fn find() -> Option<PathBuf> {
    ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"]
        .map(Path::new)
        .into_iter()
        .find(|p| p.exists())
        .map(Into::into)
}

impl Drop for Pgbouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
