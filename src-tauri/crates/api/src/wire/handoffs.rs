//! Who has a conversation, what happened to it, and what operators write: to customers and to each other.

use domain::{conversation, handoff};
use serde::{Deserialize, Serialize};
use store::handoffs::{self, HandoffName};
use utoipa::{IntoParams, ToSchema};

use crate::wire::conversations::Channel;
use crate::wire::handoff::Meanwhile;
use crate::wire::{Id, Time};

/// Who answers in a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Handoff {
    /// Who.
    pub state: HandoffState,
    /// Since when; null when it was never anybody else.
    #[schema(required)]
    pub since: Option<Time>,
    /// Why a person is asked for, in the state `requested`.
    #[schema(required)]
    pub why: Option<HandoffWhy>,
    /// The words that were recognised or that a rule names, where `why` has such.
    #[schema(required, example = "a human, please")]
    pub words: Option<String>,
    /// How often in a row nothing was answered, where that is why.
    #[schema(required, example = 3)]
    pub times: Option<u32>,
    /// What the assistant does until somebody comes, in the state `requested`.
    #[schema(required)]
    pub meanwhile: Option<Meanwhile>,
    /// Who has it, in the state `taken`.
    #[schema(required)]
    pub operator: Option<Operator>,
    /// True while the assistant says nothing to the customer.
    #[schema(example = false)]
    pub is_assistant_silent: bool,
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "requested")]
pub enum HandoffState {
    /// The assistant.
    Ai,
    /// A person is asked for, and none has come yet.
    Requested,
    /// A person.
    Taken,
    /// The assistant again.
    HandedBack,
    /// Nobody: it is over until the customer writes again.
    Closed,
}

/// Why a person is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "customer_asked")]
pub enum HandoffWhy {
    /// The customer asked.
    CustomerAsked,
    /// The documents do not answer.
    LowConfidence,
    /// Nothing was answered several times in a row.
    RepeatedRefusal,
    /// The customer gave an answer a low rating.
    LowRating,
    /// The message has words that the owner's rules name.
    OwnersRule,
}

/// A person who answers customers: a member, or somebody of the staff group.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Operator {
    /// The name others see.
    #[schema(example = "Ann")]
    pub name: String,
    /// The member's id; null for somebody of the staff group.
    #[schema(required)]
    pub member_id: Option<Id>,
    /// Their id at the messenger; null for members.
    #[schema(required, example = 123_456_789_i64)]
    pub remote_id: Option<i64>,
}

/// What a member does about a conversation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HandoffAct {
    /// What.
    pub act: HandoffActKind,
}

/// What a member does about a conversation.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "take")]
pub enum HandoffActKind {
    /// Takes it: the assistant is silent. `conflict` when another operator has it.
    Take,
    /// Gives it back to the assistant, which answers what is unanswered.
    HandBack,
    /// Ends it; the customer's next words open it again.
    Close,
    /// Opens a closed one again: the assistant answers.
    Reopen,
}

/// Which conversations are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HandoffsQuery {
    /// Only of this state; all that ever left the assistant when absent. Those that were handed back are `ai`.
    #[param(inline)]
    pub state: Option<HandoffListed>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

/// Which conversations a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "requested")]
pub enum HandoffListed {
    /// The assistant has them, whether or not a person had before.
    Ai,
    /// A person is asked for.
    Requested,
    /// A person has them.
    Taken,
    /// They are over.
    Closed,
}

/// A page of conversations with who has them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Handoffs {
    /// The conversations, the one that changed hands last first.
    pub items: Vec<HandoffRow>,
    /// `cursor` of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// A conversation and who has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandoffRow {
    /// The conversation.
    pub conversation_id: Id,
    /// Where it is held.
    pub channel: Channel,
    /// The first words of it.
    #[schema(example = "How long does delivery take?")]
    pub title: String,
    /// The customer's name; empty when it is unknown.
    #[schema(example = "Ivan Petrov")]
    pub contact_name: String,
    /// Who has it.
    pub handoff: Handoff,
    /// Since when it is so.
    pub updated_at: Time,
}

/// What happened to a conversation, oldest first; the newest 500.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandoffLog {
    /// What happened.
    pub items: Vec<Transition>,
}

/// One thing that happened to a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transition {
    /// Before.
    pub from: Handoff,
    /// After.
    pub to: Handoff,
    /// What happened.
    pub act: TransitionAct,
    /// Who did it.
    pub by: TransitionBy,
    /// The operator, where it was one.
    #[schema(required)]
    pub operator: Option<Operator>,
    /// When.
    pub at: Time,
}

/// What happened.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "customer_asks")]
pub enum TransitionAct {
    /// The customer asked for a person.
    CustomerAsks,
    /// The documents did not answer.
    LowConfidence,
    /// Nothing was answered several times in a row.
    RepeatedRefusal,
    /// The customer gave an answer a low rating.
    LowRating,
    /// A message had words that the owner's rules name.
    OwnersRule,
    /// An operator wrote to the customer.
    OperatorTypes,
    /// An operator took it.
    Take,
    /// An operator gave it back.
    HandBack,
    /// An operator closed it.
    Close,
    /// It was opened again.
    Reopen,
    /// Nobody who could answer had written for long.
    IdleFor,
}

/// Who did something.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "operator")]
pub enum TransitionBy {
    /// The customer.
    Contact,
    /// The assistant, by its rules.
    Assistant,
    /// A person.
    Operator,
    /// Time went by.
    Clock,
}

/// Words for the customer.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Reply {
    /// The words, at most 4,000 characters.
    #[schema(example = "Your bicycle is ready.", max_length = 4000)]
    pub text: String,
}

/// Words among operators.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewNote {
    /// The words, at most 4,000 characters.
    #[schema(example = "Promised a call on Friday.", max_length = 4000)]
    pub text: String,
}

/// Words among operators: no customer ever sees them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Note {
    /// Its id.
    pub id: Id,
    /// Who wrote it.
    pub by: Operator,
    /// The words.
    #[schema(example = "Promised a call on Friday.")]
    pub text: String,
    /// When.
    pub created_at: Time,
}

/// The notes of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notes {
    /// The notes, oldest first; the newest 200.
    pub items: Vec<Note>,
}

impl From<handoff::Handoff> for Handoff {
    fn from(handoff: handoff::Handoff) -> Handoff {
        let plain = |state, since: Option<domain::time::Timestamp>| Handoff {
            state,
            since: since.map(Time::from),
            why: None,
            words: None,
            times: None,
            meanwhile: None,
            operator: None,
            is_assistant_silent: handoff.is_assistant_silent(),
        };
        match &handoff {
            handoff::Handoff::Ai => plain(HandoffState::Ai, None),
            handoff::Handoff::HandedBack { at } => plain(HandoffState::HandedBack, Some(*at)),
            handoff::Handoff::Closed { at } => plain(HandoffState::Closed, Some(*at)),
            handoff::Handoff::Taken { by, at } => Handoff {
                operator: Some(by.clone().into()),
                ..plain(HandoffState::Taken, Some(*at))
            },
            handoff::Handoff::Requested { why, meanwhile, at } => {
                let (why, words, times) = reason(why);
                Handoff {
                    why: Some(why),
                    words,
                    times,
                    meanwhile: Some((*meanwhile).into()),
                    ..plain(HandoffState::Requested, Some(*at))
                }
            }
        }
    }
}

fn reason(why: &handoff::Why) -> (HandoffWhy, Option<String>, Option<u32>) {
    match why {
        handoff::Why::CustomerAsked { words } => {
            (HandoffWhy::CustomerAsked, Some(words.clone()), None)
        }
        handoff::Why::LowConfidence => (HandoffWhy::LowConfidence, None, None),
        handoff::Why::RepeatedRefusal { times } => {
            (HandoffWhy::RepeatedRefusal, None, Some(*times))
        }
        handoff::Why::LowRating => (HandoffWhy::LowRating, None, None),
        handoff::Why::OwnersRule { words } => (HandoffWhy::OwnersRule, Some(words.clone()), None),
    }
}

impl From<handoff::Operator> for Operator {
    fn from(operator: handoff::Operator) -> Operator {
        let (member_id, remote_id) = match operator.id {
            handoff::OperatorId::Member(id) => (Some(Id::of(id)), None),
            handoff::OperatorId::Telegram(id) => (None, Some(id)),
        };
        Operator {
            name: operator.name,
            member_id,
            remote_id,
        }
    }
}

impl From<HandoffListed> for HandoffName {
    fn from(listed: HandoffListed) -> HandoffName {
        match listed {
            HandoffListed::Ai => HandoffName::Ai,
            HandoffListed::Requested => HandoffName::Requested,
            HandoffListed::Taken => HandoffName::Taken,
            HandoffListed::Closed => HandoffName::Closed,
        }
    }
}

impl From<handoffs::HandoffRow> for HandoffRow {
    fn from(row: handoffs::HandoffRow) -> HandoffRow {
        HandoffRow {
            conversation_id: Id::of(row.conversation.id),
            channel: row.conversation.channel.into(),
            title: row.conversation.title,
            contact_name: row.contact_name,
            handoff: row.handoff.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl From<handoff::Transition> for Transition {
    fn from(transition: handoff::Transition) -> Transition {
        let (by, operator) = match transition.by {
            handoff::By::Contact => (TransitionBy::Contact, None),
            handoff::By::Assistant => (TransitionBy::Assistant, None),
            handoff::By::Operator(operator) => (TransitionBy::Operator, Some(operator.into())),
            handoff::By::Clock => (TransitionBy::Clock, None),
        };
        Transition {
            from: transition.from.into(),
            to: transition.to.into(),
            act: match transition.act {
                handoff::Act::CustomerAsks { .. } => TransitionAct::CustomerAsks,
                handoff::Act::LowConfidence => TransitionAct::LowConfidence,
                handoff::Act::RepeatedRefusal { .. } => TransitionAct::RepeatedRefusal,
                handoff::Act::LowRating => TransitionAct::LowRating,
                handoff::Act::OwnersRule { .. } => TransitionAct::OwnersRule,
                handoff::Act::OperatorTypes { .. } => TransitionAct::OperatorTypes,
                handoff::Act::Take { .. } => TransitionAct::Take,
                handoff::Act::HandBack { .. } => TransitionAct::HandBack,
                handoff::Act::Close { .. } => TransitionAct::Close,
                handoff::Act::Reopen => TransitionAct::Reopen,
                handoff::Act::IdleFor { .. } => TransitionAct::IdleFor,
            },
            by,
            operator,
            at: transition.at.into(),
        }
    }
}

impl From<conversation::Note> for Note {
    fn from(note: conversation::Note) -> Note {
        Note {
            id: Id::of(note.id),
            by: note.by.into(),
            text: note.text,
            created_at: note.created_at.into(),
        }
    }
}
