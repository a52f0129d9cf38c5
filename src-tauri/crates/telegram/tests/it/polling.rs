//! Asking for updates: T1 to T7, T15, T22, R19, R20.

use std::time::Duration;

use botapi::{BotSetup, Fault, Trouble as Fails};
use domain::bot::{BotSettings, BotState, Trouble};
use telegram::runner::{Runner, RunnerConfig};

use crate::house::{ANSWER, House, QUESTION};

#[tokio::test(start_paused = true)]
async fn t1_an_update_is_confirmed_only_after_it_is_kept() {
    let mut house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    assert!(house.ask(anna, chat, QUESTION).await.contains(ANSWER));
    // What comes while nobody runs, and what was taken and not made anything of, is answered at the next start.
    house.stop_runner().await;
    for _ in 0..3 {
        house.world.user_says(chat, anna, QUESTION).unwrap();
    }
    house.open().await;
    house.said(chat, 2).await;
    let (world, bot) = (house.world.clone(), house.bot.id);
    house
        .until("nothing waits", || world.pending(bot) == 0)
        .await;
    for call in house.world.calls_of("getUpdates") {
        let offset = call.parameters["offset"].as_i64().unwrap();
        assert!(offset >= 0, "a negative offset deletes updates");
    }
    assert_eq!(house.world.calls_of("deleteWebhook").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn t3_numbers_that_jump_down_are_taken() {
    let house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    house.ask(anna, chat, QUESTION).await;
    house.world.jump_update_id(house.bot.id, -10_000_000);
    for count in 2..6 {
        house.world.user_says(chat, anna, QUESTION).unwrap();
        house.said(chat, count).await;
    }
}

#[tokio::test(start_paused = true)]
async fn t4_an_idle_bot_polls_at_most_three_times_a_minute() {
    let house = House::new().await;
    let before = house.world.calls_of("getUpdates").len();
    house.pass(Duration::from_secs(60)).await;
    let polls = house.world.calls_of("getUpdates").len() - before;
    assert!(polls <= 3, "{polls} polls");
    let (world, bot) = (house.world.clone(), house.bot.id);
    house.until("it polls on", || world.polls(bot)).await;
}

#[tokio::test(start_paused = true)]
async fn t6_two_programs_with_one_token_do_not_fight_and_the_owner_is_told() {
    let house = House::new().await;
    house
        .world
        .order(Fault::new(conflict()).on("getUpdates").always());
    house
        .until_state("told of the other program", |state| {
            matches!(
                state,
                BotState::Troubled {
                    trouble: Trouble::OtherPoller,
                    ..
                }
            )
        })
        .await;
    let before = house.world.calls_of("getUpdates").len();
    house.pass(Duration::from_secs(60)).await;
    let polls = house.world.calls_of("getUpdates").len() - before;
    assert!(polls <= 12, "{polls} polls in a minute");
    house.world.clear_orders();
    house
        .until_state("running again", |state| *state == BotState::Running)
        .await;
}

fn conflict() -> Fails {
    Fails::Refused {
        code: 409,
        description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            .to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn t6_a_webhook_is_never_taken_down_by_itself() {
    let house = House::new().await;
    let hook = serde_json::json!({"url": "https://other.example/hook"});
    house
        .world
        .call(&house.bot.token, "setWebhook", &parameters(hook));
    house
        .until_state("told of the webhook", |state| {
            matches!(
                state,
                BotState::Troubled { trouble: Trouble::WebhookSet { host }, .. }
                    if host == "other.example"
            )
        })
        .await;
    house.pass(Duration::from_secs(130)).await;
    assert_eq!(house.world.calls_of("deleteWebhook").len(), 0);
    let none = serde_json::json!({});
    house
        .world
        .call(&house.bot.token, "deleteWebhook", &parameters(none));
    house
        .until_state("running again", |state| *state == BotState::Running)
        .await;
}

fn parameters(value: serde_json::Value) -> botapi::Parameters {
    botapi::Parameters::of(value).unwrap()
}

#[tokio::test(start_paused = true)]
async fn t7_the_first_poll_says_which_updates_are_wanted() {
    let mut house = House::closed(BotSettings::default()).await;
    let foreign = serde_json::json!({"allowed_updates": ["poll"], "timeout": 0});
    house
        .world
        .call(&house.bot.token, "getUpdates", &parameters(foreign));
    house.open().await;
    let allowed = house.world.allowed_updates(house.bot.id).unwrap();
    for wanted in [
        "message",
        "callback_query",
        "my_chat_member",
        "business_message",
    ] {
        assert!(allowed.iter().any(|kind| kind == wanted), "{wanted}");
    }
    let (anna, chat) = house.customer("Anna");
    house.ask(anna, chat, QUESTION).await;
    let polls = house.world.calls_of("getUpdates");
    let told = polls
        .iter()
        .filter(|call| call.parameters.contains_key("allowed_updates"))
        .count();
    assert_eq!(told, 2, "the foreign program's, and our first");
}

#[tokio::test(start_paused = true)]
async fn t15_a_revoked_token_stops_its_bot_alone_and_is_asked_hourly_for_a_day() {
    let mut house = House::closed(BotSettings::default()).await;
    let other = house.world.add_bot(BotSetup::new("Other", "other_bot"));
    house.hire(&other, BotSettings::default()).await;
    house.open().await;
    let new_token = house.world.revoke_token(house.bot.id).unwrap();
    house
        .until_state("without a token", |state| {
            matches!(
                state,
                BotState::Troubled {
                    trouble: Trouble::NeedsToken,
                    ..
                }
            )
        })
        .await;
    let before = house.world.call_count();
    let of_bot = |world: &botapi::World| {
        let calls = world.calls();
        calls.iter().filter(|call| call.bot.is_none()).count()
    };
    let refused = of_bot(&house.world);
    for _ in 0..30 {
        house.leap(Duration::from_secs(3_600)).await;
    }
    assert!(of_bot(&house.world) - refused <= 25, "calls of a day");
    assert!(house.world.call_count() > before, "the other bot goes on");
    let world = house.world.clone();
    house
        .until("the other listens", || world.polls(other.id))
        .await;
    // A new token is taken up at once.
    let app = &house.kit.app;
    app.set_bot_token(&house.kit.owner, house.id, &new_token)
        .await
        .unwrap();
    house
        .until_state("running again", |state| *state == BotState::Running)
        .await;
}

#[tokio::test(start_paused = true)]
async fn t22_commands_are_set_only_when_they_changed() {
    let mut house = House::new().await;
    let told = house.world.calls_of("setMyCommands").len();
    assert!(told > 0);
    house.stop_runner().await;
    house.open().await;
    assert_eq!(house.world.calls_of("setMyCommands").len(), told);
}

#[tokio::test(start_paused = true)]
async fn a_bot_that_is_switched_off_and_on_is_followed_at_once() {
    let house = House::new().await;
    let (app, owner) = (&house.kit.app, &house.kit.owner);
    let bot = app.bot(owner, house.id).await.unwrap().bot;
    let switch = |is_on| app::bots::BotChange {
        is_on: Some(is_on),
        ..Default::default()
    };
    let off = app
        .change_bot(owner, house.id, bot.version, switch(false))
        .await
        .unwrap();
    let (world, id) = (house.world.clone(), house.bot.id);
    house.until("it listens no more", || !world.polls(id)).await;
    app.change_bot(owner, house.id, off.version, switch(true))
        .await
        .unwrap();
    house.until("it listens again", || world.polls(id)).await;
}

#[tokio::test(start_paused = true)]
async fn r19_of_two_runners_on_one_store_one_polls() {
    let house = House::new().await;
    let config = RunnerConfig {
        api_url: house.url.clone(),
        ..RunnerConfig::default()
    };
    let second = Runner::start(house.kit.app.clone(), house.net.clone(), config);
    house.pass(Duration::from_secs(40)).await;
    let conflicts = house
        .world
        .calls_of("getUpdates")
        .iter()
        .filter(|call| call.status == 409)
        .count();
    assert_eq!(conflicts, 0);
    drop(second);
}

#[tokio::test(start_paused = true)]
async fn r20_a_network_that_flaps_is_no_busy_loop_and_is_found_again() {
    let mut house = House::new().await;
    let (anna, chat) = house.customer("Anna");
    for second in [1, 10, 60] {
        house.link_down().await;
        house.world.user_says(chat, anna, QUESTION).unwrap();
        house.pass(Duration::from_secs(second)).await;
        let tries = house.sent_away();
        assert!(tries <= 2 * second, "{tries} tries in {second} s");
        house.link_up().await;
        let (began, said) = (house.world.now_ms(), house.world.said_by_bots(chat).len());
        house.said(chat, said + 1).await;
        let took = house.world.now_ms() - began;
        assert!(took <= 12_000, "{took} ms after the network was back");
    }
}
