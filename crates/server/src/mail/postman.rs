//! Handing mails in by SMTP.

use std::time::Duration;

use lettre::Message;
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::{Error as SmtpError, response::Response};
use secrecy::ExposeSecret as _;

use super::sender::{host_of, sender};
use super::worker::LEASE;
use crate::config::{Security, Settings, Smtp};
use crate::{Error, Result};

/// How long the server may take for one step.
const STEP: Duration = Duration::from_secs(30);

/// How long it may take to say goodbye: the mails have been taken by then.
const GOODBYE: Duration = Duration::from_secs(2);

/// Who hands mails in, and where.
pub struct Postman {
    smtp: Smtp,
    tls: Option<TlsParameters>,
    hello: ClientId,
    pub from: Mailbox,
    /// The right side of every `Message-ID`.
    pub host: String,
}

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub text: String,
    pub lasts: Lasts,
}

/// Whether it is worth trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    ForNow,
    ForEver,
}

impl Failure {
    pub fn for_now(text: impl Into<String>) -> Self {
        Self { text: text.into(), lasts: Lasts::ForNow }
    }

    pub fn for_ever(text: impl Into<String>) -> Self {
        Self { text: text.into(), lasts: Lasts::ForEver }
    }

    /// What went wrong before the server heard of the mail: the settings or the network, not the mail.
    fn before(what: &str, error: &SmtpError) -> Self {
        Self::for_now(format!("{what}: {}", describe(error)))
    }

    /// What the server said to a step of the mail itself.
    fn at(step: &str, error: &SmtpError) -> Self {
        let text = format!("{step}: {}", describe(error));
        if error.is_permanent() { Self::for_ever(text) } else { Self::for_now(text) }
    }

    /// What the server said to the recipient. That we may not send through it (RFC 3463: 5.7) is a matter of the
    /// settings, and would be said to every mail.
    fn at_recipient(error: &SmtpError) -> Self {
        let failure = Self::at("RCPT TO", error);
        if failure.text.contains(" 5.7.") { Self::for_now(failure.text) } else { failure }
    }
}

/// A connection on which one mail after another is handed in. Dropped as soon as anything goes wrong with one.
pub struct Connection(AsyncSmtpConnection);

impl Postman {
    /// Nobody where no server is set.
    pub fn of(settings: &Settings) -> Result<Option<Self>> {
        let Some(smtp) = settings.smtp.clone() else { return Ok(None) };
        let tls = match smtp.security {
            Security::Plain => None,
            Security::Tls | Security::StartTls => Some(tls(&smtp)?),
        };
        let host = host_of(&settings.public_url);
        let (hello, from) = (ClientId::Domain(host.clone()), sender(settings, &smtp)?);
        Ok(Some(Self { smtp, tls, hello, from, host }))
    }

    /// The mail server, for people.
    pub fn server(&self) -> String {
        self.smtp.to_string()
    }

    /// Whether the server lets us in.
    pub async fn check(&self) -> Result<(), Failure> {
        let connected = tokio::time::timeout(self.limit(), self.connect()).await;
        connected.unwrap_or_else(|_| Err(self.late()))?.close().await;
        Ok(())
    }

    pub fn late(&self) -> Failure {
        Failure::for_now(format!("the mail server took longer than {} s", self.limit().as_secs()))
    }

    /// The connection that is there, if the server still keeps it, or a new one.
    pub async fn connect_again(&self, open: Option<Connection>) -> Result<Connection, Failure> {
        if let Some(mut open) = open
            && open.0.test_connected().await
        {
            return Ok(open);
        }
        self.connect().await
    }

    /// How long one mail may take.
    pub fn limit(&self) -> Duration {
        self.smtp.limit.min(LEASE / 2)
    }

    pub async fn connect(&self) -> Result<Connection, Failure> {
        let wrapped = self.tls.clone().filter(|_| self.smtp.security == Security::Tls);
        let server = (self.smtp.host.as_str(), self.smtp.port);
        let what = format!("connecting to {}", self.smtp);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(STEP), &self.hello, wrapped, None)
                .await
                .map_err(|error| self.not_tls(Failure::before(&what, &error)))?;
        if self.smtp.security == Security::StartTls {
            self.start_tls(&mut connection).await?;
        }
        if let Some((user, password)) = &self.smtp.credentials {
            if connection.server_info().get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
                let text = format!("{} takes no password: leave USER:PASSWORD@ out of --smtp-url", self.smtp);
                return Err(Failure::for_now(text));
            }
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let signed_in = connection.auth(DEFAULT_MECHANISMS, &credentials).await;
            signed_in.map_err(|error| Failure::before("signing in", &error))?;
        }
        Ok(Connection(connection))
    }

    /// A server that greets before TLS is met with the wrong scheme, which the library calls a corrupt message.
    fn not_tls(&self, failure: Failure) -> Failure {
        if self.smtp.security != Security::Tls || !failure.text.contains("corrupt message") {
            return failure;
        }
        Failure::for_now(format!("{} does not begin with TLS: write smtp:// in --smtp-url", self.smtp))
    }

    /// A server that offers no TLS, or somebody between who takes it away, gets neither password nor mail.
    async fn start_tls(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Failure> {
        let Some(tls) = self.tls.clone() else { return Ok(()) };
        if !connection.can_starttls() {
            return Err(Failure::for_now(format!("{} offers no STARTTLS", self.smtp)));
        }
        let started = connection.starttls(tls, &self.hello).await;
        started.map_err(|error| Failure::before("starting TLS", &error))
    }
}

impl Connection {
    /// Hands a mail in; what the server answers.
    pub async fn send(&mut self, message: &Message) -> Result<String, Failure> {
        let (envelope, bytes) = (message.envelope(), message.formatted());
        let options = self.options(envelope, &bytes)?;
        let from = Mail::new(envelope.from().cloned(), options);
        self.0.command(from).await.map_err(|error| Failure::before("MAIL FROM", &error))?;
        for to in envelope.to() {
            let to = Rcpt::new(to.clone(), Vec::new());
            self.0.command(to).await.map_err(|error| Failure::at_recipient(&error))?;
        }
        self.0.command(Data).await.map_err(|error| Failure::at("DATA", &error))?;
        let taken = self.0.message(&bytes).await.map_err(|error| Failure::at("end of DATA", &error))?;
        Ok(spoken(&taken))
    }

    /// What must be said of a mail that is not all ASCII (RFC 6531).
    fn options(&self, envelope: &Envelope, bytes: &[u8]) -> Result<Vec<MailParameter>, Failure> {
        let is_ascii = bytes.is_ascii()
            && envelope.to().iter().chain(envelope.from()).all(|address| address.to_string().is_ascii());
        if is_ascii {
            return Ok(Vec::new());
        }
        if self.0.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Ok(vec![MailParameter::SmtpUtfEight]);
        }
        Err(Failure::for_ever("the mail server takes only addresses in ASCII letters (it has no SMTPUTF8)"))
    }

    /// Says goodbye, and waits for an answer as long as it is polite to.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(GOODBYE, self.0.abort()).await;
    }
}

fn tls(smtp: &Smtp) -> Result<TlsParameters> {
    let mut builder = TlsParameters::builder(smtp.host.clone());
    if let Some(pem) = &smtp.authority {
        let wrong = || Error::invalid("smtp-ca", "The file in --smtp-ca holds no certificate in PEM.");
        let certificate =
            Certificate::from_pem(pem).ok().filter(|_| has_certificate(pem)).ok_or_else(wrong)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|error| {
        let text = format!("TLS to the mail server can't be set up: {}", describe(&error));
        Error::invalid("smtp-url", text)
    })
}

/// What is no PEM at all is read as no certificates.
fn has_certificate(pem: &[u8]) -> bool {
    String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----")
}

/// The server's words.
fn spoken(response: &Response) -> String {
    let words: Vec<&str> = response.message().collect();
    format!("{} {}", response.code(), words.join(" "))
}

/// The error and what it came from, each once.
fn describe(error: &SmtpError) -> String {
    let mut text = error.status().map_or_else(|| error.to_string(), |code| code.to_string());
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let why = error.to_string();
        if !text.contains(&why) {
            text = format!("{text} {why}");
        }
        cause = error.source();
    }
    let mut parts: Vec<&str> = text.split(": ").collect();
    parts.dedup();
    parts.join(": ")
}
