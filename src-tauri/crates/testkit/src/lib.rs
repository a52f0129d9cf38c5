//! What tests of `app`, `api` and `chatai` share: a whole product over a temporary folder, with a clock that is
//! set by hand, jobs that run when the test says so, and stories written as Markdown.
//!
//! Not here: assertions about a room's inside. A test speaks to the product as its users do.

pub mod authenticator;
pub mod bot;
pub mod clock;
pub mod messenger;
pub mod post;
pub mod publisher;
pub mod slow;
pub mod story;
pub mod web;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use app::channel::Channel;
use app::clock::Clock;
use app::health::{self, LookAtPlace};
use app::log::{Log, LogPlace};
use app::people::{FirstOwner, NewMember};
use app::settings::SettingsChange;
use app::updates::Release;
use app::who::Who;
use app::{App, Parts};
use domain::conversation::{Conversation, Message};
use domain::document::Document;
use domain::member::Role;
use engine::models::ModelFolder;
use engine::models::download::HUB;
use extract::{Reader, ReaderConfig};
use net::{Net, NetSettings};
use store::{MasterKey, Store, StoreConfig};
use tempfile::TempDir;

use crate::clock::HandClock;
use crate::messenger::HandMessenger;
use crate::publisher::HandInstaller;

/// The password of the owner that [`TestApp`] makes.
pub const PASSWORD: &str = "a long test sentence";
/// The e-mail of the owner that [`TestApp`] makes.
pub const EMAIL: &str = "owner@shop.example";

/// A whole product with an owner, over a temporary folder, without any model.
pub struct TestApp {
    /// The product.
    pub app: App,
    /// Its clock.
    pub clock: Arc<HandClock>,
    /// Its messenger.
    pub messenger: Arc<HandMessenger>,
    /// The owner.
    pub owner: Who,
    /// The data folder; gone when this is dropped.
    pub folder: TempDir,
}

impl TestApp {
    /// A product without an owner; nothing runs by itself.
    pub fn without_owner() -> (App, Arc<HandClock>, TempDir) {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let clock = Arc::new(HandClock::default());
        let app = open(&folder, &clock);
        (app, clock, folder)
    }

    /// A product with an owner and one assistant; jobs run in [`TestApp::settle`] only.
    pub async fn new() -> TestApp {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let clock = Arc::new(HandClock::default());
        let messenger = Arc::new(HandMessenger::default());
        let app = open_with(&folder, &clock, &messenger);
        TestApp::owned(app, clock, messenger, folder).await
    }

    /// The same with another messenger than the one that is set by hand.
    pub async fn with_channel(channel: Arc<dyn Channel>) -> TestApp {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let clock = Arc::new(HandClock::default());
        let place = Place::in_folder(folder.path());
        let app = open_at(&place, clock.clone(), channel);
        TestApp::owned(app, clock, Arc::default(), folder).await
    }

    /// The same in a world of its own.
    pub async fn within(outside: Outside) -> TestApp {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let clock = Arc::new(HandClock::default());
        let messenger = Arc::new(HandMessenger::default());
        let place = Place::in_folder(folder.path());
        let app = open_in(&place, clock.clone(), messenger.clone(), outside);
        TestApp::owned(app, clock, messenger, folder).await
    }

    async fn owned(
        app: App,
        clock: Arc<HandClock>,
        messenger: Arc<HandMessenger>,
        folder: TempDir,
    ) -> TestApp {
        let first = FirstOwner {
            business: "Shop".to_owned(),
            name: "Olga".to_owned(),
            email: EMAIL.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let member = app
            .create_owner(first)
            .await
            .expect("the first owner can be made");
        let owner = Who {
            member,
            session_id: None,
        };
        let keywords_only = SettingsChange {
            embedder: Some(String::new()),
            ..SettingsChange::default()
        };
        app.change_settings(&owner, keywords_only)
            .await
            .expect("settings can be changed");
        TestApp {
            app,
            clock,
            messenger,
            owner,
            folder,
        }
    }

    /// A member of this role joins the owner's workspace, with [`PASSWORD`].
    pub async fn join(&self, role: Role) -> Who {
        let name = format!("{role:?}");
        let email = format!("{}@shop.example", self.clock.now().0);
        let new = NewMember {
            name,
            email,
            role,
            password: PASSWORD.to_owned(),
        };
        let member = self
            .app
            .add_member(&self.owner, new)
            .await
            .expect("a member can be added");
        Who {
            member,
            session_id: None,
        }
    }

    /// Drops the product in the middle of whatever it does, as a crash would, and opens it again five minutes
    /// later, when what it held is free.
    pub async fn crashed_and_opened(self) -> TestApp {
        let TestApp {
            app,
            clock,
            messenger,
            owner,
            folder,
        } = self;
        drop(app);
        let_go(&Place::in_folder(folder.path())).await;
        clock.pass(300);
        let app = open_with(&folder, &clock, &messenger);
        TestApp {
            app,
            clock,
            messenger,
            owner,
            folder,
        }
    }

    /// Runs jobs until none is due.
    pub async fn settle(&self) {
        self.app.run_jobs().await.expect("jobs run");
    }

    /// Adds a document and reads it.
    pub async fn add(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Document {
        let bytes = std::io::Cursor::new(bytes.into());
        let uploaded = self
            .app
            .upload(&self.owner, None, name, bytes)
            .await
            .expect("a document can be added");
        self.settle().await;
        self.app
            .document(&self.owner, uploaded.document.id)
            .await
            .expect("the document is there")
    }

    /// Starts a conversation with the first assistant.
    pub async fn conversation(&self) -> Conversation {
        let assistants = self
            .app
            .assistants(&self.owner)
            .await
            .expect("assistants can be listed");
        self.app
            .start_playground(&self.owner, assistants[0].id)
            .await
            .expect("a conversation can be started")
    }

    /// Says something and gives the answer.
    pub async fn ask(&self, conversation: &Conversation, text: &str) -> Message {
        let said = self
            .app
            .say(&self.owner, conversation.id, text, None)
            .await
            .expect("something can be said");
        self.settle().await;
        let answer = self
            .app
            .answer_to(&self.owner, conversation.id, said.message_id)
            .await;
        answer
            .expect("the answer can be read")
            .expect("the question is answered")
    }
}

/// Where a product lies.
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// The file of the key that opens its secrets.
    pub key: PathBuf,
}

impl Place {
    /// Data and key beside each other in a folder.
    pub fn in_folder(folder: &Path) -> Place {
        Place {
            data: folder.join("data"),
            key: folder.join("key"),
        }
    }
}

/// Waits, a minute at most, until a product that was dropped has left its folder: what it began on another thread
/// still ends, which a crash would have spared it.
async fn let_go(place: &Place) {
    let lock = place.data.join("lock");
    let waited = tokio::task::spawn_blocking(move || std::fs::File::open(lock)?.lock());
    let waited = tokio::time::timeout(Duration::from_secs(60), waited).await;
    let waited = waited.expect("a dropped product leaves its folder");
    waited
        .expect("waiting does not panic")
        .expect("the folder can be locked");
}

/// Opens the product on a folder, as after a restart, with a messenger of its own.
pub fn open(folder: &TempDir, clock: &Arc<HandClock>) -> App {
    open_with(folder, clock, &Arc::new(HandMessenger::default()))
}

/// The same with this messenger.
pub fn open_with(folder: &TempDir, clock: &Arc<HandClock>, messenger: &Arc<HandMessenger>) -> App {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let channel = Arc::clone(messenger) as Arc<dyn Channel>;
    open_at(&Place::in_folder(folder.path()), clock, channel)
}

/// What a product meets outside of itself, besides its messenger.
pub struct Outside {
    /// What it is, and who publishes newer ones.
    pub release: Release,
    /// Certificates that it believes besides the system's.
    pub believed: Vec<Vec<u8>>,
    /// What its owner decided about the network.
    pub net: NetSettings,
    /// What it said lately.
    pub log: Log,
    /// The models, where the test asks them as well; else those of its data folder.
    pub models: Option<ModelFolder>,
}

impl Default for Outside {
    /// Nobody publishes newer versions.
    fn default() -> Outside {
        Outside {
            release: HandInstaller::default().release(None),
            believed: Vec::new(),
            net: NetSettings::default(),
            log: Log::default(),
            models: None,
        }
    }
}

/// Opens the product where it lies, with this clock and messenger.
pub fn open_at(place: &Place, clock: Arc<dyn Clock>, channel: Arc<dyn Channel>) -> App {
    open_in(place, clock, channel, Outside::default())
}

/// The same with what is outside of it.
pub fn open_in(
    place: &Place,
    clock: Arc<dyn Clock>,
    channel: Arc<dyn Channel>,
    outside: Outside,
) -> App {
    net::install_crypto();
    let config = StoreConfig {
        data: place.data.clone(),
        master_key: MasterKey::File(place.key.clone()),
    };
    let reader = ReaderConfig {
        program: reader_program(),
        arguments: Vec::new(),
        workers: 1,
        timeout: Duration::from_secs(60),
    };
    let parts = Parts {
        store: Store::open(config, clock.now()).expect("the store opens"),
        reader: Arc::new(Reader::new(reader)),
        models: outside
            .models
            .unwrap_or_else(|| ModelFolder::new(place.data.join("models"))),
        hub: HUB.to_owned(),
        net: {
            let clock = Arc::clone(&clock);
            let now = Arc::new(move || clock.now().0);
            let world = net::World {
                lookup: web::lookup(),
                believed: outside.believed,
            };
            Net::within(outside.net, now, world)
        },
        clock,
        readers: 1,
        channel: Some(channel),
        release: outside.release,
        place: told(&place.data),
        log: outside.log,
    };
    App::new(parts)
}

/// A data folder that was told, well kept.
pub fn told(data: &Path) -> LookAtPlace {
    let data = data.to_owned();
    Arc::new(move || health::Place {
        data: data.clone(),
        why: health::Why::Told,
        is_open: false,
        network: None,
        log: LogPlace::Terminal,
    })
}

/// The reader's child program, beside the tests' own binaries; built when it is not there yet.
fn reader_program() -> PathBuf {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        let tests = std::env::current_exe().expect("a test knows its own binary");
        let folder = tests
            .parent()
            .and_then(|deps| deps.parent())
            .expect("tests lie in target/<profile>/deps");
        let program = folder.join(format!("extract-worker{}", std::env::consts::EXE_SUFFIX));
        if !program.exists() {
            let built = Command::new(env!("CARGO"))
                .args([
                    "build",
                    "--quiet",
                    "-p",
                    "extract",
                    "--bin",
                    "extract-worker",
                ])
                .status();
            assert!(
                built.is_ok_and(|status| status.success()),
                "the reader's child program can be built"
            );
        }
        program
    });
    PROGRAM.clone()
}
