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

    /// The same question moved by `weight` times the mean of some vectors of unit length; those of another
    /// embedder are left out.
    pub fn toward(&self, vectors: &[Vec<f32>], weight: f32) -> QueryVector {
        let comparable: Vec<&Vec<f32>> = vectors
            .iter()
            .filter(|vector| vector.len() == self.exact.len())
            .collect();
        let share = weight / comparable.len().max(1) as f32;
        let mut moved = self.exact.clone();
        for vector in comparable {
            for (number, towards) in moved.iter_mut().zip(vector) {
                *number += share * towards;
            }
        }
        let length = moved.iter().map(|x| x * x).sum::<f32>().sqrt();
        let length = length.max(f32::MIN_POSITIVE);
        moved.iter_mut().for_each(|x| *x /= length);
        QueryVector::new(moved)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_question_is_of_unit_length_and_nearer_to_what_it_moved_to() {
        let query = QueryVector::new(vec![1.0, 0.0, 0.0]);
        let to = [vec![0.0, 1.0, 0.0], vec![0.0, 0.6, 0.8]];
        // (1, 0.8, 0.4), of length 1.3416.
        let moved = query.toward(&to, 1.0);
        let cosines = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|axis| {
            let cosine = moved.cosine(&axis);
            cosine.expect("of the same length")
        });
        for (cosine, expected) in cosines.iter().zip([0.745, 0.596, 0.298]) {
            assert!((cosine - expected).abs() < 1e-3, "{cosines:?}");
        }
    }

    #[test]
    fn nothing_comparable_leaves_the_question_where_it_is() {
        let query = QueryVector::new(vec![1.0, 0.0]);
        let moved = query.toward(&[vec![0.0, 1.0, 0.0]], 1.0);
        assert_eq!(moved.cosine(&[1.0, 0.0]), Some(1.0));
    }
}
