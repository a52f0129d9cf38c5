//! Old Word: the main stream and the table stream.
#![no_main]

use extract_fuzz::{compound, parts, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [main, table] = parts(data);
    let file = compound(&[
        ("/WordDocument", main),
        ("/0Table", table),
        ("/1Table", table),
    ]);
    read(&file, "x.doc");
});
