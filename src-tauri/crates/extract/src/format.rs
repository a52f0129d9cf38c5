//! Which format a file is: by its bytes first, by its name only where the bytes are plain text.

use domain::document::ReadFailure;

use crate::Extracted;
use crate::blocks::Builder;
use crate::encoding;
use crate::formats::{csv, docx, html, md, pdf, txt, xlsx};
use crate::package::Package;

/// Tells the caller how many parts are read, of how many.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(u32, u32);

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Pdf,
    Docx,
    Xlsx,
    Csv,
    Html,
    Md,
    Txt,
}

impl Format {
    /// Finds it out, or says why the file is not read.
    pub(crate) fn find_out(bytes: &[u8], name: &str) -> Result<Format, ReadFailure> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(ReadFailure::Empty);
        }
        let head = &bytes[..bytes.len().min(1024)];
        if head.windows(5).any(|window| window == b"%PDF-") {
            return Ok(Format::Pdf);
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return of_package(bytes);
        }
        if bytes.starts_with(&COMPOUND_FILE) {
            return Err(of_compound_file(bytes));
        }
        let extension = extension(name);
        if matches!(extension.as_str(), "pdf" | "docx" | "xlsx") {
            return Err(ReadFailure::Damaged);
        }
        if bytes.starts_with(br"{\rtf") || !encoding::looks_like_text(bytes) {
            return Err(ReadFailure::Unsupported);
        }
        Ok(of_text(bytes, &extension))
    }

    /// Reads a document of this format.
    pub(crate) fn read(
        self,
        bytes: &[u8],
        progress: Progress<'_>,
    ) -> Result<Extracted, ReadFailure> {
        let (short, media_type) = match self {
            Format::Pdf => ("pdf", "application/pdf"),
            Format::Docx => (
                "docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            Format::Xlsx => (
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
            Format::Csv => ("csv", "text/csv"),
            Format::Html => ("html", "text/html"),
            Format::Md => ("md", "text/markdown"),
            Format::Txt => ("txt", "text/plain"),
        };
        let mut builder = Builder::new(short);
        match self {
            Format::Pdf => pdf::read(bytes, &mut builder, progress)?,
            Format::Docx => docx::read(bytes, &mut builder)?,
            Format::Xlsx => xlsx::read(bytes, &mut builder, progress)?,
            Format::Csv => csv::read(bytes, &mut builder)?,
            Format::Html => html::read(bytes, &mut builder),
            Format::Md => md::read(bytes, &mut builder),
            Format::Txt => txt::read(bytes, &mut builder),
        }
        builder.finish(media_type)
    }
}

/// How a compound file (old Office formats, and encrypted new ones) begins.
const COMPOUND_FILE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

fn of_package(bytes: &[u8]) -> Result<Format, ReadFailure> {
    let package = Package::open(bytes)?;
    if package.has("word/document.xml") || package.main_part("word/").is_some() {
        return Ok(Format::Docx);
    }
    if package.has("xl/workbook.xml")
        || package
            .main_part("xl/")
            .is_some_and(|part| part.ends_with(".xml"))
    {
        return Ok(Format::Xlsx);
    }
    Err(ReadFailure::Unsupported)
}

/// An encrypted package of Office is a compound file with this stream (MS-OFFCRYPTO 2.3.4.4).
fn of_compound_file(bytes: &[u8]) -> ReadFailure {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let encrypted = bytes.windows(name.len()).any(|window| window == name);
    if encrypted {
        ReadFailure::Encrypted
    } else {
        ReadFailure::Unsupported
    }
}

fn of_text(bytes: &[u8], extension: &str) -> Format {
    match extension {
        "html" | "htm" | "xhtml" => return Format::Html,
        "md" | "markdown" => return Format::Md,
        "csv" | "tsv" | "tab" => return Format::Csv,
        _ => {}
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let is_html = head.starts_with("<!doctype html") || head.starts_with("<html");
    if is_html { Format::Html } else { Format::Txt }
}

fn extension(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, extension)) => extension.trim().to_ascii_lowercase(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use domain::document::ReadFailure;

    use super::Format;

    #[test]
    fn the_bytes_decide_before_the_name() {
        assert_eq!(
            Format::find_out(b"%PDF-1.7 ...", "prices.txt"),
            Ok(Format::Pdf)
        );
        assert_eq!(
            Format::find_out(b"<!DOCTYPE html><p>x", "page"),
            Ok(Format::Html)
        );
        assert_eq!(Format::find_out(b"a;b\n1;2", "x.CSV"), Ok(Format::Csv));
        assert_eq!(
            Format::find_out(b"just words", "notes.rst"),
            Ok(Format::Txt)
        );
    }

    #[test]
    fn what_is_not_read_is_said_why() {
        assert_eq!(Format::find_out(b" \n", "x.txt"), Err(ReadFailure::Empty));
        assert_eq!(
            Format::find_out(b"just words", "x.pdf"),
            Err(ReadFailure::Damaged)
        );
        assert_eq!(
            Format::find_out(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "x.png"),
            Err(ReadFailure::Unsupported)
        );
        assert_eq!(
            Format::find_out(br"{\rtf1 hello}", "x.rtf"),
            Err(ReadFailure::Unsupported)
        );
        assert_eq!(
            Format::find_out(b"PK\x03\x04 cut off", "x.docx"),
            Err(ReadFailure::Damaged)
        );
    }
}
