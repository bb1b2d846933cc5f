//! Questions to the person at the terminal.

use std::io::{IsTerminal, Write, stdin};

use anyhow::{Context, Result, ensure};

use super::failure::usage;

/// Asks twice for a password, without showing it.
pub fn ask_password() -> Result<String> {
    if !stdin().is_terminal() {
        return Err(usage("there is no terminal to ask for the password: give it by --password-stdin"));
    }
    let password = rpassword::prompt_password("Password: ").context("the password can't be read")?;
    let again = rpassword::prompt_password("Again: ").context("the password can't be read")?;
    ensure!(password == again, "The passwords differ. Nothing was sent.");
    Ok(password)
}

/// All of standard input but the line break at its end.
pub fn read_password() -> Result<String> {
    let text = std::io::read_to_string(stdin()).context("the password can't be read from standard input")?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let password = text.strip_suffix('\r').unwrap_or(text);
    if password.is_empty() {
        return Err(usage("--password-stdin: standard input is empty"));
    }
    Ok(password.to_owned())
}

/// Asks before something that can't be undone. A script, which has no terminal to ask at, says so beforehand.
pub fn confirm(question: &str) -> Result<()> {
    if !stdin().is_terminal() {
        return Err(usage("there is no terminal to ask at whether it is meant: say so with --yes"));
    }
    eprint!("{question} [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    ensure!(matches!(answer.trim(), "y" | "Y" | "yes"), "Nothing was done.");
    Ok(())
}
