//! A shop's life by chance: documents come, change and go, people ask, the program is dropped in the middle of
//! things and opened again. After each quiet moment the invariants of reliability hold.
//!
//! `SIM_SEED=7 SIM_STEPS=500 cargo test -p app --test it sim` plays one life again; without them a few short
//! ones are played.

use std::collections::BTreeMap;

use app::who::Who;
use domain::conversation::{Author, Conversation};
use domain::id::DocumentId;
use domain::job::{JobState, Lane};
use testkit::TestApp;

#[tokio::test]
async fn a_life_by_chance_loses_nothing_and_answers_once() {
    let asked = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse::<u64>().ok())
    };
    let steps = asked("SIM_STEPS").unwrap_or(40);
    let seeds = asked("SIM_SEED").map_or(vec![1, 2, 3], |seed| vec![seed]);
    for seed in seeds {
        eprintln!("SIM_SEED={seed} SIM_STEPS={steps}");
        let mut life = Life::begin(seed).await;
        for _ in 0..steps {
            life.step().await;
        }
        life.settle_and_check().await;
    }
}

struct Life {
    /// `None` only while it is dropped and opened.
    shop: Option<TestApp>,
    conversation: Conversation,
    chance: Chance,
    /// Name of each document that should be found, with its id and the word that only it has.
    documents: BTreeMap<String, (DocumentId, String)>,
    /// How many different messages were said.
    said: usize,
    last_said: Option<(String, String)>,
    words: u64,
}

/// xorshift64*: the same numbers for the same seed, everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % end
    }
}

impl Life {
    async fn begin(seed: u64) -> Life {
        let shop = TestApp::new().await;
        let conversation = shop.conversation().await;
        let chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        Life {
            shop: Some(shop),
            conversation,
            chance,
            documents: BTreeMap::new(),
            said: 0,
            last_said: None,
            words: 0,
        }
    }

    fn shop(&self) -> &TestApp {
        self.shop.as_ref().expect("the shop is open")
    }

    fn who(&self) -> Who {
        self.shop().owner.clone()
    }

    async fn step(&mut self) {
        match self.chance.below(100) {
            0..30 => self.add_or_change().await,
            30..40 => self.remove().await,
            40..70 => self.say().await,
            70..78 => self.say_again().await,
            78..90 => self.some_jobs().await,
            90..95 => self.drop_and_open().await,
            _ => self.settle_and_check().await,
        }
    }

    /// A new document, or another version of one.
    async fn add_or_change(&mut self) {
        let name = format!("note{}.txt", self.chance.below(12));
        self.words += 1;
        let word = format!("zq{}x", self.words);
        let text = format!(
            "The code word of this note is {word}. It is kept in the drawer number {}.",
            self.words
        );
        let bytes = std::io::Cursor::new(text.into_bytes());
        let uploaded = self
            .shop()
            .app
            .upload(&self.who(), None, &name, bytes)
            .await
            .unwrap();
        self.documents.insert(name, (uploaded.document.id, word));
    }

    async fn remove(&mut self) {
        let count = self.documents.len() as u64;
        if count == 0 {
            return;
        }
        let at = usize::try_from(self.chance.below(count)).unwrap();
        let name = self.documents.keys().nth(at).unwrap().clone();
        // Removing the new version of a name must not bring the old one back.
        self.shop().settle().await;
        let (id, _) = self.documents.remove(&name).unwrap();
        self.shop()
            .app
            .remove_document(&self.who(), id)
            .await
            .unwrap();
    }

    async fn say(&mut self) {
        let text = format!(
            "Which drawer has the code word zq{}x?",
            self.chance.below(self.words + 2)
        );
        let external_id = format!("m{}", self.said);
        self.shop()
            .app
            .say(
                &self.who(),
                self.conversation.id,
                &text,
                Some(external_id.clone()),
            )
            .await
            .unwrap();
        self.said += 1;
        self.last_said = Some((external_id, text));
    }

    /// The channel delivers a message a second time.
    async fn say_again(&mut self) {
        if let Some((external_id, text)) = self.last_said.clone() {
            let said = self
                .shop()
                .app
                .say(&self.who(), self.conversation.id, &text, Some(external_id))
                .await
                .unwrap();
            assert!(!said.is_new, "the same message twice is one message");
        }
    }

    async fn some_jobs(&mut self) {
        self.shop().settle().await;
    }

    /// The program goes away without a word and is started again.
    async fn drop_and_open(&mut self) {
        let shop = self.shop.take().expect("the shop is open");
        self.shop = Some(shop.crashed_and_opened().await);
    }

    async fn settle_and_check(&mut self) {
        self.shop().settle().await;
        let app = &self.shop().app;
        let waiting = app.job_counts().await.unwrap();
        let waits = |(lane, state, count): &(Lane, JobState, u64)| {
            *count > 0 && *lane != Lane::Embed && *state != JobState::Dead
        };
        assert!(!waiting.iter().any(waits), "nothing waits: {waiting:?}");
        assert!(
            waiting
                .iter()
                .all(|(_, state, count)| *state != JobState::Dead || *count == 0),
            "nothing is dead: {waiting:?}"
        );
        self.check_conversation().await;
        self.check_documents().await;
        let checked = app.check(&self.who()).await.unwrap();
        assert!(checked.is_sound(), "{checked:?}");
    }

    /// I2 and I3: every message is there once and has exactly one answer.
    async fn check_conversation(&self) {
        let mut before = None;
        let mut all = Vec::new();
        loop {
            let page = self
                .shop()
                .app
                .messages(&self.who(), self.conversation.id, before, 200)
                .await
                .unwrap();
            let Some(first) = page.first() else { break };
            before = Some(first.seq);
            all.extend(page);
        }
        let (asked, answers): (Vec<_>, Vec<_>) = all
            .iter()
            .partition(|message| message.author == Author::Contact);
        assert_eq!(asked.len(), self.said, "no message is lost or doubled");
        for message in &asked {
            let answered_by = message.answered_by.expect("every message is answered");
            assert!(
                answers.iter().any(|answer| answer.id == answered_by),
                "by an answer that is there"
            );
        }
        for answer in &answers {
            assert!(
                asked
                    .iter()
                    .any(|message| message.answered_by == Some(answer.id)),
                "no answer without a question"
            );
        }
    }

    /// I6: what is ready is found, by its own word; what is gone is not.
    async fn check_documents(&self) {
        for word in 1..=self.words {
            let word = format!("zq{word}x");
            let found = self
                .shop()
                .app
                .search_test(&self.who(), &word, 5)
                .await
                .unwrap();
            let holders: Vec<DocumentId> = found
                .hits
                .iter()
                .filter(|hit| hit.passage.text.contains(&format!("{word}.")))
                .map(|hit| hit.passage.document_id)
                .collect();
            let expected: Vec<DocumentId> = self
                .documents
                .values()
                .filter(|(_, own)| *own == word)
                .map(|(id, _)| *id)
                .collect();
            assert_eq!(holders, expected, "documents with {word}");
        }
    }
}
