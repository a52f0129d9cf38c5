//! Invitations, and accepting one.

use domain::team;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::session::Role;
use crate::wire::{Id, Time};

/// Invitations that nobody accepted yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitations {
    /// The invitations, newest first, also those whose time has passed.
    pub items: Vec<Invitation>,
}

/// Somebody who may join.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitation {
    /// Its id.
    pub id: Id,
    /// What they will be.
    pub role: Role,
    /// Whom it is for; empty for whoever has the link.
    #[schema(example = "boris@lindenhof.example")]
    pub email: String,
    /// The name of whoever invites.
    #[schema(example = "Anna Berger")]
    pub invited_by: String,
    /// How its letter fares.
    pub letter: LetterState,
    /// Why its letter was not sent: `no_mail`, `closed`, or a code of the mail test; empty when nothing failed.
    #[schema(example = "")]
    pub reason: String,
    /// When it was made, or made anew.
    pub created_at: Time,
    /// Until when its link opens.
    pub expires_at: Time,
}

/// How an invitation's letter fares.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "sent")]
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

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewInvitation {
    /// As what.
    pub role: Role,
    /// By letter to this address; absent or null for a link that is handed over.
    #[schema(example = "boris@lindenhof.example", max_length = 254)]
    pub email: Option<String>,
    /// The letter's language, `en` or `ru`.
    #[schema(example = "en")]
    pub language: String,
}

/// An invitation that is to be made anew.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Again {
    /// The letter's language, `en` or `ru`.
    #[schema(example = "en")]
    pub language: String,
}

/// An invitation that was just made.
#[derive(Serialize, ToSchema)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// Its link: shown now and never again.
    #[schema(example = "https://help.lindenhof.example/invitation#q1w2e3r4t5y6")]
    pub link: String,
    /// True when the link leads to this computer only: nobody elsewhere can open it.
    #[schema(example = false)]
    pub only_here: bool,
}

/// A link's token.
#[derive(Deserialize, ToSchema)]
pub struct InvitationToken {
    /// What stands after `/invitation#`.
    #[schema(example = "q1w2e3r4t5y6u7i8o9p0", max_length = 200)]
    pub token: String,
}

/// What a link opens.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenInvitation {
    /// The business's name.
    #[schema(example = "Lindenhof Bicycles")]
    pub business: String,
    /// The name of whoever invites.
    #[schema(example = "Anna Berger")]
    pub invited_by: String,
    /// What the invited person will be.
    pub role: Role,
    /// Whom it is for; empty for whoever has the link.
    #[schema(example = "boris@lindenhof.example")]
    pub email: String,
    /// Until when it opens.
    pub expires_at: Time,
}

/// What an invited person tells.
#[derive(Deserialize, ToSchema)]
pub struct Accept {
    /// What stood after `/invitation#`.
    #[schema(example = "q1w2e3r4t5y6u7i8o9p0", max_length = 200)]
    pub token: String,
    /// Their name.
    #[schema(example = "Boris Lang", max_length = 100)]
    pub name: String,
    /// What they will sign in with; where the invitation is for an address, that one counts.
    #[schema(example = "boris@lindenhof.example", max_length = 254)]
    pub email: String,
    /// Their password.
    #[schema(example = "four plain words here", max_length = 1000)]
    pub password: String,
}

impl From<team::Invitation> for Invitation {
    fn from(invitation: team::Invitation) -> Invitation {
        Invitation {
            id: Id::of(invitation.id),
            role: invitation.role.into(),
            email: invitation.email,
            invited_by: invitation.invited_by,
            letter: match invitation.letter {
                team::LetterState::None => LetterState::None,
                team::LetterState::Waiting => LetterState::Waiting,
                team::LetterState::Sent => LetterState::Sent,
                team::LetterState::Failed => LetterState::Failed,
            },
            reason: invitation.reason,
            created_at: invitation.created_at.into(),
            expires_at: invitation.expires_at.into(),
        }
    }
}
