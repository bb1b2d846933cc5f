//! What the operator of the machine sees of mails, and does about them.

use homeroom_api::{MailState, Timestamp};

use super::postman::{Failure, Postman};
use super::store::{self, Row};
use super::writing::{self, Written};
use super::{Letter, worker};
use crate::db::Conn;
use crate::{App, Error, Result};

/// A mail in a list: to whom and about what, as far as there is still something to say.
#[derive(Debug)]
pub struct Kept {
    pub row: Row,
    pub letter: Option<Letter>,
}

/// The newest `most` mails of all organizations, newest first.
pub async fn list_all(app: &App, state: Option<MailState>, most: i64) -> Result<Vec<Kept>> {
    let mut conn = app.db.read().await?;
    let rows = match state {
        Some(state) => store::list_all_in(&mut conn, state, most).await?,
        None => store::list_all(&mut conn, "", most).await?,
    };
    written(app, &mut conn, rows).await
}

/// The mails that came after the one with the id `after`, oldest first.
pub async fn kept_since(app: &App, after: &str) -> Result<Vec<Kept>> {
    let mut conn = app.db.read().await?;
    let mut rows = store::list_all(&mut conn, after, 100).await?;
    rows.reverse();
    written(app, &mut conn, rows).await
}

async fn written(app: &App, conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Kept>> {
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let letter = match writing::write(app, conn, &row).await {
            Ok(Written::Letter(letter)) => Some(*letter),
            _ => None,
        };
        kept.push(Kept { row, letter });
    }
    Ok(kept)
}

/// One mail, and what it says or why there is nothing to say.
pub struct Looked {
    pub row: Row,
    pub letter: Result<Letter, &'static str>,
}

/// The mail with an id. What its links open is shown only while it waits to be sent.
pub async fn look(app: &App, id: &str) -> Result<Looked> {
    let mut conn = app.db.read().await?;
    let row = store::find(&mut conn, id).await?.ok_or_else(|| no_such(id))?;
    let letter = match writing::write(app, &mut conn, &row).await? {
        Written::Nothing(why) => Err(why),
        Written::Letter(letter) if row.state == MailState::Waiting => Ok(*letter),
        Written::Letter(letter) => Ok(letter.without_links()),
    };
    Ok(Looked { row, letter })
}

fn no_such(id: &str) -> Error {
    Error::invalid("mail", format!("There is no mail `{id}`: `homeroom mail list` shows them."))
}

/// Has a mail that is dead or waits tried at once.
pub async fn retry(app: &App, id: &str) -> Result<()> {
    let row = store::find(&mut app.db.read().await?, id).await?.ok_or_else(|| no_such(id))?;
    let mut tx = app.db.write().await?;
    let revived = store::revive(&mut tx, id, app.clock.now()).await;
    if tx.finish(revived).await? {
        return Ok(());
    }
    let message = format!("The mail `{id}` is {}: only dead and waiting ones can be tried again.", row.state);
    Err(Error::invalid("mail", message))
}

/// Has every dead mail tried again; how many.
pub async fn retry_all_dead(app: &App) -> Result<u64> {
    let mut tx = app.db.write().await?;
    let revived = store::revive_all_dead(&mut tx, app.clock.now()).await;
    tx.finish(revived).await
}

/// Sends a test mail now; what the server answered, or what went wrong.
pub async fn deliver_test(postman: &Postman, id: &str, to: &str, now: Timestamp) -> Result<String, Failure> {
    let mut connection = None;
    let answer = worker::hand_in(postman, &mut connection, id, &writing::test_letter(to), now).await?;
    if let Some(connection) = connection {
        connection.close().await;
    }
    Ok(answer)
}
