//! OpenDocument of three kinds: the content and the metadata.
#![no_main]

use extract_fuzz::{package, parts, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [content, meta] = parts(data);
    for kind in ["text", "presentation", "spreadsheet"] {
        let media_type = format!("application/vnd.oasis.opendocument.{kind}");
        let file = package(&[
            ("mimetype", media_type.as_bytes()),
            ("content.xml", content),
            ("meta.xml", meta),
        ]);
        read(&file, "x.odt");
    }
});
