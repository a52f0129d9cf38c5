//! The program is killed while its bots talk (reliability.md R1): no message of a customer is lost or taken twice,
//! every one is answered, and no answer is sent twice but where it was being sent at the moment of a kill.
//!
//! The stand-in for Telegram's server lives in the test's own process, as Telegram does: it outlives every kill.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use botapi::{Place, UserId, UserSetup, World};
use domain::bot::BotSettings;
use rusqlite::{Connection, OpenFlags};

use crate::holding;
use crate::messenger::{Messenger, QUESTION};
use crate::program::{Program, spread};
use crate::rounds::{Chance, figure, is_full, rounds};

/// Customers of each bot.
const CUSTOMERS: usize = 5;
/// Milliseconds between two messages: 20 a second over all bots.
const BETWEEN: u64 = 50;
/// How long everything that was said may take to be answered after the last kill.
const PATIENCE: Duration = Duration::from_secs(240);

#[test]
fn killed_while_bots_talk_it_loses_nothing_and_repeats_only_what_was_being_sent() {
    let kills = rounds(3, 1_000);
    let bots = if is_full() { 50 } else { 8 };
    let mut chance = Chance::told();
    let messenger = Messenger::new();
    let world = messenger.world.clone();
    let program = Program::new();
    let all = messenger.business(&program, bots, |_| BotSettings::default());
    let mut chats = Vec::new();
    for bot in &all {
        for number in 0..CUSTOMERS {
            let user = world.add_user(UserSetup::new(&format!("Customer {number}")));
            chats.push((world.private(bot.id, user), user));
        }
    }

    let mut asked = vec![0_usize; chats.len()];
    let mut to_polling = Vec::new();
    for kill in 0..=kills {
        let began = Instant::now();
        let mut running = serve(&program, &messenger.url());
        wait("a bot listens", || {
            chats.iter().any(|(place, _)| listens(&world, *place))
        });
        to_polling.push(began.elapsed().as_millis());
        if kill == kills {
            wait("everything is answered", || {
                let open = chats.iter().filter(|(place, _)| is_open(&world, *place));
                open.count() == 0
            });
            // What was sent is marked so.
            let database = program.data().join("chatai.db");
            wait("nothing waits to be sent", || {
                count(
                    &database,
                    "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')",
                ) == 0
            });
            die(&mut running);
            break;
        }
        let until = Instant::now() + Duration::from_millis(200 + chance.below(1_500));
        while Instant::now() < until {
            let at = usize::try_from(chance.below(chats.len() as u64)).unwrap();
            let (place, user) = chats[at];
            asked[at] += 1;
            let text = format!("{QUESTION} ({})", asked[at]);
            world.user_says(place, user, &text).unwrap();
            // Twenty a second: the pace is what is tried here.
            thread::sleep(Duration::from_millis(BETWEEN));
        }
        die(&mut running);
        if kill % 50 == 49 {
            println!("{} kills", kill + 1);
        }
    }
    judge(&program, &world, &chats, &asked, kills);
    println!("from start to polling: {}", spread(to_polling.clone()));
    to_polling.sort_unstable();
    let median = to_polling[to_polling.len() / 2];
    let most = to_polling.last().unwrap();
    figure("R1", "bots", bots);
    figure("R1", "from start to polling, median ms", median);
    figure("R1", "from start to polling, most ms", most);
}

fn judge(program: &Program, world: &World, chats: &[(Place, UserId)], asked: &[usize], kills: u64) {
    let database = program.data().join("chatai.db");
    let questions: usize = asked.iter().sum();
    let taken = count(
        &database,
        "SELECT count(*) FROM messages WHERE author = 'contact'",
    );
    let answers = count(
        &database,
        "SELECT count(*) FROM messages WHERE author = 'assistant'",
    );
    let unknown = count(
        &database,
        "SELECT count(*) FROM outbox WHERE state = 'uncertain'",
    );
    let failed = count(
        &database,
        "SELECT count(*) FROM outbox WHERE state = 'failed'",
    );
    let mut told = Told::default();
    for (place, _) in chats {
        told.add(&database, world, *place);
    }
    let Told {
        arrived,
        missing,
        repeated,
        cut_off,
        outside,
    } = told;
    figure("R1", "kills while bots talk", kills);
    figure("R1", "messages of customers", questions);
    figure("R1", "of them taken in", taken);
    figure("R1", "answers made", answers);
    figure("R1", "messages that arrived", arrived);
    figure("R1", "unknown whether they arrived, marked", unknown);
    figure("R1", "cut off while they were sent", cut_off);
    figure("R1", "of them sent twice", repeated);
    figure("R1", "others sent twice", outside);
    assert_eq!(
        taken,
        i64::try_from(questions).unwrap(),
        "none lost, none twice"
    );
    assert_eq!(failed, 0, "every answer could be sent");
    assert_eq!(missing, 0, "what is marked as sent stands in its chat");
    let answered = count(
        &database,
        "SELECT count(DISTINCT message_id) FROM outbox WHERE state IN ('sent', 'uncertain')",
    );
    assert_eq!(answered, answers, "no answer is lost");
    assert_eq!(outside, 0, "nothing is repeated but what a kill cut off");
    holding::database_holds(&database, "the kills");
}

/// What stands in the chats, held against what the program knows that it sent.
#[derive(Default)]
struct Told {
    arrived: usize,
    /// Marked as sent, and not there.
    missing: usize,
    /// There beside what is marked as sent, in chats where a kill cut something off.
    repeated: usize,
    /// Deliveries that a kill cut off: each may stand there once more.
    cut_off: usize,
    /// There, and neither marked as sent nor cut off.
    outside: usize,
}

impl Told {
    fn add(&mut self, database: &Path, world: &World, place: Place) {
        let messages = world.messages(place);
        let stand: BTreeSet<i64> = messages
            .iter()
            .filter(|message| message.by_bot())
            .map(|message| message.id.0)
            .collect();
        let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut marked = conn
            .prepare(
                "SELECT json_extract(part.value, '$.remote_id')
                 FROM outbox, json_each(outbox.sent) AS part
                 WHERE json_extract(part.value, '$.chat') = ?1
                   AND json_extract(part.value, '$.remote_id') > 0",
            )
            .unwrap();
        let marked = marked.query_map([place.chat_id()], |row| row.get(0));
        let marked: Vec<i64> = marked.unwrap().map(Result::unwrap).collect();
        let own: BTreeSet<i64> = marked.iter().copied().collect();
        assert_eq!(own.len(), marked.len(), "two answers are one message");
        let cut_off: i64 = conn
            .query_row(
                "SELECT coalesce(sum(attempts), 0) FROM outbox WHERE EXISTS (
                     SELECT 1 FROM json_each(outbox.sent) AS part
                     WHERE json_extract(part.value, '$.chat') = ?1)",
                [place.chat_id()],
                |row| row.get(0),
            )
            .unwrap();
        let cut_off = usize::try_from(cut_off).unwrap();
        let beside = stand.difference(&own).count();
        self.arrived += stand.len();
        self.missing += own.difference(&stand).count();
        self.cut_off += cut_off;
        self.repeated += beside.min(cut_off);
        self.outside += beside.saturating_sub(cut_off);
    }
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

fn die(running: &mut Child) {
    running.kill().unwrap();
    running.wait().unwrap();
}

fn listens(world: &World, place: Place) -> bool {
    match place {
        Place::Private { bot, .. } => world.polls(bot),
        _ => false,
    }
}

/// True while something was said behind the last answer: several messages that came together have one answer.
fn is_open(world: &World, place: Place) -> bool {
    world
        .last_message(place)
        .is_some_and(|message| !message.by_bot())
}

fn count(database: &Path, query: &str) -> i64 {
    let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    conn.query_row(query, [], |row| row.get(0)).unwrap()
}

/// Looks again and again, for so long at most.
fn wait(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "this never came: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
