//! Word and Excel.

use domain::document::{BlockKind, ReadNote};

use crate::made::{docx, outline, paragraph, read, row, xlsx};

#[test]
fn word_headings_lists_and_footnotes_are_read() {
    let body = [
        paragraph("Title", "Terms of sale"),
        paragraph("Heading1", "Delivery"),
        paragraph("Sub", "By courier"),
        r#"<w:p><w:r><w:t>Every day</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:tab/><w:t>from 9.</w:t></w:r></w:p>"#.to_owned(),
        paragraph("Bullets", "fast"),
        r#"<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>cheap</w:t></w:r></w:p>"#.to_owned(),
    ];
    let extracted = read(&docx(&body.concat()), "x.docx").unwrap();
    assert_eq!(
        outline(&extracted),
        [
            "h1 Terms of sale",
            "h1 Delivery",
            "h2 By courier",
            "p Every day from 9.",
            "p Except public holidays.",
            "- fast",
            "- cheap"
        ]
    );
    assert_eq!(extracted.title.as_deref(), Some("Terms of sale"));
}

#[test]
fn deleted_and_hidden_text_of_word_is_left_out() {
    let body = r#"<w:p><w:del><w:r><w:delText>old price</w:delText></w:r></w:del><w:ins><w:r><w:t>new price</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> secret</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> shown</w:t></w:r></w:p>"#;
    let extracted = read(&docx(body), "x.docx").unwrap();
    assert_eq!(outline(&extracted), ["p new price shown"]);
    assert_eq!(extracted.report.notes, [ReadNote::HiddenPartsSkipped]);
}

#[test]
fn a_text_box_is_read_once_after_its_paragraph() {
    let box_ = r#"<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent>"#;
    let body = format!(
        r#"<w:p><w:r><w:t>Around </w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{box_}</mc:Choice><mc:Fallback>{box_}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>it.</w:t></w:r></w:p>"#
    );
    let extracted = read(&docx(&body), "x.docx").unwrap();
    assert_eq!(outline(&extracted), ["p Around it.", "p In the box."]);
}

#[test]
fn tables_of_word_have_headers_and_merged_cells() {
    let cell = |properties: &str, text: &str| {
        format!(
            r#"<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>"#,
            paragraph("", text)
        )
    };
    let header = format!(
        "<w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr>",
        cell("", "City"),
        cell("", "2026")
    );
    let first = format!(
        "<w:tr>{}{}</w:tr>",
        cell(r#"<w:vMerge w:val="restart"/>"#, "Kazan"),
        cell("", "300")
    );
    let second = format!(
        "<w:tr>{}{}</w:tr>",
        cell("<w:vMerge/>", ""),
        cell("", "350")
    );
    let extracted = read(
        &docx(&format!("<w:tbl>{header}{first}{second}</w:tbl>")),
        "x.docx",
    )
    .unwrap();
    assert_eq!(
        outline(&extracted),
        ["row City=Kazan|2026=300", "row City=Kazan|2026=350"]
    );
    assert_eq!(extracted.report.tables, 1);
}

#[test]
fn cells_of_excel_are_shown_as_a_person_sees_them() {
    let rows = [
        row(1, &["Price list of spring"]),
        row(3, &["Item", "Price", "From", "Discount", "Total"]),
        row(4, &["Tea", "=12000:2", "=46096:1", "=0.15:3", "=10200:4"]),
        row(5, &["", "=990.5:0", "", "", ""]),
    ];
    let inside = format!(
        r#"<sheetData>{}</sheetData><mergeCells><mergeCell ref="A4:A5"/></mergeCells>"#,
        rows.concat()
    );
    let book = xlsx(&[
        ("Prices", "visible", &inside),
        ("Costs", "hidden", "<sheetData/>"),
    ]);
    let extracted = read(&book, "x.xlsx").unwrap();
    assert_eq!(
        outline(&extracted),
        [
            "h1 Prices",
            "h2 Price list of spring",
            "row Item=Tea|Price=12 000|From=15.03.2026|Discount=15%|Total=10 200 ₽",
            "row Item=Tea|Price=990.5|From=|Discount=|Total=",
        ]
    );
    assert_eq!(extracted.report.sheets, 1);
    assert_eq!(extracted.report.notes, [ReadNote::HiddenPartsSkipped]);
    let BlockKind::TableRow { table, .. } = &extracted.blocks[2].kind else {
        panic!("not a row")
    };
    assert_eq!(table.as_deref(), Some("Prices"));
    assert_eq!(extracted.blocks[2].page, Some(1));
}
