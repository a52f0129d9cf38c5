//! Handoff: a person answers instead of the assistant.
//!
//! Owns: the states of a conversation's handoff, every way from one to another with the reason where there is
//! none, the owner's rules, and what the customer is told. Pure: the app stores the state, writes the audit
//! entries, and asks who may act at all; who is idle for how long is counted outside and told in
//! [`Act::IdleFor`]. Not here: how a request is recognised in a message (`wants_person`).

pub mod rules;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::handoff::rules::{HandoffRules, Meanwhile};
use crate::id::MemberId;
use crate::time::Timestamp;

/// Who answers in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Handoff {
    /// The assistant answers.
    #[default]
    Ai,
    /// A person is asked for, and none has come yet.
    Requested {
        /// Why.
        why: Why,
        /// What the assistant does until somebody comes.
        meanwhile: Meanwhile,
        /// Since when.
        at: Timestamp,
    },
    /// A person answers.
    Taken {
        /// Who.
        by: Operator,
        /// Since when.
        at: Timestamp,
    },
    /// A person, or nobody's coming, gave the conversation back: the assistant answers again.
    HandedBack {
        /// When.
        at: Timestamp,
    },
    /// It is over; the customer's next message opens it again.
    Closed {
        /// When.
        at: Timestamp,
    },
}

/// A person who answers customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// Which one: two names of one id are one operator.
    pub id: OperatorId,
    /// The name others see.
    pub name: String,
}

/// Which person it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "of", content = "id", rename_all = "snake_case")]
pub enum OperatorId {
    /// A member of the workspace.
    Member(MemberId),
    /// A Telegram user of the staff group, by Telegram's id.
    Telegram(i64),
}

/// Why a person is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// The customer asked, in these words.
    CustomerAsked {
        /// The words that were recognised.
        words: String,
    },
    /// The documents do not answer.
    LowConfidence,
    /// Nothing was answered so many times in a row.
    RepeatedRefusal {
        /// How many times.
        times: u32,
    },
    /// The customer gave an answer a low rating.
    LowRating,
    /// The message has words that the owner's rules name.
    OwnersRule {
        /// The rule's words.
        words: String,
    },
}

/// Something that happens to a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// The customer asks for a person.
    CustomerAsks {
        /// The words that were recognised.
        words: String,
    },
    /// The documents do not answer.
    LowConfidence,
    /// Nothing was answered so many times in a row.
    RepeatedRefusal {
        /// How many times.
        times: u32,
    },
    /// The customer gives an answer a low rating.
    LowRating,
    /// The message has words that the owner's rules name.
    OwnersRule {
        /// The rule's words.
        words: String,
    },
    /// An operator writes to the customer, which takes the conversation.
    OperatorTypes {
        /// Who.
        by: Operator,
    },
    /// An operator takes the conversation.
    Take {
        /// Who.
        by: Operator,
    },
    /// An operator gives the conversation back to the assistant.
    HandBack {
        /// Who.
        by: Operator,
    },
    /// An operator ends the conversation.
    Close {
        /// Who.
        by: Operator,
    },
    /// The customer writes in a conversation that was closed.
    Reopen,
    /// Nobody who could answer has written for so long.
    IdleFor {
        /// Whole minutes since the operator's last message; while none has come, since the request.
        minutes: u32,
    },
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "operator", rename_all = "snake_case")]
pub enum By {
    /// The customer.
    Contact,
    /// The assistant, by its rules.
    Assistant,
    /// A person.
    Operator(Operator),
    /// Time went by.
    Clock,
}

/// What an act did, as it is kept in the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// Before.
    pub from: Handoff,
    /// After.
    pub to: Handoff,
    /// What happened.
    pub act: Act,
    /// Who did it.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

/// Why an act is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Two operators cannot have the same conversation.
    #[error("another operator has it: {0}")]
    AnotherHasIt(Operator),
    /// There is nothing to hand back: the assistant answers already.
    #[error("nobody has it")]
    NobodyHasIt,
    /// It is closed; only writing to the customer or taking it opens it again.
    #[error("the conversation is closed")]
    IsClosed,
    /// It is not closed.
    #[error("the conversation is not closed")]
    IsNotClosed,
    /// The owner's rules do not ask for a person because of this.
    #[error("the rules of the assistant do not hand over for this")]
    RuleIsOff,
    /// It has not been idle for as long as the rules want.
    #[error("not idle for long enough: {minutes} more minutes")]
    NotIdleYet {
        /// How many minutes are left.
        minutes: u32,
    },
}

/// What a transition is to the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// A person was asked for.
    Requested,
    /// A person answers now.
    Taken,
    /// The person went; the assistant answers again.
    HandedBack,
    /// Nobody came in time; the assistant answers again.
    NobodyCame,
    /// It is over.
    Closed,
}

impl Handoff {
    /// True while the assistant must not write to the customer. A suggestion for the operator is no such thing.
    pub fn is_assistant_silent(&self) -> bool {
        match self {
            Handoff::Ai | Handoff::HandedBack { .. } | Handoff::Closed { .. } => false,
            Handoff::Requested { meanwhile, .. } => *meanwhile == Meanwhile::Silent,
            Handoff::Taken { .. } => true,
        }
    }

    /// True while a person is asked for or answers: the conversation is in the operators' list.
    pub fn needs_person(&self) -> bool {
        matches!(self, Handoff::Requested { .. } | Handoff::Taken { .. })
    }

    /// Who has the conversation.
    pub fn operator(&self) -> Option<&Operator> {
        match self {
            Handoff::Taken { by, .. } => Some(by),
            _ => None,
        }
    }

    /// What `act` does at `at`. A transition whose [`Transition::is_change`] is false was true before: a button
    /// pressed twice, a second request, the next message of the operator who has it.
    pub fn after(
        &self,
        act: Act,
        at: Timestamp,
        rules: &HandoffRules,
    ) -> Result<Transition, Refused> {
        let to = match &act {
            Act::CustomerAsks { .. }
            | Act::LowConfidence
            | Act::RepeatedRefusal { .. }
            | Act::LowRating
            | Act::OwnersRule { .. } => self.requested(&act, at, rules)?,
            Act::OperatorTypes { by } | Act::Take { by } => self.taken(by, at)?,
            Act::HandBack { .. } => self.handed_back(at)?,
            Act::Close { .. } => match self {
                Handoff::Closed { .. } => self.clone(),
                _ => Handoff::Closed { at },
            },
            Act::Reopen => match self {
                Handoff::Closed { .. } => Handoff::Ai,
                _ => return Err(Refused::IsNotClosed),
            },
            Act::IdleFor { minutes } => self.idle(*minutes, at, rules)?,
        };
        Ok(Transition {
            from: self.clone(),
            to,
            by: act.by(),
            act,
            at,
        })
    }

    /// What it is after whoever has the conversation, or another operator `by`, gives it to `to`. `NobodyHasIt` while
    /// no person has it: there is nothing to give.
    pub fn given(&self, to: Operator, by: Operator, at: Timestamp) -> Result<Transition, Refused> {
        let Handoff::Taken { by: holder, .. } = self else {
            return Err(Refused::NobodyHasIt);
        };
        let after = match holder.id == to.id {
            true => self.clone(),
            false => Handoff::Taken { by: to.clone(), at },
        };
        Ok(Transition {
            from: self.clone(),
            to: after,
            act: Act::Take { by: to },
            by: By::Operator(by),
            at,
        })
    }

    fn requested(
        &self,
        act: &Act,
        at: Timestamp,
        rules: &HandoffRules,
    ) -> Result<Handoff, Refused> {
        let Some(why) = rules.why(act) else {
            return Err(Refused::RuleIsOff);
        };
        let meanwhile = rules.meanwhile(&why);
        match self {
            // Whoever is there already has been asked.
            Handoff::Taken { .. } => Ok(self.clone()),
            // A request only ever becomes more pressing.
            Handoff::Requested {
                meanwhile: before, ..
            } if *before == Meanwhile::Silent || meanwhile == Meanwhile::Answering => {
                Ok(self.clone())
            }
            _ => Ok(Handoff::Requested { why, meanwhile, at }),
        }
    }

    fn taken(&self, by: &Operator, at: Timestamp) -> Result<Handoff, Refused> {
        match self {
            Handoff::Taken { by: holder, .. } if holder.id != by.id => {
                Err(Refused::AnotherHasIt(holder.clone()))
            }
            Handoff::Taken { .. } => Ok(self.clone()),
            _ => Ok(Handoff::Taken { by: by.clone(), at }),
        }
    }

    fn handed_back(&self, at: Timestamp) -> Result<Handoff, Refused> {
        match self {
            Handoff::Requested { .. } | Handoff::Taken { .. } => Ok(Handoff::HandedBack { at }),
            Handoff::HandedBack { .. } => Ok(self.clone()),
            Handoff::Ai => Err(Refused::NobodyHasIt),
            Handoff::Closed { .. } => Err(Refused::IsClosed),
        }
    }

    fn idle(&self, minutes: u32, at: Timestamp, rules: &HandoffRules) -> Result<Handoff, Refused> {
        if !self.needs_person() {
            return Err(Refused::NobodyHasIt);
        }
        match rules.idle_minutes.saturating_sub(minutes) {
            0 => Ok(Handoff::HandedBack { at }),
            minutes => Err(Refused::NotIdleYet { minutes }),
        }
    }
}

impl Act {
    /// Who does it.
    pub fn by(&self) -> By {
        match self {
            Act::CustomerAsks { .. } | Act::LowRating | Act::Reopen => By::Contact,
            Act::LowConfidence | Act::RepeatedRefusal { .. } | Act::OwnersRule { .. } => {
                By::Assistant
            }
            Act::OperatorTypes { by }
            | Act::Take { by }
            | Act::HandBack { by }
            | Act::Close { by } => By::Operator(by.clone()),
            Act::IdleFor { .. } => By::Clock,
        }
    }
}

impl Transition {
    /// False when the act found done what it does: there is nothing to store and nothing to say.
    pub fn is_change(&self) -> bool {
        self.from != self.to
    }

    /// What it is to the customer; nothing when they notice nothing of it.
    pub fn moment(&self) -> Option<Moment> {
        if !self.is_change() {
            return None;
        }
        match (&self.from, &self.to) {
            // The person who was asked for already is still asked for.
            (Handoff::Requested { why: before, .. }, Handoff::Requested { why: now, .. }) => {
                (before != now).then_some(Moment::Requested)
            }
            (_, Handoff::Requested { .. }) => Some(Moment::Requested),
            (_, Handoff::Taken { .. }) => Some(Moment::Taken),
            (Handoff::Requested { .. }, Handoff::HandedBack { .. }) => Some(Moment::NobodyCame),
            (_, Handoff::HandedBack { .. }) => Some(Moment::HandedBack),
            (_, Handoff::Closed { .. }) => Some(Moment::Closed),
            (_, Handoff::Ai) => None,
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(id: i64) -> Operator {
        Operator {
            id: OperatorId::Telegram(id),
            name: format!("Operator {id}"),
        }
    }

    #[test]
    fn only_what_a_person_has_can_be_given() {
        let (one, two, at) = (operator(1), operator(2), Timestamp(5));
        let refused = Handoff::Ai.given(two.clone(), one.clone(), at);
        assert_eq!(refused, Err(Refused::NobodyHasIt));
        let held = Handoff::Taken {
            by: one.clone(),
            at: Timestamp(1),
        };
        let given = held.given(two.clone(), one.clone(), at).unwrap();
        assert_eq!(given.to.operator(), Some(&two));
        assert_eq!(given.by, By::Operator(one.clone()));
        assert_eq!(
            given.moment(),
            Some(Moment::Taken),
            "the customer is told who answers now"
        );
        assert!(!held.given(one.clone(), one, at).unwrap().is_change());
    }
}
