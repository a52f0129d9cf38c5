//! R9, R10 and R20 of reliability.md as they are told there: a few of each in a usual run, all of them under
//! `cargo xtask faults`.

use std::fs;
use std::time::Duration;

use app::bots::doctor::CheckKind;
use botapi::{Bot, BotSetup, Fault, Place, Trouble as Fails, UserSetup};
use domain::bot::BotSettings;
use domain::id::BotId;

use crate::house::{ANSWER, House, QUESTION};
use crate::rounds::{Chance, figure, is_full, rounds};

const STEP: Duration = Duration::from_millis(100);
/// The longest wait that the storm asks for, in seconds.
const LONGEST: u32 = 120;

#[tokio::test(start_paused = true)]
async fn r9_half_an_hour_of_storm_over_many_bots_loses_no_answer() {
    let mut chance = Chance::told();
    let (count, minutes) = match is_full() {
        true => (100, 30),
        false => (4, 4),
    };
    let answers = rounds(40, 10_000);
    let mut house = House::closed(BotSettings::default()).await;
    let mut bots = vec![(house.bot.clone(), house.id)];
    for number in 1..count {
        let setup = BotSetup::new("Shop", &format!("shop_{number}_bot"));
        let bot = house.world.add_bot(setup);
        let id = house.hire(&bot, BotSettings::default()).await;
        bots.push((bot, id));
    }
    house.start().await;
    let (world, all) = (house.world.clone(), bots.clone());
    house
        .until("all bots listen", || {
            all.iter().all(|(bot, _)| world.polls(bot.id))
        })
        .await;

    for retry_after in [1, 7, 30, LONGEST] {
        order(&house, Fails::TooMany { retry_after }, 0.075);
    }
    order(&house, Fails::Gateway(502), 0.05);
    order(&house, Fails::Gateway(504), 0.05);
    order(&house, Fails::DropBefore, 0.025);
    order(&house, Fails::DropAfter, 0.025);
    let turns = minutes * 60_000 / STEP.as_millis() as u64;
    let mut asked: Vec<Place> = Vec::new();
    for turn in 0..turns {
        while (asked.len() as u64) < answers * (turn + 1) / turns {
            let (bot, _) = &bots[chance.below(bots.len() as u64) as usize];
            let name = format!("Customer {}", asked.len());
            let user = world.add_user(UserSetup::new(&name).language("en"));
            let chat = world.private(bot.id, user);
            world.user_says(chat, user, QUESTION).unwrap();
            asked.push(chat);
        }
        house.pass_by(STEP, STEP).await;
    }
    world.clear_orders();
    let cleared = world.now_ms();
    let last = std::cell::Cell::new(cleared);
    let patience = Duration::from_secs(u64::from(LONGEST) * 2);
    let turns = patience.as_millis() / STEP.as_millis();
    let mut before = 0;
    for _ in 0..turns {
        house.pass_by(STEP, STEP).await;
        let now = asked
            .iter()
            .filter(|chat| !world.said_by_bots(**chat).is_empty());
        let now = now.count();
        if now != before {
            last.set(world.now_ms());
            before = now;
        }
        if now == asked.len() {
            break;
        }
    }
    let said: Vec<usize> = asked
        .iter()
        .map(|chat| world.said_by_bots(*chat).len())
        .collect();
    let without = said.iter().filter(|said| **said == 0).count();
    let repeated = said.iter().filter(|said| **said > 1).count();
    for chat in &asked {
        let texts = world.said_by_bots(*chat);
        assert!(texts.len() <= 2, "T24: at most one repetition: {texts:#?}");
        assert!(texts.iter().all(|text| text.contains(ANSWER)), "{texts:#?}");
    }
    let marked = marked(&house, &bots).await;
    assert!(
        without <= marked,
        "{without} of {} have no answer, {marked} are marked as unknown",
        asked.len()
    );
    assert_eq!(world.too_early_count(), 0, "no call while asked to wait");
    figure("R9", "bots", bots.len());
    figure("R9", "questions", asked.len());
    figure("R9", "minutes of storm", minutes);
    figure(
        "R9",
        "answers lost and not marked",
        without.saturating_sub(marked),
    );
    figure("R9", "unknown whether they arrived, marked", marked);
    figure("R9", "answers repeated once (T24)", repeated);
    figure("R9", "calls while asked to wait", 0);
    figure(
        "R9",
        "last answer after the storm, seconds",
        (last.get() - cleared) / 1_000,
    );
}

fn order(house: &House, fails: Fails, share: f64) {
    let fault = Fault::new(fails).with_probability(share);
    house.world.order(fault.clone().on("sendMessage"));
    house.world.order(fault.on("getUpdates"));
}

/// Deliveries of which nobody knows whether they arrived.
async fn marked(house: &House, bots: &[(Bot, BotId)]) -> usize {
    let mut marked = 0;
    for (_, id) in bots {
        let checks = house.kit.app.check_bot(&house.kit.owner, *id);
        let checks = house.drive(checks).await.unwrap();
        let outbox = checks.iter().find(|check| check.what == CheckKind::Outbox);
        let [_, uncertain, _] = &outbox.unwrap().values[..] else {
            continue;
        };
        marked += uncertain.parse::<usize>().unwrap();
    }
    marked
}

#[tokio::test(start_paused = true)]
async fn r10_after_two_hours_without_telegram_everything_is_answered_with_one_apology() {
    let runs = if is_full() { 3 } else { 1 };
    let customers = rounds(20, 2_000);
    let each = if is_full() { 10 } else { 3 };
    let (mut most_growth, mut catching_up) = (0.0_f64, 0);
    for run in 0..runs {
        let mut house = House::new().await;
        let world = house.world.clone();
        house.link_down().await;
        let all: Vec<_> = (0..customers)
            .map(|number| house.customer(&format!("Customer {number}")))
            .collect();
        for round in 0..each {
            for (user, chat) in &all {
                let text = format!("{QUESTION} ({round})");
                world.user_says(*chat, *user, &text).unwrap();
            }
        }
        for _ in 0..120 {
            house.leap(Duration::from_secs(60)).await;
        }
        let before = memory();
        house.link_up().await;
        let began = world.now_ms();
        house
            .until_by(
                "everybody is answered",
                Duration::from_secs(3_600),
                STEP,
                || {
                    all.iter()
                        .all(|(_, chat)| !world.said_by_bots(*chat).is_empty())
                },
            )
            .await;
        catching_up = catching_up.max((world.now_ms() - began) / 1_000);
        // Whatever is still to be said.
        house.pass(Duration::from_secs(30)).await;
        assert_eq!(world.pending(house.bot.id), 0);
        for (_, chat) in &all {
            let said = world.said_by_bots(*chat);
            let sorry = said.iter().filter(|said| said.contains("Sorry")).count();
            assert_eq!(sorry, 1, "the wait is spoken of once: {said:?}");
            assert!(said[0].contains("Sorry"), "{said:?}");
            // The last thing in the chat is an answer: nothing is left open.
            assert!(world.last_message(*chat).unwrap().by_bot());
        }
        most_growth = most_growth.max(memory() - before);
        println!("run {run}: {most_growth:.0} MB");
    }
    figure("R10", "runs", runs);
    figure("R10", "updates that waited", customers * each);
    figure("R10", "updates lost", 0);
    figure(
        "R10",
        "memory, the fake server's included, grew at most by MB",
        format!("{most_growth:.0}"),
    );
    figure(
        "R10",
        "caught up in seconds of the test's time",
        catching_up,
    );
}

/// Resident memory of this process in megabytes; 0 where the system does not tell.
fn memory() -> f64 {
    let told = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() * 1_024.0 / 1e6
}

#[tokio::test(start_paused = true)]
async fn r20_a_link_that_flaps_is_tried_once_a_second_and_found_again_in_ten() {
    let mut chance = Chance::told();
    let mut house = House::new().await;
    let world = house.world.clone();
    let (anna, chat) = house.customer("Anna");
    let flaps = rounds(2, 100);
    let longest = if is_full() { 600 } else { 40 };
    let (mut most_tries, mut slowest) = (0.0_f64, 0);
    let mut said = 0;
    for _ in 0..flaps {
        let seconds = 1 + chance.below(longest);
        house.link_down().await;
        world.user_says(chat, anna, QUESTION).unwrap();
        house.pass_by(Duration::from_secs(seconds), STEP).await;
        let tries = house.sent_away();
        most_tries = most_tries.max(tries as f64 / seconds as f64);
        assert!(tries <= seconds + 2, "{tries} tries in {seconds} seconds");
        house.link_up().await;
        let began = world.now_ms();
        let bot = house.bot.id;
        house.until("it listens again", || world.polls(bot)).await;
        let took = world.now_ms() - began;
        slowest = slowest.max(took);
        assert!(took <= 10_000, "{took} ms after the link was back");
        said += 1;
        house.said(chat, said).await;
        house.pass(Duration::from_secs(2)).await;
        // A message that was cut off may have been repeated.
        said = world.said_by_bots(chat).len();
    }
    figure("R20", "flaps", flaps);
    figure("R20", "most tries a second", format!("{most_tries:.2}"));
    figure("R20", "longest until it listens again, ms", slowest);
}
