//! Certificates for the tests' PostgreSQL: an authority of its own, and a server whose name is `localhost`.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result};

use crate::postgres::{run, unprivileged};

const AUTHORITY: &str =
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Tests -keyout ca.key -out ca.pem";
const REQUEST: &str = "req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost
                       -keyout server.key -out server.csr";
const SIGNING: &str = "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2
                       -copy_extensions copy -out server.pem";

/// Writes `ca.pem`, `server.pem` and `server.key` into the server's folder.
pub fn make(folder: &Path) -> Result<()> {
    for arguments in [AUTHORITY, REQUEST, SIGNING] {
        let mut openssl = unprivileged(Path::new("openssl"));
        openssl.args(arguments.split_whitespace()).current_dir(folder).stderr(Stdio::null());
        run(&mut openssl).context("the certificates need openssl: apt-get install openssl")?;
    }
    Ok(())
}
