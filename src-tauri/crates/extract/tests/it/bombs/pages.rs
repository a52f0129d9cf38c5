//! Office documents, books and web pages: entities, nesting, spans, references that multiply.

use crate::bombs::{Bomb, Made, Scale};
use crate::formats::{book_of, compound, open_document, slides_of};
use crate::made::{docx, package, paragraph, xlsx};

pub fn all() -> Vec<Bomb> {
    vec![
        Bomb {
            name: "laughs.docx",
            make: |_| package(&[("word/document.xml", laughs("w:t").as_bytes())]).into(),
        },
        Bomb {
            name: "laughs.xlsx",
            make: |_| xlsx(&[("A", "visible", &format!("</worksheet>{}", laughs("v")))]).into(),
        },
        Bomb {
            name: "laughs.pptx",
            make: |_| slides_of(&laughs("a:t"), 1).into(),
        },
        Bomb {
            name: "laughs.odt",
            make: |_| of_content("text", &laughs("text:p")).into(),
        },
        Bomb {
            name: "laughs.ods",
            make: |_| of_content("spreadsheet", &laughs("text:p")).into(),
        },
        Bomb {
            name: "laughs.epub",
            make: |_| package(&[("META-INF/container.xml", laughs("rootfile").as_bytes())]).into(),
        },
        Bomb {
            name: "laughs.html",
            make: |_| format!("<!DOCTYPE html [{}]><p>&i;</p>", entities()).into(),
        },
        Bomb {
            name: "laughs-utf-16.docx",
            make: |_| {
                let text: Vec<u8> = laughs("w:t")
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect();
                package(&[("word/document.xml", &[&[0xFF_u8, 0xFE][..], &text].concat())]).into()
            },
        },
        Bomb {
            name: "external.docx",
            make: |_| {
                let text = r#"<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:document><w:t>&f;</w:t></w:document>"#;
                package(&[("word/document.xml", text.as_bytes())]).into()
            },
        },
        Bomb {
            name: "external.odt",
            make: |_| {
                let text = r#"<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><office:document-content><text:p>&f;text</text:p></office:document-content>"#;
                of_content("text", text).into()
            },
        },
        Bomb {
            name: "deep.docx",
            make: |scale| docx(&"<w:p>".repeat(scale.pick(50_000, 5_000_000))).into(),
        },
        Bomb {
            name: "deep-tables.docx",
            make: |scale| docx(&"<w:tbl><w:tr><w:tc>".repeat(scale.pick(20_000, 2_000_000))).into(),
        },
        Bomb {
            name: "deep.odt",
            make: |scale| {
                open_document("text", &"<text:p>".repeat(scale.pick(50_000, 5_000_000))).into()
            },
        },
        Bomb {
            name: "deep.pptx",
            make: |scale| slides_of(&"<p:sp><a:p>".repeat(scale.pick(50_000, 4_000_000)), 1).into(),
        },
        Bomb {
            name: "deep.xlsx",
            make: |scale| {
                xlsx(&[(
                    "A",
                    "visible",
                    &"<row><c>".repeat(scale.pick(50_000, 2_000_000)),
                )])
                .into()
            },
        },
        Bomb {
            name: "deep.epub",
            make: |scale| book_of(&"<div>".repeat(scale.pick(20_000, 1_000_000)), 1).into(),
        },
        Bomb {
            name: "deep.html",
            make: |scale| {
                format!(
                    "<html>{}text",
                    "<div>".repeat(scale.pick(20_000, 1_000_000))
                )
                .into()
            },
        },
        Bomb {
            name: "deep-tables.html",
            make: |scale| {
                format!(
                    "<html>{}x",
                    "<table><tr><td>".repeat(scale.pick(2_000, 100_000))
                )
                .into()
            },
        },
        Bomb {
            name: "spans.html",
            make: |scale| {
                let row = format!("<tr>{}</tr>", "<td rowspan=65000 colspan=1000>x".repeat(20));
                format!(
                    "<html><table>{}</table>",
                    row.repeat(scale.pick(200, 20_000))
                )
                .into()
            },
        },
        Bomb {
            name: "formatting.html",
            make: |scale| {
                let count = scale.pick(150, 3_000);
                let open: String = (0..count)
                    .map(|number| format!("<b id={number}>"))
                    .collect();
                format!("<html>{open}{}", "<p>x</p>".repeat(count)).into()
            },
        },
        Bomb {
            name: "attributes.html",
            make: |scale| {
                let many: String = (0..scale.pick(2_000, 60_000))
                    .map(|number| format!(" a{number}=1"))
                    .collect();
                format!("<html><p{many}>text</p>").into()
            },
        },
        Bomb {
            name: "items.html",
            make: |scale| {
                format!(
                    "<html><ol>{}</ol>",
                    "<li>x".repeat(scale.pick(20_000, 1_000_000))
                )
                .into()
            },
        },
        Bomb {
            name: "strings.xlsx",
            make: |scale| {
                let cells = (1..=scale.pick(20_000, 1_000_000)).map(|number| format!(r#"<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{number} x</t></is></c></row>"#));
                xlsx(&[(
                    "A",
                    "visible",
                    &format!("<sheetData>{}</sheetData>", cells.collect::<String>()),
                )])
                .into()
            },
        },
        Bomb {
            name: "one-string.xlsx",
            make: one_string,
        },
        Bomb {
            name: "merged.xlsx",
            make: |scale| {
                let rows: String = (1..=2_000).map(|number| format!(r#"<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>x y</t></is></c></row>"#)).collect();
                let merged = (1..=scale.pick(5_000, 1_000_000)).map(|number| {
                    format!(r#"<mergeCell ref="A{}:XFD1048576"/>"#, number % 2_000 + 1)
                });
                let merged: String = merged.collect();
                xlsx(&[(
                    "A",
                    "visible",
                    &format!("<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>"),
                )])
                .into()
            },
        },
        Bomb {
            name: "far.xlsx",
            make: |_| {
                let cell = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"#;
                xlsx(&[("A", "visible", cell)]).into()
            },
        },
        Bomb {
            name: "repeated.ods",
            make: |scale| {
                let cell = format!(
                    r#"<table:table-cell table:number-columns-repeated="16384"><text:p>{}</text:p></table:table-cell>"#,
                    "x".repeat(scale.pick(1_000, 100_000))
                );
                let row = format!(
                    r#"<table:table-row table:number-rows-repeated="1000">{cell}</table:table-row>"#
                );
                open_document(
                    "spreadsheet",
                    &format!("<table:table>{}</table:table>", row.repeat(100)),
                )
                .into()
            },
        },
        Bomb {
            name: "spaces.odt",
            make: |scale| {
                open_document(
                    "text",
                    &format!(
                        "<text:p>x{}y</text:p>",
                        r#"<text:s text:c="2147483647"/>"#.repeat(scale.pick(1_000, 1_000_000))
                    ),
                )
                .into()
            },
        },
        Bomb {
            name: "spans.docx",
            make: |scale| {
                let cell = format!(
                    r#"<w:tc><w:tcPr><w:gridSpan w:val="2147483647"/><w:vMerge/></w:tcPr>{}</w:tc>"#,
                    paragraph("", &"x".repeat(10_000))
                );
                let row = format!("<w:tr>{cell}{cell}</w:tr>");
                docx(&format!(
                    "<w:tbl>{}</w:tbl>",
                    row.repeat(scale.pick(100, 5_000))
                ))
                .into()
            },
        },
        Bomb {
            name: "notes.docx",
            make: |scale| {
                let reference = r#"<w:r><w:footnoteReference w:id="2"/></w:r>"#;
                docx(&format!(
                    "<w:p>{}</w:p>",
                    reference.repeat(scale.pick(20_000, 1_000_000))
                ))
                .into()
            },
        },
        Bomb {
            name: "chapters.epub",
            make: |scale| book_of(&"<p>word</p>".repeat(1_000), scale.pick(1_000, 300_000)).into(),
        },
        Bomb {
            name: "slides.pptx",
            make: |scale| {
                slides_of(
                    &"<a:p><a:t>word</a:t></a:p>".repeat(1_000),
                    scale.pick(500, 5_000),
                )
                .into()
            },
        },
        Bomb {
            name: "picture.docx",
            make: |_| {
                // A PNG that says it is 65,535 pixels wide and high.
                let picture = [
                    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xFF\xFF\0\0\xFF\xFF\x08\x02\0\0\0"
                        .as_slice(),
                    &[0; 64],
                ]
                .concat();
                let body = r#"<w:p><w:r><w:t>Our shop.</w:t><w:drawing><a:blip r:embed="rId5"/></w:drawing></w:r></w:p>"#;
                let document = format!(r#"<w:document><w:body>{body}</w:body></w:document>"#);
                package(&[
                    ("word/document.xml", document.as_bytes()),
                    ("word/media/image1.png", &picture),
                ])
                .into()
            },
        },
        Bomb {
            name: "ring.msg",
            make: |_| ring(),
        },
        Bomb {
            name: "streams.msg",
            make: |scale| {
                let names: Vec<String> = (0..scale.pick(300, 2_000))
                    .map(|number| {
                        format!("/__attach_version1.0_#{number:08X}/__substg1.0_37010102")
                    })
                    .collect();
                let mut streams: Vec<(&str, Vec<u8>)> = names
                    .iter()
                    .map(|name| (name.as_str(), b"text".to_vec()))
                    .collect();
                streams.push(("/__properties_version1.0", vec![0; 32]));
                compound(&streams).into()
            },
        },
        Bomb {
            name: "sectors.doc",
            make: |_| {
                let mut file = compound(&[
                    ("/WordDocument", vec![0; 5_000]),
                    ("/1Table", vec![0; 5_000]),
                ]);
                // The number of FAT sectors and of directory sectors.
                file[0x28..0x30].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F]);
                file.into()
            },
        },
    ]
}

fn entities() -> String {
    let mut all = r#"<!ENTITY a "ha">"#.to_owned();
    for (name, of) in ('b'..='i').zip('a'..) {
        all += &format!(r#"<!ENTITY {name} "{}">"#, format!("&{of};").repeat(10));
    }
    all
}

fn laughs(element: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><!DOCTYPE x [{}]><x><{element}>&i;</{element}></x>"#,
        entities()
    )
}

fn of_content(kind: &str, content: &str) -> Vec<u8> {
    let media_type = format!("application/vnd.oasis.opendocument.{kind}");
    package(&[
        ("mimetype", media_type.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

/// One long shared string in many cells.
fn one_string(scale: Scale) -> Made {
    let count = scale.pick(5_000, 200_000);
    let rows: String = (1..=count).map(|number| format!(r#"<row r="{number}"><c r="A{number}" t="s"><v>0</v></c><c r="B{number}" t="s"><v>0</v></c></row>"#)).collect();
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    );
    let strings = format!(
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>"#,
        "word ".repeat(150_000)
    );
    let workbook = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let relations = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    package(&[
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ])
    .into()
}

/// A message whose table of sectors leads round in a ring.
fn ring() -> Made {
    let mut file = compound(&[
        ("/__properties_version1.0", vec![0; 32]),
        ("/__substg1.0_1000001F", vec![b'a'; 40_000]),
    ]);
    // Wherever the table goes on to the next sector it goes back to the first one.
    let size = 1 << file[0x1E];
    let table = size * (1 + u32::from_le_bytes(file[0x4C..0x50].try_into().unwrap()) as usize);
    for entry in file[table..table + 512].chunks_exact_mut(4) {
        let next = u32::from_le_bytes((&*entry).try_into().unwrap());
        if next > 2 && next < 0x7FFF_FFFF {
            entry.copy_from_slice(&3_u32.to_le_bytes());
        }
    }
    file.into()
}
