//! SQLite: one writer thread that commits waiting transactions together, and reader threads, each owning its
//! connection. A statement is one message to a thread and one back; rows become structs on that thread.
pub mod file;
#[cfg(debug_assertions)]
mod seen;
mod statement;
mod writer;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::oneshot;

use super::{Error, Result};

pub use statement::{all, execute};
pub use writer::Session;

/// Beyond these, callers are told to come back later.
const WAITING_WRITERS: usize = 1024;
const WAITING_READERS: usize = 4096;

/// How long a connection waits for another process (the command line beside a server).
const BUSY: Duration = Duration::from_secs(5);
const BRIEFLY: Duration = Duration::from_millis(200);

type Job = Box<dyn FnOnce(&Connection) + Send>;

pub struct Sqlite {
    path: PathBuf,
    writers: Sender<writer::Waiting>,
    readers: Sender<Job>,
    #[cfg(debug_assertions)]
    pub seen: std::sync::Arc<seen::Seen>,
}

impl Sqlite {
    /// Opens or makes the file, and starts the threads.
    pub fn open(path: &Path) -> Result<Self> {
        let threads = Threads::default();
        let connection = connect(path)?;
        connection.execute_batch("PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000")?;
        let (writers, waiting) = bounded(WAITING_WRITERS);
        threads.spawn("sqlite writer", move || writer::run(&connection, &waiting))?;

        let (readers, jobs) = bounded::<Job>(WAITING_READERS);
        for _ in 0..std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2)) {
            let connection = connect(path)?;
            connection.execute_batch("PRAGMA query_only = ON; PRAGMA mmap_size = 2147418112")?;
            let jobs = jobs.clone();
            threads.spawn("sqlite reader", move || read(&connection, &jobs))?;
        }
        Ok(Self {
            path: path.to_owned(),
            writers,
            readers,
            #[cfg(debug_assertions)]
            seen: threads.seen,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `job` on a reader thread.
    pub async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| drop(answer.send(job(connection))));
        self.readers.try_send(job).map_err(|_| Error::unavailable("too many reads are waiting"))?;
        answered.await.map_err(|_| Error::unavailable("the reader stopped"))?
    }

    /// Waits in line for the writer.
    pub fn begin(&self) -> Result<Session> {
        let (session, waiting) = writer::session();
        self.writers.try_send(waiting).map_err(|_| Error::unavailable("too many writes are waiting"))?;
        Ok(session)
    }

    pub async fn truncate_log(&self) -> Result<()> {
        self.alone(|connection| {
            connection.busy_timeout(BRIEFLY)?; // who writes waits as long
            let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            if busy == 0 { Ok(()) } else { Err(Error::unavailable("the write-ahead log is being read")) }
        })
        .await
    }

    /// Runs `job` on a connection of its own, outside any transaction.
    pub async fn alone<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let path = self.path.clone();
        let done = tokio::task::spawn_blocking(move || job(&mut connect(&path)?)).await;
        done.map_err(|error| Error::Failed(error.to_string()))?
    }
}

/// A connection of one's own, which makes the file where there is none.
pub fn connect(path: &Path) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| Error::Unavailable(format!("{}: {error}", path.display())))?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?; // one plan, whatever the arguments
    patiently(|| {
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON",
        )
    })?;
    Ok(connection)
}

/// For what the busy timeout does not hold: where another process turns WAL on, or closes the file as the last one,
/// `SQLite` says at once that it is locked.
pub fn patiently(mut run: impl FnMut() -> rusqlite::Result<()>) -> Result<()> {
    let until = Instant::now() + BUSY;
    loop {
        match run() {
            Err(error) if is_busy(&error) && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return Ok(done?),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// The threads of one database. In debug builds they note their statements.
#[derive(Default)]
struct Threads {
    #[cfg(debug_assertions)]
    seen: std::sync::Arc<seen::Seen>,
}

impl Threads {
    fn spawn(&self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<()> {
        #[cfg(debug_assertions)]
        let seen = self.seen.clone();
        let run = move || {
            #[cfg(debug_assertions)]
            seen::note_in(seen);
            run();
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
        thread.map(drop).map_err(|error| Error::Unavailable(error.to_string()))
    }
}

/// Runs jobs until the last [`Sqlite`] is dropped. A job that panics takes its own answer with it, not the thread.
fn read(connection: &Connection, jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        guarded(|| job(connection));
    }
}

fn guarded(job: impl FnOnce()) {
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
}
