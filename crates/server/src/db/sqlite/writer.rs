//! The writer thread: transactions one after the other, each in its savepoint, and one fsync for all that waited.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
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
/// A statement whose answer nobody waits for: a failure ends the session.
type LaterJob = Box<dyn FnOnce(&Connection) -> Result<()> + Send>;

enum Message {
    Run(Job),
    RunLater(LaterJob),
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

    /// Has `job` run before what follows, without waiting for it. If it fails, [`Self::end`] tells.
    pub fn run_later(&self, job: impl FnOnce(&Connection) -> Result<()> + Send + 'static) -> Result<()> {
        self.messages.send(Message::RunLater(Box::new(job))).map_err(|_| lost())
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
    /// Rolled back, because of a statement whose answer nobody waited for.
    Failed(Error),
    /// The engine has rolled back the whole batch.
    BatchLost(Error),
}

/// A session of a batch. All hear of their end together, errors too: these may rest on a neighbour's row.
struct Member {
    ended: oneshot::Sender<Result<()>>,
    failed: Option<Error>,
}

/// Serves sessions until the last sender is gone.
pub fn run(connection: &Connection, queue: &crossbeam_channel::Receiver<Waiting>) {
    while let Ok(first) = queue.recv() {
        let mut members = Vec::new();
        let result = batch(connection, first, queue, &mut members);
        if !connection.is_autocommit() {
            let _ = connection.execute_batch("ROLLBACK"); // a failed COMMIT may leave the transaction open
        }
        for Member { ended, failed } in members {
            let _ = ended.send(failed.map_or_else(|| result.clone(), Err));
        }
    }
}

/// Runs `first` and those that wait behind it, then commits them together.
fn batch(
    connection: &Connection,
    first: Waiting,
    queue: &crossbeam_channel::Receiver<Waiting>,
    members: &mut Vec<Member>,
) -> Result<()> {
    let started = Instant::now();
    let mut committed = 0;
    let mut next = Some(first);
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        members.extend(next.map(|waiting| Member { ended: waiting.ended, failed: None }));
        return Err(error.into());
    }
    while let Some(Waiting { messages, ended }) = next.take() {
        let mut member = Member { ended, failed: None };
        let end = one(connection, &messages);
        if let End::Failed(error) = &end {
            member.failed = Some(error.clone());
        }
        members.push(member);
        match end {
            End::Committed => committed += 1,
            End::RolledBack | End::Failed(_) => {}
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
    let ended = statements(connection, messages);
    // On a full disk or an I/O error the engine rolls back everything; what follows would be autocommitted.
    if connection.is_autocommit() {
        return End::BatchLost(lost());
    }
    let end = match ended {
        End::Committed => "RELEASE session",
        _ => "ROLLBACK TO session; RELEASE session",
    };
    match connection.execute_batch(end) {
        Err(error) => End::BatchLost(error.into()),
        Ok(()) => ended,
    }
}

/// Runs what a session sends, until it says how it ends.
fn statements(connection: &Connection, messages: &Receiver<Message>) -> End {
    let started = Instant::now();
    let mut failed = None;
    while started.elapsed() < LENGTH {
        let mut done = Err(lost());
        match next(messages) {
            Ok(Message::Commit) => return failed.map_or(End::Committed, End::Failed),
            Ok(Message::Run(job)) => guarded(|| done = if job(connection) { Ok(()) } else { Err(lost()) }),
            Ok(Message::RunLater(job)) => {
                guarded(|| done = job(connection));
                failed = failed.or(done.clone().err());
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return End::RolledBack,
        }
        if done.is_err() && connection.is_autocommit() {
            return End::RolledBack;
        }
    }
    End::RolledBack
}

/// A session answers within microseconds: to give way to it for so long takes less than to sleep and be woken.
const ATTENTION: Duration = Duration::from_micros(50);

fn next(messages: &Receiver<Message>) -> Result<Message, RecvTimeoutError> {
    let started = Instant::now();
    while started.elapsed() < ATTENTION {
        match messages.try_recv() {
            Ok(message) => return Ok(message),
            Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
            Err(TryRecvError::Empty) => std::thread::yield_now(),
        }
    }
    messages.recv_timeout(SILENCE)
}
