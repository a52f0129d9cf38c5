//! What the program was told at its start, and by what: for the doctor.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory};

use crate::cli::{Cli, serve};

/// One flag.
pub struct Told {
    /// The flag, as `--data`.
    pub flag: String,
    /// Its environment variable.
    pub variable: String,
    /// What holds; a dash when nothing was said and nothing stands in its place.
    pub value: String,
    /// Who said so.
    pub from: String,
}

/// The flags of every command as they were told now, and those of `serve` as the environment tells them.
pub fn told() -> Vec<Told> {
    let mut rows = Vec::new();
    let cli = Cli::command();
    if let Ok(matches) = cli.clone().try_get_matches() {
        // Flags of every command are told to the command.
        let of_command = matches.subcommand().map_or(&matches, |(_, inner)| inner);
        rows.extend(rows_of(&cli, of_command, "", true));
    }
    let alone = serve::Alone::command();
    match alone.clone().try_get_matches_from(["chatai"]) {
        Ok(matches) => rows.extend(rows_of(&alone, &matches, "serve ", false)),
        Err(error) => rows.push(Told {
            flag: "serve".to_owned(),
            variable: String::new(),
            value: error.kind().to_string(),
            from: "the environment".to_owned(),
        }),
    }
    rows
}

fn rows_of(command: &Command, matches: &ArgMatches, prefix: &str, shared: bool) -> Vec<Told> {
    let flags = command.get_arguments().filter(|flag| {
        flag.get_long().is_some() && flag.get_env().is_some() && flag.is_global_set() == shared
    });
    flags
        .map(|flag| {
            let id = flag.get_id().as_str();
            let variable = flag
                .get_env()
                .map(|name| name.to_string_lossy().into_owned());
            let variable = variable.unwrap_or_default();
            let from = match matches.value_source(id) {
                Some(ValueSource::CommandLine) => "the command line".to_owned(),
                Some(ValueSource::EnvVariable) => variable.clone(),
                _ => "unless told".to_owned(),
            };
            let values: Vec<String> = matches
                .get_raw(id)
                .into_iter()
                .flatten()
                .map(|value| value.to_string_lossy().into_owned())
                .collect();
            Told {
                flag: format!("{prefix}--{}", flag.get_long().unwrap_or_default()),
                variable,
                value: match values.is_empty() {
                    true => "-".to_owned(),
                    false => values.join(", "),
                },
                from,
            }
        })
        .collect()
}
