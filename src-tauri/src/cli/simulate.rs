//! `chatai simulate`: a chat with a bot in the terminal, by the code that customers get: the runner, the outbox, the
//! console. Only the messenger's server is one of our own, inside this program.

use std::collections::HashSet;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use app::simulator::{Chat, Person, Room, Saying, Scene, Simulator, Tap};
use app::who::Who;
use clap::Args;
use domain::bot::BotLease;
use domain::conversation::MAX_ATTACHMENT;
use domain::id::BotId;
use domain::job::{JobState, Lane};
use telegram::runner::{Runner, RunnerConfig};
use tokio::sync::mpsc;

use crate::boot::Boot;
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;
use crate::simulator::Worlds;

#[derive(Debug, Args)]
pub struct Simulate {
    /// Which assistant answers [default: the first]
    #[arg(long, value_name = "NAME")]
    assistant: Option<String>,
    /// Longest wait for the bot after a line, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    wait: u64,
}

/// What can be typed besides words for the bot.
const HELP: &str = "\
Write as a customer; a number presses a button.
  /as NAME     be another customer        /group      write in a group (name the bot, or reply, to be heard)
  /operator    be an operator             /private    back to the chat with the bot
  /file PATH   send a document            /quit       end
Everything else beginning with / goes to the bot: /start, /help, /human; for operators /take, /ai, /close, /ban.";

/// The customer until another one comes.
const CUSTOMER: &str = "Customer";
/// The operator.
const OPERATOR: &str = "Operator";
/// Who holds the other bots meanwhile.
const HOLDER: &str = "simulate";
/// For how long: a week.
const HELD_SECONDS: u32 = 7 * 24 * 3_600;
/// How often it is looked whether everything is done.
const LOOK: Duration = Duration::from_millis(50);

impl Simulate {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::start(boot).await?;
        program.app.remove_leftover_simulators().await?;
        let who = local::owner(&program, "My business").await?;
        let assistant = local::assistant(&program, &who, self.assistant.as_deref()).await?;
        let worlds = Worlds::default();
        let scene = program
            .app
            .start_simulator(&who, Some(&worlds), assistant.id)
            .await?;
        let bot = scene
            .bot_id
            .ok_or_else(|| Failure::new("the simulator's bot was not added"))?;
        let others = hold_others(&program, &who, bot).await?;
        let (app, net) = (program.app.clone(), program.net.clone());
        let runner = Runner::start(app, net, RunnerConfig::default());
        println!("{} answers. {HELP}\n", assistant.name);
        let mut talk = Talk {
            program: &program,
            who: &who,
            worlds: &worlds,
            bot,
            wait: Duration::from_secs(self.wait),
            person: Person {
                name: CUSTOMER.to_owned(),
                room: Room::Private,
                topic: 0,
            },
            shown: HashSet::new(),
            buttons: Vec::new(),
        };
        let talked = talk.until_the_end().await;
        runner.stop().await;
        for lease in &others {
            program.app.release_bot(lease).await?;
        }
        program.app.end_simulator(&who, Some(&worlds)).await?;
        program.stop().await?;
        talked.map(|()| Ending::Done)
    }
}

/// Takes every other bot, so that the runner has none of them: nothing is asked of any messenger outside. The data
/// folder is this program's alone, and whoever opens it next finds them free.
async fn hold_others(
    program: &Program,
    who: &Who,
    simulated: BotId,
) -> Result<Vec<BotLease>, Failure> {
    let mut held = Vec::new();
    for bot in program.app.bots(who).await? {
        if bot.id != simulated {
            held.extend(program.app.lease_bot(bot.id, HOLDER, HELD_SECONDS).await?);
        }
    }
    Ok(held)
}

/// A chat that goes on.
struct Talk<'a> {
    program: &'a Program,
    who: &'a Who,
    worlds: &'a Worlds,
    bot: BotId,
    wait: Duration,
    person: Person,
    /// What was printed: chat, topic, message and its words, so that what is edited is printed again.
    shown: HashSet<(i64, i64, i64, String)>,
    /// Buttons that a number presses, the first one first.
    buttons: Vec<(Room, i64, Tap)>,
}

impl Talk<'_> {
    async fn until_the_end(&mut self) -> Result<(), Failure> {
        let mut lines = lines();
        loop {
            self.prompt()?;
            let Some(line) = lines.recv().await else {
                return Ok(());
            };
            let line = line?;
            let line = line.trim();
            let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
            match (command, rest.trim()) {
                ("", _) => continue,
                ("/quit", _) => return Ok(()),
                ("/as", name) if !name.is_empty() => {
                    self.person = Person {
                        name: name.chars().take(app::simulator::MAX_NAME).collect(),
                        room: Room::Private,
                        topic: 0,
                    };
                    continue;
                }
                ("/private", _) => {
                    self.goes(Room::Private);
                    continue;
                }
                ("/group", _) => {
                    self.goes(Room::Group);
                    continue;
                }
                ("/operator", _) => {
                    self.goes(Room::Staff);
                    continue;
                }
                ("/file", path) => {
                    let sent = self.sends(PathBuf::from(path)).await;
                    tell_failed(sent);
                }
                _ => {
                    let said = self.says_or_presses(line).await;
                    tell_failed(said);
                }
            }
            self.settled().await?;
            self.print_news();
        }
    }

    /// Goes to another room: operators are other people than customers.
    fn goes(&mut self, room: Room) {
        let was_operator = self.person.room == Room::Staff;
        if (room == Room::Staff) != was_operator {
            self.person.name = match room {
                Room::Staff => OPERATOR.to_owned(),
                Room::Private | Room::Group => CUSTOMER.to_owned(),
            };
        }
        self.person.room = room;
        self.person.topic = match room {
            Room::Staff => self.latest_topic(),
            Room::Private | Room::Group => 0,
        };
    }

    /// The conversation that operators were told of last.
    fn latest_topic(&self) -> i64 {
        let scene = self.worlds.scene(self.who.workspace());
        let chats = scene.map(|scene| scene.chats).unwrap_or_default();
        let topics = chats.iter().filter(|chat| chat.topic != 0);
        let latest = topics.max_by_key(|chat| chat.messages.last().map(|said| said.id));
        latest.map_or(0, |chat| chat.topic)
    }

    async fn says_or_presses(&mut self, line: &str) -> Result<(), Failure> {
        let number = line.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let button = number.and_then(|number| self.buttons.get(number)).copied();
        let Some((room, topic, tap)) = button else {
            return self.says(Saying::Words(line.to_owned())).await;
        };
        if room != self.person.room {
            self.goes(room);
        }
        self.person.topic = topic;
        let app = &self.program.app;
        let toast = app
            .simulator_tap(self.who, Some(self.worlds), &self.person, tap)
            .await?;
        if !toast.is_empty() {
            println!("  ({toast})");
        }
        Ok(())
    }

    async fn sends(&mut self, path: PathBuf) -> Result<(), Failure> {
        let size = std::fs::metadata(&path).map(|metadata| metadata.len());
        let bytes = match size {
            Ok(size) if size > MAX_ATTACHMENT => {
                eprintln!("{}: a bot gets files of at most 20 MB", path.display());
                return Ok(());
            }
            Ok(_) => std::fs::read(&path),
            Err(error) => Err(error),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{}: {error}", path.display());
                return Ok(());
            }
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.into_owned();
        self.says(Saying::File { name, bytes }).await
    }

    async fn says(&mut self, saying: Saying) -> Result<(), Failure> {
        let app = &self.program.app;
        let said = app.simulator_say(self.who, Some(self.worlds), &self.person, saying);
        said.await?;
        Ok(())
    }

    /// Waits until nothing that was said is on its way any more, in the order in which it goes: from the messenger,
    /// among the updates, among the jobs, in the outbox.
    async fn settled(&self) -> Result<(), Failure> {
        let settled = async {
            while self.is_on_its_way().await? {
                tokio::time::sleep(LOOK).await;
            }
            Ok(())
        };
        match tokio::time::timeout(self.wait, settled).await {
            Ok(settled) => settled,
            Err(_) => {
                eprintln!("the bot takes longer than {} seconds", self.wait.as_secs());
                Ok(())
            }
        }
    }

    async fn is_on_its_way(&self) -> Result<bool, Failure> {
        let store = &self.program.store;
        if self.worlds.pending(self.who.workspace()) > 0
            || store.bot_queue(self.bot).await?.waiting > 0
        {
            return Ok(true);
        }
        let jobs = store.job_counts().await?;
        let has_work = jobs.iter().any(|(lane, state, count)| {
            matches!(lane, Lane::Answer | Lane::Fetch) && *state != JobState::Dead && *count > 0
        });
        Ok(has_work || store.bot_queue(self.bot).await?.outbox_queued > 0)
    }

    /// Prints what the bot said since the last time, and numbers its buttons anew.
    fn print_news(&mut self) {
        let Some(scene) = self.worlds.scene(self.who.workspace()) else {
            return;
        };
        self.buttons.clear();
        let Scene { chats, .. } = scene;
        for chat in &chats {
            self.print_chat(chat);
        }
    }

    fn print_chat(&mut self, chat: &Chat) {
        let is_ours = chat.room == self.person.room
            && (chat.room != Room::Private || chat.title == self.person.name);
        let place = match (is_ours, chat.room) {
            (true, Room::Private) => String::new(),
            (_, Room::Private) => format!("[{}] ", chat.title),
            (_, Room::Group) => "[group] ".to_owned(),
            (_, Room::Staff) if chat.topic == 0 => "[operators] ".to_owned(),
            (_, Room::Staff) => format!("[operators: {}] ", chat.title),
        };
        for said in chat.messages.iter().filter(|said| said.is_bot) {
            let key = (chat.id, chat.topic, said.id, said.text.clone());
            if !self.shown.insert(key) {
                continue;
            }
            let file = said.file.as_ref().map(|file| format!(" [file {file}]"));
            println!("{place}bot: {}{}", said.text, file.unwrap_or_default());
            for (row, buttons) in said.buttons.iter().enumerate() {
                for (column, button) in buttons.iter().enumerate() {
                    let tap = Tap {
                        message: said.id,
                        row,
                        column,
                    };
                    // Another customer's buttons are that customer's to press.
                    if !is_ours && chat.room == Room::Private {
                        continue;
                    }
                    self.buttons.push((chat.room, chat.topic, tap));
                    println!("  [{}] {}", self.buttons.len(), button.label);
                }
            }
        }
    }

    fn prompt(&self) -> Result<(), Failure> {
        if io::stdin().is_terminal() {
            let room = match self.person.room {
                Room::Private => "",
                Room::Group => " in the group",
                Room::Staff => " among operators",
            };
            print!("{}{room}> ", self.person.name);
            io::stdout().flush()?;
        }
        Ok(())
    }
}

/// What could not be said is told, and the chat goes on.
fn tell_failed(done: Result<(), Failure>) {
    if let Err(failure) = done {
        eprintln!("{failure}");
    }
}

/// What is typed, line by line, until the end.
fn lines() -> mpsc::Receiver<io::Result<String>> {
    let (typed, lines) = mpsc::channel(1);
    // A thread of its own: reading from a terminal cannot be called off, and the program ends without it.
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            if typed.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}
