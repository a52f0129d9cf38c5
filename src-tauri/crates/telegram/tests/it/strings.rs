//! Strings that programs stumble over, as names, as topics' titles, as words (F2).

use std::time::Duration;

use botapi::{BotSetup, GroupSetup, Say, Settings, UserSetup};
use domain::bot::BotSettings;

use crate::console::staffed_in;
use crate::house::House;
use crate::naughty::NAUGHTY;
use crate::rounds::{figure, is_full};

/// Of the list in a usual run; a group bears twenty calls a minute.
const FEW: usize = 16;

#[tokio::test(start_paused = true)]
async fn f2_naughty_names_titles_and_words_are_all_sent() {
    let world = Settings {
        budgets: botapi::Budgets::default(),
        ..Settings::default()
    };
    let house = House::in_world(
        BotSettings::default(),
        BotSetup::new("Shop", "shop_bot"),
        world,
    )
    .await;
    let setup = GroupSetup::new("Staff").supergroup().forum();
    let (house, group, boss) = staffed_in(house, setup).await;
    let strings: Vec<&str> = match is_full() {
        true => NAUGHTY.to_vec(),
        // Every so many, so that each kind is among them.
        false => NAUGHTY
            .iter()
            .copied()
            .step_by(NAUGHTY.len().div_ceil(FEW))
            .collect(),
    };
    let step = Duration::from_millis(100);
    let mut sent = 0;
    for naughty in &strings {
        let user = house.world.add_user(UserSetup::new(naughty).language("en"));
        let chat = house.world.private(house.bot.id, user);
        house
            .world
            .user_says(chat, user, "I want to talk to a human")
            .unwrap();
        house.said(chat, 1).await;
        let (world, before) = (house.world.clone(), sent);
        house
            .until_by(
                "it stands with the operators",
                Duration::from_secs(300),
                step,
                || world.said_by_bots(group).len() > before,
            )
            .await;
        let words = format!("{naughty}!");
        house.world.user_says(chat, user, &words).unwrap();
        house.pass_by(Duration::from_secs(20), step).await;
        // An operator says it back.
        let last = house.last(group);
        let topic = house.world.message(group, last).unwrap().topic;
        let mut say = Say::text(words).reply_to(last);
        if let Some(topic) = topic {
            say = say.in_topic(topic);
        }
        house.world.say(group, boss, say).unwrap();
        house.pass_by(Duration::from_secs(3), step).await;
        sent = house.world.said_by_bots(group).len();
    }
    let refused: Vec<_> = house
        .world
        .calls()
        .into_iter()
        .filter(|call| call.status == 400 || call.status == 413)
        .map(|call| format!("{} {:?} -> {}", call.method, call.parameters, call.answer))
        .collect();
    assert_eq!(refused, Vec::<String>::new());
    assert_eq!(house.world.violations(), Vec::<String>::new());
    figure("F2", "strings as name, title and words", strings.len());
    figure("F2", "calls refused", refused.len());
}
