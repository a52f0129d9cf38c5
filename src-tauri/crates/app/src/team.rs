//! The people of a workspace: who they are, what each may do, who goes.
//!
//! Not here: how they come (`invitations`) and how they sign in (`people`, `second_step`).

use std::net::IpAddr;

use domain::handoff::{Act, OperatorId};
use domain::id::MemberId;
use domain::member::{Member, Permission, Role};
use domain::team::{Change, Person, What};
use store::error::StoreError;
use store::handoffs::HandoffName;
use store::team::TeamMember;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::handoff::operator_of;
use crate::who::Who;

/// Conversations that are looked through at a time.
const PAGE: u32 = 200;

impl App {
    /// Everybody in the workspace, oldest first.
    pub async fn team(&self, who: &Who) -> Result<Vec<TeamMember>> {
        who.must(Permission::ChangeSettings)?;
        Ok(self.workspace(who.workspace()).team().await?)
    }

    /// Gives a member another role. `LastOwner` when nobody would own the workspace any more.
    pub async fn change_role(&self, who: &Who, id: MemberId, role: Role) -> Result<()> {
        who.must(Permission::Own)?;
        let member = self.member_of(who, id).await?;
        if member.role == role {
            return Ok(());
        }
        if !role.may(Permission::Answer) {
            self.hand_back_what_they_hold(who, id).await?;
        }
        let from = member.role;
        let change = self.change_by(who, &member, What::RoleChanged { from, to: role });
        self.workspace(who.workspace())
            .set_role(id, role, change, self.now())
            .await
            .map_err(of_owners)
    }

    /// Makes another member an owner and oneself an admin.
    pub async fn give_ownership(
        &self,
        who: &Who,
        to: MemberId,
        password: &str,
        from: IpAddr,
    ) -> Result<()> {
        who.must(Permission::Own)?;
        let member = self.member_of(who, to).await?;
        if to == who.member.id {
            return Err(Error::new(ErrorCode::Conflict, "it is yours already"));
        }
        self.check_password(who, password, from).await?;
        let change = self.change_by(who, &member, What::OwnershipGiven);
        self.workspace(who.workspace())
            .give_ownership(who.member.id, to, change, self.now())
            .await?;
        Ok(())
    }

    /// Removes a member and ends their sessions; the conversations they had go back to the assistant, what they wrote
    /// stays. `LastOwner` when nobody would own the workspace any more.
    pub async fn remove_member(&self, who: &Who, id: MemberId) -> Result<()> {
        who.must(Permission::Own)?;
        let member = self.member_of(who, id).await?;
        let team = self.workspace(who.workspace()).team().await?;
        let is_owner = |other: &TeamMember| other.member.role == Role::Owner;
        if member.role == Role::Owner && team.into_iter().filter(is_owner).count() == 1 {
            return Err(of_owners(StoreError::Conflict));
        }
        self.hand_back_what_they_hold(who, id).await?;
        let change = self.change_by(who, &member, What::Removed);
        self.workspace(who.workspace())
            .remove_member(id, change, self.now())
            .await
            .map_err(of_owners)
    }

    /// What changed about people, the newest first; at most 200.
    pub async fn people_log(&self, who: &Who) -> Result<Vec<Change>> {
        who.must(Permission::Own)?;
        Ok(self.workspace(who.workspace()).people_log().await?)
    }

    /// A member of the asking member's workspace.
    pub(crate) async fn member_of(&self, who: &Who, id: MemberId) -> Result<Member> {
        let found = self.inner.store.member(id).await?;
        found
            .map(|(member, _)| member)
            .filter(|member| member.workspace_id == who.workspace())
            .ok_or_else(|| Error::new(ErrorCode::NotFound, "there is no such member"))
    }

    /// A change that somebody makes about a member.
    pub(crate) fn change_by(&self, who: &Who, about: &Member, what: What) -> Change {
        Change {
            by: Some(person(&who.member)),
            ..self.change_of(about, what)
        }
    }

    /// A change about a member by whoever sits at this computer, or before anybody was signed in.
    pub(crate) fn change_of(&self, about: &Member, what: What) -> Change {
        Change {
            by: None,
            about: person(about),
            what,
            at: self.now(),
        }
    }

    /// No customer waits for somebody who cannot answer any more.
    async fn hand_back_what_they_hold(&self, who: &Who, id: MemberId) -> Result<()> {
        let store = self.workspace(who.workspace());
        let mut after = None;
        loop {
            let page = store
                .handoffs(Some(HandoffName::Taken), after, PAGE)
                .await?;
            for row in page.items {
                let holder = row.handoff.operator().map(|by| by.id);
                if holder == Some(OperatorId::Member(id)) {
                    let by = operator_of(who)?;
                    let act = Act::HandBack { by };
                    self.act(who.workspace(), row.conversation.id, act, None)
                        .await?;
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

pub(crate) fn person(member: &Member) -> Person {
    Person {
        id: Some(member.id),
        name: member.name.clone(),
    }
}

/// The store knows one conflict among roles: a workspace without an owner.
fn of_owners(error: StoreError) -> Error {
    match error {
        StoreError::Conflict => {
            Error::new(ErrorCode::LastOwner, "somebody has to own the workspace")
        }
        error => error.into(),
    }
}
