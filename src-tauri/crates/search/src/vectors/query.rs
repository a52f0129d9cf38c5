//! A question's vector against 8-bit rows.

/// Largest value of a question's number. With 8-bit rows, 2,000 dimensions cannot overflow 32 bits.
const QUERY_LARGEST: f32 = 8_191.0;

/// A question's vector, made ready for 8-bit rows.
pub struct QueryVector {
    numbers: Vec<i16>,
    scale: f32,
    exact: Vec<f32>,
}

impl QueryVector {
    /// `vector` has unit length.
    pub fn new(vector: Vec<f32>) -> QueryVector {
        let scale = largest(&vector) / QUERY_LARGEST;
        let numbers = vector.iter().map(|x| (x / scale).round() as i16).collect();
        QueryVector {
            numbers,
            scale,
            exact: vector,
        }
    }

    /// Cosine to a row of signed bytes, each of them times `scale`.
    pub(super) fn cosine_to_row(&self, row: &[u8], scale: f32) -> f32 {
        dot(&self.numbers, row) as f32 * self.scale * scale
    }

    /// Cosine to a vector of unit length; `None` when that is of another embedder.
    pub fn cosine(&self, vector: &[f32]) -> Option<f32> {
        let is_comparable = vector.len() == self.exact.len();
        is_comparable.then(|| self.exact.iter().zip(vector).map(|(a, b)| a * b).sum())
    }
}

/// The largest number, whatever its sign; never 0.
pub(super) fn largest(vector: &[f32]) -> f32 {
    vector
        .iter()
        .fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()))
}

/// Written so that the compiler makes 16-bit multiply-adds of it.
fn dot(query: &[i16], row: &[u8]) -> i32 {
    query
        .iter()
        .zip(row)
        .map(|(a, b)| i32::from(*a) * i32::from(b.cast_signed()))
        .sum()
}
