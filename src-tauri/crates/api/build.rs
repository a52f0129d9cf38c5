//! Rebuilds the embedded UI when it changes; an empty folder stands in until it is built.

use std::io::Write;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let pages = Path::new("../../../ui/dist");
    if !pages.exists() {
        std::fs::create_dir_all(pages)?;
    }
    writeln!(
        std::io::stdout(),
        "cargo::rerun-if-changed={}",
        pages.display()
    )
}
