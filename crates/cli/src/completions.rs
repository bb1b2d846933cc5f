//! `homeroom completions`.

use anyhow::Result;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::output::line;

/// Print the completions of a shell
#[derive(Args)]
#[command(after_help = "Examples:
  homeroom completions bash > /etc/bash_completion.d/homeroom
  homeroom completions zsh > ~/.zfunc/_homeroom
  homeroom completions fish > ~/.config/fish/completions/homeroom.fish")]
pub struct Completions {
    /// The shell that they are for
    shell: Shell,
}

impl Completions {
    /// Writes them to memory first: the library panics where the reader has gone.
    pub fn run(self) -> Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut crate::Cli::command(), "homeroom", &mut script);
        line(String::from_utf8(script)?.trim_end())
    }
}
