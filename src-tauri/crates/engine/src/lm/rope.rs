//! Rotary positions (Su et al. 2021): pairs of a head's numbers are turned by an angle that grows with the position.

/// How a model turns its queries and keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Rope {
    /// Numbers of a head that are turned, an even count; the rest stays.
    pub width: usize,
    /// What the slowest angle is made of.
    pub base: f32,
    /// Positions are multiplied by this.
    pub position_scale: f32,
    /// Which numbers are pairs.
    pub pairs: Pairs,
    /// Each angle is divided by its factor; empty for none.
    pub factors: Vec<f32>,
    /// What comes out is multiplied by this.
    pub magnitude: f32,
}

/// Which numbers of a head belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairs {
    /// 0 and 1, 2 and 3, ...
    Neighbours,
    /// 0 and `width / 2`, 1 and `width / 2 + 1`, ...
    Halves,
}

/// Cosine and sine for each position and pair.
#[derive(Default)]
pub(super) struct Angles {
    turns: Vec<(f32, f32)>,
}

impl Angles {
    /// For positions `start..start + count`.
    pub(super) fn fill(&mut self, rope: &Rope, start: usize, count: usize) {
        self.turns.clear();
        for position in start..start + count {
            let position = position as f32 * rope.position_scale;
            for pair in 0..rope.width / 2 {
                let power = -2.0 * pair as f32 / rope.width as f32;
                let factor = rope.factors.get(pair).copied().unwrap_or(1.0);
                let angle = position * rope.base.powf(power) / factor;
                let (sin, cos) = angle.sin_cos();
                self.turns
                    .push((cos * rope.magnitude, sin * rope.magnitude));
            }
        }
    }

    /// Turns the heads of `head` numbers of each token; `x` has `stride` numbers for a token.
    pub(super) fn turn(&self, rope: &Rope, x: &mut [f32], stride: usize, head: usize) {
        let half = rope.width / 2;
        for (token, turns) in x
            .chunks_exact_mut(stride)
            .zip(self.turns.chunks_exact(half))
        {
            for head in token.chunks_exact_mut(head) {
                match rope.pairs {
                    Pairs::Neighbours => {
                        for ([x, y], (cos, sin)) in
                            head.as_chunks_mut::<2>().0.iter_mut().zip(turns)
                        {
                            (*x, *y) = (*x * cos - *y * sin, *x * sin + *y * cos);
                        }
                    }
                    Pairs::Halves => {
                        let (xs, ys) = head[..rope.width].split_at_mut(half);
                        for ((x, y), (cos, sin)) in xs.iter_mut().zip(ys).zip(turns) {
                            (*x, *y) = (*x * cos - *y * sin, *x * sin + *y * cos);
                        }
                    }
                }
            }
        }
    }
}
