//! Spectra as Whisper hears them: 25 milliseconds every 10, in bands of the mel scale (Slaney's, as in librosa), as
//! logarithms held to eight powers of ten.
//!
//! The Fourier transform of so short a frame is a matrix product here: the frames overlap in the recording as it lies.

use domain::sound::RATE;

use super::pauses::WINDOW;
use crate::arithmetic::product::{self, Lane, Left, PANEL, Right};

/// Numbers of a frame.
const FRAME: usize = 400;
/// From one frame to the next.
const HOP: usize = 160;
/// Frames of a window.
pub(super) const FRAMES: usize = WINDOW / HOP;
/// Tones of a frame.
const TONES: usize = FRAME / 2 + 1;

/// The tables of a spectrum.
pub(super) struct Mel {
    bands: usize,
    /// For each tone a cosine and a sine under a Hann window.
    waves: Vec<Lane>,
    /// How much of each tone a band takes.
    filters: Vec<Lane>,
}

impl Mel {
    pub(super) fn new(bands: usize) -> Mel {
        let mut waves = Vec::new();
        product::panels(FRAME, 2 * TONES, &mut waves, |at, column| {
            let part = at as f64 / FRAME as f64 * std::f64::consts::TAU;
            let angle = part * (column / 2) as f64;
            let wave = match column % 2 {
                0 => angle.cos(),
                _ => angle.sin(),
            };
            (wave * (0.5 - 0.5 * part.cos())) as f32
        });
        let edges = edges(bands);
        let mut filters = Vec::new();
        product::panels(TONES, bands, &mut filters, |tone, band| {
            let hertz = tone as f64 * f64::from(RATE) / FRAME as f64;
            let [low, middle, high] = [edges[band], edges[band + 1], edges[band + 2]];
            let rising = (hertz - low) / (middle - low);
            let falling = (high - hertz) / (high - middle);
            (rising.min(falling).max(0.0) * 2.0 / (high - low)) as f32
        });
        Mel {
            bands,
            waves,
            filters,
        }
    }

    /// The spectrum of at most a window of a recording, with silence up to a whole one: a row of bands for each
    /// frame, and a row of zeros before the first and behind the last.
    pub(super) fn spectrum(&self, samples: &[f32]) -> Vec<f32> {
        // The first frame's middle is the beginning, so the recording is mirrored there; behind it is silence.
        let half = FRAME / 2;
        let mut padded = vec![0.0; WINDOW + FRAME];
        let count = samples.len().min(WINDOW);
        padded[half..half + count].copy_from_slice(&samples[..count]);
        for at in 1..=half {
            padded[half - at] = padded[half + at];
            padded[half + WINDOW - 1 + at] = padded[half + WINDOW - 1 - at];
        }
        let wide = self.waves.len() / FRAME * PANEL;
        let mut waves = vec![0.0; FRAMES * wide];
        let frames = Left {
            numbers: &padded,
            stride: HOP,
            rows: FRAMES,
            depth: FRAME,
        };
        let of_waves = Right {
            lanes: &self.waves,
            stride: FRAME,
        };
        product::multiply(frames, of_waves, &[], (&mut waves, wide), |_| ());
        let mut power = vec![0.0; FRAMES * TONES];
        for (row, waves) in power.chunks_exact_mut(TONES).zip(waves.chunks_exact(wide)) {
            for (tone, pair) in row.iter_mut().zip(waves.as_chunks::<2>().0) {
                *tone = pair[0] * pair[0] + pair[1] * pair[1];
            }
        }
        let bands = self.bands;
        let mut spectrum = vec![0.0; (FRAMES + 2) * bands];
        let inner = &mut spectrum[bands..(FRAMES + 1) * bands];
        let power = Left {
            numbers: &power,
            stride: TONES,
            rows: FRAMES,
            depth: TONES,
        };
        let filters = Right {
            lanes: &self.filters,
            stride: TONES,
        };
        product::multiply(power, filters, &[], (inner, bands), |_| ());
        let mut loudest = f32::NEG_INFINITY;
        for x in inner.iter_mut() {
            *x = x.max(1e-10).log10();
            loudest = loudest.max(*x);
        }
        for x in inner {
            *x = (x.max(loudest - 8.0) + 4.0) / 4.0;
        }
        spectrum
    }
}

/// The edges of the bands in hertz, evenly apart in mel from nothing to half the rate.
fn edges(bands: usize) -> Vec<f64> {
    let highest = mel(f64::from(RATE) / 2.0);
    let steps = (bands + 1) as f64;
    (0..bands + 2)
        .map(|at| hertz(highest * at as f64 / steps))
        .collect()
}

/// Slaney's scale: even up to 1000 Hz, then logarithmic.
fn mel(hertz: f64) -> f64 {
    match hertz < 1_000.0 {
        true => hertz * 3.0 / 200.0,
        false => 15.0 + (hertz / 1_000.0).ln() * 27.0 / 6.4f64.ln(),
    }
}

fn hertz(mel: f64) -> f64 {
    match mel < 15.0 {
        true => mel * 200.0 / 3.0,
        false => 1_000.0 * ((mel - 15.0) * 6.4f64.ln() / 27.0).exp(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_goes_both_ways_and_bands_have_known_edges() {
        for x in [0.0, 440.0, 1_000.0, 4_000.0, 8_000.0] {
            assert!((hertz(mel(x)) - x).abs() < 1e-6, "{x}");
        }
        // librosa.mel_frequencies(82, fmin=0, fmax=8000): 0, 37.24, …, 8000.
        let edges = edges(80);
        assert!((edges[1] - 37.238).abs() < 0.01, "{}", edges[1]);
        assert!((edges[81] - 8_000.0).abs() < 1e-6);
    }

    #[test]
    fn a_tone_is_loudest_in_its_own_band_and_silence_is_even() {
        let mel = Mel::new(80);
        let tone: Vec<f32> = (0..RATE)
            .map(|at| (f64::from(at) / f64::from(RATE) * 1_000.0 * std::f64::consts::TAU).sin())
            .map(|x| x as f32)
            .collect();
        let spectrum = mel.spectrum(&tone);
        assert_eq!(spectrum.len(), (FRAMES + 2) * 80);
        assert!(spectrum[..80].iter().all(|x| *x == 0.0));
        let row = &spectrum[51 * 80..][..80];
        let loudest = (0..80).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap();
        let edges = edges(80);
        assert!(
            edges[loudest] < 1_000.0 && edges[loudest + 2] > 1_000.0,
            "{loudest}"
        );
        let silence = mel.spectrum(&[0.0; 1_600]);
        let inner = &silence[80..80 * 81];
        assert!(inner.iter().all(|x| *x == inner[0]));
    }
}
