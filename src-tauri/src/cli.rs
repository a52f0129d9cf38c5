//! The command line: one file a command. Each parses nothing but its own words and prints what it did.

mod admin;
mod ask;
mod audit;
mod backup;
mod bots;
mod demo;
mod doctor;
mod eval;
mod healthcheck;
mod hours;
mod ingest;
mod models;
mod move_data;
mod openapi;
mod reindex;
mod restore;
mod search;
mod serve;
mod simulate;
mod sources;
mod table;
mod told;
mod update;

#[cfg(feature = "desktop")]
pub use demo::{show as show_demo, start_somewhere};
#[cfg(feature = "desktop")]
pub use ingest::files as files_in;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::boot::Boot;
use crate::exit::{Ending, Failure, Outcome};
use crate::values;

/// ChatAI answers a business's customers from the business's own documents.
#[derive(Debug, Parser)]
#[command(
    name = "chatai",
    version,
    after_help = "Without a command: opens the window where there is a display, and serves otherwise.\n\nExit codes: 0 done; 1 failed; 2 a command that makes no sense; 3 done, but not all is well \
                  (a document could not be read, a question was not answered, the doctor found something); 4 the data \
                  folder is in use by a running ChatAI; 5 the data is damaged or of a newer version; 70 this processor \
                  cannot run it."
)]
struct Cli {
    #[command(flatten)]
    boot: Boot,
    /// Files for the knowledge, without a command: the window opens and reads them
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Without a command: do not show the window yet, stay in the tray
    #[arg(long, env = "CHATAI_IN_TRAY", value_parser = values::yes_or_no)]
    in_tray: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages and the API until Ctrl-C
    Serve(serve::Serve),
    /// Start with the demo company: load it, ask it a question, open or serve it
    Demo(demo::Demo),
    /// Ask a question and print the answer with its proof
    Ask(ask::Ask),
    /// Read files and folders into the knowledge
    Ingest(ingest::Ingest),
    /// Web sites and watched folders: list, add, read again, pause, remove
    #[command(subcommand)]
    Sources(sources::Sources),
    /// Find passages as an answer would
    Search(search::Search),
    /// Measure search and answers on a question set
    Eval(eval::Eval),
    /// Throw the search index away and build it again
    Reindex(reindex::Reindex),
    /// Working hours: why people are there at a moment, or are not
    #[command(subcommand)]
    Hours(hours::Hours),
    /// Models of this computer: list, download, import, try, use, remove
    #[command(subcommand)]
    Models(models::Models),
    /// Telegram bots: list, add, remove, switch on and off, look over
    #[command(subcommand)]
    Bots(bots::Bots),
    /// Chat with a bot in the terminal: no token, no network, the code customers get
    Simulate(simulate::Simulate),
    /// Move the data folder to another place; later starts find it there
    MoveData(move_data::MoveData),
    /// Look whether all is well
    Doctor(doctor::Doctor),
    /// Write one verified file with everything in it
    Backup(backup::Backup),
    /// Put a backup in the place of the data; the old data is set aside
    Restore(restore::Restore),
    /// Look for a newer version of ChatAI, and fetch it
    Update(update::Update),
    /// Ask the running server whether it is well (for containers and monitors)
    Healthcheck(healthcheck::Healthcheck),
    /// Print the HTTP API's description
    Openapi,
    /// The audit log: is it as it was written
    #[command(subcommand)]
    Audit(audit::Audit),
    /// People and housekeeping, from this computer's own terminal
    #[command(subcommand)]
    Admin(admin::Admin),
}

/// Parses the command line and does what it says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    // A mistyped command looks like a file.
    if let Some(missing) = cli.files.iter().find(|file| !file.exists()) {
        let name = missing.display();
        let said = match Cli::command().find_subcommand(missing.as_os_str()) {
            Some(_) => format!("a command comes first, then its files: `chatai {name} …`"),
            None => format!("there is neither a command nor a file “{name}”"),
        };
        Cli::command()
            .error(ErrorKind::InvalidSubcommand, said)
            .exit();
    }
    let outcome = match cli.command {
        None => without_command(&cli.boot, cli.files, cli.in_tray),
        Some(command) => command.run(&cli.boot),
    };
    match outcome {
        Ok(ending) => ending.into(),
        Err(failure) => {
            eprintln!("chatai: {failure}");
            failure.exit_code()
        }
    }
}

impl Command {
    fn run(self, boot: &Boot) -> Outcome {
        let usually = match self {
            Command::Serve(_) => "info",
            Command::Demo(_) => "warn",
            _ => "error",
        };
        boot.start_log(usually, None)?;
        match self {
            Command::Serve(serve) => asynchronous(serve.run(boot)),
            Command::Demo(demo) => demo.run(boot),
            Command::Ask(ask) => asynchronous(ask.run(boot)),
            Command::Ingest(ingest) => asynchronous(ingest.run(boot)),
            Command::Sources(sources) => asynchronous(sources.run(boot)),
            Command::Search(search) => asynchronous(search.run(boot)),
            Command::Eval(eval) => asynchronous(eval.run(boot)),
            Command::Reindex(reindex) => asynchronous(reindex.run(boot)),
            Command::Hours(hours) => asynchronous(hours.run(boot)),
            Command::Models(models) => asynchronous(models.run(boot)),
            Command::Bots(bots) => asynchronous(bots.run(boot)),
            Command::Simulate(simulate) => asynchronous(simulate.run(boot)),
            Command::MoveData(move_data) => asynchronous(move_data.run(boot)),
            Command::Doctor(doctor) => asynchronous(doctor.run(boot)),
            Command::Backup(backup) => asynchronous(backup.run(boot)),
            Command::Restore(restore) => restore.run(boot),
            Command::Update(update) => asynchronous(update.run(boot)),
            Command::Healthcheck(healthcheck) => healthcheck.run(boot),
            Command::Openapi => openapi::run(),
            Command::Audit(audit) => asynchronous(audit.run(boot)),
            Command::Admin(admin) => asynchronous(admin.run(boot)),
        }
    }
}

/// A double click: the window where there is a display, else the server. Files go to the knowledge.
fn without_command(boot: &Boot, files: Vec<PathBuf>, in_tray: bool) -> Outcome {
    #[cfg(feature = "desktop")]
    if crate::desktop::has_display() {
        let wish = crate::desktop::Wish {
            files,
            in_tray,
            ..crate::desktop::Wish::default()
        };
        return crate::desktop::open(boot, wish);
    }
    boot.start_log("info", None)?;
    if !files.is_empty() {
        return Err(Failure::new(
            "there is no window here: `chatai ingest FILE` reads files",
        ));
    }
    if in_tray {
        tracing::info!("there is no tray here: the server runs without");
    }
    asynchronous(serve::Serve::usual().run(boot))
}

/// What is left computing at the end has so long to end by itself.
const LAST_MOMENT: Duration = Duration::from_millis(500);

/// Runs a command's work to its end.
fn asynchronous(work: impl Future<Output = Outcome>) -> Outcome {
    let runtime = runtime()?;
    let outcome = runtime.block_on(work);
    let_go(runtime);
    outcome
}

/// Ends the runtime whatever still computes in it: what has to be kept was waited for, and dropping the runtime would
/// wait for the rest.
pub fn let_go(runtime: tokio::runtime::Runtime) {
    runtime.shutdown_timeout(LAST_MOMENT);
}

/// The program's one runtime.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    built.map_err(|error| Failure::new(format!("start the runtime: {error}")))
}

/// Prints a value as JSON, on one line a value.
fn print_json(value: &serde_json::Value) -> Ending {
    println!("{value}");
    Ending::Done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_makes_sense_and_every_flag_has_a_variable_or_belongs_to_one_command() {
        Cli::command().debug_assert();
        let shared = Cli::command();
        let flags = shared
            .get_arguments()
            .filter(|argument| argument.is_global_set());
        for flag in flags {
            assert!(
                flag.get_env().is_some(),
                "--{} has no environment variable",
                flag.get_id()
            );
        }
        let serve = shared
            .get_subcommands()
            .find(|command| command.get_name() == "serve")
            .cloned();
        for flag in serve
            .unwrap()
            .get_arguments()
            .filter(|flag| !flag.is_positional())
        {
            assert!(
                flag.get_env().is_some(),
                "serve --{} has no environment variable",
                flag.get_id()
            );
        }
    }
}
