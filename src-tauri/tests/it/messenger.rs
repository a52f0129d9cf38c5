//! A business with bots, and the stand-in for their messenger, in the test's own process: it outlives every end of
//! the program, as Telegram does.

use std::io::Cursor;
use std::net::TcpListener;
use std::sync::Arc;

use app::bots::BotChange;
use app::clock::SystemClock;
use app::people::FirstOwner;
use app::who::Who;
use botapi::{Bot, BotSetup, Server, World};
use domain::bot::BotSettings;
use net::{Net, NetSettings};
use telegram::channel::Telegram;
use tokio::runtime::Runtime;

use crate::program::Program;

/// A question that the business's documents answer.
pub const QUESTION: &str = "How much does a tyre change cost?";

/// The messenger, serving.
pub struct Messenger {
    pub world: World,
    server: Server,
    // Last: what runs on it ends before it.
    runtime: Runtime,
}

impl Messenger {
    /// Nobody is there yet.
    pub fn new() -> Messenger {
        let runtime = Runtime::new().unwrap();
        let world = World::new(Arc::new(botapi::SystemClock));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = {
            let _entered = runtime.enter();
            Server::start(listener, world.clone()).unwrap()
        };
        Messenger {
            world,
            server,
            runtime,
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// A business in the program's data folder: an owner ([`testkit::EMAIL`]), something to know, and so many bots,
    /// whose settings are told by their numbers. Nothing runs afterwards.
    pub fn business(
        &self,
        program: &Program,
        bots: usize,
        settings: impl Fn(usize) -> BotSettings,
    ) -> Vec<Bot> {
        let place = testkit::Place {
            data: program.data(),
            key: program.beside("master.key"),
        };
        let net = Net::new(NetSettings::default(), Arc::new(|| 0));
        let channel = Arc::new(Telegram::new(net, &self.url()));
        self.runtime.block_on(async {
            let app = testkit::open_at(&place, Arc::new(SystemClock), channel);
            let first = FirstOwner {
                business: "Shop".to_owned(),
                name: "Olga".to_owned(),
                email: testkit::EMAIL.to_owned(),
                password: testkit::PASSWORD.to_owned(),
            };
            let member = app.create_owner(first).await.unwrap();
            let owner = Who {
                member,
                session_id: None,
            };
            let prices = "# Prices\n\nA tyre change costs 40 euros.\n";
            app.upload(&owner, None, "prices.md", Cursor::new(prices))
                .await
                .unwrap();
            app.run_jobs().await.unwrap();
            let assistant = app.assistants(&owner).await.unwrap()[0].id;
            let mut all = Vec::new();
            for number in 0..bots {
                let setup = BotSetup::new("Shop", &format!("shop_{number}_bot"));
                let bot = self.world.add_bot(setup);
                let added = app
                    .add_bot(&owner, &bot.token, assistant, BotSettings::default())
                    .await
                    .unwrap();
                // The token was looked up at the messenger that works; these may be others.
                let change = BotChange {
                    settings: Some(settings(number)),
                    ..BotChange::default()
                };
                app.change_bot(&owner, added.id, added.version, change)
                    .await
                    .unwrap();
                all.push(bot);
            }
            app.close().await.unwrap();
            all
        })
    }
}
