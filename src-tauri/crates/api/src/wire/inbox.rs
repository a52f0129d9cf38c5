//! The Inbox beside its conversations: labels, saved replies, who looks after what, who is there, what is found.

use app::inbox::presence;
use app::inbox::replies::ReplyDraft;
use domain::{inbox, member};
use serde::{Deserialize, Serialize};
use store::inbox::Assignee;
use store::inbox_search::{InboxHits, SaidHit};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::wire::conversations::{Author, Channels, Conversation};
use crate::wire::handoffs::Operator;
use crate::wire::{Id, Language, Time};

/// Labels of conversations.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxLabels {
    /// The labels, in the order they were made; at most 50.
    pub items: Vec<InboxLabel>,
}

/// A label of conversations.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxLabel {
    /// Its id.
    pub id: Id,
    /// Its name.
    #[schema(example = "Refund")]
    pub name: String,
    /// The colour beside it.
    pub colour: LabelColour,
}

/// A label as a member enters it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PutInboxLabel {
    /// Its name: one line of at most 40 characters. No two have the same.
    #[schema(example = "Refund", max_length = 40)]
    pub name: String,
    /// The colour beside it.
    pub colour: LabelColour,
}

/// Colours of labels; each theme has its own.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "blue")]
pub enum LabelColour {
    /// No colour.
    Grey,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Teal.
    Teal,
    /// Green.
    Green,
    /// Amber.
    Amber,
    /// Red.
    Red,
}

/// Labels to put on a conversation and to take off.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ConversationLabels {
    /// Labels to put on; a conversation has at most 10.
    #[serde(default)]
    pub add: Vec<Id>,
    /// Labels to take off.
    #[serde(default)]
    pub remove: Vec<Id>,
}

/// Words that operators keep for the next time.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedReplies {
    /// The replies, by name; at most 500.
    pub items: Vec<SavedReply>,
}

/// Words that operators keep for the next time.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedReply {
    /// Its id.
    pub id: Id,
    /// What it is found by.
    #[schema(example = "Opening hours")]
    pub name: String,
    /// In which language it is; empty for any.
    pub language: Language,
    /// The words. `{name}`, `{me}` and `{business}` stand for the customer's name, the operator's and the business's.
    #[schema(example = "Good day, {name}! We are open from 9 to 18.")]
    pub text: String,
    /// When it was written last.
    pub updated_at: Time,
}

/// A saved reply as a member enters it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PutSavedReply {
    /// What it is found by: one line of at most 60 characters. No two of a language have the same.
    #[schema(example = "Opening hours", max_length = 60)]
    pub name: String,
    /// In which language it is; empty for any.
    pub language: Language,
    /// The words, at most 4,000 characters.
    #[schema(
        example = "Good day, {name}! We are open from 9 to 18.",
        max_length = 4000
    )]
    pub text: String,
}

/// Everybody in the workspace.
#[derive(Debug, Serialize, ToSchema)]
pub struct Colleagues {
    /// The members, oldest first.
    pub items: Vec<Colleague>,
}

/// Somebody in the workspace.
#[derive(Debug, Serialize, ToSchema)]
pub struct Colleague {
    /// Their id.
    pub id: Id,
    /// Their name.
    #[schema(example = "Ann")]
    pub name: String,
    /// True when they may write to customers.
    #[schema(example = true)]
    pub may_answer: bool,
}

/// Who is to look after a conversation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Assign {
    /// A member who may answer; null for nobody.
    #[schema(required)]
    pub member_id: Option<Id>,
}

/// Who gave a conversation to whom.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assignments {
    /// What happened, oldest first; the newest 200.
    pub items: Vec<Assignment>,
}

/// Somebody gave a conversation to a member, or took it from them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assignment {
    /// Who did it.
    pub by: Operator,
    /// Who looks after it from then on; null for nobody.
    #[schema(required)]
    pub to: Option<Operator>,
    /// When.
    pub at: Time,
}

/// What a page does with a conversation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BePresent {
    /// The page's own name, the same as long as it is open: 1 to 40 characters.
    #[schema(example = "5f0e1c", max_length = 40)]
    pub page: String,
    /// What it does.
    pub doing: PresentDoing,
}

/// What a page does with a conversation. It is said again every few seconds.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "looking")]
pub enum PresentDoing {
    /// It shows it: holds for 12 seconds.
    Looking,
    /// Somebody types in it: holds for 5 seconds.
    Typing,
    /// It shows it no more.
    Gone,
}

/// The data of `event: presence`: who is in a conversation now, all of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Presence {
    /// Which one.
    pub conversation_id: Id,
    /// Who, by name.
    pub present: Vec<Present>,
}

/// Somebody who is in a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Present {
    /// Who.
    pub member_id: Id,
    /// Their name.
    #[schema(example = "Ann")]
    pub name: String,
    /// Milliseconds that they are there from now on, unless it is said again.
    #[schema(example = 12_000)]
    pub here_ms: u32,
    /// Milliseconds that they type from now on, unless it is said again; 0 when they do not.
    #[schema(example = 0)]
    pub typing_ms: u32,
}

/// Which conversations are counted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CountsQuery {
    /// Those of this channel; `customers` for all but the Playground.
    #[param(inline)]
    pub channel: Channels,
}

/// How many conversations the lists have; 1,000 stands for that many or more.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxCounts {
    /// All of them.
    pub all: SectionCounts,
    /// Those that the member looks after.
    pub mine: SectionCounts,
}

/// How many conversations are whose.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionCounts {
    /// A person is asked for.
    #[schema(example = 3)]
    pub requested: u32,
    /// A person has them.
    #[schema(example = 2)]
    pub taken: u32,
    /// The assistant has them.
    #[schema(example = 40)]
    pub ai: u32,
    /// They are over.
    #[schema(example = 1000)]
    pub closed: u32,
}

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InboxSearchQuery {
    /// Words of messages, or of who writes: name, username, e-mail, phone. All of them have to be there.
    #[param(example = "delivery")]
    pub q: String,
    /// Only in conversations of this channel; `customers` for all but the Playground.
    #[param(inline)]
    pub channel: Option<Channels>,
    /// Where the page begins: `next` of the page before.
    pub after: Option<u64>,
    /// At most so many by what was said, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

/// Conversations that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxFound {
    /// First those found by who writes, then those found by what was said, the newest words first.
    pub items: Vec<InboxHit>,
    /// `after` of the next page; null at the end.
    #[schema(required)]
    pub next: Option<u64>,
}

/// A conversation that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxHit {
    /// The conversation.
    pub conversation: Conversation,
    /// What was said; null where it was found by who writes.
    #[schema(required)]
    pub said: Option<Said>,
}

/// Words that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Said {
    /// Who said them.
    pub author: Author,
    /// At most 200 characters around the first of the words.
    #[schema(example = "How long does delivery take?", max_length = 200)]
    pub text: String,
    /// When.
    pub at: Time,
}

/// The member of a conversations' filter: an id, or `nobody`.
pub fn assignee(text: Option<String>) -> Result<Option<Assignee>, Problem> {
    match text.as_deref() {
        None | Some("") => Ok(None),
        Some("nobody") => Ok(Some(Assignee::Nobody)),
        Some(id) => match id.parse() {
            Ok(member) => Ok(Some(Assignee::Member(member))),
            Err(_) => Err(Problem::invalid("assignee", "this is not an id or nobody")),
        },
    }
}

impl From<inbox::InboxLabel> for InboxLabel {
    fn from(label: inbox::InboxLabel) -> InboxLabel {
        InboxLabel {
            id: Id::of(label.id),
            name: label.name,
            colour: label.colour.into(),
        }
    }
}

impl From<inbox::LabelColour> for LabelColour {
    fn from(colour: inbox::LabelColour) -> LabelColour {
        match colour {
            inbox::LabelColour::Grey => LabelColour::Grey,
            inbox::LabelColour::Blue => LabelColour::Blue,
            inbox::LabelColour::Violet => LabelColour::Violet,
            inbox::LabelColour::Teal => LabelColour::Teal,
            inbox::LabelColour::Green => LabelColour::Green,
            inbox::LabelColour::Amber => LabelColour::Amber,
            inbox::LabelColour::Red => LabelColour::Red,
        }
    }
}

impl From<LabelColour> for inbox::LabelColour {
    fn from(colour: LabelColour) -> inbox::LabelColour {
        match colour {
            LabelColour::Grey => inbox::LabelColour::Grey,
            LabelColour::Blue => inbox::LabelColour::Blue,
            LabelColour::Violet => inbox::LabelColour::Violet,
            LabelColour::Teal => inbox::LabelColour::Teal,
            LabelColour::Green => inbox::LabelColour::Green,
            LabelColour::Amber => inbox::LabelColour::Amber,
            LabelColour::Red => inbox::LabelColour::Red,
        }
    }
}

impl From<inbox::SavedReply> for SavedReply {
    fn from(reply: inbox::SavedReply) -> SavedReply {
        SavedReply {
            id: Id::of(reply.id),
            name: reply.name,
            language: reply.language.into(),
            text: reply.text,
            updated_at: reply.updated_at.into(),
        }
    }
}

impl PutSavedReply {
    /// The draft, or a problem that names what is wrong.
    pub fn parse(self) -> Result<ReplyDraft, Problem> {
        Ok(ReplyDraft {
            name: self.name,
            language: self.language.parse("language")?,
            text: self.text,
        })
    }
}

impl From<member::Member> for Colleague {
    fn from(member: member::Member) -> Colleague {
        Colleague {
            id: Id::of(member.id),
            name: member.name,
            may_answer: member.role.may(member::Permission::Answer),
        }
    }
}

impl From<inbox::Assignment> for Assignment {
    fn from(assignment: inbox::Assignment) -> Assignment {
        Assignment {
            by: assignment.by.into(),
            to: assignment.to.map(Operator::from),
            at: assignment.at.into(),
        }
    }
}

impl From<PresentDoing> for presence::Doing {
    fn from(doing: PresentDoing) -> presence::Doing {
        match doing {
            PresentDoing::Looking => presence::Doing::Looking,
            PresentDoing::Typing => presence::Doing::Typing,
            PresentDoing::Gone => presence::Doing::Gone,
        }
    }
}

impl From<presence::Presence> for Presence {
    fn from(presence: presence::Presence) -> Presence {
        Presence {
            conversation_id: Id::of(presence.conversation_id),
            present: presence.present.into_iter().map(Present::from).collect(),
        }
    }
}

impl From<presence::Present> for Present {
    fn from(present: presence::Present) -> Present {
        Present {
            member_id: Id::of(present.member_id),
            name: present.name,
            here_ms: present.here_ms,
            typing_ms: present.typing_ms,
        }
    }
}

impl From<store::inbox::InboxCounts> for SectionCounts {
    fn from(counts: store::inbox::InboxCounts) -> SectionCounts {
        SectionCounts {
            requested: counts.requested,
            taken: counts.taken,
            ai: counts.ai,
            closed: counts.closed,
        }
    }
}

impl From<InboxHits> for InboxFound {
    fn from(hits: InboxHits) -> InboxFound {
        let items = hits.items.into_iter().map(|hit| InboxHit {
            conversation: hit.row.into(),
            said: hit.said.map(Said::from),
        });
        InboxFound {
            items: items.collect(),
            next: hits.next,
        }
    }
}

impl From<SaidHit> for Said {
    fn from(said: SaidHit) -> Said {
        Said {
            author: said.by.into(),
            text: said.text,
            at: said.at.into(),
        }
    }
}
