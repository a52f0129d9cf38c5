//! Customers: what is known of them.

use serde::Serialize;
use store::contacts;
use utoipa::ToSchema;

use crate::wire::Id;

/// What is known of a customer. What is unknown is empty.
#[derive(Debug, Serialize, ToSchema)]
pub struct Profile {
    /// The contact's id.
    pub contact_id: Id,
    /// The name.
    #[schema(example = "Ivan Petrov")]
    pub name: String,
    /// The `@name`, without the sign.
    #[schema(example = "ivan")]
    pub username: String,
    /// The language of their app, as it says.
    #[schema(example = "ru")]
    pub language: String,
    /// Where to write to.
    #[schema(example = "ivan@example.com")]
    pub email: String,
    /// Where to call.
    #[schema(example = "+49 30 1234567")]
    pub phone: String,
    /// True when nothing of theirs is taken in.
    #[schema(example = false)]
    pub is_banned: bool,
}

impl Profile {
    /// What is known of a contact.
    pub fn of(contact_id: Id, profile: contacts::Profile) -> Profile {
        Profile {
            contact_id,
            name: profile.name,
            username: profile.username,
            language: profile.language,
            email: profile.email,
            phone: profile.phone,
            is_banned: profile.is_banned,
        }
    }
}
