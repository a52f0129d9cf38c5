//! A small world to test in: a store in a temporary folder, ids that count, times that are chosen.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::answer::{Outcome, Usage};
use domain::assistant::{Assistant, AssistantSettings};
use domain::conversation::{ChannelKind, Incoming};
use domain::document::{Block, BlockKind, Document, Passage, ReadReport, Source, SourceKind};
use domain::id::{
    AssistantId, ConversationId, DocumentId, JobId, MemberId, MessageId, PassageId, SourceId,
    WorkspaceId,
};
use domain::job::{Lane, Lease};
use domain::language::Language;
use domain::member::{Member, Role};
use domain::time::Timestamp;
use domain::trace::Trace;
use store::answers::CommitAnswer;
use store::documents::{Added, NewDocument};
use store::owner::NewOwner;
use store::reading::ReadDone;
use store::receive::{Arrival, ReceiveIds, Received};
use store::{MasterKey, Store, StoreConfig, Workspace};
use tempfile::TempDir;
use uuid::Uuid;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// A fresh id.
pub fn uuid() -> Uuid {
    let number = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    Uuid::from_u128(u128::from(std::process::id()) << 64 | u128::from(number))
}

/// A moment, in seconds of the test.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp(1_800_000_000_000_000).plus_seconds(seconds)
}

/// A store in a temporary folder.
pub struct World {
    pub folder: TempDir,
    pub store: Store,
}

impl World {
    pub fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(config_of(&folder), at(0)).unwrap();
        World { folder, store }
    }

    pub fn config(&self) -> StoreConfig {
        config_of(&self.folder)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A store whose first owner is there.
    pub async fn owned() -> (World, Shop) {
        let world = World::new();
        let new = new_owner("owner@example.org");
        let shop = Shop {
            w: world.store.workspace(new.workspace_id),
            assistant_id: new.assistant.id,
            member_id: new.member.id,
        };
        world.store.first_owner(new, at(0)).await.unwrap();
        (world, shop)
    }

    /// The whole store closed and opened again.
    pub async fn reopened(self) -> World {
        self.store.close().await.unwrap();
        let World { folder, store } = self;
        drop(store);
        let store = Store::open(config_of(&folder), at(1_000_000)).unwrap();
        World { folder, store }
    }
}

pub fn config_of(folder: &TempDir) -> StoreConfig {
    StoreConfig {
        data: folder.path().join("data"),
        master_key: MasterKey::File(folder.path().join("keys/master.key")),
    }
}

pub fn new_owner(email: &str) -> NewOwner {
    let workspace_id = WorkspaceId(uuid());
    NewOwner {
        workspace_id,
        workspace_name: "Tea & Kettles".to_owned(),
        member: Member {
            id: MemberId(uuid()),
            workspace_id,
            email: email.to_owned(),
            name: "Olga".to_owned(),
            role: Role::Owner,
            created_at: at(0),
        },
        password_hash: "$hash$1".to_owned(),
        assistant: assistant("Tea"),
    }
}

pub fn assistant(name: &str) -> Assistant {
    Assistant {
        id: AssistantId(uuid()),
        name: name.to_owned(),
        settings: AssistantSettings::default(),
        version: 1,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// One workspace and what is needed to use it.
#[derive(Clone)]
pub struct Shop {
    pub w: Workspace,
    pub assistant_id: AssistantId,
    pub member_id: MemberId,
}

impl Shop {
    pub async fn source(&self) -> SourceId {
        self.source_of(SourceKind::Files).await
    }

    pub async fn source_of(&self, kind: SourceKind) -> SourceId {
        let id = SourceId(uuid());
        let source = Source {
            id,
            kind,
            name: "Files".to_owned(),
            created_at: at(0),
        };
        self.w.create_source(source).await.unwrap();
        id
    }

    /// Adds a document of this name and content.
    pub async fn add(
        &self,
        store: &Store,
        source_id: SourceId,
        name: &str,
        content: &str,
        now: Timestamp,
    ) -> Added {
        let bytes = std::io::Cursor::new(content.as_bytes().to_vec());
        let new = NewDocument {
            id: DocumentId(uuid()),
            source_id,
            name: name.to_owned(),
            media_type: "text/plain".to_owned(),
            file: store.put_file(bytes, 1 << 20).await.unwrap(),
            job_id: JobId(uuid()),
        };
        self.w.add_document(new, now).await.unwrap()
    }

    /// Adds a document that is new and reads it at once.
    pub async fn ready(
        &self,
        store: &Store,
        source_id: SourceId,
        name: &str,
        content: &str,
        now: Timestamp,
    ) -> Document {
        let Added::New(document) = self.add(store, source_id, name, content, now).await else {
            panic!("the content is there already");
        };
        let lease = lease(store, Lane::Read, now).await.unwrap();
        let done = read_done(document.id, content);
        self.w
            .document_read(&lease, document.id, done, now)
            .await
            .unwrap();
        self.w.document(document.id).await.unwrap()
    }

    /// A message of a peer.
    pub async fn say(&self, peer: &str, external_id: &str, text: &str, now: Timestamp) -> Received {
        let ids = receive_ids();
        self.w
            .receive(
                self.incoming(peer, external_id, text),
                Arrival::of_words(ids, Language::EN, now),
            )
            .await
            .unwrap()
    }

    pub fn incoming(&self, peer: &str, external_id: &str, text: &str) -> Incoming {
        Incoming {
            channel: ChannelKind::Api,
            assistant_id: self.assistant_id,
            peer: peer.to_owned(),
            external_id: external_id.to_owned(),
            text: text.to_owned(),
            letter: None,
        }
    }
}

pub fn receive_ids() -> ReceiveIds {
    ReceiveIds {
        contact: domain::id::ContactId(uuid()),
        conversation: ConversationId(uuid()),
        message: MessageId(uuid()),
        job: JobId(uuid()),
    }
}

/// The next job of a lane, for a minute.
pub async fn lease(store: &Store, lane: Lane, now: Timestamp) -> Option<Lease> {
    let leases = store.lease_jobs(lane, now, "test", 60, 1).await;
    leases.unwrap().pop()
}

/// What reading `content` gives: a passage a line.
pub fn read_done(document_id: DocumentId, content: &str) -> ReadDone {
    let mut start = 0;
    let mut blocks = Vec::new();
    let mut passages = Vec::new();
    for (ordinal, line) in (0_u32..).zip(content.lines()) {
        let length = u32::try_from(line.chars().count()).unwrap();
        blocks.push(Block {
            kind: BlockKind::Paragraph,
            text: line.to_owned(),
            start,
            page: None,
        });
        passages.push(Passage {
            id: PassageId(uuid()),
            document_id,
            ordinal,
            text: line.to_owned(),
            headings: vec!["Top".to_owned()],
            page: Some(1),
            start,
            end: start + length,
            language: Language::EN,
            table: false,
        });
        start += length + 1;
    }
    ReadDone {
        title: content.lines().next().unwrap_or("").to_owned(),
        media_type: "text/plain".to_owned(),
        language: Language::EN,
        blocks,
        passages,
        report: ReadReport {
            format: "txt".to_owned(),
            ..ReadReport::default()
        },
        embed_job: Some(JobId(uuid())),
    }
}

/// An answer to these messages.
pub fn answer(conversation_id: ConversationId, answers: &[MessageId]) -> CommitAnswer {
    CommitAnswer {
        conversation_id,
        answers: answers.to_vec(),
        message_id: MessageId(uuid()),
        text: "It is 4 euros.".to_owned(),
        outcome: Outcome::Answered,
        citations: Vec::new(),
        engine: "quotes".to_owned(),
        trace: Trace::default(),
        usage: Usage {
            prompt_tokens: 10,
            answer_tokens: 2,
        },
        outgoing: Vec::new(),
        handoff: None,
        unanswered: None,
        next_job: JobId(uuid()),
    }
}
