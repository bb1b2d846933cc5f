//! A disk that can be filled and freed: a small tmpfs, or, where mounting is refused, a limit on the size of the
//! server's files.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};
use rustix::process::{Pid, Resource, Rlimit, prlimit};

/// Left free by [`Tmpfs::fill`], so that it is our writes that meet the end of it.
const LEFT: u64 = 128 * 1024;
const SIZE: &str = "size=64m,mode=0777";

/// A small file system of its own; unmounted when dropped.
pub struct Tmpfs {
    folder: PathBuf,
}

impl Tmpfs {
    /// Mounts it; nothing, where that is refused.
    pub fn mount(folder: &Path) -> Result<Option<Self>> {
        fs::create_dir_all(folder)?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(folder).stderr(Stdio::null());
        let is_mounted = mount.status().is_ok_and(|status| status.success());
        Ok(is_mounted.then(|| Self { folder: folder.to_owned() }))
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Fills all but a little of it.
    pub fn fill(&self) -> Result<()> {
        let mut filler = File::create(self.filler())?;
        let block = vec![0; 64 * 1024];
        while filler.write_all(&block).is_ok() {}
        let length = filler.metadata()?.len();
        ensure!(length > LEFT, "there was no room to fill");
        Ok(filler.set_len(length - LEFT)?)
    }

    pub fn free(&self) -> Result<()> {
        Ok(fs::remove_file(self.filler())?)
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}

/// The largest file that a process may write, from now on. It must ignore SIGXFSZ.
pub fn limit_files(process: Pid, bytes: Option<u64>) -> Result<()> {
    prlimit(Some(process), Resource::Fsize, Rlimit { current: bytes, maximum: None })?;
    Ok(())
}

/// Has a program that `command` starts ignore SIGXFSZ: a write past the limit is then an error like another.
pub fn ignoring_limits(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.stdin(Stdio::null());
    shell
}
