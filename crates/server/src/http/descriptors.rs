//! File descriptors: each connection takes one, and so do the database, the log and the listener.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept for all that is no connection of a client.
const KEPT: u64 = 256;
/// Where the system sets no limit.
const MOST: u64 = 100_000;

/// How many connections may be open, once the limit of this process is raised as far as it may go: shells and
/// service managers give 1,024, most of which a school would fill with idle browsers.
pub fn for_connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if setrlimit(Resource::Nofile, raised).is_err() {
        tracing::debug!("the limit of open files stays as it is");
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(MOST);
    usize::try_from(room(files)).unwrap_or(usize::MAX)
}

/// A tight limit is shared half and half.
fn room(files: u64) -> u64 {
    files.saturating_sub(KEPT).max(files / 2).clamp(1, MOST)
}

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn most_files_are_for_connections_but_some_are_kept() {
        assert_eq!([64, 256, 1024, 20_000].map(room), [32, 128, 768, 19_744]);
        assert_eq!(room(u64::MAX), 100_000);
    }
}
