//! The program is killed while its bots talk (reliability.md R1): no message of a customer is lost or answered
//! twice, and no answer is sent twice but where it was being sent at the moment of a kill.
//!
//! The fake Bot API server stands in the test's own process, as Telegram does: it outlives every kill.

use std::process::{Child, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use app::clock::SystemClock;
use app::people::FirstOwner;
use app::who::Who;
use botapi::{BotSetup, Place, UserId, UserSetup, World};
use domain::bot::BotSettings;
use telegram::channel::Telegram;
use tokio::runtime::Runtime;

use crate::program::Program;
use crate::rounds::{Chance, figure, rounds};

/// Bots of the business.
const BOTS: usize = 10;
/// Customers of each.
const CUSTOMERS: usize = 5;
/// Milliseconds between two messages: 20 a second over all bots.
const BETWEEN: u64 = 50;
/// How long everything that was said may take to be answered after the last kill.
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn killed_while_bots_talk_it_loses_nothing_and_repeats_only_what_was_being_sent() {
    let kills = rounds(4, 1_000);
    let mut chance = Chance::told();
    let runtime = Runtime::new().unwrap();
    let world = World::new(Arc::new(botapi::SystemClock));
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    runtime.spawn(botapi::server::serve(world.clone(), listener));
    let program = Program::new();
    let chats = runtime.block_on(business(&program, &world, &server));

    let mut asked = vec![0_usize; chats.len()];
    let mut to_polling = Vec::new();
    for kill in 0..=kills {
        let began = Instant::now();
        let mut running = serve(&program, &server);
        wait("a bot listens", PATIENCE, || {
            chats.iter().any(|(place, _)| listens(&world, *place))
        });
        to_polling.push(began.elapsed().as_millis());
        if kill == kills {
            wait("everything is answered", PATIENCE, || {
                chats
                    .iter()
                    .zip(&asked)
                    .all(|((place, _), asked)| answered(&world, *place) >= *asked)
            });
            running.kill().unwrap();
            running.wait().unwrap();
            break;
        }
        let until = Instant::now() + Duration::from_millis(200 + chance.below(1_500));
        while Instant::now() < until {
            let at = usize::try_from(chance.below(chats.len() as u64)).unwrap();
            let (place, user) = chats[at];
            asked[at] += 1;
            let text = format!("How much does a tyre change cost? ({})", asked[at]);
            world.user_says(place, user, &text).unwrap();
            thread::sleep(Duration::from_millis(BETWEEN));
        }
        running.kill().unwrap();
        running.wait().unwrap();
    }

    let questions: usize = asked.iter().sum();
    let mut missing = 0;
    let mut surplus = 0;
    for ((place, _), asked) in chats.iter().zip(&asked) {
        let said = answered(&world, *place);
        missing += asked.saturating_sub(said);
        surplus += said.saturating_sub(*asked);
    }
    println!("{questions} questions, {missing} missing, {surplus} repeated, {kills} kills");
    assert_eq!(missing, 0, "no question is without an answer");
    assert!(
        surplus as u64 <= kills,
        "a kill repeats at most what it cut off"
    );
    crate::holding::database_holds(&program.data().join("chatai.db"), "the kills");
    to_polling.sort_unstable();
    figure("R1", "kills while bots talk", kills);
    figure("R1", "questions", questions);
    figure("R1", "answers lost", missing);
    figure("R1", "answers repeated", surplus);
    figure(
        "R1",
        "median ms from start to polling",
        to_polling[to_polling.len() / 2],
    );
}

/// Bots, customers, and something to know.
async fn business(program: &Program, world: &World, server: &str) -> Vec<(Place, UserId)> {
    let place = testkit::Place {
        data: program.data(),
        key: program.beside("master.key"),
    };
    let net = net::Net::new(net::NetSettings::default(), Arc::new(|| 0));
    let channel = Arc::new(Telegram::new(net, server));
    let app = testkit::open_at(&place, Arc::new(SystemClock), Some(channel));
    let first = FirstOwner {
        business: "Shop".to_owned(),
        name: "Olga".to_owned(),
        email: "owner@shop.example".to_owned(),
        password: "a long test sentence".to_owned(),
    };
    let member = app.create_owner(first).await.unwrap();
    let owner = Who {
        member,
        session_id: None,
    };
    let prices = "# Prices\n\nA tyre change costs 40 euros.\n";
    app.upload(&owner, None, "prices.md", std::io::Cursor::new(prices))
        .await
        .unwrap();
    app.run_jobs().await.unwrap();
    let assistant = app.assistants(&owner).await.unwrap()[0].id;
    let mut chats = Vec::new();
    for number in 0..BOTS {
        let bot = world.add_bot(BotSetup::new("Shop", &format!("shop_{number}_bot")));
        app.add_bot(&owner, &bot.token, assistant, BotSettings::default())
            .await
            .unwrap();
        for number in 0..CUSTOMERS {
            let user = world.add_user(UserSetup::new(&format!("Customer {number}")));
            chats.push((world.private(bot.id, user), user));
        }
    }
    app.close().await.unwrap();
    chats
}

fn serve(program: &Program, server: &str) -> Child {
    let mut command = program.command(&["serve", "--listen", "127.0.0.1:0"]);
    command
        .env("CHATAI_TELEGRAM_API", server)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn listens(world: &World, place: Place) -> bool {
    match place {
        Place::Private { bot, .. } => world.polls(bot),
        _ => false,
    }
}

/// Questions of a chat that were answered: several that came together may have one answer, so the questions behind
/// the last answer are what counts as open.
fn answered(world: &World, place: Place) -> usize {
    let messages = world.messages(place);
    let last_answer = messages.iter().rposition(|message| message.by_bot());
    let Some(last_answer) = last_answer else {
        return 0;
    };
    let open = messages[last_answer..]
        .iter()
        .filter(|message| !message.by_bot())
        .count();
    let asked = messages.iter().filter(|message| !message.by_bot()).count();
    asked - open
}

/// Looks again and again, for so long at most.
fn wait(what: &str, patience: Duration, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < patience, "this never came: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
