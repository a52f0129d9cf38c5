//! Books: a chapter and the description.
#![no_main]

use extract_fuzz::{package, parts, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [chapter, book] = parts(data);
    let container = br#"<container><rootfile full-path="book.opf"/></container>"#;
    let file = package(&[
        ("META-INF/container.xml", container),
        ("book.opf", book),
        ("a.xhtml", chapter),
    ]);
    read(&file, "x.epub");
});
