//! Where a member is signed in.

use app::sessions;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::{Id, Time};

/// Where a member is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    /// The places, the one used last first.
    pub items: Vec<SignedInAt>,
}

/// A place where a member is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedInAt {
    /// The session's id.
    pub id: Id,
    /// The browser; null when it is not known.
    #[schema(required, example = "Firefox")]
    pub browser: Option<&'static str>,
    /// The system or device; null when it is not known.
    #[schema(required, example = "Windows")]
    pub system: Option<&'static str>,
    /// The address it was begun from; empty when that was not kept.
    #[schema(example = "203.0.113.7")]
    pub address: String,
    /// When it was begun.
    pub created_at: Time,
    /// When it was used last, to the minute.
    pub last_seen_at: Time,
    /// True for the one that asks.
    #[schema(example = true)]
    pub is_this: bool,
}

impl From<sessions::SignedInAt> for SignedInAt {
    fn from(place: sessions::SignedInAt) -> SignedInAt {
        SignedInAt {
            id: Id::of(place.session.id),
            browser: place.device.browser,
            system: place.device.system,
            address: place.session.address,
            created_at: place.session.created_at.into(),
            last_seen_at: place.session.last_seen_at.into(),
            is_this: place.is_this,
        }
    }
}
