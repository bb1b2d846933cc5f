//! How mails leave.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::Args;
use homeroom_server::config::{self, Mailbox, Smtp};
use serde::Deserialize;

use super::given;

/// How mails leave.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[expect(clippy::struct_field_names, reason = "they are the names of the settings")]
#[serde(rename_all = "kebab-case", default)]
pub struct Mail {
    /// The mail server: smtps://USER:PASSWORD@HOST, or smtp://… with STARTTLS; better given as the variable, because
    /// other users of this machine see arguments [default: none, and mails are kept]
    #[arg(long, env = "HOMEROOM_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// A file of certificates (PEM) that the mail server's may come from, beside the system's [default: none]
    #[arg(long, env = "HOMEROOM_SMTP_CA", value_name = "FILE")]
    pub smtp_ca: Option<PathBuf>,
    /// Whom mails come from [default: homeroom@ and the host of the public URL]
    #[arg(long, env = "HOMEROOM_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
}

impl Mail {
    pub fn or(self, file: Self) -> Self {
        Self {
            smtp_url: given(self.smtp_url, file.smtp_url),
            smtp_ca: self.smtp_ca.or(file.smtp_ca),
            mail_from: given(self.mail_from, file.mail_from),
        }
    }

    pub fn smtp(&self) -> Result<Option<Smtp>> {
        let Some(url) = &self.smtp_url else { return Ok(None) };
        let mut smtp: Smtp = url.parse().map_err(|error| anyhow!("--smtp-url: {error}"))?;
        if let Some(file) = self.smtp_ca.as_ref().filter(|file| !file.as_os_str().is_empty()) {
            let read = std::fs::read(file);
            smtp.authority = Some(read.map_err(|error| {
                anyhow!(
                    "--smtp-ca: {} can't be read ({error}): name a file of certificates in PEM",
                    file.display()
                )
            })?);
        }
        Ok(Some(smtp))
    }

    pub fn from(&self) -> Result<Option<Mailbox>> {
        let Some(from) = &self.mail_from else { return Ok(None) };
        let from = config::mailbox(from).ok_or_else(|| {
            anyhow!("--mail-from: `{from}` is not like homeroom@school.example or 'North Hill <homeroom@school.example>'")
        })?;
        Ok(Some(from))
    }
}
