//! How numbers are written in a GGUF file: blocks of small integers with scales (github.com/ggml-org/ggml,
//! ggml-common.h). Here they are unpacked in plain code, which is also what the fast kernels are compared with.

use half::{bf16, f16};

/// Numbers that share scales when they are unpacked.
pub const GROUP: usize = 32;

/// A way to write numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// 32-bit floats.
    F32,
    /// 16-bit floats.
    F16,
    /// The upper halves of 32-bit floats.
    Bf16,
    /// 4 bits and a scale for 32 numbers.
    Q4_0,
    /// 4 bits, a scale and an offset for 32 numbers.
    Q4_1,
    /// 5 bits and a scale for 32 numbers.
    Q5_0,
    /// 5 bits, a scale and an offset for 32 numbers.
    Q5_1,
    /// 8 bits and a scale for 32 numbers.
    Q8_0,
    /// 4 bits; 8 scales and offsets of 6 bits for 256 numbers.
    Q4K,
    /// 5 bits; 8 scales and offsets of 6 bits for 256 numbers.
    Q5K,
    /// 6 bits; 16 scales of 8 bits for 256 numbers.
    Q6K,
}

/// 32 numbers, unpacked: number `i` is `scale[i / 16] * whole[i] - offset[i / 16]`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Group {
    /// Whole numbers, signed in [`Format::Q8_0`], otherwise 0..=63.
    pub whole: [u8; GROUP],
    /// What each half is multiplied by.
    pub scale: [f32; 2],
    /// What is taken from each half.
    pub offset: [f32; 2],
}

impl Format {
    /// By its number in GGML (`ggml_type`); `None` for one that is not known here.
    pub fn from_number(number: u32) -> Option<Format> {
        Some(match number {
            0 => Format::F32,
            1 => Format::F16,
            2 => Format::Q4_0,
            3 => Format::Q4_1,
            6 => Format::Q5_0,
            7 => Format::Q5_1,
            8 => Format::Q8_0,
            12 => Format::Q4K,
            13 => Format::Q5K,
            14 => Format::Q6K,
            30 => Format::Bf16,
            _ => return None,
        })
    }

    /// Numbers of a block.
    pub fn block(self) -> usize {
        match self {
            Format::F32 | Format::F16 | Format::Bf16 => 1,
            Format::Q4_0 | Format::Q4_1 | Format::Q5_0 | Format::Q5_1 | Format::Q8_0 => 32,
            Format::Q4K | Format::Q5K | Format::Q6K => 256,
        }
    }

    /// Bytes of a block.
    pub fn block_bytes(self) -> usize {
        match self {
            Format::F32 => 4,
            Format::F16 | Format::Bf16 => 2,
            Format::Q4_0 => 18,
            Format::Q4_1 => 20,
            Format::Q5_0 => 22,
            Format::Q5_1 => 24,
            Format::Q8_0 => 34,
            Format::Q4K => 144,
            Format::Q5K => 176,
            Format::Q6K => 210,
        }
    }

    /// True for plain floats.
    pub fn is_float(self) -> bool {
        self.block() == 1
    }

    /// Unpacks whole blocks of integers into their groups of 32, one after another. Nothing for floats.
    pub fn unpack(self, blocks: &[u8], mut group: impl FnMut(&Group)) {
        for block in blocks.chunks_exact(self.block_bytes()) {
            match self {
                Format::F32 | Format::F16 | Format::Bf16 => (),
                Format::Q4_0 => group(&symmetric(half_at(block, 0), 8.0, nibbles(&block[2..]))),
                Format::Q4_1 => group(&offset(block, nibbles(&block[4..]))),
                Format::Q5_0 => {
                    let whole = fifth_bit(nibbles(&block[6..]), &block[2..6]);
                    group(&symmetric(half_at(block, 0), 16.0, whole));
                }
                Format::Q5_1 => {
                    group(&offset(
                        block,
                        fifth_bit(nibbles(&block[8..]), &block[4..8]),
                    ));
                }
                Format::Q8_0 => group(&symmetric(half_at(block, 0), 0.0, bytes(&block[2..]))),
                Format::Q4K => k_blocks(block, None, &block[16..144], &mut group),
                Format::Q5K => {
                    k_blocks(block, Some(&block[16..48]), &block[48..176], &mut group);
                }
                Format::Q6K => six_bits(block, &mut group),
            }
        }
    }

    /// Unpacks a row of numbers into `into`, which has as many places as the row has numbers.
    pub fn widen(self, row: &[u8], into: &mut [f32]) {
        match self {
            Format::F32 => {
                for (x, bytes) in into.iter_mut().zip(row.as_chunks::<4>().0) {
                    *x = f32::from_le_bytes(*bytes);
                }
            }
            Format::F16 => {
                for (x, bytes) in into.iter_mut().zip(row.as_chunks::<2>().0) {
                    *x = f16::from_le_bytes(*bytes).to_f32();
                }
            }
            Format::Bf16 => {
                for (x, bytes) in into.iter_mut().zip(row.as_chunks::<2>().0) {
                    *x = bf16::from_le_bytes(*bytes).to_f32();
                }
            }
            _ => {
                let mut places = into.as_chunks_mut::<GROUP>().0.iter_mut();
                self.unpack(row, |group| {
                    let Some(place) = places.next() else { return };
                    for (at, (x, whole)) in place.iter_mut().zip(group.whole).enumerate() {
                        let whole = match self {
                            Format::Q8_0 => f32::from(whole as i8),
                            _ => f32::from(whole),
                        };
                        *x = group.scale[at / 16] * whole - group.offset[at / 16];
                    }
                });
            }
        }
    }
}

/// The 8 scales and 8 offsets of 6 bits of a block of Q4_K or Q5_K, from its 12 bytes.
pub fn six_bit_pairs(packed: &[u8; 12]) -> ([u8; 8], [u8; 8]) {
    let word = |at: usize| {
        u32::from_le_bytes([packed[at], packed[at + 1], packed[at + 2], packed[at + 3]])
    };
    let (first, second, third) = (word(0), word(4), word(8));
    let join = |low: u32, high: u32| (u64::from(high) << 32 | u64::from(low)).to_le_bytes();
    let upper = |word: u32| (word >> 6 & 0x0303_0303) << 4;
    let scales = join(first & 0x3f3f_3f3f, third & 0x0f0f_0f0f | upper(first));
    let offsets = join(
        second & 0x3f3f_3f3f,
        third >> 4 & 0x0f0f_0f0f | upper(second),
    );
    (scales, offsets)
}

fn half_at(block: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}

fn bytes(from: &[u8]) -> [u8; GROUP] {
    *from
        .first_chunk()
        .expect("a block has the size of its format")
}

fn nibbles(from: &[u8]) -> [u8; GROUP] {
    std::array::from_fn(|at| match at < 16 {
        true => from[at] & 15,
        false => from[at - 16] >> 4,
    })
}

fn fifth_bit(mut whole: [u8; GROUP], bits: &[u8]) -> [u8; GROUP] {
    for (at, whole) in whole.iter_mut().enumerate() {
        *whole |= (bits[at / 8] >> (at % 8) & 1) << 4;
    }
    whole
}

fn symmetric(scale: f32, middle: f32, whole: [u8; GROUP]) -> Group {
    Group {
        whole,
        scale: [scale; 2],
        offset: [scale * middle; 2],
    }
}

fn offset(block: &[u8], whole: [u8; GROUP]) -> Group {
    Group {
        whole,
        scale: [half_at(block, 0); 2],
        offset: [-half_at(block, 2); 2],
    }
}

fn k_blocks(block: &[u8], fifth: Option<&[u8]>, packed: &[u8], group: &mut impl FnMut(&Group)) {
    let pairs = block[4..16].first_chunk().expect("12 bytes were taken");
    let (scales, offsets) = six_bit_pairs(pairs);
    let (scale, offset) = (half_at(block, 0), half_at(block, 2));
    for at in 0..8 {
        let from = &packed[at / 2 * GROUP..][..GROUP];
        let mut whole: [u8; GROUP] = std::array::from_fn(|number| match at % 2 {
            0 => from[number] & 15,
            _ => from[number] >> 4,
        });
        if let Some(bits) = fifth {
            for (whole, bits) in whole.iter_mut().zip(bits) {
                *whole |= (bits >> at & 1) << 4;
            }
        }
        group(&Group {
            whole,
            scale: [scale * f32::from(scales[at]); 2],
            offset: [offset * f32::from(offsets[at]); 2],
        });
    }
}

fn six_bits(block: &[u8], group: &mut impl FnMut(&Group)) {
    let scale = half_at(block, 208);
    for at in 0..8 {
        let (side, part) = (at / 4, at % 4);
        let low = &block[side * 64 + part % 2 * 32..][..GROUP];
        let high = &block[128 + side * 32..][..GROUP];
        let whole = std::array::from_fn(|number| {
            let nibble = match part < 2 {
                true => low[number] & 15,
                false => low[number] >> 4,
            };
            nibble | (high[number] >> (2 * part) & 3) << 4
        });
        let scale = [0, 1].map(|half| scale * f32::from(block[192 + at * 2 + half] as i8));
        group(&Group {
            whole,
            scale,
            offset: scale.map(|scale| scale * 32.0),
        });
    }
}
