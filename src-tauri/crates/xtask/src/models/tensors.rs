//! Writes tensors as a safetensors file of f16 numbers.

use half::f16;
use serde_json::{Value, json};

/// Tensors on their way into a file.
#[derive(Default)]
pub(super) struct Tensors {
    header: serde_json::Map<String, Value>,
    data: Vec<u8>,
}

impl Tensors {
    /// Adds a tensor; its numbers lie row by row.
    pub(super) fn add(&mut self, name: &str, shape: &[usize], numbers: Vec<f16>) {
        let start = self.data.len();
        self.data
            .extend(numbers.iter().flat_map(|x| x.to_le_bytes()));
        let entry =
            json!({ "dtype": "F16", "shape": shape, "data_offsets": [start, self.data.len()] });
        self.header.insert(name.to_owned(), entry);
    }

    /// The whole file; nothing when the header cannot be written.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        let mut header = serde_json::to_vec(&self.header).ok()?;
        header.resize(header.len().next_multiple_of(8), b' ');
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend_from_slice(&header);
        file.extend_from_slice(&self.data);
        Some(file)
    }
}
