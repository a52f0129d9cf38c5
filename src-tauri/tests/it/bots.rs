//! `chatai bots`: against the stand-in for Telegram's server.

use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;

use botapi::{Bot, BotSetup, Server, SystemClock, World};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::program::{Program, Ran};

/// A program, and a messenger that knows one bot.
struct Office {
    program: Program,
    world: World,
    bot: Bot,
    server: Server,
    // Last: what runs on it ends before it.
    _runtime: Runtime,
}

impl Office {
    fn new() -> Office {
        let runtime = Runtime::new().unwrap();
        let world = World::new(Arc::new(SystemClock));
        let bot = world.add_bot(BotSetup::new("Shop", "shop_bot"));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let entered = runtime.enter();
        let server = Server::start(listener, world.clone()).unwrap();
        drop(entered);
        Office {
            program: Program::new(),
            world,
            bot,
            server,
            _runtime: runtime,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.program.command(arguments);
        command.env("CHATAI_TELEGRAM_API", self.server.url());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.command(arguments))
    }

    fn list(&self) -> Value {
        self.run(&["bots", "list", "--json"]).ended_with(0).json()
    }
}

#[test]
fn a_bot_is_added_switched_looked_over_and_removed() {
    let office = Office::new();
    assert_eq!(office.list(), json!([]));
    let mut add = office.command(&["bots", "add"]);
    add.env("CHATAI_BOT_TOKEN", &office.bot.token);
    let added = Ran::of(&mut add).ended_with(0);
    assert!(added.text().contains("@shop_bot"), "{}", added.text());
    assert!(!added.text().contains(&office.bot.token));
    assert_eq!(office.list()[0]["username"], "shop_bot");
    Ran::of(&mut add).ended_with(1);

    office.run(&["bots", "off", "@shop_bot"]).ended_with(0);
    assert_eq!(office.list()[0]["on"], false);
    office.run(&["bots", "on", "SHOP_BOT"]).ended_with(0);
    assert_eq!(office.list()[0]["on"], true);
    let unknown = office.run(&["bots", "on", "other_bot"]).ended_with(1);
    assert!(
        unknown.complaint().contains("@shop_bot"),
        "{}",
        unknown.complaint()
    );

    let looked = office.run(&["bots", "doctor", "--json"]);
    let findings = looked.json()["bots"][0]["findings"].clone();
    let known = findings.as_array().unwrap().iter();
    let known = known.filter(|finding| finding["found"] == "Telegram knows the token.");
    assert_eq!(known.count(), 1, "{findings}");

    office.world.revoke_token(office.bot.id).unwrap();
    let looked = office.run(&["bots", "doctor", "shop_bot"]).ended_with(3);
    assert!(
        looked
            .text()
            .contains("Telegram does not know the token. Open BotFather"),
        "{}",
        looked.text()
    );
    let all = office.run(&["doctor", "--json"]).ended_with(3).json();
    let rows = all["findings"].as_array().unwrap();
    let bot = rows.iter().find(|row| row["what"] == "bot").unwrap();
    assert_eq!(bot["well"], false);
    assert!(
        bot["told"].as_str().unwrap().starts_with("@shop_bot: "),
        "{bot}"
    );

    let id = office.list()[0]["id"].as_str().unwrap().to_owned();
    office.run(&["bots", "remove", &id]).ended_with(0);
    assert_eq!(office.list(), json!([]));
}

#[test]
fn a_token_comes_by_standard_input_and_a_wrong_one_is_said_to_be() {
    let office = Office::new();
    let mut add = office.command(&["bots", "add", "--json"]);
    let added = Ran::fed(&mut add, &format!("{}\n", office.bot.token));
    assert_eq!(added.ended_with(0).json()["username"], "shop_bot");
    let secret = "7000000009:AAsecretsecretsecretsecretsecretsec";
    let refused = Ran::fed(&mut office.command(&["bots", "add"]), secret).ended_with(1);
    assert!(
        refused.complaint().contains("BotFather"),
        "{}",
        refused.complaint()
    );
    assert!(!refused.complaint().contains("AAsecret"));
    office
        .run(&["bots", "add", &office.bot.token])
        .ended_with(2);
}
