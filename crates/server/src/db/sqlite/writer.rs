//! The writer thread: transactions one after the other, each in its savepoint, and one fsync for all that waited.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::guarded;
use crate::db::{Error, Result};

/// A batch ends at whichever comes first.
const BATCH_SIZE: usize = 64;
const BATCH_TIME: Duration = Duration::from_millis(5);

/// A session that says nothing for so long, or lasts so long, is rolled back: the others wait for it.
const SILENCE: Duration = Duration::from_secs(2);
const LENGTH: Duration = Duration::from_secs(5);

/// A statement to run. It answers for itself, and tells the thread whether it succeeded.
type Job = Box<dyn FnOnce(&Connection) -> bool + Send>;

enum Message {
    Run(Job),
    Commit,
}

/// The caller's end of a transaction.
pub struct Session {
    messages: Sender<Message>,
    ended: oneshot::Receiver<Result<()>>,
}

/// The writer's end.
pub struct Waiting {
    messages: Receiver<Message>,
    ended: oneshot::Sender<Result<()>>,
}

pub fn session() -> (Session, Waiting) {
    let (sender, messages) = channel();
    let (end, ended) = oneshot::channel();
    (Session { messages: sender, ended }, Waiting { messages, ended: end })
}

impl Session {
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |connection: &Connection| {
            let result = job(connection);
            let succeeded = result.is_ok();
            let _ = answer.send(result); // the caller may have gone
            succeeded
        });
        self.messages.send(Message::Run(job)).map_err(|_| lost())?;
        answered.await.map_err(|_| lost())?
    }

    /// Commits or rolls back, and waits until the whole batch is durable.
    pub async fn end(self, commit: bool) -> Result<()> {
        if commit {
            self.messages.send(Message::Commit).map_err(|_| lost())?;
        }
        drop(self.messages);
        self.ended.await.map_err(|_| lost())?
    }
}

fn lost() -> Error {
    Error::unavailable("the transaction was rolled back")
}

enum End {
    Committed,
    RolledBack,
    /// The engine has rolled back the whole batch.
    BatchLost(Error),
}

/// Serves sessions until the last sender is gone.
pub fn run(connection: &Connection, queue: &crossbeam_channel::Receiver<Waiting>) {
    while let Ok(first) = queue.recv() {
        let mut members = Vec::new();
        let result = batch(connection, first, queue, &mut members);
        if !connection.is_autocommit() {
            let _ = connection.execute_batch("ROLLBACK"); // a failed COMMIT may leave the transaction open
        }
        for ended in members {
            let _ = ended.send(result.clone());
        }
    }
}

/// Runs `first` and those that wait behind it, then commits them together.
fn batch(
    connection: &Connection,
    first: Waiting,
    queue: &crossbeam_channel::Receiver<Waiting>,
    members: &mut Vec<oneshot::Sender<Result<()>>>,
) -> Result<()> {
    let started = Instant::now();
    let mut committed = 0;
    let mut next = Some(first);
    connection.execute_batch("BEGIN IMMEDIATE")?;
    while let Some(Waiting { messages, ended }) = next.take() {
        members.push(ended);
        match one(connection, &messages) {
            End::Committed => committed += 1,
            End::RolledBack => {}
            End::BatchLost(error) => return Err(error),
        }
        if committed < BATCH_SIZE && started.elapsed() < BATCH_TIME {
            next = queue.try_recv().ok();
        }
    }
    Ok(connection.execute_batch("COMMIT")?)
}

/// Runs one session in its savepoint.
fn one(connection: &Connection, messages: &Receiver<Message>) -> End {
    if let Err(error) = connection.execute_batch("SAVEPOINT session") {
        return End::BatchLost(error.into());
    }
    let commit = statements(connection, messages);
    // On a full disk or an I/O error the engine rolls back everything; what follows would be autocommitted.
    if connection.is_autocommit() {
        return End::BatchLost(lost());
    }
    let end = if commit { "RELEASE session" } else { "ROLLBACK TO session; RELEASE session" };
    match connection.execute_batch(end) {
        Err(error) => End::BatchLost(error.into()),
        Ok(()) if commit => End::Committed,
        Ok(()) => End::RolledBack,
    }
}

/// Whether the session ends with a commit.
fn statements(connection: &Connection, messages: &Receiver<Message>) -> bool {
    let started = Instant::now();
    while started.elapsed() < LENGTH {
        match messages.recv_timeout(SILENCE) {
            Ok(Message::Commit) => return true,
            Ok(Message::Run(job)) => {
                let mut succeeded = false;
                guarded(|| succeeded = job(connection));
                if !succeeded && connection.is_autocommit() {
                    return false;
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
        }
    }
    false
}
