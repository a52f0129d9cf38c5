//! Cutting a long recording where nobody speaks: the model hears half a minute at a time, and no part that is silent,
//! since it makes words up for those.

use std::ops::Range;

use domain::sound::RATE;

/// What the model hears at a time, in numbers.
pub(super) const WINDOW: usize = 30 * RATE as usize;
/// A cut is looked for in the last part of a window, so long.
const LOOKED_AT: usize = 10 * RATE as usize;
/// How long a pause is measured.
const PAUSE: usize = RATE as usize * 3 / 10;
/// Shorter than this nothing is said.
const SHORTEST: usize = RATE as usize / 10;

/// No third of a second of speech is fainter on average: 54 dB below the loudest there is. Quiet speech into a
/// telephone is 10 dB above it, a room without a voice below.
const FAINTEST: f32 = 0.002;

/// The parts of a recording in which something is to be heard, each at most a window long.
pub(super) fn parts(samples: &[f32]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    while samples.len() - start > WINDOW {
        let end = quietest(samples, start + WINDOW - LOOKED_AT..start + WINDOW);
        parts.push(start..end);
        start = end;
    }
    if samples.len() - start >= SHORTEST {
        parts.push(start..samples.len());
    }
    parts.retain(|part| !is_silent(&samples[part.clone()]));
    parts
}

fn is_silent(samples: &[f32]) -> bool {
    let faint = |part: &[f32]| {
        let power: f32 = part.iter().map(|x| x * x).sum();
        power < FAINTEST * FAINTEST * part.len() as f32
    };
    samples.chunks(PAUSE).all(faint)
}

/// The middle of the quietest pause in a range.
fn quietest(samples: &[f32], range: Range<usize>) -> usize {
    let step = PAUSE / 3;
    let loudness = |at: usize| -> f32 { samples[at..at + PAUSE].iter().map(|x| x * x).sum() };
    let places = range.clone().step_by(step);
    let places = places.filter(|at| at + PAUSE <= range.end);
    let quietest = places.min_by(|a, b| loudness(*a).total_cmp(&loudness(*b)));
    quietest.map_or(range.end, |at| at + PAUSE / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_recording_is_cut_in_its_pauses_and_nothing_is_lost() {
        let second = RATE as usize;
        let mut samples = vec![0.5; 70 * second];
        // Somebody breathes at 24.0 and at 51.5 seconds.
        samples[24 * second..24 * second + second / 2].fill(0.001);
        samples[51 * second + second / 2..52 * second].fill(0.001);
        let parts = parts(&samples);
        let ends: Vec<usize> = parts.iter().map(|part| part.end * 10 / second).collect();
        assert_eq!(parts.len(), 3, "{ends:?}");
        assert!((240..=245).contains(&ends[0]), "{ends:?}");
        assert!((515..=520).contains(&ends[1]), "{ends:?}");
        assert_eq!(ends[2], 700);
        assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(parts.iter().all(|part| part.len() <= WINDOW));
    }

    #[test]
    fn silence_and_the_noise_of_a_room_are_not_heard_and_a_word_among_them_is() {
        let second = RATE as usize;
        let mut noise: Vec<f32> = (0..3 * second)
            .map(|at| if at % 2 == 0 { 0.001 } else { -0.001 })
            .collect();
        assert!(parts(&vec![0.0; 3 * second]).is_empty());
        assert!(parts(&noise).is_empty());
        noise[second..second + second / 3].fill(0.02);
        assert_eq!(parts(&noise), vec![0..3 * second]);
    }

    #[test]
    fn a_click_is_no_speech() {
        assert!(parts(&[0.1; 100]).is_empty());
        assert_eq!(parts(&vec![0.1; WINDOW]), vec![0..WINDOW]);
    }
}
