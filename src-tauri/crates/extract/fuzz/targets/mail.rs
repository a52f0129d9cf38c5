//! Messages of servers and of Outlook.
#![no_main]

use extract_fuzz::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    read(data, "x.eml");
});
