//! What an act does to a conversation: the transition, what the customer and operators are told, all at once.
//!
//! Every way goes through here: members, the staff group, buttons, ratings, the clock. Two who act at the same time
//! are told apart by the store: the later one sees what the earlier one did and begins anew.

use domain::assistant::Assistant;
use domain::conversation::{Author, Conversation, Message};
use domain::delivery::{Content, Place, Press, Rating};
use domain::handoff::rules::HandoffRules;
use domain::handoff::{Act, Handoff, Operator, OperatorId, Refused, Transition};
use domain::id::{ConversationId, JobId, MessageId, WorkspaceId};
use domain::time::Timestamp;
use store::Applied;
use store::error::StoreError;
use store::handoffs::{MemberSays, NewHandoff, Transit};
use store::outbox::NewOutgoing;
use store::remotes::Spot;
use store::updates::{UpdateEnd, UpdateKey};

use crate::App;
use crate::bots::held::Held;
use crate::bots::rows::NewButton;
use crate::error::{Error, ErrorCode, Result};
use crate::handoff::{Ban, words};

/// How often an act begins anew because somebody else was faster.
const TRIES: usize = 4;
/// Messages of the conversation that a card for operators shows.
const ON_CARD: u32 = 6;

/// What an operator says to the customer.
#[derive(Debug, Clone)]
pub(crate) struct Says {
    /// Id of the message: the same one twice is one message.
    pub(crate) message_id: MessageId,
    pub(crate) by: Operator,
    pub(crate) text: String,
    /// Where they wrote it, when that was at the messenger.
    pub(crate) copied_from: Option<CopiedFrom>,
    pub(crate) update: Option<UpdateKey>,
}

/// Where an operator wrote something at the messenger.
#[derive(Debug, Clone)]
pub(crate) struct CopiedFrom {
    pub(crate) spot: Spot,
    /// True when words alone do not carry it: it is passed on as it stands there.
    pub(crate) as_it_stands: bool,
}

/// A conversation with all that an act depends on.
struct Subject {
    workspace: WorkspaceId,
    conversation: Conversation,
    assistant: Assistant,
    held: Option<Held>,
    handoff: Handoff,
}

impl App {
    /// Does an act. What was done before is no error: the transition says that it is no change.
    pub(crate) async fn act(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
        act: Act,
        update: Option<UpdateKey>,
    ) -> Result<Transition> {
        let store = self.workspace(workspace);
        for _ in 0..TRIES {
            let now = self.now();
            let subject = self.subject(workspace, id).await?;
            let rules = &subject.assistant.settings.handoff;
            let transition = subject.handoff.after(act.clone(), now, rules);
            let transition = transition.map_err(refusal)?;
            if !transition.is_change() {
                self.settle(update).await?;
                return Ok(transition);
            }
            let is_back = matches!(transition.to, Handoff::HandedBack { .. });
            let transit = Transit {
                outgoing: self.told_of(&subject, &transition).await?,
                answer: is_back.then(|| JobId(self.new_id())),
                handoff: new_handoff(transition.clone(), rules, now),
                update,
            };
            match store.transit(id, transit, now).await {
                Ok(Applied::Applied) => {
                    if transition.to.is_assistant_silent() {
                        self.inner.streams.stop(id);
                    }
                    return Ok(transition);
                }
                Ok(Applied::AlreadyApplied) => return Ok(transition),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let what = "the conversation changes all the time: try again";
        Err(Error::new(ErrorCode::Busy, what).retry_after(1))
    }

    /// Says something to the customer, which takes the conversation.
    pub(crate) async fn operator_says(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
        says: Says,
    ) -> Result<()> {
        let store = self.workspace(workspace);
        for _ in 0..TRIES {
            let now = self.now();
            let subject = self.subject(workspace, id).await?;
            let by = says.by.clone();
            // An owner in their own account speaks for themselves: nobody hands anything over.
            let is_owner = subject.held.as_ref().is_some_and(Held::is_business);
            let mut outgoing = Vec::new();
            let mut handoff = None;
            if !is_owner {
                let rules = &subject.assistant.settings.handoff;
                let transition = subject.handoff.after(Act::OperatorTypes { by }, now, rules);
                let transition = transition.map_err(refusal)?;
                outgoing = self.told_of(&subject, &transition).await?;
                handoff = Some(new_handoff(transition, rules, now));
            }
            outgoing.extend(self.said_rows(&subject, &says));
            let member_says = MemberSays {
                message_id: says.message_id,
                by: says.by.clone(),
                text: says.text.clone(),
                handoff,
                pause_until: None,
                outgoing,
                spot: says
                    .copied_from
                    .as_ref()
                    .map(|from| (Place::Console, from.spot.clone())),
                update: says.update,
            };
            match store.member_says(id, member_says, now).await {
                Ok(_) => {
                    self.inner.streams.stop(id);
                    return Ok(());
                }
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let what = "the conversation changes all the time: try again";
        Err(Error::new(ErrorCode::Busy, what).retry_after(1))
    }

    /// Keeps how an answer was rated; a low rating may ask for a person.
    pub(crate) async fn rate(
        &self,
        (workspace, id): (WorkspaceId, ConversationId),
        message_id: MessageId,
        rating: Rating,
        update: Option<UpdateKey>,
    ) -> Result<()> {
        if rating == Rating::Bad {
            match self.act(workspace, id, Act::LowRating, None).await {
                // The owner's rules do not want a person for it, or one is there.
                Ok(_) => {}
                Err(error) if error.code == ErrorCode::Conflict => {}
                Err(error) => return Err(error),
            }
        }
        let store = self.workspace(workspace);
        store.rate(message_id, rating, update, self.now()).await?;
        Ok(())
    }

    /// Bans the customer of a conversation, or lets them write again.
    pub(crate) async fn set_ban(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
        ban: Ban,
        update: Option<UpdateKey>,
    ) -> Result<()> {
        let store = self.workspace(workspace);
        let contact = store.conversation(id).await?.contact_id;
        match ban {
            Ban::Banned => store.ban(contact, update, self.now()).await?,
            Ban::Free => store.unban(contact, update, self.now()).await?,
        };
        if ban == Ban::Banned {
            self.inner.streams.stop(id);
        }
        Ok(())
    }

    /// What asks for a person, as an answer keeps it: the transition and the card for operators.
    pub(crate) async fn asked_by_answer(
        &self,
        subject: (&Conversation, &Assistant, Option<&Held>),
        transition: Transition,
        said: &[Message],
    ) -> Result<(NewHandoff, Option<NewOutgoing>)> {
        let (conversation, assistant, held) = subject;
        let rules = &assistant.settings.handoff;
        let mut card = None;
        if let Some(held) = held.filter(|held| held.has_console()) {
            let name = self.contact_name(held, conversation).await?;
            card = Some(self.card(held, &transition, &name, said));
        }
        Ok((new_handoff(transition, rules, self.now()), card))
    }

    /// What giving a conversation away keeps: the transition, and what customer and operators are told of it.
    pub(crate) async fn told_of_giving(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
        given: Transition,
    ) -> Result<(NewHandoff, Vec<NewOutgoing>)> {
        let subject = self.subject(workspace, id).await?;
        let outgoing = self.told_of(&subject, &given).await?;
        let rules = &subject.assistant.settings.handoff;
        Ok((new_handoff(given, rules, self.now()), outgoing))
    }

    async fn subject(&self, workspace: WorkspaceId, id: ConversationId) -> Result<Subject> {
        let store = self.workspace(workspace);
        let conversation = store.conversation(id).await?;
        Ok(Subject {
            workspace,
            assistant: store.assistant(conversation.assistant_id).await?,
            held: self.held(workspace, id).await?,
            handoff: store.handoff(id).await?,
            conversation,
        })
    }

    /// What customer and operators are told of a transition.
    async fn told_of(
        &self,
        subject: &Subject,
        transition: &Transition,
    ) -> Result<Vec<NewOutgoing>> {
        let mut rows = Vec::new();
        let Some(held) = &subject.held else {
            return Ok(rows);
        };
        if !transition.is_change() {
            return Ok(rows);
        }
        let rules = &subject.assistant.settings.handoff;
        if let Some(told) = rules.told(transition, subject.conversation.language) {
            rows.push(self.notice(Place::Customer, told, Vec::new()));
        }
        if held.has_console() {
            let mut said = Vec::new();
            if matches!(transition.to, Handoff::Requested { .. }) {
                let store = self.workspace(subject.workspace);
                said = store
                    .messages(subject.conversation.id, None, ON_CARD)
                    .await?;
            }
            let name = self.contact_name(held, &subject.conversation).await?;
            rows.push(self.card(held, transition, &name, &said));
        }
        Ok(rows)
    }

    async fn contact_name(&self, held: &Held, conversation: &Conversation) -> Result<String> {
        let store = self.workspace(held.bot.workspace_id);
        Ok(store.profile(conversation.contact_id).await?.name)
    }

    /// What operators see of a transition, with what they can do about it.
    fn card(
        &self,
        held: &Held,
        transition: &Transition,
        name: &str,
        said: &[Message],
    ) -> NewOutgoing {
        let language = held.staff_language();
        let text = words::card(transition, name, said, language);
        let button = |press: Press| self.button(words::label(&press, language), press);
        let buttons: Vec<Vec<NewButton>> = match transition.to {
            Handoff::Requested { .. } => vec![vec![button(Press::Take), button(Press::HandBack)]],
            Handoff::Taken { .. } => vec![
                vec![button(Press::HandBack), button(Press::Close)],
                vec![button(Press::Ban)],
            ],
            Handoff::HandedBack { .. } => vec![vec![button(Press::Take)]],
            Handoff::Closed { .. } | Handoff::Ai => Vec::new(),
        };
        self.notice(Place::Console, text, buttons)
    }

    /// What an operator's words put into the outbox: the message for the customer, and for other operators where
    /// these have not seen it being written.
    fn said_rows(&self, subject: &Subject, says: &Says) -> Vec<NewOutgoing> {
        let Some(held) = &subject.held else {
            return Vec::new();
        };
        let copied = says.copied_from.as_ref().filter(|from| from.as_it_stands);
        let header = match held.bot.settings.show_operator {
            true => says.by.name.clone(),
            false => String::new(),
        };
        let content = match copied {
            Some(from) => Content::Copy {
                chat: from.spot.chat,
                remote_id: from.spot.remote_id,
                header,
            },
            None => Content::Message,
        };
        let mut rows = vec![self.message_row(says.message_id, content, Vec::new())];
        let is_elsewhere = matches!(says.by.id, OperatorId::Member(_));
        if is_elsewhere && held.has_console() {
            let text = format!("{}: {}", says.by.name, says.text);
            rows.push(self.notice(Place::Console, text, Vec::new()));
        }
        rows
    }

    /// The update is done where nothing else was.
    async fn settle(&self, update: Option<UpdateKey>) -> Result<()> {
        if let Some((bot, update_id)) = update {
            let store = &self.inner.store;
            store
                .end_update(bot, update_id, UpdateEnd::Done, self.now())
                .await?;
        }
        Ok(())
    }
}

/// When the operator last spoke, or since when one is asked for: what idleness is counted from.
pub(crate) fn last_sign(handoff: &Handoff, said: &[Message]) -> Option<Timestamp> {
    let at = match handoff {
        Handoff::Requested { at, .. } | Handoff::Taken { at, .. } => *at,
        _ => return None,
    };
    let is_person =
        |said: &&Message| matches!(said.author, Author::Member(_) | Author::Operator(_));
    let spoken = said.iter().rev().find(is_person);
    Some(spoken.map_or(at, |said| at.max(said.created_at)))
}

fn new_handoff(transition: Transition, rules: &HandoffRules, now: Timestamp) -> NewHandoff {
    let idle_at = transition
        .to
        .needs_person()
        .then(|| now.plus_seconds(i64::from(rules.idle_minutes) * 60));
    NewHandoff {
        transition,
        idle_at,
    }
}

fn refusal(refused: Refused) -> Error {
    Error::new(ErrorCode::Conflict, refused.to_string()).caused_by(refused)
}
