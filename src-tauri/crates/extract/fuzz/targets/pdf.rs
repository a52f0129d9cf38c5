//! PDF. A page on which the interpreter panics is lost and noted, so libFuzzer's own hook, which takes every panic
//! for a crash, is put away: only what the whole reader does not survive is found.
#![no_main]

use extract_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: std::panic::set_hook(Box::new(|_| {})),
    |data: &[u8]| {
        read(data, "x.pdf");
    }
);
