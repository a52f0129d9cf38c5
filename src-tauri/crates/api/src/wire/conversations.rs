//! Conversations, messages, citations, and what a streamed answer is made of.

use domain::{answer, conversation, delivery};
use serde::{Deserialize, Serialize};
use store::attachments::{self, AttachmentRow, AttachmentState};
use store::inbox::{Beside, InboxRow, LastSaid, Side};
use store::outbox::OutboxState;
use utoipa::{IntoParams, ToSchema};

use crate::wire::handoffs::{Handoff, HandoffListed};
use crate::wire::{Id, Language, Time};

/// A conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conversation {
    /// Its id.
    pub id: Id,
    /// Who answers.
    pub assistant_id: Id,
    /// Who writes.
    pub contact_id: Id,
    /// Their name; empty when it is unknown.
    #[schema(example = "Ivan Petrov")]
    pub contact_name: String,
    /// Their `@name`, without the sign; empty when it is unknown.
    #[schema(example = "ivan")]
    pub contact_username: String,
    /// True when nothing of theirs is taken in.
    #[schema(example = false)]
    pub is_banned: bool,
    /// Where.
    pub channel: Channel,
    /// Who answers.
    pub handoff: Handoff,
    /// What was said last; null before the first word.
    #[schema(required)]
    pub last: Option<Last>,
    /// The contact's messages that nothing answers yet.
    #[schema(example = 1)]
    pub unanswered: u32,
    /// The first words of it.
    #[schema(example = "How long does delivery take?")]
    pub title: String,
    /// Language of the last question.
    pub language: Language,
    /// When it began.
    pub created_at: Time,
    /// When something was last said.
    pub last_at: Time,
    /// The member who looks after it; null for nobody.
    #[schema(required)]
    pub assignee: Option<ConversationAssignee>,
    /// Its labels, in the order they were made; at most 10.
    pub labels: Vec<Id>,
}

/// The member who looks after a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationAssignee {
    /// Their id.
    pub id: Id,
    /// Their name.
    #[schema(example = "Ann")]
    pub name: String,
}

/// What was said last.
#[derive(Debug, Serialize, ToSchema)]
pub struct Last {
    /// Who said it.
    pub author: Author,
    /// Its first 200 characters.
    #[schema(example = "How long does delivery take?", max_length = 200)]
    pub text: String,
    /// When.
    pub at: Time,
}

/// Where conversations are held, for lists.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "customers")]
pub enum Channels {
    /// Wherever customers write: everywhere but in the Playground.
    Customers,
    /// The Playground.
    Playground,
    /// The HTTP API.
    Api,
    /// A Telegram bot.
    Telegram,
}

/// A way in and out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "playground")]
pub enum Channel {
    /// Members trying their assistant.
    Playground,
    /// The HTTP API.
    Api,
    /// A Telegram bot.
    Telegram,
}

/// A page of conversations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conversations {
    /// The conversations, the latest first.
    pub items: Vec<Conversation>,
    /// `cursor` of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// Which conversations are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConversationsQuery {
    /// Only of this channel; `customers` for all but the Playground.
    #[param(inline)]
    pub channel: Option<Channels>,
    /// Only those that are somebody's; those that were handed back are `ai`.
    #[param(inline)]
    pub handoff: Option<HandoffListed>,
    /// Only of this assistant.
    pub assistant: Option<String>,
    /// Only those that this member looks after, by id; `nobody` for those that nobody does.
    pub assignee: Option<String>,
    /// Only with this label, by id.
    pub label: Option<String>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

/// A new conversation in the Playground.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewConversation {
    /// Who answers.
    pub assistant_id: Id,
}

/// One thing that was said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    pub id: Id,
    /// The conversation.
    pub conversation_id: Id,
    /// Grows by one with each message of a conversation.
    #[schema(example = 2)]
    pub seq: u64,
    /// Who said it.
    pub author: Author,
    /// The person's name, for a member's words; empty otherwise.
    #[schema(example = "Ann")]
    pub operator: String,
    /// What was said. Answers carry marks like `[1]` that belong to their citations.
    #[schema(example = "Delivery takes two working days. [1]")]
    pub text: String,
    /// For the assistant's messages: what was decided.
    #[schema(required)]
    pub outcome: Option<Outcome>,
    /// The proof.
    pub citations: Vec<Citation>,
    /// Which engine wrote it; empty for people.
    #[schema(example = "quotes")]
    pub engine: String,
    /// For the contact's messages: the message that answers it, once there is one.
    #[schema(required)]
    pub answered_by: Option<Id>,
    /// What came with it, at most 10.
    pub attachments: Vec<Attachment>,
    /// How the customer rated it, for the assistant's messages.
    #[schema(required)]
    pub rating: Option<Rating>,
    /// How its way to the customer's messenger fares; null where nothing is delivered.
    #[schema(required)]
    pub delivery: Option<Delivery>,
    /// When the customer changed its words; null when they did not.
    #[schema(required)]
    pub edited_at: Option<Time>,
    /// When.
    pub created_at: Time,
}

/// Something that came with a message. It never enters the knowledge by itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachment {
    /// Its id.
    pub id: Id,
    /// What kind.
    pub kind: AttachmentKind,
    /// Its name, as the sender's; may be empty.
    #[schema(example = "invoice.pdf")]
    pub name: String,
    /// Its media type, as the sender's; may be empty.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Its size in bytes; 0 when it is unknown.
    #[schema(example = 48_213)]
    pub size: u64,
    /// What is not a file: a place (`lat,lon`), a contact's number and name.
    #[schema(example = "")]
    pub detail: String,
    /// Whether its file is here.
    pub state: AttachmentStanding,
    /// What became of listening to it.
    pub hearing: Hearing,
    /// What was heard in it, which stands in the message's words too; empty where nothing was.
    #[schema(example = "How long does delivery take?")]
    pub transcript: String,
    /// The language of these words, as it was guessed.
    pub spoken: Language,
}

/// What kind of thing came with a message.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "document")]
pub enum AttachmentKind {
    /// A picture.
    Photo,
    /// Words spoken.
    Voice,
    /// Music or another recording.
    Audio,
    /// A film, round or not.
    Video,
    /// Any other file.
    Document,
    /// A sticker.
    Sticker,
    /// A place on the map.
    Location,
    /// Somebody's number.
    Contact,
}

/// Whether an attachment's file is here.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "kept")]
pub enum AttachmentStanding {
    /// It is being fetched.
    Waiting,
    /// It is here.
    Kept,
    /// It is larger than the messenger gives to bots.
    TooLarge,
    /// It could not be fetched.
    Failed,
    /// There is none.
    NoFile,
}

/// What became of listening to a recording.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "words")]
pub enum Hearing {
    /// Nobody listened to it.
    NotYet,
    /// Words were heard.
    Words,
    /// No words could be made out.
    Nothing,
    /// It is longer than what is listened to.
    TooLong,
    /// It is damaged, or no recording of a kind that is known.
    Unreadable,
}

/// How a customer rated an answer.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "good")]
pub enum Rating {
    /// Thumb up.
    Good,
    /// Thumb down.
    Bad,
}

/// How a message's way to the customer's messenger fares.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Delivery {
    /// How far it has come.
    pub state: DeliveryState,
    /// Why it failed or is uncertain; empty otherwise.
    #[schema(example = "blocked")]
    pub reason: String,
}

/// How far a delivery has come.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "sent")]
pub enum DeliveryState {
    /// It waits.
    Queued,
    /// It is being sent.
    Sending,
    /// The messenger has it.
    Sent,
    /// The sending was cut off: it may have arrived.
    Uncertain,
    /// It did not arrive and is not sent again.
    Failed,
}

/// Who said a message.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "assistant")]
pub enum Author {
    /// The customer.
    Contact,
    /// The assistant.
    Assistant,
    /// A member.
    Member,
}

/// What was decided about a question.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "answered")]
pub enum Outcome {
    /// Answered from documents; every citation was checked.
    Answered,
    /// Answered by an approved Q&A pair.
    AnsweredByQa,
    /// A greeting, thanks, yes or no: answered by rule.
    SmallTalk,
    /// The documents do not answer it: the refusal was said.
    Refused,
    /// A person answers instead: the customer was told so, or was asked how they can be reached.
    HandedOver,
    /// A member stopped the answer: the text is what was shown of it, unchecked.
    Stopped,
}

/// The proof of an answer: a passage and the words of it that say so.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Citation {
    /// Its number in the answer's text, from 1.
    #[schema(example = 1)]
    pub number: u32,
    /// The passage.
    pub passage_id: Id,
    /// Its document.
    pub document_id: Id,
    /// The document's title when the answer was given.
    #[schema(example = "Delivery and returns")]
    pub document_title: String,
    /// The address of the page, where the document is one of a web site.
    #[schema(required, example = "https://shop.example/warranty")]
    pub address: Option<String>,
    /// Page, from 1, where the format has pages.
    #[schema(required, example = 2)]
    pub page: Option<u32>,
    /// The headings above the passage, outermost first.
    pub headings: Vec<String>,
    /// The words that prove it, verbatim.
    #[schema(example = "Delivery takes two working days.")]
    pub quote: String,
    /// Where the quote begins in the document's text, in Unicode scalar values, where that is known.
    #[schema(required, example = 120)]
    pub start: Option<u32>,
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Messages {
    /// The messages, oldest first.
    pub items: Vec<Message>,
    /// `before` of the page with older ones; null at the beginning.
    #[schema(required, example = 51)]
    pub next: Option<u64>,
}

/// Which messages are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MessagesQuery {
    /// Only those before this `seq`.
    pub before: Option<u64>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

/// Something to say.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Say {
    /// What is said, at most 4,000 characters.
    #[schema(example = "How long does delivery take?", max_length = 4000)]
    pub text: String,
    /// The caller's own id of it: the same one twice is one message.
    #[schema(example = "order-1742", max_length = 200)]
    pub external_id: Option<String>,
}

/// Which answer is to be stopped.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Stop {
    /// The question whose answer is not wanted any more.
    pub message_id: Id,
}

/// What stands after a stop.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerStopped {
    /// What was shown of the answer, or the whole answer where it stood already.
    pub message: Message,
}

/// A message that was taken in; also the data of the first event of a streamed answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Received {
    /// The message.
    pub message_id: Id,
}

/// The data of `event: text`: a piece of the answer as it is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerText {
    /// To be put behind the pieces so far.
    #[schema(example = "Delivery takes ")]
    pub text: String,
}

/// The data of `event: restarted`: more was asked meanwhile, the pieces so far are void.
#[derive(Debug, Serialize, ToSchema)]
pub struct Restarted {}

/// The data of `event: done`: the answer as it is kept. It replaces the pieces.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerDone {
    /// The answer.
    pub message: Message,
}

/// The data of `event: failed`: there is no answer for now; a later try may still answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerFailed {
    /// Why, as in a problem.
    #[schema(example = "engine_failed")]
    pub code: String,
}

impl From<InboxRow> for Conversation {
    fn from(row: InboxRow) -> Conversation {
        Conversation {
            contact_name: row.contact_name,
            contact_username: row.contact_username,
            is_banned: row.is_banned,
            handoff: row.handoff.into(),
            last: row.last.map(Last::from),
            unanswered: row.unanswered,
            assignee: row.assignee.map(|(id, name)| ConversationAssignee {
                id: Id::of(id),
                name,
            }),
            labels: row.labels.into_iter().map(Id::of).collect(),
            ..Conversation::from(row.conversation)
        }
    }
}

impl From<LastSaid> for Last {
    fn from(last: LastSaid) -> Last {
        Last {
            author: last.by.into(),
            text: last.text,
            at: last.at.into(),
        }
    }
}

impl From<Side> for Author {
    fn from(side: Side) -> Author {
        match side {
            Side::Contact => Author::Contact,
            Side::Assistant => Author::Assistant,
            Side::Member => Author::Member,
        }
    }
}

// A conversation in which nothing was said yet.
impl From<conversation::Conversation> for Conversation {
    fn from(conversation: conversation::Conversation) -> Conversation {
        Conversation {
            id: Id::of(conversation.id),
            assistant_id: Id::of(conversation.assistant_id),
            contact_id: Id::of(conversation.contact_id),
            contact_name: String::new(),
            contact_username: String::new(),
            is_banned: false,
            channel: conversation.channel.into(),
            handoff: domain::handoff::Handoff::default().into(),
            last: None,
            unanswered: 0,
            title: conversation.title,
            language: conversation.language.into(),
            created_at: conversation.created_at.into(),
            last_at: conversation.last_at.into(),
            assignee: None,
            labels: Vec::new(),
        }
    }
}

impl From<Channels> for conversation::Channels {
    fn from(channels: Channels) -> conversation::Channels {
        match channels {
            Channels::Customers => conversation::Channels::Customers,
            Channels::Playground => {
                conversation::Channels::Only(conversation::ChannelKind::Playground)
            }
            Channels::Api => conversation::Channels::Only(conversation::ChannelKind::Api),
            Channels::Telegram => conversation::Channels::Only(conversation::ChannelKind::Telegram),
        }
    }
}

impl From<conversation::ChannelKind> for Channel {
    fn from(channel: conversation::ChannelKind) -> Channel {
        match channel {
            conversation::ChannelKind::Playground => Channel::Playground,
            conversation::ChannelKind::Api => Channel::Api,
            conversation::ChannelKind::Telegram => Channel::Telegram,
        }
    }
}

impl From<conversation::Message> for Message {
    fn from(message: conversation::Message) -> Message {
        Message {
            id: Id::of(message.id),
            conversation_id: Id::of(message.conversation_id),
            seq: message.seq,
            author: match message.author {
                conversation::Author::Contact => Author::Contact,
                conversation::Author::Assistant => Author::Assistant,
                conversation::Author::Member(_) | conversation::Author::Operator(_) => {
                    Author::Member
                }
            },
            operator: message.operator,
            text: message.text,
            outcome: message.outcome.map(Outcome::from),
            citations: message.citations.into_iter().map(Citation::from).collect(),
            engine: message.engine,
            answered_by: message.answered_by.map(Id::of),
            attachments: Vec::new(),
            rating: None,
            delivery: None,
            edited_at: message.edited_at.map(Time::from),
            created_at: message.created_at.into(),
        }
    }
}

impl Message {
    /// The same with what stands beside its words.
    pub fn with(self, beside: Beside) -> Message {
        let attachments = beside.attachments.into_iter();
        Message {
            attachments: attachments.map(Attachment::from).collect(),
            rating: beside.rating.map(|rating| match rating {
                delivery::Rating::Good => Rating::Good,
                delivery::Rating::Bad => Rating::Bad,
            }),
            delivery: beside.delivery.map(|(state, reason)| Delivery {
                state: match state {
                    OutboxState::Queued => DeliveryState::Queued,
                    OutboxState::Sending => DeliveryState::Sending,
                    OutboxState::Sent => DeliveryState::Sent,
                    OutboxState::Uncertain => DeliveryState::Uncertain,
                    OutboxState::Failed => DeliveryState::Failed,
                },
                reason,
            }),
            ..self
        }
    }
}

impl From<AttachmentRow> for Attachment {
    fn from(row: AttachmentRow) -> Attachment {
        Attachment {
            id: Id::of(row.id),
            kind: match row.attachment.kind {
                conversation::AttachmentKind::Photo => AttachmentKind::Photo,
                conversation::AttachmentKind::Voice => AttachmentKind::Voice,
                conversation::AttachmentKind::Audio => AttachmentKind::Audio,
                conversation::AttachmentKind::Video => AttachmentKind::Video,
                conversation::AttachmentKind::Document => AttachmentKind::Document,
                conversation::AttachmentKind::Sticker => AttachmentKind::Sticker,
                conversation::AttachmentKind::Location => AttachmentKind::Location,
                conversation::AttachmentKind::Contact => AttachmentKind::Contact,
            },
            name: row.attachment.name,
            media_type: row.attachment.media_type,
            size: row.attachment.size,
            detail: row.attachment.detail,
            state: match row.state {
                AttachmentState::Waiting => AttachmentStanding::Waiting,
                AttachmentState::Kept => AttachmentStanding::Kept,
                AttachmentState::TooLarge => AttachmentStanding::TooLarge,
                AttachmentState::Failed => AttachmentStanding::Failed,
                AttachmentState::NoFile => AttachmentStanding::NoFile,
            },
            hearing: match row.hearing {
                attachments::Hearing::NotYet => Hearing::NotYet,
                attachments::Hearing::Words => Hearing::Words,
                attachments::Hearing::Nothing => Hearing::Nothing,
                attachments::Hearing::TooLong => Hearing::TooLong,
                attachments::Hearing::Unreadable => Hearing::Unreadable,
            },
            transcript: row.transcript,
            spoken: row.spoken.into(),
        }
    }
}

impl From<answer::Outcome> for Outcome {
    fn from(outcome: answer::Outcome) -> Outcome {
        match outcome {
            answer::Outcome::Answered => Outcome::Answered,
            answer::Outcome::AnsweredByQa => Outcome::AnsweredByQa,
            answer::Outcome::SmallTalk => Outcome::SmallTalk,
            answer::Outcome::Refused => Outcome::Refused,
            answer::Outcome::HandedOver => Outcome::HandedOver,
            answer::Outcome::Stopped => Outcome::Stopped,
        }
    }
}

impl From<answer::Citation> for Citation {
    fn from(citation: answer::Citation) -> Citation {
        Citation {
            number: citation.number,
            passage_id: Id::of(citation.passage_id),
            document_id: Id::of(citation.document_id),
            document_title: citation.document_title,
            address: citation.address,
            page: citation.page,
            headings: citation.headings,
            quote: citation.quote,
            start: citation.start,
        }
    }
}
