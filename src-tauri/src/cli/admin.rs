//! `chatai admin …`: people and housekeeping, from this computer's own terminal.

use std::io::{self, BufRead, Write};

use app::clock::{Clock, SystemClock};
use app::people::FirstOwner;
use clap::{Args, Subcommand};
use serde_json::json;
use store::cleanup::Cleaning;
use store::recovery::RecoveryCode;

use crate::boot::Boot;
use crate::cli::{print_json, table};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};

#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Make the first owner
    CreateOwner(CreateOwner),
    /// Set a new password and end all sessions of that person
    ResetPassword(ResetPassword),
    /// List everybody who signs in
    List(List),
    /// Remove what nobody needs any more: ended sessions, old events and traces, files that nothing refers to
    Cleanup(Cleanup),
    /// Make a new recovery code: it opens the secrets of backups made from now on
    RecoveryCode,
    /// Open the secrets that came with a backup of another computer
    OpenSecrets(OpenSecrets),
    /// Seal every secret with a new key
    RotateKey,
}

#[derive(Debug, Args)]
pub struct Cleanup {
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Print the numbers as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct OpenSecrets {
    /// The recovery code of that computer
    code: String,
}

#[derive(Debug, Args)]
pub struct CreateOwner {
    /// What they sign in with
    #[arg(long)]
    email: String,
    /// Their name
    #[arg(long, default_value = "Owner")]
    name: String,
    /// The business's name
    #[arg(long, default_value = "My business")]
    business: String,
    #[command(flatten)]
    password: Password,
}

#[derive(Debug, Args)]
pub struct ResetPassword {
    /// Whose
    email: String,
    /// Switch the second step of signing in off too: telephone and spare codes are lost
    #[arg(long)]
    second_step_off: bool,
    #[command(flatten)]
    password: Password,
}

#[derive(Debug, Args)]
pub struct List {
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Password {
    /// The password, at least 10 characters [default: asked for on the terminal]
    #[arg(long = "password", env = "CHATAI_PASSWORD", hide_env_values = true)]
    told: Option<String>,
}

impl Password {
    fn get(self) -> Result<String, Failure> {
        if let Some(told) = self.told {
            return Ok(told);
        }
        eprint!("password (shown while you type): ");
        io::stderr().flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

impl Admin {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::compose(boot).await?;
        match self {
            Admin::CreateOwner(told) => {
                let password = told.password.get()?;
                let owner = FirstOwner {
                    business: told.business,
                    name: told.name,
                    email: told.email,
                    password,
                };
                let member = program.app.create_owner(owner).await?;
                println!("{} owns this installation", member.email);
                print_code(&program.app.recovery_code_here().await?);
            }
            Admin::ResetPassword(told) => {
                let password = told.password.get()?;
                let has_second_step = program.app.reset_password(&told.email, &password).await?;
                println!("{} has a new password; all sessions ended", told.email);
                if told.second_step_off {
                    program.app.second_step_off_here(&told.email).await?;
                    println!("signing in takes no code any more");
                } else if has_second_step {
                    println!(
                        "signing in still takes a code of the authenticator app or a spare code; \
                         --second-step-off switches that off"
                    );
                }
            }
            Admin::List(told) => {
                let members = program.app.all_members().await?;
                if told.json {
                    print_json(&json!(members));
                } else {
                    let rows: Vec<Vec<String>> = members
                        .iter()
                        .map(|member| {
                            vec![
                                member.email.clone(),
                                member.name.clone(),
                                format!("{:?}", member.role).to_lowercase(),
                            ]
                        })
                        .collect();
                    table::print(&["e-mail", "name", "role"], &rows);
                }
            }
            Admin::Cleanup(told) => clean_up(&program, &told).await?,
            Admin::RecoveryCode => print_code(&program.app.recovery_code_here().await?),
            Admin::OpenSecrets(told) => {
                let code = RecoveryCode::parse(&told.code)?;
                let opened = program
                    .store
                    .open_with_code(code, SystemClock.now())
                    .await?;
                println!("opened: {opened} secrets");
            }
            Admin::RotateKey => {
                let sealed = program.app.rotate_keys_here().await?;
                println!("sealed with a new key: {sealed} secrets");
            }
        }
        program.stop().await?;
        Ok(Ending::Done)
    }
}

async fn clean_up(program: &Program, told: &Cleanup) -> Result<(), Failure> {
    let cleaning = match told.dry_run {
        true => Cleaning::Look,
        false => Cleaning::Remove,
    };
    let cleaned = program.app.clean_up(cleaning).await?;
    if told.json {
        print_json(&json!({
            "removed": !told.dry_run, "rows": cleaned.rows, "files": cleaned.files, "bytes": cleaned.bytes,
        }));
        return Ok(());
    }
    println!("{}", if told.dry_run { "would go:" } else { "gone:" });
    let mut rows: Vec<Vec<String>> = cleaned
        .rows
        .iter()
        .map(|(what, count)| vec![(*what).to_owned(), count.to_string()])
        .collect();
    let files = format!("{} ({} bytes)", cleaned.files, cleaned.bytes);
    rows.push(vec!["files".to_owned(), files]);
    table::print(&["what", "how many"], &rows);
    Ok(())
}

fn print_code(code: &RecoveryCode) {
    println!(
        "Write this recovery code down and keep it away from this computer. It opens the secrets of a backup where \
         this computer is gone; it is not shown again:\n\n  {}\n",
        code.grouped()
    );
}
