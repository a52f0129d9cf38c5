//! Who looks after a conversation.
//!
//! Whoever takes one looks after it (`handoff`). One that a person has becomes the other one's when it is given away:
//! nobody looks after what they could not answer in.

use domain::handoff::{Handoff, Operator, OperatorId};
use domain::id::{ConversationId, MemberId};
use domain::inbox::Assignment;
use domain::member::{Member, Permission};
use store::assignments::NewAssignment;
use store::error::StoreError;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::handoff::operator_of;
use crate::who::Who;

/// How often giving begins anew because the conversation changed hands meanwhile.
const TRIES: usize = 4;

impl App {
    /// Everybody in the workspace, for whoever gives a conversation to one of them.
    pub async fn colleagues(&self, who: &Who) -> Result<Vec<Member>> {
        who.must(Permission::Look)?;
        let team = self.workspace(who.workspace()).team().await?;
        Ok(team.into_iter().map(|row| row.member).collect())
    }

    /// Gives a conversation to a member who may answer, or to nobody. `Conflict` when it is to be nobody's while a
    /// person has it.
    pub async fn assign(&self, who: &Who, id: ConversationId, to: Option<MemberId>) -> Result<()> {
        let by = operator_of(who)?;
        let store = self.workspace(who.workspace());
        store.conversation(id).await?;
        let to = match to {
            Some(member) => Some(self.operator(who, member).await?),
            None => None,
        };
        for _ in 0..TRIES {
            let now = self.now();
            let held = store.handoff(id).await?;
            let (handoff, outgoing) = match (&held, &to) {
                (Handoff::Taken { by: holder, .. }, Some(to)) if holder.id != to.id => {
                    let given = held.given(to.clone(), by.clone(), now);
                    let given = given
                        .map_err(|refused| Error::new(ErrorCode::Conflict, refused.to_string()))?;
                    let (handoff, outgoing) =
                        self.told_of_giving(who.workspace(), id, given).await?;
                    (Some(handoff), outgoing)
                }
                _ => (None, Vec::new()),
            };
            let assignment = NewAssignment {
                assignment: Assignment {
                    by: by.clone(),
                    to: to.clone(),
                    at: now,
                },
                handoff,
                outgoing,
            };
            match store.assign(id, assignment, now).await {
                Ok(_) => return Ok(()),
                // Somebody took it meanwhile: seen on the next try.
                Err(StoreError::Conflict) if store.handoff(id).await? != held => {}
                Err(error) => return Err(error.into()),
            }
        }
        let what = "the conversation changes all the time: try again";
        Err(Error::new(ErrorCode::Busy, what).retry_after(1))
    }

    /// Who gave a conversation to whom, oldest first; the newest 200.
    pub async fn assignments(&self, who: &Who, id: ConversationId) -> Result<Vec<Assignment>> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).assignments(id).await?)
    }

    async fn operator(&self, who: &Who, id: MemberId) -> Result<Operator> {
        let team = self.workspace(who.workspace()).team().await?;
        let member = team
            .into_iter()
            .map(|row| row.member)
            .find(|member| member.id == id);
        match member {
            Some(member) if member.role.may(Permission::Answer) => Ok(Operator {
                id: OperatorId::Member(member.id),
                name: member.name,
            }),
            _ => Err(Error::invalid(
                "member_id",
                "there is no member of this id who may answer",
            )),
        }
    }
}
