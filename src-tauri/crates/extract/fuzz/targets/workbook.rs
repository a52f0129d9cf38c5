//! Old and binary workbooks: the stream of an XLS, the workbook and a sheet of an XLSB.
#![no_main]

use extract_fuzz::{compound, package, parts, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [stream, workbook, sheet] = parts(data);
    read(&compound(&[("/Workbook", stream)]), "x.xls");
    let relations = br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#;
    let file = package(&[
        ("xl/workbook.bin", workbook),
        ("xl/_rels/workbook.bin.rels", relations),
        ("xl/worksheets/sheet1.bin", sheet),
    ]);
    read(&file, "x.xlsb");
});
