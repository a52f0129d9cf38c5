//! `chatai admin …`: people and housekeeping, from this computer's own terminal.

use std::io::{self, BufRead, Write};

use app::people::FirstOwner;
use clap::{Args, Subcommand};
use serde_json::json;

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
    /// Remove what is left over: ended sessions, spent links, files that nothing refers to
    Cleanup,
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
        let program = Program::compose(boot)?;
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
            }
            Admin::ResetPassword(told) => {
                program
                    .app
                    .reset_password(&told.email, &told.password.get()?)
                    .await?;
                println!("{} has a new password; all sessions ended", told.email);
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
            // Opening the data folder has swept up already.
            Admin::Cleanup => println!("what was left over is gone"),
        }
        program.stop().await?;
        Ok(Ending::Done)
    }
}
