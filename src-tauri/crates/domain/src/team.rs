//! Invitations, and what is written down about changes among people.

use serde::{Deserialize, Serialize};

use crate::id::{InvitationId, MemberId};
use crate::language::Language;
use crate::member::Role;
use crate::time::Timestamp;

/// Somebody who may join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// What they will be.
    pub role: Role,
    /// Whom it is for; empty for whoever has the link.
    pub email: String,
    /// In which language it is written.
    pub language: Language,
    /// What its link begins with, as `https://help.example.com`.
    pub origin: String,
    /// The name of whoever invites.
    pub invited_by: String,
    /// How its letter fares.
    pub letter: LetterState,
    /// Why its letter was not sent; empty when nothing failed.
    pub reason: String,
    /// When it was made, or made anew.
    pub created_at: Timestamp,
    /// Until when its link opens.
    pub expires_at: Timestamp,
}

/// How an invitation's letter fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// There is none: the link is handed over.
    None,
    /// It is to be sent, or to be tried again.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It will not be sent.
    Failed,
}

/// Something that changed about somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Who did it; nobody for whoever sits at this computer's own terminal.
    pub by: Option<Person>,
    /// About whom: a member, or an address that was invited (empty for a link).
    pub about: Person,
    /// What.
    pub what: What,
    /// When.
    pub at: Timestamp,
}

/// Somebody, as they were called then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Which member; nobody for somebody who is only invited.
    pub id: Option<MemberId>,
    /// The name, or the address of somebody who is only invited.
    pub name: String,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// They were invited.
    Invited {
        /// As what.
        role: Role,
    },
    /// Their invitation was made anew: the link before it opens nothing any more.
    InvitedAgain,
    /// Their invitation was taken back.
    InvitationWithdrawn,
    /// They joined.
    Joined {
        /// As what.
        role: Role,
    },
    /// They became something else.
    RoleChanged {
        /// What they were.
        from: Role,
        /// What they are.
        to: Role,
    },
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
