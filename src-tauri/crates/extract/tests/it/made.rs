//! Makes small documents.

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write as _};

use domain::document::{BlockKind, ReadFailure};
use extract::Extracted;
use zip::write::SimpleFileOptions;

pub fn read(bytes: &[u8], name: &str) -> Result<Extracted, ReadFailure> {
    extract::read(bytes, name, &mut |_, _| {})
}

/// Blocks as short lines: `h1 Title`, `p text`, `- item`, `row Name=Tea|Price=120`.
pub fn outline(extracted: &Extracted) -> Vec<String> {
    let line = |block: &domain::document::Block| match &block.kind {
        BlockKind::Heading { level } => format!("h{level} {}", block.text),
        BlockKind::Paragraph => format!("p {}", block.text),
        BlockKind::ListItem => format!("- {}", block.text),
        BlockKind::Code => format!("code {}", block.text),
        BlockKind::TableRow { header, cells, .. } if header.is_empty() => {
            format!("row {}", cells.join("|"))
        }
        BlockKind::TableRow { header, cells, .. } => {
            let pairs = header
                .iter()
                .zip(cells)
                .map(|(name, cell)| format!("{name}={cell}"));
            format!("row {}", pairs.collect::<Vec<_>>().join("|"))
        }
    };
    extracted.blocks.iter().map(line).collect()
}

pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="MAIN"/></Relationships>"#;

/// A Word document with this body, and styles `Heading1`, `Title`, `Bullets`.
pub fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    let styles = r#"<w:styles xmlns:w="x"><w:style w:styleId="Heading1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="Sub"><w:name w:val="My heading"/><w:basedOn w:val="Heading2"/></w:style><w:style w:styleId="Heading2"><w:name w:val="heading 2"/></w:style><w:style w:styleId="Title"><w:name w:val="Title"/></w:style><w:style w:styleId="Bullets"><w:name w:val="List Bullet"/></w:style></w:styles>"#;
    let footnotes = r#"<w:footnotes xmlns:w="x"><w:footnote w:id="2"><w:p><w:r><w:t>Except public holidays.</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
    let relations = RELATIONS.replace("MAIN", "word/document.xml");
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", relations.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/footnotes.xml", footnotes.as_bytes()),
    ])
}

/// A paragraph of Word; `style` may be empty.
pub fn paragraph(style: &str, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>"#
    )
}

/// A workbook with these sheets: name, state (`visible`, `hidden`) and the XML of its worksheet's inside.
pub fn xlsx(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut list = String::new();
    let mut relations = String::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    for (number, (name, state, inside)) in (1..).zip(sheets) {
        write!(
            list,
            r#"<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>"#
        )
        .unwrap();
        write!(relations, r#"<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#).unwrap();
        let sheet = format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</worksheet>"#
        );
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
    }
    let workbook = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{list}</sheets></workbook>"#
    );
    // Styles 1: date, 2: thousands, 3: per cent, 4: roubles.
    let styles = r##"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0\ &quot;₽&quot;"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="3" applyNumberFormat="1"/><xf numFmtId="9" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>"##;
    relations.push_str(r#"<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#);
    parts.push(("xl/workbook.xml".to_owned(), workbook));
    parts.push(("xl/styles.xml".to_owned(), styles.to_owned()));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#)));
    parts.push((
        "_rels/.rels".to_owned(),
        RELATIONS.replace("MAIN", "xl/workbook.xml"),
    ));
    parts.push(("[Content_Types].xml".to_owned(), "<Types/>".to_owned()));
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, xml)| (name.as_str(), xml.as_bytes()))
        .collect();
    package(&parts)
}

/// A row of a worksheet: a cell is a text, or a number with its style (`=12000:2`).
pub fn row(number: u32, cells: &[&str]) -> String {
    let mut xml = format!(r#"<row r="{number}">"#);
    for (column, cell) in ('A'..).zip(cells) {
        match cell.strip_prefix('=').and_then(|cell| cell.split_once(':')) {
            Some((value, style)) => write!(
                xml,
                r#"<c r="{column}{number}" s="{style}"><v>{value}</v></c>"#
            )
            .unwrap(),
            None if cell.is_empty() => {}
            None => write!(
                xml,
                r#"<c r="{column}{number}" t="inlineStr"><is><t>{cell}</t></is></c>"#
            )
            .unwrap(),
        }
    }
    xml + "</row>"
}

/// A page of a made PDF.
pub struct PdfPage {
    pub content: Vec<u8>,
    /// Entries of its dictionary, such as `/Rotate 90`.
    pub entries: &'static str,
    /// Entries of its content's dictionary, such as `/Filter /FlateDecode`.
    pub stream_entries: &'static str,
}

impl PdfPage {
    pub fn new(content: impl Into<Vec<u8>>) -> PdfPage {
        PdfPage {
            content: content.into(),
            entries: "",
            stream_entries: "",
        }
    }
}

/// Lines of text, each `(x, y, size, text)` in points from the lower left corner; bold where the text begins
/// with `*`.
pub fn lines(lines: &[(f64, f64, f64, &str)]) -> String {
    let mut content = String::new();
    for (x, y, size, text) in lines {
        let (font, text) = match text.strip_prefix('*') {
            Some(text) => ("F2", text),
            None => ("F1", *text),
        };
        writeln!(
            content,
            "BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET"
        )
        .unwrap();
    }
    content
}

/// A PDF on A4 with Helvetica (F1, byte 1 is the ligature fi), Helvetica-Bold (F2) and a picture (Im).
pub fn pdf(pages: Vec<PdfPage>) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        Vec::new(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi] >> >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>".to_vec(),
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 >>\nstream\n\x80\nendstream".to_vec(),
        b"<< /Title (Price list) >>".to_vec(),
    ];
    let mut kids = String::new();
    for page in pages {
        let number = objects.len() + 1;
        write!(kids, "{number} 0 R ").unwrap();
        objects.push(format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {} /Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /Im 5 0 R >> >> /Contents {} 0 R >>", page.entries, number + 1).into_bytes());
        let mut stream = format!(
            "<< /Length {} {} >>\nstream\n",
            page.content.len(),
            page.stream_entries
        )
        .into_bytes();
        stream.extend(&page.content);
        stream.extend(b"\nendstream");
        objects.push(stream);
    }
    let count = kids.split("R").count() - 1;
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>").into_bytes();
    assemble(&objects, "/Info 6 0 R")
}

/// A PDF of these objects from number 1, which is the catalog.
pub fn assemble(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(
        format!(
            "trailer << /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    file
}

/// So many bytes, deflated (RFC 1951), by way of a zip entry.
pub fn deflated(bytes: &mut dyn Read, length: u64) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("x", SimpleFileOptions::default().large_file(true))
        .unwrap();
    std::io::copy(&mut bytes.take(length), &mut zip).unwrap();
    let mut archive = zip.finish_into_readable().unwrap();
    let mut packed = Vec::new();
    archive
        .by_index_raw(0)
        .unwrap()
        .read_to_end(&mut packed)
        .unwrap();
    packed
}

/// A zlib stream (RFC 1950) without a true checksum, which readers of PDF do not look at.
pub fn zlib(bytes: &mut dyn Read, length: u64) -> Vec<u8> {
    let mut stream = vec![0x78, 0x9c];
    stream.extend(deflated(bytes, length));
    stream.extend([0; 4]);
    stream
}
