//! From the rate of a recording to the rate that the model hears, while the recording is decoded.
//!
//! Each number that comes out is a sum of those around it, weighed by a sinc under a Hann window; the weights are
//! made once for each phase that occurs.

use domain::sound::RATE;

/// Zero crossings of the sinc on each side.
const CROSSINGS: f64 = 16.0;

/// Takes numbers at one rate and gives them at [`RATE`].
pub(crate) struct Resampler {
    /// Numbers that come for `up` that go.
    down: usize,
    up: usize,
    /// Weights of each phase, `width` for each.
    weights: Vec<f32>,
    width: usize,
    /// What came and is still looked at; the first half of a width is silence before the beginning.
    kept: Vec<f32>,
    /// Where the next number that goes lies: a place in `kept`, and `phase / up` behind it.
    at: usize,
    phase: usize,
}

impl Resampler {
    /// For recordings of `rate` numbers a second, from 1.
    pub(crate) fn new(rate: u32) -> Resampler {
        let divisor = greatest_common_divisor(rate, RATE);
        let (down, up) = ((rate / divisor) as usize, (RATE / divisor) as usize);
        // Of what is faster than the model hears, only tones that it can hear stay.
        let cutoff = f64::from(RATE).min(f64::from(rate)) / f64::from(rate);
        let half = (CROSSINGS / cutoff).ceil() as usize;
        let width = 2 * half;
        let mut weights = Vec::with_capacity(up * width);
        for phase in 0..up {
            let middle = phase as f64 / up as f64 + (half - 1) as f64;
            for tap in 0..width {
                let distance = (tap as f64 - middle) * cutoff;
                weights.push((cutoff * sinc(distance) * hann(distance / CROSSINGS)) as f32);
            }
        }
        Resampler {
            down,
            up,
            weights,
            width,
            kept: vec![0.0; half - 1],
            at: 0,
            phase: 0,
        }
    }

    /// Takes more, and appends what can be given to `into`.
    pub(crate) fn push(&mut self, more: &[f32], into: &mut Vec<f32>) {
        self.kept.extend_from_slice(more);
        while let Some(numbers) = self.kept.get(self.at..self.at + self.width) {
            let weights = &self.weights[self.phase * self.width..][..self.width];
            into.push(
                numbers
                    .iter()
                    .zip(weights)
                    .map(|(x, weight)| x * weight)
                    .sum(),
            );
            self.phase += self.down;
            self.at += self.phase / self.up;
            self.phase %= self.up;
        }
        let done = self.at.min(self.kept.len());
        self.kept.drain(..done);
        self.at -= done;
    }

    /// The end: silence follows.
    pub(crate) fn finish(mut self, into: &mut Vec<f32>) {
        let silence = vec![0.0; self.width / 2];
        self.push(&silence, into);
    }
}

fn sinc(x: f64) -> f64 {
    let x = x * std::f64::consts::PI;
    match x.abs() < 1e-9 {
        true => 1.0,
        false => x.sin() / x,
    }
}

/// 1 in the middle, 0 from -1 and 1 on.
fn hann(x: f64) -> f64 {
    match x.abs() < 1.0 {
        true => 0.5 + 0.5 * (x * std::f64::consts::PI).cos(),
        false => 0.0,
    }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    match b {
        0 => a,
        _ => greatest_common_divisor(b, a % b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, hertz: f64) -> Vec<f32> {
        let angle = |at: u32| f64::from(at) / f64::from(rate) * hertz * std::f64::consts::TAU;
        (0..rate).map(|at| angle(at).sin() as f32).collect()
    }

    fn resampled(rate: u32, numbers: &[f32]) -> Vec<f32> {
        let mut resampler = Resampler::new(rate);
        let mut out = Vec::new();
        for piece in numbers.chunks(1_000) {
            resampler.push(piece, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    #[test]
    fn a_tone_stays_itself_at_every_rate() {
        let expected = tone(RATE, 440.0);
        for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000] {
            let found = resampled(rate, &tone(rate, 440.0));
            let length = found.len().abs_diff(RATE as usize);
            assert!(length <= 2, "{rate}: {} numbers", found.len());
            // The edges are half silence.
            for at in 500..RATE as usize - 500 {
                let error = (found[at] - expected[at]).abs();
                assert!(error < 0.01, "{rate} at {at}: {error}");
            }
        }
    }

    #[test]
    fn what_the_model_cannot_hear_does_not_come_back_as_another_tone() {
        let found = resampled(48_000, &tone(48_000, 12_000.0));
        let loudest = found[500..15_000]
            .iter()
            .fold(0.0f32, |most, x| most.max(x.abs()));
        assert!(loudest < 0.01, "{loudest}");
    }
}
