//! Rebuilds the embedded UI when it changes; an empty folder stands in until it is built. Packs the contract.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

fn main() -> io::Result<()> {
    let pages = Path::new("../../../ui/dist");
    if !pages.exists() {
        fs::create_dir_all(pages)?;
    }
    let contract = Path::new("../../../ui/src/api/openapi.json");
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from);
    let out = out.ok_or_else(|| io::Error::other("this runs only in a build"))?;
    let packed = fs::File::create(out.join("openapi.json.gz"))?;
    let mut packer = GzEncoder::new(packed, Compression::best());
    packer.write_all(&fs::read(contract)?)?;
    packer.finish()?;
    for changes in [pages, contract] {
        writeln!(
            io::stdout(),
            "cargo::rerun-if-changed={}",
            changes.display()
        )?;
    }
    Ok(())
}
