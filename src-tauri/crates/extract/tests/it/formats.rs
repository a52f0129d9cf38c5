//! The formats beside PDF, Word, Excel and plain text, by small documents made here.

use std::io::{Cursor, Write};

use domain::document::{ReadFailure, ReadNote};

use crate::made::{docx, outline, package, paragraph, read, row, xlsx};

/// A small document of each format that is read, with a name it might have.
pub fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Tea</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let rows = [row(1, &["Name", "Price"]), row(2, &["Tea", "=120:2"])].concat();
    let sheet = format!("<sheetData>{rows}</sheetData>");
    vec![
        (
            "a.docx",
            docx(&[paragraph("Heading1", "Prices"), table.to_owned()].concat()),
        ),
        ("a.xlsx", xlsx(&[("Prices", "visible", &sheet)])),
        ("a.pptx", talk()),
        ("a.odt", open_document("text", TEXT)),
        ("a.ods", open_document("spreadsheet", SHEET)),
        (
            "a.odp",
            open_document(
                "presentation",
                "<draw:page><text:p>One</text:p></draw:page>",
            ),
        ),
        ("a.epub", book()),
        ("a.rtf", letter()),
        ("a.eml", message()),
        ("a.msg", outlook_message()),
        ("a.doc", old_document(false)),
        ("a.ppt", old_slides()),
        ("a.zip", archive()),
        ("a.org", b"* One\n| a | b |\n|---|\n| 1 | 2 |\n".to_vec()),
        ("a.rst", RST.as_bytes().to_vec()),
        ("a.csv", b"Name;Price\nTea;120\n".to_vec()),
        (
            "a.html",
            b"<h1>One</h1><table><tr><td>a<td>1</table>".to_vec(),
        ),
        (
            "a.md",
            b"# One\n\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".to_vec(),
        ),
        ("a.txt", "Один\n====\n\n- два\n".as_bytes().to_vec()),
        (
            "a.pdf",
            include_bytes!("../../../../../assets/demo/files/Workshop leaflet.pdf").to_vec(),
        ),
    ]
}

/// A book whose spine names one chapter with this inside so many times.
pub fn book_of(inside: &str, times: usize) -> Vec<u8> {
    let spine = r#"<itemref idref="a"/>"#.repeat(times);
    let book = format!(
        r#"<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine>{spine}</spine></package>"#
    );
    let chapter = format!("<html><body>{inside}</body></html>");
    package(&[
        (
            "META-INF/container.xml",
            br#"<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>"#,
        ),
        ("book.opf", book.as_bytes()),
        ("a.xhtml", chapter.as_bytes()),
    ])
}

/// A presentation that shows one slide with this inside so many times.
pub fn slides_of(inside: &str, times: usize) -> Vec<u8> {
    let list = r#"<p:sldId id="256" r:id="rId7"/>"#.repeat(times);
    let presentation = format!(
        r#"<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>{list}</p:sldIdLst></p:presentation>"#
    );
    let slide = format!(r#"<p:sld xmlns:p="p" xmlns:a="a">{inside}</p:sld>"#);
    package(&[
        ("ppt/presentation.xml", presentation.as_bytes()),
        ("ppt/_rels/presentation.xml.rels", br#"<Relationships><Relationship Id="rId7" Type="http://x/slide" Target="slides/slide1.xml"/></Relationships>"#),
        ("ppt/slides/slide1.xml", slide.as_bytes()),
    ])
}

fn lines(bytes: &[u8], name: &str) -> Vec<String> {
    outline(&read(bytes, name).unwrap())
}

/// A compound file with these streams.
pub fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        if let Some((folder, _)) = path[1..].split_once('/')
            && !file.exists(format!("/{folder}"))
        {
            file.create_storage(format!("/{folder}")).unwrap();
        }
        let mut stream = file.create_stream(path).unwrap();
        stream.write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn talk() -> Vec<u8> {
    let slide = |inside: &str| {
        format!(
            r#"<p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:spTree>{inside}</p:spTree></p:cSld></p:sld>"#
        )
    };
    let shape = |kind: &str, text: &str| {
        format!(r#"<p:sp><p:nvPr><p:ph type="{kind}"/></p:nvPr><p:txBody>{text}</p:txBody></p:sp>"#)
    };
    let cell = |text: &str| {
        format!("<a:tc><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>")
    };
    let row = |a: &str, b: &str| format!("<a:tr>{}{}</a:tr>", cell(a), cell(b));
    let table = format!(
        "<a:tbl>{}{}</a:tbl>",
        row("Name", "Price"),
        row("Tea", "120")
    );
    let first = slide(
        &[
            shape(
                "title",
                "<a:p><a:r><a:t>Our </a:t></a:r><a:r><a:t>prices</a:t></a:r></a:p>",
            ),
            shape(
                "body",
                "<a:p><a:pPr><a:buChar/></a:pPr><a:r><a:t>Free delivery</a:t></a:r></a:p>",
            ),
            shape("sldNum", "<a:p><a:r><a:t>1</a:t></a:r></a:p>"),
            table,
        ]
        .concat(),
    );
    let second = slide(&shape(
        "body",
        "<a:p><a:r><a:t>Last slide</a:t></a:r></a:p>",
    ));
    let notes = slide(&shape(
        "body",
        "<a:p><a:r><a:t>Say it slowly</a:t></a:r></a:p>",
    ));
    // The order is that of the presentation, not of the names.
    let presentation = r#"<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId id="256" r:id="rId7"/><p:sldId id="257" r:id="rId5"/></p:sldIdLst></p:presentation>"#;
    let relation = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="http://x/{kind}" Target="{target}"/>"#)
    };
    let of_presentation = format!(
        "<Relationships>{}{}</Relationships>",
        relation("rId5", "slide", "slides/slide1.xml"),
        relation("rId7", "slide", "slides/slide2.xml")
    );
    let of_slide = format!(
        "<Relationships>{}</Relationships>",
        relation("rId1", "notesSlide", "../notesSlides/notesSlide1.xml")
    );
    package(&[
        ("ppt/presentation.xml", presentation.as_bytes()),
        (
            "ppt/_rels/presentation.xml.rels",
            of_presentation.as_bytes(),
        ),
        ("ppt/slides/slide1.xml", second.as_bytes()),
        ("ppt/slides/slide2.xml", first.as_bytes()),
        ("ppt/slides/_rels/slide2.xml.rels", of_slide.as_bytes()),
        ("ppt/notesSlides/notesSlide1.xml", notes.as_bytes()),
    ])
}

#[test]
fn slides_are_pages_with_titles_lists_tables_and_notes() {
    let bytes = talk();
    let extracted = read(&bytes, "talk.pptx").unwrap();
    assert_eq!(
        outline(&extracted),
        [
            "h1 Our prices",
            "- Free delivery",
            "row Name=Tea|Price=120",
            "p Say it slowly",
            "p Last slide"
        ]
    );
    assert_eq!(extracted.report.pages, 2);
    assert_eq!(extracted.blocks[3].page, Some(1));
    assert_eq!(extracted.blocks[4].page, Some(2));
}

const TEXT: &str = r#"<text:tracked-changes><text:deletion><text:p>old price</text:p></text:deletion></text:tracked-changes>
<text:h text:outline-level="2">Returns</text:h>
<text:p>Within<text:s text:c="2"/>30<text:tab/>days<text:note><text:note-body><text:p>Except holidays.</text:p></text:note-body></text:note>.</text:p>
<text:list><text:list-item><text:p>with the receipt</text:p></text:list-item></text:list>
<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Part</text:p></table:table-cell><table:table-cell><text:p>Years</text:p></table:table-cell></table:table-row></table:table-header-rows>
<table:table-row><table:table-cell><text:p>Frame</text:p></table:table-cell><table:table-cell><text:p>10</text:p></table:table-cell></table:table-row></table:table>"#;

const SHEET: &str = r#"<table:table table:name="Prices"><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell><table:table-cell><text:p>Price</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16382"/></table:table-row>
<table:table-row><table:table-cell><text:p>Tea</text:p></table:table-cell><table:table-cell><text:p>1 200,50</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell><text:p>secret</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#;

pub fn open_document(kind: &str, content: &str) -> Vec<u8> {
    let media_type = format!("application/vnd.oasis.opendocument.{kind}");
    let content = format!(
        r#"<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d"><office:body>{content}</office:body></office:document-content>"#
    );
    package(&[
        ("mimetype", media_type.as_bytes()),
        ("content.xml", content.as_bytes()),
        (
            "meta.xml",
            b"<m><dc:title xmlns:dc=\"x\">Rules</dc:title></m>",
        ),
    ])
}

#[test]
fn an_open_document_text_keeps_headings_lists_and_tables_and_drops_what_was_deleted() {
    let extracted = read(&open_document("text", TEXT), "rules.odt").unwrap();
    assert_eq!(extracted.title.as_deref(), Some("Rules"));
    assert_eq!(
        outline(&extracted),
        [
            "h2 Returns",
            "p Except holidays.",
            "p Within 30 days.",
            "- with the receipt",
            "row Part=Frame|Years=10"
        ]
    );
}

#[test]
fn repeated_cells_and_rows_of_a_spreadsheet_do_not_grow_without_end() {
    let extracted = read(&open_document("spreadsheet", SHEET), "prices.ods").unwrap();
    assert_eq!(
        outline(&extracted),
        ["h1 Prices", "row Name=Tea|Price=1 200,50"]
    );
    assert_eq!(extracted.report.sheets, 1);
    assert_eq!(extracted.report.notes, [ReadNote::HiddenPartsSkipped]);
}

#[test]
fn an_encrypted_open_document_is_said_to_be() {
    let manifest = br#"<m:manifest xmlns:m="m"><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>"#;
    let bytes = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"\x01\x02\x03"),
        ("META-INF/manifest.xml", manifest),
    ]);
    assert_eq!(read(&bytes, "x.odt"), Err(ReadFailure::Encrypted));
}

fn book() -> Vec<u8> {
    let book = br#"<package><metadata><dc:title xmlns:dc="x">Manual</dc:title></metadata><manifest><item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/><item id="a" href="text/one.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>"#;
    let page = |title: &str, text: &str| {
        format!(
            "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
        )
    };
    package(&[
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", br#"<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>"#),
        ("OPS/book.opf", book),
        ("OPS/two b.xhtml", page("Second", "Then charge it.").as_bytes()),
        ("OPS/text/one.xhtml", page("First", "Unpack it.").as_bytes()),
    ])
}

#[test]
fn a_book_is_read_in_the_order_of_its_spine() {
    let bytes = book();
    let extracted = read(&bytes, "manual.epub").unwrap();
    assert_eq!(extracted.title.as_deref(), Some("Manual"));
    assert_eq!(
        outline(&extracted),
        ["h1 First", "p Unpack it.", "h1 Second", "p Then charge it."]
    );
    assert_eq!(extracted.report.pages, 2);
}

fn letter() -> Vec<u8> {
    br"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 Arial;}{\f1\fcharset0 Arial;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}
{\info{\author Secret}}\pard\s1\f0 \'c4\'ee\'f1\'f2\'e0\'e2\'ea\'e0\par
\pard {\f1 caf\'e9} \u1062?\'ed\'e0 {\v hidden}\u-10179?\u-8704?\line 5 \emdash  7{\field{\*\fldinst HYPERLINK x}{\fldrslt  days}}\par
\trowd\intbl Name\cell Price\cell\row\trowd\intbl Tea\cell 120\cell\row\pard end{\pict 0102}\par}".to_vec()
}

#[test]
fn rich_text_keeps_russian_letters_tables_and_headings_and_drops_what_is_no_text() {
    let rtf = letter();
    let extracted = read(&rtf, "letter.rtf").unwrap();
    assert_eq!(
        outline(&extracted),
        [
            "h1 Доставка",
            "p café Цна 😀\n5 — 7 days",
            "row Name=Tea|Price=120",
            "p end"
        ]
    );
    assert_eq!(extracted.report.notes, [ReadNote::HiddenPartsSkipped]);
}

fn message() -> Vec<u8> {
    b"From: =?utf-8?B?0JDQvdC90LA=?= <anna@shop.example>\r\nTo: us@shop.example\r\nSubject: New prices\r\nDate: Mon, 2 Mar 2026 09:00:00 +0300\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSee the list.\r\n--B\r\nContent-Type: text/csv; name=\"prices.csv\"\r\nContent-Disposition: attachment; filename=\"prices.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\nTmFtZTtQcmljZQpUZWE7MTIwCg==\r\n--B\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"logo.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAA=\r\n--B--\r\n".to_vec()
}

#[test]
fn a_message_tells_who_wrote_what_and_its_attachments_are_read() {
    let eml = message();
    let extracted = read(&eml, "message.eml").unwrap();
    assert_eq!(
        outline(&extracted),
        [
            "h1 New prices",
            "p From: Анна <anna@shop.example>\nTo: us@shop.example\nDate: 2026-03-02T09:00:00+03:00",
            "p See the list.",
            "h1 prices.csv",
            "row Name=Tea|Price=120",
            "- logo.png",
        ]
    );
    assert_eq!(extracted.report.notes, [ReadNote::SomeFilesUnreadable]);
}

fn outlook_message() -> Vec<u8> {
    compound(&[
        ("/__properties_version1.0", vec![0; 32]),
        ("/__substg1.0_0037001F", utf_16("Возврат")),
        ("/__substg1.0_0C1A001F", utf_16("Anna")),
        (
            "/__substg1.0_1000001F",
            utf_16("When will you pay?\r\n\r\nThank you"),
        ),
        (
            "/__attach_version1.0_#00000000/__substg1.0_3707001F",
            utf_16("note.txt"),
        ),
        (
            "/__attach_version1.0_#00000000/__substg1.0_37010102",
            b"The receipt is lost.".to_vec(),
        ),
    ])
}

#[test]
fn a_message_of_outlook_is_read() {
    let bytes = outlook_message();
    assert_eq!(
        lines(&bytes, "x.msg"),
        [
            "h1 Возврат",
            "p From: Anna",
            "p When will you pay?",
            "p Thank you",
            "h1 note.txt",
            "p The receipt is lost."
        ]
    );
}

fn old_document(is_encrypted: bool) -> Vec<u8> {
    let text = "Цены\rДата \u{13} DATE \u{14}2 March\u{15}\rName\u{7}Price\u{7}\u{7}Tea\u{7}120\u{7}\u{7}end\r";
    let length = u32::try_from(text.chars().count()).unwrap();
    let mut main = vec![0; 0x400];
    main[0x0B] = 2 | u8::from(is_encrypted);
    main[0x4C..0x50].copy_from_slice(&length.to_le_bytes());
    let mut pieces = vec![2];
    pieces.extend(16_u32.to_le_bytes());
    pieces.extend(0_u32.to_le_bytes());
    pieces.extend(length.to_le_bytes());
    pieces.extend([0, 0]);
    pieces.extend(0x400_u32.to_le_bytes());
    pieces.extend([0, 0]);
    let clx = u32::try_from(pieces.len()).unwrap();
    main[0x1A6..0x1AA].copy_from_slice(&clx.to_le_bytes());
    main.extend(utf_16(text));
    compound(&[("/WordDocument", main), ("/1Table", pieces)])
}

#[test]
fn an_old_word_document_gives_its_paragraphs_and_tables() {
    assert_eq!(
        lines(&old_document(false), "old.doc"),
        [
            "p Цены",
            "p Дата 2 March",
            "row Name=Tea|Price=120",
            "p end"
        ]
    );
    assert_eq!(
        read(&old_document(true), "old.doc"),
        Err(ReadFailure::Encrypted)
    );
}

fn old_slides() -> Vec<u8> {
    fn record(version: u16, kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        [
            &version.to_le_bytes()[..],
            &kind.to_le_bytes(),
            &length,
            body,
        ]
        .concat()
    }
    let header = |kind: u32| record(0, 0x0F9F, &kind.to_le_bytes());
    let list = [
        record(0, 0x03F3, &[0; 20]),
        header(0),
        record(0, 0x0FA0, &utf_16("Цены")),
        header(1),
        record(0, 0x0FA8, b"Tea 120\rCoffee 150"),
        record(0, 0x03F3, &[0; 20]),
        header(0),
        record(0, 0x0FA8, b"Second"),
    ]
    .concat();
    let drawn = record(
        15,
        0x03EE,
        &record(
            15,
            0xF00D,
            &[header(4), record(0, 0x0FA8, b"In a box")].concat(),
        ),
    );
    let document = [record(15, 0x03E8, &record(15, 0x0FF0, &list)), drawn].concat();
    compound(&[("/PowerPoint Document", document)])
}

#[test]
fn old_slides_give_their_texts_page_by_page() {
    let bytes = old_slides();
    let extracted = read(&bytes, "old.ppt").unwrap();
    assert_eq!(
        outline(&extracted),
        [
            "h1 Цены",
            "p Tea 120",
            "p Coffee 150",
            "p In a box",
            "h1 Second"
        ]
    );
    assert_eq!(extracted.report.pages, 2);
}

fn archive() -> Vec<u8> {
    let inner = package(&[("deep/notes.txt", b"Kept in the inner one.")]);
    let innermost = package(&[("inner.zip", &package(&[("inner.zip", &inner)]))]);
    package(&[
        ("../../etc/prices.csv", b"Name;Price\nTea;120\n"),
        ("__MACOSX/._prices.csv", b"\0\0"),
        ("inner.zip", &inner),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\r"),
        ("too deep.zip", &innermost),
    ])
}

#[test]
fn an_archive_is_one_document_with_a_heading_for_each_file() {
    let bytes = archive();
    let extracted = read(&bytes, "all.zip").unwrap();
    assert_eq!(
        outline(&extracted),
        [
            "h1 etc / prices.csv",
            "row Name=Tea|Price=120",
            "h1 inner.zip",
            "h2 deep / notes.txt",
            "p Kept in the inner one.",
            "- picture.png",
            "h1 too deep.zip",
            "- inner.zip",
        ]
    );
    assert_eq!(extracted.report.notes, [ReadNote::SomeFilesUnreadable]);
    assert_eq!((extracted.report.files, extracted.report.rows), (6, 1));
    let unread = extracted.report.unread;
    let unread: Vec<_> = unread
        .iter()
        .map(|file| (file.name.as_str(), file.cause))
        .collect();
    assert_eq!(
        unread,
        [
            ("picture.png", ReadFailure::Unsupported),
            ("too deep.zip / inner.zip", ReadFailure::Unsupported),
        ]
    );
}

#[test]
fn an_org_file_has_headlines_tables_and_links() {
    let org = "#+TITLE: Rules\n* Delivery :shop:\n:PROPERTIES:\n:ID: 5\n:END:\nBrought by [[https://x.example][our courier]]\nin two days.\n- [[https://y.example]]\n| Name | Price |\n|------+-------|\n| Tea | 120 |\n# a comment\n#+BEGIN_SRC sh\nls *\n#+END_SRC\n";
    assert_eq!(
        lines(org.as_bytes(), "rules.org"),
        [
            "h1 Rules",
            "h1 Delivery",
            "p Brought by our courier in two days.",
            "- https://y.example",
            "row Name=Tea|Price=120",
            "code ls *",
        ]
    );
}

const RST: &str = r#"=====
Rules
=====
:Author: Anna

.. contents::

Delivery
--------
Brought by `our courier <https://x.example>`_
in *two* days. See :ref:`Returns <returns>`::

    GET /status

.. _returns:
.. a comment
   of two lines
.. figure:: bike.png
   :width: 200
   :alt: The red bike from the side

   Our best one.

.. note:: Not on
   holidays.

- cash
- cards of
  any bank

  1. first

+-------+---------------+
| Name  | Price         |
|       +-------+-------+
|       | retail| whole |
+=======+=======+=======+
| Tea   | 120   | 100   |
+-------+-------+-------+

====  =====
City  Days
====  =====
Kazan 2
Tula  3 or
      4
====  =====

.. list-table:: Sizes
   :header-rows: 1

   * - Size
     - Height
   * - M
     - 170
"#;

#[test]
fn a_restructured_text_has_headings_tables_and_no_directives() {
    let extracted = read(RST.as_bytes(), "rules.rst").unwrap();
    assert_eq!(extracted.title.as_deref(), Some("Rules"));
    assert_eq!(
        outline(&extracted),
        [
            "h1 Rules",
            "- Author: Anna",
            "h2 Delivery",
            "p Brought by our courier in two days. See Returns:",
            "code GET /status",
            "p The red bike from the side",
            "p Our best one.",
            "p Not on holidays.",
            "- cash",
            "- cards of any bank",
            "- 1. first",
            "row Name=Tea|Price retail=120|Price whole=100",
            "row City=Kazan|Days=2",
            "row City=Tula|Days=3 or 4",
            "row Size=M|Height=170",
        ]
    );
}

#[test]
fn pictures_are_named_where_somebody_wrote_what_they_show() {
    let html = r#"<html><p>Our bikes.</p><img src="a/red-city-bike.jpg"><img alt="Logo" src="logo.png"></html>"#;
    assert_eq!(
        lines(html.as_bytes(), "x.html"),
        ["p Our bikes.", "p red city bike"]
    );
    let md = "Our bikes. ![Red bike, side view](1.png) ![](IMG_1.jpg)\n";
    assert_eq!(
        lines(md.as_bytes(), "x.md"),
        ["p Our bikes. Red bike, side view"]
    );
    let body = r#"<w:p><w:r><w:t>Our bikes.</w:t><w:drawing><wp:docPr id="1" name="Picture 1" descr="Red bike, side view"/><a:blip/></w:drawing></w:r></w:p>"#;
    assert_eq!(
        lines(&docx(body), "x.docx"),
        ["p Our bikes.", "p Red bike, side view"]
    );
    let slide = r#"<p:pic><p:nvPicPr><p:cNvPr id="4" name="Picture 3" descr="Red bike, side view"/></p:nvPicPr></p:pic>"#;
    assert_eq!(
        lines(&slides_of(slide, 1), "x.pptx"),
        ["p Red bike, side view"]
    );
    let text = "<text:p>Our bikes.<draw:frame><draw:image/><svg:desc>Red bike, side view</svg:desc></draw:frame></text:p>";
    assert_eq!(
        lines(&open_document("text", text), "x.odt"),
        ["p Our bikes. Red bike, side view"]
    );
}

#[test]
fn a_chart_gives_its_values_as_a_table() {
    let series = |name: &str, value: &str| {
        format!(
            "<c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strCache><c:pt><c:v>May</c:v></c:pt></c:strCache></c:cat><c:val><c:numCache><c:pt><c:v>{value}</c:v></c:pt></c:numCache></c:val></c:ser>"
        )
    };
    let chart = format!(
        "<c:chartSpace><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Sales</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea>{}{}</c:plotArea></c:chart></c:chartSpace>",
        series("Tea", "120"),
        series("Coffee", "150")
    );
    let presentation =
        r#"<p:presentation><p:sldIdLst><p:sldId r:id="rId7"/></p:sldIdLst></p:presentation>"#;
    let bytes = package(&[
        ("ppt/presentation.xml", presentation.as_bytes()),
        ("ppt/_rels/presentation.xml.rels", br#"<Relationships><Relationship Id="rId7" Type="http://x/slide" Target="slides/slide1.xml"/></Relationships>"#),
        ("ppt/slides/slide1.xml", b"<p:sld><a:p><a:t>Our year</a:t></a:p></p:sld>"),
        ("ppt/slides/_rels/slide1.xml.rels", br#"<Relationships><Relationship Id="rId1" Type="http://x/chart" Target="../charts/chart1.xml"/></Relationships>"#),
        ("ppt/charts/chart1.xml", chart.as_bytes()),
    ]);
    assert_eq!(
        lines(&bytes, "year.pptx"),
        ["p Our year", "p Sales", "row =May|Tea=120|Coffee=150"]
    );
}

#[test]
fn numbers_that_a_program_counts_are_part_of_the_text() {
    let numbering = r#"<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
    let paragraph = |level: u8, text: &str| {
        format!(
            r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#
        )
    };
    let document = format!(
        "<w:document><w:body>{}{}{}{}</w:body></w:document>",
        paragraph(0, "Subject"),
        paragraph(0, "Payment"),
        paragraph(1, "In advance."),
        paragraph(1, "Within 5 days.")
    );
    let bytes = package(&[
        ("word/document.xml", document.as_bytes()),
        ("word/numbering.xml", numbering.as_bytes()),
    ]);
    let expected = [
        "- 1. Subject",
        "- 2. Payment",
        "- 2.1. In advance.",
        "- 2.2. Within 5 days.",
    ];
    assert_eq!(lines(&bytes, "contract.docx"), expected);
    let text = r#"<office:automatic-styles><text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/><text:list-level-style-bullet text:level="2"/></text:list-style></office:automatic-styles><text:list text:style-name="L1"><text:list-item><text:p>Order</text:p></text:list-item><text:list-item><text:p>Pay</text:p><text:list><text:list-item><text:p>by card</text:p></text:list-item></text:list></text:list-item></text:list>"#;
    assert_eq!(
        lines(&open_document("text", text), "x.odt"),
        ["- 1. Order", "- 2. Pay", "- by card"]
    );
    let formula = r#"<w:p><m:oMath><m:sSup><m:e><m:r><m:t>r</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>"#;
    assert_eq!(lines(&docx(formula), "x.docx"), ["p r^2"]);
}
