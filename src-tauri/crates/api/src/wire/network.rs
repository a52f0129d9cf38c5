//! Whether anything outside this computer may be spoken to.

use app::network;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether anything outside this computer may be spoken to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Network {
    /// True: nothing may.
    #[schema(example = false)]
    pub local_only: bool,
    /// True: that was said when the program was started, and cannot be changed here.
    #[schema(example = false)]
    pub told: bool,
}

/// Whether anything outside this computer may be spoken to from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NetworkChange {
    /// True: nothing may.
    pub local_only: bool,
}

impl From<network::Network> for Network {
    fn from(network: network::Network) -> Network {
        Network {
            local_only: network.local_only,
            told: network.told,
        }
    }
}
