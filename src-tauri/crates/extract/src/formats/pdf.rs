//! PDF (placeholder while the layout is being written).

use domain::document::ReadFailure;

use crate::blocks::Builder;
use crate::format::Progress;

/// Reads a PDF.
pub(crate) fn read(
    _bytes: &[u8],
    _builder: &mut Builder,
    _progress: Progress<'_>,
) -> Result<(), ReadFailure> {
    Err(ReadFailure::Unsupported)
}
