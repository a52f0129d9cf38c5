//! Which format a file is: by its bytes first, by its name only where the bytes are plain text.

use domain::document::{ReadFailure, ReadNote};

use crate::Extracted;
use crate::blocks::Builder;
use crate::compound::Compound;
use crate::encoding;
use crate::formats::{
    archive, csv, doc, docx, epub, html, mail, md, odf, org, pdf, ppt, pptx, rst, rtf, sheet,
    sheet_xml, txt, xlsx,
};
use crate::limits::{self, Inside};
use crate::package::Package;

/// Tells the caller how many parts are read, of how many.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(u32, u32);

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Pdf,
    Docx,
    Pptx,
    Xlsx,
    Xlsb,
    Odt,
    Odp,
    Ods,
    Epub,
    Doc,
    Ppt,
    Xls,
    SheetXml,
    Msg,
    Eml,
    Rtf,
    Csv,
    Html,
    Md,
    Org,
    Rst,
    Txt,
    Zip,
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
        if bytes.starts_with(&Compound::SIGN) {
            return of_compound_file(bytes);
        }
        // Office and bookkeeping programs save rich text and web pages under names of Word and Excel.
        if bytes.starts_with(br"{\rtf") {
            return Ok(Format::Rtf);
        }
        let head = beginning(bytes);
        if head.starts_with("<!doctype html") || head.starts_with("<html") {
            return Ok(Format::Html);
        }
        if sheet_xml::begins(&head) {
            return Ok(Format::SheetXml);
        }
        let extension = extension(name);
        // Shops of the web write tables of text under the name of a workbook.
        if extension == "xls" && encoding::looks_like_text(bytes) {
            return Ok(Format::Csv);
        }
        if PACKED.contains(&extension.as_str()) {
            return Err(ReadFailure::Damaged);
        }
        if !encoding::looks_like_text(bytes) {
            return Err(ReadFailure::Unsupported);
        }
        Ok(of_text(&extension))
    }

    /// Reads a document of this format.
    pub(crate) fn read(
        self,
        bytes: &[u8],
        progress: Progress<'_>,
    ) -> Result<Extracted, ReadFailure> {
        self.read_within(bytes, progress, &mut Inside::nothing())
    }

    /// Reads a document that may lie in other files.
    pub(crate) fn read_within(
        self,
        bytes: &[u8],
        progress: Progress<'_>,
        inside: &mut Inside,
    ) -> Result<Extracted, ReadFailure> {
        let (short, media_type) = self.names();
        let mut builder = Builder::new(short);
        let document = &mut builder;
        let is_cut = self.is_text() && bytes.len() > limits::TEXT_BYTES;
        let bytes = if is_cut {
            document.note(ReadNote::CutAtLimit);
            &bytes[..limits::TEXT_BYTES]
        } else {
            bytes
        };
        match self {
            Format::Pdf => pdf::read(bytes, document, progress)?,
            Format::Docx => docx::read(bytes, document)?,
            Format::Pptx => pptx::read(bytes, document, progress)?,
            Format::Xlsx => xlsx::read(bytes, document, progress)?,
            Format::Xlsb => sheet::read_xlsb(bytes, document, progress)?,
            Format::Odt => odf::read(bytes, odf::Kind::Text, document)?,
            Format::Odp => odf::read(bytes, odf::Kind::Presentation, document)?,
            Format::Ods => odf::read(bytes, odf::Kind::Spreadsheet, document)?,
            Format::Epub => epub::read(bytes, document, progress)?,
            Format::Doc => doc::read(bytes, document)?,
            Format::Ppt => ppt::read(bytes, document)?,
            Format::Xls => sheet::read_xls(bytes, document, progress)?,
            Format::SheetXml => sheet_xml::read(bytes, document)?,
            Format::Msg => mail::read_msg(bytes, document, inside)?,
            Format::Eml => mail::read_eml(bytes, document, inside)?,
            Format::Rtf => rtf::read(bytes, document)?,
            Format::Csv => csv::read(bytes, document)?,
            Format::Html => html::read(bytes, document),
            Format::Md => md::read(bytes, document),
            Format::Org => org::read(bytes, document),
            Format::Rst => rst::read(bytes, document),
            Format::Txt => txt::read(bytes, document),
            Format::Zip => archive::read(bytes, document, progress, inside)?,
        }
        builder.finish(media_type)
    }

    /// True for text that can be cut anywhere.
    fn is_text(self) -> bool {
        use Format::{Csv, Html, Md, Org, Rst, Txt};
        matches!(self, Csv | Html | Md | Org | Rst | Txt)
    }

    /// The short name and the media type.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Format::Pdf => ("pdf", "application/pdf"),
            Format::Docx => (
                "docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            Format::Pptx => (
                "pptx",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            ),
            Format::Xlsx => (
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
            Format::Xlsb => (
                "xlsb",
                "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
            ),
            Format::Odt => ("odt", "application/vnd.oasis.opendocument.text"),
            Format::Odp => ("odp", "application/vnd.oasis.opendocument.presentation"),
            Format::Ods => ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
            Format::Epub => ("epub", "application/epub+zip"),
            Format::Doc => ("doc", "application/msword"),
            Format::Ppt => ("ppt", "application/vnd.ms-powerpoint"),
            Format::Xls => ("xls", "application/vnd.ms-excel"),
            Format::SheetXml => ("xls", "application/vnd.ms-excel"),
            Format::Msg => ("msg", "application/vnd.ms-outlook"),
            Format::Eml => ("eml", "message/rfc822"),
            Format::Rtf => ("rtf", "application/rtf"),
            Format::Csv => ("csv", "text/csv"),
            Format::Html => ("html", "text/html"),
            Format::Md => ("md", "text/markdown"),
            Format::Org => ("org", "text/org"),
            Format::Rst => ("rst", "text/x-rst"),
            Format::Txt => ("txt", "text/plain"),
            Format::Zip => ("zip", "application/zip"),
        }
    }
}

/// Names of files that are never plain text: one that is has been damaged, or is something else.
const PACKED: [&str; 13] = [
    "pdf", "docx", "pptx", "xlsx", "xlsb", "odt", "odp", "ods", "epub", "doc", "ppt", "xls", "zip",
];

fn of_package(bytes: &[u8]) -> Result<Format, ReadFailure> {
    let mut package = Package::open(bytes)?;
    if package.has("word/document.xml") || package.main_part("word/").is_some() {
        return Ok(Format::Docx);
    }
    if package.has("ppt/presentation.xml") || package.main_part("ppt/").is_some() {
        return Ok(Format::Pptx);
    }
    if package.has("xl/workbook.bin") {
        return Ok(Format::Xlsb);
    }
    if package.has("xl/workbook.xml") || package.main_part("xl/").is_some() {
        return Ok(Format::Xlsx);
    }
    if package.has("META-INF/container.xml") {
        return Ok(Format::Epub);
    }
    match odf::kind_of(&mut package)? {
        Some(odf::Kind::Text) => Ok(Format::Odt),
        Some(odf::Kind::Presentation) => Ok(Format::Odp),
        Some(odf::Kind::Spreadsheet) => Ok(Format::Ods),
        // Drawings, programs and other packages are no archives of documents.
        None if package.has("mimetype") || package.has("META-INF/MANIFEST.MF") => {
            Err(ReadFailure::Unsupported)
        }
        None if package.has("[Content_Types].xml") => Err(ReadFailure::Unsupported),
        None => Ok(Format::Zip),
    }
}

/// Which of the formats that are compound files it is, by its streams.
fn of_compound_file(bytes: &[u8]) -> Result<Format, ReadFailure> {
    let file = Compound::open(bytes)?;
    // An encrypted package of today's Office (MS-OFFCRYPTO 2.3.4.4).
    if file.has("/EncryptedPackage") {
        return Err(ReadFailure::Encrypted);
    }
    if file.has("/WordDocument") {
        return Ok(Format::Doc);
    }
    if file.has("/PowerPoint Document") {
        return Ok(Format::Ppt);
    }
    if file.has("/Workbook") || file.has("/Book") {
        return Ok(Format::Xls);
    }
    if file.has("/__properties_version1.0") {
        return Ok(Format::Msg);
    }
    Err(ReadFailure::Unsupported)
}

fn of_text(extension: &str) -> Format {
    match extension {
        "html" | "htm" | "xhtml" => Format::Html,
        "md" | "markdown" => Format::Md,
        "csv" | "tsv" | "tab" => Format::Csv,
        "org" => Format::Org,
        "rst" | "rest" => Format::Rst,
        "eml" => Format::Eml,
        _ => Format::Txt,
    }
}

/// The first letters of a text, small ones, whatever its encoding.
fn beginning(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(2048)];
    let head = encoding::decode(head, None).text.to_ascii_lowercase();
    head.trim_start_matches('\u{feff}').trim_start().to_owned()
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
            Format::find_out(br"{\rtf1 hello}", "x.doc"),
            Ok(Format::Rtf)
        );
        assert_eq!(
            Format::find_out(b"<html><table><tr><td>1C", "stock.xls"),
            Ok(Format::Html)
        );
        assert_eq!(
            Format::find_out(b"Name\tPrice\nTea\t120", "stock.xls"),
            Ok(Format::Csv)
        );
        assert_eq!(
            Format::find_out(b"just words", "notes.rst"),
            Ok(Format::Rst)
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
            Format::find_out(b"PK\x03\x04 cut off", "x.docx"),
            Err(ReadFailure::Damaged)
        );
    }
}
