//! Which format a file is, and whatever reader that leads to.
#![no_main]

use extract_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (name, bytes) = data.split_at(data.len().min(8));
    read(bytes, &String::from_utf8_lossy(name));
});
