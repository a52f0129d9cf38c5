//! Voice messages: heard and answered, or kindly refused.

use std::fs;
use std::path::{Path, PathBuf};

use app::bots::deliver::Delivery;
use app::settings::SettingsChange;
use domain::audit::{Deed, SettingsPart};
use domain::bot::BotSettings;
use domain::conversation::{Attachment, AttachmentKind, Letter};
use domain::language::Language;
use store::attachments::{AttachmentRow, Hearing};
use testkit::TestApp;
use testkit::bot::{TestBot, to_console, to_customer};

const MODEL: &str = "whisper-base";
const FILES: [&str; 3] = ["config.json", "tokenizer.json", "model.safetensors"];

/// A shop that listens with the model in `model`, or with one that is there and cannot be loaded.
async fn listening(model: Option<&Path>) -> TestApp {
    let shop = TestApp::new().await;
    shop.add(
        "delivery.md",
        "# Delivery\n\nDelivery to Kazan takes four working days.\n",
    )
    .await;
    let folder = shop.folder.path().join("data/models").join(MODEL);
    fs::create_dir_all(&folder).unwrap();
    for file in FILES {
        match model {
            Some(model) => drop(fs::copy(model.join(file), folder.join(file)).unwrap()),
            None => fs::write(folder.join(file), "{}").unwrap(),
        }
    }
    let change = SettingsChange {
        speech_model: Some(MODEL.to_owned()),
        ..SettingsChange::default()
    };
    shop.app.change_settings(&shop.owner, change).await.unwrap();
    shop
}

/// “How long does delivery to Kazan take?”, as Telegram sends it.
fn question() -> Vec<u8> {
    let sounds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../extract/tests/data/sound");
    fs::read(sounds.join("voice.ogg")).unwrap()
}

/// A WAV of silence.
fn silence(seconds: u32) -> Vec<u8> {
    let numbers = seconds * 8_000;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + numbers).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(8_000u32.to_le_bytes());
    file.extend(8_000u32.to_le_bytes());
    file.extend(b"\x01\0\x08\0data");
    file.extend(numbers.to_le_bytes());
    file.extend(vec![128; numbers as usize]);
    file
}

/// Somebody speaks into the chat; what comes of it.
async fn speaks(shop: &TestApp, bot: &TestBot<'_>, recording: Vec<u8>) -> Vec<Delivery> {
    let size = recording.len() as u64;
    // Each recording is a file of its own there.
    let remote_file = format!("voice-{size}");
    shop.messenger.has_file(&remote_file, Ok(recording));
    let voice = Attachment {
        kind: AttachmentKind::Voice,
        remote_file,
        name: String::new(),
        media_type: "audio/ogg".to_owned(),
        size,
        detail: String::new(),
    };
    let letter = Letter {
        attachments: vec![voice],
        ..bot.letter(9)
    };
    bot.sends("", letter).await;
    bot.deliver().await
}

/// The last recording that came, and the words of its message.
async fn last_recording(shop: &TestApp) -> (String, AttachmentRow) {
    let (app, owner) = (&shop.app, &shop.owner);
    let listed = app.conversations(owner, Default::default(), None, 10).await;
    let id = listed.unwrap().items[0].id;
    let messages = app.messages(owner, id, None, 20).await.unwrap();
    let beside = app.beside(owner, id, &messages).await.unwrap();
    let rows = beside
        .into_iter()
        .flat_map(|(_, beside)| beside.attachments);
    let row = rows.last().unwrap();
    let message = messages.iter().find(|message| message.id == row.message_id);
    (message.unwrap().text.clone(), row)
}

#[tokio::test]
async fn who_chose_the_model_that_hears_stands_in_the_log() {
    let shop = listening(None).await;
    let part = SettingsPart::SpeechModel;
    let newest = shop.app.audit(&shop.owner, None, 1).await.unwrap();
    assert_eq!(newest[0].entry.deed, Deed::SettingsChanged { part });
}

#[tokio::test]
async fn a_recording_that_cannot_be_opened_is_kindly_refused_once() {
    let shop = listening(None).await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let told = to_customer(&speaks(&shop, &bot, b"no recording at all".to_vec()).await);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("I could not open this recording"),
        "{told:?}"
    );
    let (text, row) = last_recording(&shop).await;
    assert_eq!((text.as_str(), row.hearing), ("", Hearing::Unreadable));
}

#[tokio::test]
async fn more_than_five_minutes_are_kindly_refused() {
    let shop = listening(None).await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let told = to_customer(&speaks(&shop, &bot, silence(301)).await);
    assert!(told[0].contains("longer than five minutes"), "{told:?}");
    let (_, row) = last_recording(&shop).await;
    assert_eq!(row.hearing, Hearing::TooLong);
}

#[tokio::test]
async fn a_model_that_cannot_be_loaded_leaves_the_recording_to_people() {
    let shop = listening(None).await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let told = to_customer(&speaks(&shop, &bot, question()).await);
    assert!(told[0].contains("a colleague can listen to it"), "{told:?}");
    let (_, row) = last_recording(&shop).await;
    // Once the model is mended it may be heard.
    assert_eq!(row.hearing, Hearing::NotYet);
}

#[tokio::test]
async fn what_is_said_is_answered_and_operators_read_it() {
    let folder = std::env::var_os("CHATAI_TEST_MODELS").map(PathBuf::from);
    let model = folder.map(|folder| folder.join(MODEL));
    let Some(model) = model.filter(|model| model.join(FILES[2]).is_file()) else {
        eprintln!("skipped: CHATAI_TEST_MODELS names no folder with {MODEL}");
        return;
    };
    let shop = listening(Some(&model)).await;
    let bot = TestBot::with_staff(&shop).await;
    let told = to_customer(&speaks(&shop, &bot, question()).await);
    assert_eq!(told, ["Delivery to Kazan takes four working days."]);
    let (text, row) = last_recording(&shop).await;
    assert_eq!(row.hearing, Hearing::Words);
    assert_eq!(row.spoken, Language::EN);
    assert_eq!(row.transcript, text, "the words are the message's");
    assert!(text.to_lowercase().contains("delivery to kazan"), "{text}");

    // What nobody can make out is not made up.
    let told = to_customer(&speaks(&shop, &bot, silence(3)).await);
    assert!(told[0].contains("could not make out the words"), "{told:?}");

    // Who took over reads the words; the assistant is silent.
    bot.staff(9, (1, "Ann"), "Let me look").await;
    bot.deliver().await;
    let told = speaks(&shop, &bot, question()).await;
    assert_eq!(to_customer(&told), Vec::<String>::new());
    let console = to_console(&told).join("\n");
    assert!(
        console.contains("Transcript of a voice message (en)"),
        "{console}"
    );
    assert!(
        console.to_lowercase().contains("delivery to kazan"),
        "{console}"
    );
}
