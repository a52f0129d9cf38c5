//! `chatai backup`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::boot::Boot;
use crate::cli::print_json;
use crate::compose::Program;
use crate::exit::{Ending, Outcome};
use crate::local;

#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write [default: a new one in the data folder's backups]
    file: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

impl Backup {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let to = self.file.map(std::path::absolute).transpose()?;
        let program = Program::compose(boot).await?;
        let who = local::owner(&program, "My business").await?;
        let made = program.app.backup(&who, to).await?;
        let rows: u64 = made.manifest.rows.values().sum();
        match self.json {
            true => {
                print_json(&json!({
                    "path": made.path, "bytes": made.bytes, "rows": rows, "took_ms": made.took_ms,
                }));
            }
            false => println!(
                "{} written and verified: {} bytes, {rows} rows, {} ms",
                made.path.display(),
                made.bytes,
                made.took_ms
            ),
        }
        program.stop().await?;
        Ok(Ending::Done)
    }
}
