//! Products of packed weights: row by row where a single token is computed, in panels of eight rows where many
//! are. Which code runs is decided when the program runs.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx2_panel;
mod panel;
mod portable;

use crate::lm::format::Format;
use crate::lm::multiply::Strip;
use crate::lm::quantised::{Quantised, Row};

pub(super) use panel::{PANEL, Panel};

/// `into[i]` = row `i` of `rows` times `input`. `rows` are whole rows of `format`, as many as `into` has places.
pub(crate) fn rows(format: Format, rows: &[u8], input: Row<'_>, into: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if is_fast() {
        #[expect(unsafe_code, reason = "code for AVX2 may run only where it is")]
        // SAFETY: `is_fast` has found every feature that `rows` is compiled for.
        unsafe {
            return avx2::rows(format, rows, input, into);
        }
    }
    portable::rows(format, rows, input, into);
}

/// True when [`panel`] can be used for a format.
pub(super) fn has_panels(format: Format) -> bool {
    is_fast() && !format.is_float()
}

/// The eight rows of a panel times all rows of `input`, written to the columns from `at`.
pub(super) fn panel(panel: &Panel, input: &Quantised, into: &mut Strip<'_>, at: usize) {
    assert!(is_fast(), "panels are only made where they can be used");
    #[cfg(target_arch = "x86_64")]
    #[expect(unsafe_code, reason = "code for AVX2 may run only where it is")]
    // SAFETY: `is_fast` has found every feature that `multiply` is compiled for.
    unsafe {
        avx2_panel::multiply(panel, input, into, at);
    }
}

/// AVX2, FMA and F16C, which came together with Haswell and Zen.
#[cfg(target_arch = "x86_64")]
fn is_fast() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("f16c")
}

#[cfg(not(target_arch = "x86_64"))]
fn is_fast() -> bool {
    false
}

#[cfg(test)]
mod tests;
