//! `cargo xtask icons`: every size and form of the program's icon, from one drawing.
//!
//! Writes PNG, ICO and ICNS: the containers are a table before pictures (Microsoft's "ICO with PNG", Apple's icns).
//! The pictures are drawn by `rsvg-convert` (Debian: librsvg2-bin); what is drawn is kept in the repository, so that
//! nobody else needs it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::Result;
use crate::command::command;
use crate::metadata::root;

/// The sides of the squares, in pixels, as `NxN.png`.
pub const SIDES: &[u32] = &[16, 24, 32, 48, 64, 128, 256, 512];
const IN_ICO: &[u32] = &[16, 24, 32, 48, 64, 256];
/// Sides and their names in an icns.
const IN_ICNS: &[(u32, &[u8; 4])] = &[
    (16, b"icp4"),
    (32, b"icp5"),
    (128, b"ic07"),
    (256, b"ic08"),
    (512, b"ic09"),
    (1_024, b"ic10"),
    (32, b"ic11"),
    (64, b"ic12"),
];
/// The side of the tray's icon: panels make it smaller.
const TRAY: u32 = 48;
/// The mark of somebody who waits, over the drawing.
const DOT: &str =
    r##"<circle cx="384" cy="128" r="104" fill="#e5484d" stroke="#fff" stroke-width="24"/></svg>"##;

/// Draws them all into `assets/icons`, and gives the pages the drawing.
pub fn draw() -> Result<()> {
    let folder = root().join("assets/icons");
    let drawing = fs::read_to_string(folder.join("icon.svg"))?;
    // The pages show the same mark.
    fs::write(root().join("ui/public/icon.svg"), &drawing)?;
    let waiting = drawing.replace("</svg>", DOT);
    for side in SIDES {
        fs::write(
            folder.join(format!("{side}x{side}.png")),
            png(&drawing, *side)?,
        )?;
    }
    fs::write(folder.join("icon.png"), png(&drawing, 512)?)?;
    fs::write(folder.join("tray.png"), png(&drawing, TRAY)?)?;
    fs::write(folder.join("tray-waiting.png"), png(&waiting, TRAY)?)?;
    let for_ico = pictures(&drawing, IN_ICO.iter().copied())?;
    fs::write(folder.join("icon.ico"), ico(&for_ico)?)?;
    let for_icns = pictures(&drawing, IN_ICNS.iter().map(|(side, _)| *side))?;
    fs::write(folder.join("icon.icns"), icns(&for_icns)?)?;
    println!("drawn into {}", folder.display());
    Ok(())
}

/// The drawing as a PNG of `side` pixels.
fn png(drawing: &str, side: u32) -> Result<Vec<u8>> {
    let side = side.to_string();
    let mut child = command("rsvg-convert")
        .args(["--width", &side, "--height", &side, "--format", "png"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("rsvg-convert (Debian: librsvg2-bin): {error}"))?;
    child
        .stdin
        .take()
        .ok_or("no way to the drawing program")?
        .write_all(drawing.as_bytes())?;
    let drawn = child.wait_with_output()?;
    match drawn.status.success() {
        true => Ok(drawn.stdout),
        false => Err(format!("rsvg-convert: {}", drawn.status).into()),
    }
}

fn ico(pictures: &[(u32, Vec<u8>)]) -> Result<Vec<u8>> {
    let count = u16::try_from(pictures.len())?;
    let mut bytes = Vec::new();
    for number in [0_u16, 1, count] {
        bytes.extend(number.to_le_bytes());
    }
    let mut at = u32::try_from(6 + 16 * pictures.len())?;
    for (side, picture) in pictures {
        let length = u32::try_from(picture.len())?;
        // 256 is written as 0.
        let side = u8::try_from(*side).unwrap_or(0);
        bytes.extend([side, side, 0, 0, 1, 0, 32, 0]);
        bytes.extend(length.to_le_bytes());
        bytes.extend(at.to_le_bytes());
        at += length;
    }
    bytes.extend(pictures.iter().flat_map(|(_, picture)| picture));
    Ok(bytes)
}

fn icns(pictures: &[(u32, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut inner = Vec::new();
    for ((_, picture), (_, name)) in pictures.iter().zip(IN_ICNS) {
        inner.extend(*name);
        inner.extend(u32::try_from(picture.len() + 8)?.to_be_bytes());
        inner.extend(picture);
    }
    let mut bytes = b"icns".to_vec();
    bytes.extend(u32::try_from(inner.len() + 8)?.to_be_bytes());
    bytes.extend(inner);
    Ok(bytes)
}

fn pictures(drawing: &str, sides: impl Iterator<Item = u32>) -> Result<Vec<(u32, Vec<u8>)>> {
    sides.map(|side| Ok((side, png(drawing, side)?))).collect()
}

/// Writes the sizes of a desktop's icon theme under `share`, as `icons/hicolor/NxN/apps/chatai.png`.
pub fn into_theme(share: &Path) -> Result<()> {
    let from = root().join("assets/icons");
    let place = |size: &str| share.join("icons/hicolor").join(size).join("apps");
    for side in SIDES {
        let size = format!("{side}x{side}");
        fs::create_dir_all(place(&size))?;
        fs::copy(
            from.join(format!("{size}.png")),
            place(&size).join("chatai.png"),
        )?;
    }
    fs::create_dir_all(place("scalable"))?;
    fs::copy(from.join("icon.svg"), place("scalable").join("chatai.svg"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stand-ins for pictures of different lengths.
    fn pictures(count: u8) -> Vec<(u32, Vec<u8>)> {
        (1..=count)
            .map(|number| (u32::from(number) * 43, vec![number; usize::from(number)]))
            .collect()
    }

    #[test]
    fn every_picture_of_an_ico_lies_where_its_table_says() {
        let pictures = pictures(6);
        let bytes = ico(&pictures).unwrap();
        assert_eq!(bytes[..6], [0, 0, 1, 0, 6, 0]);
        let table = bytes[6..6 + 16 * 6].chunks(16);
        for (entry, (side, picture)) in table.zip(&pictures) {
            let number =
                |at: usize| u32::from_le_bytes(entry[at..at + 4].try_into().unwrap()) as usize;
            assert_eq!(bytes[number(12)..number(12) + number(8)], *picture);
            assert_eq!(u32::from(entry[0]), if *side > 255 { 0 } else { *side });
        }
    }

    #[test]
    fn an_icns_is_as_long_as_it_says_and_so_is_each_part() {
        let count = u8::try_from(IN_ICNS.len()).unwrap();
        let bytes = icns(&pictures(count)).unwrap();
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(4), bytes.len());
        let mut at = 8;
        for (_, name) in IN_ICNS {
            assert_eq!(&bytes[at..at + 4], *name);
            at += number(at + 4);
        }
        assert_eq!(at, bytes.len());
    }
}
