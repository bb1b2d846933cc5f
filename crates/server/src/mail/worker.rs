//! Sending what is due.

use std::time::Duration;

use homeroom_api::{MailState, Timestamp};

use super::Letter;
use super::message::{address, compose};
use super::postman::{Connection, Failure, Lasts, Postman};
use super::store::{self, Row};
use super::writing::{self, Written};
use crate::db::Tx;
use crate::{App, Result};

/// Mails in flight, each on a connection of its own.
pub const LANES: usize = 4;
/// For how long a mail is whose that took it: longer than one can take to be handed in.
pub const LEASE: Duration = Duration::from_secs(180);

/// The pause after each attempt that failed; a mail that fails once more is given up.
const PAUSES: [Duration; 5] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(3),
    Duration::from_hours(12),
];

/// The longest that is kept of what a server said.
const LONGEST_ERROR: usize = 300;

/// Sends the mails that are due, one after the other on one connection, until there is none. Without a mail server they
/// wait. What is in flight when the server stops ends, or is sent again after the lease.
///
/// Run it [`LANES`] times at once: a mail that the mail server dwells on holds up its own lane alone.
pub async fn send_due(app: &App) -> Result<()> {
    let Some(postman) = &app.postman else { return Ok(()) };
    if !store::is_any_due(&mut app.db.read().await?, app.clock.now()).await? {
        return Ok(());
    }
    let mut connection = None;
    let mut done = Ok(());
    while done.is_ok()
        && !app.stopping.is_cancelled()
        && let Some(row) = claim(app).await?
    {
        done = deliver(app, postman, &mut connection, &row).await;
    }
    if let Some(connection) = connection {
        connection.close().await;
    }
    done
}

async fn claim(app: &App) -> Result<Option<Row>> {
    let mut tx = app.db.write().await?;
    let claimed = store::claim(&mut tx, app.clock.now()).await;
    tx.finish(claimed).await
}

async fn deliver(app: &App, postman: &Postman, connection: &mut Option<Connection>, row: &Row) -> Result<()> {
    let written = match app.db.read().await {
        Ok(mut conn) => writing::write(app, &mut conn, row).await,
        Err(error) => Err(error.into()),
    };
    match written {
        Ok(Written::Nothing(why)) => end(app, row, MailState::Dropped, Some(why)).await,
        Ok(Written::Letter(letter)) => {
            match hand_in(postman, connection, &row.id, &letter, app.clock.now()).await {
                Ok(_) => end(app, row, MailState::Sent, None).await,
                Err(failure) => fail(app, row, &without_address(failure, &letter.to)).await,
            }
        }
        Err(error) => {
            fail(app, row, &Failure::for_now(error.cause.unwrap_or_else(|| error.message.into_owned()))).await
        }
    }
}

/// Hands a letter in, over the connection that is open or over a new one.
pub async fn hand_in(
    postman: &Postman,
    connection: &mut Option<Connection>,
    id: &str,
    letter: &Letter,
    now: Timestamp,
) -> Result<String, Failure> {
    let id = format!("{id}@{}", postman.host);
    let message = compose(letter, &postman.from, &id, now)
        .map_err(|error| Failure::for_ever(error.cause.unwrap_or_else(|| error.message.into_owned())))?;
    let sending = async {
        let mut open = postman.connect_again(connection.take()).await?;
        let answer = open.send(&message).await?;
        *connection = Some(open); // after a failure it is not used again
        Ok(answer)
    };
    tokio::time::timeout(postman.limit(), sending).await.unwrap_or_else(|_| Err(postman.late()))
}

/// Servers repeat the address that they refuse, as it is written or as it was spoken: it stays out of the outbox.
fn without_address(failure: Failure, written: &str) -> Failure {
    let mut text = failure.text;
    let spoken = address(written).map(|address| address.to_string()).unwrap_or_default();
    for wanted in [spoken.to_ascii_lowercase(), written.to_ascii_lowercase()] {
        while let Some(at) = text.to_ascii_lowercase().find(&wanted).filter(|_| !wanted.is_empty()) {
            text.replace_range(at..at + wanted.len(), "…");
        }
    }
    Failure { text, ..failure }
}

async fn fail(app: &App, row: &Row, failure: &Failure) -> Result<()> {
    let error: String = failure.text.chars().filter(|c| !c.is_control()).take(LONGEST_ERROR).collect();
    let attempt = usize::try_from(row.attempts - 1).unwrap_or(0);
    let pause = PAUSES.get(attempt).filter(|_| failure.lasts == Lasts::ForNow);
    tracing::warn!(
        mail = row.id,
        kind = row.kind,
        attempts = row.attempts,
        error,
        again = pause.is_some(),
        "a mail was not taken"
    );
    let Some(pause) = pause else { return end(app, row, MailState::Dead, Some(&error)).await };
    let mut tx = app.db.write().await?;
    let postponed = store::postpone(&mut tx, row, &error, app.clock.now() + *pause).await;
    tx.finish(postponed).await
}

async fn end(app: &App, row: &Row, state: MailState, error: Option<&str>) -> Result<()> {
    let mut tx: Tx = app.db.write().await?;
    let ended = store::end(&mut tx, &row.id, state, error, app.clock.now()).await;
    tx.finish(ended).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_kept_without_the_address() {
        let said = |text: &str| without_address(Failure::for_now(text), "Ada@École.example").text;
        assert_eq!(said("550 <ada@École.example> is unknown"), "550 <…> is unknown");
        assert_eq!(said("550 <Ada@xn--cole-9oa.example>: ada@xn--cole-9oa.example?"), "550 <…>: …?");
        assert_eq!(said("550 İ Ada@École.example"), "550 İ …");
        assert_eq!(said("421 busy"), "421 busy");
    }
}
