//! Tables of text.
#![no_main]

use extract_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    read(data, "x.csv");
});
