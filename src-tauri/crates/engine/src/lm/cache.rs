//! The keys and values of the tokens that a model has read. It can be kept, copied and cut, so that what two
//! requests have in common is computed once.

use half::f16;
use half::slice::HalfFloatSliceExt as _;

/// Memory grows by as many tokens at a time.
const STEP: usize = 128;

/// Keys and values of `length` tokens, in half precision.
#[derive(Debug, Clone)]
pub struct Cache {
    /// One for each key-value head of each layer, layer by layer.
    heads: Vec<Head>,
    /// Heads of a layer.
    per_layer: usize,
    /// Numbers of a key, and of a value.
    width: usize,
    length: usize,
}

#[derive(Debug, Clone, Default)]
struct Head {
    keys: Vec<f16>,
    values: Vec<f16>,
}

impl Cache {
    pub(super) fn new(layers: usize, per_layer: usize, width: usize) -> Cache {
        Cache {
            heads: vec![Head::default(); layers * per_layer],
            per_layer,
            width,
            length: 0,
        }
    }

    /// How many tokens it holds.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Bytes of memory it takes.
    pub fn bytes(&self) -> usize {
        let of_head = |head: &Head| (head.keys.capacity() + head.values.capacity()) * 2;
        self.heads.iter().map(of_head).sum()
    }

    /// Forgets all but the first `length` tokens.
    pub fn cut(&mut self, length: usize) {
        self.length = self.length.min(length);
        let numbers = self.length * self.width;
        for head in &mut self.heads {
            head.keys.truncate(numbers);
            head.values.truncate(numbers);
        }
    }

    /// A copy of the first `length` tokens, or of all when there are fewer.
    pub fn fork(&self, length: usize) -> Cache {
        let length = self.length.min(length);
        let numbers = length * self.width;
        let copy = |head: &Head| Head {
            keys: head.keys[..numbers].to_vec(),
            values: head.values[..numbers].to_vec(),
        };
        Cache {
            heads: self.heads.iter().map(copy).collect(),
            per_layer: self.per_layer,
            width: self.width,
            length,
        }
    }

    /// Adds keys and values of tokens to a layer: rows of all its heads.
    pub(super) fn push(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        let (width, stride) = (self.width, self.width * self.per_layer);
        let first = layer * self.per_layer;
        for (number, head) in self.heads[first..first + self.per_layer]
            .iter_mut()
            .enumerate()
        {
            for (rows, into) in [(keys, &mut head.keys), (values, &mut head.values)] {
                let count = rows.len() / stride * width;
                let mut at = into.len();
                let needed = at + count;
                if needed > into.capacity() {
                    let room = needed.next_multiple_of(STEP * width);
                    into.reserve_exact(room - at);
                }
                into.resize(needed, f16::ZERO);
                for row in rows.chunks_exact(stride) {
                    into[at..at + width].convert_from_f32_slice(&row[number * width..][..width]);
                    at += width;
                }
            }
        }
    }

    /// Counts tokens that were pushed to all layers.
    pub(super) fn grow(&mut self, tokens: usize) {
        self.length += tokens;
    }

    /// All keys of a head.
    pub(super) fn keys(&self, layer: usize, head: usize) -> &[f16] {
        &self.heads[layer * self.per_layer + head].keys
    }

    /// All values of a head.
    pub(super) fn values(&self, layer: usize, head: usize) -> &[f16] {
        &self.heads[layer * self.per_layer + head].values
    }
}
