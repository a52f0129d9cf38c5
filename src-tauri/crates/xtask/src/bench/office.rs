//! Word and Excel files with the parts that every reader asks for (ECMA-376).

use std::fs::File;
use std::io::Write;
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::Result;

use super::documents::Text;

const KINDS: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const LINKS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const FORMAT: &str = "application/vnd.openxmlformats-officedocument";
const WORDS: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const SHEETS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// Writes a Word file.
pub fn write_words(path: &Path, text: &Text) -> Result<()> {
    let paragraph = |style: &str, text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let mut body = paragraph("Title", &text.title);
    for (heading, paragraphs) in &text.chapters {
        body.push_str(&paragraph("Heading1", heading));
        for text in paragraphs {
            body.push_str(&paragraph("Normal", text));
        }
    }
    let styles = ["Normal", "Title", "Heading1"].map(|name| {
        format!("<w:style w:type=\"paragraph\" w:styleId=\"{name}\"><w:name w:val=\"{name}\"/></w:style>")
    });
    package(
        path,
        "word/document.xml",
        &[
            (
                "word/document.xml",
                "wordprocessingml.document.main",
                format!("<w:document xmlns:w=\"{WORDS}\"><w:body>{body}</w:body></w:document>"),
            ),
            (
                "word/styles.xml",
                "wordprocessingml.styles",
                format!(
                    "<w:styles xmlns:w=\"{WORDS}\">{}</w:styles>",
                    styles.concat()
                ),
            ),
        ],
        ("word/_rels/document.xml.rels", "styles", "styles.xml"),
    )
}

/// Writes an Excel file of one sheet and gives the bytes of text in it.
pub fn write_sheet(path: &Path, rows: &[Vec<String>]) -> Result<usize> {
    let mut length = 0;
    let mut data = String::new();
    for (at, row) in rows.iter().enumerate() {
        data.push_str(&format!("<row r=\"{}\">", at + 1));
        for (cell, column) in row.iter().zip('A'..) {
            length += cell.len();
            data.push_str(&format!(
                "<c r=\"{column}{}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>",
                at + 1
            ));
        }
        data.push_str("</row>");
    }
    package(
        path,
        "xl/workbook.xml",
        &[
            (
                "xl/workbook.xml",
                "spreadsheetml.sheet.main",
                format!(
                    "<workbook xmlns=\"{SHEETS}\" xmlns:r=\"{OFFICE}\"><sheets>\
                     <sheet name=\"Prices\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                "spreadsheetml.worksheet",
                format!("<worksheet xmlns=\"{SHEETS}\"><sheetData>{data}</sheetData></worksheet>"),
            ),
        ],
        (
            "xl/_rels/workbook.xml.rels",
            "worksheet",
            "worksheets/sheet1.xml",
        ),
    )?;
    Ok(length)
}

/// Writes the parts (path, kind, XML), with `main` as what the package is, and one `link` (file, kind, target)
/// from it.
fn package(
    path: &Path,
    main: &str,
    parts: &[(&str, &str, String)],
    link: (&str, &str, &str),
) -> Result<()> {
    let mut zip = ZipWriter::new(File::create(path)?);
    let mut add = |name: &str, xml: &str| -> Result<()> {
        zip.start_file(name, SimpleFileOptions::default())?;
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
        zip.write_all(head.as_bytes())?;
        Ok(zip.write_all(xml.as_bytes())?)
    };
    let links = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{LINKS}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let kinds: Vec<String> = parts
        .iter()
        .map(|(name, kind, _)| {
            format!("<Override PartName=\"/{name}\" ContentType=\"{FORMAT}.{kind}+xml\"/>")
        })
        .collect();
    add(
        "[Content_Types].xml",
        &format!(
            "<Types xmlns=\"{KINDS}\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}</Types>",
            kinds.concat()
        ),
    )?;
    add("_rels/.rels", &links("officeDocument", main))?;
    for (name, _, xml) in parts {
        add(name, xml)?;
    }
    let (file, kind, target) = link;
    add(file, &links(kind, target))?;
    zip.finish()?;
    Ok(())
}
