//! Who is signed in, and signing in.

use domain::member;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Id;

/// Who is signed in here.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// The member; null when nobody is signed in.
    #[schema(required)]
    pub member: Option<Member>,
    /// True while nobody owns this installation.
    #[schema(example = false)]
    pub first_run: bool,
    /// The business's name; empty when nobody is signed in.
    #[schema(example = "Lindenhof Bicycles")]
    pub business: String,
    /// True in the program's own window, which may ask for what the computer does (`/api/host`).
    #[schema(example = false)]
    pub window: bool,
}

/// A person who signs in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Member {
    /// Their id.
    pub id: Id,
    /// The name others see.
    #[schema(example = "Anna Berger")]
    pub name: String,
    /// What they sign in with.
    #[schema(example = "anna@lindenhof.example")]
    pub email: String,
    /// What they may do.
    pub role: Role,
}

/// What a member may do; each role may do all that the next ones may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "owner")]
pub enum Role {
    /// Everything, backup and people included.
    Owner,
    /// Changes knowledge, assistants and settings.
    Admin,
    /// Answers customers.
    Operator,
    /// Looks.
    Viewer,
}

/// A one-time sign-in link's token.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Enter {
    /// What stands after `/enter#`.
    #[schema(example = "q1w2e3r4t5y6u7i8o9p0", max_length = 200)]
    pub token: String,
}

/// Where a one-time link led.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entered {
    /// `owner` when the token is good for making the first owner, null when somebody is now signed in.
    #[schema(required)]
    pub needs: Option<Needs>,
    /// Who is now signed in.
    #[schema(required)]
    pub member: Option<Member>,
}

/// What must be done before anybody can sign in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Make the first owner.
    Owner,
}

/// The first owner, with the token of a one-time link.
#[derive(Deserialize, ToSchema)]
pub struct FirstOwner {
    /// What stood after `/enter#`.
    #[schema(example = "q1w2e3r4t5y6u7i8o9p0", max_length = 200)]
    pub token: String,
    /// The business's name.
    #[schema(example = "Lindenhof Bicycles", max_length = 100)]
    pub business: String,
    /// The owner's name.
    #[schema(example = "Anna Berger", max_length = 100)]
    pub name: String,
    /// What the owner signs in with.
    #[schema(example = "anna@lindenhof.example", max_length = 254)]
    pub email: String,
    /// The owner's password.
    #[schema(example = "four plain words here", max_length = 1000)]
    pub password: String,
}

/// E-mail and password.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// What the member signs in with.
    #[schema(example = "anna@lindenhof.example", max_length = 254)]
    pub email: String,
    /// The password.
    #[schema(example = "four plain words here", max_length = 1000)]
    pub password: String,
    /// A code of the authenticator app or a spare code, where the member's second step is on.
    #[schema(example = "123 456", max_length = 100)]
    pub code: Option<String>,
}

/// Who is now signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    /// The member.
    pub member: Member,
}

/// The first owner, who is now signed in.
#[derive(Serialize, ToSchema)]
pub struct FirstIn {
    /// The member.
    pub member: Member,
    /// The recovery code: shown now and never again; null when there is one already.
    #[schema(required, example = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ-2345")]
    pub recovery_code: Option<String>,
}

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
pub struct NewPassword {
    /// The password so far.
    #[schema(example = "four plain words here", max_length = 1000)]
    pub old: String,
    /// The new one.
    #[schema(example = "other plain words there", max_length = 1000)]
    pub new: String,
}

impl From<member::Member> for Member {
    fn from(member: member::Member) -> Member {
        Member {
            id: Id::of(member.id),
            name: member.name,
            email: member.email,
            role: member.role.into(),
        }
    }
}

impl From<member::Role> for Role {
    fn from(role: member::Role) -> Role {
        match role {
            member::Role::Owner => Role::Owner,
            member::Role::Admin => Role::Admin,
            member::Role::Operator => Role::Operator,
            member::Role::Viewer => Role::Viewer,
        }
    }
}

impl From<Role> for member::Role {
    fn from(role: Role) -> member::Role {
        match role {
            Role::Owner => member::Role::Owner,
            Role::Admin => member::Role::Admin,
            Role::Operator => member::Role::Operator,
            Role::Viewer => member::Role::Viewer,
        }
    }
}
