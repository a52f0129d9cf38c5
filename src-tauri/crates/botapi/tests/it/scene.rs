//! A small world with a bot and a person, and calls without HTTP.

use std::sync::Arc;

use botapi::{
    Bot, BotSetup, Description, Parameters, Place, Reply, StandingClock, UserId, UserSetup,
    WireAnswer, World,
};
use serde_json::Value;

pub struct Scene {
    pub world: World,
    pub bot: Bot,
    pub anna: UserId,
    pub chat: Place,
}

/// The Bot API's description, from the file that `CHATAI_BOT_API` names.
pub fn description() -> Option<Description> {
    let Some(path) = std::env::var_os("CHATAI_BOT_API") else {
        eprintln!(
            "skipped: the check against the Bot API's description (CHATAI_BOT_API is not set)"
        );
        return None;
    };
    let bytes = std::fs::read(path).expect("the file of CHATAI_BOT_API can be read");
    Some(Description::parse(&bytes).expect("the file of CHATAI_BOT_API is a description"))
}

impl Scene {
    /// Anna has started the bot, and it has fetched that.
    pub fn new() -> Scene {
        Scene::with(BotSetup::new("Bicycle shop", "bicycle_bot"))
    }

    pub fn with(setup: BotSetup) -> Scene {
        let world = World::new(Arc::new(StandingClock::default()));
        let bot = world.add_bot(setup);
        let anna = world.add_user(UserSetup::new("Anna").username("anna").language("ru"));
        let chat = world.private(bot.id, anna);
        let scene = Scene {
            world,
            bot,
            anna,
            chat,
        };
        scene
            .world
            .user_starts(scene.bot.id, scene.anna, None)
            .unwrap();
        scene.fetch();
        scene
    }

    /// Makes the call; `None` where it waits.
    pub fn call(&self, method: &str, parameters: Value) -> Option<WireAnswer> {
        let parameters = Parameters::of(parameters).unwrap();
        match self.world.call(&self.bot.token, method, &parameters) {
            Reply::Answer(answer) => Some(answer),
            Reply::Wait(_) => None,
        }
    }

    /// The result of a call that must succeed.
    pub fn ok(&self, method: &str, parameters: Value) -> Value {
        let answer = self
            .call(method, parameters)
            .expect("the call does not wait");
        answer
            .result()
            .unwrap_or_else(|error| panic!("{method}: {error}"))
            .clone()
    }

    /// Status and sentence of a call that must not.
    pub fn refused(&self, method: &str, parameters: Value) -> (u16, String) {
        let answer = self
            .call(method, parameters)
            .expect("the call does not wait");
        assert_eq!(
            answer.body["ok"],
            Value::Bool(false),
            "{method}: {}",
            answer.body
        );
        let words = answer.body["description"].as_str().unwrap_or_default();
        (answer.status, words.to_owned())
    }

    /// Everything that waits, confirmed at once.
    pub fn fetch(&self) -> Vec<Value> {
        let all = self.ok("getUpdates", serde_json::json!({"offset": 0}));
        let all = all.as_array().unwrap().clone();
        if let Some(last) = all.last() {
            let next = last["update_id"].as_i64().unwrap() + 1;
            // Confirms, and waits: nothing else is there.
            assert!(
                self.call(
                    "getUpdates",
                    serde_json::json!({"offset": next, "timeout": 3})
                )
                .is_none()
            );
        }
        // The slowing of polls that follow each other at once is a matter of its own tests.
        self.world.advance(5_000);
        all
    }

    pub fn chat_id(&self) -> i64 {
        self.chat.chat_id()
    }
}
