//! Price lists as shops have them: exports of bookkeeping programs with titles above the header, headers of two
//! levels, names of groups between the rows, totals below. Each row has to come out with its header.

use encoding_rs::WINDOWS_1251;

use crate::made::{outline, read, row, xlsx};

const EXPORT: &str = "\
;;;;;\r
;Прайс-лист ООО \"Ромашка\";;;;\r
;Цены на 01.11.2026, с НДС;;;;\r
;;;;;\r
;Номенклатура;Артикул;Цена, руб.;;Остаток\r
;;;розн.;опт.;\r
;Чайники;;;;\r
;\"Чайник \"\"Vitek\"\", 1,7 л\";VT-7055;2 490,00;2 190,50;12\r
;Чайник заварочный;ЗЧ-1;890,00;790,00;3\r
;Кофе;;;;\r
;Кофе молотый 250 г;К-250;450,00;399,90;\r
;Итого;;;;15\r
";

const EXPECTED: [&str; 8] = [
    "h2 Прайс-лист ООО \"Ромашка\"",
    "h2 Цены на 01.11.2026, с НДС",
    "h3 Чайники",
    "row Номенклатура=Чайник \"Vitek\", 1,7 л|Артикул=VT-7055|Цена, руб. розн.=2 490,00|Цена, руб. опт.=2 190,50|Остаток=12",
    "row Номенклатура=Чайник заварочный|Артикул=ЗЧ-1|Цена, руб. розн.=890,00|Цена, руб. опт.=790,00|Остаток=3",
    "h3 Кофе",
    "row Номенклатура=Кофе молотый 250 г|Артикул=К-250|Цена, руб. розн.=450,00|Цена, руб. опт.=399,90|Остаток=",
    "row Номенклатура=Итого|Артикул=|Цена, руб. розн.=|Цена, руб. опт.=|Остаток=15",
];

#[test]
fn an_export_in_windows_1251_keeps_each_price_under_its_name() {
    let (bytes, _, _) = WINDOWS_1251.encode(EXPORT);
    let extracted = read(&bytes, "прайс.csv").unwrap();
    assert_eq!(outline(&extracted), EXPECTED);
    assert_eq!(extracted.report.encoding.as_deref(), Some("windows-1251"));
}

#[test]
fn the_same_list_as_a_workbook_with_merged_names_reads_the_same() {
    let rows = [
        row(2, &["", "Прайс-лист ООО &quot;Ромашка&quot;"]),
        row(3, &["", "Цены на 01.11.2026, с НДС"]),
        row(
            5,
            &["", "Номенклатура", "Артикул", "Цена, руб.", "", "Остаток"],
        ),
        row(6, &["", "", "", "розн.", "опт."]),
        row(7, &["", "Чайники"]),
        row(
            8,
            &[
                "",
                "Чайник &quot;Vitek&quot;, 1,7 л",
                "VT-7055",
                "2 490,00",
                "2 190,50",
                "12",
            ],
        ),
        row(
            9,
            &["", "Чайник заварочный", "ЗЧ-1", "890,00", "790,00", "3"],
        ),
        row(10, &["", "Кофе"]),
        row(11, &["", "Кофе молотый 250 г", "К-250", "450,00", "399,90"]),
        row(12, &["", "Итого", "", "", "", "15"]),
    ];
    let merged = [
        "B2:F2", "B3:F3", "B5:B6", "C5:C6", "D5:E5", "F5:F6", "B7:F7", "B10:F10",
    ];
    let merged = merged
        .map(|area| format!(r#"<mergeCell ref="{area}"/>"#))
        .concat();
    let sheet = format!(
        "<sheetData>{}</sheetData><mergeCells>{merged}</mergeCells>",
        rows.concat()
    );
    let book = xlsx(&[("TDSheet", "visible", &sheet)]);
    assert_eq!(outline(&read(&book, "прайс.xlsx").unwrap()), EXPECTED);
}

#[test]
fn a_web_page_under_the_name_of_a_workbook_reads_the_same() {
    let html = "<html><head><meta charset=windows-1251></head><body><table>
        <tr><td colspan=5>Прайс-лист ООО \"Ромашка\"</td></tr>
        <tr><td colspan=5>Цены на 01.11.2026, с НДС</td></tr>
        <tr><td rowspan=2>Номенклатура</td><td rowspan=2>Артикул</td><td colspan=2>Цена, руб.</td><td rowspan=2>Остаток</td></tr>
        <tr><td>розн.</td><td>опт.</td></tr>
        <tr><td colspan=5>Чайники</td></tr>
        <tr><td>Чайник \"Vitek\", 1,7 л</td><td>VT-7055</td><td>2 490,00</td><td>2 190,50</td><td>12</td></tr>
        <tr><td>Чайник заварочный</td><td>ЗЧ-1</td><td>890,00</td><td>790,00</td><td>3</td></tr>
        <tr><td colspan=5>Кофе</td></tr>
        <tr><td>Кофе молотый 250 г</td><td>К-250</td><td>450,00</td><td>399,90</td><td></td></tr>
        <tr><td>Итого</td><td></td><td></td><td></td><td>15</td></tr></table></body></html>";
    let (bytes, _, _) = WINDOWS_1251.encode(html);
    assert_eq!(outline(&read(&bytes, "прайс.xls").unwrap()), EXPECTED);
}

#[test]
fn a_workbook_of_xml_reads_the_same() {
    let cell = |text: &&str| format!(r#"<Cell><Data ss:Type="String">{text}</Data></Cell>"#);
    let row = |cells: &[&str]| format!("<Row>{}</Row>", cells.iter().map(cell).collect::<String>());
    let rows = [
        row(&["Прайс-лист ООО &quot;Ромашка&quot;"]),
        row(&["Цены на 01.11.2026, с НДС"]),
        row(&["Номенклатура", "Артикул", "Цена, руб.", "", "Остаток"]),
        row(&["", "", "розн.", "опт."]),
        row(&["Чайники"]),
        row(&["Чайник &quot;Vitek&quot;, 1,7 л", "VT-7055", "2 490,00", "2 190,50", "12"]),
        row(&["Чайник заварочный", "ЗЧ-1", "890,00", "790,00", "3"]),
        row(&["Кофе"]),
        row(&["Кофе молотый 250 г", "К-250", "450,00", "399,90"]),
        r#"<Row ss:Index="10"><Cell><Data ss:Type="String">Итого</Data></Cell><Cell ss:Index="5"><Data ss:Type="Number">15</Data></Cell></Row>"#.to_owned(),
    ];
    let book = format!(
        r#"<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Лист1"><Table>{}</Table></Worksheet></Workbook>"#,
        rows.concat()
    );
    assert_eq!(
        outline(&read(book.as_bytes(), "прайс.xls").unwrap()),
        EXPECTED
    );
}

#[test]
fn a_header_in_the_third_row_with_numbered_columns_is_found() {
    let text = "Склад основной\nОстатки на 01.11.2026\n№\tТовар\tЕд.\tЦена\n1\t2\t3\t4\n1\tЧай\tшт\t120,50\n2\tКофе\tшт\t450,00\n";
    let extracted = read(text.as_bytes(), "остатки.tsv").unwrap();
    assert_eq!(
        outline(&extracted),
        [
            "h2 Склад основной",
            "h2 Остатки на 01.11.2026",
            "row №=1|Товар=Чай|Ед.=шт|Цена=120,50",
            "row №=2|Товар=Кофе|Ед.=шт|Цена=450,00",
        ]
    );
}

#[test]
fn decimal_commas_do_not_part_cells() {
    let text = "Товар;Цена, руб;Вес, кг\nЧай;12,50;0,1\nКофе;15,90;0,25\n";
    assert_eq!(
        outline(&read(text.as_bytes(), "a.csv").unwrap()),
        [
            "row Товар=Чай|Цена, руб=12,50|Вес, кг=0,1",
            "row Товар=Кофе|Цена, руб=15,90|Вес, кг=0,25"
        ]
    );
}

#[test]
fn an_item_without_a_price_is_no_group_and_pairs_have_no_header() {
    let text = "Name;Price;Unit\nTea;120;kg\nCoffee;;\nSugar;80;kg\n";
    assert_eq!(
        outline(&read(text.as_bytes(), "a.csv").unwrap())[1..],
        [
            "row Name=Coffee|Price=|Unit=",
            "row Name=Sugar|Price=80|Unit=kg"
        ]
    );
    let text = "Поставщик:;ООО Ромашка\nТелефон:;+7 900 000-00-00\nСайт:;romashka.example\n";
    assert_eq!(
        outline(&read(text.as_bytes(), "a.csv").unwrap())[0],
        "row Поставщик:|ООО Ромашка"
    );
}

#[test]
fn a_quotation_mark_that_is_never_closed_does_not_swallow_the_list() {
    let rows: String = (0..300)
        .map(|number| format!("Труба {number};{number},5\n"))
        .collect();
    let text = format!("Товар;Цена\n\"Труба 3/4;10,5\n{rows}");
    let lines = outline(&read(text.as_bytes(), "a.csv").unwrap());
    assert_eq!(lines.len(), 301);
    assert_eq!(lines[300], "row Товар=Труба 299|Цена=299,5");
}

#[test]
fn rows_after_a_gap_keep_the_header() {
    let text = "Товар;Цена\nЧай;120\n;\nКофе;150\n";
    assert_eq!(
        outline(&read(text.as_bytes(), "a.csv").unwrap()),
        ["row Товар=Чай|Цена=120", "row Товар=Кофе|Цена=150"]
    );
}
