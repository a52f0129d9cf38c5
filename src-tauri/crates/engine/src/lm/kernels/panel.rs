//! Eight rows of weights, unpacked and interleaved, so that one instruction multiplies four numbers of each.

use crate::lm::format::{Format, GROUP, Group};

/// Rows of a panel.
pub(in crate::lm) const PANEL: usize = 8;

/// Memory for a panel, used again for the next one.
#[derive(Default)]
pub(in crate::lm) struct Panel {
    /// For each group of 32: 8 times (4 numbers of each of the 8 rows).
    pub(super) whole: Vec<[[[u8; 4]; PANEL]; GROUP / 4]>,
    /// For each group, or half of one: a scale for each row.
    pub(super) scales: Vec<[f32; PANEL]>,
    /// As the scales; empty when nothing is taken off.
    pub(super) offsets: Vec<[f32; PANEL]>,
    pub(super) kind: Kind,
    /// Rows that are real; the others are 0.
    pub(super) rows: usize,
}

/// How large the whole numbers are, and so how many products fit into 16 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// Up to 15.
    #[default]
    Four,
    /// Up to 31.
    Five,
    /// Up to 63, with a scale for each 16.
    Six,
    /// Signed bytes.
    Eight,
}

impl Panel {
    /// Unpacks up to eight whole rows of `columns` numbers. `format` is one of integers.
    pub(in crate::lm) fn fill(&mut self, format: Format, rows: &[u8], columns: usize) {
        let groups = columns / GROUP;
        let row_bytes = columns / format.block() * format.block_bytes();
        self.rows = rows.len() / row_bytes;
        self.kind = match format {
            Format::Q8_0 => Kind::Eight,
            Format::Q6K => Kind::Six,
            Format::Q5_0 | Format::Q5_1 | Format::Q5K => Kind::Five,
            _ => Kind::Four,
        };
        let scales = match self.kind {
            Kind::Six => groups * 2,
            _ => groups,
        };
        if self.rows < PANEL {
            self.whole.clear();
            self.scales.clear();
            self.offsets.clear();
        }
        self.whole.resize(groups, Default::default());
        self.scales.resize(scales, [0.0; PANEL]);
        let offsets = if self.kind == Kind::Eight { 0 } else { scales };
        self.offsets.resize(offsets, [0.0; PANEL]);
        for (row, bytes) in rows.chunks_exact(row_bytes).enumerate() {
            let mut at = 0;
            format.unpack(bytes, |group| {
                self.put(row, at, group);
                at += 1;
            });
        }
    }

    #[inline]
    fn put(&mut self, row: usize, at: usize, group: &Group) {
        let fours = group.whole.as_chunks::<4>().0;
        for (place, four) in self.whole[at].iter_mut().zip(fours) {
            place[row] = *four;
        }
        match self.kind {
            Kind::Six => {
                for half in 0..2 {
                    self.scales[at * 2 + half][row] = group.scale[half];
                    self.offsets[at * 2 + half][row] = group.offset[half];
                }
            }
            Kind::Eight => self.scales[at][row] = group.scale[0],
            _ => {
                self.scales[at][row] = group.scale[0];
                self.offsets[at][row] = group.offset[0];
            }
        }
    }
}
