//! This computer, as the program's own window sees it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::host;

/// How things stand on this computer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThisComputer {
    /// The data folder.
    #[schema(example = "/home/anna/.local/share/chatai")]
    pub data: String,
    /// How large it is, in bytes.
    #[schema(example = 52_428_800)]
    pub bytes: u64,
    /// The kind of the network folder it lies in; null for a disk of this computer.
    #[schema(required, example = "nfs4")]
    pub network: Option<String>,
    /// Whether it can be moved from here.
    pub movable: Movable,
    /// Where the data lay before, while that folder is still there.
    #[schema(required, example = "/home/anna/.local/share/chatai.moved")]
    pub old: Option<String>,
    /// Why the last move came to nothing, in the program's own words.
    #[schema(
        required,
        example = "copy to /mnt/disk/ChatAI: no space left on device"
    )]
    pub failed: Option<String>,
    /// True when the program starts with the computer.
    pub starts_with_computer: bool,
    /// True where folders can be chosen in a dialog.
    pub chooses: bool,
}

/// Whether the data folder can be moved from the window.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DataMovable, example = "yes")]
pub enum Movable {
    /// It can.
    Yes,
    /// Its place was said when the program was started.
    Told,
    /// It lies beside the program.
    Portable,
}

/// Whether the program starts with the computer.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StartWithComputer {
    /// True: from now on.
    pub on: bool,
}

/// Which folder is shown.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ShowFolder {
    /// Which one.
    pub folder: ShownFolder,
}

/// A folder that can be shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "data")]
pub enum ShownFolder {
    /// Where the data lies.
    Data,
    /// Where it lay before.
    Old,
}

/// The folder that was chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChosenFolder {
    /// Its path; null when none was chosen.
    #[schema(required, example = "/home/anna/Prices")]
    pub path: Option<String>,
}

/// Another place for the data.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDataFolder {
    /// Its whole path.
    #[schema(example = "/mnt/disk/ChatAI", max_length = 4_000)]
    pub to: String,
}

/// What moving the data there comes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovePlan {
    /// How much is copied, in bytes.
    #[schema(example = 52_428_800)]
    pub bytes: u64,
    /// How much there is room for, in bytes; null where that is not known.
    #[schema(required, example = 107_374_182_400_u64)]
    pub free: Option<u64>,
    /// The kind of the network folder it would lie in; null for a disk of this computer.
    #[schema(required, example = "cifs")]
    pub network: Option<String>,
    /// What stands in the way; null when nothing does.
    #[schema(required)]
    pub hindrance: Option<MoveHindrance>,
}

/// What stands in the way of a move.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "not_empty")]
pub enum MoveHindrance {
    /// It is no whole path.
    NotWhole,
    /// One folder lies inside the other, or they are the same.
    Inside,
    /// Something lies there already.
    NotEmpty,
    /// There is not room enough.
    TooSmall,
    /// Nothing may be written there.
    Closed,
}

/// The word to move the data.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MoveData {
    /// The whole path.
    #[schema(example = "/mnt/disk/ChatAI", max_length = 4_000)]
    pub to: String,
    /// True: also into a folder of another computer, whose break can damage the data.
    #[serde(default)]
    #[schema(example = false)]
    pub onto_network: bool,
}

impl From<host::Standing> for ThisComputer {
    fn from(standing: host::Standing) -> ThisComputer {
        ThisComputer {
            data: standing.data.display().to_string(),
            bytes: standing.bytes,
            network: standing.network,
            movable: match standing.movable {
                host::Movable::Yes => Movable::Yes,
                host::Movable::Told => Movable::Told,
                host::Movable::Portable => Movable::Portable,
            },
            old: standing.old.map(|old| old.display().to_string()),
            failed: standing.failed,
            starts_with_computer: standing.starts_with_computer,
            chooses: standing.chooses,
        }
    }
}

impl From<ShownFolder> for host::Shown {
    fn from(shown: ShownFolder) -> host::Shown {
        match shown {
            ShownFolder::Data => host::Shown::Data,
            ShownFolder::Old => host::Shown::Old,
        }
    }
}

impl From<host::Plan> for MovePlan {
    fn from(plan: host::Plan) -> MovePlan {
        MovePlan {
            bytes: plan.bytes,
            free: plan.free,
            network: plan.network,
            hindrance: plan.hindrance.map(|hindrance| match hindrance {
                host::Hindrance::NotWhole => MoveHindrance::NotWhole,
                host::Hindrance::Inside => MoveHindrance::Inside,
                host::Hindrance::NotEmpty => MoveHindrance::NotEmpty,
                host::Hindrance::TooSmall => MoveHindrance::TooSmall,
                host::Hindrance::Closed => MoveHindrance::Closed,
            }),
        }
    }
}
