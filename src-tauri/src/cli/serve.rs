//! `chatai serve`

use clap::{Args, Parser};
use tokio::sync::watch;

use crate::boot::Boot;
use crate::compose::Program;
use crate::exit::{Ending, Outcome};
use crate::out;
use crate::serve::{self, Place, Server};
use crate::systemd;

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    place: Place,
}

/// `serve` without the word: what the environment says of it.
#[derive(Debug, Parser)]
pub struct Alone {
    #[command(flatten)]
    serve: Serve,
}

impl Serve {
    /// What is served when no command is given: the variables and defaults of `serve`.
    pub fn usual() -> Serve {
        Alone::parse_from(["chatai"]).serve
    }

    pub async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::start_serving(boot).await?;
        let asked = serve::asked_to_end()?;
        let server = Server::start(&program, &self.place)?;
        out::heard_or_not(&format!("ChatAI serves {}", server.url));
        if !program.app.has_owner().await? {
            let token = program.app.first_owner_token().await?;
            out::heard_or_not(&format!(
                "Make the first owner here, within 15 minutes: {}",
                server.entry(&token)
            ));
        }
        let standing = watch::Sender::new(None);
        let alive = tokio::spawn(systemd::stay_alive(standing.subscribe()));
        let served = serve::keep_serving(boot, self.place, program, server, &standing, asked).await;
        alive.abort();
        served?;
        Ok(Ending::Done)
    }
}
