//! Word: the document, its styles, its footnotes.
#![no_main]

use extract_fuzz::{package, parts, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [document, styles, notes] = parts(data);
    let file = package(&[
        ("word/document.xml", document),
        ("word/styles.xml", styles),
        ("word/footnotes.xml", notes),
    ]);
    read(&file, "x.docx");
});
