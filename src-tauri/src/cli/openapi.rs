//! `chatai openapi`

use crate::exit::{Ending, Outcome};

pub fn run() -> Outcome {
    print!("{}", api::openapi());
    Ok(Ending::Done)
}
