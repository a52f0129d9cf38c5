//! `chatai reindex`

use clap::Args;

use crate::boot::Boot;
use crate::compose::Program;
use crate::exit::{Ending, Outcome};
use crate::local;

#[derive(Debug, Args)]
pub struct Reindex {}

impl Reindex {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::start(boot).await?;
        let who = local::owner(&program, "My business").await?;
        program.app.reindex(who.workspace()).await?;
        let status = program.app.status(&who).await?;
        println!(
            "{} passages can be found again, {} of them by meaning",
            status.indexed.0, status.indexed.1
        );
        program.stop().await?;
        Ok(Ending::Done)
    }
}
