//! The people of a workspace, and what changed about them.

use domain::team;
use serde::{Deserialize, Serialize};
use store::team as row;
use utoipa::ToSchema;

use crate::wire::Time;
use crate::wire::session::{Member, Role};

/// Everybody in the workspace.
#[derive(Debug, Serialize, ToSchema)]
pub struct Team {
    /// The members, oldest first.
    pub items: Vec<TeamMember>,
}

/// A member as the owner sees them.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamMember {
    /// The member.
    pub member: Member,
    /// When they joined.
    pub joined_at: Time,
    /// When they were here last, to the minute; null for never.
    #[schema(required)]
    pub last_seen_at: Option<Time>,
    /// True when signing in takes a code of their authenticator app too.
    #[schema(example = true)]
    pub second_step: bool,
}

/// Another role for a member.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRole {
    /// What they are to be.
    pub role: Role,
}

/// One's own password, once more.
#[derive(Deserialize, ToSchema)]
pub struct PasswordAgain {
    /// The password.
    #[schema(example = "four plain words here", max_length = 1000)]
    pub password: String,
}

/// What changed about people.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleLog {
    /// The changes, newest first; at most 200.
    pub items: Vec<PeopleChange>,
}

/// Something that changed about somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleChange {
    /// Who did it; null for whoever sat at this computer's own terminal.
    #[schema(required, example = "Anna Berger")]
    pub by: Option<String>,
    /// The name of the member it is about, or the address of somebody who was invited; empty for an invitation by
    /// link.
    #[schema(example = "Boris Lang")]
    pub about: String,
    /// True when somebody did it about themselves.
    #[schema(example = false)]
    pub own: bool,
    /// What changed.
    pub what: PeopleWhat,
    /// As what somebody was invited, joined, or is now; null for other changes.
    #[schema(required)]
    pub role: Option<Role>,
    /// When.
    pub at: Time,
}

/// The kinds of change about people.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "role_changed")]
pub enum PeopleWhat {
    /// They were invited.
    Invited,
    /// Their invitation was made anew.
    InvitedAgain,
    /// Their invitation was taken back.
    InvitationWithdrawn,
    /// They joined.
    Joined,
    /// They became something else.
    RoleChanged,
    /// They were given the workspace.
    OwnershipGiven,
    /// They are no member any more.
    Removed,
    /// They have another password.
    PasswordChanged,
    /// Signing in takes a code of theirs too.
    SecondStepOn,
    /// It does not any more.
    SecondStepOff,
    /// They have new spare codes.
    SpareCodesMade,
    /// They signed in with a spare code.
    SpareCodeUsed,
}

impl From<row::TeamMember> for TeamMember {
    fn from(row: row::TeamMember) -> TeamMember {
        TeamMember {
            joined_at: row.member.created_at.into(),
            member: row.member.into(),
            last_seen_at: row.last_seen_at.map(Into::into),
            second_step: row.has_second_step,
        }
    }
}

impl From<team::Change> for PeopleChange {
    fn from(change: team::Change) -> PeopleChange {
        let own = change
            .by
            .as_ref()
            .is_some_and(|by| by.id.is_some() && by.id == change.about.id);
        let (what, role) = match change.what {
            team::What::Invited { role } => (PeopleWhat::Invited, Some(role)),
            team::What::InvitedAgain => (PeopleWhat::InvitedAgain, None),
            team::What::InvitationWithdrawn => (PeopleWhat::InvitationWithdrawn, None),
            team::What::Joined { role } => (PeopleWhat::Joined, Some(role)),
            team::What::RoleChanged { to, .. } => (PeopleWhat::RoleChanged, Some(to)),
            team::What::OwnershipGiven => (PeopleWhat::OwnershipGiven, None),
            team::What::Removed => (PeopleWhat::Removed, None),
            team::What::PasswordChanged => (PeopleWhat::PasswordChanged, None),
            team::What::SecondStepOn => (PeopleWhat::SecondStepOn, None),
            team::What::SecondStepOff => (PeopleWhat::SecondStepOff, None),
            team::What::SpareCodesMade => (PeopleWhat::SpareCodesMade, None),
            team::What::SpareCodeUsed => (PeopleWhat::SpareCodeUsed, None),
        };
        PeopleChange {
            by: change.by.map(|by| by.name),
            about: change.about.name,
            own,
            what,
            role: role.map(Into::into),
            at: change.at.into(),
        }
    }
}
