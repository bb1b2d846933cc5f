use crate::support::{Folder, Ran};

fn help(path: &[String]) -> Ran {
    let mut args: Vec<&str> = path.iter().map(String::as_str).collect();
    args.push("--help");
    Folder::new().command(&args).env("COLUMNS", "80").run()
}

/// The names below `Commands:`.
fn subcommands(help: &str) -> Vec<String> {
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(Into::into)
        .collect()
}

/// Every command, each by the words that call it.
fn commands() -> Vec<Vec<String>> {
    let mut found = vec![Vec::new()];
    let mut next = 0;
    while let Some(path) = found.get(next).cloned() {
        let below = subcommands(&help(&path).ok());
        found.extend(below.into_iter().map(|name| [&path[..], &[name]].concat()));
        next += 1;
    }
    found
}

#[test]
fn every_command_has_help_that_fits_and_says_how_it_is_used() {
    let commands = commands();
    assert!(commands.len() >= 34, "{commands:?}");
    for path in commands {
        let text = help(&path).ok();
        assert!(text.contains("Usage: homeroom"), "{path:?}");
        let wide = text.lines().find(|line| line.chars().count() > 80 && !line.starts_with("Usage:"));
        assert_eq!(wide, None, "{path:?}");
    }
}

#[test]
fn every_option_and_argument_is_explained() {
    for path in commands() {
        let text = help(&path).ok();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for pair in lines.windows(2).filter(|pair| pair[0].starts_with("--") || pair[0].starts_with('<')) {
            assert!(pair[0].contains("  ") || !pair[1].is_empty(), "{path:?}: {}", pair[0]);
        }
    }
}

#[test]
fn every_example_of_the_help_stands_on_one_line_or_says_that_it_goes_on() {
    for path in commands() {
        let text = help(&path).ok();
        let examples = text.lines().skip_while(|line| !line.starts_with("Example")).skip(1);
        let mut goes_on = false;
        for line in examples.take_while(|line| !line.is_empty()) {
            assert!(goes_on || line.contains("homeroom "), "{path:?}: {line}");
            goes_on = line.ends_with('\\');
        }
    }
}

#[test]
fn without_a_command_the_help_is_shown_and_the_exit_code_is_2() {
    let groups = ["users", "organizations", "invitations", "lti-credentials", "audit", "mail"];
    for args in groups.iter().map(std::slice::from_ref).chain([&[][..]]) {
        let shown = Folder::new().homeroom(args);
        assert!(shown.code == 2 && shown.err.contains("Commands:"), "{args:?} {shown:?}");
    }
    assert!(Folder::new().homeroom(&["user", "list"]).misuse().contains("'users'"));
}

#[test]
fn completions_know_every_command_of_each_shell() {
    for shell in ["bash", "zsh", "fish"] {
        let script = Folder::new().homeroom(&["completions", shell]).ok();
        for word in ["lti-credentials", "signin-link", "rate-limit-user", "doctor"] {
            assert!(script.contains(word), "{shell} lacks {word}");
        }
    }
    assert!(Folder::new().homeroom(&["completions", "tcsh"]).misuse().contains("bash"));
}
