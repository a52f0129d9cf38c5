//! Where a model's weights lie in its file, and that they have the sizes they must have.

use std::ops::Range;

use crate::lm::error::ModelError;
use crate::lm::format::Format;
use crate::lm::gguf::Gguf;

/// A matrix in the file, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matrix {
    pub(super) format: Format,
    pub(super) rows: usize,
    pub(super) columns: usize,
    place: Range<usize>,
}

impl Matrix {
    /// # Errors
    /// `MissingTensor`, `WrongShape`.
    pub(super) fn find(
        gguf: &Gguf<'_>,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Matrix, ModelError> {
        let tensor = gguf.tensor(name);
        let tensor = tensor.ok_or_else(|| ModelError::MissingTensor(name.to_owned()))?;
        if tensor.rows != rows || tensor.columns != columns {
            return Err(ModelError::WrongShape(name.to_owned()));
        }
        Ok(Matrix {
            format: tensor.format,
            rows,
            columns,
            place: tensor.bytes.clone(),
        })
    }

    /// Some of its rows as a matrix. `rows` are among its own.
    pub(super) fn part(&self, rows: Range<usize>) -> Matrix {
        let start = self.place.start;
        let bytes = self.row_bytes();
        Matrix {
            format: self.format,
            rows: rows.len(),
            columns: self.columns,
            place: start + rows.start * bytes..start + rows.end * bytes,
        }
    }

    /// Bytes of a row.
    pub(super) fn row_bytes(&self) -> usize {
        self.columns / self.format.block() * self.format.block_bytes()
    }

    /// The bytes of some rows.
    pub(super) fn bytes<'f>(&self, file: &'f [u8], rows: Range<usize>) -> &'f [u8] {
        let bytes = self.row_bytes();
        &file[self.place.clone()][rows.start * bytes..rows.end * bytes]
    }
}

/// A short list of floats, unpacked.
///
/// # Errors
/// `MissingTensor`, `WrongShape`.
pub(super) fn vector(
    gguf: &Gguf<'_>,
    file: &[u8],
    name: &str,
    length: usize,
) -> Result<Vec<f32>, ModelError> {
    let matrix = Matrix::find(gguf, name, 1, length)?;
    let mut numbers = vec![0.0; length];
    matrix.format.widen(matrix.bytes(file, 0..1), &mut numbers);
    Ok(numbers)
}
