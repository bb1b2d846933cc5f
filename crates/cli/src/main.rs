//! `homeroom`: the organization server for schools, and its tools.

mod audit;
mod backup;
mod completions;
mod copy;
mod demo;
mod doctor;
mod logging;
mod mail;
mod organizations;
mod output;
mod remote;
mod restore;
mod serve;
mod settings;
mod store;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

/// Lists allocate a lot of small strings: this allocator makes them quicker than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The organization server for schools.
///
/// Settings are flags, variables (HOMEROOM_… with the flag's name) or lines of homeroom.toml, in that order of
/// precedence. Try it: homeroom demo
#[derive(Parser)]
#[command(name = "homeroom", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    #[command(subcommand)]
    Organizations(organizations::Organizations),
    #[command(subcommand)]
    Audit(audit::Audit),
    #[command(subcommand)]
    Mail(mail::Mail),
    #[command(flatten)]
    Remote(remote::Remote),
    Doctor(doctor::Doctor),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Copy(copy::Copy),
    Completions(completions::Completions),
}

fn main() -> ExitCode {
    let arguments = without_empty_variables(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&arguments).unwrap_or_else(|error| error.exit());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(error.into()),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(error),
    }
}

/// An empty variable is a missing one: so do compose files and units leave one out.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &std::ffi::OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command
        .mut_args(|arg| if arg.get_env().is_some_and(is_empty) { arg.env(None::<&str>) } else { arg })
        .mut_subcommands(without_empty_variables)
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(demo) => demo.run().await,
        Command::Serve(serve) => serve.run().await,
        Command::Organizations(organizations) => organizations.run().await,
        Command::Audit(audit) => audit.run().await,
        Command::Mail(mail) => mail.run().await,
        Command::Remote(remote) => remote::run(remote).await,
        Command::Doctor(doctor) => doctor.run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Restore(restore) => restore.run(),
        Command::Copy(copy) => copy.run().await,
        Command::Completions(completions) => completions.run(),
    }
}

/// 2 where the command was used wrongly, 1 where it could not be done.
fn failed(error: anyhow::Error) -> ExitCode {
    match error.downcast::<clap::Error>() {
        Ok(usage) => usage.exit(),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
