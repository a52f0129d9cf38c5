//! `chatai demo`: from nothing to a cited answer on the screen.

use clap::Args;
use tokio::sync::watch;

use crate::boot::Boot;
use crate::cli::ask::print_answer;
use crate::cli::asynchronous;
use crate::company::{SAMPLE_QUESTION, company};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;
use crate::serve::{self, Place, Server};
use crate::values;

/// Seconds within which the sample question is answered.
const PATIENCE: u64 = 120;

#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    place: Place,
    /// Do not open a window even where there is a display
    #[arg(long, env = "CHATAI_HEADLESS", value_parser = values::yes_or_no)]
    headless: bool,
    /// End after the sample question instead of serving
    #[arg(long, env = "CHATAI_DEMO_ONLY", value_parser = values::yes_or_no)]
    only: bool,
}

impl Demo {
    pub fn run(self, boot: &Boot) -> Outcome {
        #[cfg(feature = "desktop")]
        if !self.headless && !self.only && crate::desktop::has_display() {
            let wish = crate::desktop::Wish {
                demo: Some(self.place),
                ..crate::desktop::Wish::default()
            };
            return crate::desktop::open(boot, wish);
        }
        asynchronous(self.serve(boot))
    }

    async fn serve(self, boot: &Boot) -> Outcome {
        let program = Program::start(boot).await?;
        show(&program).await?;
        if self.only {
            program.stop().await?;
            return Ok(Ending::Done);
        }
        let asked = serve::asked_to_end()?;
        let server = start_somewhere(&program, &self.place)?;
        let who = local::owner(&program, "").await?;
        let token = program
            .app
            .sign_in_token(who.member.id, app::people::LINK_SECONDS)
            .await?;
        println!(
            "\nOpen this address; it signs you in once, within 15 minutes:\n\n  {}\n",
            server.entry(&token)
        );
        println!("Ctrl-C ends it. The demo company can be removed in Knowledge with one click.");
        let standing = watch::Sender::new(None);
        serve::keep_serving(boot, self.place, program, server, &standing, asked).await?;
        Ok(Ending::Done)
    }
}

/// Loads the demo company and asks it the sample question.
pub async fn show(program: &Program) -> Result<(), Failure> {
    let company = company();
    let who = local::owner(program, &company.name).await?;
    println!("Loading the demo company {}…", company.name);
    let assistant = program.app.load_demo(&who, &company).await?;
    local::wait_found(program, &who).await?;
    let conversation = program.app.start_playground(&who, assistant.id).await?;
    println!("\n  {SAMPLE_QUESTION}\n");
    let answer = program
        .app
        .ask(&who, conversation.id, SAMPLE_QUESTION, PATIENCE)
        .await?;
    print_answer(&answer);
    Ok(())
}

/// Listens where it was told to, else (that port is taken) on any free port.
pub fn start_somewhere(program: &Program, place: &Place) -> Result<Server, Failure> {
    Server::start(program, place).or_else(|_| {
        let mut elsewhere = place.clone();
        elsewhere.listen.set_port(0);
        Server::start(program, &elsewhere)
    })
}
