//! Plain text, Markdown, Org, reStructuredText.
#![no_main]

use extract_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for name in ["x.txt", "x.md", "x.org", "x.rst"] {
        read(data, name);
    }
});
