//! Recordings: containers and decoders.
#![no_main]

use std::time::Duration;

use domain::document::ReadFailure;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let outcome = extract::sound(data.to_vec(), Duration::from_secs(300));
    assert_ne!(outcome, Err(ReadFailure::ReaderStopped));
    assert!(outcome.is_err() || outcome.is_ok_and(|sound| sound.seconds() <= 301.0));
});
